/* Small files of weights, and what is refused of them. */
#pragma once

#include "cli_runner.h"

namespace mote_test {

struct Tensor {
    std::string name;
    std::vector<uint64_t> shape;
    std::vector<float> values; /* fewer than the shape has: the rest are 0.25 */
};

/* A .safetensors file. */
std::string safetensors(const std::vector<Tensor> &tensors);

/* nn.RNN of 3 hidden units over 5 characters, and an nn.Linear. */
std::vector<Tensor> small_rnn();

std::vector<Tensor> without(std::vector<Tensor> tensors, const std::string &name);
std::vector<Tensor> with(std::vector<Tensor> tensors, const Tensor &more);

struct Refused {
    std::vector<Tensor> tensors;
    std::string options;
    std::vector<std::string> mentions;
};

/* Each for itself, over the characters of v.txt. */
void check_all_refused(const Directory &directory, const std::vector<Refused> &all);

} // namespace mote_test
