/* The library's matrix-vector product, out of the library. */
#ifndef MOTE_BENCH_MATRIX_VECTOR_H
#define MOTE_BENCH_MATRIX_VECTOR_H

#define MATRIX_VECTOR_SIZE 64

#ifdef __cplusplus
extern "C" {
#endif

/* y += W x, all aligned to 64 bytes, W in panels. */
void matrix_vector(float *y, const float *x, const float *w);

#ifdef __cplusplus
}
#endif

#endif
