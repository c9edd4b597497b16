#include "selftest.h"

#include "arena.h"
#include "kernels.h"
#include "network.h"
#include "step.h"

namespace mote {
namespace {

// Tokens spread over the vocabulary; with one-hot input each is a column of its own.
uint16_t prompt_token(uint32_t i, uint32_t vocab) {
    return static_cast<uint16_t>(vocab < MOTE_FORMAT_PROMPT ? i % vocab : i * vocab / MOTE_FORMAT_PROMPT);
}

// The hash of the logits after the next token.
mote_status hash_logits(mote_state *state, uint16_t token, uint64_t *hash) {
    const mote_status status = step(state, token);
    *hash = mote_fnv1a(MOTE_FNV_START, state_logits(state), 4 * size_t{state->model->config.vocab});
    return status;
}

} // namespace

MOTE_NOINLINE mote_status compute_selftest(const mote_model &model, void *memory) {
    SelftestResults *const results = static_cast<SelftestResults *>(memory);
    mote_state *const state = place_state(model, results + 1);
    for (uint32_t i = 0; i < MOTE_FORMAT_PROMPT; ++i) { // what lives on through a step takes stack
        results->prompt[i] = prompt_token(i, state->model->config.vocab);
        const mote_status status = hash_logits(state, results->prompt[i], &results->hashes[i]);
        if (status != MOTE_OK) return status;
    }
    return MOTE_OK;
}

static mote_status compare_selftest(const mote_model &model, void *memory) {
    mote_state *const state = place_state(model, memory);
    const mote_format_selftest &test = *at_offset<mote_format_selftest>(model.base, model.selftest);
    mote_status status = MOTE_OK;
    for (uint32_t i = 0; i < MOTE_FORMAT_PROMPT && status == MOTE_OK; ++i) {
        uint64_t here;
        status = hash_logits(state, test.prompt[i], &here);
        if (status == MOTE_OK && here != test.hashes[i]) status = MOTE_ERR_SELFTEST;
    }
    return status;
}

} // namespace mote

using namespace mote;

extern "C" {

size_t mote_scratch_bytes(const mote_config *c) {
    return c != nullptr && valid(*c) ? limited_size(scratch_bytes(known(*c))) : 0;
}

mote_status mote_selftest(const mote_model *model, mote_arena *scratch) {
    if (model == nullptr || scratch == nullptr) return MOTE_ERR_ARG;
    if (model->selftest == 0) return MOTE_ERR_MISSING;
    if (!network_runs(model->config)) return MOTE_ERR_UNSUPPORTED;
    if (!cpu::arithmetic_is_exact()) return MOTE_ERR_SELFTEST;
    return with_scratch(scratch, scratch_bytes(model->config),
                        [&](void *memory) { return compare_selftest(*model, memory); });
}
}
