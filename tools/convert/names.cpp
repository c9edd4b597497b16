#include "names.h"

#include "affixes.h"
#include "errors.h"
#include "tensor_role.h"

#include <algorithm>

namespace mote::cli {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* The digits at `at`, without leading zeros. */
std::string number_at(const std::string &text, size_t &at) {
    std::string digits;
    for (; at < text.size() && is_digit(text[at]); ++at) {
        if (!digits.empty() || text[at] != '0') digits += text[at];
    }
    return digits;
}

/* "fc.weight" and "weight" end in the word "weight"; the stem is "fc" and "". */
bool split_word(const std::string &name, const std::string &word, std::string &stem) {
    if (name == word) {
        stem.clear();
        return true;
    }
    if (!ends_with(name, "." + word)) return false;
    stem = name.substr(0, name.size() - word.size() - 1);
    return true;
}

bool is_plain(const std::string &name, const ForeignTensor &tensor, std::string &stem) {
    return (split_word(name, "weight", stem) && tensor.shape.size() == 2) ||
           (split_word(name, "bias", stem) && tensor.shape.size() == 1);
}

/* Which names are of no layer is worth a word only where others are. */
bool is_any_known(const ForeignFile &file, const std::vector<std::string> &names) {
    return std::any_of(names.begin(), names.end(), [&](const std::string &name) {
        std::string stem;
        return is_plain(name, tensor_named(file, name), stem);
    });
}

[[noreturn]] void refuse(const ForeignFile &file, const std::vector<std::string> &names, const ForeignTensor &tensor) {
    constexpr size_t matrix = 2;
    std::string stem;
    bool known = role_of(file, tensor).effect != Effect::unknown;
    if (!known && split_word(tensor.name, "weight", stem) && tensor.shape.size() > matrix)
        throw Failure("tensor \"" + tensor.name + "\" is of a convolution, or something else with " +
                      shape_text(tensor.shape) + ", which mote does not have: train without it");
    if (!known && !is_any_known(file, names))
        throw Failure("tensor \"" + tensor.name + "\" " + shape_text(tensor.shape) +
                      " is of no model that is known by "
                      "its names; --map says what it is");
    refuse_unused(file, tensor, "a model that is known by its names");
}

/* Where a bias is alone, its layer may take its weight from the embedding. */
[[noreturn]] void refuse_lonely(const Layer &layer) {
    throw Failure("tensor \"" + layer.bias +
                  "\" has no weight beside it; where the weight is another tensor's, too "
                  "(tied weights), --map names that tensor for both, else save the whole state_dict");
}

} // namespace

bool before(const std::string &first, const std::string &second) {
    size_t i = 0, j = 0;
    while (i < first.size() && j < second.size()) {
        if (is_digit(first[i]) && is_digit(second[j])) {
            std::string left = number_at(first, i), right = number_at(second, j);
            if (left.size() != right.size()) return left.size() < right.size();
            if (left != right) return left < right;
        } else if (first[i] != second[j]) {
            return first[i] < second[j];
        } else {
            ++i;
            ++j;
        }
    }
    return first.size() - i < second.size() - j;
}

std::vector<Layer> layers_of(const ForeignFile &file, const std::vector<std::string> &names) {
    std::vector<Layer> layers;
    auto layer_named = [&](const std::string &stem) -> Layer & {
        auto same = [&](const Layer &layer) { return layer.stem == stem; };
        auto found = std::find_if(layers.begin(), layers.end(), same);
        return found != layers.end() ? *found : layers.emplace_back(Layer{stem, "", ""});
    };
    for (const std::string &name : names) {
        const ForeignTensor &tensor = tensor_named(file, name);
        std::string stem;
        if (!is_plain(name, tensor, stem)) refuse(file, names, tensor);
        Layer &layer = layer_named(stem);
        (tensor.shape.size() == 1 ? layer.bias : layer.weight) = name;
    }
    for (const Layer &layer : layers) {
        if (layer.weight.empty()) refuse_lonely(layer);
    }
    std::sort(layers.begin(), layers.end(), [](const Layer &a, const Layer &b) { return before(a.stem, b.stem); });
    return layers;
}

} // namespace mote::cli
