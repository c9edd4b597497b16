#include "layout.h"

#include "arena.h"

namespace mote {

namespace {

uint32_t first_of_layers(const mote_config &c) { return c.embed != 0 ? 1 : 0; }

// Of an MLP's layer: Hidden, Bias; of an RNN's: Input, Recurrent, Bias.
uint32_t each_layer(const mote_config &c) { return c.arch == MOTE_MLP ? 2 : 3; }

// The tensors in table order: embedding if any, then each layer's, then the output's two.
Role role_at(const mote_config &c, uint32_t index, uint32_t *layer) {
    *layer = 0;
    if (c.arch == MOTE_BIGRAM) return Role::Table;
    const uint32_t first = first_of_layers(c), each = each_layer(c);
    if (index < first) return Role::Embedding;
    const uint32_t i = index - first;
    if (i >= each * c.layers) return i == each * c.layers ? Role::Output : Role::OutputBias;
    *layer = i / each;
    const uint32_t place = i - *layer * each;
    if (place == each - 1) return Role::Bias;
    if (place != 0) return Role::Recurrent;
    return c.arch == MOTE_MLP ? Role::Hidden : Role::Input;
}

TensorSpec spec_of(const mote_config &c, Role role, uint32_t layer) {
    const uint32_t below = layer == 0 ? input_width(c) : c.hidden;
    switch (role) {
    case Role::Table:
        return {role, layer, MOTE_LAYOUT_PANELS, c.vocab, c.vocab, 0};
    case Role::Embedding:
        return {role, layer, MOTE_LAYOUT_PANELS, c.vocab, c.embed, 0};
    case Role::Hidden:
    case Role::Input:
        return {role, layer, MOTE_LAYOUT_PANELS_OUT_IN, below, c.hidden, 0};
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

static bool valid_shape(const mote_config &c) {
    if (c.arch == MOTE_BIGRAM)
        return c.activation == 0 && c.context == 0 && c.embed == 0 && c.hidden == 0 && c.layers == 0;
    const bool mlp = c.arch == MOTE_MLP;
    return (mlp || c.arch == MOTE_RNN) && (c.activation == MOTE_TANH || c.activation == MOTE_RELU) &&
           within(c.context, mlp ? 1 : 0, mlp ? MOTE_MAX_CONTEXT : 0) && within(c.embed, mlp ? 1 : 0, MOTE_MAX_WIDTH) &&
           within(c.hidden, 1, MOTE_MAX_WIDTH) && within(c.layers, 1, MOTE_MAX_LAYERS);
}

bool valid(const mote_config &c) {
    return within(c.vocab, 2, MOTE_MAX_VOCAB) && valid_shape(c) && model_bytes(c) <= kMaxBytes;
}

bool same_config(const mote_config &a, const mote_config &b) {
    return a.arch == b.arch && a.activation == b.activation && a.vocab == b.vocab && a.context == b.context &&
           a.embed == b.embed && a.hidden == b.hidden && a.layers == b.layers;
}

uint32_t tensor_count(const mote_config &c) {
    if (c.arch == MOTE_BIGRAM) return MOTE_BIGRAM_TENSORS;
    return first_of_layers(c) + each_layer(c) * c.layers + 2;
}

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
    if (role == Role::Table || role == Role::Embedding) return 0;
    const uint32_t first = first_of_layers(c), each = each_layer(c);
    if (role == Role::Output || role == Role::OutputBias)
        return first + each * c.layers + (role == Role::OutputBias ? 1 : 0);
    return first + each * layer + (role == Role::Bias ? each - 1 : role == Role::Recurrent ? 1 : 0);
}

void tensor_name(const TensorSpec &spec, char name[24]) {
    static constexpr char stems[][12] = {"logits",      "embedding", "weight_l",   "weight_ih_l",
                                         "weight_hh_l", "bias_l",    "weight_out", "bias_out"};
    const char *stem = stems[static_cast<uint32_t>(spec.role)];
    uint32_t n = 0;
    for (; stem[n] != 0; ++n) name[n] = stem[n];
    if (n > 2 && stem[n - 1] == 'l' && stem[n - 2] == '_') {
        if (spec.layer >= 10) name[n++] = static_cast<char>('0' + spec.layer / 10);
        name[n++] = static_cast<char>('0' + spec.layer % 10);
    }
    for (; n < 24; ++n) name[n] = 0;
}

// The sums of the macros in mote.h, which have a term for each of these: a formula for each model is twice the code.
uint64_t weight_count(const mote_config &c) {
    const uint64_t vocab = pad(c.vocab);
    if (c.arch == MOTE_BIGRAM) return vocab * c.vocab;
    const uint64_t hidden = pad(c.hidden), recurrent = c.arch == MOTE_RNN ? c.hidden : 0;
    const uint64_t first = hidden * (input_width(c) + recurrent + 1), above = hidden * (c.hidden + recurrent + 1);
    return uint64_t{pad(c.embed)} * c.vocab + first + (c.layers - 1) * above + vocab * (uint64_t{c.hidden} + 1);
}

uint64_t model_bytes(const mote_config &c) { return MOTE_MODEL_BYTES_OF(c.vocab, weight_count(c)); }

uint64_t state_bytes(const mote_config &c) {
    uint64_t floats = pad(c.vocab) + uint64_t{c.layers} * pad(c.hidden) * (c.arch == MOTE_RNN ? 2 : 1);
    if (c.arch == MOTE_MLP) floats += pad(input_width(c)) + MOTE_ROUND64(4 * uint64_t{c.context}) / 4;
    return MOTE_STATE_RESERVE + 4 * floats;
}

uint64_t scratch_bytes(const mote_config &c) { return state_bytes(c) + kSelftestBytes; }

uint64_t blob_bytes(const mote_config &c) { return MOTE_BLOB_BYTES_OF(c.vocab, tensor_count(c), weight_count(c)); }

// The same for what a batch needs, and the turned weights.
static uint64_t activation_count(const mote_config &c, const mote_train_config &t) {
    const uint64_t rows = uint64_t{t.batch} * t.time, hidden = pad(c.hidden);
    const uint32_t input = c.arch == MOTE_MLP ? input_width(c) : c.embed;
    const uint32_t widths = c.layers + (c.layers > 1 ? 2 : 1); // of a row: activations, and one or two gradients
    return MOTE_ROUND64(2 * c.context * rows) / 4 + carried(c, t.batch) +
           rows * (pad(c.vocab) + widths * hidden + 2 * uint64_t{pad(input)});
}

uint64_t transposed_count(const mote_config &c) {
    if (c.arch == MOTE_BIGRAM) return 0;
    const uint32_t input = c.arch == MOTE_MLP ? input_width(c) : c.embed;
    const uint32_t squares = c.arch == MOTE_MLP ? c.layers - 1 : 2 * c.layers - 1; // hidden by hidden
    return uint64_t{pad(input)} * c.hidden + uint64_t{pad(c.hidden)} * (c.vocab + uint64_t{squares} * c.hidden);
}

uint64_t trainer_bytes(const mote_config &c, const mote_train_config &t) {
    return MOTE_TRAINER_BYTES_OF(t.optimizer, t.workspace, weight_count(c), activation_count(c, t),
                                 transposed_count(c));
}

uint64_t checkpoint_bytes(const mote_config &c, const mote_train_config &t) {
    return blob_bytes(c) + MOTE_CHECKPOINT_BYTES_OF(t.optimizer, weight_count(c), carried(c, t.batch));
}

} // namespace mote

using namespace mote;

extern "C" {

size_t mote_param_count(const mote_config *c) {
    if (c == nullptr || !valid(*c)) return 0;
    switch (c->arch) {
    case MOTE_BIGRAM:
        return static_cast<size_t>(limited(MOTE_BIGRAM_PARAMS(c->vocab)));
    case MOTE_MLP:
        return static_cast<size_t>(limited(MOTE_MLP_PARAMS(c->vocab, c->context, c->embed, c->hidden, c->layers)));
    default:
        return static_cast<size_t>(limited(MOTE_RNN_PARAMS(c->vocab, c->embed, c->hidden, c->layers)));
    }
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
