/* Streams of any bytes, for a model of each kind: text or a status, and the text that comes out goes back into a
 * stream.
 */
#include "stream_support.h"

#include <doctest/doctest.h>

using namespace mote_test;

namespace {

struct Receiver {
    explicit Receiver(const MessageModel &kind) : stream(*kind.model), head(write_stream(stream, "", 1)) {
        head.resize(MOTE_STREAM_HEAD_BYTES);
    }
    const Stream stream;
    std::string head;
};

const std::vector<std::unique_ptr<Receiver>> &receivers() {
    static const std::vector<std::unique_ptr<Receiver>> all = [] {
        std::vector<std::unique_ptr<Receiver>> made;
        for (const MessageModel &kind : message_models()) made.push_back(std::make_unique<Receiver>(kind));
        return made;
    }();
    return all;
}

} // namespace

/* The first byte chooses the model, whose head stands before the others. */
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) return 0;
    const Receiver &receiver = *receivers()[*data % receivers().size()];
    const std::string blocks(reinterpret_cast<const char *>(data + 1), size - 1);
    const StreamText got = read_stream(receiver.stream, receiver.head + blocks);
    CHECK((got.status == MOTE_OK || got.status == MOTE_ERR_FORMAT || got.status == MOTE_ERR_CHECKSUM));
    CHECK(read_stream(receiver.stream, write_stream(receiver.stream, got.text, 1000)).text == got.text);
    return 0;
}
