#pragma once

#include "aligned_memory.h"
#include "model_file.h"
#include "option_parser.h"

#include <string>

namespace mote::cli {

/* What both ends of a link have to choose alike. */
struct LinkOptions {
    std::string model;
    uint32_t id_bytes = 0, check_bits = 0;
};
void add_link_options(CommandLine app, LinkOptions &options);

/* Throws Failure where the model in `path` has more tokens than the library codes. */
void check_token_count(const ModelFile &file, const std::string &path);

/* Messages to packets and back, with a model out of a file. */
class MessageCodec {
  public:
    explicit MessageCodec(const LinkOptions &options);

    const ModelFile &file() const { return file_; }
    std::string compress(const std::string &message);
    /* `place`, of the packet, begins the messages of failures. */
    std::string decompress(const std::string &packet, uint32_t most, const std::string &place);

  private:
    std::string model_;
    ModelFile file_;
    OwnArena arena_;
    mote_codec *codec_ = nullptr;
};

} // namespace mote::cli
