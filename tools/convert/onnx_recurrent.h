#pragma once

#include "onnx_graph.h"
#include "onnx_model.h"

namespace mote::cli {

/* The layer that a node RNN or GRU is. Throws Failure where mote's computes something else: another direction, other
 * activations, a clip, a reset gate before the product of the state. */
OnnxRecurrent onnx_recurrent(const OnnxGraph &graph, const onnx::Node &node);

} // namespace mote::cli
