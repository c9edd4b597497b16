#include "left_out.h"

#include "errors.h"
#include "harmless_tensors.h"
#include "name_words.h"

#include <algorithm>
#include <set>

namespace mote::cli {

namespace {

using Names = std::set<std::string>;

/* Weights and their running average are two models. Of a pair one may be left out where the same is done with all the
 * others, so that the two are not mixed. */
bool are_averages_left_out_alike(const ForeignFile &file, const Names &ignored) {
    std::set<bool> sides; /* whether the average is the one that is left out */
    for (const ForeignTensor &tensor : file.tensors) {
        const ForeignTensor *of = averaged_tensor(file, tensor);
        if (of == nullptr) continue;
        bool average = ignored.count(tensor.name) != 0, weights = ignored.count(of->name) != 0;
        if (average == weights) return false;
        sides.insert(average);
    }
    return sides.size() == 1;
}

/* The weights whose running average is taken instead of them. */
Names replaced_by_averages(const ForeignFile &file, const Names &ignored) {
    Names replaced;
    if (!are_averages_left_out_alike(file, ignored)) return replaced;
    for (const ForeignTensor &tensor : file.tensors) {
        const ForeignTensor *of = averaged_tensor(file, tensor);
        if (of != nullptr && ignored.count(tensor.name) == 0) replaced.insert(of->name);
    }
    return replaced;
}

[[noreturn]] void refuse(const ForeignTensor &tensor, const TensorRole &role) {
    std::string option = "--ignore " + shell_word(tensor.name) + ": ";
    if (role.effect == Effect::computes)
        throw Failure(option + refusal_text(tensor, role) +
                      "; it is left out only with --verify FILE.npz, which proves "
                      "that the model computes the same without it");
    throw Failure(option + "nothing tells what tensor \"" + tensor.name + "\" " + shape_text(tensor.shape) +
                  " does: --verify FILE.npz (tools/python/mote_verify.py) proves that the model computes the same "
                  "without it, --unverified takes your word for it");
}

bool is_plain_layer(const ForeignTensor &tensor) {
    NameParts parts(tensor.name);
    return (parts.parameter == "weight" && tensor.shape.size() == 2) ||
           (parts.parameter == "bias" && tensor.shape.size() == 1);
}

/* The largest module around the tensor that holds more of them and nothing else; else the tensor's own name. */
std::string shortest_word(const ForeignFile &file, const Names &harmless, const std::string &name) {
    for (size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', dot + 1)) {
        size_t inside = 0, known = 0;
        for (const ForeignTensor &other : file.tensors) {
            if (other.name.compare(0, dot + 1, name, 0, dot + 1) != 0) continue;
            ++inside;
            known += harmless.count(other.name);
        }
        if (inside > 1 && inside == known) return shell_word(name.substr(0, dot));
    }
    return shell_word(name);
}

std::string advice(const ForeignFile &file, const std::vector<LeftOut> &harmless) {
    Names names;
    for (const LeftOut &tensor : harmless) names.insert(tensor.name);
    std::vector<std::string> words;
    for (const LeftOut &tensor : harmless) {
        std::string word = shortest_word(file, names, tensor.name);
        if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
    }
    std::string text = "--ignore";
    for (const std::string &word : words) text += " " + word;
    return text;
}

} // namespace

std::vector<LeftOut> left_out(const ForeignFile &file, const std::vector<std::string> &ignored, Proof proof) {
    Names names(ignored.begin(), ignored.end()), replaced = replaced_by_averages(file, names);
    std::vector<LeftOut> all;
    for (const std::string &name : ignored) {
        const ForeignTensor &tensor = tensor_named(file, name);
        TensorRole role = role_of(file, tensor);
        if (replaced.count(name) != 0) role = {Effect::nothing, "not used, since its running average (EMA) is", ""};
        if (const ForeignTensor *of = averaged_tensor(file, tensor); of != nullptr && names.count(of->name) != 0)
            role = {};
        if (role.effect != Effect::nothing && proof == Proof::none) refuse(tensor, role);
        all.push_back({name, role});
    }
    return all;
}

void check_unused(const ForeignFile &file, const std::vector<std::string> &ignored, Proof proof) {
    constexpr size_t most_tensors = 1000; /* each is looked at beside each other */
    if (file.tensors.size() > most_tensors) return;
    Names names(ignored.begin(), ignored.end()), replaced = replaced_by_averages(file, names);
    std::vector<LeftOut> harmless;
    for (const ForeignTensor &tensor : file.tensors) {
        if (names.count(tensor.name) != 0 || !tensor.unusable.empty()) continue; /* which recognise refuses by itself */
        TensorRole role = role_of(file, tensor);
        if (role.effect == Effect::computes && (proof == Proof::none || !is_plain_layer(tensor)))
            throw Failure(refusal_text(tensor, role));
        bool kept = averaged_tensor(file, tensor) != nullptr && !replaced.empty();
        if (role.effect == Effect::nothing && !kept) harmless.push_back({tensor.name, role});
    }
    if (harmless.empty()) return;
    auto is_average = [&](const LeftOut &tensor) {
        return averaged_tensor(file, tensor_named(file, tensor.name)) != nullptr;
    };
    auto told = std::find_if(harmless.begin(), harmless.end(), is_average);
    if (told == harmless.end()) told = harmless.begin();
    bool several = harmless.size() > 1;
    throw Failure("tensor \"" + told->name + "\" " + shape_text(tensor_named(file, told->name).shape) + " is " +
                  told->role.what + " and does nothing when the model runs" +
                  (several ? ", like " + std::to_string(harmless.size() - 1) + " more" : "") + ": " +
                  advice(file, harmless) + " leaves " + (several ? "them" : "it") + " out" +
                  (is_average(*told) ? "; whoever wants the average leaves out the weights instead" : ""));
}

} // namespace mote::cli
