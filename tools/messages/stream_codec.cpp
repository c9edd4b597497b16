#include "stream_codec.h"

#include "errors.h"
#include "message_codec.h"
#include "results.h"

namespace mote::cli {

bool is_stream(const std::string &name) { return name.size() > 3 && name.compare(name.size() - 3, 3, ".mz") == 0; }

StreamCodec::StreamCodec(const std::string &model) : model_(model), file_(model) {
    check_token_count(file_, model);
    arena_ = OwnArena(mote_stream_bytes(&file_.config()));
    check(mote_stream_init(&stream_, arena_.get(), file_.model()), model_);
}

/* The size of the block that begins at `at`: one that cuts no character, since half of one takes many bits. */
static size_t block_at(const std::string &text, size_t at) {
    size_t count = StreamCodec::block_text;
    if (text.size() - at <= count) return text.size() - at;
    for (int back = 0; back < 3 && (text[at + count] & 0xC0) == 0x80; ++back) --count;
    return count;
}

void StreamCodec::compress(const std::string &text, const Write &write) {
    std::string bytes(MOTE_STREAM_HEAD_BYTES, '\0');
    check(mote_stream_start(stream_, bytes.data()), model_);
    write(bytes);
    for (size_t at = 0, count; at < text.size(); at += count) {
        count = block_at(text, at);
        bytes.resize(static_cast<size_t>(MOTE_STREAM_BLOCK_BYTES(count)));
        size_t size = 0;
        check(mote_stream_write(stream_, text.data() + at, count, bytes.data(), bytes.size(), &size), model_);
        bytes.resize(size);
        write(bytes);
    }
    bytes.resize(MOTE_STREAM_END_BYTES);
    check(mote_stream_finish(stream_, bytes.data()), model_);
    write(bytes);
}

void StreamCodec::decompress(const std::string &streams, const std::string &name, const Write &write) {
    size_t at = 0;
    do at = read_blocks(streams, read_head(streams, at, name), name, write);
    while (at < streams.size());
}

static uint64_t hash_in(const char *head) {
    uint64_t hash = 0;
    for (int i = 15; i >= 8; --i) hash = hash << 8 | static_cast<unsigned char>(head[i]);
    return hash;
}

[[noreturn]] static void fail(const std::string &name, size_t at, const char *what) {
    throw StreamFailure(formatted("%s: byte %zu: %s", name.c_str(), at, what));
}

/* Where its blocks begin. */
size_t StreamCodec::read_head(const std::string &streams, size_t at, const std::string &name) {
    const char *head = streams.data() + at;
    const mote_status status = mote_stream_open(stream_, head, streams.size() - at);
    if (status == MOTE_ERR_FORMAT && at > 0) fail(name, at, "what follows the end of the stream is not another stream");
    if (status == MOTE_ERR_FORMAT)
        throw Failure(name + ": not a stream, which mote compress --stream makes, or cut short within its first bytes");
    if (status == MOTE_ERR_VERSION)
        throw Failure(name + ": a stream of another version than 1; decompress it with the mote that made it");
    if (status == MOTE_ERR_MISSING) {
        throw Failure(name + ": made with the model " + hash_text(hash_in(head)) + ", and " + model_ + " is " +
                      hash_text(mote_weights_hash(file_.model())) + "; give the model that made it");
    }
    check(status, name);
    return at + MOTE_STREAM_HEAD_BYTES;
}

/* Where the stream has ended. */
size_t StreamCodec::read_blocks(const std::string &streams, size_t at, const std::string &name, const Write &write) {
    for (;;) {
        size_t size = 0, text_bytes = 0;
        const mote_status status = mote_stream_next(streams.data() + at, streams.size() - at, &size, &text_bytes);
        if (status == MOTE_ERR_MISSING || (status == MOTE_OK && size > streams.size() - at))
            fail(name, at, "cut short: the end of the stream is missing");
        if (status != MOTE_OK) fail(name, at, "damaged: no block begins here");
        write(read_block(streams, at, size, text_bytes, name));
        at += size;
        if (text_bytes == 0) return at;
    }
}

std::string StreamCodec::read_block(const std::string &streams, size_t at, size_t size, size_t text_bytes,
                                    const std::string &name) {
    std::string text(text_bytes, '\0');
    const mote_status status =
        mote_stream_read(stream_, streams.data() + at, size, text.data(), text_bytes, &text_bytes);
    if (status == MOTE_OK) return text;
    if (text.empty()) fail(name, at, "damaged: the CRC-32 or the size at the end is not that of the text");
    fail(name, at, "damaged: the block that begins here does not give its text");
}

} // namespace mote::cli
