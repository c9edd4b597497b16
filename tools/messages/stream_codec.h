#pragma once

#include "aligned_memory.h"
#include "errors.h"
#include "model_file.h"

#include <functional>
#include <string>

namespace mote::cli {

/* The name of a file that holds a stream: NAME.mz. */
bool is_stream(const std::string &name);

/* A stream that is damaged, cut short or too long: the text before that is as it was. */
struct StreamFailure : Failure {
    using Failure::Failure;
};

/* Text to streams and back, with a model out of a file. */
class StreamCodec {
  public:
    explicit StreamCodec(const std::string &model);

    using Write = std::function<void(const std::string &bytes)>;
    void compress(const std::string &text, const Write &write);
    /* Streams, one behind the other. `name`, of the file, begins the messages of failures; where they are
     * StreamFailure, all text before what they tell of has been written. */
    void decompress(const std::string &streams, const std::string &name, const Write &write);
    static constexpr size_t block_text = 16384; /* bytes, of which damage costs as many: 0.3% of what they take */

  private:
    size_t read_head(const std::string &streams, size_t at, const std::string &name);
    size_t read_blocks(const std::string &streams, size_t at, const std::string &name, const Write &write);
    std::string read_block(const std::string &streams, size_t at, size_t size, size_t text_bytes,
                           const std::string &name);

    std::string model_;
    ModelFile file_;
    OwnArena arena_;
    mote_stream *stream_ = nullptr;
};

} // namespace mote::cli
