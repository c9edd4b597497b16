#pragma once

#include "assignment.h"

namespace mote::cli {

/* Whether the name is one of nn.RNN, nn.LSTM, nn.GRU or a cell of theirs: "…weight_ih_l0". */
bool is_recurrent(const std::string &name);

/* nn.RNN, nn.GRU or a cell of theirs, one linear layer, perhaps an embedding. Throws Failure, by name, for what is like
 * it but is not supported. `zero_bias`: a layer without a bias has one of zeros; else it is missed. */
Assignment torch_rnn(const ForeignFile &file, const std::vector<std::string> &names, bool zero_bias);

/* An embedding with linear layers, or alone. cell 0: neither. */
Assignment torch_layers(const ForeignFile &file, const std::vector<std::string> &names, bool zero_bias);

} // namespace mote::cli
