#pragma once

#include "mote.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace mote::cli {

/* What a stage of a step computes: of one character, or of a training step of so many rows and characters. */
struct Stage {
    uint32_t stage, layer; /* as a hook gets them, MOTE_STAGE_… */
    std::string name;
    std::vector<std::pair<uint32_t, uint32_t>> shapes; /* of its weights but the biases */
    uint64_t multiply_adds;
    uint64_t bytes; /* of its weights, padding included; of one character, what is looked up counts by the row */
};

/* In the order in which they are computed. `softmax` names what is done with it: "draw". */
std::vector<Stage> stages_of_step(const mote_config &config, const std::string &softmax);
std::vector<Stage> stages_of_training(const mote_config &config, uint32_t batch, uint32_t time);

} // namespace mote::cli
