// The one-hot input: a character picks a row of the first layer's weights.
#include "inputs.h"
#include "lookup.h"

namespace mote {
namespace {

template <typename Weights>
void one_hot_read(mote_state *state, uint16_t token, typename Weights::Matrix weights, typename Weights::Step *sums) {
    sums->products[0] = Weights::one_hot(state->model->config, token, weights);
}

constexpr OneHotProducts products{lookup_forward, lookup_gradient};
template <typename Weights> constexpr InputStep<Weights> running(one_hot_read<Weights>);
constexpr InputTraining training(&products);

} // namespace
} // namespace mote

MOTE_DEFINE_PART(mote_input_one_hot, mote::running<mote::Float32>)
MOTE_DEFINE_PART(mote_input_one_hot_int8, mote::running<mote::Int8>)
MOTE_DEFINE_PART(mote_input_one_hot_int4, mote::running<mote::Int4>)
MOTE_DEFINE_PART(mote_input_one_hot_training, mote::training)
