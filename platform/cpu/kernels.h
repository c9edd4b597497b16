// The only door from lib/ to the arithmetic: matrices in panels, and what is computed on them.
//
// Every kernel is written once, in kernels.inl.h, and compiled once for each instruction set, each in a namespace of
// its own. Where one instruction set is compiled (MOTE_SINGLE_ISA is its name, as on a microcontroller) the calls go
// straight to it; elsewhere they go through a table that dispatch.cpp chooses once.
//
// Unless said otherwise: counts of floats are multiples of 16, pointers are aligned to 64 bytes, columns past n are
// padding that holds +0 and is left holding +0.
#ifndef MOTE_KERNELS_H
#define MOTE_KERNELS_H

#include "port.h"

namespace mote::cpu {

constexpr uint32_t kLanes = 16; // virtual lanes, and columns of a panel, on every target

// Whether a product by weights that are turned over beforehand is faster: one of vectors.
#if defined(MOTE_SINGLE_ISA) && !defined(__SSE2__) && !defined(__ARM_NEON)
constexpr bool kTurning = false;
#else
constexpr bool kTurning = true;
#endif

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

struct Shape {
    uint32_t m, n, k; // k >= 1
};

// What the chains of a product begin with: what c holds, or afresh with a bias for each column, or +0.
struct Start {
    bool fresh;
    const float *bias; // where it is not null
    __attribute__((always_inline)) Start at(uint32_t panel) const {
        return {fresh, bias != nullptr ? bias + panel * kLanes : nullptr};
    }
};
constexpr Start kOnTop{false, nullptr}, kFromZero{true, nullptr};

// One value of every `stride`-th token: the tokens of one time step of a batch.
struct Tokens {
    const uint16_t *first;
    size_t stride;
};

struct AdamW {
    float step_size;  // rate / (1 - beta1^t)
    float root_scale; // 1 / sqrt(1 - beta2^t)
    float beta1, beta2, eps;
    float keep; // 1 - rate * decay
};

// What flush() found.
constexpr uint32_t kNotFinite = 1, kTooLarge = 2;

constexpr float kQuantum = 0x1p-40f;        // the least magnitude of a stored number that is not +0
constexpr float kMomentQuantum = 0x1p-100f; // of a moment or a running product
constexpr float kLargest = 0x1p40f;         // the largest gradient that an optimizer is given
constexpr float kMaxFloat = 0x1.fffffep127f;
constexpr float kExpFloor = -87.0f; // exp below it is +0

// X(result, name, parameters, arguments)
#define MOTE_KERNELS(X)                                                                                                \
    /* c[m][n] = start + a[m][k] b[k][n]: each c is a chain, k ascending. */                                           \
    X(void, gemm, (Mat c, ConstMat a, ConstMat b, const Shape &s, const Start &start), (c, a, b, s, start))            \
    /* c[m][n] = start + sum over r < k, ascending, of a[r][m] b[r][n]: gradients of weights; the sums pass flush().   \
     */                                                                                                                \
    X(uint32_t, gemm_tn, (Mat c, ConstMat a, ConstMat b, const Shape &s, const Start &start), (c, a, b, s, start))     \
    /* c[m][n] = start + sum over j < k, ascending, of a[m][j] b[n][j]: gemm by the transpose of b, without a copy. */ \
    X(void, gemm_nt, (Mat c, ConstMat a, ConstMat b, const Shape &s, const Start &start), (c, a, b, s, start))         \
    /* t[k][m] = b[m][k], padding of t to +0. */                                                                       \
    X(void, transpose, (Mat t, ConstMat b, uint32_t m, uint32_t k), (t, b, m, k))                                      \
    /* c[r] = table[token r] (+ bias where it is not null): one-hot input, or an embedding. */                         \
    X(void, gather, (Mat c, const float *bias, ConstMat table, Tokens t, uint32_t m, uint32_t n),                      \
      (c, bias, table, t, m, n))                                                                                       \
    /* table[token r] += a[r], r ascending. */                                                                         \
    X(void, scatter_add, (Mat table, ConstMat a, Tokens t, uint32_t m, uint32_t n), (table, a, t, m, n))               \
    /* c[r][j e + i] = table[windows[r][j]][i], j < context, i < e: embedded contexts side by side. */                 \
    X(void, gather_windows,                                                                                            \
      (Mat c, ConstMat table, const uint16_t *windows, uint32_t m, uint32_t context, uint32_t e),                      \
      (c, table, windows, m, context, e))                                                                              \
    /* table[windows[r][j]][i] += a[r][j e + i], r, then j ascending. */                                               \
    X(void, scatter_windows,                                                                                           \
      (Mat table, ConstMat a, const uint16_t *windows, uint32_t m, uint32_t context, uint32_t e),                      \
      (table, a, windows, m, context, e))                                                                              \
    /* out[c] = sum over r < m, ascending, of a[r][c]; the sums pass flush(). */                                       \
    X(uint32_t, column_sum, (float *out, ConstMat a, uint32_t m, uint32_t n), (out, a, m, n))                          \
    /* c = tanh(c), c = max(c, 0); not 0 where a c is NaN or infinite. */                                              \
    X(uint32_t, tanh_rows, (Mat c, uint32_t m, uint32_t n), (c, m, n))                                                 \
    X(uint32_t, relu_rows, (Mat c, uint32_t m, uint32_t n), (c, m, n))                                                 \
    /* d *= 1 - h^2; d = h > 0 ? d : 0: from the gradient of an activation's output to that of its input. */           \
    X(void, tanh_gradient, (Mat d, ConstMat h, uint32_t m, uint32_t n), (d, h, m, n))                                  \
    X(void, relu_gradient, (Mat d, ConstMat h, uint32_t m, uint32_t n), (d, h, m, n))                                  \
    /* Logits of m rows to their gradients, (softmax - onehot) * scale; row r adds its nats to nats[(first + r) % 16]. \
     * A target of 0xffff: a row of +0. Not 0 where a logit is NaN or infinite. */                                     \
    X(uint32_t, cross_entropy,                                                                                         \
      (Mat logits, uint32_t m, uint32_t n, Tokens targets, float scale, float *nats, uint32_t first),                  \
      (logits, m, n, targets, scale, nats, first))                                                                     \
    /* -ln softmax(logits)[target] of one row; `logits` need not be padded. Not 0 where one is NaN or infinite. */     \
    X(uint32_t, surprise, (const float *logits, uint32_t n, uint32_t target, float *nats), (logits, n, target, nats))  \
    /* Denormals of one row to +0: weights that never were in a blob can make some. Not 0 where one is NaN or          \
     * infinite. */                                                                                                    \
    X(uint32_t, settle, (Mat c, uint32_t n), (c, n))                                                                   \
    /* Not 0 where one of n floats (any n, any alignment) is NaN or infinite. */                                       \
    X(uint32_t, not_finite, (const float *x, uint32_t n), (x, n))                                                      \
    /* x[i] = exp((logits[i] - max) / temperature), +0 below kExpFloor, for i < n <= 16; x has room for 16, `logits`   \
     * need not be aligned. */                                                                                         \
    X(void, draw_weights, (float *x, const float *logits, uint32_t n, float max, float temperature),                   \
      (x, logits, n, max, temperature))                                                                                \
    /* x = exp(x) for 16 floats, x <= 88; below kExpFloor: +0. */                                                      \
    X(void, exp16, (float *x), (x))                                                                                    \
    X(void, tanh16, (float *x), (x))                                                                                   \
    /* Natural logarithm of a positive finite normal number; cos(pi x) for x in 0 … 1; the rounded square root. */   \
    X(float, log1, (float x), (x))                                                                                     \
    X(float, cos_pi, (float x), (x))                                                                                   \
    X(float, sqrt1, (float x), (x))                                                                                    \
    /* Numbers below kQuantum to +0; kNotFinite, kTooLarge (above kLargest) where some are. */                         \
    X(uint32_t, flush, (float *x, size_t count), (x, count))                                                           \
    /* Blocks of 1024 in 16 lanes and an 8-4-2-1 tree each, the blocks' sums in order. */                              \
    X(float, sum_squares, (const float *x, size_t count), (x, count))                                                  \
    X(void, scale, (float *x, size_t count, float factor), (x, count, factor))                                         \
    X(void, clip, (float *x, size_t count, float limit), (x, count, limit))                                            \
    X(void, sgd, (float *w, const float *g, size_t count, float rate), (w, g, count, rate))                            \
    X(void, momentum, (float *w, const float *g, float *m, size_t count, float rate, float mu),                        \
      (w, g, m, count, rate, mu))                                                                                      \
    X(void, adagrad, (float *w, const float *g, float *s, size_t count, float rate, float eps),                        \
      (w, g, s, count, rate, eps))                                                                                     \
    X(void, adamw, (float *w, const float *g, float *m, float *v, size_t count, const AdamW &p), (w, g, m, v, count, p))

#define MOTE_DECLARE(result, name, parameters, arguments) result name parameters;

namespace portable {
MOTE_KERNELS(MOTE_DECLARE)
}
namespace avx2 {
MOTE_KERNELS(MOTE_DECLARE)
}
namespace avx512 {
MOTE_KERNELS(MOTE_DECLARE)
}
namespace neon {
MOTE_KERNELS(MOTE_DECLARE)
}
#undef MOTE_DECLARE

#if defined(MOTE_SINGLE_ISA)

using namespace MOTE_SINGLE_ISA;

#define MOTE_QUOTE(name) #name
#define MOTE_NAME(name) MOTE_QUOTE(name)
MOTE_INLINE const char *isa_at(uint32_t index) { return index == 0 ? MOTE_NAME(MOTE_SINGLE_ISA) : nullptr; }
#undef MOTE_NAME
#undef MOTE_QUOTE
MOTE_INLINE const char *isa_name() { return isa_at(0); }
MOTE_INLINE bool isa_force(const char *name) {
    const char *mine = isa_name();
    while (*name != 0 && *name == *mine) ++name, ++mine;
    return *name == *mine;
}

#else

struct KernelTable {
    const char *name;
#define MOTE_MEMBER(result, name, parameters, arguments) result(*name) parameters;
    MOTE_KERNELS(MOTE_MEMBER)
#undef MOTE_MEMBER
};

const KernelTable &active();
const char *isa_at(uint32_t index); // that this CPU can run, best first
bool isa_force(const char *name);
MOTE_INLINE const char *isa_name() { return active().name; }

#define MOTE_FORWARD(result, name, parameters, arguments)                                                              \
    MOTE_INLINE result name parameters { return active().name arguments; }
MOTE_KERNELS(MOTE_FORWARD)
#undef MOTE_FORWARD

#endif

} // namespace mote::cpu

#endif
