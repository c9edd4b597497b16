// The one-hot input: a character picks a row of the first layer's weights.
#include "inputs.h"
#include "lookup.h"

namespace mote {
namespace {

void one_hot_read(mote_state *, uint16_t token, cpu::ConstMat weights, cpu::RowStep *sums) {
    sums->products[0] = {{&cpu::kOne, cpu::kLanes}, weights.row(token), 1};
}

constexpr OneHotProducts products{lookup_forward, lookup_gradient};
constexpr InputStep running(one_hot_read);
constexpr InputTraining training(&products);

} // namespace
} // namespace mote

MOTE_DEFINE_PART(mote_input_one_hot, mote::running)
MOTE_DEFINE_PART(mote_input_one_hot_training, mote::training)
