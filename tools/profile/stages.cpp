#include "stages.h"

#include "errors.h"
#include "multiply_adds.h"

namespace mote::cli {

namespace {

std::vector<mote_tensor> tensors_of(const mote_config &config) {
    std::vector<mote_tensor> all;
    mote_tensor tensor{};
    for (uint32_t i = 0; mote_tensor_describe(&config, i, &tensor) == MOTE_OK; ++i) all.push_back(tensor);
    return all;
}

bool is_bias(const mote_tensor &tensor) { return tensor.layout == MOTE_LAYOUT_VECTOR; }
uint64_t size_of(const mote_tensor &tensor) { return uint64_t{tensor.shape[0]} * tensor.shape[1]; }
uint64_t bytes_of(const mote_tensor &tensor) { return 4 * uint64_t{tensor.count}; }

/* The forward stage that reads a tensor; a step of one character looks an embedding up in its first layer. */
std::pair<uint32_t, uint32_t> stage_of(const mote_config &config, const mote_tensor &tensor, bool training) {
    switch (tensor.role) {
    case MOTE_ROLE_TABLE:
    case MOTE_ROLE_OUTPUT:
    case MOTE_ROLE_OUTPUT_BIAS:
        return {MOTE_STAGE_OUTPUT, config.layers};
    case MOTE_ROLE_EMBEDDING:
        return {training ? MOTE_STAGE_INPUT : MOTE_STAGE_LAYER, 0};
    default:
        return {MOTE_STAGE_LAYER, tensor.layer};
    }
}

/* What a character reads of a tensor: the rows that it looks up, or all of it. */
uint64_t bytes_read(const mote_config &config, const mote_tensor &tensor) {
    if (is_bias(tensor) || is_multiplied(config, tensor)) return bytes_of(tensor);
    uint64_t rows = tensor.role == MOTE_ROLE_INPUT ? tensor.shape[1] : tensor.shape[0];
    uint64_t looked_up = tensor.role == MOTE_ROLE_EMBEDDING && config.context > 1 ? config.context : 1;
    return bytes_of(tensor) / rows * looked_up;
}

std::string name_of(uint32_t stage, uint32_t layer) {
    switch (stage) {
    case MOTE_STAGE_INPUT:
        return "input";
    case MOTE_STAGE_LAYER:
        return formatted("layer %u", layer);
    case MOTE_STAGE_OUTPUT:
        return "output";
    case MOTE_STAGE_LOSS:
        return "softmax, loss";
    case MOTE_STAGE_OUTPUT_BACKWARD:
        return "output back";
    case MOTE_STAGE_LAYER_BACKWARD:
        return formatted("layer %u back", layer);
    case MOTE_STAGE_INPUT_BACKWARD:
        return "input back";
    case MOTE_STAGE_CLIP:
        return "clip";
    default:
        return "update";
    }
}

/* Without numbers. */
Stage empty_stage(uint32_t stage, uint32_t layer) { return {stage, layer, name_of(stage, layer), {}, 0, 0}; }

/* The stages from the input to the logits, with the numbers of one character. */
std::vector<Stage> forward_stages(const mote_config &config, bool training) {
    std::vector<Stage> stages;
    if (training && config.embed != 0) stages.push_back(empty_stage(MOTE_STAGE_INPUT, 0));
    for (uint32_t layer = 0; layer < config.layers; ++layer) stages.push_back(empty_stage(MOTE_STAGE_LAYER, layer));
    stages.push_back(empty_stage(MOTE_STAGE_OUTPUT, config.layers));
    for (const mote_tensor &tensor : tensors_of(config)) {
        for (Stage &stage : stages) {
            if (stage_of(config, tensor, training) != std::pair{stage.stage, stage.layer}) continue;
            if (!is_bias(tensor)) stage.shapes.emplace_back(tensor.shape[0], tensor.shape[1]);
            if (is_multiplied(config, tensor)) stage.multiply_adds += size_of(tensor);
            stage.bytes += training ? bytes_of(tensor) : bytes_read(config, tensor);
        }
    }
    return stages;
}

uint32_t backward_of(uint32_t stage) {
    if (stage == MOTE_STAGE_INPUT) return MOTE_STAGE_INPUT_BACKWARD;
    return stage == MOTE_STAGE_LAYER ? MOTE_STAGE_LAYER_BACKWARD : MOTE_STAGE_OUTPUT_BACKWARD;
}

/* Backward, a product is two: one for the gradient of its weights, one for that of what it read. That of the
 * activations one time step before goes back from all times but the first. */
uint64_t backward_multiply_adds(const mote_config &config, const Stage &forward, uint32_t batch, uint32_t time) {
    uint64_t sum = 0, rows = uint64_t{batch} * time;
    for (const mote_tensor &tensor : tensors_of(config)) {
        if (!is_multiplied(config, tensor) || stage_of(config, tensor, true) != std::pair{forward.stage, forward.layer})
            continue;
        sum += size_of(tensor) * (rows + (tensor.role == MOTE_ROLE_RECURRENT ? rows - batch : rows));
    }
    return sum;
}

} // namespace

std::vector<Stage> stages_of_step(const mote_config &config, const std::string &softmax) {
    std::vector<Stage> stages = forward_stages(config, false);
    stages.push_back({MOTE_STAGE_LOSS, 0, "softmax, " + softmax, {}, 0, 0});
    return stages;
}

std::vector<Stage> stages_of_training(const mote_config &config, uint32_t batch, uint32_t time) {
    std::vector<Stage> stages = forward_stages(config, true);
    uint64_t all_bytes = 0;
    for (Stage &stage : stages) {
        stage.multiply_adds *= uint64_t{batch} * time;
        all_bytes += stage.bytes;
    }
    const std::vector<Stage> forward = stages;
    stages.push_back(empty_stage(MOTE_STAGE_LOSS, 0));
    for (auto stage = forward.rbegin(); stage != forward.rend(); ++stage) {
        uint32_t backward = backward_of(stage->stage);
        stages.push_back({backward, stage->layer, name_of(backward, stage->layer), stage->shapes,
                          backward_multiply_adds(config, *stage, batch, time), stage->bytes});
    }
    for (uint32_t last : {MOTE_STAGE_CLIP, MOTE_STAGE_UPDATE}) {
        stages.push_back(empty_stage(last, 0));
        stages.back().bytes = all_bytes;
    }
    return stages;
}

} // namespace mote::cli
