#include "torch_entries.h"

#include "container.h"
#include "errors.h"
#include "torch_objects.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace mote::cli {

namespace {

using Id = Pickle::Id;
using Kind = Pickle::Kind;

constexpr size_t most_keys_told = 8, longest_key_told = 64, most_inner = 64;
constexpr size_t most_entries = 1000; /* in lists, and others than tensors: a short pickle could make many of them */
constexpr int deepest_list = 3;

bool is_list(const Pickle &pickle, Id id) { return pickle.kind(id) == Kind::list || pickle.kind(id) == Kind::tuple; }

/* What keys lead through: a checkpoint may be of a class that is a dictionary. */
bool has_keys(const Pickle &pickle, Id id) { return pickle.kind(id) == Kind::dict || pickle.kind(id) == Kind::object; }

/* Most of what is in it: beside weights there may be a number or two, which --ignore leaves out. */
bool is_dict_of_tensors(const Pickle &pickle, Id id) {
    if (pickle.kind(id) != Kind::dict) return false;
    const std::vector<Id> &items = pickle.items(id);
    size_t tensors = 0;
    for (size_t i = 0; i < items.size(); i += 2) {
        if (pickle.kind(items[i]) != Kind::text) return false;
        tensors += torch_is_tensor(pickle, items[i + 1]) ? 1 : 0;
    }
    return tensors > items.size() / 4;
}

/* Or of lists of them. */
bool is_list_of_tensors(const Pickle &pickle, Id id, int depth = 1) {
    if (!is_list(pickle, id) || pickle.items(id).empty()) return false;
    const std::vector<Id> &items = pickle.items(id);
    return std::all_of(items.begin(), items.end(), [&](Id item) {
        return torch_is_tensor(pickle, item) || (depth > 0 && is_list_of_tensors(pickle, item, depth - 1));
    });
}

/* Finds the keys that lead to a dictionary or list of tensors, in the top object and in dictionaries of it. Each is
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
        if (!has_keys(pickle_, dict)) return;
        const std::vector<Id> &items = pickle_.items(dict);
        for (size_t i = 0; i < items.size() && found_.size() < most_keys_told; i += 2) {
            Id value = items[i + 1];
            bool named = pickle_.kind(items[i]) == Kind::text && pickle_.text(items[i]).size() <= longest_key_told;
            if (!named || seen_[value]) continue;
            if (!has_keys(pickle_, value) && !is_list(pickle_, value)) continue;
            seen_[value] = true;
            std::string key = prefix + std::string(pickle_.text(items[i]));
            if (is_dict_of_tensors(pickle_, value) || is_list_of_tensors(pickle_, value)) {
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
    return "; tensors are at " + text + ": choose one by --key NAME";
}

/* The last of equal keys is the one that counts in Python. */
std::optional<Id> lookup(const Pickle &pickle, Id id, std::string_view key) {
    if (is_list(pickle, id)) {
        const std::vector<Id> &items = pickle.items(id);
        for (size_t i = 0; i < std::min(items.size(), most_entries); ++i) {
            if (key == std::to_string(i)) return items[i];
        }
    }
    if (!has_keys(pickle, id)) return std::nullopt;
    const std::vector<Id> &items = pickle.items(id);
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

/* Numbers, arrays and lists can be left out; what PyTorch or NumPy would make may be weights. */
std::string unusable_text(const Pickle &pickle, Id value, const std::string &name) {
    std::string text = "is " + torch_what_is(pickle, value);
    std::string maker = pickle.kind(value) == Kind::object ? pickle.python_name(value) : "";
    auto made_by = [&](std::string_view module) { return maker.compare(0, module.size(), module) == 0; };
    if (pickle.kind(value) == Kind::module) return text;
    if (made_by("numpy.") && maker.find("scalar") == std::string::npos)
        return text + ": save it as a tensor, by torch.from_numpy()";
    if (made_by("torch.")) return text + ": save a plain tensor in its place (dequantize(), to_dense(), clone())";
    return text + "; --ignore " + name + " leaves it out";
}

class Entries {
  public:
    explicit Entries(const Pickle &pickle) : pickle_(pickle) {}

    void add_dict(Id dict) {
        const std::vector<Id> &items = pickle_.items(dict);
        check_keys(items);
        entries_.reserve(items.size() / 2);
        for (size_t i = 0; i < items.size(); i += 2) add(std::string(pickle_.text(items[i])), items[i + 1], 0);
    }

    void add_list(Id list, const std::string &prefix, int depth) {
        const std::vector<Id> &items = pickle_.items(list);
        if (items.size() > most_entries || in_lists_ + items.size() > most_entries)
            throw Failure("lists of more than " + std::to_string(most_entries) + " values");
        in_lists_ += items.size();
        for (size_t i = 0; i < items.size(); ++i) add(prefix + std::to_string(i), items[i], depth + 1);
    }

    std::vector<TorchEntry> take() { return std::move(entries_); }

  private:
    /* Before any name is copied: a pickle can name one long text many times. */
    void check_keys(const std::vector<Id> &items) const {
        std::vector<std::string_view> names;
        names.reserve(items.size() / 2);
        for (size_t i = 0; i < items.size(); i += 2) {
            names.push_back(pickle_.text(items[i]));
            check_name(names.back());
        }
        check_names_differ(std::move(names));
    }

    bool holds_tensors(Id list, int depth) const {
        if (!is_list(pickle_, list) || depth >= deepest_list) return false;
        const std::vector<Id> &items = pickle_.items(list);
        return std::any_of(items.begin(), items.end(), [&](Id item) { return torch_is_tensor(pickle_, item); });
    }

    void add(std::string name, Id value, int depth) {
        if (holds_tensors(value, depth)) {
            add_list(value, name + ".", depth);
        } else {
            bool tensor = torch_is_tensor(pickle_, value);
            if (!tensor && ++others_ > most_entries)
                throw Failure("more than " + std::to_string(most_entries) + " values that are not tensors");
            std::string unusable = tensor ? "" : unusable_text(pickle_, value, name);
            entries_.push_back({std::move(name), value, std::move(unusable)});
        }
    }

    const Pickle &pickle_;
    std::vector<TorchEntry> entries_;
    size_t in_lists_ = 0, others_ = 0;
};

/* Throws for a key that cannot be a name. */
void check_keys_are_texts(const Pickle &pickle, Id dict, const std::string &what, bool has_key) {
    const std::vector<Id> &items = pickle.items(dict);
    for (size_t i = 0; i < items.size(); i += 2) {
        if (pickle.kind(items[i]) == Kind::text) continue;
        throw Failure(what + " holds not only tensors: a key that is " + torch_what_is(pickle, items[i]) + " is " +
                      torch_what_is(pickle, items[i + 1]) + (has_key ? "" : advice(pickle)));
    }
}

/* Throws unless tensors are among the entries, and, where no key was given, unless that is all that the file is for. */
void check_entries(const std::vector<TorchEntry> &entries, const Pickle &pickle, const std::string &what,
                   bool has_key) {
    auto is_tensor = [](const TorchEntry &entry) { return entry.unusable.empty(); };
    auto other = std::find_if_not(entries.begin(), entries.end(), is_tensor);
    if (other == entries.end()) return;
    std::string other_keys = has_key ? "" : advice(pickle);
    if (std::any_of(entries.begin(), entries.end(), is_tensor) && other_keys.empty()) return;
    throw Failure(what + " holds not only tensors: " + shown(other->name) + " is " +
                  torch_what_is(pickle, other->value) + other_keys);
}

} // namespace

std::vector<TorchEntry> torch_entries(const Pickle &pickle, const std::string &key) {
    Id at = follow(pickle, key);
    std::string what = key.empty() ? "the file" : "the key " + shown(key);
    if (pickle.kind(at) == Kind::module) throw Failure(what + " holds " + torch_what_is(pickle, at));
    if (pickle.kind(at) != Kind::dict && !is_list(pickle, at))
        throw Failure(what + " holds " + torch_what_is(pickle, at) + (pickle.kind(at) == Kind::object ? "," : "") +
                      " and no dictionary of tensors" + (key.empty() ? advice(pickle) : ""));
    if (pickle.items(at).empty())
        throw Failure(what + " holds an empty " + (is_list(pickle, at) ? "list" : "dictionary"));
    Entries entries(pickle);
    if (is_list(pickle, at)) {
        entries.add_list(at, "", 0);
    } else {
        check_keys_are_texts(pickle, at, what, !key.empty());
        entries.add_dict(at);
    }
    std::vector<TorchEntry> found = entries.take();
    check_entries(found, pickle, what, !key.empty());
    return found;
}

} // namespace mote::cli
