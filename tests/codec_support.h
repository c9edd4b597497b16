/* What the tests of the codec share: models of messages, codecs that own their arenas, and messages. */
#ifndef MOTE_TESTS_CODEC_SUPPORT_H
#define MOTE_TESTS_CODEC_SUPPORT_H

#include "support.h"

#include <memory>
#include <string>
#include <vector>

namespace mote_test {

/* The characters of a model of messages. */
class MessageVocab {
  public:
    /* `characters`: UTF-8, in the order of code points. Byte tokens: none, those of bytes from 0x80 on, or all. */
    enum Bytes { NO_BYTES, HIGH_BYTES, ALL_BYTES };
    MessageVocab(const std::string &characters, uint32_t boundary, Bytes bytes);
    const mote_vocab &get() const { return vocab_; }
    uint32_t count() const { return vocab_.count; }
    MessageVocab(const MessageVocab &) = delete;
    MessageVocab &operator=(const MessageVocab &) = delete;

  private:
    std::vector<uint32_t> code_points_;
    mote_vocab vocab_;
};

/* A model whose weights are large enough that it expects some messages far more than others. */
mote_init sharp_init(uint32_t cell);

class Codec {
  public:
    explicit Codec(const Model &model, const mote_codec_options *options = nullptr);
    mote_codec *get() const { return codec_; }

  private:
    Arena arena_;
    mote_codec *codec_ = nullptr;
};

struct Unpacked {
    mote_status status;
    std::string message; /* where the status is MOTE_OK */
};

/* Each in memory of exactly the size that it may use. */
std::string pack(const Codec &codec, const std::string &message);
Unpacked unpack(const Codec &codec, const std::string &packet, size_t capacity);

/* A message as the model has them: drawn until its boundary, or `most` tokens. */
std::string draw_message(const Model &model, const mote_vocab &vocab, uint64_t seed, size_t most);
std::string random_bytes(Random &random, size_t count);
bool is_utf8(const std::string &text);

/* A model of each kind, with boundary and without, with byte tokens and without. */
struct MessageModel {
    std::unique_ptr<MessageVocab> vocab;
    std::unique_ptr<Model> model;
    std::string name;
};
const std::vector<MessageModel> &message_models();

/* Messages for a model: what it expects, what it does not, and what is not text. */
std::vector<std::string> messages_for(const MessageModel &kind, size_t count);

} // namespace mote_test

#endif
