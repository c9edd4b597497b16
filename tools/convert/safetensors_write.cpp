#include "safetensors_write.h"

#include "model_kinds.h"

namespace mote::cli {

namespace {

/* The format's rule: what follows the header is aligned to this. */
constexpr size_t header_align = 8;

/* Sorted by name. */
Json metadata(const ModelFile &file) {
    const mote_config &config = file.config();
    Json text = {{"format", "pt"}};
    if (config.layers != 0) text["mote.activation"] = activation_name(config.activation);
    text["mote.boundary"] = std::to_string(file.vocab().boundary);
    if (kind_of(config).has_window) text["mote.context"] = std::to_string(config.context);
    text["mote.model"] = kind_of(config).name;
    text["mote.vocab"] = vocabulary_list(file.vocab()).dump();
    return text;
}

std::string little_endian(uint64_t number) {
    std::string bytes;
    for (int shift = 0; shift < 64; shift += 8) bytes.push_back(static_cast<char>(number >> shift & 0xFFu));
    return bytes;
}

} // namespace

std::string safetensors_of(const ModelFile &file) {
    Json header = {{"__metadata__", metadata(file)}};
    std::string data;
    for (const NamedTensor &tensor : state_dict(file)) {
        size_t begin = data.size();
        data += tensor.bytes;
        header[tensor.name] = {{"dtype", "F32"}, {"shape", tensor.shape}, {"data_offsets", {begin, data.size()}}};
    }
    std::string text = header.dump();
    text.append((header_align - text.size() % header_align) % header_align, ' ');
    return little_endian(text.size()) + text + data;
}

} // namespace mote::cli
