#include "recognise.h"

#include "errors.h"
#include "recognise_list.h"
#include "recognise_torch.h"

#include "mote.h"

#include <algorithm>

namespace mote::cli {

namespace {

constexpr const char *supported =
    "known are nn.RNN or nn.GRU with nn.Linear behind it, perhaps nn.Embedding before it; nn.Embedding with two "
    "nn.Linear or "
    "more; "
    "nn.Embedding alone; min-char-rnn's Wxh Whh Why bh by; makemore's C W1 b1 W2 b2; --map says what anything else is";

/* 16 layers have 4 each in an nn.RNN or an nn.GRU; beyond that, names are not worth being looked through. */
constexpr size_t most_tensors = 100;

bool is_ignored(const RecogniseOptions &options, const std::string &name) {
    return std::find(options.ignored.begin(), options.ignored.end(), name) != options.ignored.end();
}

std::vector<std::string> names_of(const ForeignFile &file, const RecogniseOptions &options) {
    std::vector<std::string> names;
    for (const ForeignTensor &tensor : file.tensors) {
        if (is_ignored(options, tensor.name)) continue;
        check_usable(tensor);
        names.push_back(tensor.name);
    }
    return names;
}

bool all_there(const std::vector<std::string> &names, const std::vector<std::string> &wanted) {
    return std::all_of(wanted.begin(), wanted.end(), [&](const std::string &name) {
        return std::find(names.begin(), names.end(), name) != names.end();
    });
}

constexpr const char *no_bias = "; where the layer has no bias, say --zero-bias";

[[noreturn]] void refuse_missing(const std::string &name, const std::string &what, const char *otherwise = "") {
    throw Failure("tensor \"" + name + "\" of " + what + " is missing: save it, too" + otherwise);
}

/* Whether the tensors are of a family, which its first two names tell; the others then have to be there, of the biases
 * none where zeros are meant. */
bool is_family(const std::vector<std::string> &names, const std::string &what, const std::vector<std::string> &wanted,
               const std::vector<std::string> &biases, bool zero_bias) {
    if (!all_there(names, {wanted[0], wanted[1]})) return false;
    for (const std::string &name : wanted) {
        if (!all_there(names, {name})) refuse_missing(name, what);
    }
    for (const std::string &name : biases) {
        if (!all_there(names, {name}) && !zero_bias) refuse_missing(name, what, no_bias);
    }
    return true;
}

/* A bias; zeros where the file has none. */
Assigned bias_part(const std::vector<std::string> &names, const std::string &ours, const std::string &theirs) {
    if (!all_there(names, {theirs})) return {ours, {}};
    return {ours, {{theirs, {}}}};
}

/* Karpathy's min-char-rnn.py: h = tanh(Wxh x + Whh h + bh), y = Why h + by. */
Assignment min_char_rnn(const std::vector<std::string> &names) {
    Assignment found;
    found.what = "min-char-rnn";
    found.cell = MOTE_CELL_RECURRENT;
    found.activation_has_default = true;
    found.layers = 1;
    found.transposed = false;
    found.parts = {{"weight_ih_l0", {{"Wxh", {}}}},
                   {"weight_hh_l0", {{"Whh", {}}}},
                   bias_part(names, "bias_l0", "bh"),
                   {"weight_out", {{"Why", {}}}},
                   bias_part(names, "bias_out", "by")};
    return found;
}

/* Karpathy's makemore: emb = C[x], h = tanh(emb W1 + b1), … logits = h Wn + bn. */
Assignment makemore(const std::vector<std::string> &names, bool zero_bias) {
    Assignment found;
    found.what = "makemore's MLP";
    found.cell = MOTE_CELL_DENSE;
    found.transposed = true;
    found.parts.push_back({"embedding", {{"C", false}}});
    uint32_t layers = 0;
    while (all_there(names, {"W" + std::to_string(layers + 1)})) ++layers;
    for (uint32_t i = 1; i <= layers; ++i) {
        std::string end = i < layers ? "_l" + std::to_string(i - 1) : "_out", bias = "b" + std::to_string(i);
        if (!all_there(names, {bias}) && !zero_bias) refuse_missing(bias, found.what, no_bias);
        found.parts.push_back({"weight" + end, {{"W" + std::to_string(i), {}}}});
        found.parts.push_back(bias_part(names, "bias" + end, bias));
    }
    found.layers = layers - 1;
    return found;
}

} // namespace

Assignment recognise(const ForeignFile &file, const RecogniseOptions &options) {
    std::vector<std::string> names = names_of(file, options);
    if (names.empty()) throw Failure("no tensors");
    if (names.size() > most_tensors)
        throw Failure(std::to_string(names.size()) +
                      " tensors, more than any model that mote knows has; --map names those that are of the model");
    bool zero_bias = options.zero_bias || file.whole_graph;
    Assignment found;
    if (is_family(names, "min-char-rnn", {"Wxh", "Whh", "Why"}, {"bh", "by"}, zero_bias)) {
        found = min_char_rnn(names);
    } else if (is_family(names, "makemore's MLP", {"C", "W1", "W2"}, {}, zero_bias)) {
        found = makemore(names, zero_bias);
    } else if (are_positions(names)) {
        found = list_model(file, names, zero_bias);
    } else if (std::any_of(names.begin(), names.end(), is_recurrent)) {
        found = torch_rnn(file, names, zero_bias);
    } else {
        found = torch_layers(file, names, zero_bias);
    }
    if (found.cell == 0) throw Failure(std::string("no model that is known by its names; ") + supported);
    found.ignored = options.ignored;
    return found;
}

} // namespace mote::cli
