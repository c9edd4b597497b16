/* Random numbers, initial weights, clipping, the optimizers and sampling, each on its own. */
#include "cases.h"
#include "mote.h"
#include "report.h"

#include <string.h>

static uint32_t random_case(void) {
    uint64_t words = MOTE_FNV_START, bounded = words, uniform = words, normal = words;
    for (uint64_t stream = 0; stream < 4; stream++) {
        mote_rng rng;
        mote_rng_init(&rng, 42 + (stream << 40), stream);
        for (uint32_t i = 0; i < 2000; i++) {
            const uint32_t word = mote_rng_u32(&rng), below = mote_rng_below(&rng, i * 1234567u);
            const float in_unit = mote_rng_uniform(&rng), bell = mote_rng_normal(&rng);
            words = mote_fnv1a(words, &word, sizeof word);
            bounded = mote_fnv1a(bounded, &below, sizeof below);
            uniform = mote_fnv1a(uniform, &in_unit, sizeof in_unit);
            normal = mote_fnv1a(normal, &bell, sizeof bell);
        }
    }
    report_case("random");
    report_hash("u32", words);
    report_hash("below", bounded);
    report_hash("uniform", uniform);
    report_hash("normal", normal);
    report_end();
    return 0;
}

static const mote_config rnn = {MOTE_SHAPE_RNN(37, 5, 19, 2), MOTE_TANH};
static const mote_config mlp = {MOTE_SHAPE_MLP(37, 3, 5, 19, 2), MOTE_TANH};
static const mote_config bigram = {MOTE_SHAPE_BIGRAM(37), 0};

static uint32_t init_case(memory room, const char *name, const mote_config *config, uint32_t kind, uint32_t bias_kind,
                          float scale) {
    const mote_init init = {{kind, scale}, {bias_kind, scale}, {kind, scale}};
    mote_arena arena;
    mote_model *model;
    mote_status status = mote_arena_init(&arena, room.bytes, room.count);
    if (status == MOTE_OK) status = mote_model_random(&model, &arena, config, NULL, &init, 99);
    if (status != MOTE_OK) return report_failure(name, "mote_model_random", status);
    size_t count;
    const float *weights = mote_model_weights(model, &count);
    report_case(name);
    report_hash("weights", mote_weights_hash(model));
    report_hash("padded", mote_fnv1a(MOTE_FNV_START, weights, count * sizeof *weights));
    report_end();
    return 0;
}

static uint32_t init_cases(memory room) {
    uint32_t failures = 0;
    failures += init_case(room, "init-zero", &rnn, MOTE_INIT_ZERO, MOTE_INIT_ZERO, 1.0f);
    failures += init_case(room, "init-normal", &rnn, MOTE_INIT_NORMAL, MOTE_INIT_NORMAL, 0.01f);
    failures += init_case(room, "init-normal-tiny", &rnn, MOTE_INIT_NORMAL, MOTE_INIT_NORMAL, 0x1p-40f);
    failures += init_case(room, "init-uniform", &rnn, MOTE_INIT_UNIFORM, MOTE_INIT_UNIFORM, 0.3f);
    failures += init_case(room, "init-xavier", &rnn, MOTE_INIT_XAVIER_NORMAL, MOTE_INIT_ZERO, 1.0f);
    failures += init_case(room, "init-hidden", &rnn, MOTE_INIT_HIDDEN_UNIFORM, MOTE_INIT_HIDDEN_UNIFORM, 1.0f);
    const uint32_t uniform = MOTE_INIT_FAN_IN_UNIFORM, normal = MOTE_INIT_FAN_IN_NORMAL;
    failures += init_case(room, "init-fan-in-uniform", &rnn, uniform, uniform, 1.0f);
    failures += init_case(room, "init-fan-in-normal", &rnn, normal, normal, 1.41421356f);
    failures += init_case(room, "init-mlp-fan-in-uniform", &mlp, uniform, uniform, 1.0f);
    failures += init_case(room, "init-mlp-fan-in-normal", &mlp, normal, normal, 1.41421356f);
    failures += init_case(room, "init-bigram-normal", &bigram, MOTE_INIT_NORMAL, MOTE_INIT_NORMAL, 0.1f);
    failures += init_case(room, "init-bigram-fan-in-normal", &bigram, normal, normal, 1.0f);
    return failures;
}

/* More than two blocks of the norm's sum, and no whole number of them. */
enum { FLOATS = 2064 };
typedef struct arrays {
    float weights[FLOATS], gradients[FLOATS], first[FLOATS], second[FLOATS];
} arrays;

/* Magnitudes from 2^low up to 2^high, either sign, here and there +0. */
static void fill(float *values, size_t count, mote_rng *rng, int low, int high) {
    for (size_t i = 0; i < count; i++) {
        float value = 1.0f + mote_rng_uniform(rng);
        int exponent = low + (int)mote_rng_below(rng, (uint32_t)(high - low));
        for (; exponent > 0; exponent--) value *= 2.0f;
        for (; exponent < 0; exponent++) value *= 0.5f;
        const uint32_t kind = mote_rng_below(rng, 16);
        values[i] = kind == 0 ? 0.0f : kind % 2 != 0 ? -value : value;
    }
}

static uint64_t hash_floats(const float *values) { return mote_fnv1a(MOTE_FNV_START, values, FLOATS * sizeof *values); }

static uint32_t clip_case(arrays *floats, const char *name, int low, int high, float limit) {
    mote_rng rng;
    float before = 0.0f, after = 0.0f;
    mote_rng_init(&rng, 5, 0);
    fill(floats->gradients, FLOATS, &rng, low, high);
    mote_status status = mote_clip_norm(floats->gradients, FLOATS, limit, &before);
    const uint64_t by_norm = hash_floats(floats->gradients);
    if (status == MOTE_OK) status = mote_clip_norm(floats->gradients, FLOATS, limit, &after);
    fill(floats->gradients, FLOATS, &rng, low, high);
    if (status == MOTE_OK) status = mote_clip_value(floats->gradients, FLOATS, limit);
    if (status != MOTE_OK) return report_failure(name, "mote_clip_norm or mote_clip_value", status);
    report_case(name);
    report_bits("before", before);
    report_bits("after", after);
    report_hash("norm", by_norm);
    report_hash("value", hash_floats(floats->gradients));
    report_end();
    return 0;
}

/* Of `count` floats. */
static mote_status update(arrays *floats, size_t count, uint32_t optimizer, uint32_t step) {
    const mote_sgd_params sgd = {0.01f, optimizer == MOTE_MOMENTUM ? 0.8f : 0.0f};
    const mote_adagrad_params adagrad = {0.1f, 1e-8f};
    const mote_adamw_params adamw = {0.003f, 0.8f, 0.9f, 1e-8f, 0.01f};
    switch (optimizer) {
    case MOTE_SGD:
        return mote_sgd(floats->weights, floats->gradients, NULL, count, &sgd);
    case MOTE_MOMENTUM:
        return mote_sgd(floats->weights, floats->gradients, floats->first, count, &sgd);
    case MOTE_ADAGRAD:
        return mote_adagrad(floats->weights, floats->gradients, floats->first, count, &adagrad);
    default:
        return mote_adamw(floats->weights, floats->gradients, floats->first, floats->second, count, &adamw, step);
    }
}

/* Gradients of all sizes, then none for so long that the moments fade away: where flush-to-zero would show. */
static uint32_t optimizer_case(arrays *floats, size_t count, const char *name, uint32_t optimizer) {
    enum { LEARNING = 30, FADING = 1000 };
    mote_rng rng;
    mote_rng_init(&rng, 6, optimizer);
    memset(floats, 0, sizeof *floats);
    fill(floats->weights, count, &rng, -39, 3);
    for (uint32_t step = 1; step <= LEARNING + FADING; step++) {
        if (step <= LEARNING) {
            fill(floats->gradients, count, &rng, -40, 12);
        } else if (step == LEARNING + 1) {
            memset(floats->gradients, 0, sizeof floats->gradients);
        }
        const mote_status status = update(floats, count, optimizer, step);
        if (status != MOTE_OK) return report_failure(name, "an update", status);
    }
    report_case(name);
    report_hash("weights", hash_floats(floats->weights));
    report_hash("first", hash_floats(floats->first));
    report_hash("second", hash_floats(floats->second));
    report_end();
    return 0;
}

static uint32_t array_cases(memory room, case_set set) {
    const size_t updated = set == SET_TINY ? 32 : 272;
    arrays *const floats = (arrays *)(void *)room.bytes;
    uint32_t failures = 0;
    failures += clip_case(floats, "clip", -20, 4, 5.0f);
    failures += clip_case(floats, "clip-small-gradients", -40, -30, 1.0f);
    failures += clip_case(floats, "clip-large-gradients", 0, 40, 0.25f);
    failures += clip_case(floats, "clip-to-little", -10, 10, 0x1p-30f);
    failures += optimizer_case(floats, updated, "optimizer-sgd", MOTE_SGD);
    failures += optimizer_case(floats, updated, "optimizer-momentum", MOTE_MOMENTUM);
    failures += optimizer_case(floats, updated, "optimizer-adagrad", MOTE_ADAGRAD);
    failures += optimizer_case(floats, updated, "optimizer-adamw", MOTE_ADAMW);
    return failures;
}

/* Logits with ties, of a spread at which some probabilities are too small to count. */
static uint32_t sample_case(memory room, const char *name, uint32_t vocab, float spread) {
    const float temperatures[] = {0.0f, 0x1p-20f, 0.1f, 0.8f, 1.0f, 3.0f, 0x1p20f};
    const uint32_t tops[] = {0, 1, 2, 5, vocab - 1, vocab, 60000};
    float *const logits = (float *)(void *)room.bytes;
    uint64_t hash = MOTE_FNV_START;
    mote_rng rng;
    mote_rng_init(&rng, 8, vocab);
    for (uint32_t i = 0; i < vocab; i++) {
        logits[i] = i % 5 == 4 ? logits[mote_rng_below(&rng, i)] : spread * mote_rng_normal(&rng);
    }
    for (size_t i = 0; i < sizeof temperatures / sizeof *temperatures; i++) {
        for (size_t j = 0; j < sizeof tops / sizeof *tops; j++) {
            for (uint32_t draw = 0; draw < 8; draw++) {
                uint16_t token = 0;
                const mote_status status = mote_sample(logits, vocab, temperatures[i], tops[j], &rng, &token);
                if (status != MOTE_OK) return report_failure(name, "mote_sample", status);
                hash = mote_fnv1a(hash, &token, sizeof token);
            }
        }
    }
    report_case(name);
    report_hash("tokens", hash);
    report_hash("state", rng.state);
    report_end();
    return 0;
}

uint32_t run_number_cases(memory room, case_set set) {
    uint32_t failures = random_case();
    failures += init_cases(room);
    failures += array_cases(room, set);
    failures += sample_case(room, "sample-2", 2, 1.0f);
    failures += sample_case(room, "sample-27", 27, 3.0f);
    failures += sample_case(room, "sample-97-sharp", 97, 60.0f);
    failures += sample_case(room, "sample-300", 300, 8.0f);
    return failures;
}
