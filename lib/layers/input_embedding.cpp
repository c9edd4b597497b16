// The embedding: a character picks a row of numbers that are learned with the weights.
#include "inputs.h"
#include "lookup.h"

namespace mote {
namespace {

template <typename Weights>
void embedding_read(mote_state *state, uint16_t token, typename Weights::Matrix weights, typename Weights::Step *sums) {
    sums->products[0] = Weights::embedded(*state->model, token, weights);
}

void embedding_forward(Batch &b) {
    lookup_forward(b, b.input(), weight(*b.model, Role::Embedding, 0), nullptr, b.config().embed);
}

uint32_t embedding_backward(Batch &b) {
    return lookup_gradient(b, gradient_of(b, weight(*b.model, Role::Embedding, 0)), b.input_delta(), b.config().embed);
}

template <typename Weights> constexpr InputStep<Weights> running(embedding_read<Weights>);
constexpr InputTraining training(embedding_forward, embedding_backward);

} // namespace
} // namespace mote

MOTE_DEFINE_PART(mote_input_embedding, mote::running<mote::Float32>)
MOTE_DEFINE_PART(mote_input_embedding_int8, mote::running<mote::Int8>)
MOTE_DEFINE_PART(mote_input_embedding_int4, mote::running<mote::Int4>)
MOTE_DEFINE_PART(mote_input_embedding_training, mote::training)
