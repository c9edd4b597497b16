// Opening a blob: nothing in it is believed before it is checked.
#include "arena.h"
#include "blob.h"
#include "numeric.h"
#include "vocab.h"

namespace mote::blob {
namespace {

bool all_zero(const uint8_t *p, uint32_t from, uint32_t to) {
    for (uint32_t i = from; i < to; ++i)
        if (p[i] != 0) return false;
    return true;
}

uint32_t crc_of(const uint8_t *base, uint32_t size) {
    static constexpr uint8_t zero[4] = {};
    uint32_t crc = crc32(0, base, 12);
    crc = crc32(crc, zero, 4);
    return crc32(crc, base + 16, size - 16);
}

// Magic, version, size and checksum: what tells a damaged blob from one that is not made as it should be.
mote_status check_envelope(const uint8_t *base, size_t bytes, uint32_t *size) {
    if (bytes < kHeader || read_u32(base) != kMagic) return MOTE_ERR_FORMAT;
    if ((read_u32(base + 4) & 0xffff) != MOTE_FORMAT_MAJOR) return MOTE_ERR_VERSION;
    *size = read_u32(base + 8);
    if (*size < kHeader || *size > bytes || *size % MOTE_ALIGN != 0) return MOTE_ERR_FORMAT;
    return crc_of(base, *size) == read_u32(base + 12) ? MOTE_OK : MOTE_ERR_CHECKSUM;
}

mote_config read_config(const uint8_t *p) {
    static_assert(sizeof(mote_config) == 28, "the configuration in a blob is the struct of mote.h");
    mote_config config;
    memcpy(&config, p, sizeof config);
    return config;
}

// Where a section of this kind belongs; null: a kind that this version does not know.
Section *slot(View *view, uint32_t kind) {
    static constexpr struct {
        uint32_t kind;
        Section View::*place;
    } slots[] = {{kTensors, &View::tensors}, {kVocab, &View::vocab},     {kData, &View::data}, {kTest, &View::test},
                 {kRun, &View::run},         {kTrainer, &View::trainer}, {kBest, &View::best}};
    for (const auto &known : slots)
        if (known.kind == kind) return &(view->*known.place);
    return nullptr;
}

mote_status read_sections(View *view) {
    const uint32_t count = read_u32(view->base + 44);
    if (count > kMaxSections || kHeader + 16 * count > view->size) return MOTE_ERR_FORMAT;
    uint32_t end = kHeader + 16 * count; // of what has been read so far
    for (uint32_t i = 0; i < count; ++i) {
        const uint8_t *entry = view->base + kHeader + 16 * size_t{i};
        const uint32_t offset = read_u32(entry + 8), size = read_u32(entry + 12);
        if (offset % MOTE_ALIGN != 0 || offset < end || offset > view->size || size > view->size - offset ||
            !all_zero(view->base, end, offset))
            return MOTE_ERR_FORMAT;
        end = offset + size;
        Section *section = slot(view, read_u32(entry));
        if (section == nullptr && (read_u32(entry + 4) & kCritical) == 0) continue;
        if (section == nullptr || section->data != nullptr) return MOTE_ERR_FORMAT;
        *section = {view->base + offset, size};
    }
    return all_zero(view->base, end, view->size) ? MOTE_OK : MOTE_ERR_FORMAT;
}

bool sizes_fit(const View &view) {
    const mote_config &c = view.config;
    // A valid model has less than 2^32 bytes.
    const uint32_t characters = static_cast<uint32_t>(MOTE_ROUND64(4 * c.vocab));
    const uint32_t weights = 4 * static_cast<uint32_t>(weight_count(c));
    return view.tensors.data != nullptr && view.tensors.size == kTensorEntry * tensor_count(c) &&
           view.vocab.data != nullptr && view.vocab.size == kVocabHeader + characters && view.data.data != nullptr &&
           view.data.size >= weights && (view.test.data == nullptr || view.test.size == kTestBytes) &&
           (view.run.data == nullptr || view.run.size == kRunBytes) &&
           (view.trainer.data == nullptr || view.trainer.size >= kTrainerHeader) &&
           (view.best.data == nullptr || view.best.size == weights);
}

mote_status attach_tensors(const View &view, mote_model *model) {
    const uint32_t data_start = static_cast<uint32_t>(view.data.data - view.base);
    uint32_t end = data_start;
    for (uint32_t i = 0; i < tensor_count(view.config); ++i) {
        const TensorSpec spec = tensor_spec(view.config, i);
        const uint8_t *entry = view.tensors.data + size_t{kTensorEntry} * i;
        char name[24];
        tensor_name(spec, name);
        for (uint32_t j = 0; j < sizeof name; ++j)
            if (entry[j] != static_cast<uint8_t>(name[j])) return MOTE_ERR_FORMAT;
        constexpr uint32_t f32 = 0;
        const uint32_t offset = read_u32(entry + 40), size = read_u32(entry + 44);
        if (read_u32(entry + 24) != spec.shape(0) || read_u32(entry + 28) != spec.shape(1) ||
            read_u32(entry + 32) != f32 || read_u32(entry + 36) != spec.layout || size != 4 * spec.count() ||
            offset % MOTE_ALIGN != 0 || offset < end || !all_zero(entry, 48, kTensorEntry))
            return MOTE_ERR_FORMAT;
        if (offset > view.size || size > view.size - offset || offset + size > data_start + view.data.size ||
            !all_zero(view.base, end, offset))
            return MOTE_ERR_FORMAT;
        end = offset + size;
        model->tensors[i] = reinterpret_cast<const float *>(view.base + offset);
        const mote_status status = check_numbers(model->tensors[i], spec, cpu::kQuantum, true);
        if (status != MOTE_OK) return status;
    }
    return all_zero(view.base, end, data_start + view.data.size) ? MOTE_OK : MOTE_ERR_FORMAT;
}

mote_status attach_vocab(const View &view, mote_model *model) {
    const uint8_t *p = view.vocab.data;
    const uint32_t count = read_u32(p), flags = read_u32(p + 4);
    if (count != view.config.vocab || flags > 1 || !all_zero(p, 8, kVocabHeader) ||
        !all_zero(p, kVocabHeader + 4 * count, view.vocab.size))
        return MOTE_ERR_FORMAT;
    model->vocab = {reinterpret_cast<const uint32_t *>(p + kVocabHeader), count, flags};
    return mote::valid(model->vocab) ? MOTE_OK : MOTE_ERR_FORMAT;
}

mote_status check_test(const View &view) {
    const uint8_t *p = view.test.data;
    if (p == nullptr) return MOTE_OK;
    if (read_u32(p) != kPrompt || !all_zero(p, 4, 64)) return MOTE_ERR_FORMAT;
    for (uint32_t i = 0; i < kPrompt; ++i)
        if ((p[64 + 2 * i] | p[65 + 2 * i] << 8) >= static_cast<int>(view.config.vocab)) return MOTE_ERR_FORMAT;
    return MOTE_OK;
}

} // namespace

mote_status check_numbers(const float *data, const TensorSpec &spec, float quantum, bool signed_numbers) {
    for (uint32_t i = 0; i < spec.count(); ++i) {
        const uint32_t column = i / (spec.rows * cpu::kLanes) * cpu::kLanes + i % cpu::kLanes;
        if (column >= spec.columns) {
            if (mote_bits(data[i]) != 0) return MOTE_ERR_FORMAT;
        } else if (!storable(data[i], quantum) || (!signed_numbers && mote_bits(data[i]) >> 31 != 0)) {
            return MOTE_ERR_NUMERIC;
        }
    }
    return MOTE_OK;
}

mote_status view(const void *blob, size_t bytes, View *view) {
    if (!aligned(blob)) return MOTE_ERR_ALIGN;
    *view = {};
    view->base = static_cast<const uint8_t *>(blob);
    const mote_status status = check_envelope(view->base, bytes, &view->size);
    if (status != MOTE_OK) return status;
    view->config = read_config(view->base + 16);
    if (!mote::valid(view->config)) return MOTE_ERR_FORMAT;
    const mote_status sections = read_sections(view);
    if (sections != MOTE_OK) return sections;
    return sizes_fit(*view) ? MOTE_OK : MOTE_ERR_FORMAT;
}

mote_status attach(const View &view, mote_model *model) {
    model->config = view.config;
    model->weights = nullptr;
    model->tests = view.test.data;
    mote_status status = attach_tensors(view, model);
    if (status == MOTE_OK) status = attach_vocab(view, model);
    return status == MOTE_OK ? check_test(view) : status;
}

mote_status read_run(const View &view, mote_run *run) {
    const uint8_t *p = view.run.data;
    if (p == nullptr) return MOTE_ERR_ARG;
    *run = {};
    run->seed = read_u64(p);
    run->corpus_hash = read_u64(p + 8);
    run->position = read_u64(p + 16);
    run->smoothed_bits = read_u64(p + 24);
    run->best_bits = read_u64(p + 32);
    run->best_position = read_u64(p + 40);
    run->pass_bits = read_u64(p + 96);
    run->pass_mean_bits = read_u64(p + 104);
    run->order = read_u32(p + 48);
    run->lines = read_u32(p + 52);
    run->steps = read_u32(p + 56);
    for (uint32_t i = 0; i < 3; ++i) run->split[i] = read_u32(p + 60 + 4 * i);
    run->eval_every = read_u32(p + 112);
    run->eval_batches = read_u32(p + 116);
    run->patience = read_u32(p + 120);
    run->schedule.kind = read_u32(p + 72);
    run->schedule.warmup = read_u32(p + 76);
    run->schedule.period = read_u32(p + 80);
    run->schedule.total = read_u32(p + 84);
    run->schedule.rate = mote_float(read_u32(p + 88));
    run->schedule.factor = mote_float(read_u32(p + 92));
    return MOTE_OK;
}

} // namespace mote::blob

using namespace mote;

extern "C" {

mote_status mote_model_open(const mote_model **model, mote_arena *arena, const void *blob, size_t bytes) {
    if (model == nullptr || arena == nullptr || blob == nullptr) return MOTE_ERR_ARG;
    blob::View view;
    mote_status status = blob::view(blob, bytes, &view);
    if (status != MOTE_OK) return status;
    const size_t mark = arena->used;
    void *memory;
    status = take(arena, MOTE_OPEN_BYTES, &memory);
    if (status != MOTE_OK) return status;
    mote_model *m = static_cast<mote_model *>(memory);
    status = blob::attach(view, m);
    if (status != MOTE_OK) arena->used = mark;
    *model = m;
    return status;
}

mote_status mote_blob_run(const void *blob, size_t bytes, mote_run *run) {
    if (blob == nullptr || run == nullptr) return MOTE_ERR_ARG;
    blob::View view;
    const mote_status status = blob::view(blob, bytes, &view);
    return status == MOTE_OK ? blob::read_run(view, run) : status;
}
}
