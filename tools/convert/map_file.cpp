#include "map_file.h"

#include "model_kinds.h"

#include "container.h"
#include "errors.h"
#include "files.h"
#include "json_text.h"

#include "mote.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <stdexcept>

namespace mote::cli {

namespace {

/* Not the kind that keeps the order of keys: it looks through all of them for each. */
using Json = nlohmann::json;

void check_keys(const Json &object, const std::string &where, const std::vector<std::string> &known) {
    if (!object.is_object()) throw Failure(where + ": no object but " + object.type_name());
    for (const auto &item : object.items()) {
        if (std::find(known.begin(), known.end(), item.key()) == known.end())
            throw Failure(where + ": " + shown(item.key()) + " is not known");
    }
}

std::string text_at(const Json &json, const std::string &where) {
    if (!json.is_string()) throw Failure(where + ": no string but " + json.type_name());
    return json.get<std::string>();
}

uint32_t choice(const Json &json, const std::string &key,
                const std::vector<std::pair<std::string, uint32_t>> &choices) {
    std::string text = text_at(json[key], shown(key)), list;
    for (const auto &[name, value] : choices) {
        if (name == text) return value;
        list += (list.empty() ? "" : ", ") + name;
    }
    throw Failure(shown(key) + ": " + shown(text) + " is none of " + list);
}

uint32_t third_of(const Json &json, const std::string &where) {
    constexpr uint64_t thirds = 3;
    if (!json.is_number_unsigned() || json.get<uint64_t>() < 1 || json.get<uint64_t>() > thirds)
        throw Failure(where + ": \"third\" is none of 1, 2 and 3");
    return json.get<uint32_t>();
}

Term term_of(const Json &json, const std::string &where) {
    if (json.is_string()) return {json.get<std::string>(), {}};
    check_keys(json, where, {"name", "transpose", "third"});
    if (!json.contains("name")) throw Failure(where + ": \"name\" is missing");
    Term term{text_at(json["name"], where + ": \"name\""), {}};
    if (json.contains("third")) term.third = third_of(json["third"], where);
    if (!json.contains("transpose")) return term;
    if (!json["transpose"].is_boolean()) throw Failure(where + ": \"transpose\" is neither true nor false");
    term.transposed = json["transpose"].get<bool>();
    return term;
}

std::vector<Term> terms_of(const Json &json, const std::string &where) {
    if (json.is_null()) return {};
    if (!json.is_array()) return {term_of(json, where)};
    std::vector<Term> terms;
    for (const Json &term : json) terms.push_back(term_of(term, where));
    if (terms.empty()) throw Failure(where + ": an empty list; null stands for zeros");
    return terms;
}

bool has(const Assignment &map, const std::string &name) {
    return std::any_of(map.parts.begin(), map.parts.end(), [&](const Assigned &part) { return part.name == name; });
}

/* Mote's tensors in a model of so many layers, whatever its sizes. */
std::vector<mote_tensor> tensors_of(const Assignment &map, uint32_t layers) {
    const ModelKind &kind = kind_of_cell(map.cell);
    mote_config sizes{};
    sizes.vocab = 2;
    sizes.context = sizes.hidden = 1;
    sizes.embed = kind.has_window || has(map, "embedding") ? 1 : 0;
    sizes.layers = layers;
    sizes.activation = MOTE_TANH;
    mote_config config = config_of(kind, sizes);
    std::vector<mote_tensor> tensors(mote_tensor_count(&config));
    for (uint32_t i = 0; i < tensors.size(); ++i) mote_tensor_describe(&config, i, &tensors[i]);
    return tensors;
}

/* Where a layer begins: "weight_ih_l0". */
std::string first_of_layer(const Assignment &map, uint32_t layer) {
    for (const mote_tensor &tensor : tensors_of(map, layer + 1))
        if (tensor.role == MOTE_ROLE_INPUT && tensor.layer == layer) return tensor.name;
    throw std::logic_error("a hidden layer without weights");
}

void check_parts(Assignment &map) {
    if (kind_of_cell(map.cell).has_layers()) {
        while (map.layers < MOTE_MAX_LAYERS && has(map, first_of_layer(map, map.layers))) ++map.layers;
        if (map.layers == 0) throw Failure("\"tensors\": \"" + first_of_layer(map, 0) + "\" is missing");
    }
    std::vector<mote_tensor> tensors = tensors_of(map, map.layers);
    for (const mote_tensor &tensor : tensors) {
        if (!has(map, tensor.name))
            throw Failure("\"tensors\": " + shown(tensor.name) + " is missing; null stands for zeros");
    }
    for (const Assigned &part : map.parts) {
        auto is_it = [&](const mote_tensor &tensor) { return part.name == tensor.name; };
        if (std::none_of(tensors.begin(), tensors.end(), is_it))
            throw Failure("\"tensors\": " + shown(part.name) + " is not a tensor of such a model");
    }
}

uint32_t context_of(const Json &json) {
    const Json &context = json["context"];
    if (!context.is_number_unsigned() || context.get<uint64_t>() < 1 || context.get<uint64_t>() > MOTE_MAX_CONTEXT)
        throw Failure(formatted("\"context\": no number of 1 … %u", MOTE_MAX_CONTEXT));
    return context.get<uint32_t>();
}

} // namespace

Assignment assignment_of_map(const std::string &text) {
    Json json = parsed_json(text);
    check_keys(json, "the map", {"model", "activation", "context", "tensors", "ignore"});
    for (const char *key : {"model", "tensors"}) {
        if (!json.contains(key)) throw Failure(std::string("\"") + key + "\" is missing");
    }
    Assignment map;
    map.what = "the map";
    map.cell = choice(json, "model", kind_choices());
    map.activation_has_default = kind_of_cell(map.cell).carries_state;
    if (json.contains("activation")) map.activation = choice(json, "activation", activation_choices());
    if (json.contains("context")) {
        if (!kind_of_cell(map.cell).has_window)
            throw Failure("\"context\": only a model with a window has one, " +
                          kinds_where([](const ModelKind &kind) { return kind.has_window; }));
        map.context = context_of(json);
    }
    if (!json["tensors"].is_object()) throw Failure("\"tensors\": no object");
    for (const auto &[name, terms] : json["tensors"].items())
        map.parts.push_back({name, terms_of(terms, "\"tensors\": " + shown(name))});
    check_parts(map);
    if (!json.contains("ignore")) return map;
    if (!json["ignore"].is_array()) throw Failure("\"ignore\": no list");
    for (const Json &name : json["ignore"]) map.ignored.push_back(text_at(name, "\"ignore\""));
    return map;
}

Assignment read_map(const std::string &path) {
    std::string text = read_text(path);
    try {
        return assignment_of_map(text);
    } catch (const Failure &failure) {
        throw Failure(path + ": " + failure.what());
    }
}

} // namespace mote::cli
