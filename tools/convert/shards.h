#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "foreign.h"

namespace mote::cli {

/* The files that a model is kept in, and which tensor an index says is in which of them. */
struct Shards {
    struct Place {
        std::string tensor, file;
    };
    std::vector<std::string> paths;
    std::vector<Place> places; /* of an index; `file` is one of `paths` */
};

/* All shards of the model that `path` is an index of (model.safetensors.index.json) or, by its name
 * (NAME-00001-of-00003.safetensors), one shard of; empty for any other file. Throws Failure for a shard that is
 * missing, and for an index that names a file outside its folder. */
std::optional<Shards> shards_of(const std::string &path);

/* The tensors of all shards, each read by `read`. Throws Failure for a tensor that is in two of them, or not where the
 * index says. */
ForeignFile read_shards(const Shards &shards, const std::function<ForeignFile(const std::string &path)> &read);

} // namespace mote::cli
