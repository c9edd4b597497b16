#include "matrix_vector.h"

#include "kernels.h"

void matrix_vector(float *y, const float *x, const float *w) {
    using namespace mote::cpu;
    constexpr uint32_t n = MATRIX_VECTOR_SIZE;
    gemm({y, kLanes}, {x, kLanes}, {w, size_t{n} * kLanes}, {1, n, n}, kAccumulate);
}
