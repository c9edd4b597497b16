// The prototype of every kernel. Included inside the namespace of each instruction set, so there is no include guard.
// Sizes m, n and k are rows, columns and depth; matrices are in panels (kernel_types.h).
#ifndef MOTE_KERNEL_TYPES_H // an editor parses this file alone
#include "kernel_types.h"
using namespace mote::cpu;
#endif

// Products. A chain is an initial value and fused multiply-adds in ascending order of the summed index. An element of c
// is one chain for each stretch of k (stretch_depth()): the first begins with the initial value of c, the others with
// +0, and they are added in order. Sums over the rows of a batch are one chain each. Nothing is flushed unless said.

// c[m][n] = init + sum over j < k of a[m][j] b[j][n].
void gemm(Mat c, ConstMat a, ConstMat b, const Shape &s, const Init &init);
// c[m][n] = init + sum over rows r < k of a[r][m] b[r][n], one chain: the gradient of weights. The sums are flushed as
// flush() does it; returns what flush() returns.
uint32_t gemm_tn(Mat c, ConstMat a, ConstMat b, const Shape &s, const Init &init);
// c[m][n] += sum over rows r < k of a[r][m] b[r][n], one chain that goes on from c, and not flushed: the same of rows
// that come one after the other.
void gemm_tn_add(Mat c, ConstMat a, ConstMat b, const Shape &s);
// c[m][n] = init + sum over j < k of a[m][j] b[n][j]: gemm() by the transpose of b, without a copy.
void gemm_nt(Mat c, ConstMat a, ConstMat b, const Shape &s, const Init &init);
// t[k][m] = b[m][k]; the padding of t becomes +0.
void transpose(Mat t, ConstMat b, uint32_t m, uint32_t k);

// y[0] = activation(bias + the products), n columns: a layer in one pass. kNotFinite where a sum was NaN or
// infinite, else 0.
uint32_t row_step(Mat y, const RowStep &step);

// Rows of tables. Nothing is flushed; scatter_* callers flush the table when all is added.

// c[r] = table[token r] for r < m; plus bias, where it is not null. A one-hot input, or an embedding.
void gather(Mat c, const float *bias, ConstMat table, Tokens t, uint32_t m, uint32_t n);
// table[token r] += a[r], r ascending.
void scatter_add(Mat table, ConstMat a, Tokens t, uint32_t m, uint32_t n);
// c[r][j e + i] = table[windows[r][j]][i], j < context, i < e: embedded contexts side by side.
void gather_windows(Mat c, ConstMat table, const uint16_t *windows, uint32_t m, uint32_t context, uint32_t e);
// table[windows[r][j]][i] += a[r][j e + i], r ascending, then j.
void scatter_windows(Mat table, ConstMat a, const uint16_t *windows, uint32_t m, uint32_t context, uint32_t e);
// out[c] = sum over r < m, ascending from +0, of a[r][c], flushed; returns what flush() returns.
uint32_t column_sum(float *out, ConstMat a, uint32_t m, uint32_t n);

// Activations. A result below kQuantum in magnitude becomes +0.

// c = tanh(c). kNotFinite where a c was NaN or infinite, else 0.
uint32_t tanh_rows(Mat c, uint32_t m, uint32_t n);
// c = max(c, 0). kNotFinite where a c was NaN or infinite, else 0.
uint32_t relu_rows(Mat c, uint32_t m, uint32_t n);
// d *= 1 - h^2: from the gradient of tanh's output h to that of its input.
void tanh_gradient(Mat d, ConstMat h, uint32_t m, uint32_t n);
// d = h > 0 ? d : 0: from the gradient of ReLU's output h to that of its input.
void relu_gradient(Mat d, ConstMat h, uint32_t m, uint32_t n);

// A gated recurrent unit. `sums` has four blocks of n columns, each padded to whole panels: what the input gives to the
// candidate, the reset gate, the update gate, and what the state before gives to the candidate.

// Of the sums, with s the logistic function: r = s(reset), z = s(update), c = tanh(r state + candidate), one fused
// multiply-add; h = z (before - c) + c, one too. c, r and z take the place of their sums. kNotFinite where a sum was
// NaN or infinite, else 0.
uint32_t gates(Mat h, Mat sums, ConstMat before, uint32_t m, uint32_t n);
// From the gradient d of h, which is flushed first, and what gates() left, to those of the four sums, in their places:
// dc = d (1 - z) (1 - c^2), dr = dc state (r (1 - r)), dz = d (before - c) (z (1 - z)), dstate = dc r. Then
// d_before += d z, one fused multiply-add, unflushed; data null: nothing.
void gates_gradient(Mat sums, ConstMat d, ConstMat before, Mat d_before, uint32_t m, uint32_t n);

// Softmax and loss, in nats. Sums across columns have 16 lanes, column mod 16, and an 8-4-2-1 tree.

// Logits of m rows become their gradients, (softmax - onehot) * scale, flushed; row r adds its loss to
// nats[(first + r) % 16]. A row whose target is 0xffff becomes +0. With a scale of 0 the logits stay as they are: the
// losses alone. kNotFinite where a logit is NaN or infinite, else 0.
uint32_t cross_entropy(Mat logits, uint32_t m, uint32_t n, Tokens targets, float scale, float *nats, uint32_t first);
// The same of logits that are rows of a table, and what it makes of them is the gradient of the table, each row the sum
// over the rows of the batch that have it. Of all rows of the table from `first` to the one before `end`, n columns;
// `rows`: those of the batch that have one of these and a target, in the order of their tokens, and of the batch for
// each. Their losses are not added.
uint32_t table_cross_entropy(Mat gradient, ConstMat table, uint32_t first, uint32_t end, uint32_t n, TableRow *rows,
                             uint32_t m, float scale);
// *nats = -ln softmax(logits)[target] of one row, which need not be padded. kNotFinite where a logit is NaN or
// infinite, or *nats would be.
uint32_t surprise(const float *logits, uint32_t n, uint32_t target, float *nats);
// x[i] = exp((logits[i] - max) / temperature), +0 below kExpFloor, for i < n <= 16. x has room for 16 floats and may be
// `logits`, which need not be aligned.
void draw_weights(float *x, const float *logits, uint32_t n, float max, float temperature);

// Denormals of one row become +0: weights that never were in a blob can make some. kNotFinite where a number is NaN or
// infinite, else 0.
uint32_t flush_denormals(Mat c, uint32_t n);
// kNotFinite where one of n floats (any n, any alignment) is NaN or infinite, else 0.
uint32_t not_finite(const float *x, uint32_t n);

// Single numbers.

float log1(float x);   // the natural logarithm of a positive finite normal number
float cos_pi(float x); // cos(pi x) for x in 0 … 1
float sqrt1(float x);  // the square root, correctly rounded

// Flat arrays: gradients, weights and moments. Results below kQuantum in magnitude, moments below kMomentQuantum,
// become +0.

// Numbers below kQuantum become +0. Returns kNotFinite and kTooLarge (above kLargest) where there are such, else 0.
uint32_t flush(float *x, size_t count);
// The sum of x[i]^2: blocks of 1,024, in each 16 lanes (i mod 16) and an 8-4-2-1 tree; the blocks' sums in order.
float sum_squares(const float *x, size_t count);
// to = from, which do not overlap.
void copy(float *to, const float *from, size_t count);
// x *= factor.
void scale(float *x, size_t count, float factor);
// x into -limit … limit.
void clip(float *x, size_t count, float limit);
// w -= learning_rate g.
void sgd(float *w, const float *g, size_t count, float learning_rate);
// m = mu m + g; w -= learning_rate m.
void momentum(float *w, const float *g, float *m, size_t count, float learning_rate, float mu);
// s += g^2; w -= learning_rate g / sqrt(s + eps).
void adagrad(float *w, const float *g, float *s, size_t count, float learning_rate, float eps);
// m and v: running means of g and g^2; w = keep w - step_size m / (root_scale sqrt(v) + eps).
void adamw(float *w, const float *g, float *m, float *v, size_t count, const AdamW &p);

// Updates of weights by gradients that are known to be finite and at most kLargest in magnitude.

// The weights at the place of `gradient`, m rows, become what they would after gemm_tn() from +0 into it, clip() to the
// limit, and the optimizer. What is in `gradient` then is not said.
void sgd_product(Mat gradient, ConstMat a, ConstMat b, const Shape &s, const Update &u);
void adagrad_product(Mat gradient, ConstMat a, ConstMat b, const Shape &s, const Update &u);
// The weights at the place of the rows of `gradient` that m tokens name, or its first m rows where t.first is null, by
// flush(), clip() to the limit, and the optimizer. The gradients become +0, so that a row that is named again stays as
// it is.
void sgd_rows(Mat gradient, Tokens t, uint32_t m, uint32_t n, const Update &u);
void adagrad_rows(Mat gradient, Tokens t, uint32_t m, uint32_t n, const Update &u);

#include "quant_prototypes.inl.h"

// Whether the kernels were compiled to compute as equal bits need it (arithmetic_check.h).
bool kernels_are_exact();

// Clears the upper halves of the registers of AVX, where the instruction set has them (kernels.h).
void clear_upper_halves();
