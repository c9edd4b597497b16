#include "shards.h"

#include "affixes.h"
#include "assignment.h"
#include "container.h"
#include "errors.h"
#include "file_beside.h"
#include "files.h"
#include "json_text.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <string_view>
#include <utility>

namespace mote::cli {

namespace fs = std::filesystem;

namespace {

constexpr uint64_t most_shards = 1000;
constexpr size_t largest_index = size_t{1} << 24;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* "model-00001-of-00003.safetensors" in pieces. */
struct ShardName {
    std::string before, end; /* "model-" and "-of-00003.safetensors" */
    size_t digits = 0;
    uint64_t number = 0, count = 0;

    std::string of(uint64_t other) const {
        std::string text = std::to_string(other);
        return before + std::string(digits - std::min(digits, text.size()), '0') + text + end;
    }
};

uint64_t number_of(const std::string &digits) { return std::strtoull(digits.c_str(), nullptr, 10); }

std::optional<ShardName> shard_name(const std::string &name) {
    constexpr size_t most_digits = 9;
    size_t of = name.rfind("-of-"), first = of, last = of + 4;
    if (of == std::string::npos) return std::nullopt;
    while (first > 0 && is_digit(name[first - 1])) --first;
    while (last < name.size() && is_digit(name[last])) ++last;
    size_t digits = of - first, count_digits = last - of - 4;
    bool weights = false;
    for (const char *end : {".safetensors", ".bin", ".pt", ".pth"}) weights = weights || name.substr(last) == end;
    if (digits == 0 || count_digits == 0 || digits > most_digits || count_digits > most_digits || !weights)
        return std::nullopt;
    return ShardName{name.substr(0, first), name.substr(of), digits, number_of(name.substr(first, digits)),
                     number_of(name.substr(of + 4, count_digits))};
}

/* "a", "b" and 3 more */
std::string listed(const std::vector<std::string> &names) {
    constexpr size_t most_told = 5;
    std::string text;
    for (size_t i = 0; i < std::min(names.size(), most_told); ++i) text += (i == 0 ? "" : ", ") + names[i];
    return names.size() <= most_told ? text : text + " and " + std::to_string(names.size() - most_told) + " more";
}

Shards shards_by_name(const fs::path &path, const ShardName &name) {
    if (name.number < 1 || name.number > name.count || name.count > most_shards)
        throw Failure(path.u8string() + ": by its name it is shard " + std::to_string(name.number) + " of " +
                      std::to_string(name.count) + "; give it the name it had");
    Shards shards;
    std::vector<std::string> missing;
    for (uint64_t number = 1; number <= name.count; ++number) {
        fs::path shard = path.parent_path() / fs::u8path(name.of(number));
        std::error_code error;
        if (!fs::is_regular_file(shard, error)) missing.push_back(name.of(number));
        shards.paths.push_back(shard.u8string());
    }
    if (!missing.empty())
        throw Failure(path.u8string() + ": is one of " + std::to_string(name.count) + " shards, of which " +
                      listed(missing) + (missing.size() == 1 ? " is" : " are") + " missing: put all of them beside it");
    return shards;
}

/* The files that an index names, by their names in it. */
std::map<std::string, std::string> files_of(const std::string &path, const nlohmann::json &weight_map) {
    std::map<std::string, std::string> files;
    std::vector<std::string> missing;
    for (const auto &[tensor, file] : weight_map.items()) {
        if (!file.is_string()) throw Failure("\"weight_map\": the place of " + shown(tensor) + " is not a string");
        std::string name = file.get<std::string>();
        if (!files.emplace(name, "").second) continue;
        if (files.size() > most_shards) throw Failure("names more than " + std::to_string(most_shards) + " shards");
        try {
            files[name] = file_beside(path, name);
        } catch (const MissingFile &) {
            missing.push_back(shown(name));
        }
    }
    if (!missing.empty())
        throw Failure("of the " + std::to_string(files.size()) + " shards that it names " + listed(missing) +
                      (missing.size() == 1 ? " is" : " are") + " missing: put all of them into the same folder");
    if (files.empty()) throw Failure("\"weight_map\" is empty");
    return files;
}

Shards shards_of_index(const std::string &path, const std::string &text) {
    nlohmann::json index = parsed_json(text);
    if (!index.is_object() || !index.contains("weight_map") || !index["weight_map"].is_object())
        throw Failure("is not an index of shards: it has no \"weight_map\"");
    std::map<std::string, std::string> files = files_of(path, index["weight_map"]);
    Shards shards;
    for (const auto &[name, place] : files) shards.paths.push_back(place);
    for (const auto &[tensor, file] : index["weight_map"].items())
        shards.places.push_back({tensor, files[file.get<std::string>()]});
    return shards;
}

/* Adds the tensors of a shard to those of the ones before. */
void append(ForeignFile &all, ForeignFile &&shard) {
    all.format = shard.format;
    all.memory.splice(all.memory.end(), shard.memory);
    std::move(shard.tensors.begin(), shard.tensors.end(), std::back_inserter(all.tensors));
    std::move(shard.notes.begin(), shard.notes.end(), std::back_inserter(all.notes));
    if (all.activation != 0 && shard.activation != 0 && all.activation != shard.activation)
        throw Failure("the shards tell different activations");
    if (shard.activation != 0) all.activation = shard.activation;
}

} // namespace

std::optional<Shards> shards_of(const std::string &path) {
    std::optional<ShardName> name = shard_name(fs::u8path(path).filename().u8string());
    if (name) return shards_by_name(fs::u8path(path), *name);
    if (!ends_with(path, ".json")) return std::nullopt;
    std::string text = read_text(path);
    if (!ends_with(path, ".index.json") && text.find("\"weight_map\"") == std::string::npos) return std::nullopt;
    try {
        if (text.size() > largest_index) throw Failure("an index larger than 16 MiB");
        return shards_of_index(path, text);
    } catch (const Failure &failure) {
        throw Failure(path + ": " + failure.what());
    }
}

ForeignFile read_shards(const Shards &shards, const std::function<ForeignFile(const std::string &path)> &read) {
    ForeignFile all;
    std::map<std::string, std::string> found; /* where a tensor is */
    for (const std::string &path : shards.paths) {
        ForeignFile shard = read(path);
        for (const ForeignTensor &tensor : shard.tensors) {
            auto [other, added] = found.emplace(tensor.name, path);
            if (!added)
                throw Failure(path + ": holds tensor " + shown(tensor.name) + ", which " + other->second + " has");
        }
        append(all, std::move(shard));
    }
    for (const Shards::Place &place : shards.places) {
        auto there = found.find(place.tensor);
        if (there == found.end() || there->second != place.file)
            throw Failure(place.file + ": tensor " + shown(place.tensor) +
                          " is missing, which the index says is in it");
    }
    return all;
}

} // namespace mote::cli
