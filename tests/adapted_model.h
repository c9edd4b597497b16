/* A base, an adapter in RAM and what learns it, each in memory of exactly its size. */
#ifndef MOTE_TESTS_ADAPTED_MODEL_H
#define MOTE_TESTS_ADAPTED_MODEL_H

#include "mote_adapter.h"
#include "support.h"

#include <doctest/doctest.h>

namespace mote_test {

class Adapter {
  public:
    Adapter(const mote_model *base, const mote_config &config, uint32_t learned)
        : arena_(mote_adapter_bytes(&config, learned)) {
        REQUIRE(mote_adapter_init(&adapter_, &arena_.arena, base, learned) == MOTE_OK);
    }
    mote_adapter *get() const { return adapter_; }
    const mote_model *model() const { return mote_adapter_model(adapter_); }
    float *weights(size_t *count = nullptr) const { return mote_adapter_weights(adapter_, count); }

  private:
    Arena arena_;
    mote_adapter *adapter_ = nullptr;
};

class Learner {
  public:
    Learner(const Adapter &adapter, const mote_config &config, uint32_t learned, const mote_train_config &train)
        : arena_(mote_learner_bytes(&config, learned, &train)) {
        REQUIRE(mote_learner_init(&learner_, &arena_.arena, adapter.get(), &train) == MOTE_OK);
    }
    mote_learner *get() const { return learner_; }
    const float *gradients() const { return mote_learner_gradients(learner_, nullptr); }

  private:
    Arena arena_;
    mote_learner *learner_ = nullptr;
};

constexpr uint32_t kinds_of_learning[] = {MOTE_LEARN_OUTPUT, MOTE_LEARN_BIASES, MOTE_LEARN_OUTPUT | MOTE_LEARN_BIASES};

/* Whether a tensor of that role learns. */
inline bool role_learns(uint32_t learned, uint32_t role) {
    return role == MOTE_ROLE_OUTPUT_BIAS || (role == MOTE_ROLE_OUTPUT && (learned & MOTE_LEARN_OUTPUT) != 0) ||
           (role == MOTE_ROLE_BIAS && (learned & MOTE_LEARN_BIASES) != 0);
}

/* Of an array in the order of the weights, what belongs to tensors that learn. */
inline std::vector<float> learned_part(const mote_config &config, uint32_t learned, const float *flat) {
    std::vector<float> part;
    for (uint32_t i = 0; i < mote_tensor_count(&config); ++i) {
        mote_tensor tensor;
        REQUIRE(mote_tensor_describe(&config, i, &tensor) == MOTE_OK);
        if (role_learns(learned, tensor.role))
            part.insert(part.end(), flat + tensor.offset, flat + tensor.offset + tensor.count);
    }
    return part;
}

} // namespace mote_test

#endif
