#pragma once

#include "assignment.h"

namespace mote::cli {

struct RecogniseOptions {
    bool zero_bias = false; /* layers without a bias are meant so */
    std::vector<std::string> ignored;
};

/* The model that a file's tensors are, by their names: nn.RNN or nn.GRU with a linear layer, perhaps with an embedding;
 * an embedding and linear layers; an embedding alone; min-char-rnn's and makemore's names. Throws Failure, with what is
 * supported, for anything else, naming what stands in the way. */
Assignment recognise(const ForeignFile &file, const RecogniseOptions &options);

} // namespace mote::cli
