// The window (Bengio et al. 2003): the embeddings of the last C characters side by side.
#include "inputs.h"
#include "lookup.h"
#include "window_row.h"

#include <string.h>

namespace mote {
namespace {

MOTE_NOINLINE void make_windows(Batch &b) {
    for (uint32_t t = 0; t < b.time; ++t)
        for (uint32_t i = 0; i < b.batch; ++i) make_window(b, t, i);
}

void window_forward(Batch &b) {
    make_windows(b);
    cpu::gather_windows(b.input(), weight(*b.model, Role::Embedding, 0), b.windows(), b.rows(), b.config().context,
                        b.config().embed);
}

uint32_t window_backward(Batch &b) {
    const Config &c = b.config();
    const cpu::Mat table = gradient_of(b, weight(*b.model, Role::Embedding, 0));
    if (b.updates()) {
        const RowsRead rows = rows_read(b.windows(), b.rows() * c.context, c.vocab);
        clear_rows(table, rows, c.embed);
        cpu::scatter_windows(table, b.input_delta(), b.windows(), b.rows(), c.context, c.embed);
        b.update->rows(table, rows.tokens, rows.count, c.embed, b.update->with);
        return 0;
    }
    const size_t count = size_t{c.vocab} * pad(c.embed);
    memset(table.data, 0, count * sizeof(float));
    cpu::scatter_windows(table, b.input_delta(), b.windows(), b.rows(), c.context, c.embed);
    return cpu::flush(table.data, count);
}

template <typename Weights>
void window_read(mote_state *state, uint16_t token, typename Weights::Matrix weights, typename Weights::Step *sums) {
    sums->products[0] = Weights::window(state, window_take(state, token), weights);
}

template <typename Weights> constexpr InputStep<Weights> running(window_read<Weights>);
constexpr InputTraining training(window_forward, window_backward);

} // namespace
} // namespace mote

MOTE_DEFINE_PART(mote_input_window, mote::running<mote::Float32>)
MOTE_DEFINE_PART(mote_input_window_int8, mote::running<mote::Int8>)
MOTE_DEFINE_PART(mote_input_window_int4, mote::running<mote::Int4>)
MOTE_DEFINE_PART(mote_input_window_training, mote::training)
