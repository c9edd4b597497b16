#include "layout.h"

#include "arena.h"

namespace mote {

namespace {

// The tensors in table order: embedding if any, then each layer's three, then the output's two.
Role role_at(const mote_config &c, uint32_t index, uint32_t *layer) {
    *layer = 0;
    const uint32_t first = c.embed != 0 ? 1 : 0;
    if (index < first) return Role::Embedding;
    const uint32_t i = index - first;
    if (i >= 3 * c.layers) return i == 3 * c.layers ? Role::Output : Role::OutputBias;
    *layer = i / 3;
    return i % 3 == 0 ? Role::Input : i % 3 == 1 ? Role::Recurrent : Role::Bias;
}

TensorSpec spec_of(const mote_config &c, Role role, uint32_t layer) {
    switch (role) {
    case Role::Embedding:
        return {role, layer, MOTE_LAYOUT_PANELS, c.vocab, c.embed, 0};
    case Role::Input:
        return {role, layer, MOTE_LAYOUT_PANELS_OUT_IN, layer == 0 ? input_width(c) : c.hidden, c.hidden, 0};
    case Role::Recurrent:
        return {role, layer, MOTE_LAYOUT_PANELS_OUT_IN, c.hidden, c.hidden, 0};
    case Role::Bias:
        return {role, layer, MOTE_LAYOUT_VECTOR, 1, c.hidden, 0};
    case Role::Output:
        return {role, layer, MOTE_LAYOUT_PANELS_OUT_IN, c.hidden, c.vocab, 0};
    case Role::OutputBias:
        break;
    }
    return {role, layer, MOTE_LAYOUT_VECTOR, 1, c.vocab, 0};
}

bool within(uint32_t x, uint32_t low, uint32_t high) { return low <= x && x <= high; }

uint64_t limited(uint64_t bytes) { return bytes <= kMaxBytes ? bytes : 0; }

} // namespace

bool valid(const mote_config &c) {
    return c.arch == MOTE_RNN && (c.activation == MOTE_TANH || c.activation == MOTE_RELU) && c.context == 0 &&
           within(c.vocab, 2, MOTE_MAX_VOCAB) && c.embed <= MOTE_MAX_WIDTH && within(c.hidden, 1, MOTE_MAX_WIDTH) &&
           within(c.layers, 1, MOTE_MAX_LAYERS) && model_bytes(c) <= kMaxBytes;
}

uint32_t tensor_count(const mote_config &c) { return static_cast<uint32_t>(MOTE_RNN_TENSORS(c.embed, c.layers)); }

TensorSpec tensor_spec(const mote_config &c, uint32_t index) {
    uint32_t offset = 0;
    for (uint32_t i = 0;; ++i) {
        uint32_t layer;
        const Role role = role_at(c, i, &layer);
        TensorSpec spec = spec_of(c, role, layer);
        if (i == index) {
            spec.offset = offset;
            return spec;
        }
        offset += spec.count();
    }
}

uint32_t tensor_index(const mote_config &c, Role role, uint32_t layer) {
    const uint32_t first = c.embed != 0 ? 1 : 0;
    switch (role) {
    case Role::Embedding:
        return 0;
    case Role::Input:
        return first + 3 * layer;
    case Role::Recurrent:
        return first + 3 * layer + 1;
    case Role::Bias:
        return first + 3 * layer + 2;
    case Role::Output:
        return first + 3 * c.layers;
    case Role::OutputBias:
        break;
    }
    return first + 3 * c.layers + 1;
}

void tensor_name(const TensorSpec &spec, char name[24]) {
    static const char *const stems[] = {"embedding", "weight_ih_l", "weight_hh_l", "bias_l", "weight_out", "bias_out"};
    const char *stem = stems[static_cast<uint32_t>(spec.role)];
    uint32_t n = 0;
    for (; stem[n] != 0; ++n) name[n] = stem[n];
    if (spec.role == Role::Input || spec.role == Role::Recurrent || spec.role == Role::Bias) {
        if (spec.layer >= 10) name[n++] = static_cast<char>('0' + spec.layer / 10);
        name[n++] = static_cast<char>('0' + spec.layer % 10);
    }
    for (; n < 24; ++n) name[n] = 0;
}

uint64_t weight_count(const mote_config &c) { return MOTE_RNN_WEIGHTS(c.vocab, c.embed, c.hidden, c.layers); }
uint64_t model_bytes(const mote_config &c) { return MOTE_RNN_MODEL_BYTES(c.vocab, c.embed, c.hidden, c.layers); }
uint64_t state_bytes(const mote_config &c) { return MOTE_RNN_STATE_BYTES(c.vocab, c.embed, c.hidden, c.layers); }
uint64_t scratch_bytes(const mote_config &c) { return MOTE_RNN_SCRATCH_BYTES(c.vocab, c.embed, c.hidden, c.layers); }
uint64_t blob_bytes(const mote_config &c) { return MOTE_RNN_BLOB_BYTES(c.vocab, c.embed, c.hidden, c.layers); }

uint64_t trainer_bytes(const mote_config &c, const mote_train_config &t) {
    return MOTE_RNN_TRAINER_BYTES(c.vocab, c.embed, c.hidden, c.layers, t.batch, t.time, t.optimizer, t.workspace);
}

uint64_t checkpoint_bytes(const mote_config &c, const mote_train_config &t) {
    return MOTE_RNN_CHECKPOINT_BYTES(c.vocab, c.embed, c.hidden, c.layers, t.batch, t.optimizer);
}

} // namespace mote

using namespace mote;

extern "C" {

size_t mote_param_count(const mote_config *c) {
    if (c == nullptr || !valid(*c)) return 0;
    return static_cast<size_t>(limited(MOTE_RNN_PARAMS(c->vocab, c->embed, c->hidden, c->layers)));
}
size_t mote_weight_count(const mote_config *c) {
    return c != nullptr && valid(*c) ? static_cast<size_t>(limited(weight_count(*c))) : 0;
}
size_t mote_model_bytes(const mote_config *c) {
    return c != nullptr && valid(*c) ? static_cast<size_t>(limited(model_bytes(*c))) : 0;
}
size_t mote_state_bytes(const mote_config *c) {
    return c != nullptr && valid(*c) ? static_cast<size_t>(limited(state_bytes(*c))) : 0;
}
size_t mote_scratch_bytes(const mote_config *c) {
    return c != nullptr && valid(*c) ? static_cast<size_t>(limited(scratch_bytes(*c))) : 0;
}
size_t mote_blob_bytes(const mote_config *c) {
    return c != nullptr && valid(*c) ? static_cast<size_t>(limited(blob_bytes(*c))) : 0;
}
}
