// A linear layer, y = W x + b: forward, and the gradients of its weights and inputs. This is the one place that picks a
// kernel by the form of the input and the type of the weights.
#ifndef MOTE_LINEAR_H
#define MOTE_LINEAR_H

#include "batch.h"

namespace mote {

struct Linear {
    cpu::ConstMat weights; // rows: inputs, columns: outputs
    const float *bias;     // null: none
    uint32_t inputs, outputs;
};

// The products of a one-hot input, a part that a program may leave out: of each row only the one is looked at.
struct OneHotProducts {
    void (*forward)(Batch &b, cpu::Mat y, cpu::ConstMat weights, const float *bias, uint32_t outputs);
    uint32_t (*gradient)(Batch &b, cpu::Mat gradient, cpu::Mat delta, uint32_t outputs);
};

// What a linear layer reads of a batch.
struct BatchInput {
    cpu::ConstMat x;               // [R][width]
    uint32_t width;                // 0: the batch's tokens, as one-hot vectors,
    const OneHotProducts *one_hot; // whose products these are
};

// All rows of a batch.
void linear_forward(const Linear &layer, Batch &b, cpu::Mat y, const BatchInput &x);
// The gradient of the weights, from that of y; the sums pass flush(), and what it found is returned. Where the batch
// updates at once, the weights are updated instead.
uint32_t weight_gradient(Batch &b, cpu::Mat gradient, const BatchInput &x, cpu::Mat delta, uint32_t outputs);
// The same where x is rows of numbers.
uint32_t product_gradient(Batch &b, cpu::Mat gradient, cpu::ConstMat x, cpu::Mat delta, uint32_t inputs,
                          uint32_t outputs);
// And of the bias.
uint32_t bias_gradient(Batch &b, float *gradient, cpu::Mat delta, uint32_t outputs);

// Hands out room for transposed weights, in the order of their use.
struct TransposedWeights {
    float *next; // null: none are made
    WorkSplit &split;

    cpu::ConstMat transpose(cpu::ConstMat w, uint32_t rows, uint32_t columns);
};

// Gradients of the inputs of a product, dx = init + dy W, W stored with k rows (its inputs) and n columns (its
// outputs). `rows`: how many it is used for in all; W is transposed where that many make it worth it.
struct InputGradient {
    cpu::ConstMat w;
    bool transposed;
    uint32_t inputs, outputs;

    InputGradient(cpu::ConstMat weights, uint32_t k, uint32_t n, uint32_t rows, TransposedWeights *room);
    void run(cpu::Mat dx, cpu::ConstMat dy, uint32_t m, cpu::Init start) const;
    // Adds to dx. Every other time step begins with the weights that the last one ended with, which a cache may hold.
    void add_through_time(cpu::Mat dx, cpu::ConstMat dy, uint32_t m, uint32_t t) const {
        run(dx, dy, m, {false, t % 2 != 0, nullptr});
    }
};
// Products with fewer rows transpose the weights on their way, in registers.
constexpr uint32_t kMinTransposedRows = 5;
inline bool transposes(uint32_t rows, const TransposedWeights &room) {
    return cpu::kTransposedIsFaster && room.next != nullptr && rows >= kMinTransposedRows;
}
// All rows of a batch: by rows, which tasks share, or without tasks by blocks of transposed weights.
void gradient_by_rows(Batch &b, const Linear &layer, cpu::Mat dx, cpu::ConstMat dy, TransposedWeights *room);
void gradient_by_blocks(Batch &b, const Linear &layer, cpu::Mat dx, cpu::ConstMat dy, TransposedWeights *room);
MOTE_INLINE void input_gradient(Batch &b, const Linear &layer, cpu::Mat dx, cpu::ConstMat dy, TransposedWeights *room) {
    if (b.split.run == nullptr && transposes(b.rows(), *room)) return gradient_by_blocks(b, layer, dx, dy, room);
    gradient_by_rows(b, layer, dx, dy, room);
}

} // namespace mote

#endif
