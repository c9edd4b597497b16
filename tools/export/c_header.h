#pragma once

#include "model_file.h"

#include <string>

namespace mote::cli {

/* How a blob stands in a program. */
struct Placement {
    std::string name;            /* a C identifier: the array is <name>_blob, the macros begin with NAME_ */
    std::string section;         /* empty: where the compiler puts constants */
    uint32_t align = MOTE_ALIGN; /* bytes, a power of two */
};

/* A header in C99 and C++: macros of the model's configuration and of the arena sizes that it needs, and assertions
 * that tie them to mote.h. The blob is declared. */
std::string c_header(const Placement &place, const ModelFile &file, const AlignedBytes &blob);

/* The same with the blob in it. */
std::string c_header_with_blob(const Placement &place, const ModelFile &file, const AlignedBytes &blob);

/* The definition of the blob, for a C source that includes `header`. */
std::string c_source(const Placement &place, const std::string &header, const AlignedBytes &blob);

/* For GNU as and clang on any ELF target: the definition of the blob that lies in the file `binary`. */
std::string assembler_source(const Placement &place, const std::string &binary, const AlignedBytes &blob);

} // namespace mote::cli
