#include "torch_objects.h"

#include "container.h"
#include "errors.h"

#include <optional>
#include <utility>

namespace mote::cli {

namespace {

using Id = Pickle::Id;
using Kind = Pickle::Kind;
using Role = TorchGlobal::Role;

constexpr int deepest_parameter = 4;

bool is_role(const Pickle &pickle, Id id, Kind kind, Role role) {
    return pickle.kind(id) == kind && pickle.code(id) < Pickle::first_own && torch_global(pickle.code(id)).role == role;
}

/* The call that makes the tensor that this node is; none where it is not a tensor. */
std::optional<Id> tensor_call(const Pickle &pickle, Id id) {
    for (int depth = 0; depth < deepest_parameter; ++depth) {
        if (is_role(pickle, id, Kind::call, Role::tensor) || is_role(pickle, id, Kind::call, Role::tensor_of_type))
            return id;
        if (!is_role(pickle, id, Kind::call, Role::parameter) || pickle.items(id).empty()) break;
        id = pickle.items(id)[0];
    }
    return std::nullopt;
}

bool is_tensor(const Pickle &pickle, Id id) { return tensor_call(pickle, id).has_value(); }

std::string what_is(const Pickle &pickle, Id id) {
    if (is_tensor(pickle, id)) return "a tensor";
    if (pickle.kind(id) == Kind::module)
        return "a whole model, whose " + shown(pickle.python_name(id)) +
               " would have to be executed; save its state_dict() instead";
    std::string name = pickle.kind(id) == Kind::object ? pickle.python_name(id) : "";
    if (name.empty()) return kind_text(pickle.kind(id));
    return "an object that " + shown(name) + " would make, which is never executed";
}

uint64_t whole_number(const Pickle &pickle, Id id, const char *what) {
    if (pickle.kind(id) != Kind::whole || pickle.whole(id) < 0)
        throw Failure(std::string(what) + " is not a whole number from 0 on");
    return static_cast<uint64_t>(pickle.whole(id));
}

std::vector<uint64_t> numbers(const Pickle &pickle, Id id, const char *what) {
    if (is_role(pickle, id, Kind::call, Role::size) && !pickle.items(id).empty()) id = pickle.items(id)[0];
    if (pickle.kind(id) != Kind::tuple && pickle.kind(id) != Kind::list)
        throw Failure(std::string(what) + " is " + kind_text(pickle.kind(id)));
    const std::vector<Id> &items = pickle.items(id);
    if (items.size() > most_dimensions) throw Failure(std::string(what) + " has too many dimensions");
    std::vector<uint64_t> values;
    values.reserve(items.size());
    for (Id item : items) values.push_back(whole_number(pickle, item, what));
    return values;
}

/* Marks of a tensor that says that its numbers are to be negated or conjugated. */
void check_metadata(const Pickle &pickle, Id id) {
    if (pickle.kind(id) == Kind::none) return;
    if (pickle.kind(id) != Kind::dict) throw Failure("its metadata is " + std::string(kind_text(pickle.kind(id))));
    const std::vector<Id> &items = pickle.items(id);
    for (size_t i = 1; i < items.size(); i += 2) {
        if (pickle.kind(items[i]) != Kind::boolean || pickle.is_true(items[i]))
            throw Failure("its metadata changes its values");
    }
}

/* (storage, offset, shape, strides), of newer ones (…, requires_grad, hooks, metadata) or (…, dtype, metadata). */
TorchTensor read_tensor(const Pickle &pickle, Id id) {
    const std::vector<Id> &arguments = pickle.items(id);
    bool typed = is_role(pickle, id, Kind::call, Role::tensor_of_type);
    if (arguments.size() < (typed ? 7 : 4)) throw Failure("too little is said about it");
    if (pickle.kind(arguments[0]) != Kind::persistent)
        throw Failure("its storage is " + std::string(kind_text(pickle.kind(arguments[0]))));
    TorchTensor tensor;
    tensor.storage = torch_storage(pickle, arguments[0]);
    tensor.offset = whole_number(pickle, arguments[1], "its offset");
    tensor.shape = numbers(pickle, arguments[2], "its shape");
    tensor.strides = numbers(pickle, arguments[3], "its strides");
    if (tensor.shape.size() != tensor.strides.size()) throw Failure("its shape and strides differ in length");
    tensor.type_code = tensor.storage.code;
    if (typed) {
        if (!is_role(pickle, arguments[6], Kind::global, Role::dtype)) throw Failure("its type is none");
        tensor.type_code = pickle.code(arguments[6]);
    }
    size_t metadata_at = typed ? 7 : 6;
    if (arguments.size() > metadata_at) check_metadata(pickle, arguments[metadata_at]);
    return tensor;
}

} // namespace

bool torch_is_storage(const Pickle &pickle, Id persistent) {
    Id id = pickle.inner(persistent);
    if (pickle.kind(id) != Kind::tuple || pickle.items(id).size() < 5) return false;
    Id first = pickle.items(id)[0];
    return pickle.kind(first) == Kind::text && pickle.text(first) == "storage";
}

/* ('storage', type, key, location, count) and, in the older format, a view. */
TorchStorage torch_storage(const Pickle &pickle, Id persistent) {
    Id id = pickle.inner(persistent);
    if (!torch_is_storage(pickle, persistent)) throw Failure("a persistent object that is not a storage");
    const std::vector<Id> &parts = pickle.items(id);
    if (!is_role(pickle, parts[1], Kind::global, Role::storage)) throw Failure("a storage of a type that is none");
    if (pickle.kind(parts[2]) != Kind::text) throw Failure("a storage whose key is not text");
    if (parts.size() > 5 && pickle.kind(parts[5]) != Kind::none) throw Failure("a storage that is a view of another");
    return {pickle.text(parts[2]), pickle.code(parts[1]), whole_number(pickle, parts[4], "the size of a storage")};
}

bool torch_is_tensor(const Pickle &pickle, Id value) { return is_tensor(pickle, value); }

std::string torch_what_is(const Pickle &pickle, Id value) { return what_is(pickle, value); }

TorchTensor torch_tensor(const Pickle &pickle, Id value) { return read_tensor(pickle, *tensor_call(pickle, value)); }

} // namespace mote::cli
