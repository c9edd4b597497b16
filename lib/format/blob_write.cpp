#include "blob_write.h"

#include <string.h>

#include "crc.h"
#include "network.h"
#include "numeric.h"
#include "selftest.h"
#include "sizes.h"

namespace mote::blob {
namespace {

struct Job {
    const mote_model &model;
    const Contents &contents;
    const SelftestResults &selftest;
    uint32_t size, crc;
};

uint32_t code_point_bytes(const Config &c) { return static_cast<uint32_t>(MOTE_SZ_ROUND64(4 * uint64_t{c.vocab})); }

// The section table, in the order of the sections in the blob.
struct Table {
    mote_format_section entries[MOTE_FORMAT_TABLE_SECTIONS];
    uint32_t count, next;

    void add(uint32_t id, uint32_t flags, uint32_t size) {
        entries[count++] = {id, flags, next, size};
        next += static_cast<uint32_t>(MOTE_SZ_ROUND64(size));
    }
};

MOTE_NOINLINE void make_table(Table *table, const Job &job) {
    const Config &c = job.model.config;
    *table = {};
    table->next = kHeader + kTable;
    table->add(MOTE_FORMAT_TENSORS, MOTE_FORMAT_CRITICAL, sizeof(mote_format_tensor) * tensor_count(c));
    table->add(MOTE_FORMAT_VOCAB, MOTE_FORMAT_CRITICAL, sizeof(mote_format_vocab) + code_point_bytes(c));
    table->add(MOTE_FORMAT_DATA, MOTE_FORMAT_CRITICAL, weight_bytes(c));
    table->add(MOTE_FORMAT_SELFTEST, 0, sizeof(mote_format_selftest));
    for (uint32_t i = 0; i < job.contents.extra_count; ++i)
        table->add(job.contents.extras[i].id, 0, job.contents.extras[i].size);
    for (uint32_t i = 0; i < job.contents.section_count; ++i)
        table->add(job.contents.sections[i].id, 0, static_cast<uint32_t>(job.contents.sections[i].bytes));
}

MOTE_NOINLINE void put_header(Sink &sink, const Job &job, uint32_t sections) {
    mote_format_header header{};
    header.magic = MOTE_FORMAT_MAGIC;
    header.major = MOTE_FORMAT_MAJOR;
    header.minor = is_quantized(job.model.config) ? 1 : 0; // the first one that knows what is in it
    header.size = job.size;
    header.crc = job.crc;
    const Config &c = job.model.config;
    header.input = c.input;
    header.cell = c.cell;
    header.vocab = c.vocab;
    header.context = c.context;
    header.embed = c.embed;
    header.hidden = c.hidden;
    header.layers = c.layers;
    header.activation = static_cast<uint16_t>(c.activation);
    header.precision = static_cast<uint16_t>(c.precision);
    header.sections = sections;
    sink.put(header);
}

MOTE_NOINLINE void put_head(Sink &sink, const Job &job) {
    Table table;
    make_table(&table, job);
    put_header(sink, job, table.count);
    sink.put(table.entries);
}

MOTE_NOINLINE void put_tensor_table(Sink &sink, const Config &c) {
    uint32_t offset = kHeader + kTable + static_cast<uint32_t>(sizeof(mote_format_tensor)) * tensor_count(c) +
                      static_cast<uint32_t>(sizeof(mote_format_vocab)) + code_point_bytes(c);
    for (uint32_t i = 0; i < tensor_count(c); ++i) {
        const TensorSpec &spec = tensor_spec(c, i);
        mote_format_tensor entry{};
        tensor_name(c, spec, entry.name);
        entry.shape[0] = spec.shape(0);
        entry.shape[1] = spec.shape(1);
        entry.type = spec.type();
        entry.layout = spec.layout;
        entry.offset = offset;
        entry.size = spec.bytes();
        offset += entry.size;
        sink.put(entry);
    }
}

// `bytes`, and zeros behind `count` of them up to a multiple of 64.
void put_zeros(Sink &sink, size_t count) {
    static constexpr uint8_t zeros[MOTE_ALIGN] = {};
    sink.put(zeros, (MOTE_ALIGN - count % MOTE_ALIGN) % MOTE_ALIGN);
}
MOTE_NOINLINE void put_padded(Sink &sink, const void *bytes, size_t count) {
    sink.put(bytes, count);
    put_zeros(sink, count);
}

void put_tensors(Sink &sink, const mote_model &model) {
    size_t count = 0;
    for (uint32_t i = 0; i < tensor_count(model.config); ++i) {
        const uint32_t bytes = spec_of(model, i).bytes();
        sink.put(tensor_data(model, i), bytes);
        count += bytes;
    }
    put_zeros(sink, count);
}

MOTE_NOINLINE void put_vocab(Sink &sink, const mote_vocab &vocab) {
    mote_format_vocab header{};
    header.count = vocab.count;
    header.boundary = vocab.boundary;
    sink.put(header);
    put_padded(sink, vocab.code_points, 4 * size_t{vocab.count});
}

MOTE_NOINLINE void put_selftest(Sink &sink, const SelftestResults &results) {
    constexpr uint32_t head[16] = {MOTE_FORMAT_PROMPT};
    static_assert(sizeof head + sizeof results == sizeof(mote_format_selftest), "the section is these two");
    sink.put(head);
    sink.put(results);
}

MOTE_NOINLINE void put_all(Sink &sink, const Job &job) {
    const Config &config = job.model.config;
    put_head(sink, job);
    put_tensor_table(sink, config);
    put_vocab(sink, vocab_of(job.model));
    put_tensors(sink, job.model);
    put_selftest(sink, job.selftest);
    for (uint32_t i = 0; i < job.contents.extra_count; ++i)
        job.contents.extras[i].emit(sink, job.contents.extras[i].object);
    for (uint32_t i = 0; i < job.contents.section_count; ++i)
        put_padded(sink, job.contents.sections[i].data, job.contents.sections[i].bytes);
}

bool is_callers(uint32_t id) { return (id & 0xff) >= 'a' && (id & 0xff) <= 'z'; }

mote_status check_sections(const Contents &c) {
    if (c.section_count > MOTE_MAX_SECTIONS || (c.sections == nullptr && c.section_count != 0)) return MOTE_ERR_ARG;
    for (uint32_t i = 0; i < c.section_count; ++i) {
        const mote_section &section = c.sections[i];
        if (!is_callers(section.id) || (section.data == nullptr && section.bytes != 0)) return MOTE_ERR_ARG;
        for (uint32_t j = 0; j < i; ++j)
            if (c.sections[j].id == section.id) return MOTE_ERR_ARG;
    }
    return MOTE_OK;
}

MOTE_NOINLINE mote_status find_size(const mote_model &model, const Contents &c, uint32_t *size) {
    uint64_t sum = blob_bytes(model.config);
    for (uint32_t i = 0; i < c.extra_count; ++i) sum += c.extras[i].size;
    for (uint32_t i = 0; i < c.section_count && sum <= kMaxBytes; ++i) {
        const uint64_t bytes = c.sections[i].bytes;
        sum = bytes <= kMaxBytes ? sum + MOTE_SECTION_BYTES(bytes) : kMaxBytes + 1;
    }
    *size = static_cast<uint32_t>(sum);
    return sum <= kMaxBytes ? MOTE_OK : MOTE_ERR_SIZE;
}

MOTE_NOINLINE mote_status check_weights(const mote_model &model) {
    for (uint32_t i = 0; i < tensor_count(model.config); ++i)
        if (check_tensor(tensor_data(model, i), spec_of(model, i), model.config) != MOTE_OK) return MOTE_ERR_NUMERIC;
    return MOTE_OK;
}

// What may refuse to be saved is found before the first byte is written.
mote_status check_saveable(const mote_model &model, const Contents &contents, uint32_t *size) {
    if (model.code_points == 0) return MOTE_ERR_MISSING;
    if (!network_runs(model.config)) return MOTE_ERR_UNSUPPORTED;
    mote_status status = check_sections(contents);
    if (status == MOTE_OK) status = find_size(model, contents, size);
    return status == MOTE_OK ? check_weights(model) : status;
}

MOTE_NOINLINE mote_status emit(const mote_model &model, const Contents &contents, const void *selftest, uint32_t size,
                               mote_write_fn write, void *user) {
    Job job{model, contents, *static_cast<const SelftestResults *>(selftest), size, 0};
    Sink checksum{nullptr, nullptr, 0, MOTE_OK};
    put_all(checksum, job);
    job.crc = checksum.crc;
    Sink sink{write, user, 0, MOTE_OK};
    put_all(sink, job);
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

mote_status save(const mote_model &model, const Contents &contents, mote_arena *scratch, mote_write_fn write,
                 void *user) {
    uint32_t size;
    const mote_status status = check_saveable(model, contents, &size);
    if (status != MOTE_OK) return status;
    return with_scratch(scratch, scratch_bytes(model.config), [&](void *memory) {
        const mote_status computed = compute_selftest(model, memory);
        return computed == MOTE_OK ? emit(model, contents, memory, size, write, user) : computed;
    });
}

} // namespace mote::blob

using namespace mote;

extern "C" {

mote_status mote_model_save(const mote_model *model, const mote_section *sections, uint32_t section_count,
                            mote_arena *scratch, mote_write_fn write, void *user) {
    if (model == nullptr || scratch == nullptr || write == nullptr) return MOTE_ERR_ARG;
    return blob::save(*model, {nullptr, 0, sections, section_count}, scratch, write, user);
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
