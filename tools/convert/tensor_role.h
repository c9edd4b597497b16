#pragma once

#include "foreign.h"

namespace mote::cli {

/* Whether a tensor that is not part of a model that mote has may be left out. */
enum class Effect {
    computes, /* its layer changes what the model computes: without it, it is another model */
    nothing,  /* it does nothing when a model runs */
    unknown   /* its name and what it holds don't tell */
};

struct TensorRole {
    Effect effect = Effect::unknown;
    std::string what; /* "of a batch normalisation", "a counter of training"; of an unknown one empty */
    std::string next; /* of one that computes: what to do before the weights are saved */
};

/* Of how many elements a tensor may be for its values to be looked at: one value may stand for any number of them
 * (torch.Tensor.expand). */
constexpr uint64_t most_looked_at = uint64_t{1} << 24;

/* By the tensor's name, and for what is said to do nothing also by its shape and values. */
TensorRole role_of(const ForeignFile &file, const ForeignTensor &tensor);

/* "tensor "bn.weight" [20] is of a batch normalisation, which changes what the model computes: …" */
std::string refusal_text(const ForeignTensor &tensor, const TensorRole &role);

/* What is said of a tensor that is not used; `model`: by what. Advice that is right to follow. */
[[noreturn]] void refuse_unused(const ForeignFile &file, const ForeignTensor &tensor, const std::string &model);

} // namespace mote::cli
