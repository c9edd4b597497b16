#include "inputs.h"

#include "lookup.h"

namespace mote {
namespace {

const InputTraining &window_training() { return *static_cast<const InputTraining *>(mote_input_window_training); }

} // namespace

bool input_linked_to_run(const mote_config &c) { return c.input != MOTE_INPUT_WINDOW || mote_input_window != nullptr; }

bool input_linked_to_train(const mote_config &c) {
    return c.input != MOTE_INPUT_WINDOW || mote_input_window_training != nullptr;
}

BatchInput input_forward(const Batch &b) {
    const mote_config &c = b.config;
    switch (c.input) {
    case MOTE_INPUT_WINDOW:
        window_training().forward(b);
        break;
    case MOTE_INPUT_EMBEDDING:
        lookup_forward(b, b.input(), weight(b.model, Role::Embedding, 0), nullptr, c.embed);
        break;
    default:
        return {{}, true, c.vocab};
    }
    return {b.input(), false, filled_width(c)};
}

uint32_t input_backward(const Batch &b, float *gradients) {
    switch (b.config.input) {
    case MOTE_INPUT_WINDOW:
        return window_training().backward(b, gradients);
    case MOTE_INPUT_EMBEDDING:
        return lookup_gradient(b, gradient_of(gradients, b.config, Role::Embedding, 0), b.input_delta(),
                               b.config.embed);
    default:
        return 0;
    }
}

} // namespace mote
