#pragma once

#include "assignment.h"
#include "tensor_role.h"

namespace mote::cli {

/* What stands for a model being the one that was trained. */
enum class Proof {
    none,
    verified,  /* --verify: its logits are compared with the framework's */
    unverified /* --unverified: the user's word */
};

/* A tensor of the file that is not part of the model. */
struct LeftOut {
    std::string name;
    TensorRole role;
};

/* The tensors that the user wants left out, with what is known of them. Throws Failure, without proof, for one that
 * changes what the model computes or might do so, and says what to do. */
std::vector<LeftOut> left_out(const ForeignFile &file, const std::vector<std::string> &ignored, Proof proof);

/* Before names are looked at for a model: throws Failure for tensors of layers that mote does not have, and, with the
 * right advice, for those that do nothing. A linear layer's name is not held against it where `proof` is to come. */
void check_unused(const ForeignFile &file, const std::vector<std::string> &ignored, Proof proof);

} // namespace mote::cli
