/* What the tests share: memory that lies exactly, models and trainers that own their arenas, and numbers to feed them
 * that do not come from the library under test. */
#ifndef MOTE_TESTS_SUPPORT_H
#define MOTE_TESTS_SUPPORT_H

#include "mote.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace mote_test {

inline constexpr float quantum = 0x1p-40f; /* the least magnitude of a stored number that is not +0 */

uint32_t bits(float value);
float from_bits(uint32_t pattern);
bool same_bits(const float *a, const float *b, size_t count);

/* Heap memory aligned to MOTE_ALIGN with not a byte more than asked for, so that the address sanitizer sees every
 * overrun. */
class Buffer {
  public:
    explicit Buffer(size_t bytes, unsigned char fill = 0);
    Buffer(const void *source, size_t bytes);
    Buffer(const Buffer &other) : Buffer(other.data(), other.size()) {}
    Buffer(Buffer &&) noexcept = default;
    Buffer &operator=(Buffer &&) noexcept = default;
    Buffer &operator=(const Buffer &other) { return *this = Buffer(other); }
    ~Buffer() = default;

    unsigned char *data() { return bytes_.get(); }
    const unsigned char *data() const { return bytes_.get(); }
    size_t size() const { return size_; }
    bool operator==(const Buffer &other) const;
    bool filled_with(unsigned char fill) const;

  private:
    struct Free {
        void operator()(unsigned char *bytes) const;
    };
    std::unique_ptr<unsigned char, Free> bytes_;
    size_t size_;
};

/* Floats aligned to MOTE_ALIGN. */
class Floats {
  public:
    explicit Floats(size_t count) : buffer_(count * sizeof(float)), count_(count) {}
    Floats(const float *source, size_t count) : buffer_(source, count * sizeof(float)), count_(count) {}

    float *data() { return reinterpret_cast<float *>(buffer_.data()); }
    const float *data() const { return reinterpret_cast<const float *>(buffer_.data()); }
    float &operator[](size_t i) { return data()[i]; }
    float operator[](size_t i) const { return data()[i]; }
    size_t size() const { return count_; }

  private:
    Buffer buffer_;
    size_t count_;
};

/* SplitMix64 (Steele, Lea and Flood 2014). */
class Random {
  public:
    explicit Random(uint64_t seed) : state_(seed) {}
    uint64_t next();
    uint32_t below(uint32_t bound) { return static_cast<uint32_t>(next() % bound); }
    double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }
    /* Uniform in ±scale and never between +0 and the quantum. */
    float weight(float scale);

  private:
    uint64_t state_;
};

/* Chooses of many combinations of the same things one in MOTE_TEST_EVERY, or in `at_most` if that is less; all where it
 * is not set: an emulator takes minutes for all, and so do all modes of a processor. */
class Choice {
  public:
    bool skips(size_t at_most = SIZE_MAX);

  private:
    size_t seen_ = 0;
};

struct Arena {
    explicit Arena(size_t bytes, unsigned char fill = 0);
    Buffer memory;
    mote_arena arena;
};

mote_config bigram(uint32_t vocab);
mote_config mlp(uint32_t vocab, uint32_t context, uint32_t embed, uint32_t hidden, uint32_t layers,
                uint32_t activation = MOTE_TANH);
mote_config rnn(uint32_t vocab, uint32_t embed, uint32_t hidden, uint32_t layers, uint32_t activation = MOTE_TANH);
mote_config gru(uint32_t vocab, uint32_t embed, uint32_t hidden, uint32_t layers);
/* Whether activations are carried from one step to the next. */
bool carries(const mote_config &config);
std::string describe(const mote_config &config);
/* Every weight, bias and embedding is drawn, so that each takes part in what is tested. */
mote_init lively_init(uint32_t cell = MOTE_CELL_RECURRENT);
mote_train_config train_config(uint32_t batch, uint32_t time, uint32_t optimizer = MOTE_SGD);

/* What a program of its own keeps in a blob. No byte of it is padding. */
struct OwnRecord {
    uint64_t seed, hash;
    uint32_t steps, split[3];
    uint8_t bytes[8];
};
constexpr uint32_t own_section = MOTE_SECTION_ID('o', 'w', 'n', '1');
OwnRecord some_record();
mote_section section_of(const OwnRecord &record);
/* The record in a blob, or why there is none. */
mote_status read_own(const void *blob, size_t bytes, OwnRecord *record);

/* Characters of one to four bytes; with a boundary, U+000A first. */
class Alphabet {
  public:
    explicit Alphabet(uint32_t count, uint32_t boundary = 0);
    const mote_vocab &vocab() const { return vocab_; }
    Alphabet(const Alphabet &) = delete;
    Alphabet &operator=(const Alphabet &) = delete;

  private:
    std::vector<uint32_t> code_points_;
    mote_vocab vocab_;
};

class Model {
  public:
    Model(const mote_config &config, uint64_t seed, const mote_vocab *vocab, const mote_init &init);
    explicit Model(const mote_config &config, uint64_t seed = 1, const mote_vocab *vocab = nullptr)
        : Model(config, seed, vocab, lively_init(config.cell)) {}
    mote_model *get() const { return model_; }
    const mote_config &config() const { return config_; }
    float *weights(size_t *count = nullptr) const;
    uint64_t hash() const { return mote_weights_hash(model_); }

  private:
    mote_config config_;
    Arena arena_;
    mote_model *model_ = nullptr;
};

/* The same model with weights of integers; 127 stands for an activation of 3 of ReLU. */
class QuantizedModel {
  public:
    explicit QuantizedModel(const Model &model, uint32_t precision = MOTE_PRECISION_INT8);
    mote_model *get() const { return model_; }
    const mote_config &config() const { return config_; }

  private:
    mote_config config_;
    Arena arena_;
    mote_model *model_ = nullptr;
};
mote_config quantized_config(mote_config config, uint32_t precision = MOTE_PRECISION_INT8);
std::string precision_name(uint32_t precision);

class Trainer {
  public:
    Trainer(const Model &model, const mote_train_config &train);
    mote_trainer *get() const { return trainer_; }

  private:
    Arena arena_;
    mote_trainer *trainer_ = nullptr;
};

class State {
  public:
    State(const mote_model *model, const mote_config &config);
    mote_state *get() const { return state_; }

  private:
    Arena arena_;
    mote_state *state_ = nullptr;
};

std::vector<uint16_t> draw_tokens(uint32_t vocab, size_t count, uint64_t seed);

/* targets [batch][time], tokens [batch][time], of an MLP [batch][context + time - 1]. */
struct Batch {
    std::vector<uint16_t> tokens;
    std::vector<uint16_t> targets;
};
/* Each target is MOTE_IGNORE with the given probability, but the last one never is. */
Batch draw_batch(Random &random, uint32_t vocab, uint32_t batch, uint32_t time, double ignored = 0);
Batch draw_batch(Random &random, const mote_config &config, uint32_t batch, uint32_t time, double ignored = 0);
/* A row of a batch of this configuration that reads `tokens` from the beginning of a text. */
std::vector<uint16_t> from_beginning(const mote_config &config, const std::vector<uint16_t> &tokens);

Buffer save(const mote_model *model, const mote_config &config, const OwnRecord *run = nullptr);
Buffer save_checkpoint(const mote_trainer *trainer, const mote_config &config, const OwnRecord *run = nullptr,
                       const mote_model *best = nullptr);

/* A checkpoint loaded into memory of exactly its size, or refused. */
struct LoadedCheckpoint {
    LoadedCheckpoint(const Buffer &checkpoint, uint32_t workspace);
    Arena arena;
    mote_model *model = nullptr;
    mote_trainer *trainer = nullptr;
    mote_status status;
};

/* For each float of the flat array of weights: does it belong to a tensor's logical shape? */
std::vector<bool> logical_floats(const mote_model *model);
/* Floats outside every logical shape that are not +0. */
size_t dirty_padding(const mote_model *model, const float *flat);

/* How many deviations Pearson's statistic lies above its mean, as a normal variate (Wilson and Hilferty 1931). */
double chi_square_deviations(const std::vector<double> &observed, const std::vector<double> &expected);

std::string encode_utf8(uint32_t code_point);

} // namespace mote_test

#endif
