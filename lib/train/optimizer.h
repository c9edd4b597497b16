// Optimizers: one table each, in a file each.
#ifndef MOTE_OPTIMIZER_H
#define MOTE_OPTIMIZER_H

#include "batch.h"
#include "indices.h"
#include "linked_parts.h"
#include "numeric.h"

// A line for each optimizer: its number, and its name as in its symbol mote_optimizer_NAME.
#define MOTE_OPTIMIZERS(X)                                                                                             \
    X(MOTE_SGD, sgd)                                                                                                   \
    X(MOTE_MOMENTUM, momentum)                                                                                         \
    X(MOTE_ADAGRAD, adagrad)                                                                                           \
    X(MOTE_ADAMW, adamw)

// A hyperparameter is a member of mote_train_config, and has its name. Like any number that is kept, it is at least
// 2^-40, or 0 where it may be.
#define MOTE_HYPERPARAMETER(member, may_be_zero, high)                                                                 \
    mote_hyperparameter { #member, offsetof(mote_train_config, member), may_be_zero, cpu::kQuantum, high }

namespace mote {

constexpr float kBelowOne = 0x1.fffffep-1f;

// What several optimizers have.
constexpr mote_hyperparameter kLearningRate = MOTE_HYPERPARAMETER(learning_rate, 0, 0x1p16f);
constexpr mote_hyperparameter kEps = MOTE_HYPERPARAMETER(eps, 0, 1.0f);

// The bounds of a member of mote_train_config: what of a hyperparameter a program needs that only trains.
struct Bounds {
    float high;
    uint16_t offset;
    bool may_be_zero, is_last; // an array ends with the one that says so
};
bool within_bounds(const mote_train_config &train, const Bounds *bounds);

template <uint32_t N> struct AllBounds {
    Bounds of[N];

    bool hold(const mote_train_config &train) const { return within_bounds(train, of); }
};

// A function, since gcc 12 does not take an object whose constructor has a loop for a constant, and spends RAM on it; a
// list, since C++11 has no loop in a constant.
constexpr Bounds bounds_of_one(const mote_hyperparameter &p, bool is_last) {
    return {p.high, static_cast<uint16_t>(p.offset), p.may_be_zero != 0, is_last};
}
template <uint32_t N, uint32_t... I>
constexpr AllBounds<N> bounds_of_each(const mote_hyperparameter (&parameters)[N], Indices<I...>) {
    return {{bounds_of_one(parameters[I], I + 1 == N)...}};
}
template <uint32_t N> constexpr AllBounds<N> bounds_of(const mote_hyperparameter (&parameters)[N]) {
    return bounds_of_each(parameters, typename IndicesBelow<N>::All());
}

// What a trainer needs of an optimizer.
struct Optimizer : mote_part {
    // `moments`: as many arrays as there are moments, of `count` floats each. step: 1 for the first update.
    using Update = void (*)(const mote_train_config &train, float *weights, const float *gradients,
                            float *const moments[2], size_t count, uint32_t step);
    Update update;
    bool (*valid)(const mote_train_config &train); // whether its hyperparameters are
    uint32_t signed_moments;                       // bit i: moment i may be negative
    // The same update as kernels that compute the gradients too; null: there are none. It leaves a weight alone whose
    // gradient is +0, so that rows of tables that a batch does not read need not be looked at.
    decltype(WeightUpdate::product) product;
    decltype(WeightUpdate::rows) rows;

    constexpr Optimizer(Update u, decltype(valid) v, const mote_optimizer_info &info, decltype(product) p = nullptr,
                        decltype(rows) r = nullptr)
        : update(u), valid(v), signed_moments(info.signed_moments), product(cpu::kRoomForCode ? p : nullptr),
          rows(cpu::kRoomForCode ? r : nullptr) {}
};

// Null where the program left it out. `optimizer`: MOTE_SGD …
const Optimizer *find_optimizer(uint32_t optimizer);
// The hyperparameters of the optimizer chosen. Those of one that was left out are not looked at.
bool valid_hyperparameters(const mote_train_config &train);

// What a program may be told of each: sgd_info, …
#define MOTE_DECLARE_INFO(number, name) extern const mote_optimizer_info name##_info;
MOTE_OPTIMIZERS(MOTE_DECLARE_INFO)
#undef MOTE_DECLARE_INFO

template <uint32_t N>
constexpr mote_optimizer_info optimizer_info(const char *name, uint32_t number, uint32_t signed_moments,
                                             const mote_hyperparameter (&parameters)[N]) {
    return {name, MOTE_MOMENTS(number), signed_moments, N, parameters};
}

// What gradients of a norm are scaled by where it is below 1.
inline float norm_factor(float norm, float limit) { return limit / (norm + 1e-6f); }
// Clipping by the norm, which a program may leave out: mote_clip_norm() of arguments that have been checked.
struct NormClipping : mote_part {
    mote_status (*clip)(float *gradients, size_t count, float limit, float *norm);
    constexpr explicit NormClipping(decltype(clip) c) : clip(c) {}
};
inline const NormClipping *norm_clipping() {
    return static_cast<const NormClipping *>(linked_part(mote_clipping_norm));
}
inline mote_status clip_norm(float *gradients, size_t count, float limit, float *norm) {
    return norm_clipping()->clip(gradients, count, limit, norm);
}

// Whether the program was linked with the optimizer and the clipping of a trainer or a learner.
bool updates_are_linked(const mote_train_config &train);

// The arrays of an update through the C API: MOTE_ERR_ARG, MOTE_ERR_ALIGN.
mote_status check_arrays(const void *weights, const void *gradients, size_t count);

} // namespace mote

#endif
