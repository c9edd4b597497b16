#include "recognise_torch.h"

#include "errors.h"
#include "gated_tensors.h"
#include "layer_order.h"
#include "name_words.h"
#include "names.h"

#include "mote.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <regex>

namespace mote::cli {

namespace {

/* "rnn.weight_ih_l0", "weight_hh" of a cell, "rnn.bias_ih_l1_reverse". */
const std::regex &recurrent_name() {
    static const std::regex pattern("(.*\\.)?(weight|bias)_(ih|hh|hr)(_l([0-9]+))?(_reverse)?");
    return pattern;
}

struct Recurrent {
    std::string prefix, kind; /* kind: "weight_ih" … */
    std::string layer;        /* "" of a cell */
    bool reverse = false;
};

bool read_recurrent(const std::string &name, Recurrent &found) {
    constexpr size_t longest = 1000; /* std::regex recurses once a character */
    std::smatch match;
    if (name.size() > longest || !std::regex_match(name, match, recurrent_name())) return false;
    found = {match[1], match[2].str() + "_" + match[3].str(), match[5], match[6].matched};
    return true;
}

/* "rnn.", 0 and its tensors. */
struct RecurrentLayer {
    std::string prefix, layer;
    std::map<std::string, std::string> names; /* by kind */
    uint64_t gates = 1;                       /* matrices in one: of an nn.RNN 1, of an nn.GRU 3 */

    const char *module() const { return gates == 1 ? "nn.RNN" : "nn.GRU"; }
};

/* How many square matrices stand one behind the other, whichever way round they lie; 0 where it is no whole number. */
uint64_t matrices_in(const ForeignTensor &hh) {
    uint64_t least = std::min(hh.shape[0], hh.shape[1]), most = std::max(hh.shape[0], hh.shape[1]);
    return least == 0 || most % least != 0 ? 0 : most / least;
}

/* Checks that mote has the layer, and finds its gates. */
void check_supported(const ForeignFile &file, RecurrentLayer &layer) {
    for (const char *kind : {"weight_ih", "weight_hh"}) {
        if (layer.names.count(kind) == 0) {
            std::string end = layer.layer.empty() ? "" : "_l" + layer.layer;
            throw Failure("tensor \"" + layer.prefix + kind + end + "\" is missing");
        }
    }
    const ForeignTensor &hh = tensor_named(file, layer.names.at("weight_hh"));
    if (hh.shape.size() != 2) return; /* told with what is expected, later */
    if (layer.names.count("weight_hr") != 0)
        throw Failure("\"" + layer.names.at("weight_hr") +
                      "\" is of an LSTM with projections; mote has nn.RNN and nn.GRU");
    constexpr uint64_t of_gru = 3, of_lstm = 4;
    if (matrices_in(hh) == of_lstm)
        throw Failure(
            "\"" + hh.name + "\" " + shape_text(hh.shape) +
            " is of an nn.LSTM; of recurrent models mote has nn.RNN (tanh or ReLU) and nn.GRU (one direction, "
            "several layers)");
    if (matrices_in(hh) != 1 && matrices_in(hh) != of_gru)
        throw Failure("tensor \"" + hh.name + "\" has shape " + shape_text(hh.shape) +
                      ", where [H, H] of an nn.RNN or [3 H, H] of an nn.GRU is expected");
    layer.gates = matrices_in(hh);
}

/* All layers of a model have one cell. */
void check_one_cell(const std::vector<RecurrentLayer> &layers) {
    for (const RecurrentLayer &layer : layers) {
        if (layer.gates != layers[0].gates)
            throw Failure("\"" + layers[0].names.at("weight_hh") + "\" is of an " + layers[0].module() + ", \"" +
                          layer.names.at("weight_hh") + "\" of an " + layer.module() +
                          "; mote has models of one of them: train with one kind of layer");
    }
}

/* One module's layers count from 0. Several modules are a stack where their numbers, or the order of the file, say in
 * which order. */
void check_stack(const ForeignFile &file, const std::vector<RecurrentLayer> &layers) {
    std::vector<std::string> prefixes;
    std::vector<size_t> places;
    size_t number = 0;
    for (const RecurrentLayer &layer : layers) {
        if (prefixes.empty() || prefixes.back() != layer.prefix) {
            prefixes.push_back(layer.prefix);
            places.push_back(place_in_file(file, layer.names.at("weight_ih")));
            number = 0;
        }
        std::string expected = std::to_string(number++);
        if (!layer.layer.empty() && layer.layer != expected)
            throw Failure("tensor \"" + layer.prefix + "weight_ih_l" + expected + "\" is missing");
    }
    bool in_file = !is_sorted_by_name(file) && std::is_sorted(places.begin(), places.end());
    if (!differ_by_numbers(prefixes) && !in_file)
        throw Failure("in which order the layers \"" + prefixes[0] + "\" and \"" + prefixes[1] +
                      "\" stand is open; --map says it");
}

std::vector<RecurrentLayer> recurrent_layers(const ForeignFile &file, const std::vector<std::string> &names) {
    std::vector<RecurrentLayer> layers;
    for (const std::string &name : names) {
        Recurrent read;
        if (!read_recurrent(name, read)) continue;
        if (read.reverse)
            throw Failure("\"" + name +
                          "\" is of a bidirectional layer, which reads a text's end first; mote has one direction: "
                          "train with bidirectional=False");
        auto same = [&](const RecurrentLayer &layer) {
            return layer.prefix == read.prefix && layer.layer == read.layer;
        };
        auto found = std::find_if(layers.begin(), layers.end(), same);
        RecurrentLayer &layer =
            found != layers.end() ? *found : layers.emplace_back(RecurrentLayer{read.prefix, read.layer, {}});
        layer.names[read.kind] = name;
    }
    std::sort(layers.begin(), layers.end(), [](const RecurrentLayer &a, const RecurrentLayer &b) {
        return before(a.prefix + a.layer, b.prefix + b.layer);
    });
    for (RecurrentLayer &layer : layers) check_supported(file, layer);
    check_one_cell(layers);
    check_stack(file, layers);
    return layers;
}

/* The terms of a bias; none, where zeros are meant. */
std::vector<Term> bias_terms(const std::vector<std::string> &biases, const std::string &weight, bool zero_bias) {
    std::vector<Term> terms;
    for (const std::string &bias : biases) {
        if (!bias.empty()) terms.push_back({bias, {}});
    }
    if (terms.empty() && zero_bias) return terms;
    if (terms.empty())
        throw Failure("tensor \"" + weight + "\" has no bias beside it; where the layer has none, say --zero-bias");
    if (terms.size() != biases.size())
        throw Failure("tensor \"" + weight +
                      "\" has no second bias beside it, as every such layer of PyTorch has: save "
                      "the whole state_dict, or --map says that \"" +
                      terms[0].tensor + "\" is all");
    return terms;
}

void add_recurrent(Assignment &found, const ForeignFile &file, const RecurrentLayer &layer, bool zero_bias) {
    uint32_t number = found.layers++;
    std::string end = "_l" + std::to_string(number);
    auto name = [&](const char *kind) {
        auto entry = layer.names.find(kind);
        return entry == layer.names.end() ? std::string() : entry->second;
    };
    std::vector<Term> biases = bias_terms({name("bias_ih"), name("bias_hh")}, name("weight_ih"), zero_bias);
    if (layer.gates != 1) {
        add_gated_layer(found, number,
                        {{name("weight_ih"), name("weight_hh"), name("bias_ih"), name("bias_hh")}, file.gates});
        return;
    }
    found.parts.push_back({"weight_ih" + end, {{name("weight_ih"), {}}}});
    found.parts.push_back({"weight_hh" + end, {{name("weight_hh"), {}}}});
    found.parts.push_back({"bias" + end, biases});
}

void add_linear(Assignment &found, const std::string &end, const Layer &layer, bool zero_bias) {
    found.parts.push_back({"weight" + end, {{layer.weight, {}}}});
    found.parts.push_back({"bias" + end, bias_terms({layer.bias}, layer.weight, zero_bias)});
}

std::string lowered(const std::string &name) {
    std::string lower = name;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return lower;
}

bool holds_any(const std::string &name, const std::vector<const char *> &words) {
    std::string lower = lowered(name);
    return std::any_of(words.begin(), words.end(),
                       [&](const char *word) { return lower.find(word) != std::string::npos; });
}

bool names_a_head(const std::string &name) {
    return holds_any(name, {"head", "unemb", "out", "decoder", "logit", "proj", "linear", "fc"});
}

bool names_an_embedding(const std::string &name) {
    return holds_any(name, {"emb", "wte", "lookup", "table"}) && !names_a_head(name);
}

/* Which layer without a bias is the embedding: the only one, the only one whose name says so, the only one whose name
 * does not say that it is the last, or the first of a file that keeps an order. */
const Layer *find_embedding(const ForeignFile &file, const std::vector<Layer> &layers) {
    std::vector<const Layer *> all, named, others;
    for (const Layer &layer : layers) {
        if (!layer.bias.empty()) continue;
        all.push_back(&layer);
        if (names_an_embedding(layer.stem)) named.push_back(&layer);
        if (!names_a_head(layer.stem)) others.push_back(&layer);
    }
    for (const auto *candidates : {&all, &named, &others}) {
        if (candidates->size() == 1) return candidates->front();
    }
    if (all.empty()) return nullptr;
    if (is_sorted_by_name(file))
        throw Failure("\"" + all[0]->weight + "\" or \"" + all[1]->weight +
                      "\": which is the embedding? --map says it");
    return *std::min_element(all.begin(), all.end(), [&](const Layer *a, const Layer *b) {
        return place_in_file(file, a->weight) < place_in_file(file, b->weight);
    });
}

bool take_embedding(const ForeignFile &file, std::vector<Layer> &layers, Layer &embedding) {
    const Layer *found = find_embedding(file, layers);
    if (found == nullptr) return false;
    embedding = *found;
    layers.erase(layers.begin() + (found - layers.data()));
    return true;
}

/* A square one lies as an nn.Embedding does where its name says that it is one. */
Assigned embedding_part(const Layer &embedding) {
    Term term{embedding.weight, {}};
    if (names_an_embedding(embedding.stem)) term.transposed = false;
    return {"embedding", {term}};
}

void check_none_left(const std::vector<Layer> &layers, const std::string &what) {
    if (!layers.empty())
        throw Failure("tensor \"" + layers[0].weight + "\" is not used: " + what +
                      "; where the model computes the same without it, --ignore " + shell_word(layers[0].weight) +
                      (layers[0].bias.empty() ? "" : " " + shell_word(layers[0].bias)) +
                      " --verify FILE.npz leaves it out and proves that");
}

/* Of several linear layers, the one that gives characters comes first: as many as are read. */
void put_head_first(const ForeignFile &file, const std::string &reader, bool by_rows, std::vector<Layer> &layers) {
    const std::vector<uint64_t> &shape = tensor_named(file, reader).shape;
    if (shape.size() != 2) return;
    auto gives = [&](const Layer &layer) {
        return tensor_named(file, layer.weight).shape[0] == shape[by_rows ? 0 : 1];
    };
    if (std::count_if(layers.begin(), layers.end(), gives) != 1) return;
    auto head = std::find_if(layers.begin(), layers.end(), gives);
    std::rotate(layers.begin(), head, head + 1);
}

Assignment torch_bigram(const Layer &table) {
    Assignment found;
    found.what = "nn.Embedding";
    found.cell = MOTE_CELL_NONE;
    bool bare = table.stem.find_first_not_of("0123456789.") == std::string::npos;
    Term term{table.weight, {}};
    if (bare || names_an_embedding(table.stem)) term.transposed = false;
    term.assumed = bare;
    found.parts = {{"logits", {term}}};
    return found;
}

} // namespace

bool is_recurrent(const std::string &name) {
    Recurrent read;
    return read_recurrent(name, read);
}

Assignment torch_rnn(const ForeignFile &file, const std::vector<std::string> &names, bool zero_bias) {
    std::vector<RecurrentLayer> recurrent = recurrent_layers(file, names);
    std::vector<std::string> others;
    std::copy_if(names.begin(), names.end(), std::back_inserter(others),
                 [](const std::string &name) { return !is_recurrent(name); });
    std::vector<Layer> layers = layers_of(file, others);
    Assignment found;
    found.what = recurrent[0].module();
    if (recurrent[0].layer.empty()) found.what += "Cell";
    found.cell = recurrent[0].gates == 1 ? MOTE_CELL_RECURRENT : MOTE_CELL_GATED;
    found.activation_has_default = true;
    found.transposed = false;
    Layer embedding;
    /* One layer alone is the linear one, if its name does not say else. */
    if ((layers.size() > 1 || (layers.size() == 1 && names_an_embedding(layers[0].stem))) &&
        take_embedding(file, layers, embedding))
        found.parts.push_back(embedding_part(embedding));
    for (const RecurrentLayer &layer : recurrent) add_recurrent(found, file, layer, zero_bias);
    if (layers.empty())
        throw Failure("there is no linear layer behind the " + found.what +
                      ": a weight and a bias over the vocabulary");
    bool embedded = !embedding.weight.empty();
    put_head_first(file, embedded ? embedding.weight : recurrent[0].names.at("weight_ih"), embedded, layers);
    add_linear(found, "_out", layers[0], zero_bias);
    layers.erase(layers.begin());
    check_none_left(layers, std::string("behind an ") + recurrent[0].module() +
                                " mote has one linear layer, before it at most an embedding");
    return found;
}

Assignment torch_layers(const ForeignFile &file, const std::vector<std::string> &names, bool zero_bias) {
    std::vector<Layer> layers = layers_of(file, names);
    Assignment found;
    Layer embedding;
    if (!take_embedding(file, layers, embedding)) return found;
    if (layers.empty()) return torch_bigram(embedding);
    if (layers.size() == 1)
        throw Failure("tensor \"" + layers[0].weight + "\" is the only linear layer; mote's MLP has a hidden one, too");
    layers = in_order(file, embedding, layers);
    found.what = "nn.Embedding and " + std::to_string(layers.size()) + " nn.Linear";
    found.cell = MOTE_CELL_DENSE;
    found.transposed = false;
    found.layers = static_cast<uint32_t>(layers.size() - 1);
    found.parts.push_back(embedding_part(embedding));
    for (size_t i = 0; i < layers.size(); ++i)
        add_linear(found, i + 1 < layers.size() ? "_l" + std::to_string(i) : "_out", layers[i], zero_bias);
    return found;
}

} // namespace mote::cli
