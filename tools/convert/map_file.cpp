#include "map_file.h"

#include "model_kinds.h"

#include "container.h"
#include "errors.h"
#include "files.h"
#include "json_text.h"

#include "mote.h"

#include <nlohmann/json.hpp>

#include <algorithm>

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

Term term_of(const Json &json, const std::string &where) {
    if (json.is_string()) return {json.get<std::string>(), {}};
    check_keys(json, where, {"name", "transpose"});
    if (!json.contains("name")) throw Failure(where + ": \"name\" is missing");
    Term term{text_at(json["name"], where + ": \"name\""), {}};
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

/* The names that mote's tensors have in a model of so many layers. */
std::vector<std::string> names_of(const Assignment &map) {
    if (map.cell == MOTE_CELL_NONE) return {"logits"};
    std::vector<std::string> names;
    if (map.cell == MOTE_CELL_DENSE || has(map, "embedding")) names.emplace_back("embedding");
    for (uint32_t l = 0; l < map.layers; ++l) {
        std::vector<std::string> kinds = {"weight", "bias"};
        if (map.cell == MOTE_CELL_RECURRENT) kinds = {"weight_ih", "weight_hh", "bias"};
        for (const std::string &kind : kinds) names.push_back(kind + "_l" + std::to_string(l));
    }
    names.emplace_back("weight_out");
    names.emplace_back("bias_out");
    return names;
}

void check_parts(Assignment &map) {
    std::string first = map.cell == MOTE_CELL_RECURRENT ? "weight_ih_l" : "weight_l";
    while (map.layers < MOTE_MAX_LAYERS && has(map, first + std::to_string(map.layers))) ++map.layers;
    if (map.cell != MOTE_CELL_NONE && map.layers == 0) throw Failure("\"tensors\": \"" + first + "0\" is missing");
    std::vector<std::string> names = names_of(map);
    for (const std::string &name : names) {
        if (!has(map, name)) throw Failure("\"tensors\": " + shown(name) + " is missing; null stands for zeros");
    }
    for (const Assigned &part : map.parts) {
        if (std::find(names.begin(), names.end(), part.name) == names.end())
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
    if (json.contains("activation"))
        map.activation = choice(json, "activation", {{"tanh", MOTE_TANH}, {"relu", MOTE_RELU}});
    if (json.contains("context")) {
        if (!kind_of_cell(map.cell).has_window) throw Failure("\"context\": only an mlp has one");
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
