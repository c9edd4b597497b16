#pragma once

#include "model_file.h"
#include "mote_adapter.h"
#include "option_values.h"
#include "parts.h"

#include <string>
#include <vector>

namespace mote::cli {

/* What learns of a base: a sum of MOTE_LEARN_…, or all of it, which makes a model and no adapter. */
constexpr uint32_t LEARN_ALL = 0;
Choices learned_choices();
/* "output", "biases", "both". */
std::string learned_name(uint32_t learned);

bool is_adapter(const AlignedBytes &bytes);

/* Throws Failure where an adapter cannot be used with a base; of another base with both hashes. */
void check_adapter(mote_status status, const AlignedBytes &bytes, const std::string &path, const ModelFile &base,
                   const std::string &base_path);

/* A model and an adapter of it, opened in place; without a path the model alone. The model must outlive it. */
class AdaptedModel {
  public:
    AdaptedModel(const ModelFile &base, const std::string &base_path, const std::string &path);

    /* Both as one; NULL where the base has weights of integers, which only step() and nats_of() run. */
    const mote_model *model() const;
    /* What a state is made of. */
    const mote_model *model_of_state() const;
    mote_status step(mote_state *state, uint16_t token, const float **logits) const;
    /* As surprises() and mean_surprise() of a model. */
    std::vector<float> nats_of(const std::vector<uint16_t> &text) const;
    double mean_nats(TokenView text, uint32_t rows, const std::string &what) const;

  private:
    const ModelFile &base_;
    AlignedBytes bytes_;
    OwnArena arena_;
    const mote_adapter *adapter_ = nullptr;
};

/* The mean nats of each character but the first through a base of integers and its adapter, of a text cut into rows as
 * mean_surprise() has it. */
double adapter_mean_surprise(const mote_adapter *adapter, const mote_model *base, TokenView text, uint32_t rows,
                             const std::string &what);

Option add_adapter(CommandLine app, std::string &path);

} // namespace mote::cli
