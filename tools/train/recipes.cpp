#include "recipes.h"

#include "errors.h"

#include <algorithm>
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

/* Options of the recipes for messages, which differ in size, steps and what keeps them from learning by heart. */
std::vector<std::string> for_messages(const char *sizes) {
    std::vector<std::string> list =
        words("--model gru --layers 1 --activation tanh --init uniform --init-scale 1 --lines --batch 64 --time 32 "
              "--order stream --state carry --loss mean --split 90/10 --optimizer adamw --lr 0.003 --beta1 0.9 "
              "--beta2 0.999 --eps 1e-8 --schedule cosine --warmup 100 --lr-factor 0.02 --clip-value 0 --clip-norm 1");
    for (std::string &word : words(sizes)) list.push_back(std::move(word));
    return list;
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
        {"bigram-counts", "which character follows which, by counting",
         words("--model bigram --count --smoothing 1 --lines")},
        {"bigram-softmax", "the same learned: one layer, all pairs in one batch",
         words("--model bigram --init normal --init-scale 1 --lines --batch full --steps 200 --loss mean "
               "--optimizer sgd --lr 50 --schedule constant --warmup 0 --clip-value 0 --clip-norm 0")},
        {"bigram-embedding", "a bigram in mini-batches of random chunks",
         words(
             "--model bigram --init normal --init-scale 1 --batch 32 --time 8 --order random --steps 5000 --loss mean "
             "--split 90/10 --optimizer adamw --lr 0.001 --beta1 0.9 --beta2 0.999 --eps 1e-8 --decay 0.01 "
             "--schedule constant --warmup 0 --clip-value 0 --clip-norm 0 --eval-every 500 --eval-batches 200")},
        {"trigram-mlp", "an MLP after Bengio et al. on three characters, in a thousand steps",
         words("--model mlp --context 3 --embed 2 --hidden 300 --layers 1 --activation tanh --init normal "
               "--init-scale 1 --init-bias 1 --init-embed 1 --lines --batch 32 --time 1 --order random --steps 1000 "
               "--loss mean --split 80/10/10 --optimizer sgd --lr 0.1 --schedule constant --warmup 0 --clip-value 0 "
               "--clip-norm 0")},
        {"trigram-mlp-scaled", "the same with initial weights scaled to the width of their layer",
         words("--model mlp --context 3 --embed 2 --hidden 300 --layers 1 --activation tanh --init uniform "
               "--init-scale 1 --init-bias 1 --init-embed 1 --lines --batch 32 --time 1 --order random --steps 1000 "
               "--loss mean --split 80/10/10 --optimizer sgd --lr 0.1 --schedule constant --warmup 0 --clip-value 0 "
               "--clip-norm 0")},
        {"bengio-mlp", "trigram-mlp with 100 units, trained for a hundred thousand steps",
         words("--model mlp --context 3 --embed 2 --hidden 100 --layers 1 --activation tanh --init normal "
               "--init-scale 1 --init-bias 1 --init-embed 1 --lines --batch 32 --time 1 --order random --steps 100000 "
               "--loss mean --split 80/10/10 --optimizer sgd --lr 0.1 --schedule step --period 50000 --lr-factor 0.1 "
               "--warmup 0 --clip-value 0 --clip-norm 0")},
        {"bengio-mlp-wide", "the same with a wider embedding and 300 units",
         words("--model mlp --context 3 --embed 10 --hidden 300 --layers 1 --activation tanh --init normal "
               "--init-scale 1 --init-bias 1 --init-embed 1 --lines --batch 32 --time 1 --order random --steps 100000 "
               "--loss mean --split 80/10/10 --optimizer sgd --lr 0.1 --schedule step --period 50000 --lr-factor 0.1 "
               "--warmup 0 --clip-value 0 --clip-norm 0")},
        {"charlm", "an MLP with two hidden layers, one character at a time",
         words("--model mlp --context 8 --embed 32 --hidden 128 --layers 2 --activation relu --init xavier "
               "--init-scale 1 --init-embed 0.1 --batch 1 --time 1 --order shuffled --epochs 3 --loss mean "
               "--optimizer sgd --lr 0.01 --schedule constant --warmup 0 --clip-value 0 --clip-norm 0")},
        {"rnn-by-heart", "a short text, learned by heart",
         words("--model rnn --hidden 30 --layers 1 --embed 0 --activation tanh --init normal --init-scale 0.01 "
               "--batch 1 --time 5 --steps 50000 --order stream --state carry --loss sum "
               "--optimizer adagrad --lr 0.1 --eps 1e-8 --schedule constant --warmup 0 "
               "--clip-value 5 --clip-norm 0")},
        {"names-best", "names, as well as a minute on one core allows",
         words("--model rnn --hidden 128 --layers 2 --embed 16 --activation tanh --init uniform --init-scale 1 --lines "
               "--batch 64 --time 32 --steps 3000 --order stream --state carry --loss mean --split 80/10/10 "
               "--optimizer adamw --lr 0.004 --beta1 0.9 --beta2 0.999 --eps 1e-8 --decay 0.1 "
               "--schedule cosine --warmup 100 --lr-factor 0.02 --clip-value 0 --clip-norm 1")},
        {"shakespeare-best", "a text of a million characters, as well as five minutes on one core allow",
         words("--model rnn --hidden 256 --layers 2 --embed 0 --activation tanh --init uniform --init-scale 1 "
               "--batch 32 --time 64 --steps 3500 --order stream --state carry --loss mean --split 90/10 "
               "--optimizer adamw --lr 0.003 --beta1 0.9 --beta2 0.999 --eps 1e-8 --decay 0.1 "
               "--schedule cosine --warmup 100 --lr-factor 0.02 --clip-value 0 --clip-norm 1")},
        {"names-gru", "names in the time of names-best, by a GRU with three fifths of its parameters",
         words("--model gru --hidden 92 --layers 1 --embed 16 --init uniform --init-scale 1 --lines "
               "--batch 32 --time 32 --steps 8000 --order stream --state carry --loss mean --split 80/10/10 "
               "--optimizer adamw --lr 0.01 --beta1 0.9 --beta2 0.999 --eps 1e-8 --decay 0.1 "
               "--schedule cosine --warmup 100 --lr-factor 0.02 --clip-value 0 --clip-norm 1")},
        {"shakespeare-gru", "shakespeare-best by a GRU with three fifths of its parameters",
         words("--model gru --hidden 175 --layers 1 --embed 0 --init uniform --init-scale 1 "
               "--batch 32 --time 64 --steps 5500 --order stream --state carry --loss mean --split 90/10 "
               "--optimizer adamw --lr 0.005 --beta1 0.9 --beta2 0.999 --eps 1e-8 --decay 0.1 "
               "--schedule cosine --warmup 100 --lr-factor 0.02 --clip-value 0 --clip-norm 1")},
        {"messages", "short messages for mote compress, as well as some minutes on one core allow",
         for_messages("--hidden 256 --embed 32 --vocab-size 256 --steps 6000 --decay 0.3")},
        {"messages-64k", "the same, as well as 64 KB of flash allow, with --quantize 4 --steps 36000 afterwards",
         for_messages("--hidden 128 --embed 32 --vocab-size 240 --steps 30000 --decay 0.1")},
        {"messages-256k", "256 KB of flash, with --quantize 4 --steps 19200 afterwards",
         for_messages("--hidden 320 --embed 32 --vocab-size 256 --steps 16000 --decay 0.3")},
        {"messages-512k", "512 KB of flash, with --quantize 4 --steps 9600 afterwards",
         for_messages("--hidden 480 --embed 32 --vocab-size 256 --steps 8000 --decay 0.4")},
        {"demo-names", "names of its own, after the built-in corpus names, in some seconds",
         words("--model rnn --hidden 96 --layers 1 --embed 16 --activation tanh --init uniform --init-scale 1 --lines "
               "--batch 16 --time 32 --steps 8000 --order stream --state carry --loss mean --split 90/10 "
               "--optimizer adamw --lr 0.005 --beta1 0.9 --beta2 0.999 --eps 1e-8 --decay 0.1 "
               "--schedule cosine --warmup 100 --lr-factor 0.05 --clip-value 0 --clip-norm 1")},
    };
    return all;
}

/* What of a recipe gives way: its length to the user's own; in lr-find, which has a length of its own and evaluates
 * nothing, both. */
static std::vector<std::string> overridden(const std::vector<std::string> &arguments) {
    if (arguments[0] == "lr-find") return {"--steps", "--epochs", "--eval-every", "--eval-batches"};
    std::string unused;
    bool own_length =
        value_of(arguments, "--steps", unused) != nullptr || value_of(arguments, "--epochs", unused) != nullptr;
    return own_length ? words("--steps --epochs") : words("");
}

std::vector<std::string> with_recipe(const std::vector<std::string> &arguments) {
    std::string room;
    const std::string *name = value_of(arguments, "--recipe", room);
    bool takes_one = !arguments.empty() && (arguments[0] == "train" || arguments[0] == "lr-find");
    if (!takes_one || name == nullptr) return arguments;
    std::vector<std::string> all = {arguments[0]}, left_out = overridden(arguments);
    const std::vector<std::string> &options = find_recipe(*name).options;
    for (size_t i = 0; i < options.size(); ++i) {
        if (std::find(left_out.begin(), left_out.end(), options[i]) != left_out.end()) {
            ++i;
        } else {
            all.push_back(options[i]);
        }
    }
    all.insert(all.end(), arguments.begin() + 1, arguments.end());
    return all;
}

} // namespace mote::cli
