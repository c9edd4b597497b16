#include "surprise.h"

#include "aligned_memory.h"
#include "errors.h"
#include "stop.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace mote::cli {

namespace {

/* Reads the text in pieces that overlap by one character; `take` gets the nats of each piece. */
void read_in_pieces(const mote_model *model, TokenView text, const std::string &what,
                    const std::function<void(const float *, size_t)> &take) {
    constexpr size_t piece = 1024;
    mote_config config;
    check(mote_model_config(model, &config), what);
    OwnArena arena(mote_state_bytes(&config));
    mote_state *state = nullptr;
    check(mote_state_init(&state, arena.get(), model), what);
    float nats[piece];
    for (size_t done = 0; done + 1 < text.count;) {
        size_t count = std::min(piece, text.count - 1 - done);
        check(mote_score(state, text.data + done, count + 1, nats, nullptr), what);
        take(nats, count);
        done += count;
        throw_if_stopped(what);
    }
}

} // namespace

std::vector<float> surprises(const mote_model *model, TokenView text) {
    std::vector<float> all;
    read_in_pieces(model, text, "score",
                   [&](const float *nats, size_t count) { all.insert(all.end(), nats, nats + count); });
    return all;
}

double mean_surprise(const mote_model *model, TokenView text, const std::string &what) {
    if (text.count < shortest_text) {
        throw Failure(formatted("%s: too short to be measured, %zu characters", what.c_str(), text.count));
    }
    double sum = 0;
    read_in_pieces(model, text, what, [&](const float *nats, size_t count) {
        for (size_t i = 0; i < count; ++i) sum += static_cast<double>(nats[i]);
    });
    return sum / static_cast<double>(text.count - 1);
}

double bits_of_nats(double nats) { return nats / std::log(2.0); }

} // namespace mote::cli
