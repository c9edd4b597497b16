#include "quantization.h"

#include "errors.h"
#include "precisions.h"
#include "surprise.h"

#include <algorithm>
#include <cmath>

namespace mote::cli {

namespace {

/* A state of a model, with its memory. */
class Stream {
  public:
    Stream(const mote_model *model, const std::string &what) : what_(what) {
        check(mote_model_config(model, &config_), what);
        arena_ = OwnArena(mote_state_bytes(&config_));
        check(mote_state_init(&state_, arena_.get(), model), what);
    }
    const float *step(uint16_t token) {
        const float *logits = nullptr;
        check(mote_step(state_, token, &logits), what_);
        return logits;
    }
    float largest_activation(uint32_t layer) const {
        const float *hidden = nullptr;
        uint32_t count = 0;
        check(mote_state_hidden(state_, layer, &hidden, &count), what_);
        return *std::max_element(hidden, hidden + count);
    }
    void reset() { mote_state_reset(state_); }
    const mote_config &config() const { return config_; }

  private:
    const std::string &what_;
    mote_config config_{};
    OwnArena arena_;
    mote_state *state_ = nullptr;
};

/* The library takes no smaller and no larger one. */
constexpr float least_of_largest = 0x1p-30f, most_of_largest = 0x1p40f;

std::vector<float> measured(const mote_model *model, TokenView text, const std::string &what) {
    const std::vector<uint16_t> tokens = text.all();
    Stream stream(model, what);
    std::vector<float> largest(stream.config().layers, least_of_largest);
    for (size_t i = 0; i + 1 < tokens.size(); ++i) {
        stream.step(tokens[i]);
        for (uint32_t layer = 0; layer < largest.size(); ++layer) {
            largest[layer] = std::max(largest[layer], stream.largest_activation(layer));
            if (largest[layer] > most_of_largest)
                throw Failure(what +
                              ": activations grow above 2^40 on the text, which weights of integers do not allow; "
                              "give mote quantize another text by --corpus");
        }
    }
    return largest;
}

mote_config with_precision(mote_config config, uint32_t precision) {
    config.precision = precision;
    return config;
}

} // namespace

void check_quantizable(const mote_config &config, const std::string &what) {
    if (config.precision != MOTE_PRECISION_FLOAT32)
        throw Failure(what + ": has weights of " + precision_name(config.precision).words +
                      " already; quantize the model of float32 that it was made of");
    mote_config wanted = with_precision(config, MOTE_PRECISION_INT8);
    if (mote_model_bytes(&wanted) == 0)
        throw Failure(what +
                      formatted(": a product of it has %u inputs, weights of integers allow %u; train one with a "
                                "shorter context or narrower embeddings",
                                config.context * config.embed, MOTE_MAX_INTEGER_INPUTS));
}

std::vector<float> largest_activations(const mote_model *model, TokenView text, const std::string &what) {
    mote_config config{};
    check(mote_model_config(model, &config), what);
    if (config.activation != MOTE_RELU) return {};
    return measured(model, text, what);
}

Quantized quantize_with(const mote_model *model, uint32_t precision, std::vector<float> largest,
                        const std::string &what) {
    mote_config config{};
    check(mote_model_config(model, &config), what);
    mote_config wanted = with_precision(config, precision);
    Quantized made{OwnArena(mote_model_bytes(&wanted)), nullptr, std::move(largest)};
    check(mote_model_quantize(&made.model, made.arena.get(), model, precision,
                              made.largest.empty() ? nullptr : made.largest.data()),
          what);
    return made;
}

Quantized quantize(const mote_model *model, uint32_t precision, TokenView text, const std::string &what) {
    mote_config config{};
    check(mote_model_config(model, &config), what);
    check_quantizable(config, what);
    return quantize_with(model, precision, largest_activations(model, text, what), what);
}

std::vector<uint16_t> text_of_its_own(const mote_model *model, const std::string &what) {
    constexpr size_t characters = 8192, longest = 512; /* of a stretch, which begins anew */
    Stream stream(model, what);
    mote_rng rng;
    mote_rng_init(&rng, 1, 0);
    std::vector<uint16_t> text{0};
    while (text.size() <= characters) {
        if (text.size() % longest == 0) stream.reset();
        uint16_t token = 0;
        check(mote_sample(stream.step(text.back()), stream.config().vocab, 1, 0, &rng, &token), what);
        text.push_back(token);
    }
    return text;
}

Comparison compare(const mote_model *before, const mote_model *after, TokenView text, const std::string &what) {
    Comparison result{mean_surprise(before, text, 1, nullptr, what), mean_surprise(after, text, 1, nullptr, what), 0};
    Stream first(before, what), second(after, what);
    const std::vector<uint16_t> tokens = text.all();
    for (size_t i = 0; i + 1 < tokens.size(); ++i) {
        const float *a = first.step(tokens[i]), *b = second.step(tokens[i]);
        for (uint32_t v = 0; v < first.config().vocab; ++v)
            result.largest_difference =
                std::max(result.largest_difference, std::fabs(static_cast<double>(a[v]) - static_cast<double>(b[v])));
    }
    return result;
}

} // namespace mote::cli
