// Optimizers: one table each, in a file each.
#ifndef MOTE_OPTIMIZER_H
#define MOTE_OPTIMIZER_H

#include "linked_parts.h"
#include "numeric.h"

namespace mote {

// A member of mote_train_config and its range.
struct Hyperparameter {
    float mote_train_config::*value;
    float low, high; // both included
    bool may_be_zero;
};
// Whether all of them are in their ranges.
bool in_range(const Hyperparameter *parameters, uint32_t count, const mote_train_config &train);

struct Optimizer : mote_part {
    // `moments`: as many arrays as there are moments, of `count` floats each. step: 1 for the first update.
    using Update = void (*)(const mote_train_config &train, float *weights, const float *gradients,
                            float *const moments[2], size_t count, uint32_t step);
    Update update;
    const Hyperparameter *parameters;
    uint32_t parameter_count;
    uint32_t signed_moments; // bit i: moment i may be negative

    template <uint32_t N>
    constexpr Optimizer(Update u, const Hyperparameter (&p)[N], uint32_t s)
        : update(u), parameters(p), parameter_count(N), signed_moments(s) {}
};

// Null where the program left it out. `optimizer`: MOTE_SGD …
const Optimizer *find_optimizer(uint32_t optimizer);
// The hyperparameters of the optimizer chosen. Those of one that was left out are not looked at.
bool valid_hyperparameters(const mote_train_config &train);

constexpr float kMaxLearningRate = 0x1p16f;
constexpr float kBelowOne = 0x1.fffffep-1f;

// What several optimizers have.
constexpr Hyperparameter kLearningRate{&mote_train_config::learning_rate, cpu::kQuantum, kMaxLearningRate, false};
constexpr Hyperparameter kEps{&mote_train_config::eps, cpu::kQuantum, 1.0f, false};

// mote_clip_norm() of arguments that have been checked.
mote_status clip_norm(float *gradients, size_t count, float limit, float *norm);

// The arrays of an update through the C API: MOTE_ERR_ARG, MOTE_ERR_ALIGN.
mote_status check_arrays(const void *weights, const void *gradients, size_t count);

} // namespace mote

#endif
