#include "blob_findings.h"

#include "errors.h"
#include "tensor_numbers.h"
#include "utf8_text.h"

#include <algorithm>
#include <cstring>

namespace mote::cli {

namespace {

constexpr uint32_t critical = 1;
constexpr NumberRule weight_rule{0x1p-40f, true};
constexpr float least_moment = 0x1p-100f;

/* What has been found of the parts so far. */
class Examination {
  public:
    explicit Examination(const BlobParts &parts) : parts_(parts) {}

    /* Each leaves out what it cannot look at; without a header nothing else can be. */
    bool header();
    void sections();
    void tensor_table();
    void vocabulary();
    void weights();
    void selftest();
    void trainer();

    std::vector<Finding> found() { return std::move(found_); }

  private:
    void add(const std::string &part, uint64_t offset, const std::string &what) {
        found_.push_back({part, offset, what});
    }
    void size();
    void section(size_t index, uint64_t end);
    void section_size(uint32_t kind, uint64_t wanted, bool required);
    bool zeros(uint64_t from, uint64_t to) const;
    std::string tensor_wrong(const BlobTensor &found, const BlobTensor &wanted) const;
    void array(const std::string &part, uint64_t offset, const BlobTensor &tensor, const NumberRule &rule);
    void moments(uint64_t offset, const mote_optimizer_info &optimizer);
    uint64_t weight_bytes() const { return 4 * uint64_t{mote_weight_count(&parts_.config)}; }

    const BlobParts &parts_;
    std::vector<Finding> found_;
};

uint64_t end_of(const BlobSection &section) { return uint64_t{section.offset} + section.size; }

/* Where the last section ends, as the table says. */
uint64_t end_of_sections(const BlobParts &parts) {
    uint64_t end = 0;
    for (const BlobSection &section : parts.sections) end = std::max(end, end_of(section));
    return end;
}

bool Examination::zeros(uint64_t from, uint64_t to) const {
    if (from > to || !parts_.has(from, to - from)) return true; /* not there to be anything else */
    return std::all_of(parts_.bytes + from, parts_.bytes + to, [](unsigned char byte) { return byte == 0; });
}

bool Examination::header() {
    if (!parts_.header) {
        bool begins = parts_.count >= 4 && parts_.u32(0) == format::magic;
        add("header", 0,
            begins ? "cut short: " + std::to_string(parts_.count) + " of its 128 bytes" : "not a mote model");
        return false;
    }
    const mote_format_header &header = *parts_.header;
    if (header.magic != format::magic) add("header", 0, "does not begin with MOTE");
    if (header.major != MOTE_FORMAT_MAJOR) {
        add("header", 4,
            formatted("format %u.%u, this program reads %u", header.major, header.minor, MOTE_FORMAT_MAJOR));
        return false;
    }
    size();
    if (!parts_.config_valid) {
        const mote_config &c = parts_.config;
        add("header", format::config_at,
            formatted(
                "no model has input %u, cell %u, vocab %u, context %u, embed %u, hidden %u, layers %u, activation %u, "
                "precision %u",
                c.input, c.cell, c.vocab, c.context, c.embed, c.hidden, c.layers, c.activation, c.precision));
    }
    return true;
}

void Examination::size() {
    uint32_t size = parts_.header->size;
    uint64_t end = end_of_sections(parts_);
    auto number = [](uint64_t n) { return std::to_string(n); };
    if (size < format::header_bytes || size % MOTE_ALIGN != 0) {
        add("header", format::size_at, "says that it has " + number(size) + " bytes, which no blob has");
    } else if (size > parts_.count && end > format::header_bytes && end <= parts_.count) {
        add("header", format::size_at,
            "says that it has " + number(size) + " bytes, but its sections end at " + number(end));
    } else if (size > parts_.count) {
        add("file", parts_.count, "cut short: has " + number(parts_.count) + " of " + number(size) + " bytes");
    }
}

void Examination::sections() {
    uint32_t count = parts_.header->sections;
    if (count > format::most_sections) {
        add("header", format::section_count_at, formatted("%u sections, more than a blob may have", count));
        return;
    }
    uint64_t end = format::header_bytes + uint64_t{format::section_bytes} * count;
    for (size_t i = 0; i < parts_.sections.size(); ++i) {
        section(i, end);
        end = std::max(end, end_of(parts_.sections[i]));
    }
    if (end <= parts_.header->size && !zeros(end, parts_.header->size))
        add("file", end, "bytes that are not zero behind the last section");
    if (!parts_.config_valid) return;
    const mote_config &config = parts_.config;
    section_size(format::tensors, uint64_t{format::tensor_bytes} * tensors_of(config).size(), true);
    section_size(format::vocab, format::vocab_header_bytes + MOTE_SECTION_BYTES(4 * uint64_t{config.vocab}), true);
    section_size(format::data, weight_bytes(), true);
    section_size(format::test, format::test_bytes, false);
    section_size(format::best, weight_bytes(), false);
}

void Examination::section(size_t index, uint64_t end) {
    const BlobSection &section = parts_.sections[index];
    uint64_t at = format::header_bytes + uint64_t{format::section_bytes} * index;
    std::string name = section_name(section.kind), from = std::to_string(section.offset);
    auto same = [&](const BlobSection &other) { return other.kind == section.kind; };
    auto before = parts_.sections.begin() + static_cast<std::ptrdiff_t>(index);
    if (name[name.size() - 1] == '\'' && (section.flags & critical) != 0) {
        add("section table", at, name + " is of a kind that this program does not know and may not skip");
    } else if (std::any_of(parts_.sections.begin(), before, same)) {
        add("section table", at, name + " is there twice");
    }
    if (section.offset % MOTE_ALIGN != 0) {
        add("section table", at, name + " begins at " + from + ", no multiple of 64");
    } else if (section.offset < end) {
        add("section table", at, name + " begins at " + from + ", inside what stands before it");
    } else if (!parts_.has(section.offset, section.size)) {
        add("section table", at,
            name + " is cut off: it ends at " + std::to_string(end_of(section)) + ", the file at " +
                std::to_string(parts_.count));
    } else if (end_of(section) > parts_.header->size) {
        add("section table", at, name + " ends at " + std::to_string(end_of(section)) + ", behind the blob");
    } else if (!zeros(end, section.offset)) {
        add("file", end, "bytes that are not zero before " + name);
    }
}

void Examination::section_size(uint32_t kind, uint64_t wanted, bool required) {
    auto has_kind = [kind](const BlobSection &section) { return section.kind == kind; };
    auto section = std::find_if(parts_.sections.begin(), parts_.sections.end(), has_kind);
    if (section == parts_.sections.end()) {
        if (required) add("section table", format::header_bytes, "there is no " + section_name(kind));
        return;
    }
    bool fits = kind == format::data ? section->size >= wanted : section->size == wanted;
    if (!fits)
        add("section table",
            format::header_bytes + format::section_bytes * static_cast<uint64_t>(section - parts_.sections.begin()),
            section_name(kind) + formatted(" of %u bytes, where the configuration makes ", section->size) +
                std::to_string(wanted));
}

/* Empty where the entry is what the configuration makes it. */
std::string Examination::tensor_wrong(const BlobTensor &found, const BlobTensor &wanted) const {
    if (found.name != wanted.name) return "is \"" + found.name + "\", where " + wanted.name + " belongs";
    std::string name = found.name;
    if (found.shape[0] != wanted.shape[0] || found.shape[1] != wanted.shape[1])
        return name + formatted(" is %u x %u, where the configuration makes %u x %u", found.shape[0], found.shape[1],
                                wanted.shape[0], wanted.shape[1]);
    if (MOTE_TYPE_BITS(found.dtype) == 0) return name + formatted(" is of the unknown type %u", found.dtype);
    if (found.dtype != wanted.dtype) return name + formatted(" is of type %u, not %u", found.dtype, wanted.dtype);
    if (found.layout != wanted.layout) return name + formatted(" is of layout %u, not %u", found.layout, wanted.layout);
    if (found.size != wanted.size) return name + formatted(" has %u bytes, not %u", found.size, wanted.size);
    uint32_t alignment = parts_.config.precision == MOTE_PRECISION_INT4 ? 16 : MOTE_ALIGN;
    if (found.offset % alignment != 0)
        return name + formatted(" begins at %u, no multiple of %u", found.offset, alignment);
    const BlobSection *data = parts_.section(format::data, 0);
    bool inside =
        data == nullptr || (found.offset >= data->offset && uint64_t{found.offset} + found.size <= end_of(*data));
    return inside ? "" : name + formatted(" begins at %u and is not among the tensors", found.offset);
}

void Examination::tensor_table() {
    const BlobSection *table = parts_.section(format::tensors, 0);
    if (table == nullptr || !parts_.config_valid) return;
    std::vector<BlobTensor> wanted = tensors_of(parts_.config);
    const BlobSection *data = parts_.section(format::data, 0);
    uint64_t end = data == nullptr ? 0 : data->offset;
    for (size_t i = 0; i < std::min(wanted.size(), parts_.tensors.size()); ++i) {
        const BlobTensor &tensor = parts_.tensors[i];
        uint64_t at = table->offset + uint64_t{format::tensor_bytes} * i;
        std::string wrong = tensor_wrong(tensor, wanted[i]);
        if (wrong.empty() && tensor.offset < end) wrong = tensor.name + " begins inside the one before it";
        if (wrong.empty() && data != nullptr && tensor.offset != end && parts_.config.cell == MOTE_CELL_GATED)
            wrong = tensor.name + formatted(" begins at %u, not directly behind the one before it", tensor.offset);
        if (wrong.empty() && !zeros(at + 48, at + format::tensor_bytes))
            wrong = tensor.name + ": bytes that are not zero";
        if (wrong.empty() && data != nullptr && !zeros(end, tensor.offset))
            add("tensors", end, "bytes that are not zero before " + tensor.name);
        if (!wrong.empty()) add("tensor table", at, wrong);
        end = uint64_t{tensor.offset} + tensor.size;
    }
    if (data != nullptr && end <= end_of(*data) && !zeros(end, end_of(*data)))
        add("tensors", end, "bytes that are not zero behind the last tensor");
}

void Examination::vocabulary() {
    const BlobSection *section = parts_.section(format::vocab, format::vocab_header_bytes);
    if (section == nullptr || !parts_.config_valid) return;
    uint64_t at = section->offset;
    uint32_t count = parts_.u32(at), boundary = parts_.u32(at + 4), vocab = parts_.config.vocab;
    if (count != vocab)
        add("vocabulary", at, formatted("%u characters, where the configuration makes %u", count, vocab));
    if (boundary > 1) add("vocabulary", at + 4, formatted("flags %u, which are unknown", boundary));
    uint64_t first = at + format::vocab_header_bytes, end = first + 4 * uint64_t{count};
    if (!zeros(at + 8, first) || (end <= end_of(*section) && !zeros(end, end_of(*section))))
        add("vocabulary", at + 8, "bytes that are not zero beside the characters");
    std::vector<uint32_t> characters = code_points_of(parts_);
    for (size_t i = 0; i < characters.size(); ++i) {
        uint32_t c = characters[i];
        bool sorted = i <= (boundary != 0 ? 1u : 0u) || c > characters[i - 1];
        bool scalar = c <= 0x10FFFFu && (c < 0xD800u || c > 0xDFFFu);
        bool ends_lines = boundary == 0 || (i == 0) == (c == '\n');
        if (scalar && sorted && ends_lines) continue;
        std::string what = formatted("token %llu is U+%04X, ", static_cast<unsigned long long>(i), c);
        add("vocabulary", first + 4 * i,
            what + (!scalar       ? "no character"
                    : !ends_lines ? "not as the boundary has it"
                                  : "not in order"));
        return;
    }
}

void Examination::array(const std::string &part, uint64_t offset, const BlobTensor &tensor, const NumberRule &rule) {
    std::optional<BadNumbers> bad = bad_numbers(parts_.bytes + offset, tensor, rule);
    if (!bad) return;
    std::string more = bad->count > 1 ? " and " + std::to_string(bad->count - 1) + " more" : "";
    add(part, offset + bad->first,
        element_text(tensor, bad->first, bad->high) + " is " + number_text(bad->value) + more +
            ", which no blob may hold");
}

void Examination::weights() {
    for (const BlobTensor &tensor : parts_.tensors) {
        if (readable_tensor(parts_, tensor).data != nullptr)
            array("tensor " + tensor.name, tensor.offset, tensor, weight_rule);
    }
    const BlobSection *best = parts_.section(format::best, 0);
    if (best == nullptr || !parts_.config_valid || best->size != weight_bytes()) return;
    for (const BlobTensor &tensor : tensors_of(parts_.config))
        array("best " + tensor.name, best->offset + uint64_t{tensor.offset}, tensor, weight_rule);
}

void Examination::selftest() {
    const BlobSection *section = parts_.section(format::test, format::test_bytes);
    if (section == nullptr || !parts_.config_valid) return;
    uint64_t at = section->offset;
    if (parts_.u32(at) != format::prompt || !zeros(at + 4, at + format::test_header_bytes))
        add("self-test", at, "its first bytes are not those of a self-test");
    for (uint64_t i = 0; i < format::prompt; ++i) {
        uint64_t token = at + format::test_header_bytes + 2 * i;
        uint32_t value = parts_.bytes[token] | uint32_t{parts_.bytes[token + 1]} << 8;
        if (value < parts_.config.vocab) continue;
        add("self-test", token, formatted("token %u, which the vocabulary does not have", value));
        return;
    }
}

void Examination::moments(uint64_t offset, const mote_optimizer_info &optimizer) {
    for (uint32_t i = 0; i < optimizer.moments; ++i, offset += weight_bytes()) {
        bool signs = (optimizer.signed_moments >> i & 1) != 0;
        for (const BlobTensor &tensor : tensors_of(parts_.config))
            array(formatted("moment %u of ", i + 1) + tensor.name, offset + tensor.offset, tensor,
                  {least_moment, signs});
    }
}

void Examination::trainer() {
    const BlobSection *section = parts_.section(format::trainer, format::trainer_header_bytes);
    if (section == nullptr || !parts_.config_valid) return;
    const mote_config &config = parts_.config;
    mote_format_trainer head;
    std::memcpy(&head, parts_.bytes + section->offset, sizeof head);
    uint32_t batch = head.train.batch, optimizer = head.train.optimizer;
    uint64_t carried = MOTE_SZ_CARRIED(config.cell, config.hidden, 1u, batch); /* floats of a layer */
    uint64_t wanted = MOTE_CHECKPOINT_BYTES(MOTE_SHAPE_OF(config), batch, optimizer) - mote_blob_bytes(&config);
    const mote_optimizer_info *info = mote_optimizer_describe(optimizer);
    if (info == nullptr || wanted != section->size) {
        add("trainer", section->offset,
            formatted("%u bytes, where batch %u and optimizer %u make ", section->size, batch, optimizer) +
                (info == nullptr ? "none" : std::to_string(wanted)));
        return;
    }
    uint64_t offset = section->offset + uint64_t{format::trainer_header_bytes};
    for (uint32_t layer = 0; carried != 0 && layer < config.layers; ++layer) {
        BlobTensor hidden{
            "", {batch, config.hidden}, MOTE_TYPE_F32, MOTE_LAYOUT_PANELS, 0, static_cast<uint32_t>(4 * carried)};
        array(formatted("hidden state %u", layer), offset, hidden, weight_rule);
        offset += 4 * carried;
    }
    moments(offset, *info);
}

} // namespace

std::vector<Finding> findings_of(const BlobParts &parts) {
    Examination examination(parts);
    if (!examination.header()) return examination.found();
    examination.sections();
    examination.tensor_table();
    examination.vocabulary();
    examination.weights();
    examination.selftest();
    examination.trainer();
    return examination.found();
}

} // namespace mote::cli
