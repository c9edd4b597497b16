#include "network.h"

#include "bigram.h"
#include "mlp.h"
#include "rnn.h"

namespace mote {

Work network_place(const mote_config &c, const mote_train_config &train, Carver *carver) {
    switch (c.arch) {
    case MOTE_BIGRAM:
        return bigram_place(c, train, carver);
    case MOTE_MLP:
        return mlp_place(c, train, carver);
    default:
        return rnn_place(c, train, carver);
    }
}

uint32_t network_step(const mote_state &state, uint16_t token) {
    switch (state.model->config.arch) {
    case MOTE_BIGRAM:
        return bigram_step(state, token);
    case MOTE_MLP:
        return mlp_step(state, token);
    default:
        return rnn_step(state, token);
    }
}

uint32_t network_forward(const mote_model &model, const Work &work, const uint16_t *tokens) {
    switch (model.config.arch) {
    case MOTE_BIGRAM:
        bigram_forward(model, work, tokens);
        return 0; // a bad weight is a bad logit, which the loss finds
    case MOTE_MLP:
        return mlp_forward(model, work, tokens);
    default:
        return rnn_forward(model, work, tokens);
    }
}

void network_backward(const mote_model &model, const Work &work, const uint16_t *tokens, float *gradients) {
    switch (model.config.arch) {
    case MOTE_BIGRAM:
        bigram_backward(model, work, tokens, gradients);
        break;
    case MOTE_MLP:
        mlp_backward(model, work, gradients);
        break;
    default:
        rnn_backward(model, work, tokens, gradients);
    }
}

void network_carry(const mote_config &c, const Work &work) {
    if (c.arch == MOTE_RNN) rnn_carry(c, work);
}

void network_reset(const mote_config &c, const Work &work) {
    if (c.arch == MOTE_RNN) rnn_reset(c, work);
}

} // namespace mote
