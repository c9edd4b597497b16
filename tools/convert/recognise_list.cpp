#include "recognise_list.h"

#include "errors.h"
#include "gated_tensors.h"
#include "names.h"

#include "mote.h"

#include <algorithm>
#include <cstring>
#include <functional>

namespace mote::cli {

namespace {

using Tensors = std::vector<const ForeignTensor *>;

constexpr const char *of_savez = "arr_";

/* "3", or "1.0" of a list in a list. */
bool is_position(const std::string &text) {
    return !text.empty() && text.find_first_not_of("0123456789.") == std::string::npos;
}

bool is_matrix(const ForeignTensor &tensor) { return tensor.shape.size() == 2; }

/* A vector of this many, or a matrix of one column. */
bool is_bias(const ForeignTensor &tensor, uint64_t size) {
    bool column = tensor.shape.size() == 2 && tensor.shape[1] == 1;
    return (tensor.shape.size() == 1 || column) && tensor.shape[0] == size;
}

/* In which orientation matrices lie. */
struct Lies {
    bool transposed; /* [in][out] */
    uint64_t in(const ForeignTensor &matrix) const { return matrix.shape[transposed ? 0 : 1]; }
    uint64_t out(const ForeignTensor &matrix) const { return matrix.shape[transposed ? 1 : 0]; }
    bool is(const ForeignTensor &tensor, uint64_t outputs, uint64_t inputs) const {
        return is_matrix(tensor) && out(tensor) == outputs && in(tensor) == inputs;
    }
};

void add(Assignment &found, const std::string &name, const Tensors &terms) {
    Assigned part{name, {}};
    for (const ForeignTensor *term : terms) part.terms.push_back({term->name, {}});
    found.parts.push_back(part);
}

std::string layer_end(size_t layer, size_t layers) { return layer < layers ? "_l" + std::to_string(layer) : "_out"; }

/* C, then a matrix and a bias for each layer; or without `biases` the matrices alone. */
bool is_mlp(const Tensors &list, Lies lies, bool biases, Assignment &found) {
    size_t each = biases ? 2 : 1;
    if (list.size() < 1 + 2 * each || list.size() % each != 1 % each || !is_matrix(*list[0]) || list[0]->shape[1] == 0)
        return false;
    size_t layers = (list.size() - 1) / each - 1;
    found = {};
    found.what = lies.transposed ? "an MLP by position (C, W1, b1, W2, b2 …)" : "an MLP by position (parameters())";
    found.cell = MOTE_CELL_DENSE;
    found.layers = static_cast<uint32_t>(layers);
    found.transposed = lies.transposed;
    add(found, "embedding", {list[0]});
    uint64_t given = 0;
    for (size_t i = 0; i <= layers; ++i) {
        const ForeignTensor &weight = *list[1 + each * i];
        Tensors bias;
        if (biases) bias.push_back(list[2 + each * i]);
        if (!is_matrix(weight) || (biases && !is_bias(*bias[0], lies.out(weight)))) return false;
        uint64_t inputs = lies.in(weight);
        if (i == 0 ? inputs == 0 || inputs % list[0]->shape[1] != 0 : inputs != given) return false;
        given = lies.out(weight);
        add(found, "weight" + layer_end(i, layers), {&weight});
        add(found, "bias" + layer_end(i, layers), bias);
    }
    return given == list[0]->shape[0];
}

/* Perhaps an embedding, then for each layer two matrices and `biases` biases, then a linear layer. `gates`: 3 of an
 * nn.GRU, whose matrices are three in one. */
bool is_rnn(const Tensors &list, Lies lies, size_t biases, uint64_t gates, Assignment &found) {
    size_t each = 2 + biases, first = list.size() % each == (2 + 1) % each ? 1 : 0;
    if (list.size() < each + 2 + first || (list.size() - 2 - first) % each != 0) return false;
    size_t layers = (list.size() - 2 - first) / each, at = first;
    const ForeignTensor &last = *list[list.size() - 2];
    if (!is_matrix(last) || !is_bias(*list.back(), lies.out(last))) return false;
    uint64_t given = lies.out(last), hidden = lies.in(last);
    if (first == 1 && (!is_matrix(*list[0]) || list[0]->shape[0] != given)) return false;
    if (first == 1) given = list[0]->shape[1];
    found = {};
    found.what = gates == 3    ? "an nn.GRU by position"
                 : biases == 2 ? "an nn.RNN by position"
                               : "a SimpleRNN by position";
    found.cell = gates == 3 ? MOTE_CELL_GATED : MOTE_CELL_RECURRENT;
    found.activation_has_default = true;
    found.layers = static_cast<uint32_t>(layers);
    found.transposed = lies.transposed;
    if (first == 1) add(found, "embedding", {list[0]});
    for (size_t layer = 0; layer < layers; ++layer, at += each, given = hidden) {
        if (!lies.is(*list[at], gates * hidden, given) || !lies.is(*list[at + 1], gates * hidden, hidden)) return false;
        for (size_t i = 0; i < biases; ++i) {
            if (!is_bias(*list[at + 2 + i], gates * hidden)) return false;
        }
        if (gates == 3) {
            add_gated_layer(found, static_cast<uint32_t>(layer),
                            {{list[at]->name, list[at + 1]->name, list[at + 2]->name, list[at + 3]->name}, "rzn"});
            continue;
        }
        std::string end = "_l" + std::to_string(layer);
        add(found, "weight_ih" + end, {list[at]});
        add(found, "weight_hh" + end, {list[at + 1]});
        add(found, "bias" + end,
            {list.begin() + static_cast<std::ptrdiff_t>(at + 2),
             list.begin() + static_cast<std::ptrdiff_t>(at + each)});
    }
    add(found, "weight_out", {&last});
    add(found, "bias_out", {list.back()});
    return true;
}

/* Wxh, Whh, Why, bh, by; or without `biases` the first three. */
bool is_min_char_rnn(const Tensors &list, bool biases, Assignment &found) {
    constexpr Lies lies{false};
    constexpr size_t matrices = 3, all = 5;
    if (list.size() != (biases ? all : matrices) || !is_matrix(*list[0])) return false;
    uint64_t hidden = list[0]->shape[0], vocab = list[0]->shape[1];
    if (!lies.is(*list[1], hidden, hidden) || !lies.is(*list[2], vocab, hidden)) return false;
    if (biases && (!is_bias(*list[3], hidden) || !is_bias(*list[4], vocab))) return false;
    found = {};
    found.what = "min-char-rnn by position";
    found.cell = MOTE_CELL_RECURRENT;
    found.activation_has_default = true;
    found.layers = 1;
    found.transposed = false;
    const char *names[] = {"weight_ih_l0", "weight_hh_l0", "weight_out", "bias_l0", "bias_out"};
    for (size_t i = 0; i < all; ++i) add(found, names[i], i < list.size() ? Tensors{list[i]} : Tensors{});
    return true;
}

std::string shapes_text(const Tensors &list) {
    constexpr size_t most_told = 12;
    std::string text;
    for (size_t i = 0; i < std::min(list.size(), most_told); ++i)
        text += (i == 0 ? "" : ", ") + list[i]->name + " " + shape_text(list[i]->shape);
    return list.size() <= most_told ? text : text + " …";
}

/* Every model that the list may be. One whose matrices fit both ways round is one, of unknown orientation. */
std::vector<Assignment> fitting(const Tensors &list, bool biases) {
    const std::vector<std::function<bool(Lies, Assignment &)>> families = {
        [&](Lies lies, Assignment &found) { return is_mlp(list, lies, biases, found); },
        [&](Lies lies, Assignment &found) { return biases && !lies.transposed && is_rnn(list, lies, 2, 1, found); },
        [&](Lies lies, Assignment &found) { return biases && !lies.transposed && is_rnn(list, lies, 2, 3, found); },
        [&](Lies lies, Assignment &found) { return biases && lies.transposed && is_rnn(list, lies, 1, 1, found); },
        [&](Lies lies, Assignment &found) { return !lies.transposed && is_min_char_rnn(list, biases, found); }};
    std::vector<Assignment> all;
    for (const auto &family : families) {
        Assignment first, second;
        bool as_is = family({false}, first), transposed = family({true}, second);
        if (!as_is && !transposed) continue;
        all.push_back(transposed ? second : first);
        if (!as_is || !transposed) continue;
        all.back().transposed.reset();
    }
    return all;
}

} // namespace

bool are_positions(const std::vector<std::string> &names) {
    size_t start = !names.empty() && names[0].rfind(of_savez, 0) == 0 ? std::strlen(of_savez) : 0;
    return !names.empty() && std::all_of(names.begin(), names.end(), [&](const std::string &name) {
        return name.compare(0, start, of_savez, start) == 0 && is_position(name.substr(start));
    });
}

Assignment list_model(const ForeignFile &file, const std::vector<std::string> &names, bool zero_bias) {
    std::vector<std::string> ordered = names;
    std::sort(ordered.begin(), ordered.end(), before);
    Tensors list;
    for (const std::string &name : ordered) list.push_back(&tensor_named(file, name));
    std::vector<Assignment> all = fitting(list, true);
    if (all.empty()) {
        all = fitting(list, false);
        if (!all.empty() && !zero_bias)
            throw Failure("a list of tensors that is " + all[0].what + " without its biases (" + shapes_text(list) +
                          "); where the layers have none, say --zero-bias");
    }
    if (all.size() > 1)
        throw Failure("a list of tensors that may be " + all[0].what + " and " + all[1].what + " (" +
                      shapes_text(list) + "); --map says which, by these names");
    if (all.empty())
        throw Failure("a list of tensors in the order of no model that is known (" + shapes_text(list) +
                      "); --map says what they are, by these names");
    all[0].notes.push_back("the tensors have no names: by position and shape they are " + all[0].what);
    return all[0];
}

} // namespace mote::cli
