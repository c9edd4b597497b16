#pragma once

#include "assignment.h"

namespace mote::cli {

/* PyTorch's tensors of a layer of nn.GRU, of H outputs of the reset gate, the update gate and the candidate each, and
 * mote's of them. Where mote has nothing, PyTorch's second bias of a gate, it is added to the first. */
struct GatedTensor {
    const char *name;
    const char *parts[3];
};
inline constexpr GatedTensor gated_tensors[] = {{"weight_ih", {"weight_ir", "weight_iz", "weight_in"}},
                                                {"weight_hh", {"weight_hr", "weight_hz", "weight_hn"}},
                                                {"bias_ih", {"bias_ir", "bias_iz", "bias_in"}},
                                                {"bias_hh", {nullptr, nullptr, "bias_hn"}}};

/* Foreign tensors in the places of those of `gated_tensors`; an empty name: zeros. `gates`: the order in which each
 * holds the gates, "rzn" as in PyTorch. */
struct GatedNames {
    std::string names[4];
    std::string gates;
};

/* Adds mote's tensors of a layer to the parts. */
void add_gated_layer(Assignment &found, uint32_t layer, const GatedNames &theirs);

} // namespace mote::cli
