#include "networks.h"

const mote_config network_bigram = {BIGRAM_SHAPE, 0};
const mote_config network_mlp = {MLP_SHAPE, MOTE_TANH};
const mote_config network_rnn = {RNN_SHAPE, MOTE_TANH};
const mote_config network_gru = {GRU_SHAPE, MOTE_TANH};

mote_status network_make(mote_model **model, mote_arena *arena, const mote_config *config) {
    static const mote_init init = {
        .weights = {MOTE_INIT_NORMAL, 0.1f}, .biases = {MOTE_INIT_NORMAL, 0.1f}, .embedding = {MOTE_INIT_NORMAL, 1.0f}};
    uint32_t characters[65];
    const mote_vocab vocab = {characters, config->vocab, 0};
    for (uint32_t i = 0; i < config->vocab; i++) characters[i] = 0x20 + i;
    return mote_model_random(model, arena, config, &vocab, &init, 1);
}
