// Matrix products by the inner loops of chain_vfp.h: a row by a panel at a time.

MOTE_NOINLINE static void gemm_panel(float *c, ConstMat a, const float *b, uint32_t k) {
    // The columns of one row alone lie side by side.
    const uint32_t chunk = a.panel == kLanes ? k : kLanes;
    for (uint32_t k0 = 0; k0 < k; k0 += chunk, a.data += a.panel)
        chains16(c, a.data, b + k0 * kLanes, least(chunk, k - k0));
}

void gemm(Mat c, ConstMat a, ConstMat b, const Shape &s, const Start &start) {
    begin_rows(c, s, start);
    for (uint32_t p = 0; p < panels(s.n); ++p)
        for (uint32_t i = 0; i < s.m; ++i)
            gemm_panel(c.data + p * c.panel + i * kLanes, {a.data + i * kLanes, a.panel}, b.data + p * b.panel, s.k);
}

uint32_t gemm_tn(Mat c, ConstMat a, ConstMat b, const Shape &s, const Start &start) {
    begin_rows(c, s, start);
    for (uint32_t p = 0; p < panels(s.n); ++p)
        for (uint32_t i = 0; i < s.m; ++i)
            chains16_apart(c.data + p * c.panel + i * kLanes, a.data + i / kLanes * a.panel + i % kLanes, kLanes,
                           b.data + p * b.panel, s.k);
    return flush_rows(c, s);
}

// Whole panels of a and b: a multiply-add of padding is one of +0 and +0, which changes no sum but -0, and none is.
void gemm_nt(Mat c, ConstMat a, ConstMat b, const Shape &s, const Start &start) {
    begin_rows(c, s, start);
    for (uint32_t k = 0; k < s.k; k += kLanes, a.data += a.panel, b.data += b.panel)
        for (uint32_t i = 0; i < s.m; ++i)
            for (uint32_t n = 0; n < s.n; n += kLanes)
                dots16(c.data + n / kLanes * c.panel + i * kLanes, a.data + i * kLanes, b.data + n * kLanes,
                       least(kLanes, s.n - n));
}
