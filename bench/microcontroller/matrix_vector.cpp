#include "matrix_vector.h"

#include "kernels.h"

using namespace mote::cpu;

void matrix_vector(float *y, const float *x, const float *w) {
    constexpr uint32_t n = MATRIX_VECTOR_SIZE;
    gemm({y, kLanes}, {x, kLanes}, {w, size_t{n} * kLanes}, {1, n, n}, kAccumulate);
}

uint32_t quant_weights(int8_t *w, uint32_t n) {
    const uint32_t panel = static_cast<uint32_t>(quant_panel_bytes(n)), bytes = n / kLanes * panel;
    constexpr float scale = 0.01f;
    for (uint32_t i = 0; i < bytes; i++) w[i] = static_cast<int8_t>(i % 127);
    for (uint32_t i = 0; i < n; i++) memcpy(w + i / kLanes * panel + i % kLanes * sizeof scale, &scale, sizeof scale);
    return bytes;
}

void quant_matrix_vector(float *y, const int8_t *x, const int8_t *w, uint32_t n, float scale) {
    quant_step({y, kLanes}, {nullptr, {{x, w, n, 0, scale}, {}}, n, kLinear, false});
}

void quantize(int8_t *q, const float *x, uint32_t n) { quantize_row(q, {x, kLanes}, n, 127.0f); }
