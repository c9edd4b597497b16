#include "quantizer.h"

#include "hidden_walk.h"
#include "quantize.h"
#include "sizes.h"

namespace mote {
namespace {

// 16 numbers of each panel.
void copy_row(cpu::Mat to, cpu::ConstMat from, uint32_t columns) {
    for (uint32_t p = 0; p < pad(columns) / cpu::kLanes; ++p)
        memcpy(to.data + p * to.panel, from.data + p * from.panel, cpu::kLanes * sizeof(float));
}

// The same of activations that no product reads as more than `most`.
void copy_at_most(cpu::Mat to, const float *from, uint32_t columns, float most) {
    for (uint32_t i = 0; i < pad(columns); ++i) {
        const float value = from[i] < most ? from[i] : most;
        to.data[i / cpu::kLanes * to.panel + i % cpu::kLanes] = value;
    }
}

// A row of the batch, as its state computes it: what a layer has computed goes where the backward pass looks for it.
struct BatchRow {
    Batch &b;
    mote_state *state;
    const float *largest; // of each layer of ReLU; not looked at for another activation
    uint32_t row;         // of the batch's arrays

    void before(uint32_t, uint32_t) const {}
    void after(uint32_t stage, uint32_t layer) const {
        const Config &c = b.config();
        if (stage == MOTE_STAGE_OUTPUT)
            return copy_row(b.logits().row(row), {state_logits(state), cpu::kLanes}, c.vocab);
        if (c.activation == MOTE_RELU)
            return copy_at_most(b.hidden(layer).row(row), hidden_next(state, layer), c.hidden, largest[layer]);
        copy_row(b.hidden(layer).row(row), {hidden_next(state, layer), cpu::kLanes}, c.hidden);
        if (b.at.sums != 0) copy_row(b.sums(layer).row(row), {state_sums(state), cpu::kLanes}, 4 * pad(c.hidden));
    }
};

// A state begins where the row's last batch has ended, or with zeros.
template <typename Weights> void begin_state(Batch &b, mote_state *state, uint32_t row) {
    const Config &c = b.config();
    for (uint32_t l = 0; is_recurrent(c) && l < c.layers; ++l) {
        copy_row({hidden_next(state, l), cpu::kLanes}, b.hidden_with_carried(l).row(row), c.hidden);
        Weights::computed(state, l);
    }
    state->now ^= 1;
    fill_window(state, b.tokens + size_t{row} * row_tokens(c, b.time));
}

template <typename Weights>
MOTE_NOINLINE uint32_t row_forward(Batch &b, mote_state *state, const float *largest, uint32_t row) {
    begin_state<Weights>(b, state, row);
    const uint32_t tokens = row_tokens(b.config(), b.time);
    const uint16_t *const read = b.tokens + size_t{row} * tokens + (tokens - b.time);
    uint32_t bad = 0;
    for (uint32_t t = 0; t < b.time; ++t) {
        bad |= walk_step<Weights>(state, read[t], BatchRow{b, state, largest, t * b.batch + row});
        state->now ^= 1;
    }
    return bad;
}

uint32_t quantizer_forward(mote_trainer &t) {
    Batch &b = t.batch;
    Quantizer &q = *quantizer_of(t);
    const Config &c = b.config();
    if (filled_width(c) != 0) input_to_train(c)->forward(b);
    const uint64_t macs = b.macs(c.hidden, c.layers * c.hidden);
    return parallel_for(b.split, b.batch, 1, macs, [&](Range rows) {
        uint32_t bad = 0;
        for (uint32_t i = rows.first; i < rows.end; ++i) {
            mote_state *const state = at_offset<mote_state>(&q, q.states + i * q.state_bytes);
            bad |= q.integers->config.precision == MOTE_PRECISION_INT4 ? row_forward<Int4>(b, state, q.largest, i)
                                                                       : row_forward<Int8>(b, state, q.largest, i);
        }
        return bad;
    });
}

// Each weight as its integer times its scale.
void take_floats(const mote_model &integers, mote_model *floats) {
    for (uint32_t i = 0; i < tensor_count(floats->config); ++i) {
        const TensorSpec &spec = spec_of(*floats, i);
        float *const to = flat_weights(floats) + spec.offset;
        mote_tensor tensor;
        mote_model_tensor(&integers, i, &tensor);
        for (uint32_t r = 0; r < spec.rows; ++r)
            for (uint32_t k = 0; k < spec.columns; ++k) {
                const bool transposed = spec.is_transposed();
                to[spec.stored_index(r, k)] = mote_tensor_at(&tensor, transposed ? k : r, transposed ? r : k);
            }
    }
}

uint32_t quantizer_quantize(mote_trainer &t) {
    Quantizer &q = *quantizer_of(t);
    if (!may_be_stored(*t.model)) return cpu::kNotFinite;
    quantize(*t.model, q.integers, q.largest);
    take_floats(*q.integers, float_model(q));
    return 0;
}

uint64_t quantizer_bytes(const Config &c, uint32_t batch, uint32_t precision) {
    return MOTE_QUANTIZER_BYTES(MOTE_SHAPE_OF(c), batch, precision);
}

mote_model *model_in(mote_arena *arena, const Config &config, const mote_vocab &vocab) {
    mote_model *model = nullptr;
    make_model(&model, arena, config, vocab); // there is room for it
    return model;
}

} // namespace
} // namespace mote

using namespace mote;

extern "C" {

size_t mote_quantizer_bytes(const mote_config *config, uint32_t batch, uint32_t precision) {
    if (config == nullptr || !valid(*config) || batch == 0 || batch > 65536 || precision >= MOTE_PRECISION_COUNT)
        return 0;
    mote_config wanted = *config;
    wanted.precision = precision;
    if (is_quantized(known(*config)) || precision == MOTE_PRECISION_FLOAT32 || !valid(wanted)) return 0;
    return limited_size(quantizer_bytes(known(*config), batch, precision));
}

mote_status mote_trainer_quantize(mote_trainer *trainer, mote_arena *arena, uint32_t precision, const float *largest) {
    if (kOneModel) return MOTE_ERR_UNSUPPORTED; // it would have two
    if (trainer == nullptr || arena == nullptr || quantizer_of(*trainer) != nullptr ||
        !may_be_quantized(trainer->model->config, precision, largest))
        return MOTE_ERR_ARG;
    const mote_model &model = *trainer->model;
    const Config &config = with_precision(model.config, precision);
    const uint64_t bytes = quantizer_bytes(model.config, trainer->batch.batch, precision);
    if (bytes > kMaxBytes) return MOTE_ERR_SIZE;
    void *memory;
    if (!network_runs(config)) return MOTE_ERR_UNSUPPORTED;
    const mote_status status = arena_alloc(arena, bytes, &memory);
    if (status != MOTE_OK) return status;
    Quantizer *const q = static_cast<Quantizer *>(memory);
    q->quantize = quantizer_quantize;
    q->forward = quantizer_forward;
    if (config.activation == MOTE_RELU) memcpy(q->largest, largest, config.layers * sizeof *largest);
    mote_arena rest;
    mote_arena_init(&rest, at_offset<unsigned char>(q, MOTE_SZ_QUANTIZER_HANDLE),
                    static_cast<size_t>(bytes) - MOTE_SZ_QUANTIZER_HANDLE);
    model_in(&rest, model.config, vocab_of(model)); // float_model()
    q->integers = model_in(&rest, config, vocab_of(model));
    q->states = MOTE_SZ_QUANTIZER_HANDLE + static_cast<uint32_t>(rest.used);
    q->state_bytes = state_bytes(config);
    for (uint32_t i = 0; i < trainer->batch.batch; ++i)
        place_state(*q->integers, at_offset<void>(q, q->states + i * q->state_bytes));
    trainer->batch.model = float_model(*q);
    return MOTE_OK;
}
}
