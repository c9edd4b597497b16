#include "settings.h"

namespace mote_test {

namespace {

mote_config draw_config(Random &random, uint32_t cell) {
    const uint32_t vocab = 2 + random.below(70);
    if (cell == MOTE_CELL_NONE) return bigram(vocab);
    const uint32_t context = 1 + random.below(7);
    const bool one_hot = random.below(3) == 0;
    const uint32_t embed = 1 + random.below(40);
    const uint32_t hidden = 1 + random.below(40);
    const uint32_t layers = 1 + random.below(4);
    const uint32_t activation = random.below(2) == 0 ? MOTE_TANH : MOTE_RELU;
    if (cell == MOTE_CELL_DENSE) return mlp(vocab, context, embed, hidden, layers, activation);
    if (cell == MOTE_CELL_GATED) return gru(vocab, one_hot ? 0 : embed, hidden, layers);
    return rnn(vocab, one_hot ? 0 : embed, hidden, layers, activation);
}

Setting draw_setting(Random &random, uint32_t cell) {
    const mote_config config = draw_config(random, cell);
    const uint32_t batch = 1 + random.below(9);
    const uint32_t time = 1 + random.below(7);
    const uint32_t optimizer = random.below(4);
    Setting s{config, train_config(batch, time, optimizer)};
    s.train.workspace = random.below(2);
    s.train.loss = random.below(2);
    s.train.state = random.below(2);
    s.train.clip_norm = random.below(2) == 0 ? 1.0f : 0.0f;
    return s;
}

std::vector<Setting> generate() {
    Random random(2);
    std::vector<Setting> drawn;
    Choice choice;
    const auto draw = [&](int count, uint32_t cell) {
        for (int i = 0; i < count; ++i) {
            const Setting setting = draw_setting(random, cell);
            if (!choice.skips()) drawn.push_back(setting);
        }
    };
    draw(160, MOTE_CELL_RECURRENT);
    draw(120, MOTE_CELL_DENSE);
    draw(50, MOTE_CELL_NONE);
    draw(120, MOTE_CELL_GATED);
    return drawn;
}

} // namespace

std::string describe(const Setting &s) {
    return describe(s.config) + " B=" + std::to_string(s.train.batch) + " T=" + std::to_string(s.train.time_steps) +
           " optimizer=" + std::to_string(s.train.optimizer) + " workspace=" + std::to_string(s.train.workspace);
}

const std::vector<Setting> &settings() {
    static const std::vector<Setting> generated = generate();
    return generated;
}

} // namespace mote_test
