/* Packets of any bytes, for a model of each kind: the answer stays in its room, and a message that comes out of one
 * goes back into one. */
#include "codec_support.h"

#include <doctest/doctest.h>

using namespace mote_test;

namespace {

constexpr size_t most = 64;

struct Receiver {
    explicit Receiver(const MessageModel &kind) : plain(*kind.model), checked(*kind.model, &options) {}
    const mote_codec_options options = {1, 0x41, 6};
    const Codec plain, checked;
};

const std::vector<std::unique_ptr<Receiver>> &receivers() {
    static const std::vector<std::unique_ptr<Receiver>> all = [] {
        std::vector<std::unique_ptr<Receiver>> made;
        for (const MessageModel &kind : message_models()) made.push_back(std::make_unique<Receiver>(kind));
        return made;
    }();
    return all;
}

void receive(const Codec &codec, const std::string &packet) {
    const Unpacked got = unpack(codec, packet, most);
    if (got.status == MOTE_OK) {
        CHECK(unpack(codec, pack(codec, got.message), got.message.size()).message == got.message);
    } else {
        CHECK((got.status == MOTE_ERR_FORMAT || got.status == MOTE_ERR_CAPACITY || got.status == MOTE_ERR_CHECKSUM ||
               got.status == MOTE_ERR_MISSING));
    }
}

} // namespace

/* The first byte chooses the model. */
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) return 0;
    const Receiver &receiver = *receivers()[*data % receivers().size()];
    const std::string packet(reinterpret_cast<const char *>(data + 1), size - 1);
    receive(receiver.plain, packet);
    receive(receiver.checked, packet);
    return 0;
}
