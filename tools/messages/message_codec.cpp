#include "message_codec.h"

#include "errors.h"
#include "option_values.h"

namespace mote::cli {

void add_link_options(CommandLine app, LinkOptions &options) {
    add_path(app, "--model", options.model, "M.mote", "the model, the same on both ends").required();
    add_whole(app, "--id", options.id_bytes, {0, 2},
              "each packet begins with N bytes of the model's weights hash, so that another model refuses it");
    add_whole_or(app, "--check", options.check_bits, {4, 16}, {"none", 0},
                 "each packet has N bits more, so that a damaged one is refused, but for one in 2^N")
        .default_str("none");
}

static mote_codec_options codec_options_of(const LinkOptions &options, const mote_model *model) {
    mote_codec_options chosen{options.id_bytes, 0, options.check_bits};
    if (options.id_bytes != 0)
        chosen.id = static_cast<uint32_t>(mote_weights_hash(model) & ((1u << (8 * options.id_bytes)) - 1));
    return chosen;
}

void check_token_count(const ModelFile &file, const std::string &path) {
    const uint32_t tokens = file.config().vocab;
    if (tokens <= MOTE_CODEC_MAX_VOCAB) return;
    throw Failure(formatted("%s: has %u tokens, text is coded with at most %u; train one with --vocab-size",
                            path.c_str(), tokens, MOTE_CODEC_MAX_VOCAB));
}

MessageCodec::MessageCodec(const LinkOptions &options) : model_(options.model), file_(options.model) {
    check_token_count(file_, model_);
    arena_ = OwnArena(mote_codec_bytes(&file_.config()));
    const mote_codec_options chosen = codec_options_of(options, file_.model());
    check(mote_codec_init(&codec_, arena_.get(), file_.model(), &chosen), model_);
}

std::string MessageCodec::compress(const std::string &message) {
    std::string packet(static_cast<size_t>(MOTE_PACKET_BYTES(message.size())), '\0');
    size_t size = 0;
    check(mote_compress(codec_, message.data(), message.size(), packet.data(), packet.size(), &size), model_);
    packet.resize(size);
    return packet;
}

std::string MessageCodec::decompress(const std::string &packet, uint32_t most, const std::string &place) {
    std::string message(most, '\0');
    size_t size = 0;
    const mote_status status =
        mote_decompress(codec_, packet.data(), packet.size(), message.data(), message.size(), &size);
    if (status == MOTE_ERR_MISSING)
        throw Failure(place + ": the id is not that of " + model_ + "; give the model that made the packet");
    if (status == MOTE_ERR_CHECKSUM)
        throw Failure(place + ": damaged, or made with another model than " + model_ + ", or other options");
    if (status == MOTE_ERR_FORMAT) throw Failure(place + ": not a packet of " + model_ + " with these options");
    if (status == MOTE_ERR_CAPACITY) {
        throw Failure(formatted("%s: a message of more than %u bytes, or a packet that is damaged or of another model; "
                                "--most allows longer ones",
                                place.c_str(), most));
    }
    check(status, place);
    message.resize(size);
    return message;
}

} // namespace mote::cli
