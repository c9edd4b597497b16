#include "assemble.h"
#include "commands.h"
#include "convert_report.h"
#include "errors.h"
#include "files.h"
#include "foreign_file.h"
#include "map_file.h"
#include "numpy_file.h"
#include "option_values.h"
#include "recognise.h"
#include "results.h"
#include "verify.h"

#include <algorithm>
#include <memory>

namespace mote::cli {

namespace {

constexpr float agreement = 1e-5f; /* of the greatest logit: some roundings of float32, in another order of sums */

struct ConvertOptions {
    std::string weights, output, key, map, vocab, corpus, boundary, verify;
    std::optional<uint32_t> activation;
    Orientation orientation;
    RecogniseOptions recognise;
    bool lines = false, json = false, has_boundary = false;
    float tolerance = agreement;
};

/* What goes wrong with what a file holds is told with its path. */
template <typename F> auto in_file(const std::string &path, F f) -> decltype(f()) {
    try {
        return f();
    } catch (const Failure &failure) {
        throw Failure(path + ": " + failure.what());
    }
}

void check_options(const ConvertOptions &options) {
    if (options.vocab.empty() == options.corpus.empty())
        throw UsageError("give one of --vocab, the tokens, and --corpus, whose sorted characters they are");
    if (options.lines && options.corpus.empty()) throw UsageError("--lines: goes with --corpus");
    if (options.has_boundary && options.vocab.empty()) throw UsageError("--boundary: goes with --vocab");
    if (!options.map.empty() && options.recognise.zero_bias)
        throw UsageError("--zero-bias: in a map null stands for zeros");
    for (const std::string &name : options.orientation.turned) {
        const std::vector<std::string> &as_is = options.orientation.as_is;
        if (std::find(as_is.begin(), as_is.end(), name) != as_is.end())
            throw UsageError("--transpose " + name + ": --as-is says the opposite");
    }
    for (const std::string &input : {options.weights, options.map, options.vocab, options.verify}) {
        if (!input.empty() && same_file(input, options.output))
            throw UsageError("--output " + options.output + ": is what is to be read");
    }
}

/* How many tokens the file's own shapes speak of, as far as names tell: a text of characters may have a line feed more.
 */
uint64_t characters_of(const ForeignFile &file, const Assignment &found) {
    for (const char *name : {"bias_out", "embedding", "logits", "weight_out"}) {
        for (const Assigned &part : found.parts) {
            if (part.name != name || part.terms.empty()) continue;
            const ForeignTensor &tensor = tensor_named(file, part.terms[0].tensor);
            return part.name == "bias_out" ? tensor.count() : tensor.shape.empty() ? 0 : tensor.shape[0];
        }
    }
    return 0;
}

TokenOrder order_of(const ConvertOptions &options, uint64_t expected) {
    if (!options.corpus.empty()) return order_of_corpus(options.corpus, options.lines);
    std::optional<std::string> boundary;
    if (options.has_boundary) boundary = options.boundary;
    std::string text = read_text(options.vocab);
    return in_file(options.vocab,
                   [&] { return order_tokens(tokens_of(options.vocab, std::move(text), expected), boundary); });
}

Assignment assignment_of(const ConvertOptions &options, const ForeignFile &file) {
    Assignment found = options.map.empty() ? recognise(file, options.recognise) : read_map(options.map);
    if (options.activation) found.activation = *options.activation;
    if (!options.map.empty())
        found.ignored.insert(found.ignored.end(), options.recognise.ignored.begin(), options.recognise.ignored.end());
    return found;
}

Verified verified(const ConvertOptions &options, const Assembled &made, const TokenOrder &order) {
    std::string bytes = read_text(options.verify);
    Verified result = in_file(options.verify, [&] { return verify(read_npz(bytes), made.model, order); });
    if (!(result.relative() <= static_cast<double>(options.tolerance)))
        throw Failure(
            formatted("%s: the logits differ by %.3g at %s, %.2g of the greatest, %.3g; at most %.2g is agreed",
                      options.verify.c_str(), result.greatest_difference, result.where.c_str(), result.relative(),
                      result.greatest_logit, static_cast<double>(options.tolerance)));
    return result;
}

void save(const ConvertOptions &options, const Assembled &made, const mote_config &config) {
    OwnArena scratch(mote_scratch_bytes(&config));
    OutputFile output(options.output);
    check(mote_model_save(made.model, nullptr, 0, scratch.get(), OutputFile::write_callback, &output), options.output);
    output.commit();
}

void run(const ConvertOptions &options) {
    check_options(options);
    check_writable(options.output);
    ForeignFile file = read_foreign(options.weights, options.key);
    Assignment found = options.map.empty() ? in_file(options.weights, [&] { return assignment_of(options, file); })
                                           : assignment_of(options, file);
    TokenOrder order = order_of(options, characters_of(file, found));
    Plan plan =
        in_file(options.weights, [&] { return make_plan(file, found, order.code_points.size(), options.orientation); });
    Assembled made = in_file(options.weights, [&] { return assemble(plan, order); });
    Json report = convert_report(file, found, plan, made);
    if (!options.verify.empty()) add_verified(report, verified(options, made, order));
    save(options, made, plan.config);
    if (options.output == "/dev/stdout") print_line(""); /* a model does not end its line */
    if (options.json) {
        print_json(report);
    } else {
        print_convert_report(report);
    }
}

void add_convert_options(CLI::App &app, ConvertOptions &options) {
    add_path(app, "W", options.weights, "", "the weights: .safetensors, .npz, a folder of .npy, .onnx, .pt or .pth")
        ->required();
    add_path(app, "-o,--output", options.output, "M.mote", "where the model goes")->required();
    add_path(app, "--vocab", options.vocab, "FILE",
             "the tokens in their order: .json (stoi, itos or a list) or a text of characters");
    add_path(app, "--corpus", options.corpus, "FILE", "its different characters, sorted, are the tokens");
    app.add_flag("--lines", options.lines, "with --corpus: token 0 is the boundary of lines, which are items");
    add_text(app, "--boundary", options.boundary, "TOKEN", "with --vocab: the token that stands between items")
        ->default_str("none");
    add_choice(app, "--activation", options.activation, {{"tanh", MOTE_TANH}, {"relu", MOTE_RELU}},
               "the file's, or tanh", "of hidden layers");
    add_text(app, "--key", options.key, "NAME", "of a PyTorch file that holds more: where the state_dict is")
        ->default_str("all of it");
    add_path(app, "--map", options.map, "FILE.json", "which tensor is what, where the names do not tell");
    app.add_option("--transpose", options.orientation.turned,
                   "a matrix that lies [in][out], where its shape leaves it open")
        ->type_name("NAME")
        ->allow_extra_args(false);
    app.add_option("--as-is", options.orientation.as_is, "a matrix that lies [out][in], where its shape leaves it open")
        ->type_name("NAME")
        ->allow_extra_args(false);
    app.add_option("--ignore", options.recognise.ignored, "a tensor that is to be left out")
        ->type_name("NAME")
        ->allow_extra_args(false);
    app.add_flag("--zero-bias", options.recognise.zero_bias, "layers without a bias have none, it is not missing");
    add_path(app, "--verify", options.verify, "FILE.npz",
             "compare with logits that the framework computed (mote_verify.py)");
    add_real(app, "--tolerance", options.tolerance, {0x1p-40f, 1}, "of --verify, times the greatest logit");
    app.add_flag("--json", options.json, "one JSON object as the last line of stdout");
}

} // namespace

Command convert_command(CLI::App &program) {
    CLI::App *app = program.add_subcommand("convert", "Make a model of weights that another framework trained");
    auto options = std::make_shared<ConvertOptions>();
    add_convert_options(*app, *options);
    return {app, [app, options] {
                options->has_boundary = app->count("--boundary") > 0;
                run(*options);
            }};
}

} // namespace mote::cli
