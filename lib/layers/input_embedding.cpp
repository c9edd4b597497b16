// The embedding: a character picks a row of numbers that are learned with the weights.
#include "inputs.h"
#include "lookup.h"

namespace mote {
namespace {

// Read in place, in the table: a panel there is further from the next than in a row by itself.
void embedding_read(mote_state *state, uint16_t token, cpu::ConstMat weights, cpu::RowStep *sums) {
    const mote_model &model = *state->model;
    sums->products[0] = {weight(model, Role::Embedding, 0).row(token), weights, model.config.embed};
}

void embedding_forward(Batch &b) {
    lookup_forward(b, b.input(), weight(*b.model, Role::Embedding, 0), nullptr, b.config().embed);
}

uint32_t embedding_backward(Batch &b) {
    return lookup_gradient(b, gradient_of(b, weight(*b.model, Role::Embedding, 0)), b.input_delta(), b.config().embed);
}

constexpr InputStep running(embedding_read);
constexpr InputTraining training(embedding_forward, embedding_backward);

} // namespace
} // namespace mote

MOTE_DEFINE_PART(mote_input_embedding, mote::running)
MOTE_DEFINE_PART(mote_input_embedding_training, mote::training)
