/* The library's matrix-vector products, out of the library. */
#ifndef MOTE_BENCH_MATRIX_VECTOR_H
#define MOTE_BENCH_MATRIX_VECTOR_H

#include <stdint.h>

#define MATRIX_VECTOR_SIZE 64

#ifdef __cplusplus
extern "C" {
#endif

/* y += W x, all aligned to 64 bytes, W in panels. */
void matrix_vector(float *y, const float *x, const float *w);

/* Some weights of n inputs and as many outputs, a multiple of 16; returns their bytes. */
uint32_t quant_weights(int8_t *w, uint32_t n);

/* y = scale W x of integers. */
void quant_matrix_vector(float *y, const int8_t *x, const int8_t *w, uint32_t n, float scale);

/* q = x times 127, n integers. */
void quantize(int8_t *q, const float *x, uint32_t n);

#ifdef __cplusplus
}
#endif

#endif
