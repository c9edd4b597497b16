#include "support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>

namespace mote_test {

uint32_t bits(float value) {
    uint32_t pattern;
    std::memcpy(&pattern, &value, sizeof pattern);
    return pattern;
}

float from_bits(uint32_t pattern) {
    float value;
    std::memcpy(&value, &pattern, sizeof value);
    return value;
}

bool same_bits(const float *a, const float *b, size_t count) { return std::memcmp(a, b, count * sizeof(float)) == 0; }

Buffer::Buffer(size_t bytes, unsigned char fill)
    : bytes_(static_cast<unsigned char *>(::operator new (bytes, std::align_val_t{MOTE_ALIGN}))), size_(bytes) {
    std::memset(bytes_.get(), fill, bytes);
}

Buffer::Buffer(const void *source, size_t bytes) : Buffer(bytes) {
    if (bytes != 0) std::memcpy(bytes_.get(), source, bytes); // of nothing, the source may be null
}

bool Buffer::operator==(const Buffer &other) const {
    return size_ == other.size_ && std::memcmp(data(), other.data(), size_) == 0;
}

bool Buffer::filled_with(unsigned char fill) const {
    return std::all_of(data(), data() + size_, [fill](unsigned char byte) { return byte == fill; });
}

void Buffer::Free::operator()(unsigned char *bytes) const { ::operator delete (bytes, std::align_val_t{MOTE_ALIGN}); }

uint64_t Random::next() {
    uint64_t z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

float Random::weight(float scale) {
    const float value = static_cast<float>((2 * uniform() - 1) * static_cast<double>(scale));
    return std::fabs(value) < quantum ? 0.0f : value;
}

bool Choice::skips(size_t at_most) {
    static const char *const every = std::getenv("MOTE_TEST_EVERY");
    static const size_t one_in = every != nullptr ? std::max(std::strtoul(every, nullptr, 10), 1ul) : 1;
    return seen_++ % std::min(one_in, at_most) != 0;
}

Arena::Arena(size_t bytes, unsigned char fill) : memory(bytes, fill), arena() {
    REQUIRE(mote_arena_init(&arena, memory.data(), bytes) == MOTE_OK);
}

mote_config bigram(uint32_t vocab) { return {MOTE_SHAPE_BIGRAM(vocab), 0}; }

mote_config mlp(uint32_t vocab, uint32_t context, uint32_t embed, uint32_t hidden, uint32_t layers,
                uint32_t activation) {
    return {MOTE_SHAPE_MLP(vocab, context, embed, hidden, layers), activation};
}

mote_config rnn(uint32_t vocab, uint32_t embed, uint32_t hidden, uint32_t layers, uint32_t activation) {
    return {MOTE_SHAPE_RNN(vocab, embed, hidden, layers), activation};
}

mote_config gru(uint32_t vocab, uint32_t embed, uint32_t hidden, uint32_t layers) {
    return {MOTE_SHAPE_GRU(vocab, embed, hidden, layers), MOTE_TANH};
}

bool carries(const mote_config &config) { return config.cell == MOTE_CELL_RECURRENT || config.cell == MOTE_CELL_GATED; }

std::string describe(const mote_config &c) {
    const char *const names[] = {"?", "bigram", "MLP", "RNN", "GRU"};
    char text[160];
    std::snprintf(text, sizeof text, "%s V=%u C=%u E=%u H=%u L=%u%s", names[c.cell % 5], c.vocab, c.context, c.embed,
                  c.hidden, c.layers, c.activation == MOTE_RELU ? " ReLU" : "");
    return text;
}

mote_init lively_init(uint32_t cell) {
    mote_init init{};
    const uint32_t kind = cell == MOTE_CELL_NONE ? MOTE_INIT_NORMAL : MOTE_INIT_HIDDEN_UNIFORM;
    init.weights = {kind, 1.0f};
    init.biases = {MOTE_INIT_UNIFORM, 0.25f};
    init.embedding = {MOTE_INIT_NORMAL, 1.0f};
    return init;
}

mote_train_config train_config(uint32_t batch, uint32_t time, uint32_t optimizer) {
    mote_train_config train{};
    train.batch = batch;
    train.time_steps = time;
    train.loss = MOTE_LOSS_MEAN;
    train.state = MOTE_STATE_CARRY;
    train.workspace = MOTE_WORKSPACE_PACKED;
    train.optimizer = optimizer;
    train.learning_rate = optimizer == MOTE_ADAMW ? 0.01f : 0.1f;
    train.momentum = optimizer == MOTE_MOMENTUM ? 0.9f : 0.0f;
    train.beta1 = 0.9f;
    train.beta2 = 0.999f;
    train.eps = 1e-8f;
    train.weight_decay = 0.01f;
    return train;
}

OwnRecord some_record() { return {0x0123456789abcdefu, 0xfedcba9876543210u, 5000, {80, 15, 5}, {1, 2, 3}}; }

mote_section section_of(const OwnRecord &record) { return {own_section, &record, sizeof record}; }

mote_status read_own(const void *blob, size_t bytes, OwnRecord *record) {
    const void *data = nullptr;
    size_t size = 0;
    const mote_status status = mote_blob_section(blob, bytes, own_section, &data, &size);
    if (status != MOTE_OK) return status;
    if (size != sizeof *record) return MOTE_ERR_FORMAT;
    std::memcpy(record, data, size);
    return MOTE_OK;
}

Alphabet::Alphabet(uint32_t count, uint32_t boundary) : vocab_() {
    static constexpr uint32_t starts[] = {0x20, 0x3b1, 0x4e00, 0x1f600};
    if (boundary != 0) code_points_.push_back(0x0a);
    const uint32_t drawn = count - boundary;
    for (uint32_t i = 0; i < drawn; ++i) {
        const uint32_t block = i * 4 / drawn;
        code_points_.push_back(starts[block] + (i - (block * drawn + 3) / 4));
    }
    vocab_.code_points = code_points_.data();
    vocab_.count = count;
    vocab_.boundary = boundary;
}

Model::Model(const mote_config &config, uint64_t seed, const mote_vocab *vocab, const mote_init &init)
    : config_(config), arena_(mote_model_bytes(&config)) {
    REQUIRE(mote_model_random(&model_, &arena_.arena, &config_, vocab, &init, seed) == MOTE_OK);
}

float *Model::weights(size_t *count) const {
    size_t ignored;
    return mote_model_weights(model_, count != nullptr ? count : &ignored);
}

mote_config quantized_config(mote_config config, uint32_t precision) {
    config.precision = precision;
    return config;
}

std::string precision_name(uint32_t precision) { return precision == MOTE_PRECISION_INT4 ? "4 bits" : "int8"; }

QuantizedModel::QuantizedModel(const Model &model, uint32_t precision)
    : config_(quantized_config(model.config(), precision)), arena_(mote_model_bytes(&config_)) {
    const std::vector<float> largest(MOTE_MAX_LAYERS, 3.0f);
    REQUIRE(mote_model_quantize(&model_, &arena_.arena, model.get(), precision, largest.data()) == MOTE_OK);
}

Trainer::Trainer(const Model &model, const mote_train_config &train)
    : arena_(mote_trainer_bytes(&model.config(), &train)) {
    REQUIRE(mote_trainer_init(&trainer_, &arena_.arena, model.get(), &train) == MOTE_OK);
}

State::State(const mote_model *model, const mote_config &config) : arena_(mote_state_bytes(&config)) {
    REQUIRE(mote_state_init(&state_, &arena_.arena, model) == MOTE_OK);
}

std::vector<uint16_t> draw_tokens(uint32_t vocab, size_t count, uint64_t seed) {
    Random random(seed);
    std::vector<uint16_t> tokens(count);
    for (uint16_t &token : tokens) token = static_cast<uint16_t>(random.below(vocab));
    return tokens;
}

Batch draw_batch(Random &random, uint32_t vocab, uint32_t batch, uint32_t time, double ignored) {
    Batch drawn;
    for (uint32_t i = 0; i < batch * time; ++i) {
        drawn.tokens.push_back(static_cast<uint16_t>(random.below(vocab)));
        const bool counts = i + 1 == batch * time || random.uniform() >= ignored;
        drawn.targets.push_back(static_cast<uint16_t>(counts ? random.below(vocab) : MOTE_IGNORE));
    }
    return drawn;
}

Batch draw_batch(Random &random, const mote_config &config, uint32_t batch, uint32_t time, double ignored) {
    Batch drawn = draw_batch(random, config.vocab, batch, time, ignored);
    if (config.context < 2) return drawn;
    drawn.tokens.resize(size_t{batch} * (config.context + time - 1));
    for (uint16_t &token : drawn.tokens) token = static_cast<uint16_t>(random.below(config.vocab));
    return drawn;
}

std::vector<uint16_t> from_beginning(const mote_config &config, const std::vector<uint16_t> &tokens) {
    std::vector<uint16_t> row(config.context > 1 ? config.context - 1 : 0, 0);
    row.insert(row.end(), tokens.begin(), tokens.end());
    return row;
}

namespace {

template <typename Save> Buffer save_into(size_t bytes, const mote_config &config, Save &&write) {
    Buffer blob(bytes, 0xee);
    Arena scratch(mote_scratch_bytes(&config));
    mote_buffer buffer{blob.data(), blob.size(), 0};
    REQUIRE(write(&scratch.arena, &buffer) == MOTE_OK);
    REQUIRE(buffer.used == bytes);
    return blob;
}

} // namespace

static size_t section_bytes(const mote_section &section) {
    return static_cast<size_t>(MOTE_SECTION_BYTES(section.bytes));
}

Buffer save(const mote_model *model, const mote_config &config, const OwnRecord *own) {
    const mote_section section{own_section, own, sizeof *own};
    const size_t bytes = mote_blob_bytes(&config) + (own != nullptr ? section_bytes(section) : 0);
    return save_into(bytes, config, [&](mote_arena *scratch, mote_buffer *buffer) {
        return mote_model_save(model, &section, own != nullptr ? 1 : 0, scratch, mote_buffer_write, buffer);
    });
}

Buffer save_checkpoint(const mote_trainer *trainer, const mote_config &config, const OwnRecord *own,
                       const mote_model *best) {
    mote_train_config train{};
    REQUIRE(mote_trainer_config(trainer, &train) == MOTE_OK);
    const mote_section section{own_section, own, sizeof *own};
    const size_t bytes = mote_checkpoint_bytes(&config, &train) +
                         (best != nullptr ? 4 * mote_weight_count(&config) : 0) +
                         (own != nullptr ? section_bytes(section) : 0);
    return save_into(bytes, config, [&](mote_arena *scratch, mote_buffer *buffer) {
        return mote_checkpoint_save(trainer, best, &section, own != nullptr ? 1 : 0, scratch, mote_buffer_write,
                                    buffer);
    });
}

namespace {

size_t room_for(const Buffer &checkpoint, uint32_t workspace) {
    mote_config config{};
    mote_train_config train{};
    const mote_status status = mote_checkpoint_peek(checkpoint.data(), checkpoint.size(), &config, &train);
    train.workspace = workspace;
    return status == MOTE_OK ? mote_model_bytes(&config) + mote_trainer_bytes(&config, &train) : MOTE_ALIGN;
}

} // namespace

LoadedCheckpoint::LoadedCheckpoint(const Buffer &checkpoint, uint32_t workspace)
    : arena(room_for(checkpoint, workspace)),
      status(mote_checkpoint_load(&trainer, &model, &arena.arena, checkpoint.data(), checkpoint.size(), workspace)) {}

std::vector<bool> logical_floats(const mote_model *model) {
    mote_config config{};
    REQUIRE(mote_model_config(model, &config) == MOTE_OK);
    std::vector<bool> logical(mote_weight_count(&config), false);
    mote_tensor tensor{};
    for (uint32_t index = 0; mote_model_tensor(model, index, &tensor) == MOTE_OK; ++index) {
        const bool by_input = tensor.layout == MOTE_LAYOUT_PANELS_OUT_IN;
        for (uint32_t r = 0; r < tensor.shape[0]; ++r) {
            for (uint32_t c = 0; c < tensor.shape[1]; ++c) {
                const size_t row = by_input ? c : r;
                const size_t column = by_input ? r : c;
                const size_t rows = tensor.shape[by_input ? 1 : 0];
                const size_t place =
                    tensor.layout == MOTE_LAYOUT_VECTOR ? r : (column / 16 * rows + row) * 16 + column % 16;
                logical.at(tensor.offset + place) = true;
            }
        }
    }
    return logical;
}

size_t dirty_padding(const mote_model *model, const float *flat) {
    const std::vector<bool> logical = logical_floats(model);
    size_t dirty = 0;
    for (size_t i = 0; i < logical.size(); ++i) dirty += !logical[i] && bits(flat[i]) != 0;
    return dirty;
}

double chi_square_deviations(const std::vector<double> &observed, const std::vector<double> &expected) {
    double statistic = 0;
    for (size_t i = 0; i < observed.size(); ++i) {
        const double difference = observed[i] - expected[i];
        statistic += difference * difference / expected[i];
    }
    const double freedom = static_cast<double>(observed.size()) - 1;
    const double spread = 2 / (9 * freedom);
    return (std::cbrt(statistic / freedom) - (1 - spread)) / std::sqrt(spread);
}

std::string encode_utf8(uint32_t c) {
    const auto byte = [](uint32_t value) { return static_cast<char>(static_cast<unsigned char>(value)); };
    const auto tail = [&](uint32_t shift) { return byte(0x80u | ((c >> shift) & 0x3fu)); };
    if (c < 0x80) return {byte(c)};
    if (c < 0x800) return {byte(0xc0u | (c >> 6)), tail(0)};
    if (c < 0x10000) return {byte(0xe0u | (c >> 12)), tail(6), tail(0)};
    return {byte(0xf0u | (c >> 18)), tail(12), tail(6), tail(0)};
}

} // namespace mote_test
