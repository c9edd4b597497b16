// No cell: without hidden layers the logits are a row of a table.
#include <string.h>

#include "cells.h"
#include "lookup.h"

namespace mote {
namespace {

// The only tensor.
cpu::ConstMat table_of(const mote_model &model) {
    return {static_cast<const float *>(tensor_data(model, 0)), size_t{model.config.vocab} * cpu::kLanes};
}

uint32_t table_step(mote_state *state, uint16_t token) {
    float *const logits = state_logits(state);
    const uint32_t vocab = state->model->config.vocab;
    cpu::gather({logits, cpu::kLanes}, nullptr, table_of(*state->model), {&token, 0}, 1, vocab);
    return cpu::not_finite(logits, vocab);
}

// An output's integer times its scale; the sum with +0 is what a chain of one product begins with.
template <typename Weights> uint32_t quantized_table_step(mote_state *state, uint16_t token) {
    float *const logits = state_logits(state);
    const void *const table = tensor_data(*state->model, 0);
    const uint32_t vocab = state->model->config.vocab;
    for (uint32_t i = 0; i < vocab; ++i)
        logits[i] = static_cast<float>(Weights::integer(table, token, i, vocab)) *
                        static_cast<const float *>(table)[scale_index(i, Weights::panel_bytes(vocab))] +
                    0.0f;
    return cpu::not_finite(logits, vocab);
}

uint32_t table_forward(Batch &b) {
    lookup_forward(b, b.logits(), table_of(*b.model), nullptr, b.config().vocab);
    return 0;
}

// The rows of the batch that have a target, sorted by their token, in the room of the logits, which are not computed.
struct SortedRows {
    cpu::TableRow *rows;
    uint32_t *places; // of the rows of the batch, among those
    uint32_t count;

    explicit SortedRows(Batch &b)
        : rows(at_offset<cpu::TableRow>(&b, b.at.logits)), places(reinterpret_cast<uint32_t *>(rows + b.rows())),
          count(0) {
        static_assert(sizeof(cpu::TableRow) + sizeof(uint32_t) <= sizeof(float) * cpu::kLanes,
                      "a row of logits has room for them");
    }
    // The first row with this token or a larger one.
    cpu::TableRow *from(uint32_t token) const {
        cpu::TableRow *row = rows;
        while (row != rows + count && row->token < token) ++row;
        return row;
    }
};

// f(row of the batch, its place in tokens and targets) for those with a target, in order.
template <typename F> void for_each_counted(const Batch &b, const uint16_t *targets, const F &f) {
    for (uint32_t t = 0, row = 0; t < b.time; ++t)
        for (size_t i = t; i < size_t{b.rows()}; i += b.time, ++row)
            if (targets[i] != MOTE_IGNORE) f(row, i);
}

// By counting, in the room of the gradients: `before`, how many rows have a smaller token.
MOTE_NOINLINE SortedRows sort_rows(Batch &b, const uint16_t *targets) {
    SortedRows sorted(b);
    const uint32_t vocab = b.config().vocab;
    uint32_t *const before = at_offset<uint32_t>(&b, b.at.gradients);
    memset(before, 0, vocab * sizeof *before);
    for_each_counted(b, targets, [&](uint32_t, size_t i) { ++before[b.tokens[i]]; });
    for (uint32_t token = 0; token < vocab; ++token) {
        const uint32_t rows = before[token];
        before[token] = sorted.count;
        sorted.count += rows;
    }
    for_each_counted(b, targets, [&](uint32_t row, size_t i) {
        const uint32_t place = sorted.places[row] = before[b.tokens[i]]++;
        sorted.rows[place] = {b.tokens[i], static_cast<float>(targets[i]), 0.0f, 0.0f};
    });
    return sorted;
}

// A row's logits are those of all rows with its token, and so is the gradient of their softmax: it is taken once for
// each token, and what is made of it is the gradient of the table.
uint32_t table_loss(Batch &b, const uint16_t *targets, float scale, float *nats) {
    const cpu::ConstMat table = table_of(*b.model);
    const cpu::Mat gradient = gradient_of(b, table);
    const uint32_t vocab = b.config().vocab, distinct = b.rows() < vocab ? b.rows() : vocab;
    const SortedRows sorted = sort_rows(b, targets);
    const uint64_t macs = uint64_t{distinct} * vocab * 16; // an exponential takes as long as 16 multiply-adds
    const uint32_t bad = parallel_for(b.split, vocab, 1, macs, [&](Range tokens) {
        cpu::TableRow *const first = sorted.from(tokens.first);
        const ptrdiff_t rows = sorted.from(tokens.end) - first;
        return cpu::table_cross_entropy(gradient, table, tokens.first, tokens.end, vocab, first,
                                        static_cast<uint32_t>(rows), scale);
    });
    for_each_counted(b, targets,
                     [&](uint32_t row, size_t) { nats[row % cpu::kLanes] += sorted.rows[sorted.places[row]].loss; });
    return bad;
}

// The gradients came with the loss: sums of numbers up to 1, so none is too large.
uint32_t after_table_loss(Batch &) { return 0; }

uint32_t table_backward(Batch &b) {
    return lookup_gradient(b, gradient_of(b, table_of(*b.model)), b.logits(), b.config().vocab);
}

constexpr CellStep running(table_step), int8_running(quantized_table_step<Int8>),
    int4_running(quantized_table_step<Int4>);
constexpr CellTraining training = cpu::kRoomForCode ? CellTraining(table_forward, after_table_loss, table_loss)
                                                    : CellTraining(table_forward, table_backward, nullptr);

} // namespace
} // namespace mote

MOTE_DEFINE_PART(mote_cell_none, mote::running)
MOTE_DEFINE_PART(mote_cell_none_int8, mote::int8_running)
MOTE_DEFINE_PART(mote_cell_none_int4, mote::int4_running)
MOTE_DEFINE_PART(mote_cell_none_training, mote::training)
