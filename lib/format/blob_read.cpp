// Opening a blob: nothing in it is believed before it is checked.
#include <string.h>

#include "blob.h"
#include "numeric.h"
#include "precision.h"
#include "sizes.h"
#include "vocab.h"

namespace mote::blob {
namespace {

bool all_zero(const void *bytes, size_t count) {
    const uint8_t *p = static_cast<const uint8_t *>(bytes);
    for (size_t i = 0; i < count; ++i)
        if (p[i] != 0) return false;
    return true;
}

const mote_format_header &header_of(const uint8_t *base) { return *reinterpret_cast<const mote_format_header *>(base); }

// Magic, version, size and checksum: what tells a damaged blob from one that is not made as it should be.
mote_status check_envelope(const uint8_t *base, size_t bytes, uint32_t *size) {
    const mote_format_header &header = header_of(base);
    if (bytes < kHeader || header.magic != MOTE_FORMAT_MAGIC) return MOTE_ERR_FORMAT;
    if (header.major != MOTE_FORMAT_MAJOR) return MOTE_ERR_VERSION;
    *size = header.size;
    if (*size < kHeader || *size > bytes || *size % MOTE_ALIGN != 0) return MOTE_ERR_FORMAT;
    return crc_of(base, *size) == header.crc ? MOTE_OK : MOTE_ERR_CHECKSUM;
}

// What a later minor version may have is told apart from what no version has.
mote_status check_saved_config(const mote_config &c) {
    const mote_status status = check_config(c);
    return status == MOTE_OK || status == MOTE_ERR_UNSUPPORTED ? status : MOTE_ERR_FORMAT;
}

// The kinds of sections that this version knows, in the order of View::sections.
constexpr uint32_t kSections[] = {MOTE_FORMAT_TENSORS,  MOTE_FORMAT_VOCAB,   MOTE_FORMAT_DATA,
                                  MOTE_FORMAT_SELFTEST, MOTE_FORMAT_TRAINER, MOTE_FORMAT_BEST};
static_assert(sizeof kSections / sizeof *kSections == sizeof View{}.sections / sizeof(Section), "one place for each");

const mote_format_section *section_table(const uint8_t *base) {
    return reinterpret_cast<const mote_format_section *>(base + kHeader);
}

mote_status read_section(View *view, const mote_format_section &entry, uint32_t *end) {
    if (entry.offset % MOTE_ALIGN != 0 || entry.offset < *end || entry.offset > view->size ||
        entry.size > view->size - entry.offset || !all_zero(view->base + *end, entry.offset - *end))
        return MOTE_ERR_FORMAT;
    *end = entry.offset + entry.size;
    Section *section = view->sections;
    for (const uint32_t id : kSections) {
        if (entry.id == id) {
            if (section->data != nullptr) return MOTE_ERR_FORMAT;
            *section = {view->base + entry.offset, entry.size};
            return MOTE_OK;
        }
        ++section;
    }
    return (entry.flags & MOTE_FORMAT_CRITICAL) != 0 ? MOTE_ERR_UNSUPPORTED : MOTE_OK;
}

mote_status read_sections(View *view) {
    const uint32_t count = header_of(view->base).sections;
    if (count > MOTE_FORMAT_MAX_SECTIONS || kHeader + 16 * count > view->size) return MOTE_ERR_FORMAT;
    uint32_t end = kHeader + 16 * count; // of what has been read so far
    for (uint32_t i = 0; i < count; ++i) {
        const mote_status status = read_section(view, section_table(view->base)[i], &end);
        if (status != MOTE_OK) return status;
    }
    return all_zero(view->base + end, view->size - end) ? MOTE_OK : MOTE_ERR_FORMAT;
}

bool sizes_fit(const View &view) {
    const Config &c = view.config;
    const uint32_t code_points = static_cast<uint32_t>(MOTE_SZ_ROUND64(4 * uint64_t{c.vocab}));
    const uint32_t weights = weight_bytes(c);
    return view.tensors().data != nullptr && view.tensors().size == sizeof(mote_format_tensor) * tensor_count(c) &&
           view.vocab().data != nullptr && view.vocab().size == sizeof(mote_format_vocab) + code_points &&
           view.data().data != nullptr && view.data().size >= weights &&
           (view.selftest().data == nullptr || view.selftest().size == sizeof(mote_format_selftest)) &&
           (view.trainer().data == nullptr || view.trainer().size >= sizeof(mote_format_trainer)) &&
           (view.best().data == nullptr || view.best().size == weights);
}

// The C library's memcmp is not among what the library needs.
bool same_name(const char a[24], const char b[24]) {
    for (uint32_t i = 0; i < 24; ++i)
        if (a[i] != b[i]) return false;
    return true;
}

// Panels of 4 bits are multiples of 16 bytes, and a tensor follows the last one of the tensor before it.
uint32_t tensor_alignment(const Config &c) {
    return c.precision == MOTE_PRECISION_INT4 ? static_cast<uint32_t>(kPanelUnit) : MOTE_ALIGN;
}

mote_status check_tensor_entry(const mote_format_tensor &entry, const Config &config, const TensorSpec &spec) {
    char name[24];
    tensor_name(config, spec, name);
    if (!same_name(entry.name, name) || entry.shape[0] != spec.shape(0) || entry.shape[1] != spec.shape(1))
        return MOTE_ERR_FORMAT;
    if (entry.type > MOTE_TYPE_I4 || entry.layout > MOTE_LAYOUT_INT4_IN_OUT) return MOTE_ERR_UNSUPPORTED;
    return entry.type == spec.type() && entry.layout == spec.layout && entry.size == spec.bytes() &&
                   entry.offset % tensor_alignment(config) == 0 &&
                   all_zero(&entry.scales, sizeof entry.scales + sizeof entry.reserved)
               ? MOTE_OK
               : MOTE_ERR_FORMAT;
}

// What lies between *end and the tensor is zero, and of gated cells, whose matrices are used several as one, nothing;
// *end moves behind it.
mote_status check_tensor_place(const View &view, const mote_format_tensor &entry, uint32_t *end) {
    const uint32_t data_end = static_cast<uint32_t>(view.data().data - view.base) + view.data().size;
    if (entry.offset < *end || entry.offset > data_end || entry.size > data_end - entry.offset ||
        (view.config.cell == MOTE_CELL_GATED && entry.offset != *end) ||
        !all_zero(view.base + *end, entry.offset - *end))
        return MOTE_ERR_FORMAT;
    *end = entry.offset + entry.size;
    return MOTE_OK;
}

mote_status check_tensors(const View &view) {
    uint32_t end = static_cast<uint32_t>(view.data().data - view.base);
    const uint32_t data_end = end + view.data().size;
    const mote_format_tensor *entry = &view.tensors().as<mote_format_tensor>();
    for (uint32_t i = 0; i < tensor_count(view.config); ++i, ++entry) {
        const TensorSpec &spec = tensor_spec(view.config, i);
        mote_status status = check_tensor_entry(*entry, view.config, spec);
        if (status == MOTE_OK) status = check_tensor_place(view, *entry, &end);
        if (status == MOTE_OK) status = check_tensor(view.base + entry->offset, spec, view.config);
        if (status != MOTE_OK) return status;
    }
    return all_zero(view.base + end, data_end - end) ? MOTE_OK : MOTE_ERR_FORMAT;
}

const uint32_t *code_points_of(const View &view) {
    return at_offset<uint32_t>(view.vocab().data, sizeof(mote_format_vocab));
}

mote_status check_vocab(const View &view) {
    const mote_format_vocab &vocab = view.vocab().as<mote_format_vocab>();
    const uint32_t used = static_cast<uint32_t>(sizeof vocab) + 4 * view.config.vocab;
    if (vocab.count != view.config.vocab || vocab.boundary > 1 || !all_zero(vocab.reserved, sizeof vocab.reserved) ||
        !all_zero(view.vocab().data + used, view.vocab().size - used))
        return MOTE_ERR_FORMAT;
    return mote::valid(mote_vocab{code_points_of(view), vocab.count, vocab.boundary}) ? MOTE_OK : MOTE_ERR_FORMAT;
}

mote_status check_selftest(const View &view) {
    if (view.selftest().data == nullptr) return MOTE_OK;
    const mote_format_selftest &test = view.selftest().as<mote_format_selftest>();
    if (test.count != MOTE_FORMAT_PROMPT || !all_zero(test.reserved, sizeof test.reserved)) return MOTE_ERR_FORMAT;
    for (const uint16_t token : test.prompt)
        if (token >= view.config.vocab) return MOTE_ERR_FORMAT;
    return MOTE_OK;
}

} // namespace

mote_status check_tensor(const void *elements, const TensorSpec &spec, const Config &c) {
    if (is_quantized(c)) {
        const Precision *const parts = precision_of(c);
        const mote_status status = parts != nullptr ? parts->check(elements, spec, c) : MOTE_ERR_UNSUPPORTED;
        if (status != MOTE_OK || spec.is_quantized()) return status;
    }
    return check_numbers(static_cast<const float *>(elements), spec, cpu::kQuantum, true);
}

mote_status check_numbers(const float *numbers, const TensorSpec &spec, float quantum, bool signed_numbers) {
    for (uint32_t i = 0; i < spec.count(); ++i) {
        const uint32_t column = i / (spec.rows * cpu::kLanes) * cpu::kLanes + i % cpu::kLanes;
        const float value = numbers[i];
        if (column >= spec.columns) {
            if (mote_bits(value) != 0) return MOTE_ERR_FORMAT;
        } else if (!storable(value, quantum) || (!signed_numbers && mote_bits(value) >> 31 != 0)) {
            return MOTE_ERR_NUMERIC;
        }
    }
    return MOTE_OK;
}

mote_status check_array(const float *array, const Config &c, float quantum, bool signed_numbers) {
    for (uint32_t i = 0; i < tensor_count(c); ++i) {
        const TensorSpec &spec = tensor_spec(c, i);
        const mote_status status = check_numbers(array + spec.offset, spec, quantum, signed_numbers);
        if (status != MOTE_OK) return status;
    }
    return MOTE_OK;
}

mote_status view(const void *blob, size_t bytes, View *view) {
    if (!aligned(blob)) return MOTE_ERR_ALIGN;
    *view = {};
    view->base = static_cast<const uint8_t *>(blob);
    mote_status status = check_envelope(view->base, bytes, &view->size);
    if (status != MOTE_OK) return status;
    const mote_config saved = MOTE_FORMAT_CONFIG(header_of(view->base));
    status = check_saved_config(saved);
    view->config = known(saved);
    if (status == MOTE_OK) status = read_sections(view);
    if (status != MOTE_OK) return status;
    return sizes_fit(*view) ? MOTE_OK : MOTE_ERR_FORMAT;
}

mote_status attach(const View &view, mote_model *model) {
    mote_status status = check_tensors(view);
    if (status == MOTE_OK) status = check_vocab(view);
    if (status == MOTE_OK) status = check_selftest(view);
    if (status != MOTE_OK) return status;
    const auto offset_of = [&](const void *p) {
        return static_cast<uint32_t>(static_cast<const uint8_t *>(p) - view.base);
    };
    const mote_format_tensor &first = view.tensors().as<mote_format_tensor>();
    model->config = view.config;
    model->base = view.base;
    model->tensor_offsets = offset_of(&first.offset);
    model->tensor_offset_distance = sizeof first;
    model->code_points = offset_of(code_points_of(view));
    model->boundary = view.vocab().as<mote_format_vocab>().boundary;
    model->selftest = view.selftest().data != nullptr ? offset_of(view.selftest().data) : 0;
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
    status = arena_alloc(arena, MOTE_OPEN_BYTES, &memory);
    if (status != MOTE_OK) return status;
    mote_model *m = static_cast<mote_model *>(memory);
    status = blob::attach(view, m);
    if (status != MOTE_OK) arena->used = mark;
    *model = m;
    return status;
}

mote_status mote_blob_section(const void *blob, size_t bytes, uint32_t id, const void **data, size_t *size) {
    if (blob == nullptr || data == nullptr || size == nullptr) return MOTE_ERR_ARG;
    blob::View view;
    const mote_status status = blob::view(blob, bytes, &view);
    if (status != MOTE_OK) return status;
    const mote_format_section *entry = blob::section_table(view.base);
    for (uint32_t i = 0; i < blob::header_of(view.base).sections; ++i, ++entry) {
        if (entry->id != id) continue;
        *data = view.base + entry->offset;
        *size = entry->size;
        return MOTE_OK;
    }
    return MOTE_ERR_MISSING;
}
}
