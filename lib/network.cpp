#include "network.h"

#include "linked_parts.h"

namespace mote {
namespace {

const Running *running(const mote_config &c) {
    const mote_linked *const part = c.arch == MOTE_BIGRAM ? mote_running_bigram
                                    : c.arch == MOTE_MLP  ? mote_running_mlp
                                                          : mote_running_rnn;
    return static_cast<const Running *>(part);
}

const Training *training(const mote_config &c) {
    const mote_linked *const part = c.arch == MOTE_BIGRAM ? mote_training_bigram
                                    : c.arch == MOTE_MLP  ? mote_training_mlp
                                                          : mote_training_rnn;
    return static_cast<const Training *>(part);
}

} // namespace

bool network_runs(const mote_config &c) { return running(c) != nullptr; }
bool network_trains(const mote_config &c) { return training(c) != nullptr; }

Work network_place(const mote_config &c, const mote_train_config &train, Carver *carver) {
    return training(c)->place(c, train, carver);
}

uint32_t network_step(const mote_state &state, uint16_t token) {
    return running(state.model->config)->step(state, token);
}

uint32_t network_forward(const mote_model &model, const Work &work, const uint16_t *tokens) {
    return training(model.config)->forward(model, work, tokens);
}

uint32_t network_backward(const mote_model &model, const Work &work, const uint16_t *tokens, float *gradients) {
    return training(model.config)->backward(model, work, tokens, gradients);
}

void network_carry(const mote_config &c, const Work &work) {
    const Training &network = *training(c);
    if (network.carry != nullptr) network.carry(c, work);
}

void network_reset(const mote_config &c, const Work &work) {
    const Training &network = *training(c);
    if (network.reset != nullptr) network.reset(c, work);
}

} // namespace mote
