#pragma once

#include "assignment.h"

namespace mote::cli {

/* True where names are positions alone, as of a list of tensors: "0", "1" …, with lists in it "1.0", or
 * "arr_0", "arr_1" … of numpy.savez. */
bool are_positions(const std::vector<std::string> &names);

/* The model whose parameters a list holds in a usual order, by their shapes: makemore's C, W1, b1, W2, b2 … or the same
 * of nn.Embedding and nn.Linear; min-char-rnn's Wxh, Whh, Why, bh, by; the parameters() of an nn.RNN or nn.GRU and an
 * nn.Linear; the get_weights() of Keras's SimpleRNN and Dense; each RNN with or without an embedding before it. Throws
 * Failure, with the shapes, where none or more than one of these fits. `zero_bias`: the first three also without
 * biases. */
Assignment list_model(const ForeignFile &file, const std::vector<std::string> &names, bool zero_bias);

} // namespace mote::cli
