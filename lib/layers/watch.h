// Who watches the stages of a step: nobody, or the hook of a program that profiles it. A step that can be watched is
// written once, as a template of this, in a header; the functions of mote.h that take no hook are compiled with
// Unwatched, of which nothing is left.
#ifndef MOTE_WATCH_H
#define MOTE_WATCH_H

#include "network.h"

namespace mote {

// Nobody.
struct Unwatched {
    static constexpr bool updates_at_once = true; // weights may be updated as their gradients are computed
    static void before(uint32_t, uint32_t) {}
    static void after(uint32_t, uint32_t) {}
    static uint32_t loss(Batch &b, const uint16_t *targets, float scale, float *nats) {
        return network_loss(b, targets, scale, nats);
    }
    static uint32_t backward(Batch &b) { return network_backward(b); }
};

// A hook, called before and after each stage. A network without hidden layers is one stage.
struct Watched;
uint32_t watched_step(mote_state *state, uint16_t token, const Watched &watch);
uint32_t watched_forward(Batch &b, const Watched &watch); // all but the loss, which follows
uint32_t watched_loss(Batch &b, const uint16_t *targets, float scale, float *nats, const Watched &watch);
uint32_t watched_backward(Batch &b, const Watched &watch);

struct Watched {
    mote_stage_fn hook;
    void *user;

    static constexpr bool updates_at_once = false; // it would leave the last stages without anything to do
    void before(uint32_t stage, uint32_t layer) const { hook(user, stage, layer, 0); }
    void after(uint32_t stage, uint32_t layer) const { hook(user, stage, layer, 1); }
    uint32_t loss(Batch &b, const uint16_t *targets, float scale, float *nats) const {
        const uint32_t bad = watched_forward(b, *this); // each alone, so that one's frame is not beside the other's
        return bad | watched_loss(b, targets, scale, nats, *this);
    }
    uint32_t backward(Batch &b) const { return watched_backward(b, *this); }
};

} // namespace mote

#endif
