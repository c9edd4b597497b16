// A learner: from a batch to new weights of an adapter.
#ifndef MOTE_LEARNER_H
#define MOTE_LEARNER_H

#include "batch.h"
#include "linked_parts.h"
#include "model_adapter.h"

// The arrays lie behind the handle; offsets count bytes from it.
struct mote_learner {
    mote::Batch batch; // the first member: its offsets count from the handle
    mote_adapter *adapter;
    mote_train_config train;
    uint32_t gradients, moments[2];        // in the order of the adapter's weights
    uint32_t states, carried, state_bytes; // for each row of a batch; none where biases of layers learn
    uint32_t step;                         // updates made
    uint32_t ready;                        // 1: the gradients are those of a batch, and have not been applied
    uint32_t counted;                      // targets behind the gradients
    float norm;                            // of the gradients before the last clip
    float nats[mote::cpu::kLanes];         // of a batch, row mod 16
};

namespace mote {

static_assert(sizeof(mote_learner) <= MOTE_SZ_LEARNER_HANDLE,
              "the learner's handle is larger than its size macro says");

inline float *gradients_of(mote_learner &t) { return at_offset<float>(&t, t.gradients); }

// What a pass over a batch is given, of which all has been checked.
struct LearnerPass {
    const uint16_t *targets;
    float scale; // of the gradients of the logits
};

// The output layer's gradients from `rows` rows of what it has read and of the gradients of the logits, behind those
// before: sums that are not flushed yet.
void add_output_gradients(mote_learner &t, cpu::ConstMat x, cpu::ConstMat logits, uint32_t rows);

// A way to the losses and gradients of a batch, which a program may leave out.
struct LearningWay : mote_part {
    bool (*linked)(const Config &base); // whether the program has what it needs of the network
    void (*place)(mote_learner *t, Offsets *offsets);
    void (*reset)(mote_learner &t);
    // Not 0: NaN or infinity was met.
    uint32_t (*pass)(mote_learner &t, const LearnerPass &pass);
    // What the next batch begins with: what this one left, or where a step has failed what it began with.
    void (*carry)(mote_learner &t, bool succeeded);

    constexpr LearningWay(decltype(linked) l, decltype(place) p, decltype(reset) r, decltype(pass) f, decltype(carry) c)
        : linked(l), place(p), reset(r), pass(f), carry(c) {}
};

} // namespace mote

#endif
