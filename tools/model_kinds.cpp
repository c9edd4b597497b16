#include "model_kinds.h"

#include "errors.h"

#include <stdexcept>

namespace mote::cli {

const std::vector<ModelKind> &model_kinds() {
    static const std::vector<ModelKind> kinds = {
        {"bigram", MOTE_CELL_NONE, "BIGRAM", false, false, 1, 0, MOTE_INIT_FAN_IN_UNIFORM, false},
        {"mlp", MOTE_CELL_DENSE, "MLP", true, false, 1, 16, MOTE_INIT_FAN_IN_UNIFORM, false},
        {"rnn", MOTE_CELL_RECURRENT, "RNN", false, true, 64, 0, MOTE_INIT_HIDDEN_UNIFORM, false},
        {"gru", MOTE_CELL_GATED, "GRU", false, true, 64, 0, MOTE_INIT_HIDDEN_UNIFORM, true}};
    return kinds;
}

const ModelKind &kind_of_cell(uint32_t cell) {
    for (const ModelKind &kind : model_kinds())
        if (kind.cell == cell) return kind;
    throw std::logic_error("a cell without a line in the table of model kinds");
}

std::vector<std::pair<std::string, uint32_t>> kind_choices() {
    std::vector<std::pair<std::string, uint32_t>> choices;
    for (const ModelKind &kind : model_kinds()) choices.emplace_back(kind.name, kind.cell);
    return choices;
}

std::string kinds_where(const std::function<bool(const ModelKind &)> &is) {
    std::vector<std::string> names;
    for (const ModelKind &kind : model_kinds())
        if (is(kind)) names.emplace_back(kind.name);
    return listed(names, " and ");
}

std::string usual_of_kinds(uint32_t cell, uint32_t ModelKind::*value) {
    const uint32_t first = kind_of_cell(cell).*value;
    std::string text = std::to_string(first), next = "; ";
    for (const ModelKind &kind : model_kinds()) {
        if (kind.*value == first) continue;
        text += next + kind.name + " " + std::to_string(kind.*value);
        next = ", ";
    }
    return text;
}

const std::vector<std::pair<std::string, uint32_t>> &activation_choices() {
    static const std::vector<std::pair<std::string, uint32_t>> choices = {{"tanh", MOTE_TANH}, {"relu", MOTE_RELU}};
    return choices;
}

const char *activation_name(uint32_t activation) {
    for (const auto &[name, number] : activation_choices())
        if (number == activation) return name.c_str();
    throw std::logic_error("an activation without a name");
}

mote_config config_of(const ModelKind &kind, const mote_config &wanted) {
    mote_config config{};
    config.cell = kind.cell;
    config.vocab = wanted.vocab;
    config.input = MOTE_INPUT_ONE_HOT;
    if (!kind.has_layers()) return config;
    config.embed = wanted.embed;
    if (kind.has_window) {
        config.input = MOTE_INPUT_WINDOW;
        config.context = wanted.context;
    } else if (config.embed != 0) {
        config.input = MOTE_INPUT_EMBEDDING;
    }
    config.hidden = wanted.hidden;
    config.layers = wanted.layers;
    config.activation = wanted.activation;
    return config;
}

} // namespace mote::cli
