#include "harmless_tensors.h"

#include "assignment.h"
#include "name_words.h"

#include <algorithm>
#include <cmath>

namespace mote::cli {

namespace {

const std::vector<const char *> &words_of_averages() {
    static const std::vector<const char *> words = {"ema", "shadow", "swa", "polyak"};
    return words;
}

TensorRole nothing(const std::string &what) { return {Effect::nothing, what, ""}; }

bool is_number(const ForeignTensor &tensor) { return tensor.dtype != Dtype::other && tensor.count() == 1; }

bool is_whole_number(const ForeignTensor &tensor) {
    return is_number(tensor) && tensor.at(0) >= 0 && std::floor(tensor.at(0)) == tensor.at(0);
}

/* One whole number alone is surely no weight. */
TensorRole of_counter(const ForeignTensor &tensor, const NameParts &parts) {
    static const std::vector<const char *> counters = {"step",       "steps",    "iter",   "iters",     "iteration",
                                                       "iterations", "epoch",    "epochs", "counter",   "count",
                                                       "updates",    "averaged", "seen",   "batch_idx", "it"};
    static const std::vector<const char *> statistics = {
        "lr",        "learning_rate", "loss",          "best_loss", "val_loss",  "train_loss", "dev_loss",
        "test_loss", "smooth_loss",   "best_val_loss", "seed",      "ema_decay", "initted",    "wall_time"};
    if (is_whole_number(tensor) && (any_of(parts.parameter_words, counters))) return nothing("a counter of training");
    bool of_average = is_one_of(parts.parameter, {"decay"}) && any_of(parts.module_words, words_of_averages());
    if (is_number(tensor) && (of_average || is_one_of(parts.parameter, statistics)))
        return nothing("a number of training");
    return {};
}

/* One size twice, others 1: [T, T] or [1, 1, T, T]. */
bool is_square(const ForeignTensor &tensor) {
    size_t dimensions = tensor.shape.size();
    if (dimensions < 2 || tensor.shape[dimensions - 1] != tensor.shape[dimensions - 2]) return false;
    uint64_t size = tensor.shape.back();
    return size > 1 && tensor.count() == size * size;
}

/* One value up to the diagonal and another above it, of which one is 0 or 1. */
bool is_triangle(const ForeignTensor &tensor) {
    uint64_t size = tensor.shape.back();
    double kept = tensor.at(0), hidden = tensor.at(1);
    if (kept == hidden || (kept != 0 && kept != 1)) return false;
    for (uint64_t i = 0; i < tensor.count(); ++i) {
        if (tensor.at(i) != (i % size <= i / size ? kept : hidden)) return false;
    }
    return true;
}

/* Another matrix of this shape might be what it masks. */
bool has_shape_of_another(const ForeignFile &file, const ForeignTensor &tensor) {
    uint64_t size = tensor.shape.back();
    return std::any_of(file.tensors.begin(), file.tensors.end(), [&](const ForeignTensor &other) {
        return &other != &tensor && is_real(other.dtype) && other.shape.size() == 2 && other.shape[0] == size &&
               other.shape[1] == size;
    });
}

TensorRole of_causal_mask(const ForeignFile &file, const ForeignTensor &tensor, const NameParts &parts) {
    static const std::vector<const char *> words = {"mask", "masks", "causal", "tril", "triu", "masked"};
    bool named = any_of(parts.parameter_words, words) || any_of(parts.module_words, words);
    if (!named || tensor.dtype == Dtype::other || !is_square(tensor) || !is_triangle(tensor)) return {};
    if (has_shape_of_another(file, tensor)) return {};
    return nothing("a causal mask");
}

TensorRole of_positions(const ForeignTensor &tensor, const NameParts &parts) {
    bool named = any_of(parts.parameter_words, {"position", "positions", "pos", "arange", "ids", "indices"});
    if (!named || !is_whole(tensor.dtype) || tensor.shape.empty() || tensor.shape.back() != tensor.count()) return {};
    for (uint64_t i = 0; i < tensor.count(); ++i) {
        if (tensor.at(i) != static_cast<double>(i)) return {};
    }
    return nothing("a list of places (0, 1, 2 …)");
}

bool all_at_least_zero(const ForeignTensor &tensor) {
    if (!is_real(tensor.dtype)) return false;
    for (uint64_t i = 0; i < tensor.count(); ++i) {
        if (!(tensor.at(i) >= 0)) return false;
    }
    return true;
}

TensorRole of_criterion(const ForeignTensor &tensor, const std::string &name, const NameParts &parts) {
    static const std::vector<const char *> criteria = {"criterion", "loss",    "loss_fn",       "loss_func", "lossfn",
                                                       "loss_f",    "ce_loss", "cross_entropy", "objective", "nll"};
    bool of_loss = components_of(name).size() > 1 && is_one_of(parts.module, criteria) &&
                   is_one_of(parts.parameter, {"weight", "pos_weight", "weights", "class_weight", "class_weights"});
    bool by_class = is_one_of(parts.parameter, {"class_weight", "class_weights", "token_weights", "loss_weight",
                                                "loss_weights", "ce_weight"});
    if ((!of_loss && !by_class) || tensor.shape.size() > 1 || !all_at_least_zero(tensor)) return {};
    return nothing("the weights of classes in a loss");
}

bool is_of_zeros_and_ones(const ForeignTensor &tensor) {
    for (uint64_t i = 0; i < tensor.count(); ++i) {
        if (tensor.at(i) != 0 && tensor.at(i) != 1) return false;
    }
    return true;
}

/* min-char-rnn's sums of squares for Adagrad. Of zeros and ones it might be a mask. */
bool is_adagrad_sum(const ForeignFile &file, const ForeignTensor &tensor) {
    if (!is_one_of(tensor.name, {"mWxh", "mWhh", "mWhy", "mbh", "mby"}) || !has_tensor(file, tensor.name.substr(1)))
        return false;
    return tensor_named(file, tensor.name.substr(1)).shape == tensor.shape && all_at_least_zero(tensor) &&
           !is_of_zeros_and_ones(tensor);
}

TensorRole of_optimizer(const ForeignFile &file, const ForeignTensor &tensor, const NameParts &parts) {
    std::vector<std::string> components = components_of(tensor.name);
    static const std::vector<const char *> first = {
        "optimizer", "optim",        "optimizer_state", "optimizer_states", "optimizer_state_dict",
        "scheduler", "lr_scheduler", "grad_scaler"};
    static const std::vector<const char *> last = {"exp_avg", "exp_avg_sq", "max_exp_avg_sq", "momentum_buffer",
                                                   "square_avg"};
    bool of_it = (components.size() > 1 && is_one_of(components[0], first)) || is_one_of(parts.parameter, last);
    return of_it || is_adagrad_sum(file, tensor) ? nothing("the state of an optimizer") : TensorRole();
}

TensorRole of_tokens(const ForeignTensor &tensor, const NameParts &parts) {
    /* NumPy's types of text and of Python objects; a complex number would be a weight. */
    const std::string &type = tensor.dtype_name; /* "<U1", "|O" */
    bool text = tensor.dtype == Dtype::other && type.size() > 1 &&
                std::string("<>|=").find(type[0]) != std::string::npos &&
                std::string("USO").find(type[1]) != std::string::npos;
    bool named = is_one_of(parts.parameter, {"chars", "vocab", "stoi", "itos", "char_to_ix", "ix_to_char", "tokens",
                                             "vocabulary", "characters"});
    if (text) return nothing("of text or objects");
    if (named && is_whole(tensor.dtype) && tensor.shape.size() <= 1)
        return nothing("a list of tokens, as --vocab gives them,");
    return {};
}

/* --- running averages --- */

bool is_of_average(const std::string &name) {
    std::vector<std::string> components = components_of(name);
    return std::any_of(components.begin(), components.end(),
                       [](const std::string &component) { return any_of(words_of(component), words_of_averages()); });
}

std::string without_dots(std::string text) {
    text.erase(std::remove(text.begin(), text.end(), '.'), text.end());
    return text;
}

/* What follows the component that names an average, and what stands there in its place in the model. */
std::string behind_average(const std::string &name) {
    std::vector<std::string> components = components_of(name);
    size_t at = 0;
    while (at < components.size() && !any_of(words_of(components[at]), words_of_averages())) ++at;
    for (++at; at + 1 < components.size() && is_one_of(components[at], {"module", "model", "params"});) ++at;
    std::string rest;
    for (; at < components.size(); ++at) rest += (rest.empty() ? "" : ".") + components[at];
    return rest;
}

/* "fc.weight_ema" without its end. */
std::string without_end(const std::string &name) {
    for (const char *end : {"_ema", "_shadow", "_swa"}) {
        std::string text = end;
        if (name.size() > text.size() && name.compare(name.size() - text.size(), text.size(), text) == 0)
            return name.substr(0, name.size() - text.size());
    }
    return "";
}

/* Whether the last components of a name are `end`, in which the dots may be missing. */
bool ends_components(const std::string &name, const std::string &end) {
    for (size_t at = 0; at != std::string::npos; at = name.find('.', at + 1)) {
        std::string last = name.substr(at == 0 ? 0 : at + 1);
        if (last == end || without_dots(last) == end) return true;
    }
    return false;
}

} // namespace

const ForeignTensor *averaged_tensor(const ForeignFile &file, const ForeignTensor &tensor) {
    if (!is_of_average(tensor.name) || !is_real(tensor.dtype)) return nullptr;
    std::string rest = behind_average(tensor.name), stem = without_end(tensor.name);
    for (const ForeignTensor &other : file.tensors) {
        if (other.shape != tensor.shape || is_of_average(other.name)) continue;
        bool same = (!stem.empty() && other.name == stem) || (!rest.empty() && ends_components(other.name, rest));
        if (same) return &other;
    }
    return nullptr;
}

TensorRole harmless_role(const ForeignFile &file, const ForeignTensor &tensor) {
    NameParts parts(tensor.name);
    if (tensor.count() == 0) return nothing("empty");
    if (const ForeignTensor *of = averaged_tensor(file, tensor); of != nullptr)
        return nothing("a running average (EMA) of \"" + of->name + "\", which mote takes,");
    if (tensor.count() > most_looked_at) return {};
    for (const TensorRole &role :
         {of_counter(tensor, parts), of_causal_mask(file, tensor, parts), of_positions(tensor, parts),
          of_criterion(tensor, tensor.name, parts), of_optimizer(file, tensor, parts), of_tokens(tensor, parts)}) {
        if (role.effect != Effect::unknown) return role;
    }
    return {};
}

} // namespace mote::cli
