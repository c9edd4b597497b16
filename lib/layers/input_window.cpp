// The window (Bengio et al. 2003): the embeddings of the last C characters side by side.
#include "inputs.h"
#include "lookup.h"

#include <string.h>

namespace mote {
namespace {

// The context of a prediction: `context` tokens, the oldest first. A boundary hides what stands before it.
void copy_window(uint16_t *window, const uint16_t *tokens, uint32_t context, bool boundary) {
    bool hidden = false;
    for (uint32_t j = context; j-- > 0;) {
        window[j] = hidden ? uint16_t{0} : tokens[j];
        hidden = hidden || (boundary && tokens[j] == 0);
    }
}

MOTE_NOINLINE void make_windows(Batch &b) {
    const uint32_t context = b.config().context, row = row_tokens(b.config(), b.time);
    const bool boundary = b.model->boundary != 0;
    for (uint32_t t = 0; t < b.time; ++t)
        for (uint32_t i = 0; i < b.batch; ++i)
            copy_window(b.windows() + (size_t{t} * b.batch + i) * context, b.tokens + size_t{i} * row + t, context,
                        boundary);
}

void window_forward(Batch &b) {
    make_windows(b);
    cpu::gather_windows(b.input(), weight(*b.model, Role::Embedding, 0), b.windows(), b.rows(), b.config().context,
                        b.config().embed);
}

uint32_t window_backward(Batch &b) {
    const mote_config &c = b.config();
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

void window_read(mote_state *state, uint16_t token, cpu::ConstMat weights, cpu::RowStep *sums) {
    const mote_model &model = *state->model;
    const mote_config &c = model.config;
    const uint16_t *before = window_now(state);
    uint16_t *window = window_next(state);
    const size_t kept = c.context - 1;
    memcpy(window, before + 1, kept * sizeof *window);
    if (token == 0 && model.boundary != 0) memset(window, 0, kept * sizeof *window);
    window[kept] = token;
    const cpu::Mat input{at_offset<float>(state, state->input), cpu::kLanes};
    cpu::gather_windows(input, weight(model, Role::Embedding, 0), window, 1, c.context, c.embed);
    sums->products[0] = {input, weights, filled_width(c)};
}

constexpr InputStep running(window_read);
constexpr InputTraining training(window_forward, window_backward);

} // namespace
} // namespace mote

MOTE_DEFINE_PART(mote_input_window, mote::running)
MOTE_DEFINE_PART(mote_input_window_training, mote::training)
