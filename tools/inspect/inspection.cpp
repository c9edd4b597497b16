#include "inspection.h"

#include "changed_byte.h"
#include "errors.h"
#include "files.h"
#include "tensor_numbers.h"
#include "utf8_text.h"

#include <cstring>
#include <utility>

namespace mote::cli {

namespace {

AlignedBytes copy_of(const AlignedBytes &bytes) {
    AlignedBytes copy(bytes.size());
    std::memcpy(copy.data(), bytes.data(), bytes.size());
    return copy;
}

void put_u32(AlignedBytes &bytes, uint64_t offset, uint32_t number) {
    std::memcpy(bytes.data() + offset, &number, sizeof number);
}

/* Null where the library refuses it; `why` is then what it says. */
std::unique_ptr<ModelFile> open_or_null(AlignedBytes bytes, std::string &why) {
    try {
        return std::make_unique<ModelFile>(std::move(bytes), "the library refuses it");
    } catch (const Failure &failure) {
        why = failure.what();
        return nullptr;
    }
}

bool is_whole(const AlignedBytes &bytes) {
    std::string why;
    std::unique_ptr<ModelFile> model = open_or_null(copy_of(bytes), why);
    if (model == nullptr) return false;
    OwnArena scratch(mote_scratch_bytes(&model->config()));
    mote_status status = mote_selftest(model->model(), scratch.get());
    return status == MOTE_OK || status == MOTE_ERR_ARG; /* a blob need not have one */
}

/* The one byte that makes the file whole again; none where there is none, or where any of several would. */
std::optional<Finding> changed_byte(const Inspection &found) {
    const mote_format_header &header = *found.parts.header;
    AlignedBytes copy = copy_of(found.file);
    std::optional<Finding> finding;
    for (const ChangedByte &change : changed_bytes(copy.data(), header.size, header.crc, *found.checksum)) {
        unsigned char is = std::exchange(copy.data()[change.offset], change.was);
        if (is_whole(copy)) {
            if (finding) return std::nullopt;
            finding = Finding{
                place_of(blob_parts(copy), change.offset), change.offset,
                formatted("one changed byte explains it: 0x%02x, with 0x%02x the checksum is right", is, change.was)};
        }
        copy.data()[change.offset] = is;
    }
    return finding;
}

std::optional<Finding> changed_size(const Inspection &found) {
    AlignedBytes copy = copy_of(found.file);
    auto size = static_cast<uint32_t>(found.file.size());
    put_u32(copy, format::size_at, size);
    if (!is_whole(copy)) return std::nullopt;
    return Finding{
        "header, size", format::size_at,
        formatted("was changed: %u, with the file's %u the checksum is right", found.parts.header->size, size)};
}

Finding unlocated(const Inspection &found) {
    return {"checksum", format::crc_at,
            formatted("is %08x, but the bytes make %08x; it does not tell which of them were changed",
                      found.parts.header->crc, *found.checksum) +
                (found.findings.empty() ? ", nor does anything else" : "")};
}

/* Of weights that may be stored the checksum is the only judge; it knows that they are damaged, and these look it. */
void suspect_zeros(Inspection &found) {
    for (const BlobTensor &tensor : found.parts.tensors) {
        if (readable_tensor(found.parts, tensor).data == nullptr) continue;
        std::optional<ZeroRun> zeros = odd_zeros(found.parts.bytes + tensor.offset, tensor);
        if (zeros)
            found.findings.push_back({"tensor " + tensor.name, tensor.offset + zeros->first,
                                      std::to_string(zeros->count) + " zeros in a row from " +
                                          element_text(tensor, zeros->first) +
                                          " on, hardly one elsewhere in it, and the checksum is wrong"});
    }
}

void look_at_checksum(Inspection &found) {
    if (!found.parts.header) return;
    const mote_format_header &header = *found.parts.header;
    bool sized = header.size >= format::header_bytes && header.size <= found.file.size();
    if (sized) found.checksum = blob_checksum(found.file.data(), header.size);
    if (found.checksum == header.crc) return;
    std::optional<Finding> change = sized ? changed_byte(found) : std::nullopt;
    if (!change) change = changed_size(found);
    if (change) {
        found.findings.insert(found.findings.begin(), *change);
    } else if (sized) {
        if (found.findings.empty()) suspect_zeros(found);
        found.findings.push_back(unlocated(found));
    }
}

void open_model(Inspection &found) {
    AlignedBytes copy = copy_of(found.file);
    if (found.checksum) put_u32(copy, format::crc_at, *found.checksum);
    std::string why;
    found.model = open_or_null(std::move(copy), why);
    if (found.model == nullptr && found.findings.empty()) found.findings.push_back({"file", 0, why});
}

/* The self-test character by character, since the library tells only whether it passes. */
std::optional<uint32_t> first_wrong(const ModelFile &model, const BlobParts &parts, const BlobSection &test) {
    OwnArena arena(mote_state_bytes(&model.config()));
    mote_state *state = nullptr;
    check(mote_state_init(&state, arena.get(), model.model()), "self-test");
    uint64_t tokens = test.offset + uint64_t{format::test_header_bytes}, hashes = tokens + 2 * format::prompt;
    for (uint32_t i = 0; i < format::prompt; ++i) {
        uint16_t token;
        std::memcpy(&token, parts.bytes + tokens + 2 * uint64_t{i}, sizeof token);
        const float *logits = nullptr;
        if (mote_step(state, token, &logits) != MOTE_OK) return i;
        uint64_t hash = mote_fnv1a(MOTE_FNV_START, logits, sizeof(float) * model.config().vocab);
        if (hash != parts.u64(hashes + 8 * uint64_t{i})) return i;
    }
    return std::nullopt;
}

void run_selftest(Inspection &found) {
    const BlobSection *test = found.parts.section(format::test, format::test_bytes);
    if (found.model == nullptr || test == nullptr) return;
    std::optional<uint32_t> wrong = first_wrong(*found.model, found.parts, *test);
    found.selftest = !wrong;
    if (wrong)
        found.findings.push_back({"self-test", test->offset,
                                  formatted("other logits than where it was saved, from character %u of %u on",
                                            *wrong + 1, format::prompt)});
}

/* What the parts do not tell, but the library knows of. */
void check_trainer(Inspection &found) {
    if (found.model == nullptr) return;
    const AlignedBytes &bytes = found.model->bytes();
    const BlobSection *trainer = found.parts.section(format::trainer, 0);
    if (trainer == nullptr || !found.findings.empty()) return;
    mote_status status = mote_checkpoint_peek(bytes.data(), bytes.size(), nullptr, nullptr);
    if (status != MOTE_OK) found.findings.push_back({"trainer", trainer->offset, "settings that no trainer has"});
}

} // namespace

Inspection inspect_bytes(AlignedBytes bytes) {
    Inspection found;
    found.file = std::move(bytes);
    found.parts = blob_parts(found.file);
    found.findings = findings_of(found.parts);
    look_at_checksum(found);
    open_model(found);
    run_selftest(found);
    check_trainer(found);
    const std::optional<mote_format_header> &header = found.parts.header;
    found.other_version =
        header && header->magic == format::magic && header->major != MOTE_FORMAT_MAJOR && found.checksum == header->crc;
    return found;
}

std::string damage_text(const Inspection &found) {
    const Finding &first = found.findings.front();
    if (found.other_version || !found.parts.header) return first.what;
    return "damaged at byte " + std::to_string(first.offset) + ", " + first.part + ": " + first.what;
}

} // namespace mote::cli
