// The arrays of a trainer: what a model computes of a batch and its backward pass needs.
#ifndef MOTE_WORK_H
#define MOTE_WORK_H

#include "arena.h"
#include "model.h"

namespace mote {

// A range of what is cut into parts: rows, columns or times.
struct Range {
    uint32_t first, end;

    uint32_t size() const { return end - first; }
};

// How a step's work is cut: into parts that the caller may run on threads of its own. Each part has rows or columns to
// itself, so that who computes one changes no bit.
struct Parts {
    mote_parallel_fn run; // null: one part, on the thread of the call
    void *user;
    uint32_t count; // 1 … MOTE_MAX_PARTS
    uint64_t worth; // multiply-adds from which on a stage is cut
};

// Work of fewer multiply-adds is not cut. Two threads of this library's program broke even, a stage beside one alone,
// at about a million with AVX-512: 20 microseconds, of which waking takes half.
constexpr uint64_t kWorthCutting = 1000000;

#if defined(MOTE_WITHOUT_THREADS)

// f of all.
template <typename F> uint32_t each_part(const Parts &, uint32_t n, uint32_t, uint64_t, const F &f) {
    return f(Range{0, n});
}

#else

using PartFunction = uint32_t (*)(const void *work, Range range);
uint32_t run_parts(const Parts &parts, uint32_t n, uint32_t unit, PartFunction call, const void *work);

// f(range) for ranges that make up 0 … n, cut at multiples of `unit`; returns what they return, or'ed. `cost`: how many
// multiply-adds it is in all.
template <typename F> uint32_t each_part(const Parts &parts, uint32_t n, uint32_t unit, uint64_t cost, const F &f) {
    if (parts.run == nullptr || cost < parts.worth) return f(Range{0, n});
    return run_parts(
        parts, n, unit,
        [](const void *work, Range range) -> uint32_t { return (*static_cast<const F *>(work))(range); }, &f);
}

#endif

// R = B * T rows, row r = t * B + b; all in panels of 16 columns. A model has those that it names.
struct Work {
    uint32_t batch, time;
    float *hidden;   // RNN: [L][(T + 1) B][H], rows 0 … B-1 are the state before the batch; MLP: [L][R][H]
    float *logits;   // [R][V], then their gradients
    float *delta[2]; // [R][H]: gradients of a layer's outputs; the second only with L > 1
    float *input;    // what the first layer reads: RNN: [R][E]; MLP: [R][C E]
    float *input_delta;
    float *transposed; // the weights turned over, or null: then products go by their columns
    uint16_t *windows; // MLP: [R][C], the context of each prediction
    Parts parts;

    uint32_t rows() const { return batch * time; }
};

inline cpu::Mat matrix(float *data, size_t rows) { return {data, rows * cpu::kLanes}; }

// The tensor of an array in the order of the weights.
cpu::Mat tensor_of(float *array, const mote_config &config, Role role, uint32_t layer);
// The same, and all of it +0.
cpu::Mat zeroed_tensor(float *array, const mote_config &config, Role role, uint32_t layer);

inline uint32_t activate(const mote_config &c, cpu::Mat x, uint32_t rows) {
    return c.activation == MOTE_TANH ? cpu::tanh_rows(x, rows, c.hidden) : cpu::relu_rows(x, rows, c.hidden);
}

inline void activation_gradient(const mote_config &c, cpu::Mat d, cpu::ConstMat h, uint32_t rows) {
    if (c.activation == MOTE_TANH)
        cpu::tanh_gradient(d, h, rows, c.hidden);
    else
        cpu::relu_gradient(d, h, rows, c.hidden);
}

// Products with fewer rows turn the weights over on their way, in registers.
constexpr uint32_t kWorthTurning = 5;

// Hands out room for the weights turned over, in the order of their use.
struct Transposed {
    float *next; // null: none are made
    const Parts &parts;

    cpu::ConstMat take(cpu::ConstMat w, uint32_t rows, uint32_t columns);
};

// Gradients through a product: x = start + d w^T over m rows, w stored with k rows (its inputs) and n columns (its
// outputs). `rows`: how many it is used for in all; w is turned over where that many make it worth it.
struct Through {
    cpu::ConstMat w;
    bool turned;
    uint32_t inputs, outputs;

    Through(cpu::ConstMat weights, uint32_t k, uint32_t n, uint32_t rows, Transposed *transposed);
    void run(cpu::Mat x, cpu::ConstMat d, uint32_t m, cpu::Start start) const;
};

// Gradients, which pass flush(); what it found is returned. Sums over m rows that are cut by columns of the result, or
// by its rows: c = a^T b, out = column sums of a.
uint32_t product_gradients(const Parts &parts, cpu::Mat c, cpu::ConstMat a, cpu::ConstMat b, cpu::Shape s);
uint32_t bias_gradients(const Parts &parts, float *out, cpu::ConstMat a, uint32_t m, uint32_t n);

// From the gradients of the logits: those of the output's weights; and of the last layer's outputs, in delta[0].
uint32_t output_gradients(const mote_model &model, const Work &work, cpu::ConstMat top, float *gradients);
void output_delta(const mote_model &model, const Work &work, Transposed *turned);
// logits = b_out + W_out top
void output_forward(const mote_model &model, cpu::Mat logits, cpu::ConstMat top, uint32_t rows);
// The same for all rows of a batch.
void batch_output(const mote_model &model, const Work &work, cpu::ConstMat top);

} // namespace mote

#endif
