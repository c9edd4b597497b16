#include "computing_tensors.h"

#include "affixes.h"
#include "assignment.h"
#include "container.h"
#include "name_words.h"

#include <algorithm>

namespace mote::cli {

namespace {

TensorRole computes(const std::string &what, const std::string &next) { return {Effect::computes, what, next}; }

/* --- what a framework computes a weight of, each time it runs --- */

std::string module_text(const std::string &name) {
    size_t dot = name.rfind('.');
    return dot == std::string::npos ? "model" : "model." + name.substr(0, dot);
}

TensorRole parametrized(const std::string &name) {
    const std::string between = "parametrizations.";
    size_t at = name.find(between);
    std::string behind = name.substr(at + between.size());
    std::string module = at == 0 ? "model" : "model." + name.substr(0, at - 1);
    std::string parameter = behind.substr(0, behind.find('.'));
    std::string what = ends_with(name, "._u") || ends_with(name, "._v")                 ? "a spectral norm"
                       : ends_with(name, ".base")                                       ? "an orthogonal weight"
                       : ends_with(name, ".original0") || ends_with(name, ".original1") ? "a weight norm"
                                                                                        : "a parametrization";
    std::string proof = what == "a weight norm" ? ", or give --verify FILE.npz, and mote computes the weight" : "";
    return computes("of " + what + " of torch.nn.utils.parametrize",
                    "call torch.nn.utils.parametrize.remove_parametrizations(" + module + ", \"" + parameter +
                        "\") before saving" + proof);
}

/* A mask beside the parameter itself: where the parameter is zero already, it changes nothing more. */
TensorRole of_mask(const ForeignFile &file, const std::string &mask_name, const std::string &name) {
    const ForeignTensor &mask = tensor_named(file, mask_name), &parameter = tensor_named(file, name);
    bool applied = mask.shape == parameter.shape && mask.count() <= most_looked_at && mask.dtype != Dtype::other &&
                   is_real(parameter.dtype);
    for (uint64_t i = 0; applied && i < mask.count(); ++i) {
        double factor = mask.at(i), value = parameter.at(i);
        applied = factor == 1 || (factor == 0 && value == 0);
    }
    if (applied) return {Effect::nothing, "a mask whose zeros \"" + name + "\" already has", ""};
    return computes("a mask of \"" + name + "\"", "multiply the one by the other before saving");
}

TensorRole reparametrized(const ForeignFile &file, const std::string &name, const std::string &parameter) {
    auto with_end = [&](const std::string &end, const std::string &other) {
        return ends_with(parameter, end) && has_tensor(file, name.substr(0, name.size() - end.size()) + other);
    };
    std::string module = module_text(name), quoted = "\"" + name.substr(name.rfind('.') + 1) + "\"";
    auto of_parameter = [&](size_t end) { return quoted.substr(0, quoted.size() - 1 - end) + "\""; };
    bool spectral = with_end("_orig", "_u") || with_end("_u", "_orig") || with_end("_v", "_u") || with_end("_u", "_v");
    if (spectral)
        return computes("of a spectral norm", "call torch.nn.utils.remove_spectral_norm(" + module + ") before saving");
    constexpr size_t orig = 5, letter = 2;
    if (with_end("_orig", "_mask") || with_end("_mask", "_orig") || ends_with(parameter, "weight_orig") ||
        ends_with(parameter, "bias_orig"))
        return computes("of a pruned parameter",
                        "call torch.nn.utils.prune.remove(" + module + ", " + of_parameter(orig) + ") before saving");
    if (with_end("_mask", "")) return of_mask(file, name, name.substr(0, name.size() - orig));
    if (with_end("_g", "_v") || with_end("_v", "_g") || is_one_of(parameter, {"weight_g", "weight_v"}))
        return computes("of a weight norm", "call torch.nn.utils.remove_weight_norm(" + module + ", " +
                                                of_parameter(letter) + ") before saving");
    return {};
}

/* --- normalisations --- */

/* makemore's by hand, whose four names say how it is put into the layer before it. */
std::string by_hand(const ForeignFile &file) {
    for (const char *name : {"bngain", "bnbias", "bnmean_running", "bnstd_running", "W1"}) {
        if (!has_tensor(file, name)) return "";
    }
    std::string bias = has_tensor(file, "b1") ? "(b1 - bnmean_running)" : "-bnmean_running";
    return "where it is bngain * (x - bnmean_running) / bnstd_running + bnbias, put it into the layer before it and "
           "save "
           "that: b1 = " +
           bias + " * bngain / bnstd_running + bnbias, W1 = W1 * bngain / bnstd_running";
}

TensorRole normalisation(const ForeignFile &file, const std::string &what) {
    if (what != "of a batch normalisation")
        return computes(what, "mote has no such layer, and no layer of mote's computes the same: train without it");
    std::string hand = by_hand(file);
    return computes(what, !hand.empty()
                              ? hand
                              : "where it directly follows a Linear, torch.nn.utils.fusion.fuse_linear_bn_eval(linear, "
                                "bn) makes one Linear of both: save that");
}

bool is_prefixed(const std::string &parameter, const std::string &prefix) {
    static const std::vector<const char *> ends = {"gain", "gamma", "scale", "bias", "beta", "shift",
                                                   "mean", "var",   "std",   "g",    "b",    "w"};
    if (!begins_with(parameter, prefix)) return false;
    std::vector<std::string> words = words_of(parameter.substr(prefix.size()));
    return !words.empty() && is_one_of(words[0], ends);
}

bool has_running_mean(const ForeignFile &file, const std::string &name) {
    return has_tensor(file, name.substr(0, name.rfind('.') + 1) + "running_mean");
}

TensorRole of_normalisation(const ForeignFile &file, const std::string &name, const NameParts &parts) {
    static const std::vector<const char *> any = {"norm",         "normalization", "normalisation", "ln",
                                                  "layernorm",    "rmsnorm",       "rms",           "groupnorm",
                                                  "instancenorm", "lnorm"};
    static const std::vector<const char *> batch = {"bn", "batchnorm", "batch"};
    bool running = any_of(parts.parameter_words, {"running", "moving", "batches"}) &&
                   any_of(parts.parameter_words, {"mean", "var", "std", "variance", "tracked"});
    bool statistics =
        running || is_prefixed(parts.parameter, "bn") || any_of(parts.parameter_words, {"bn", "batchnorm"});
    bool in_batch = any_of(parts.module_words, {"bn", "batchnorm"}) ||
                    (any_of(parts.module_words, batch) && any_of(parts.module_words, any));
    bool in_norm =
        any_of(parts.module_words, any) || any_of(parts.parameter_words, any) || is_prefixed(parts.parameter, "ln");
    if (statistics || in_batch || (has_running_mean(file, name) && components_of(name).size() > 1))
        return normalisation(file, "of a batch normalisation");
    if (in_norm) return normalisation(file, "of a normalisation");
    if (is_one_of(parts.parameter, {"gamma", "beta", "gamma:0", "beta:0"}))
        return normalisation(file, "of a normalisation");
    return {};
}

/* --- other layers and methods --- */

struct Known {
    std::vector<const char *> module_words, parameter_words; /* one of the one or one of the other */
    const char *what, *next;
};

const std::vector<Known> &known_layers() {
    static const std::vector<Known> known = {
        {{"skip", "residual", "resid", "shortcut", "bypass", "highway"},
         {"skip", "residual", "resid", "shortcut"},
         "of a connection past other layers",
         "mote's models have none: train without it"},
        {{"gate", "gates", "gating", "glu"},
         {"gate", "gates", "gating"},
         "of a gate",
         "mote's models have none: train without it"},
        {{"quant", "observer"},
         {"zero", "qweight", "qzeros", "scales", "absmax", "quant", "packed"},
         "of quantized weights",
         "save the float weights (tensor.dequantize())"},
        {{"conv", "convs", "convolution"}, {"conv"}, "of a convolution", "mote's models have none: train without it"},
        {{"attn", "attention", "query", "qkv"},
         {"attn", "attention", "in_proj", "qkv"},
         "of attention",
         "mote's models have none: train without it"},
        {{"wpe", "posemb", "positional"},
         {"wpe", "posemb", "positional", "pe"},
         "of an embedding of places in the text",
         "mote's models have none: train without it"},
    };
    return known;
}

TensorRole of_known_layer(const NameParts &parts) {
    if (any_of(parts.all_words, {"lora", "dora", "adapter", "adapters"}))
        return computes("of an adapter", "add it to its weight before saving (peft: model.merge_and_unload(); by hand: "
                                         "weight += alpha / r * B @ A)");
    for (const Known &known : known_layers()) {
        if (any_of(parts.module_words, known.module_words) || any_of(parts.parameter_words, known.parameter_words))
            return computes(known.what, known.next);
    }
    bool place = any_of(parts.module_words, {"pos", "position", "positions"}) ||
                 any_of(parts.parameter_words, {"pos", "position"});
    bool table =
        any_of(parts.module_words, {"emb", "embed", "embedding", "embeddings", "encoding", "encoder", "table"}) ||
        any_of(parts.parameter_words, {"emb", "embed", "embedding", "encoding", "table"});
    if (place && table)
        return computes("of an embedding of places in the text", "mote's models have none: train without it");
    if (is_one_of(parts.parameter, {"in_proj_weight", "in_proj_bias"}))
        return computes("of attention", "mote's models have none: train without it");
    return {};
}

/* Beside a weight of whole numbers, or a zero point. */
bool is_of_quantization(const ForeignFile &file, const std::string &name) {
    size_t at = name.rfind("scale");
    std::string before = name.substr(0, at);
    if (has_tensor(file, before + "zero_point")) return true;
    if (!before.empty() && (before.back() == '_' || before.back() == '.')) before.pop_back();
    for (const std::string &weight : {before, before + ".weight"}) {
        if (has_tensor(file, weight) && !is_real(tensor_named(file, weight).dtype)) return true;
    }
    return false;
}

/* Scales are told by the parameter alone: modules have such names, too. */
TensorRole of_scale(const ForeignFile &file, const std::string &name, const NameParts &parts) {
    if (!any_of(parts.parameter_words, {"scale", "gain", "alpha", "temperature", "tau", "multiplier"})) return {};
    if (any_of(parts.parameter_words, {"scale"}) && is_of_quantization(file, name))
        return computes("of quantized weights", "save the float weights (tensor.dequantize())");
    return computes("a scale", "multiply the weights or logits that it scales by it before saving");
}

TensorRole of_recurrence(const ForeignTensor &tensor, const std::string &name, const NameParts &parts) {
    if (ends_with(name, "_reverse"))
        return computes("of the second direction of a bidirectional layer",
                        "mote reads a text in one direction: train with bidirectional=False");
    if (any_of(parts.parameter_words, {"hr"}) && any_of(parts.parameter_words, {"weight"}))
        return computes("of an LSTM with projections", "mote has nn.RNN and nn.GRU: train one of them");
    bool state = is_one_of(parts.parameter, {"h", "h0", "h_0", "hprev", "hx", "c0", "s0"}) ||
                 (any_of(parts.parameter_words, {"initial", "init", "hidden", "start"}) &&
                  any_of(parts.parameter_words, {"state", "hidden", "h"}));
    if (!state) return {};
    bool zeros = tensor.dtype != Dtype::other && tensor.count() <= most_looked_at;
    for (uint64_t i = 0; zeros && i < tensor.count(); ++i) zeros = tensor.at(i) == 0;
    if (!zeros)
        return computes("a hidden state that texts begin with",
                        "mote's begin with zeros; where the model's do, too, --ignore " + shell_word(name) +
                            " --verify FILE.npz proves it");
    return {Effect::nothing, "a hidden state of zeros, as mote's texts begin with,", ""};
}

} // namespace

TensorRole computing_role(const ForeignFile &file, const ForeignTensor &tensor) {
    const std::string &name = tensor.name;
    NameParts parts(name);
    if (name.find("parametrizations.") != std::string::npos) return parametrized(name);
    TensorRole role = reparametrized(file, name, parts.parameter);
    if (role.effect == Effect::unknown) role = of_recurrence(tensor, name, parts);
    for (const char *known : {"weight_ih", "weight_hh", "bias_ih", "bias_hh"}) {
        if (begins_with(parts.parameter, known)) return role; /* whatever the module's name suggests */
    }
    if (role.effect == Effect::unknown) role = of_normalisation(file, name, parts);
    if (role.effect == Effect::unknown) role = of_known_layer(parts);
    if (role.effect == Effect::unknown) role = of_scale(file, name, parts);
    return role;
}

} // namespace mote::cli
