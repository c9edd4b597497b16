#include "onnx_model.h"

#include "container.h"
#include "errors.h"

#include "mote.h"

namespace mote::cli {

namespace {

void add(ForeignFile &file, const std::string &name, ForeignTensor tensor) {
    tensor.name = name;
    file.tensors.push_back(tensor);
}

uint32_t known_activation(const std::string &name) {
    if (name == "Tanh") return MOTE_TANH;
    if (name == "Relu") return MOTE_RELU;
    throw Failure(name.empty() ? "a hidden layer has no activation"
                               : "an activation of " + shown(name) + ", where mote has Tanh and Relu");
}

void agree(ForeignFile &file, const std::string &activation) {
    uint32_t known = known_activation(activation);
    if (file.activation != 0 && file.activation != known) throw Failure("layers with different activations");
    file.activation = known;
}

void add_dense_as(ForeignFile &file, const std::string &stem, const OnnxDense &dense) {
    add(file, stem + ".weight", dense.weight);
    if (dense.bias != nullptr) add(file, stem + ".bias", *dense.bias);
}

void add_recurrent(ForeignFile &file, const OnnxModel &model) {
    if (model.dense.size() != 1 || !model.dense[0].activation.empty())
        throw Failure("behind its recurrent layers mote has one linear layer, here are " +
                      std::to_string(model.dense.size()));
    const bool gated = model.recurrent[0].gated;
    if (gated) file.gates = "zrn";
    auto name = [&](const char *tensor, const std::string &end) {
        return std::string(gated ? "gru." : "rnn.") + tensor + end;
    };
    for (size_t i = model.recurrent.size(); i-- > 0;) {
        const OnnxRecurrent &layer = model.recurrent[i];
        if (layer.gated != gated) throw Failure("layers of RNN and of GRU: mote has models of one of them");
        std::string end = "_l" + std::to_string(model.recurrent.size() - 1 - i);
        add(file, name("weight_ih", end), layer.input);
        add(file, name("weight_hh", end), layer.hidden);
        if (!layer.input_bias.shape.empty()) {
            add(file, name("bias_ih", end), layer.input_bias);
            add(file, name("bias_hh", end), layer.hidden_bias);
        }
        agree(file, layer.activation);
    }
    add_dense_as(file, "linear", model.dense[0]);
}

void add_layers(ForeignFile &file, const OnnxModel &model) {
    if (model.embedding.shape.empty()) throw Failure("there is no table of embeddings (Gather), no RNN and no GRU");
    /* Before a recurrent layer it changes rows and time; here, the places of characters in their window. */
    if (model.transposed && !model.dense.empty()) throw Failure("a Transpose inside an MLP");
    for (size_t i = model.dense.size(); i-- > 0;) {
        if (i > 0) agree(file, model.dense[i].activation);
        add_dense_as(file, i > 0 ? "hidden." + std::to_string(model.dense.size() - 1 - i) : "output", model.dense[i]);
    }
    if (!model.dense.empty() && !model.dense[0].activation.empty())
        throw Failure("a " + model.dense[0].activation + " stands behind the logits");
}

} // namespace

ForeignFile foreign_file_of(const OnnxModel &model) {
    ForeignFile file;
    file.format = "ONNX";
    file.whole_graph = true;
    file.notes = model.notes;
    if (!model.embedding.shape.empty()) add(file, "embedding.weight", model.embedding);
    if (model.recurrent.empty()) {
        add_layers(file, model);
    } else {
        add_recurrent(file, model);
    }
    return file;
}

} // namespace mote::cli
