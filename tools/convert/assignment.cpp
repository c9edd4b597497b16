#include "assignment.h"

#include "container.h"
#include "errors.h"

#include <algorithm>

namespace mote::cli {

static auto find_tensor(const ForeignFile &file, const std::string &name) {
    return std::find_if(file.tensors.begin(), file.tensors.end(),
                        [&](const ForeignTensor &tensor) { return tensor.name == name; });
}

bool has_tensor(const ForeignFile &file, const std::string &name) {
    return find_tensor(file, name) != file.tensors.end();
}

const ForeignTensor &tensor_named(const ForeignFile &file, const std::string &name) {
    auto found = find_tensor(file, name);
    if (found == file.tensors.end()) throw Failure("there is no tensor " + shown(name));
    return *found;
}

} // namespace mote::cli
