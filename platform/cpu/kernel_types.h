// The types and limits that kernels and their callers share.
//
// Unless said otherwise: counts of floats are multiples of 16, pointers are aligned to 64 bytes, columns past n are
// padding that holds +0 and is left holding +0.
#ifndef MOTE_KERNEL_TYPES_H
#define MOTE_KERNEL_TYPES_H

#include "port.h"

namespace mote::cpu {

constexpr uint32_t kLanes = 16; // virtual lanes, and columns of a panel, on every target

// A matrix in panels of 16 columns: element (r, c) is data[c / 16 * panel + r * 16 + c % 16]. A slice of rows is the
// same matrix with data moved on by 16 floats a row.
struct ConstMat {
    const float *data;
    size_t panel; // floats from one panel to the next
    // Inlined even without optimization: a copy shared by files for different instruction sets could be the wrong
    // one's.
    __attribute__((always_inline)) ConstMat row(size_t r) const { return {data + r * kLanes, panel}; }
};
struct Mat {
    float *data;
    size_t panel;
    __attribute__((always_inline)) operator ConstMat() const { return {data, panel}; }
    __attribute__((always_inline)) Mat row(size_t r) const { return {data + r * kLanes, panel}; }
};

// A product of at least 32 summed elements is the sum of several chains: one for each stretch of them, so many that
// none is longer than 128, and at least two; all stretches but the last have the depth that this returns, a multiple
// of 16. Shorter chains leave a processor more to do at once, and a stretch of a matrix is what stays in a first-level
// cache.
MOTE_INLINE constexpr uint32_t stretches_of(uint32_t k) { return k < 32 ? 1 : k <= 256 ? 2 : (k + 127) / 128; }
MOTE_INLINE constexpr uint32_t stretch_depth(uint32_t k) {
    return k < 32 ? k : (k + 16 * stretches_of(k) - 1) / (16 * stretches_of(k)) * 16;
}

struct Shape {
    uint32_t m, n, k; // k >= 1
};

// The initial value of the chains of a product: what c holds; or, where c is overwritten, a bias for each column, or
// +0.
struct Init {
    bool overwrite;
    bool backwards;    // vectors take the last columns of few rows first; all the same otherwise
    const float *bias; // may be null
    __attribute__((always_inline)) Init at(uint32_t panel) const {
        return {overwrite, backwards, bias != nullptr ? bias + panel * kLanes : nullptr};
    }
};
constexpr Init kAccumulate{false, false, nullptr}, kFromZero{true, false, nullptr};
MOTE_INLINE constexpr Init from_bias(const float *bias) { return {true, false, bias}; } // null: +0

// A row of k numbers and the matrix that they go through. k may be 0.
struct RowProduct {
    ConstMat x, w;
    uint32_t k;
};

// What is done to the sums of a row before they are stored: tanh_rows(), relu_rows(), or flush_denormals().
enum Activation : uint16_t { kLinear, kTanh, kRelu };
#if defined(MOTE_WITHOUT_RELU) // for a model that has none
constexpr bool kHasRelu = false;
#else
constexpr bool kHasRelu = true;
#endif

// The longest product of gated_row(). Of a character of a network of 64 units it takes 0.93 of the time of row_step()
// and gates() with AVX2 and 0.97 with AVX-512, of 128 units 0.98, of 256 1.02 and 1.01: what counts then is how weights
// come from a second-level cache.
constexpr uint32_t kLongestGated = 128;

// The x of a product that adds the only row of w.
constexpr float kOne = 1.0f;

// A layer of one row: n outputs, each the bias and the products in turn, and the activation of that.
struct RowStep {
    const float *bias; // null: +0; the row's own data: what it holds
    RowProduct products[2];
    uint32_t n;
    Activation activation;
    bool backwards; // vectors take the last columns first; all the same otherwise
};

// Products of small integers: a weight and an activation are -127 … 127 each, times a scale. The sum over k of their
// products is exact in 32 bits, so that its order is free; the longest one that cannot overflow is this long.
constexpr uint32_t kMostQuantInputs = 133144;
static_assert(int64_t{kMostQuantInputs} * 127 * 127 <= INT32_MAX && //
                  int64_t{kMostQuantInputs + 1} * 127 * 127 > INT32_MAX,
              "a sum of k products of -127 … 127 fits into an int32");

// The bytes of a row of k of them: zeros follow it, so that vectors of 16 may be read.
MOTE_INLINE constexpr uint32_t quant_row_bytes(uint32_t k) { return (k + 15) / 16 * 16; }

// A matrix of such weights with k inputs, aligned to 16 bytes, is panels of 16 outputs: 16 float32, the outputs'
// scales, and then the weights of each four inputs, 64 bytes, the four of an output side by side. Inputs past k and
// outputs past the last one have weights and scales of +0. So a matrix behind another is one with more outputs. The
// bytes from one panel to the next:
MOTE_INLINE constexpr size_t quant_panel_bytes(uint32_t k) {
    return (k + size_t{3}) / 4 * (4 * kLanes) + kLanes * sizeof(float);
}

// The weights of four inputs and a panel's outputs.
constexpr uint32_t kQuadBytes = 4 * kLanes;

// Weights of 4 bits: -7 … 7, times an integer of 1 … 15 that 32 inputs of an output share, times the output's scale.
// The sum of a group of 32 fits into 16 bits, and that of all groups, each times its integer, into 32.
constexpr uint32_t kQuant4Group = 32;
static_assert(kQuant4Group * 7 * 127 <= INT16_MAX && int64_t{kMostQuantInputs} * 127 * 7 * 15 <= INT32_MAX,
              "a group's sum fits into an int16, and that of all groups into an int32");

// A panel of them: 16 float32, the outputs' scales; the groups' integers, 8 bytes for each group, output i in the low
// half of byte i and output 8 + i in the high one, and zeros up to a multiple of 16 bytes; then the weights of each
// eight inputs, 64 bytes, the eight of an output side by side: in byte i of four input i in the low half and input 4 +
// i in the high one, each with 8 more than it is. Inputs past k are 0, and outputs past the last one have scales of +0.
MOTE_INLINE constexpr size_t quant4_group_bytes(uint32_t k) { return (k + size_t{63}) / 64 * 16; }
MOTE_INLINE constexpr size_t quant4_panel_bytes(uint32_t k) {
    return kLanes * sizeof(float) + quant4_group_bytes(k) + (k + size_t{7}) / 8 * kQuadBytes;
}

// A row of k small integers times `scale`, and the matrix that it goes through; or, where x is null, the row of the
// matrix that a one-hot input chooses, with a scale of 1. k may be 0; then nothing is looked at.
struct QuantProduct {
    const int8_t *x; // quant_row_bytes(k)
    const int8_t *w; // the first panel
    uint32_t k;
    uint32_t row; // where x is null
    float scale;
};

// A layer of one row as RowStep has it, of one product or two.
struct QuantStep {
    const float *bias; // null: +0; the row's own data: what it holds
    QuantProduct products[2];
    uint32_t n;
    Activation activation;
    bool backwards;
};

// One value of every `stride`-th token: the tokens of one time step of a batch.
struct Tokens {
    const uint16_t *first;
    size_t stride;
};

// A row of a batch whose logits are row `token` of a table.
struct TableRow {
    uint32_t token;
    float target;   // a column of the table; a float, to be compared by vectors
    float gradient; // of the logit of the target
    float loss;
};

// What is done to weights while their gradients are at hand: these are clipped, and the optimizer's update follows.
struct Update {
    const float *gradients; // the arrays: gradients, weights and moments in the same order
    float *weights, *moments;
    float limit; // of a gradient's magnitude; kLargest: none is larger
    float learning_rate, eps;
};

struct AdamW {
    float step_size;  // learning rate / (1 - beta1^t)
    float root_scale; // 1 / sqrt(1 - beta2^t)
    float beta1, beta2, eps;
    float keep; // 1 - learning rate * weight decay
};

// What flush() and the kernels that flush tell of the numbers that they met.
constexpr uint32_t kNotFinite = 1, kTooLarge = 2;

constexpr float kQuantum = 0x1p-40f;        // the least magnitude of a stored number that is not +0
constexpr float kMomentQuantum = 0x1p-100f; // of a moment or a running product
constexpr float kLargest = 0x1p40f;         // the largest gradient that an optimizer is given
constexpr float kMaxFloat = 0x1.fffffep127f;
constexpr float kExpFloor = -87.0f; // exp below it is +0

} // namespace mote::cpu

#endif
