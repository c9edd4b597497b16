#include "adapter_file.h"
#include "byte_tokens.h"
#include "commands.h"
#include "corpus.h"
#include "errors.h"
#include "model_file.h"
#include "option_values.h"
#include "results.h"

#include <limits>
#include <memory>

namespace mote::cli {

namespace {

constexpr uint16_t boundary_token = 0;
constexpr uint32_t any_count = std::numeric_limits<uint32_t>::max();

struct SampleOptions {
    std::string model, adapter, prompt;
    uint32_t length = 200, top_k = 0, count = 1;
    float temperature = 1;
    uint64_t seed = 1;
    bool json = false;
};

std::string decoded(const mote_vocab &vocab, uint16_t token) {
    char bytes[4];
    return {bytes, mote_decode(&vocab, token, bytes)};
}

/* What the state reads before the first character is drawn. A model of items begins at the boundary, another one, which
 * has to begin somewhere, at token 0. */
std::vector<uint16_t> first_tokens(const ModelFile &file, const SampleOptions &options) {
    std::vector<uint16_t> tokens = tokens_of_argument("--prompt", options.prompt, file.vocab());
    if (file.vocab().boundary != 0 || tokens.empty()) tokens.insert(tokens.begin(), 0);
    return tokens;
}

class Sampler {
  public:
    Sampler(const ModelFile &file, const SampleOptions &options)
        : file_(file), options_(options), adapted_(file, options.model, options.adapter),
          start_(first_tokens(file, options)), arena_(mote_state_bytes(&file.config())) {
        check(mote_state_init(&state_, arena_.get(), adapted_.model_of_state()), options.model);
    }

    std::string draw(uint32_t index) {
        mote_rng rng;
        mote_rng_init(&rng, options_.seed, index);
        mote_state_reset(state_);
        const float *logits = nullptr;
        for (uint16_t token : start_) logits = step(token);
        std::string text = options_.prompt;
        for (uint32_t i = 0; i < options_.length; ++i) {
            uint16_t token = 0;
            check(mote_sample(logits, file_.config().vocab, options_.temperature, options_.top_k, &rng, &token),
                  options_.model);
            if (file_.vocab().boundary != 0 && token == boundary_token) break;
            text += decoded(file_.vocab(), token);
            logits = step(token);
        }
        return readable(text);
    }

  private:
    const float *step(uint16_t token) {
        const float *logits = nullptr;
        check(adapted_.step(state_, token, &logits), options_.model);
        return logits;
    }

    const ModelFile &file_;
    const SampleOptions &options_;
    AdaptedModel adapted_;
    std::vector<uint16_t> start_;
    OwnArena arena_;
    mote_state *state_ = nullptr;
};

void run(const SampleOptions &options) {
    ModelFile file(options.model);
    Sampler sampler(file, options);
    std::string all;
    for (uint32_t i = 0; i < options.count; ++i) {
        std::string text = sampler.draw(i);
        if (options.json) {
            all += (i == 0 ? "" : "\n") + text;
        } else {
            print_line(text);
        }
    }
    if (options.json) print_json({{"text", all}});
}

} // namespace

Command sample_command(CommandLine program) {
    const CommandLine app = program.add_subcommand(
        "sample", "Generate text: the prompt, then --length characters (a model of items ends at the boundary)");
    auto options = std::make_shared<SampleOptions>();
    app.footer(
        "The state begins at zero. A model of items reads the boundary token, then the prompt; another model reads\n"
        "the prompt, or token 0 without one. Text i = 0, 1, … draws from the generator (seed, stream i).");
    add_path(app, "M", options->model, "", "the model, a .mote file").required();
    add_adapter(app, options->adapter);
    add_text(app, "--prompt", options->prompt, "TEXT", "the text begins with it");
    add_whole(app, "--length", options->length, {0, any_count}, "characters after the prompt");
    add_real(app, "--temperature", options->temperature, {0x1p-20f, 0x1p20f, true}, "0: always the likeliest");
    add_whole(app, "--top-k", options->top_k, {0, any_count}, "draw among the K likeliest; 0: all");
    add_whole(app, "--seed", options->seed, {0, std::numeric_limits<uint64_t>::max()}, "of the draws");
    add_whole(app, "--count", options->count, {1, any_count}, "texts, a line each");
    app.add_flag("--json", options->json, "one JSON object with the text, in place of the text");
    return {app, [options] { run(*options); }};
}

} // namespace mote::cli
