#pragma once

#include "foreign.h"

namespace mote::onnx {
class Node;
}

namespace mote::cli {

class OnnxGraph;

/* x W + b of a graph, W as [out][in]. */
struct OnnxProduct {
    ForeignTensor weight;
    const ForeignTensor *bias = nullptr;
    std::string input;
};

/* One step of a recurrent layer: two products, of what it reads and of its state, which are added. */
struct OnnxCell {
    OnnxProduct input, hidden;
    std::string state; /* the input of the graph that holds the state */
};

/* The cell whose sum this Add is; `new_state` is the value of its activation, which has to be an output of the graph.
 * Throws Failure for any other sum of two computed values. */
OnnxCell onnx_cell(const OnnxGraph &graph, const onnx::Node &add, const std::string &new_state);

/* The first output of the graph that is not a state of a recurrent layer, or the first. */
std::string logits_output(const OnnxGraph &graph);

} // namespace mote::cli
