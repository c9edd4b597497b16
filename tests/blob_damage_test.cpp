/* Blobs that are cut, changed, and changed with the checksum made right again. */
#include "damage.h"

#include <doctest/doctest.h>

using namespace mote_test;

namespace {

const mote_config config = rnn(7, 3, 5, 2);

Buffer make_blob(const OwnRecord *run = nullptr, const mote_config &c = config) {
    const Alphabet alphabet(c.vocab, 1);
    const Model model(c, 12, &alphabet.vocab());
    return save(model.get(), c, run);
}

struct Opened {
    Arena arena{MOTE_OPEN_BYTES};
    const mote_model *model = nullptr;
    mote_status status;
    Opened(const void *blob, size_t bytes) : status(mote_model_open(&model, &arena.arena, blob, bytes)) {}
    explicit Opened(const Buffer &blob) : Opened(blob.data(), blob.size()) {}
};

/* With the CRC made right again: opens and runs, or is refused by the structure. */
void judge_repaired(Buffer &blob) {
    repair_crc(blob);
    OwnRecord run{};
    read_own(blob.data(), blob.size(), &run);
    mote_checkpoint_peek(blob.data(), blob.size(), nullptr, nullptr);
    const Opened opened(blob);
    if (opened.status == MOTE_OK)
        exercise(opened.model);
    else if (opened.status != MOTE_ERR_FORMAT && opened.status != MOTE_ERR_NUMERIC &&
             opened.status != MOTE_ERR_VERSION && opened.status != MOTE_ERR_UNSUPPORTED)
        FAIL_CHECK("refused with " << mote_status_name(opened.status));
}

} // namespace

TEST_CASE("a blob cut short at any length is refused as no blob") {
    const OwnRecord run = some_record();
    const Buffer blob = make_blob(&run);
    size_t wrong = 0;
    for (size_t length = 0; length < blob.size(); ++length) {
        const Buffer cut(blob.data(), length);
        OwnRecord read{};
        wrong += Opened(cut).status != MOTE_ERR_FORMAT;
        wrong += read_own(cut.data(), length, &read) != MOTE_ERR_FORMAT;
    }
    CHECK(wrong == 0);
}

TEST_CASE("a blob cut short that owns to it, with the CRC made right again, is refused or runs clean") {
    const OwnRecord run = some_record();
    const Buffer blob = make_blob(&run);
    for (size_t length = 16; length < blob.size(); ++length) {
        Buffer cut(blob.data(), length);
        put_u32(cut, blob_size_at, static_cast<uint32_t>(length));
        judge_repaired(cut);
    }
}

TEST_CASE("a blob with any byte changed is refused with the status of the field") {
    const OwnRecord run = some_record();
    Buffer blob = make_blob(&run);
    size_t wrong = 0;
    for (size_t at = 0; at < blob.size(); ++at) {
        const unsigned char honest = blob.data()[at];
        for (unsigned change = 1; change < 256; change = change == 128 ? 255 : change == 255 ? 256 : 2 * change) {
            blob.data()[at] = static_cast<unsigned char>(honest ^ change);
            const mote_status status = Opened(blob).status;
            if (at < 4)
                wrong += status != MOTE_ERR_FORMAT;
            else if (at < 6)
                wrong += status != MOTE_ERR_VERSION;
            else if (at >= blob_size_at && at < blob_size_at + 4)
                wrong += status != MOTE_ERR_FORMAT && status != MOTE_ERR_CHECKSUM;
            else
                wrong += status != MOTE_ERR_CHECKSUM;
        }
        blob.data()[at] = honest;
    }
    CHECK(wrong == 0);
    CHECK(Opened(blob).status == MOTE_OK);
}

TEST_CASE("a blob with any byte changed and the CRC made right again is refused or runs clean") {
    const OwnRecord run = some_record();
    for (const mote_config &c : {config, mlp(5, 2, 2, 3, 1), bigram(4), gru(5, 2, 3, 1)}) {
        const Buffer blob = make_blob(&run, c);
        for (size_t at = 0; at < blob.size(); ++at) {
            for (const unsigned change : {0x01u, 0x80u, 0xffu}) {
                Buffer changed = blob;
                changed.data()[at] = static_cast<unsigned char>(changed.data()[at] ^ change);
                judge_repaired(changed);
            }
        }
    }
}

TEST_CASE("a blob with random bytes changed and the CRC made right again is refused or runs clean") {
    const OwnRecord run = some_record();
    const Buffer blob = make_blob(&run);
    Random random(17);
    const size_t structure = section_offset(blob, "DATA");
    for (int i = 0; i < 6000; ++i) {
        Buffer changed = blob;
        const uint32_t changes = 1 + random.below(8);
        for (uint32_t c = 0; c < changes; ++c) {
            const size_t range = random.below(3) == 0 ? blob.size() : structure;
            const size_t at = random.below(static_cast<uint32_t>(range)) & ~size_t{3};
            static constexpr uint32_t numbers[] = {0, 1, 2, 64, 0x7fffffff, 0x80000000, 0xffffffc0, 0xffffffff};
            const uint32_t chosen = random.below(10);
            put_u32(changed, at, chosen < 8 ? numbers[chosen] : static_cast<uint32_t>(random.next()));
        }
        judge_repaired(changed);
    }
}

TEST_CASE(
    "every 32-bit field before the tensors, set to a telling number with the CRC right, is refused or runs clean") {
    for (const mote_config &c : {config, mlp(5, 2, 2, 3, 1), bigram(4), gru(5, 2, 3, 1)}) {
        const Buffer blob = make_blob(nullptr, c);
        const size_t structure = section_offset(blob, "DATA");
        for (size_t at = 0; at < structure; at += 4) {
            const uint32_t honest = get_u32(blob, at);
            for (const uint32_t number : {0u, 1u, 2u, 3u, honest + 1, honest - 1, honest + 64, honest - 64, 2 * honest,
                                          0x7fffffffu, 0x80000000u, 0xffffffc0u, 0xffffffffu}) {
                Buffer changed = blob;
                put_u32(changed, at, number);
                judge_repaired(changed);
            }
        }
    }
}
