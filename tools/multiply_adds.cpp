#include "multiply_adds.h"

namespace mote::cli {

bool is_multiplied(const mote_config &config, const mote_tensor &tensor) {
    bool one_hot = tensor.role == MOTE_ROLE_INPUT && tensor.layer == 0 && config.input == MOTE_INPUT_ONE_HOT;
    bool matrix = tensor.layout == MOTE_LAYOUT_PANELS_OUT_IN || tensor.layout == MOTE_LAYOUT_INT8_OUT_IN;
    return matrix && !one_hot;
}

uint64_t multiply_adds(const mote_config &config) {
    uint64_t sum = 0;
    mote_tensor tensor{};
    for (uint32_t i = 0; mote_tensor_describe(&config, i, &tensor) == MOTE_OK; ++i)
        if (is_multiplied(config, tensor)) sum += uint64_t{tensor.shape[0]} * tensor.shape[1];
    return sum;
}

} // namespace mote::cli
