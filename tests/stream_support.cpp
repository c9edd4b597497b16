#include "stream_support.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace mote_test {

namespace {

std::string as_string(const Buffer &bytes, size_t count) {
    return {reinterpret_cast<const char *>(bytes.data()), count};
}

/* The block, or the end, at the beginning of the bytes. */
mote_status read_block(const Stream &stream, const std::string &bytes, std::string &text, size_t &size) {
    const Buffer begin(bytes.data(), std::min<size_t>(bytes.size(), 6));
    size_t text_bytes = 0;
    const mote_status status = mote_stream_next(begin.data(), begin.size(), &size, &text_bytes);
    if (status != MOTE_OK) return status;
    if (size > bytes.size()) return MOTE_ERR_MISSING;
    REQUIRE(text_bytes <= MOTE_STREAM_MAX_BLOCK);
    const Buffer block(bytes.data(), size);
    Buffer room(text_bytes, 0xee);
    size_t count = text_bytes + 1;
    const mote_status read = mote_stream_read(stream.get(), block.data(), size, room.data(), text_bytes, &count);
    if (read != MOTE_OK) return read;
    REQUIRE(count == text_bytes);
    text = as_string(room, count);
    return MOTE_OK;
}

} // namespace

Stream::Stream(const Model &model) : arena_(mote_stream_bytes(&model.config())) {
    REQUIRE(mote_stream_init(&stream_, &arena_.arena, model.get()) == MOTE_OK);
}

std::string write_block(const Stream &stream, const std::string &text) {
    const Buffer from(text.data(), text.size());
    Buffer room(static_cast<size_t>(MOTE_STREAM_BLOCK_BYTES(text.size())), 0xee);
    size_t size = 0;
    REQUIRE(mote_stream_write(stream.get(), from.data(), from.size(), room.data(), room.size(), &size) == MOTE_OK);
    REQUIRE(size <= room.size());
    return as_string(room, size);
}

std::string write_stream(const Stream &stream, const std::string &text, size_t size) {
    Buffer head(MOTE_STREAM_HEAD_BYTES), end(MOTE_STREAM_END_BYTES);
    REQUIRE(mote_stream_start(stream.get(), head.data()) == MOTE_OK);
    std::string bytes = as_string(head, head.size());
    for (size_t at = 0; at < text.size(); at += size) bytes += write_block(stream, text.substr(at, size));
    REQUIRE(mote_stream_finish(stream.get(), end.data()) == MOTE_OK);
    return bytes + as_string(end, end.size());
}

StreamText read_stream(const Stream &stream, const std::string &bytes) {
    const Buffer head(bytes.data(), std::min<size_t>(bytes.size(), MOTE_STREAM_HEAD_BYTES));
    StreamText got = {mote_stream_open(stream.get(), head.data(), head.size()), "", false};
    for (size_t at = MOTE_STREAM_HEAD_BYTES; got.status == MOTE_OK && !got.ended && at < bytes.size();) {
        std::string text;
        size_t size = 0;
        got.status = read_block(stream, bytes.substr(at), text, size);
        if (got.status == MOTE_ERR_MISSING) return {MOTE_OK, got.text, false};
        got.ended = got.status == MOTE_OK && text.empty();
        got.text += text;
        at += size;
    }
    return got;
}

std::string text_for(const MessageModel &kind, size_t lines) {
    std::string text;
    Random random(lines);
    for (size_t i = 0; i < lines; ++i) {
        text += draw_message(*kind.model, kind.vocab->get(), i, 40);
        if (i % 3 == 1) text += random_bytes(random, 1);
        text += '\n';
    }
    return text;
}

} // namespace mote_test
