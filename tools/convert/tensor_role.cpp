#include "tensor_role.h"

#include "assignment.h"
#include "computing_tensors.h"
#include "errors.h"
#include "harmless_tensors.h"
#include "name_words.h"

namespace mote::cli {

/* A layer whose weight is a vector scales each of its inputs. */
static TensorRole scaling_role(const ForeignFile &file, const ForeignTensor &tensor) {
    NameParts parts(tensor.name);
    if (parts.parameter != "weight" && parts.parameter != "bias") return {};
    std::string weight = tensor.name.substr(0, tensor.name.size() - parts.parameter.size()) + "weight";
    if (!has_tensor(file, weight) || tensor_named(file, weight).shape.size() != 1) return {};
    return {Effect::computes, "by its shape of a normalisation or a PReLU",
            "mote has neither; a batch normalisation that follows a Linear is made one with it by "
            "torch.nn.utils.fusion.fuse_linear_bn_eval(linear, bn)"};
}

TensorRole role_of(const ForeignFile &file, const ForeignTensor &tensor) {
    if (!tensor.unusable.empty()) return {Effect::nothing, "no tensor", ""};
    TensorRole role = computing_role(file, tensor);
    if (role.effect == Effect::unknown) role = harmless_role(file, tensor);
    return role.effect == Effect::unknown ? scaling_role(file, tensor) : role;
}

std::string refusal_text(const ForeignTensor &tensor, const TensorRole &role) {
    return "tensor \"" + tensor.name + "\" " + shape_text(tensor.shape) + " is " + role.what +
           ", which changes what the model computes: " + role.next;
}

void refuse_unused(const ForeignFile &file, const ForeignTensor &tensor, const std::string &model) {
    TensorRole role = role_of(file, tensor);
    std::string word = shell_word(tensor.name);
    if (role.effect == Effect::computes) throw Failure(refusal_text(tensor, role));
    std::string beginning = "tensor \"" + tensor.name + "\" " + shape_text(tensor.shape) + " ";
    if (role.effect == Effect::nothing)
        throw Failure(beginning + "is not used by " + model + ": it is " + role.what +
                      " and does nothing when the model runs; --ignore " + word + " leaves it out");
    throw Failure(beginning + "is not used by " + model +
                  ", and nothing tells what it does: --map says what it is; or " + "--ignore " + word +
                  " --verify FILE.npz leaves it out and proves that it does nothing");
}

} // namespace mote::cli
