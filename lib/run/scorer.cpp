// How surprising texts are to a model that reads them side by side.
#include "arena.h"
#include "integer_rows.h"
#include "network.h"
#include "numeric.h"

#include <string.h>

// The arrays lie behind the handle; offsets count bytes from it.
struct mote_scorer {
    mote::Batch batch; // in one task; of integers of its arrays none is there
};

namespace mote {
namespace {

static_assert(sizeof(mote_scorer) <= MOTE_SZ_SCORER_HANDLE, "the scorer's handle is larger than its size macro says");

bool valid_rows(uint32_t batch, uint32_t time) { return batch >= 1 && batch <= 65536 && time >= 1 && time <= 65536; }

uint64_t scorer_bytes(const Config &c, uint32_t batch, uint32_t time) {
    return MOTE_SCORER_BYTES(MOTE_SHAPE_OF(c), batch, time);
}

// Rows of one time step whose losses are taken together: each has a lane to itself.
MOTE_NOINLINE uint32_t surprises(Batch &b, const uint16_t *targets, float *nats) {
    const cpu::Mat logits = b.logits();
    uint32_t bad = 0;
    for (uint32_t t = 0; t < b.time; ++t) {
        for (uint32_t first = 0; first < b.batch; first += cpu::kLanes) {
            const uint32_t left = b.batch - first, rows = left < cpu::kLanes ? left : cpu::kLanes;
            const size_t place = size_t{first} * b.time + t;
            float lanes[cpu::kLanes] = {};
            bad |= cpu::cross_entropy(logits.row(size_t{t} * b.batch + first), rows, b.config().vocab,
                                      {targets + place, b.time}, 0.0f, lanes, 0);
            for (uint32_t r = 0; r < rows; ++r) {
                nats[place + size_t{r} * b.time] = lanes[r];
                bad |= finite(lanes[r]) ? 0 : cpu::kNotFinite;
            }
        }
    }
    return bad;
}

} // namespace
} // namespace mote

using namespace mote;

extern "C" {

size_t mote_scorer_bytes(const mote_config *config, uint32_t batch, uint32_t time_steps) {
    if (config == nullptr || !valid(*config) || !valid_rows(batch, time_steps)) return 0;
    return limited_size(scorer_bytes(known(*config), batch, time_steps));
}

mote_status mote_scorer_init(mote_scorer **scorer, mote_arena *arena, const mote_model *model, uint32_t batch,
                             uint32_t time_steps) {
    if (scorer == nullptr || arena == nullptr || model == nullptr || !valid_rows(batch, time_steps))
        return MOTE_ERR_ARG;
    const bool integers = is_quantized(model->config);
    if (!(integers ? network_runs(model->config) : network_trains(model->config))) return MOTE_ERR_UNSUPPORTED;
    const uint64_t bytes = scorer_bytes(model->config, batch, time_steps);
    if (bytes > kMaxBytes) return MOTE_ERR_SIZE;
    void *memory;
    const mote_status status = arena_alloc(arena, bytes, &memory);
    if (status != MOTE_OK) return status;
    mote_scorer *const s = static_cast<mote_scorer *>(memory);
    *scorer = s;
    s->batch.model = model;
    s->batch.batch = batch;
    s->batch.time = time_steps;
    Offsets offsets(MOTE_SZ_SCORER_HANDLE);
    if (integers)
        integer_rows_place(s->batch);
    else
        place_batch(&s->batch, batch, time_steps, false, &offsets);
    return MOTE_OK;
}

void mote_scorer_reset(mote_scorer *scorer) {
    if (scorer == nullptr) return;
    if (is_quantized(scorer->batch.config()))
        integer_rows_reset(scorer->batch);
    else
        network_begin(scorer->batch, false);
}

mote_status mote_scorer_read(mote_scorer *scorer, const uint16_t *tokens, const uint16_t *targets, float *nats) {
    if (scorer == nullptr || tokens == nullptr || targets == nullptr || nats == nullptr) return MOTE_ERR_ARG;
    Batch &b = scorer->batch;
    b.tokens = tokens;
    uint32_t counted;
    const mote_status status = check_batch(b.config(), b.batch, b.time, tokens, targets, &counted);
    if (status != MOTE_OK) return status;
    if (is_quantized(b.config())) return integer_rows_read(b, targets, nats);
    const uint32_t bad = network_forward(b);
    if ((bad | surprises(b, targets, nats)) != 0) return MOTE_ERR_NUMERIC;
    network_begin(b, true);
    return MOTE_OK;
}
}
