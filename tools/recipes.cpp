#include "recipes.h"

#include "errors.h"

#include <sstream>

namespace mote::cli {

namespace {

std::vector<std::string> words(const char *text) {
    std::istringstream stream(text);
    std::vector<std::string> list;
    for (std::string word; stream >> word;) list.push_back(word);
    return list;
}

/* The value of an option among the arguments, given as `--name value` or `--name=value`; NULL: not given. */
const std::string *value_of(const std::vector<std::string> &arguments, const std::string &name, std::string &room) {
    for (size_t i = 0; i < arguments.size() && arguments[i] != "--"; ++i) {
        if (arguments[i] == name) return i + 1 < arguments.size() ? &arguments[i + 1] : nullptr;
        if (arguments[i].rfind(name + "=", 0) == 0) return &(room = arguments[i].substr(name.size() + 1));
    }
    return nullptr;
}

const Recipe &find_recipe(const std::string &name) {
    std::string known;
    for (const Recipe &recipe : recipes()) {
        if (recipe.name == name) return recipe;
        known += (known.empty() ? "" : ", ") + std::string(recipe.name);
    }
    throw UsageError("--recipe " + name + ": there are only " + known);
}

} // namespace

const std::vector<Recipe> &recipes() {
    static const std::vector<Recipe> all = {
        {"rnn-by-heart", "a short text, learned by heart",
         words("--model rnn --hidden 30 --layers 1 --embed 0 --activation tanh --init normal --init-scale 0.01 "
               "--batch 1 --time 5 --steps 50000 --order stream --state carry --loss sum "
               "--optimizer adagrad --lr 0.1 --eps 1e-8 --schedule constant --warmup 0 "
               "--clip-value 5 --clip-norm 0")},
        {"demo-names", "names of its own, after the built-in corpus names, in some seconds",
         words("--model rnn --hidden 96 --layers 1 --embed 16 --activation tanh --init uniform --init-scale 1 --lines "
               "--batch 16 --time 32 --steps 8000 --order stream --state carry --loss mean --split 90/10 "
               "--optimizer adamw --lr 0.005 --beta1 0.9 --beta2 0.999 --eps 1e-8 --decay 0.1 "
               "--schedule cosine --warmup 100 --lr-factor 0.05 --clip-value 0 --clip-norm 1")},
    };
    return all;
}

std::vector<std::string> with_recipe(const std::vector<std::string> &arguments) {
    std::string room;
    const std::string *name = value_of(arguments, "--recipe", room);
    if (arguments.empty() || arguments[0] != "train" || name == nullptr) return arguments;
    std::string unused;
    bool own_length =
        value_of(arguments, "--steps", unused) != nullptr || value_of(arguments, "--epochs", unused) != nullptr;
    std::vector<std::string> all = {arguments[0]};
    const std::vector<std::string> &options = find_recipe(*name).options;
    for (size_t i = 0; i < options.size(); ++i) {
        if (own_length && (options[i] == "--steps" || options[i] == "--epochs")) {
            ++i;
        } else {
            all.push_back(options[i]);
        }
    }
    all.insert(all.end(), arguments.begin() + 1, arguments.end());
    return all;
}

} // namespace mote::cli
