// A completer's memory, and the endings that it has found.
#include "completer.h"

#include "network.h"
#include "sizes.h"

namespace mote {
namespace {

bool valid_options(const mote_completer_options &o) {
    return o.width - 1 < MOTE_COMPLETER_MAX_WIDTH && o.length - 1 < MOTE_COMPLETER_MAX_LENGTH &&
           o.count - 1 < MOTE_COMPLETER_MAX_COUNT;
}

uint64_t completer_bytes(const Config &c, const mote_completer_options &o) {
    return MOTE_COMPLETER_BYTES(MOTE_SHAPE_OF(c), o.width, o.length, o.count);
}

void place(mote_completer *completer, const mote_model &model, const mote_completer_options &o) {
    Offsets offsets(MOTE_SZ_COMPLETER_HANDLE);
    completer->state = place_state(model, at_offset<void *>(completer, offsets.bytes(state_bytes(model.config))));
    completer->memories = at_offset<unsigned char>(completer, offsets.bytes(o.width * memory_bytes(model.config)));
    completer->branches = at_offset<Branch>(completer, offsets.bytes(26 * o.width + 8 * o.count));
    completer->tokens = at_offset<uint16_t>(completer, offsets.bytes(2 * (o.width + o.count) * o.length));
    completer->width = o.width;
    completer->length = o.length;
    completer->count = o.count;
}

} // namespace
} // namespace mote

using namespace mote;

extern "C" {

size_t mote_completer_bytes(const mote_config *config, const mote_completer_options *options) {
    if (config == nullptr || options == nullptr || !valid(*config) || !valid_options(*options)) return 0;
    return limited_size(completer_bytes(known(*config), *options));
}

mote_status mote_completer_init(mote_completer **completer, mote_arena *arena, const mote_model *model,
                                const mote_completer_options *options) {
    if (completer == nullptr || arena == nullptr || model == nullptr || options == nullptr || !valid_options(*options))
        return MOTE_ERR_ARG;
    if (model->code_points == 0) return MOTE_ERR_MISSING;
    if (!network_runs(model->config)) return MOTE_ERR_UNSUPPORTED;
    void *memory;
    const mote_status status = arena_alloc(arena, completer_bytes(model->config, *options), &memory);
    if (status != MOTE_OK) return status;
    *completer = static_cast<mote_completer *>(memory);
    place(*completer, *model, *options);
    return MOTE_OK;
}

mote_status mote_completion(const mote_completer *completer, uint32_t index, char *utf8, size_t capacity, size_t *bytes,
                            float *log_probability) {
    if (completer == nullptr || bytes == nullptr || (utf8 == nullptr && capacity != 0)) return MOTE_ERR_ARG;
    *bytes = 0;
    if (index >= completer->found) return MOTE_ERR_ARG;
    const mote_vocab vocab = vocab_of(*completer->state->model);
    const Ending &ending = endings_of(*completer)[index];
    const uint16_t *const tokens = row_tokens(*completer, ending.row);
    for (uint32_t i = 0; i < ending.length; ++i) {
        char character[4];
        const size_t more = bytes_of_token(vocab, tokens[i], character);
        if (utf8 != nullptr && more <= capacity && *bytes <= capacity - more) memcpy(utf8 + *bytes, character, more);
        *bytes += more;
    }
    if (log_probability != nullptr) *log_probability = 0.0f - ending.nats;
    return *bytes <= capacity ? MOTE_OK : MOTE_ERR_CAPACITY;
}
}
