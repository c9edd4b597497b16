#pragma once

#include "foreign.h"

namespace mote::cli {

/* h W + b, W as [out][in]. */
struct OnnxDense {
    ForeignTensor weight;
    const ForeignTensor *bias = nullptr;
    std::string activation; /* behind it: "", "Tanh" or "Relu" */
};

struct OnnxRecurrent {
    ForeignTensor input, hidden, input_bias, hidden_bias; /* biases without data: none */
    std::string activation;
    bool gated = false; /* a GRU, the update gate first, then the reset gate and the candidate */
};

/* The layers of a graph, each list from the last back. */
struct OnnxModel {
    std::vector<OnnxDense> dense;
    std::vector<OnnxRecurrent> recurrent;
    ForeignTensor embedding; /* of no shape: none */
    bool transposed = false; /* a Transpose is among them */
    std::vector<std::string> notes;
};

/* The layers as tensors with PyTorch's names. Throws Failure where mote has no such model. */
ForeignFile foreign_file_of(const OnnxModel &model);

} // namespace mote::cli
