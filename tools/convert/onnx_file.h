#pragma once

#include "foreign.h"

namespace mote::cli {

/* An ONNX model of Gather, Gemm, MatMul, Add, Tanh, Relu, RNN and GRU, as PyTorch exports an MLP, an nn.RNN and an
 * nn.GRU: its graph is followed from the logits back to the tokens. The tensors have the names and the orientation of
 * PyTorch's modules (embedding.weight, rnn.weight_ih_l0 …, hidden.0.weight …, output.weight). Throws Failure for any
 * other graph, naming the operator. Memory: at most 200 times the file's size, of a file made of empty records; else
 * about 2 times. `path`: where the model is, beside which its values may be kept; of those files their size is added.
 */
ForeignFile read_onnx(const std::string &bytes, const std::string &path);

} // namespace mote::cli
