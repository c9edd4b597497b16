#pragma once

#include "aligned_memory.h"
#include "mote_format.h"

#include <optional>
#include <string>
#include <vector>

namespace mote::cli {

/* A blob as a row of fields, none of them believed: what can be read of a damaged one, of which the library gives
 * nothing. Where the fields are is said by mote_format.h. */
namespace format {

constexpr uint32_t header_bytes = sizeof(mote_format_header), section_bytes = sizeof(mote_format_section),
                   tensor_bytes = sizeof(mote_format_tensor), vocab_header_bytes = sizeof(mote_format_vocab),
                   test_bytes = sizeof(mote_format_selftest), trainer_header_bytes = sizeof(mote_format_trainer);
constexpr uint32_t size_at = offsetof(mote_format_header, size), crc_at = offsetof(mote_format_header, crc),
                   config_at = offsetof(mote_format_header, input),
                   section_count_at = offsetof(mote_format_header, sections);
constexpr uint32_t most_sections = MOTE_FORMAT_MAX_SECTIONS;
constexpr uint32_t prompt = MOTE_FORMAT_PROMPT; /* tokens of a self-test */
constexpr uint32_t test_header_bytes = offsetof(mote_format_selftest, prompt);

constexpr uint32_t magic = MOTE_FORMAT_MAGIC;
constexpr uint32_t tensors = MOTE_FORMAT_TENSORS, vocab = MOTE_FORMAT_VOCAB, data = MOTE_FORMAT_DATA,
                   test = MOTE_FORMAT_SELFTEST, trainer = MOTE_FORMAT_TRAINER, best = MOTE_FORMAT_BEST;

} // namespace format

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
    uint64_t count = 0;                       /* bytes of the file */
    std::optional<mote_format_header> header; /* none: too short, or nothing like a blob */
    mote_config config = {};                  /* as the header has it */
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
/* Rows and columns as they are stored. */
uint32_t stored_rows(const BlobTensor &tensor);
uint32_t stored_columns(const BlobTensor &tensor);

/* What a byte of a tensor belongs to. */
struct StoredElement {
    bool scale, padding;
    uint64_t row, column; /* as stored; of a scale the column */
    bool group = false;   /* of 4 bits: the integer of the group that the row begins */
};
/* Of 4 bits a byte has two; `high`: the one in its high half. */
StoredElement stored_element(const BlobTensor &tensor, uint64_t byte, bool high = false);

/* The code points of the vocabulary, as far as the file has them. */
std::vector<uint32_t> code_points_of(const BlobParts &parts);

/* What lies at a byte of the file: "tensor weight_out, element [3][7]". */
std::string place_of(const BlobParts &parts, uint64_t offset);

/* "[3][7]", "the scale of [3]", "the group of [3][32]" or "its padding": what of a tensor this byte, or
 * of 4 bits its low or high half, belongs to. */
std::string element_text(const BlobTensor &tensor, uint64_t byte, bool high = false);

} // namespace mote::cli
