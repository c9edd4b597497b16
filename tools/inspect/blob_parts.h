#pragma once

#include "aligned_memory.h"

#include <optional>
#include <string>
#include <vector>

namespace mote::cli {

/* A blob as a row of fields, none of them believed: what can be read of a damaged one. The library, which gives nothing
 * of a blob that it refuses, keeps the format to itself; it stands here a second time. */
namespace format {

constexpr uint32_t header_bytes = 128, section_bytes = 16, tensor_bytes = 64, vocab_header_bytes = 64;
constexpr uint32_t size_at = 8, crc_at = 12, config_at = 16, section_count_at = 44;
constexpr uint32_t most_sections = 64;
constexpr uint32_t prompt = 32; /* tokens of a self-test */
constexpr uint32_t test_header_bytes = 64, test_bytes = test_header_bytes + 2 * prompt + 8 * prompt;
constexpr uint32_t run_bytes = 128, trainer_header_bytes = 128;

constexpr uint32_t id(const char (&name)[5]) {
    uint32_t number = 0;
    for (int i = 3; i >= 0; --i) number = number << 8 | static_cast<unsigned char>(name[i]);
    return number;
}
constexpr uint32_t magic = id("MOTE");
constexpr uint32_t tensors = id("TENS"), vocab = id("VOCB"), data = id("DATA"), test = id("TEST");
constexpr uint32_t run = id("RUN "), trainer = id("TRNR"), best = id("BEST");

} // namespace format

struct BlobHeader {
    uint32_t magic, major, minor, size, crc;
    mote_config config;
    uint32_t section_count;
};

struct BlobSection {
    uint32_t kind, flags, offset, size;
};

/* A line of the tensor table. */
struct BlobTensor {
    std::string name;
    uint32_t shape[2], dtype, layout, offset, size;
};

struct BlobParts {
    const unsigned char *bytes = nullptr;
    uint64_t count = 0;               /* bytes of the file */
    std::optional<BlobHeader> header; /* none: too short, or nothing like a blob */
    bool config_valid = false;
    std::vector<BlobSection> sections; /* as many of the table as the file has */
    std::vector<BlobTensor> tensors;

    uint32_t u32(uint64_t offset) const;
    uint64_t u64(uint64_t offset) const;
    bool has(uint64_t offset, uint64_t size) const { return offset <= count && size <= count - offset; }
    /* The first section of this kind that lies in the file, with at least so many bytes; null: there is none. */
    const BlobSection *section(uint32_t kind, uint64_t least) const;
};

BlobParts blob_parts(const AlignedBytes &file);

/* "weights", "self-test" …; of a kind that this version does not know, its four characters. */
std::string section_name(uint32_t kind);

/* The tensor table that a configuration makes, the offsets counted from the first tensor. */
std::vector<BlobTensor> tensors_of(const mote_config &config);

/* A tensor as the library would give it; `data` is null where it is not as its shape needs it or not in the file. */
mote_tensor readable_tensor(const BlobParts &parts, const BlobTensor &tensor);
/* Rows and columns as they are stored, in panels of 16 columns. */
uint32_t stored_rows(const BlobTensor &tensor);
uint32_t stored_columns(const BlobTensor &tensor);

/* The code points of the vocabulary, as far as the file has them. */
std::vector<uint32_t> code_points_of(const BlobParts &parts);

/* What lies at a byte of the file: "tensor weight_out, element [3][7]". */
std::string place_of(const BlobParts &parts, uint64_t offset);

/* "[3][7]", or "its padding": what of a tensor the float with this index is. */
std::string element_text(const BlobTensor &tensor, uint64_t index);

} // namespace mote::cli
