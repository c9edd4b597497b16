#include "blob_write.h"

#include "arena.h"
#include "numeric.h"

namespace mote::blob {
namespace {

struct Selftest {
    uint16_t prompt[kPrompt];
    uint64_t hashes[kPrompt];
};

// Tokens spread over the vocabulary; with one-hot input each is a column of its own.
uint16_t prompt_token(uint32_t i, uint32_t vocab) {
    return static_cast<uint16_t>(vocab < kPrompt ? i % vocab : i * vocab / kPrompt);
}

// The hash of the logits after the next token of a self-test.
mote_status hash_logits(mote_state *state, uint16_t token, uint64_t *hash) {
    const mote_status status = step(state, token);
    *hash = mote_fnv1a(MOTE_FNV_START, state->logits, 4 * size_t{state->model->config.vocab});
    return status;
}

static_assert(sizeof(Selftest) == kSelftestBytes, "the size macro of the scratch counts on it");

// The state that makes the results lies behind them, in the scratch.
MOTE_NOINLINE mote_status run_selftest(const mote_model &model, Selftest *test) {
    mote_state *state = place_state(model, test + 1);
    mote_status status = MOTE_OK;
    for (uint32_t i = 0; i < kPrompt && status == MOTE_OK; ++i) {
        test->prompt[i] = prompt_token(i, model.config.vocab);
        status = hash_logits(state, test->prompt[i], &test->hashes[i]);
    }
    return status;
}

struct Contents {
    const mote_model &model;
    const mote_run *run;
    const Extras &extras;
    const Selftest &test;
    uint32_t crc;
};

struct Entry {
    uint32_t id, flags, size;
};

// The sections, in their order in the blob; returns how many.
uint32_t sections(const Contents &c, Entry entries[kSections]) {
    const mote_config &config = c.model.config;
    uint32_t n = 0;
    entries[n++] = {kTensors, kCritical, kTensorEntry * tensor_count(config)};
    entries[n++] = {kVocab, kCritical, kVocabHeader + static_cast<uint32_t>(MOTE_ROUND64(4 * uint64_t{config.vocab}))};
    entries[n++] = {kData, kCritical, static_cast<uint32_t>(4 * weight_count(config))};
    entries[n++] = {kTest, 0, kTestBytes};
    // Without a run its room is left empty, so that the size is the same.
    if (c.run != nullptr) entries[n++] = {kRun, 0, kRunBytes};
    for (uint32_t i = 0; i < c.extras.count; ++i) entries[n++] = {c.extras.list[i].id, 0, c.extras.list[i].size};
    return n;
}

MOTE_NOINLINE void put_header(Sink &sink, const Contents &c, uint32_t size, uint32_t count) {
    Record<kHeader> header;
    header.u32(0, kMagic);
    header.u16(4, MOTE_FORMAT_MAJOR);
    header.u16(6, MOTE_FORMAT_MINOR);
    header.u32(8, size);
    header.u32(12, c.crc);
    const mote_config &config = c.model.config;
    header.u32(16, config.arch);
    header.u32(20, config.activation);
    header.u32(24, config.vocab);
    header.u32(28, config.context);
    header.u32(32, config.embed);
    header.u32(36, config.hidden);
    header.u32(40, config.layers);
    header.u32(44, count);
    sink.put(header.bytes, sizeof header.bytes);
}

MOTE_NOINLINE void put_sections(Sink &sink, const Contents &c, const Entry *entries, uint32_t count) {
    Record<16 * kSections> table;
    uint32_t offset = kHeader + 16 * kSections;
    for (uint32_t i = 0; i < count; ++i) {
        if (c.run == nullptr && entries[i].id == kTrainer) offset += kRunBytes;
        table.u32(16 * i, entries[i].id);
        table.u32(16 * i + 4, entries[i].flags);
        table.u32(16 * i + 8, offset);
        table.u32(16 * i + 12, entries[i].size);
        offset += entries[i].size;
    }
    sink.put(table.bytes, sizeof table.bytes);
}

MOTE_NOINLINE void put_tensor_table(Sink &sink, const mote_config &config) {
    const uint32_t data = kHeader + 16 * kSections + kTensorEntry * tensor_count(config) + kVocabHeader +
                          static_cast<uint32_t>(MOTE_ROUND64(4 * uint64_t{config.vocab}));
    for (uint32_t i = 0; i < tensor_count(config); ++i) {
        const TensorSpec spec = tensor_spec(config, i);
        Record<kTensorEntry> entry;
        tensor_name(spec, reinterpret_cast<char *>(entry.bytes));
        entry.u32(24, spec.shape(0));
        entry.u32(28, spec.shape(1));
        entry.u32(36, spec.layout); // byte 32 on: the dtype, 0 for f32
        entry.u32(40, data + 4 * spec.offset);
        entry.u32(44, 4 * spec.count()); // byte 48 on: where the scales are, 0 for none
        sink.put(entry.bytes, sizeof entry.bytes);
    }
}

MOTE_NOINLINE void put_vocab(Sink &sink, const mote_vocab &vocab) {
    Record<kVocabHeader> header;
    header.u32(0, vocab.count);
    header.u32(4, vocab.boundary);
    sink.put(header.bytes, sizeof header.bytes);
    sink.put(vocab.code_points, 4 * size_t{vocab.count});
    const Record<64> zero;
    sink.put(zero.bytes, static_cast<size_t>(MOTE_ROUND64(4 * uint64_t{vocab.count}) - 4 * uint64_t{vocab.count}));
}

MOTE_NOINLINE void put_test(Sink &sink, const Selftest &test) {
    Record<64> header;
    header.u32(0, kPrompt);
    sink.put(header.bytes, sizeof header.bytes);
    sink.put(test.prompt, sizeof test.prompt);
    sink.put(test.hashes, sizeof test.hashes);
}

MOTE_NOINLINE void put_run(Sink &sink, const mote_run *run) {
    Record<kRunBytes> r;
    if (run != nullptr) {
        r.u64(0, run->seed);
        r.u64(8, run->corpus_hash);
        r.u64(16, run->position);
        r.u64(24, run->smoothed_bits);
        r.u64(32, run->best_bits);
        r.u64(40, run->best_position);
        r.u64(96, run->pass_bits);
        r.u64(104, run->pass_mean_bits);
        r.u32(48, run->order);
        r.u32(52, run->lines);
        r.u32(56, run->steps);
        for (uint32_t i = 0; i < 3; ++i) r.u32(60 + 4 * i, run->split[i]);
        r.u32(112, run->eval_every);
        r.u32(116, run->eval_batches);
        r.u32(120, run->patience);
        r.u32(72, run->schedule.kind);
        r.u32(76, run->schedule.warmup);
        r.u32(80, run->schedule.period);
        r.u32(84, run->schedule.total);
        r.f32(88, run->schedule.rate);
        r.f32(92, run->schedule.factor);
    }
    sink.put(r.bytes, sizeof r.bytes);
}

MOTE_NOINLINE void put_all(Sink &sink, const Contents &c, uint32_t size) {
    const mote_config &config = c.model.config;
    Entry entries[kSections];
    const uint32_t count = sections(c, entries);
    put_header(sink, c, size, count);
    put_sections(sink, c, entries, count);
    put_tensor_table(sink, config);
    put_vocab(sink, c.model.vocab);
    for (uint32_t i = 0; i < tensor_count(config); ++i)
        sink.put(c.model.tensors[i], 4 * size_t{tensor_spec(config, i).count()});
    put_test(sink, c.test);
    put_run(sink, c.run);
    for (uint32_t i = 0; i < c.extras.count; ++i) c.extras.list[i].emit(sink, c.extras.list[i].object);
}

// 0: no characters, or too large.
MOTE_NOINLINE uint32_t saved_size(const mote_model &model, const Extras &extras) {
    uint64_t size = blob_bytes(model.config);
    for (uint32_t i = 0; i < extras.count; ++i) size += extras.list[i].size;
    return model.vocab.count != 0 && size <= kMaxBytes ? static_cast<uint32_t>(size) : 0;
}

MOTE_NOINLINE mote_status emit(const mote_model &model, const mote_run *run, const Extras &extras, const Selftest &test,
                               mote_write_fn write, void *user) {
    const uint32_t size = saved_size(model, extras);
    Contents contents{model, run, extras, test, 0};
    Sink checksum{nullptr, nullptr, 0, MOTE_OK};
    put_all(checksum, contents, size);
    contents.crc = checksum.crc;
    Sink sink{write, user, 0, MOTE_OK};
    put_all(sink, contents, size);
    return sink.status;
}

} // namespace

MOTE_NOINLINE void Sink::put(const void *bytes, size_t count) {
    if (status != MOTE_OK || count == 0) return;
    if (write == nullptr)
        crc = crc32(crc, static_cast<const uint8_t *>(bytes), count);
    else if (write(user, bytes, count) != MOTE_OK)
        status = MOTE_ERR_WRITE;
}

MOTE_NOINLINE mote_status check_weights(const mote_model &model) {
    for (uint32_t i = 0; i < tensor_count(model.config); ++i)
        if (check_numbers(model.tensors[i], tensor_spec(model.config, i), cpu::kQuantum, true) != MOTE_OK)
            return MOTE_ERR_NUMERIC;
    return MOTE_OK;
}

mote_status save(const mote_model &model, const mote_run *run, const Extras &extras, mote_arena *scratch,
                 mote_write_fn write, void *user) {
    if (saved_size(model, extras) == 0 || !runs(model)) return MOTE_ERR_ARG;
    // What may refuse to be saved is found before the first byte is written.
    const Scratch scope(scratch);
    void *memory = nullptr;
    mote_status status = check_weights(model);
    if (status == MOTE_OK) status = take(scratch, scratch_bytes(model.config), &memory);
    Selftest *test = static_cast<Selftest *>(memory);
    if (status == MOTE_OK) status = run_selftest(model, test);
    return status == MOTE_OK ? emit(model, run, extras, *test, write, user) : status;
}

} // namespace mote::blob

using namespace mote;

extern "C" {

mote_status mote_model_save(const mote_model *model, const mote_run *run, mote_arena *scratch, mote_write_fn write,
                            void *user) {
    if (model == nullptr || scratch == nullptr || write == nullptr) return MOTE_ERR_ARG;
    return blob::save(*model, run, {nullptr, 0}, scratch, write, user);
}

mote_status mote_selftest(const mote_model *model, mote_arena *scratch) {
    if (model == nullptr || scratch == nullptr || model->tests == nullptr || !runs(*model)) return MOTE_ERR_ARG;
    const Scratch scope(scratch);
    void *memory;
    mote_status status = take(scratch, scratch_bytes(model->config), &memory);
    if (status != MOTE_OK) return status;
    mote_state *state = place_state(*model, memory);
    for (uint32_t i = 0; i < blob::kPrompt && status == MOTE_OK; ++i) {
        const uint8_t *token = model->tests + 64 + 2 * size_t{i};
        const uint8_t *hash = model->tests + 64 + 2 * blob::kPrompt + 8 * size_t{i};
        uint64_t here;
        status = blob::hash_logits(state, static_cast<uint16_t>(token[0] | token[1] << 8), &here);
        if (status == MOTE_OK && here != blob::read_u64(hash)) status = MOTE_ERR_SELFTEST;
    }
    return status;
}

mote_status mote_buffer_write(void *user, const void *bytes, size_t count) {
    mote_buffer *buffer = static_cast<mote_buffer *>(user);
    if (buffer == nullptr || buffer->bytes == nullptr || bytes == nullptr) return MOTE_ERR_ARG;
    if (buffer->used > buffer->capacity || count > buffer->capacity - buffer->used) return MOTE_ERR_CAPACITY;
    memcpy(buffer->bytes + buffer->used, bytes, count);
    buffer->used += count;
    return MOTE_OK;
}
}
