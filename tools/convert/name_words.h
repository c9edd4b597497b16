#pragma once

#include <string>
#include <vector>

namespace mote::cli {

/* A tensor's name divided at its dots and slashes: "model.bn.running_mean", "dense/kernel:0". */
std::vector<std::string> components_of(const std::string &name);

/* The words of a component, in small letters: "LayerNorm_0", "layer_norm", "layerNorm1" are all "layer", "norm". */
std::vector<std::string> words_of(const std::string &component);

bool is_one_of(const std::string &word, const std::vector<const char *> &list);
bool any_of(const std::vector<std::string> &words, const std::vector<const char *> &list);

/* What a name tells of a tensor: its parameter and the module that it is of, both in small letters, numbers passed
 * over: "layers.2.bn.0.weight" is "weight" of "bn". */
struct NameParts {
    explicit NameParts(const std::string &name);

    std::string parameter, module;
    std::vector<std::string> parameter_words, module_words, all_words;
};

/* A name as a word of a shell's command line. */
std::string shell_word(const std::string &name);

} // namespace mote::cli
