// Who watches the stages of a step: nobody, or the hook of a program that profiles it. A step that can be watched is
// written once, as a template of this, in a header; the functions of mote.h that take no hook are compiled with
// Unwatched, of which nothing is left.
#ifndef MOTE_WATCH_H
#define MOTE_WATCH_H

#include "network.h"

namespace mote {

// Nobody.
struct Unwatched {
    static void before(uint32_t, uint32_t) {}
    static void after(uint32_t, uint32_t) {}
    static uint32_t forward(Batch &b) { return network_forward(b); }
    static uint32_t backward(Batch &b) { return network_backward(b); }
};

// A hook, called before and after each stage. A network without hidden layers is one stage.
struct Watched;
uint32_t watched_step(mote_state *state, uint16_t token, const Watched &watch);
uint32_t watched_forward(Batch &b, const Watched &watch);
uint32_t watched_backward(Batch &b, const Watched &watch);

struct Watched {
    mote_stage_fn hook;
    void *user;

    void before(uint32_t stage, uint32_t layer) const { hook(user, stage, layer, 0); }
    void after(uint32_t stage, uint32_t layer) const { hook(user, stage, layer, 1); }
    uint32_t forward(Batch &b) const { return watched_forward(b, *this); }
    uint32_t backward(Batch &b) const { return watched_backward(b, *this); }
};

} // namespace mote

#endif
