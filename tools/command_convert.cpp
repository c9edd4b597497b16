#include "choose.h"
#include "commands.h"
#include "container.h"
#include "convert_options.h"
#include "convert_report.h"
#include "corpus.h"
#include "errors.h"
#include "files.h"
#include "fold.h"
#include "foreign_file.h"
#include "map_file.h"
#include "model_file.h"
#include "name_pattern.h"
#include "numpy_file.h"
#include "precisions.h"
#include "quantization_report.h"

#include <algorithm>
#include <memory>

namespace mote::cli {

namespace {

/* What goes wrong with what a file holds is told with its path. */
template <typename F> auto in_file(const std::string &path, F f) -> decltype(f()) {
    try {
        return f();
    } catch (const Failure &failure) {
        throw Failure(path + ": " + failure.what());
    }
}

/* How many tokens the file's own shapes imply, as far as names show: a text of characters may have a line feed more.
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

/* `corpus`: of --corpus. */
TokenOrder order_of(const ConvertOptions &options, const std::optional<Corpus> &corpus, uint64_t expected) {
    if (corpus) return order_of_corpus(*corpus, options.lines || corpus->has_messages);
    std::optional<std::string> boundary;
    if (options.has_boundary) boundary = options.boundary;
    std::string text = read_text(options.vocab);
    return in_file(options.vocab,
                   [&] { return order_tokens(tokens_of(options.vocab, std::move(text), expected), boundary); });
}

/* A map that names a part of a tensor that was put together would leave out the other. */
void check_map(const Assignment &map, const std::vector<FoldedPart> &folded) {
    for (const Assigned &assigned : map.parts) {
        for (const Term &term : assigned.terms) {
            for (const FoldedPart &part : folded) {
                if (part.part == term.tensor)
                    throw Failure("tensor " + shown(part.part) + " is a part of " + shown(part.whole) +
                                  ", which mote computes of it and another: name " + shown(part.whole) + " in the map");
            }
        }
    }
}

/* A file's tensors, and what is to become of them. */
struct Understood {
    ForeignFile file;
    Assignment found;
    std::vector<LeftOut> left_out;
    Orientation orientation;
};

Understood understand(const ConvertOptions &options, ForeignFile file) {
    Understood all;
    std::optional<Assignment> map;
    std::vector<std::string> ignored = options.recognise.ignored;
    if (!options.map.empty()) {
        map = read_map(options.map);
        ignored.insert(ignored.end(), map->ignored.begin(), map->ignored.end());
    }
    in_file(options.weights, [&] {
        ignored = tensors_meant(file, "--ignore", ignored);
        all.left_out = left_out(file, ignored, options.proof());
        std::vector<FoldedPart> folded = fold_parts(file, ignored, options.proof() != Proof::none);
        if (map) {
            check_map(*map, folded);
        } else if (!file.whole_graph) {
            check_unused(file, ignored, options.proof());
        }
        all.orientation.transposed = matrices_meant(file, "--transpose", options.orientation.transposed);
        all.orientation.as_is = matrices_meant(file, "--as-is", options.orientation.as_is);
        check_orientation(all.orientation);
        all.found = map ? *map : recognise(file, {options.recognise.zero_bias, ignored});
        all.found.ignored = ignored;
    });
    if (options.activation) all.found.activation = *options.activation;
    all.file = std::move(file);
    return all;
}

std::optional<Expected> expected_of(const ConvertOptions &options) {
    if (options.verify.empty()) return {};
    std::string bytes = read_text(options.verify);
    return Expected{in_file(options.verify, [&] { return read_npz(bytes); }), options.verify,
                    static_cast<double>(options.tolerance)};
}

MeasuredText text_for(const ConvertOptions &options, std::optional<Corpus> &corpus, const mote_model *model) {
    if (!corpus)
        return measured_on_itself(model, options.weights,
                                  formatted("leave --%s out, and give mote quantize the model and a text by --corpus",
                                            precision_name(*options.precision).part));
    mote_vocab vocab{};
    check(mote_model_vocab(model, &vocab), options.weights);
    return measured_on(*corpus, vocab, uncut(vocab), std::nullopt, usual_limit);
}

void run(const ConvertOptions &options) {
    check_options(options);
    check_writable(options.output);
    Understood all = understand(options, read_foreign(options.weights, options.key));
    std::optional<Corpus> corpus;
    if (!options.corpus.empty()) corpus = load_corpus(options.corpus);
    TokenOrder order = order_of(options, corpus, characters_of(all.file, all.found));
    std::optional<Expected> expected = expected_of(options);
    Chosen chosen = in_file(options.weights, [&] {
        return choose(all.file, all.found, order, all.orientation, expected ? &*expected : nullptr);
    });
    Json report = convert_report(all.file, all.found, chosen, all.left_out);
    Quantized integers;
    if (options.precision) {
        MeasuredText text = text_for(options, corpus, chosen.made.model);
        integers = quantize(chosen.made.model, *options.precision, text.view(), options.weights);
        report[precision_name(*options.precision).part] = quantization_report(chosen.made.model, integers, text);
    }
    save_model(options.precision ? integers.model : chosen.made.model, nullptr, options.output);
    if (options.output == "/dev/stdout") print_line(""); /* a model does not end its line */
    if (options.json) {
        print_json(report);
    } else {
        print_convert_report(report);
        if (options.precision) print_quantization_report(report[precision_name(*options.precision).part]);
    }
}

} // namespace

Command convert_command(CommandLine program) {
    const CommandLine app = program.add_subcommand("convert", "Make a model of weights that another framework trained");
    auto options = std::make_shared<ConvertOptions>();
    add_convert_options(app, *options);
    return {app, [app, options] {
                options->has_boundary = app.count("--boundary") > 0;
                run(*options);
            }};
}

} // namespace mote::cli
