#pragma once

#include "model_file.h"
#include "results.h"

#include <string>
#include <vector>

namespace mote::cli {

/* A tensor as PyTorch holds it: row-major floats, little-endian. */
struct NamedTensor {
    std::string name;
    std::vector<uint32_t> shape;
    std::string bytes;
};

/* A model by the names that torch.nn gives its parts, sorted: of an RNN `embedding` (nn.Embedding, where it has one),
 * `rnn` (nn.RNN) and `linear` (nn.Linear); of an MLP `embedding`, `hidden` (an nn.ModuleList of nn.Linear) and
 * `output`; of a bigram `embedding`. nn.RNN has two biases a layer: the first is mote's, the second zero. Those of a
 * GRU are the same of `gru` (nn.GRU), whose second bias is zero but for the candidate's part. */
std::vector<NamedTensor> state_dict(const ModelFile &file);

/* The characters of the tokens, in order; of a boundary `boundary_token`. */
Json vocabulary_list(const mote_vocab &vocab);
constexpr const char *boundary_token = "<boundary>";

} // namespace mote::cli
