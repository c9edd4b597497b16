// What a draw from a softmax needs.

#if defined(MOTE_ONE_LANE)
void draw_weights(float *x, const float *logits, uint32_t n, float max, float temperature) {
    for (uint32_t i = 0; i < n; ++i) x[i] = exp_vec({(logits[i] - max) / temperature}).v;
}
#else
void draw_weights(float *x, const float *logits, uint32_t n, float max, float temperature) {
    for (uint32_t i = 0; i < kLanes; ++i) x[i] = i < n ? logits[i] : max;
    for (uint32_t i = 0; i < kLanes; i += kVecLanes)
        store(x + i, exp_vec((load(x + i) - set1(max)) / set1(temperature)));
}
#endif
