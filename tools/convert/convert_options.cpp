#include "convert_options.h"

#include "model_kinds.h"
#include "precisions.h"

#include "errors.h"
#include "files.h"

#include <algorithm>

namespace mote::cli {

namespace {

Option add_names(CommandLine app, const std::string &name, std::vector<std::string> &values, const std::string &help) {
    return app.add_option(name, values, help).type_name("NAME");
}

} // namespace

void check_orientation(const Orientation &orientation) {
    for (const std::string &name : orientation.transposed) {
        if (std::find(orientation.as_is.begin(), orientation.as_is.end(), name) != orientation.as_is.end())
            throw UsageError("--transpose " + name + ": --as-is says the opposite");
    }
}

void check_options(const ConvertOptions &options) {
    if (options.vocab.empty() == options.corpus.empty())
        throw UsageError("give one of --vocab, the tokens, and --corpus, whose sorted characters they are");
    if (options.lines && options.corpus.empty()) throw UsageError("--lines: goes with --corpus");
    if (options.has_boundary && options.vocab.empty()) throw UsageError("--boundary: goes with --vocab");
    if (!options.map.empty() && options.recognise.zero_bias)
        throw UsageError("--zero-bias: in a map null stands for zeros");
    if (options.unverified && !options.verify.empty())
        throw UsageError("--unverified: --verify proves what it would take your word for");
    for (const std::string &input : {options.weights, options.map, options.vocab, options.verify}) {
        if (!input.empty() && same_file(input, options.output))
            throw UsageError("--output " + options.output + ": is what is to be read");
    }
}

void add_convert_options(CommandLine app, ConvertOptions &options) {
    add_path(app, "W", options.weights, "", "the weights: .safetensors, .npz, a folder of .npy, .onnx, .pt or .pth")
        .required();
    add_path(app, "-o,--output", options.output, "M.mote", "where the model goes").required();
    add_path(app, "--vocab", options.vocab, "FILE",
             "the tokens in their order: .json (stoi, itos or a list) or a text of characters");
    add_path(app, "--corpus", options.corpus, "FILE", "its different characters, sorted, are the tokens");
    app.add_flag("--lines", options.lines, "with --corpus: token 0 is the boundary of lines, which are items");
    add_text(app, "--boundary", options.boundary, "TOKEN", "with --vocab: the token that stands between items")
        .default_str("none");
    add_choice(app, "--activation", options.activation, activation_choices(),
               "the file's, or the one that --verify finds; of an RNN tanh", "of hidden layers");
    add_text(app, "--key", options.key, "NAME", "of a PyTorch file that holds more: where the state_dict is")
        .default_str("all of it");
    add_path(app, "--map", options.map, "FILE.json", "which tensor is what, where the names do not tell");
    add_names(app, "--transpose", options.orientation.transposed,
              "matrices that lie [in][out], where their shape leaves it open");
    add_names(app, "--as-is", options.orientation.as_is,
              "matrices that lie [out][in], where their shape leaves it open");
    add_names(app, "--ignore", options.recognise.ignored,
              "tensors that are to be left out: names, modules, or patterns with *");
    app.add_flag("--zero-bias", options.recognise.zero_bias, "layers without a bias have none, it is not missing");
    add_path(app, "--verify", options.verify, "FILE.npz",
             "compare with logits that the framework computed (mote_verify.py)");
    add_real(app, "--tolerance", options.tolerance, {0x1p-40f, 1}, "of --verify, times the greatest logit");
    app.add_flag("--unverified", options.unverified,
                 "leave out also what may change the model, without the proof that --verify is");
    Option other;
    for (uint32_t precision : {MOTE_PRECISION_INT8, MOTE_PRECISION_INT4}) {
        const PrecisionName &name = precision_name(precision);
        const Option flag = app.add_flag_callback(
            std::string("--") + name.part, [&options, precision] { options.precision = precision; },
            std::string("weights of ") + name.words + ", as mote quantize makes them, measured on --corpus if given");
        if (other) flag.excludes(other);
        other = flag;
    }
    app.add_flag("--json", options.json, "one JSON object as the last line of stdout");
}

} // namespace mote::cli
