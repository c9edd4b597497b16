/* What a model with weights of integers is to compute, in plain C++ and one number at a time. */
#pragma once

#include "kernel_matrix.h"
#include "kernels.h"

#include <doctest/doctest.h>

#include <cmath>

namespace mote_test {

inline mote_tensor tensor_at(const mote_model *model, uint32_t role, uint32_t layer, uint32_t place = 0) {
    mote_tensor tensor{};
    for (uint32_t i = 0; mote_model_tensor(model, i, &tensor) == MOTE_OK; ++i)
        if (tensor.role == role && tensor.layer == layer && place-- == 0) return tensor;
    FAIL("there is no such tensor");
    return tensor;
}

inline const float *floats_of(const mote_tensor &tensor) { return static_cast<const float *>(tensor.data); }

/* A matrix of integers read as mote.h says that it lies. */
struct IntegerMatrix {
    explicit IntegerMatrix(const mote_tensor &t)
        : bytes(static_cast<const signed char *>(t.data)), scales(floats_of(t)), is_int4(t.type == MOTE_TYPE_I4) {
        const bool transposed = t.layout == MOTE_LAYOUT_INT8_OUT_IN || t.layout == MOTE_LAYOUT_INT4_OUT_IN;
        inputs = t.shape[transposed ? 1 : 0];
        outputs = t.shape[transposed ? 0 : 1];
        panel = 64 + (is_int4 ? group_bytes() + 64 * ((inputs + 7) / 8) : 64 * ((inputs + 3) / 4));
    }
    size_t group_bytes() const { return (inputs + size_t{63}) / 64 * 16; }
    /* Of 4 bits: of the weight alone, and of its group. */
    int weight(uint32_t output, uint32_t input) const {
        const size_t at = output / 16 * panel + 64;
        if (!is_int4) return bytes[at + input / 4 * 64 + output % 16 * 4 + input % 4];
        return half(at + group_bytes() + input / 8 * 64 + output % 16 * 4 + input % 4, input % 8 >= 4) - 8;
    }
    int group(uint32_t output, uint32_t input) const {
        return half(output / 16 * panel + 64 + input / 32 * 8 + output % 8, output % 16 >= 8);
    }
    int integer(uint32_t output, uint32_t input) const {
        return weight(output, input) * (is_int4 ? group(output, input) : 1);
    }
    float scale(uint32_t output) const { return scales[size_t{output} / 16 * (panel / 4) + output % 16]; }

    const signed char *bytes;
    const float *scales;
    bool is_int4;
    uint32_t inputs, outputs;
    size_t panel;

  private:
    int half(size_t byte, bool high) const {
        const unsigned value = static_cast<unsigned char>(bytes[byte]);
        return static_cast<int>(high ? value >> 4 : value & 15);
    }
};

inline int int8_of_embedding(const mote_tensor &table, uint32_t token, uint32_t i) {
    return static_cast<const signed char *>(table.data)[token * MOTE_SZ_PAD(table.shape[1]) + i];
}

/* A row of integers times a scale. */
struct IntegerRow {
    std::vector<int> integers;
    float scale;
};

/* One stream of a model, as mote.h states it: exact sums, and one fused multiply-add for each. */
class Reference {
  public:
    Reference(const mote_model *model, const mote_config &config) : model_(model), c_(config) {
        for (uint32_t l = 0; l < c_.layers; ++l) hidden_.emplace_back(MOTE_SZ_PAD(c_.hidden));
    }

    std::vector<float> step(uint16_t token) {
        if (c_.layers == 0) {
            std::vector<float> sums(c_.vocab);
            add_row(sums, tensor_at(model_, MOTE_ROLE_TABLE, 0), token);
            return sums;
        }
        IntegerRow x = read(token);
        for (uint32_t l = 0; l < c_.layers; ++l) {
            if (c_.cell == MOTE_CELL_GATED)
                gated(l, x, token);
            else
                plain(l, x, token);
            x = quantized(l);
        }
        std::vector<float> logits = bias(MOTE_ROLE_OUTPUT_BIAS, 0);
        add(logits, tensor_at(model_, MOTE_ROLE_OUTPUT, 0), x);
        return logits;
    }

  private:
    float scale(uint32_t index) const { return floats_of(tensor_at(model_, MOTE_ROLE_SCALES, 0))[index]; }
    IntegerRow read(uint16_t token) {
        IntegerRow x{{}, scale(0)};
        if (c_.embed == 0) return x;
        const mote_tensor table = tensor_at(model_, MOTE_ROLE_EMBEDDING, 0);
        window_.push_back(token);
        const size_t context = c_.context != 0 ? c_.context : 1;
        for (size_t i = 0; i < context; ++i) {
            const size_t at = window_.size() + i;
            for (uint32_t k = 0; k < c_.embed; ++k)
                x.integers.push_back(int8_of_embedding(table, at >= context ? window_[at - context] : 0u, k));
        }
        return x;
    }
    IntegerRow quantized(uint32_t layer) const {
        IntegerRow x{{}, scale(layer + 1)};
        for (uint32_t i = 0; i < c_.hidden; ++i) {
            const float steps = std::nearbyint(hidden_[layer][i] * (1.0f / x.scale));
            x.integers.push_back(static_cast<int>(std::fmin(std::fmax(steps, -127.0f), 127.0f)));
        }
        return x;
    }
    std::vector<float> bias(uint32_t role, uint32_t layer, uint32_t place = 0) const {
        const mote_tensor tensor = tensor_at(model_, role, layer, place);
        return {floats_of(tensor), floats_of(tensor) + tensor.shape[0]};
    }
    static void add(std::vector<float> &sums, const mote_tensor &tensor, const IntegerRow &x) {
        const IntegerMatrix w(tensor);
        for (uint32_t o = 0; o < w.outputs; ++o) {
            int64_t sum = 0;
            for (uint32_t i = 0; i < w.inputs; ++i) sum += int64_t{w.integer(o, i)} * x.integers[i];
            const float scale = w.scale(o) * x.scale;
            sums[o] = std::fmaf(static_cast<float>(sum), scale, sums[o]);
        }
    }
    static void add_row(std::vector<float> &sums, const mote_tensor &tensor, uint32_t token) {
        const IntegerMatrix w(tensor);
        for (uint32_t o = 0; o < w.outputs; ++o)
            sums[o] = std::fmaf(static_cast<float>(w.integer(o, token)), w.scale(o), sums[o]);
    }
    void add_input(std::vector<float> &sums, const mote_tensor &tensor, const IntegerRow &x, uint32_t layer,
                   uint16_t token) const {
        if (layer == 0 && c_.embed == 0)
            add_row(sums, tensor, token);
        else
            add(sums, tensor, x);
    }
    void plain(uint32_t l, const IntegerRow &x, uint16_t token) {
        std::vector<float> sums = bias(MOTE_ROLE_BIAS, l);
        add_input(sums, tensor_at(model_, MOTE_ROLE_INPUT, l), x, l, token);
        if (carries(c_)) add(sums, tensor_at(model_, MOTE_ROLE_RECURRENT, l), quantized(l));
        Matrix row(1, c_.hidden);
        for (uint32_t i = 0; i < c_.hidden; ++i) row.at(0, i) = sums[i];
        if (c_.activation == MOTE_TANH)
            mote::cpu::tanh_rows(row.mat(), 1, c_.hidden);
        else
            mote::cpu::relu_rows(row.mat(), 1, c_.hidden);
        for (uint32_t i = 0; i < c_.hidden; ++i) hidden_[l][i] = row.at(0, i);
    }
    void gated(uint32_t l, const IntegerRow &x, uint16_t token) {
        const size_t width = static_cast<size_t>(MOTE_SZ_PAD(c_.hidden));
        const IntegerRow before = quantized(l);
        Floats sums(4 * width), next(width), now(hidden_[l].data(), width);
        const auto put = [&](size_t block, const std::vector<float> &values) {
            for (size_t i = 0; i < values.size(); ++i) sums[block * width + i] = values[i];
        };
        for (uint32_t gate = 0; gate < 3; ++gate) { /* the candidate's input, reset, update */
            std::vector<float> sum = bias(MOTE_ROLE_BIAS, l, gate);
            add_input(sum, tensor_at(model_, MOTE_ROLE_INPUT, l, gate), x, l, token);
            if (gate != 0) add(sum, tensor_at(model_, MOTE_ROLE_RECURRENT, l, gate - 1), before);
            put(gate, sum);
        }
        std::vector<float> state = bias(MOTE_ROLE_BIAS, l, 3);
        add(state, tensor_at(model_, MOTE_ROLE_RECURRENT, l, 2), before);
        put(3, state);
        mote::cpu::gates({next.data(), 16}, {sums.data(), 16}, {now.data(), 16}, 1, c_.hidden);
        for (size_t i = 0; i < width; ++i) hidden_[l][i] = next[i];
    }

    const mote_model *model_;
    mote_config c_;
    std::vector<std::vector<float>> hidden_;
    std::vector<uint16_t> window_;
};

} // namespace mote_test
