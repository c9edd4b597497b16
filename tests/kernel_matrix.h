/* What the tests of kernels share: matrices in panels with canaries around them, and the instruction sets in turn. */
#ifndef MOTE_TESTS_KERNEL_MATRIX_H
#define MOTE_TESTS_KERNEL_MATRIX_H

#include "kernels.h"
#include "support.h"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

namespace mote_test {

inline constexpr float canary = 12345.0f;

/* A matrix in panels with one row of canaries before and two behind, as a slice of a larger one is. */
class Matrix {
  public:
    Matrix(uint32_t rows, uint32_t columns)
        : rows_(rows), columns_(columns), panel_((rows + 3) * size_t{16}), floats_((columns + 15) / 16 * panel_) {
        for (size_t i = 0; i < floats_.size(); ++i) floats_[i] = spare(i) ? canary : 0.0f;
    }
    Matrix(uint32_t rows, uint32_t columns, Random &random) : Matrix(rows, columns) {
        for (uint32_t r = 0; r < rows; ++r)
            for (uint32_t c = 0; c < columns; ++c) at(r, c) = random.below(8) == 0 ? 0.0f : random.weight(2);
    }

    float &at(uint32_t r, uint32_t c) { return floats_[c / 16 * panel_ + (r + 1) * size_t{16} + c % 16]; }
    float at(uint32_t r, uint32_t c) const { return floats_[c / 16 * panel_ + (r + 1) * size_t{16} + c % 16]; }
    mote::cpu::Mat mat() { return {floats_.data() + 16, panel_}; }
    mote::cpu::ConstMat mat() const { return {floats_.data() + 16, panel_}; }
    uint32_t rows() const { return rows_; }
    uint32_t columns() const { return columns_; }
    const Floats &floats() const { return floats_; }

    /* Nothing outside the rows was touched, and padding is +0. */
    bool clean() const {
        for (size_t i = 0; i < floats_.size(); ++i) {
            const bool padding = i / panel_ * 16 + i % 16 >= columns_;
            if (spare(i) ? floats_[i] != canary : padding && bits(floats_[i]) != 0) return false;
        }
        return true;
    }

  private:
    bool spare(size_t i) const {
        const size_t row = i % panel_ / 16;
        return row == 0 || row > rows_;
    }
    uint32_t rows_, columns_;
    size_t panel_;
    Floats floats_;
};

inline bool same(const Matrix &a, const Matrix &b) {
    return same_bits(a.floats().data(), b.floats().data(), a.floats().size());
}

/* The instruction sets of this machine, asked for once: the answer takes an instruction that a hypervisor traps. */
inline const std::vector<const char *> &isas() {
    static const std::vector<const char *> found = [] {
        std::vector<const char *> names;
        for (uint32_t i = 0; mote_isa_at(i) != nullptr; ++i) names.push_back(mote_isa_at(i));
        return names;
    }();
    return found;
}

/* Runs `kernel` on a copy of `start` on each instruction set; each must give exactly `wanted`. Returns how many did
 * not. */
inline size_t differing(const Matrix &start, const Matrix &wanted, const std::function<void(Matrix &)> &kernel) {
    size_t count = 0;
    for (const char *const isa : isas()) {
        REQUIRE(mote_isa_force(isa) == MOTE_OK);
        Matrix c = start;
        kernel(c);
        count += !same(c, wanted) || !c.clean();
    }
    return count;
}

/* exp and tanh of 16 floats, by the kernels that compute them. */
inline void exp16(float *x) { mote::cpu::draw_weights(x, x, 16, 0.0f, 1.0f); }
inline void tanh16(float *x) { mote::cpu::tanh_rows({x, 16}, 1, 16); }

/* The logistic function of 16 floats, as the reset gate has it. */
inline void sigmoid16(float *x) {
    alignas(64) float sums[64] = {}, before[16] = {}, h[16];
    for (uint32_t i = 0; i < 16; ++i) sums[16 + i] = x[i];
    mote::cpu::gates({h, 16}, {sums, 16}, {before, 16}, 1, 16);
    for (uint32_t i = 0; i < 16; ++i) x[i] = sums[16 + i];
}

/* Puts back the instruction set that was active. */
class KeepIsa {
  public:
    KeepIsa() : name_(mote_isa()) {}
    ~KeepIsa() { mote_isa_force(name_.c_str()); }
    KeepIsa(const KeepIsa &) = delete;
    KeepIsa &operator=(const KeepIsa &) = delete;

  private:
    std::string name_;
};

/* 1 to 40: every remainder of a panel and of a vector. */
inline std::vector<uint32_t> all_remainders() {
    std::vector<uint32_t> sizes;
    for (uint32_t n = 1; n <= 40; ++n) sizes.push_back(n);
    return sizes;
}

/* What is below `least` in magnitude becomes +0. */
inline float flushed(float x, float least = quantum) { return std::fabs(x) < least ? 0.0f : x; }

/* What a layer does with the sums of its only row. */
inline uint32_t activate(mote::cpu::Activation activation, Matrix &y) {
    if (activation == mote::cpu::kTanh) return mote::cpu::tanh_rows(y.mat(), 1, y.columns());
    if (activation == mote::cpu::kRelu) return mote::cpu::relu_rows(y.mat(), 1, y.columns());
    return mote::cpu::flush_denormals(y.mat(), y.columns());
}

} // namespace mote_test

#endif
