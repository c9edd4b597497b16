#include "names.h"

#include "errors.h"

#include <algorithm>
#include <cctype>
#include <map>

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

bool ends_with(const std::string &text, const std::string &end) {
    return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
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

/* What a tensor that no supported model has speaks of. */
std::string suspicion(const ForeignTensor &tensor) {
    static const std::pair<const char *, const char *> known[] = {
        {"running_mean", "a normalisation over batches"},
        {"running_var", "a normalisation over batches"},
        {"num_batches_tracked", "a normalisation over batches"},
        {"bnmean", "a normalisation over batches"},
        {"bnstd", "a normalisation over batches"},
        {"bngain", "a normalisation over batches"},
        {"bnbias", "a normalisation over batches"},
        {"in_proj", "attention"},
        {"attn", "attention"},
        {"weight_hr", "an LSTM with projections"},
        {"conv", "a convolution"}};
    for (const auto &[part, what] : known) {
        if (tensor.name.find(part) != std::string::npos) return what;
    }
    if (tensor.shape.size() > 2) return "a convolution, or something else with " + shape_text(tensor.shape);
    return "";
}

[[noreturn]] void refuse(const ForeignTensor &tensor, const std::string &why) {
    throw Failure("tensor \"" + tensor.name + "\" " + why);
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
        std::string stem, what;
        bool plain = (split_word(name, "weight", stem) && tensor.shape.size() == 2) ||
                     (split_word(name, "bias", stem) && tensor.shape.size() == 1);
        if (!plain) what = suspicion(tensor);
        if (!what.empty()) refuse(tensor, "is of " + what + ", which mote does not have");
        bool weight = split_word(name, "weight", stem);
        if (weight && tensor.shape.size() == 2) {
            layer_named(stem).weight = name;
        } else if (weight) {
            refuse(tensor,
                   "has shape " + shape_text(tensor.shape) + ", as of a normalisation, which mote does not have");
        } else if (split_word(name, "bias", stem)) {
            layer_named(stem).bias = name;
        } else {
            refuse(tensor,
                   shape_text(tensor.shape) + " is of no model that is known by its names; --map says what it is");
        }
    }
    for (const Layer &layer : layers) {
        if (layer.weight.empty()) throw Failure("tensor \"" + layer.bias + "\" has no weight beside it");
    }
    std::sort(layers.begin(), layers.end(), [](const Layer &a, const Layer &b) { return before(a.stem, b.stem); });
    return layers;
}

} // namespace mote::cli
