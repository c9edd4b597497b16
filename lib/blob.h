// The blob: a flat file that is checked once and then used where it lies.
//
//   0    header, 128 bytes: magic, format, size, CRC-32, configuration, number of sections
//   128  section table: 16 bytes a section (id, flags, offset, size), padded to 64
//        TENS  tensor table: 64 bytes a tensor
//        VOCB  vocabulary: count, flags; from byte 64 on the code points
//        DATA  the tensors, each aligned to 64, in the layout that the kernels read
//        TEST  self-test: prompt and hashes of the logits after each of its tokens
//        RUN   mote_run, where one was given
//        TRNR  in a checkpoint: the trainer
//        BEST  in a checkpoint of early stopping: the best weights so far, in the order of the tensors
//
// Everything is little-endian; sections begin at multiples of 64, ascend, and what lies between them is zero.
#ifndef MOTE_BLOB_H
#define MOTE_BLOB_H

#include "model.h"

namespace mote::blob {

constexpr uint32_t kHeader = 128;
constexpr uint32_t kSections = 8;     // that the writer leaves room for
constexpr uint32_t kMaxSections = 64; // that a reader accepts
constexpr uint32_t kCritical = 1;     // flag: a reader that does not know the section must refuse the blob
constexpr uint32_t kTensorEntry = 64;
constexpr uint32_t kVocabHeader = 64;
constexpr uint32_t kPrompt = 32; // tokens of the self-test
constexpr uint32_t kTestBytes = 64 + 2 * kPrompt + 8 * kPrompt;
constexpr uint32_t kRunBytes = 128;
constexpr uint32_t kTrainerHeader = 128;

constexpr uint32_t id(char a, char b, char c, char d) {
    return static_cast<uint32_t>(a) | static_cast<uint32_t>(b) << 8 | static_cast<uint32_t>(c) << 16 |
           static_cast<uint32_t>(d) << 24;
}
constexpr uint32_t kMagic = id('M', 'O', 'T', 'E');
constexpr uint32_t kTensors = id('T', 'E', 'N', 'S'), kVocab = id('V', 'O', 'C', 'B'), kData = id('D', 'A', 'T', 'A');
constexpr uint32_t kTest = id('T', 'E', 'S', 'T'), kRun = id('R', 'U', 'N', ' '), kTrainer = id('T', 'R', 'N', 'R');
constexpr uint32_t kBest = id('B', 'E', 'S', 'T');

static_assert(MOTE_BLOB_FIXED_BYTES == kHeader + 16 * kSections + kVocabHeader + kTestBytes + kRunBytes,
              "the size macro and the format disagree");
static_assert(MOTE_CHECKPOINT_FIXED_BYTES == kTrainerHeader, "the size macro and the format disagree");

struct Section {
    const uint8_t *data; // null: not there
    uint32_t size;
};

// A blob whose structure, checksum and configuration have been checked; its tensors and vocabulary not yet.
struct View {
    const uint8_t *base;
    uint32_t size;
    mote_config config;
    Section tensors, vocab, data, test, run, trainer, best;
};

mote_status view(const void *blob, size_t bytes, View *view);
// Fills a model's tensors and vocabulary from a view, with every number checked.
mote_status attach(const View &view, mote_model *model);
mote_status read_run(const View &view, mote_run *run);

uint32_t crc32(uint32_t crc, const uint8_t *bytes, size_t count);

inline uint32_t read_u32(const uint8_t *p) {
    uint32_t x;
    memcpy(&x, p, sizeof x);
    return x;
}
inline uint64_t read_u64(const uint8_t *p) {
    uint64_t x;
    memcpy(&x, p, sizeof x);
    return x;
}

// Whether a tensor of a model, or an array in its shape, holds numbers that may be stored, and +0 as padding.
mote_status check_numbers(const float *data, const TensorSpec &spec, float quantum, bool signed_numbers);
// MOTE_ERR_NUMERIC where a weight may not be stored.
mote_status check_weights(const mote_model &model);

} // namespace mote::blob

#endif
