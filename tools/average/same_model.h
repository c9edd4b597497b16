#pragma once

#include "model_file.h"

#include <string>

namespace mote::cli {

/* A model and where it comes from. */
struct NamedModel {
    const ModelFile &file;
    const std::string &path;
};

/* Throws Failure where the second has another configuration or other characters than the first, and says in what. */
void check_same_model(const NamedModel &first, const NamedModel &second);

} // namespace mote::cli
