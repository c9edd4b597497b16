#include "networks.h"

const mote_config network_bigram = {BIGRAM_SHAPE, 0};
const mote_config network_mlp = {MLP_SHAPE, MOTE_TANH};
const mote_config network_rnn = {RNN_SHAPE, MOTE_TANH};
const mote_config network_gru = {GRU_SHAPE, MOTE_TANH};
const mote_config network_rnn_int8 = {MOTE_SHAPE_INT8(RNN_SHAPE), MOTE_TANH};
const mote_config network_rnn_int4 = {MOTE_SHAPE_INT4(RNN_SHAPE), MOTE_TANH};
const mote_config network_wide = {WIDE_SHAPE, MOTE_TANH};
const mote_config network_wide_int8 = {MOTE_SHAPE_INT8(WIDE_SHAPE), MOTE_TANH};
const mote_config network_messages = {MESSAGES_INT4_SHAPE, MOTE_TANH};

mote_status network_make(mote_model **model, mote_arena *arena, const mote_config *config) {
    static const mote_init init = {
        .weights = {MOTE_INIT_NORMAL, 0.1f}, .biases = {MOTE_INIT_NORMAL, 0.1f}, .embedding = {MOTE_INIT_NORMAL, 1.0f}};
    static uint32_t characters[256];
    const mote_vocab vocab = {characters, config->vocab, 0};
    for (uint32_t i = 0; i < config->vocab; i++) characters[i] = 0x20 + i;
    mote_config drawn = *config;
    mote_model *floats;
    drawn.precision = MOTE_PRECISION_FLOAT32;
    const mote_status status = mote_model_random(&floats, arena, &drawn, &vocab, &init, 1);
    *model = floats;
    if (status != MOTE_OK || config->precision == MOTE_PRECISION_FLOAT32) return status;
    return mote_model_quantize(model, arena, floats, config->precision, 0);
}
