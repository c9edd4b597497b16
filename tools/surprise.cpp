#include "surprise.h"

#include "aligned_memory.h"
#include "errors.h"
#include "text_rows.h"

#include <cmath>

namespace mote::cli {

std::vector<float> surprises(const mote_model *model, const std::vector<uint16_t> &text) {
    mote_config config;
    check(mote_model_config(model, &config), "score");
    OwnArena arena(mote_state_bytes(&config));
    mote_state *state = nullptr;
    check(mote_state_init(&state, arena.get(), model), "score");
    std::vector<float> nats(text.size() - 1);
    check(mote_score(state, text.data(), text.size(), nats.data(), nullptr), "score");
    return nats;
}

static void check_length(TokenView text, const std::string &what) {
    if (text.count < shortest_text) {
        throw Failure(formatted("%s: too short to be measured, %zu characters", what.c_str(), text.count));
    }
}

double mean_surprise(const mote_model *model, TokenView text, uint32_t rows, Threads *threads,
                     const std::string &what) {
    check_length(text, what);
    double sum = 0;
    for (double of_row : sums_of_rows(model, cut_into_rows(text, rows), threads, what)) sum += of_row;
    return sum / static_cast<double>(text.count - 1);
}

std::vector<double> mean_surprises(const mote_model *model, const std::vector<TokenView> &texts, Threads *threads,
                                   const std::string &what) {
    for (TokenView text : texts) check_length(text, what);
    std::vector<double> means = sums_of_rows(model, texts, threads, what);
    for (size_t i = 0; i < texts.size(); ++i) means[i] /= static_cast<double>(texts[i].count - 1);
    return means;
}

double bits_of_nats(double nats) { return nats / std::log(2.0); }

} // namespace mote::cli
