/* What the tests of streams share: a stream that owns its arena, all bytes of one, and what is in them. */
#ifndef MOTE_TESTS_STREAM_SUPPORT_H
#define MOTE_TESTS_STREAM_SUPPORT_H

#include "codec_support.h"

#include <string>

namespace mote_test {

class Stream {
  public:
    explicit Stream(const Model &model);
    mote_stream *get() const { return stream_; }

  private:
    Arena arena_;
    mote_stream *stream_ = nullptr;
};

/* Head, blocks of `size` bytes of text, and end; each call in memory of exactly the size that it may use. */
std::string write_stream(const Stream &stream, const std::string &text, size_t size);
std::string write_block(const Stream &stream, const std::string &text);

struct StreamText {
    mote_status status;
    std::string text; /* of the blocks before what the status tells of */
    bool ended;       /* false, and MOTE_OK: cut short */
};
StreamText read_stream(const Stream &stream, const std::string &bytes);

/* Lines as a model of messages has them, and of each line a byte that it does not expect. */
std::string text_for(const MessageModel &kind, size_t lines);

} // namespace mote_test

#endif
