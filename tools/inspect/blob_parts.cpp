#include "blob_parts.h"

#include "errors.h"
#include "utf8_text.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace mote::cli {

namespace {

constexpr uint32_t panel = 16;

void read_sections(BlobParts &parts) {
    uint32_t count = std::min(parts.header->sections, format::most_sections);
    for (uint64_t i = 0; i < count; ++i) {
        uint64_t at = format::header_bytes + format::section_bytes * i;
        if (!parts.has(at, format::section_bytes)) return;
        parts.sections.push_back({parts.u32(at), parts.u32(at + 4), parts.u32(at + 8), parts.u32(at + 12)});
    }
}

/* A name's characters up to its end; what would not print is a question mark. */
std::string name_at(const BlobParts &parts, uint64_t at) {
    constexpr uint64_t longest = 24;
    std::string name;
    for (uint64_t i = 0; i < longest && parts.bytes[at + i] != 0; ++i) {
        char c = static_cast<char>(parts.bytes[at + i]);
        name += c > ' ' && c <= '~' ? c : '?';
    }
    return name;
}

void read_tensors(BlobParts &parts) {
    const BlobSection *table = parts.section(format::tensors, 0);
    if (table == nullptr) return;
    for (uint64_t i = 0; i < table->size / format::tensor_bytes; ++i) {
        uint64_t at = table->offset + format::tensor_bytes * i;
        parts.tensors.push_back({name_at(parts, at),
                                 {parts.u32(at + 24), parts.u32(at + 28)},
                                 parts.u32(at + 32),
                                 parts.u32(at + 36),
                                 parts.u32(at + 40),
                                 parts.u32(at + 44)});
    }
}

const BlobTensor *tensor_at(const BlobParts &parts, uint64_t offset) {
    for (const BlobTensor &tensor : parts.tensors) {
        if (offset >= tensor.offset && offset - tensor.offset < tensor.size) return &tensor;
    }
    return nullptr;
}

std::string header_field(uint64_t offset) {
    constexpr std::pair<uint64_t, const char *> fields[] = {{offsetof(mote_format_header, magic), "magic"},
                                                            {offsetof(mote_format_header, major), "format version"},
                                                            {format::size_at, "size"},
                                                            {format::crc_at, "checksum"},
                                                            {offsetof(mote_format_header, input), "input"},
                                                            {offsetof(mote_format_header, cell), "cell"},
                                                            {offsetof(mote_format_header, vocab), "vocab"},
                                                            {offsetof(mote_format_header, context), "context"},
                                                            {offsetof(mote_format_header, embed), "embed"},
                                                            {offsetof(mote_format_header, hidden), "hidden"},
                                                            {offsetof(mote_format_header, layers), "layers"},
                                                            {offsetof(mote_format_header, activation), "activation"},
                                                            {offsetof(mote_format_header, precision), "precision"},
                                                            {format::section_count_at, "number of sections"},
                                                            {offsetof(mote_format_header, reserved), "unused"}};
    const char *name = "";
    for (const auto &[at, field] : fields) {
        if (offset >= at) name = field;
    }
    return std::string("header, ") + name;
}

std::string place_in_section(const BlobParts &parts, const BlobSection &section, uint64_t offset) {
    uint64_t inside = offset - section.offset;
    std::string name = section_name(section.kind);
    if (section.kind == format::tensors && inside / format::tensor_bytes < parts.tensors.size())
        return name + ", entry " + std::to_string(inside / format::tensor_bytes);
    if (section.kind == format::vocab && inside >= format::vocab_header_bytes)
        return name + ", token " + std::to_string((inside - format::vocab_header_bytes) / 4);
    if (section.kind == format::test && inside >= format::test_header_bytes) {
        uint64_t token = inside - format::test_header_bytes;
        return name + ", character " +
               std::to_string((token < 2 * format::prompt ? token / 2 : (token - 2 * format::prompt) / 8) + 1);
    }
    return name;
}

} // namespace

uint32_t BlobParts::u32(uint64_t offset) const {
    uint32_t number;
    std::memcpy(&number, bytes + offset, sizeof number);
    return number;
}

uint64_t BlobParts::u64(uint64_t offset) const {
    uint64_t number;
    std::memcpy(&number, bytes + offset, sizeof number);
    return number;
}

const BlobSection *BlobParts::section(uint32_t kind, uint64_t least) const {
    for (const BlobSection &section : sections) {
        if (section.kind == kind)
            return has(section.offset, section.size) && section.size >= least ? &section : nullptr;
    }
    return nullptr;
}

BlobParts blob_parts(const AlignedBytes &file) {
    BlobParts parts;
    parts.bytes = file.data();
    parts.count = file.size();
    if (parts.count < format::header_bytes) return parts;
    mote_format_header header;
    std::memcpy(&header, parts.bytes, sizeof header);
    parts.config = MOTE_FORMAT_CONFIG(header);
    parts.config_valid = mote_model_bytes(&parts.config) != 0;
    bool known = header.major == MOTE_FORMAT_MAJOR;
    if (header.magic != format::magic && (!known || !parts.config_valid)) return parts;
    parts.header = header;
    parts.config_valid = parts.config_valid && known;
    if (!known) return parts;
    read_sections(parts);
    read_tensors(parts);
    return parts;
}

std::string section_name(uint32_t kind) {
    constexpr std::pair<uint32_t, const char *> names[] = {
        {format::tensors, "tensor table"}, {format::vocab, "vocabulary"}, {format::data, "tensors"},
        {format::test, "self-test"},       {format::trainer, "trainer"},  {format::best, "best weights"}};
    for (const auto &[known, name] : names) {
        if (kind == known) return name;
    }
    std::string name = "section '";
    for (int shift = 0; shift < 32; shift += 8) {
        char c = static_cast<char>(kind >> shift & 0xFFu);
        name += c >= ' ' && c <= '~' ? c : '?';
    }
    return name + "'";
}

std::vector<BlobTensor> tensors_of(const mote_config &config) {
    std::vector<BlobTensor> list;
    mote_tensor tensor{};
    for (uint32_t i = 0; mote_tensor_describe(&config, i, &tensor) == MOTE_OK; ++i)
        list.push_back({tensor.name,
                        {tensor.shape[0], tensor.shape[1]},
                        tensor.type,
                        tensor.layout,
                        4 * tensor.offset,
                        4 * tensor.count});
    return list;
}

namespace {

/* [out][in] is stored transposed. */
bool is_transposed(const BlobTensor &tensor) {
    return tensor.layout != MOTE_LAYOUT_PANELS && tensor.layout != MOTE_LAYOUT_INT8_IN_OUT &&
           tensor.layout != MOTE_LAYOUT_INT8_ROWS && tensor.layout != MOTE_LAYOUT_INT4_IN_OUT;
}

/* The bytes of a panel of int8 that hold a scale, or four inputs, of each output. */
constexpr uint64_t unit = 64;
uint64_t units_of(const BlobTensor &tensor) { return 1 + (uint64_t{stored_rows(tensor)} + 3) / 4; }

/* Of 4 bits: the bytes of a panel's groups, and of a panel. */
uint64_t group_bytes(const BlobTensor &tensor) { return (uint64_t{stored_rows(tensor)} + 63) / 64 * 16; }
uint64_t int4_panel_bytes(const BlobTensor &tensor) {
    return unit + group_bytes(tensor) + (uint64_t{stored_rows(tensor)} + 7) / 8 * unit;
}

uint64_t stored_bytes(const BlobTensor &tensor) {
    uint64_t rows = stored_rows(tensor), columns = MOTE_SZ_PAD(stored_columns(tensor));
    if (tensor.dtype == MOTE_TYPE_F32) return 4 * rows * columns;
    if (tensor.layout == MOTE_LAYOUT_INT8_ROWS) return (rows + 3) / 4 * 4 * columns;
    if (tensor.dtype == MOTE_TYPE_I4) return int4_panel_bytes(tensor) * (columns / panel);
    return units_of(tensor) * 4 * columns;
}

/* The type that a layout holds. */
uint32_t type_of(uint32_t layout) {
    if (layout <= MOTE_LAYOUT_PANELS) return MOTE_TYPE_F32;
    return layout <= MOTE_LAYOUT_INT8_ROWS ? MOTE_TYPE_I8 : MOTE_TYPE_I4;
}

/* The scale of a table of int8, among the scales that stand in the file. */
const float *scale_of_table(const BlobParts &parts) {
    for (const BlobTensor &tensor : parts.tensors) {
        if (tensor.name == "scales" && tensor.dtype == MOTE_TYPE_F32)
            return static_cast<const float *>(readable_tensor(parts, tensor).data);
    }
    return nullptr;
}

} // namespace

uint32_t stored_rows(const BlobTensor &tensor) { return tensor.shape[is_transposed(tensor) ? 1 : 0]; }
uint32_t stored_columns(const BlobTensor &tensor) { return tensor.shape[is_transposed(tensor) ? 0 : 1]; }

mote_tensor readable_tensor(const BlobParts &parts, const BlobTensor &tensor) {
    mote_tensor view{};
    tensor.name.copy(view.name, sizeof view.name - 1);
    view.shape[0] = tensor.shape[0];
    view.shape[1] = tensor.shape[1];
    view.type = tensor.dtype;
    view.layout = tensor.layout;
    view.count = tensor.size / 4;
    constexpr uint32_t most = MOTE_MAX_CONTEXT * MOTE_MAX_WIDTH; /* inputs of a layer; no other dimension is larger */
    bool shaped = tensor.layout <= MOTE_LAYOUT_INT4_IN_OUT && tensor.dtype == type_of(tensor.layout) &&
                  tensor.shape[0] - 1 < most && tensor.shape[1] - 1 < most && tensor.size == stored_bytes(tensor);
    if (!shaped || tensor.offset % 4 != 0 || !parts.has(tensor.offset, tensor.size)) return view;
    if (tensor.layout == MOTE_LAYOUT_INT8_ROWS) {
        view.scale = scale_of_table(parts);
        if (view.scale == nullptr) return view;
    }
    view.data = parts.bytes + tensor.offset;
    return view;
}

std::vector<uint32_t> code_points_of(const BlobParts &parts) {
    std::vector<uint32_t> list;
    const BlobSection *section = parts.section(format::vocab, format::vocab_header_bytes);
    if (section == nullptr) return list;
    uint32_t room = (section->size - format::vocab_header_bytes) / 4;
    for (uint64_t i = 0; i < std::min(room, parts.u32(section->offset)); ++i)
        list.push_back(parts.u32(section->offset + format::vocab_header_bytes + 4 * i));
    return list;
}

/* Of 4 bits. */
static StoredElement int4_element(const BlobTensor &tensor, uint64_t byte, bool high) {
    StoredElement element{};
    uint64_t first = byte / int4_panel_bytes(tensor) * panel, at = byte % int4_panel_bytes(tensor);
    if (at < unit) {
        element.scale = true;
        element.column = first + at / 4;
    } else if (at - unit < group_bytes(tensor)) {
        element.group = true;
        element.row = (at - unit) / 8 * 32;
        element.column = first + at % 8 + (high ? 8 : 0);
    } else {
        uint64_t weight = at - unit - group_bytes(tensor);
        element.row = weight / unit * 8 + weight % 4 + (high ? 4 : 0);
        element.column = first + weight % unit / 4;
    }
    return element;
}

StoredElement stored_element(const BlobTensor &tensor, uint64_t byte, bool high) {
    StoredElement element{};
    if (tensor.dtype == MOTE_TYPE_I4) {
        element = int4_element(tensor, byte, high);
    } else if (tensor.dtype == MOTE_TYPE_F32) {
        uint64_t index = byte / 4, rows = stored_rows(tensor);
        element.row = index / panel % rows;
        element.column = index / (panel * rows) * panel + index % panel;
    } else if (tensor.layout == MOTE_LAYOUT_INT8_ROWS) {
        uint64_t row_bytes = MOTE_SZ_PAD(stored_columns(tensor));
        element.row = byte / row_bytes;
        element.column = byte % row_bytes;
    } else {
        uint64_t in_panel = byte / unit % units_of(tensor);
        element.scale = in_panel == 0;
        element.row = element.scale ? 0 : (in_panel - 1) * 4 + byte % 4;
        element.column = byte / unit / units_of(tensor) * panel + byte % unit / 4;
    }
    element.padding = element.row >= stored_rows(tensor) || element.column >= stored_columns(tensor);
    return element;
}

std::string element_text(const BlobTensor &tensor, uint64_t byte, bool high) {
    StoredElement element = stored_element(tensor, byte, high);
    if (element.padding) return "its padding";
    if (element.scale) return "the scale of [" + std::to_string(element.column) + "]";
    uint64_t row = element.row, column = element.column;
    if (is_transposed(tensor)) std::swap(row, column);
    std::string text = (element.group ? "the group of [" : "[") + std::to_string(row) + "]";
    return tensor.layout == MOTE_LAYOUT_VECTOR ? text : text + "[" + std::to_string(column) + "]";
}

/* Of 4 bits a byte belongs to two. */
static std::string elements_text(const BlobTensor &tensor, uint64_t byte) {
    const std::string low = element_text(tensor, byte), high = element_text(tensor, byte, true);
    return tensor.dtype != MOTE_TYPE_I4 || low == high ? low : low + " and " + high;
}

std::string place_of(const BlobParts &parts, uint64_t offset) {
    if (offset < format::header_bytes) return header_field(offset);
    uint64_t entry = (offset - format::header_bytes) / format::section_bytes;
    if (entry < parts.sections.size())
        return "section table, " + section_name(parts.sections[static_cast<size_t>(entry)].kind);
    for (const BlobSection &section : parts.sections) {
        if (offset < section.offset || offset - section.offset >= section.size) continue;
        const BlobTensor *tensor = section.kind == format::data ? tensor_at(parts, offset) : nullptr;
        if (tensor == nullptr || readable_tensor(parts, *tensor).data == nullptr)
            return place_in_section(parts, section, offset);
        return "tensor " + tensor->name + ", " + elements_text(*tensor, offset - tensor->offset);
    }
    return "between the sections";
}

} // namespace mote::cli
