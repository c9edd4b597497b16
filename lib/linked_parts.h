// The parts that a program can leave out: a model's running, its training, an optimizer. Each is a table of functions
// that only a symbol of mote.h refers to, and the symbol is weak, so that a program's own, which is null, replaces it.
#ifndef MOTE_LINKED_PARTS_H
#define MOTE_LINKED_PARTS_H

#include "work.h"

struct mote_linked {};

namespace mote {

struct Running : mote_linked {
    // All logits of one step, in the state, which has not moved on yet. Not 0: NaN or infinity was met.
    uint32_t (*step)(const mote_state &state, uint16_t token);

    constexpr explicit Running(uint32_t (*s)(const mote_state &, uint16_t)) : step(s) {}
};

struct Training : mote_linked {
    Work (*place)(const mote_config &config, const mote_train_config &train, Carver *carver);
    // Logits and activations of a batch; not 0: NaN or infinity was met.
    uint32_t (*forward)(const mote_model &model, const Work &work, const uint16_t *tokens);
    // From the gradients of the logits to those of the weights, which pass flush(); returns what it found.
    uint32_t (*backward)(const mote_model &model, const Work &work, const uint16_t *tokens, float *gradients);
    // What a batch leaves to the next, or nothing. Null where nothing is ever left.
    void (*carry)(const mote_config &config, const Work &work);
    void (*reset)(const mote_config &config, const Work &work);

    constexpr Training(decltype(place) p, decltype(forward) f, decltype(backward) b, decltype(carry) c = nullptr,
                       decltype(reset) r = nullptr)
        : place(p), forward(f), backward(b), carry(c), reset(r) {}
};

struct Optimizer : mote_linked {
    using Update = mote_status (*)(const mote_train_config &train, float *weights, const float *gradients,
                                   float *const moments[2], size_t count, uint32_t step);
    Update update;
    bool (*valid)(const mote_train_config &train); // its hyperparameters

    constexpr Optimizer(Update u, decltype(valid) v) : update(u), valid(v) {}
};

} // namespace mote

// Defines the symbol of a part, at file scope.
#define MOTE_LINKED(symbol, table)                                                                                     \
    extern "C" __attribute__((weak)) const mote_linked *const symbol;                                                  \
    const mote_linked *const symbol = &table;

#endif
