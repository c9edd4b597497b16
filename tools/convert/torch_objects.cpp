#include "torch_objects.h"

#include "container.h"
#include "errors.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace mote::cli {

namespace {

using Id = Pickle::Id;
using Kind = Pickle::Kind;
using Role = TorchGlobal::Role;

constexpr int deepest_parameter = 4;
constexpr size_t most_keys_told = 8, longest_key_told = 64, most_inner = 64;

bool is_role(const Pickle &pickle, Id id, Kind kind, Role role) {
    return pickle.kind(id) == kind && pickle.code(id) != Pickle::ordered_dict &&
           torch_global(pickle.code(id)).role == role;
}

/* The call that makes the tensor that this node is; none where it is no tensor. */
std::optional<Id> tensor_call(const Pickle &pickle, Id id) {
    for (int depth = 0; depth < deepest_parameter; ++depth) {
        if (is_role(pickle, id, Kind::call, Role::tensor) || is_role(pickle, id, Kind::call, Role::tensor_of_type))
            return id;
        if (!is_role(pickle, id, Kind::call, Role::parameter) || pickle.items(id).empty()) break;
        id = pickle.items(id)[0];
    }
    return std::nullopt;
}

std::string what_is(const Pickle &pickle, Id id) {
    return tensor_call(pickle, id) ? "a tensor" : kind_text(pickle.kind(id));
}

uint64_t whole_number(const Pickle &pickle, Id id, const char *what) {
    if (pickle.kind(id) != Kind::whole || pickle.whole(id) < 0)
        throw Failure(std::string(what) + " is no whole number from 0 on");
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

bool is_dict_of_tensors(const Pickle &pickle, Id id) {
    if (pickle.kind(id) != Kind::dict || pickle.items(id).empty()) return false;
    const std::vector<Id> &items = pickle.items(id);
    for (size_t i = 0; i < items.size(); i += 2) {
        if (pickle.kind(items[i]) != Kind::text || !tensor_call(pickle, items[i + 1])) return false;
    }
    return true;
}

/* Finds the keys that lead to a dictionary of tensors, in the top object and in dictionaries of it. Each dictionary is
 * looked at once, however often it is referred to. */
class KeySearch {
  public:
    explicit KeySearch(const Pickle &pickle) : pickle_(pickle), seen_(pickle.node_count()) {}

    std::vector<std::string> run() {
        look_into(pickle_.top(), "");
        for (size_t next = 0; next < inner_.size(); ++next) look_into(inner_[next].first, inner_[next].second + ".");
        return std::move(found_);
    }

  private:
    void look_into(Id dict, const std::string &prefix) {
        if (pickle_.kind(dict) != Kind::dict) return;
        const std::vector<Id> &items = pickle_.items(dict);
        for (size_t i = 0; i < items.size() && found_.size() < most_keys_told; i += 2) {
            Id value = items[i + 1];
            bool named = pickle_.kind(items[i]) == Kind::text && pickle_.text(items[i]).size() <= longest_key_told;
            if (!named || pickle_.kind(value) != Kind::dict || seen_[value]) continue;
            seen_[value] = true;
            std::string key = prefix + std::string(pickle_.text(items[i]));
            if (is_dict_of_tensors(pickle_, value)) {
                found_.push_back(key);
            } else if (prefix.empty() && inner_.size() < most_inner) {
                inner_.emplace_back(value, key);
            }
        }
    }

    const Pickle &pickle_;
    std::vector<bool> seen_;
    std::vector<std::pair<Id, std::string>> inner_;
    std::vector<std::string> found_;
};

std::string advice(const Pickle &pickle) {
    std::string text;
    for (const std::string &key : KeySearch(pickle).run()) text += (text.empty() ? "" : ", ") + shown(key);
    if (text.empty()) return "";
    return "; dictionaries of tensors are at " + text + ": choose one by --key NAME";
}

/* The last of equal keys is the one that counts in Python. */
std::optional<Id> lookup(const Pickle &pickle, Id dict, std::string_view key) {
    if (pickle.kind(dict) != Kind::dict) return std::nullopt;
    const std::vector<Id> &items = pickle.items(dict);
    for (size_t i = items.size(); i > 0; i -= 2) {
        if (pickle.kind(items[i - 2]) == Kind::text && pickle.text(items[i - 2]) == key) return items[i - 1];
    }
    return std::nullopt;
}

/* A key may hold dots of its own, so that the whole of it comes first. */
Id follow(const Pickle &pickle, const std::string &key) {
    Id at = pickle.top();
    std::string_view rest = key;
    while (!rest.empty()) {
        std::optional<Id> found = lookup(pickle, at, rest);
        if (found) return *found;
        size_t dot = rest.find('.');
        if (dot != std::string_view::npos) found = lookup(pickle, at, rest.substr(0, dot));
        if (!found) throw Failure("there is nothing at the key " + shown(key) + advice(pickle));
        at = *found;
        rest.remove_prefix(dot + 1);
    }
    return at;
}

std::string entry_text(const Pickle &pickle, Id key, Id value) {
    std::string text = "a key that is ";
    if (pickle.kind(key) == Kind::text) {
        text = shown(pickle.text(key));
    } else {
        text += kind_text(pickle.kind(key));
    }
    return text.append(" is ").append(what_is(pickle, value));
}

/* Throws unless everything in the dictionary is a tensor: nothing is dropped silently. */
void check_dict(const Pickle &pickle, Id dict, const std::string &key) {
    std::string what = key.empty() ? "the file" : "the key " + shown(key);
    if (pickle.kind(dict) != Kind::dict)
        throw Failure(what + " holds " + what_is(pickle, dict) + " and no dictionary of tensors");
    const std::vector<Id> &items = pickle.items(dict);
    if (items.empty()) throw Failure(what + " holds an empty dictionary");
    for (size_t i = 0; i < items.size(); i += 2) {
        bool named = pickle.kind(items[i]) == Kind::text;
        if (named && tensor_call(pickle, items[i + 1])) continue;
        throw Failure(what.append(" holds not only tensors: ")
                          .append(entry_text(pickle, items[i], items[i + 1]))
                          .append(key.empty() ? advice(pickle) : ""));
    }
}

} // namespace

/* ('storage', type, key, location, count) and, in the older format, a view. */
TorchStorage torch_storage(const Pickle &pickle, Id persistent) {
    Id id = pickle.inner(persistent);
    if (pickle.kind(id) != Kind::tuple) throw Failure("a persistent object that is no storage");
    const std::vector<Id> &parts = pickle.items(id);
    if (parts.size() < 5 || pickle.kind(parts[0]) != Kind::text || pickle.text(parts[0]) != "storage")
        throw Failure("a persistent object that is no storage");
    if (!is_role(pickle, parts[1], Kind::global, Role::storage)) throw Failure("a storage of a type that is none");
    if (pickle.kind(parts[2]) != Kind::text) throw Failure("a storage whose key is no text");
    if (parts.size() > 5 && pickle.kind(parts[5]) != Kind::none) throw Failure("a storage that is a view of another");
    return {pickle.text(parts[2]), pickle.code(parts[1]), whole_number(pickle, parts[4], "the size of a storage")};
}

Id torch_state_dict(const Pickle &pickle, const std::string &key) {
    Id dict = follow(pickle, key);
    check_dict(pickle, dict, key);
    return dict;
}

TorchTensor torch_tensor(const Pickle &pickle, Id value) { return read_tensor(pickle, *tensor_call(pickle, value)); }

} // namespace mote::cli
