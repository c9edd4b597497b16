#include "state_dict.h"

#include "gated_tensors.h"
#include "utf8_text.h"

#include <algorithm>
#include <cstring>

namespace mote::cli {

namespace {

bool starts(const std::string &text, const std::string &with) { return text.rfind(with, 0) == 0; }

/* "bias_l3" -> "3" */
std::string layer_of(const std::string &name) { return name.substr(name.rfind("_l") + 2); }

std::string mlp_name(const std::string &name) {
    if (name == "embedding") return "embedding.weight";
    std::string kind = starts(name, "weight") ? ".weight" : ".bias";
    return name == "weight_out" || name == "bias_out" ? "output" + kind : "hidden." + layer_of(name) + kind;
}

std::string rnn_name(const std::string &name) {
    if (name == "embedding") return "embedding.weight";
    if (name == "weight_out" || name == "bias_out") return starts(name, "weight") ? "linear.weight" : "linear.bias";
    return starts(name, "weight") ? "rnn." + name : "rnn.bias_ih_l" + layer_of(name);
}

std::string name_of(const mote_config &config, const mote_tensor &tensor) {
    if (config.layers == 0) return "embedding.weight";
    return config.cell == MOTE_CELL_DENSE ? mlp_name(tensor.name) : rnn_name(tensor.name);
}

bool is_of_gated_layer(const mote_config &config, const mote_tensor &tensor) {
    return config.cell == MOTE_CELL_GATED && tensor.role != MOTE_ROLE_EMBEDDING && tensor.role != MOTE_ROLE_OUTPUT &&
           tensor.role != MOTE_ROLE_OUTPUT_BIAS;
}

std::string row_major_bytes(const mote_tensor &tensor) {
    std::string bytes(sizeof(float) * tensor.shape[0] * tensor.shape[1], '\0');
    size_t at = 0;
    for (uint32_t row = 0; row < tensor.shape[0]; ++row) {
        for (uint32_t column = 0; column < tensor.shape[1]; ++column) {
            float value = mote_tensor_at(&tensor, row, column);
            std::memcpy(&bytes[at], &value, sizeof value);
            at += sizeof value;
        }
    }
    return bytes;
}

NamedTensor named_tensor(const mote_config &config, const mote_tensor &tensor) {
    NamedTensor named{name_of(config, tensor), {tensor.shape[0]}, row_major_bytes(tensor)};
    if (tensor.layout != MOTE_LAYOUT_VECTOR) named.shape.push_back(tensor.shape[1]);
    return named;
}

/* Zeros where mote has no tensor. */
NamedTensor gated_tensor(const ModelFile &file, const GatedTensor &wanted, uint32_t layer) {
    const uint32_t hidden = file.config().hidden;
    const std::string end = "_l" + std::to_string(layer);
    NamedTensor named{"gru." + (wanted.name + end), {3 * hidden}, ""};
    for (const char *part : wanted.parts) {
        mote_tensor tensor;
        for (uint32_t i = 0; part != nullptr && mote_model_tensor(file.model(), i, &tensor) == MOTE_OK; ++i) {
            if (tensor.name != part + end) continue;
            named.bytes += row_major_bytes(tensor);
            if (tensor.layout != MOTE_LAYOUT_VECTOR) named.shape = {3 * hidden, tensor.shape[1]};
        }
        if (part == nullptr) named.bytes.append(sizeof(float) * hidden, '\0');
    }
    return named;
}

std::vector<NamedTensor> gated_layers(const ModelFile &file) {
    std::vector<NamedTensor> tensors;
    for (uint32_t layer = 0; file.config().cell == MOTE_CELL_GATED && layer < file.config().layers; ++layer)
        for (const GatedTensor &wanted : gated_tensors) tensors.push_back(gated_tensor(file, wanted, layer));
    return tensors;
}

} // namespace

std::vector<NamedTensor> state_dict(const ModelFile &file) {
    std::vector<NamedTensor> tensors = gated_layers(file);
    mote_tensor tensor;
    for (uint32_t i = 0; mote_model_tensor(file.model(), i, &tensor) == MOTE_OK; ++i) {
        if (is_of_gated_layer(file.config(), tensor)) continue;
        tensors.push_back(named_tensor(file.config(), tensor));
        if (starts(tensors.back().name, "rnn.bias_ih_l")) {
            NamedTensor second = tensors.back();
            second.name = "rnn.bias_hh_l" + layer_of(tensor.name);
            second.bytes.assign(second.bytes.size(), '\0');
            tensors.push_back(second);
        }
    }
    std::sort(tensors.begin(), tensors.end(),
              [](const NamedTensor &a, const NamedTensor &b) { return a.name < b.name; });
    return tensors;
}

Json vocabulary_list(const mote_vocab &vocab) {
    Json list = Json::array();
    for (uint32_t i = 0; i < vocab.count; ++i) {
        bool boundary = i == 0 && vocab.boundary != 0;
        list.push_back(boundary ? boundary_token : utf8_of(vocab.code_points[i]));
    }
    return list;
}

} // namespace mote::cli
