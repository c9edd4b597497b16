#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

namespace mote::cli {

using Json = nlohmann::ordered_json;

std::string hash_text(uint64_t hash);

/* One object on a line of stdout. */
void print_json(const Json &object);

/* A line of text on stdout. */
void print_line(const std::string &line);

/* Bytes on stdout as they are. */
void print_bytes(const std::string &bytes);

/* Throws where stdout did not take all that was printed. */
void finish_output();

} // namespace mote::cli
