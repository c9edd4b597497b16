#include "fold.h"

#include "affixes.h"
#include "assignment.h"
#include "container.h"
#include "errors.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <optional>

namespace mote::cli {

namespace {

enum class Kind { weight_norm, parametrized_weight_norm, pruning };

/* Two parts and the tensor that is computed of them. */
struct Pair {
    std::string first, second, whole;
    Kind kind;
};

/* The pair whose first part has this name, whether or not the file has the second. */
std::optional<Pair> pair_of(const std::string &name) {
    const std::string between = ".parametrizations.", original0 = ".original0";
    size_t at = name.rfind(between);
    if (at != std::string::npos && ends_with(name, original0)) {
        size_t parameter = at + between.size();
        std::string stem = name.substr(0, name.size() - original0.size());
        return Pair{name, stem + ".original1", name.substr(0, at) + "." + stem.substr(parameter),
                    Kind::parametrized_weight_norm};
    }
    if (ends_with(name, "_g") && name != "_g") {
        std::string whole = name.substr(0, name.size() - 2);
        return Pair{name, whole + "_v", whole, Kind::weight_norm};
    }
    constexpr size_t orig = 5;
    if (ends_with(name, "_orig") && name != "_orig") {
        std::string whole = name.substr(0, name.size() - orig);
        return Pair{name, whole + "_mask", whole, Kind::pruning};
    }
    return {};
}

/* g has v's size along the one dimension whose vectors have norms of their own and 1 elsewhere, or is one number. */
bool are_weight_norm(const ForeignTensor &g, const ForeignTensor &v) {
    if (!is_real(g.dtype) || !is_real(v.dtype) || v.shape.size() < 2) return false;
    if (g.shape.empty()) return true;
    size_t own = 0;
    for (size_t i = 0; i < g.shape.size() && g.shape.size() == v.shape.size(); ++i) {
        if (g.shape[i] != 1 && g.shape[i] != v.shape[i]) return false;
        own += g.shape[i] != 1 ? 1 : 0;
    }
    return g.shape.size() == v.shape.size() && own <= 1;
}

/* The element of g that belongs to an element of v. */
uint64_t group_of(const ForeignTensor &g, const ForeignTensor &v, uint64_t index) {
    for (size_t i = v.shape.size(); i-- > 0; index /= v.shape[i]) {
        if (!g.shape.empty() && g.shape[i] != 1) return index % v.shape[i];
    }
    return 0;
}

std::vector<double> weight_norm(const ForeignTensor &g, const ForeignTensor &v) {
    std::vector<double> squares(g.count()), whole(v.count());
    for (uint64_t i = 0; i < whole.size(); ++i) squares[group_of(g, v, i)] += v.at(i) * v.at(i);
    for (uint64_t i = 0; i < whole.size(); ++i) {
        uint64_t group = group_of(g, v, i);
        whole[i] = g.at(group) * v.at(i) / std::sqrt(squares[group]);
    }
    return whole;
}

bool is_mask(const ForeignTensor &tensor) {
    if (tensor.dtype == Dtype::other) return false;
    for (uint64_t i = 0; i < tensor.count(); ++i) {
        if (double value = tensor.at(i); value != 0 && value != 1) return false;
    }
    return true;
}

std::vector<double> pruned(const ForeignTensor &orig, const ForeignTensor &mask) {
    std::vector<double> whole(orig.count());
    for (uint64_t i = 0; i < whole.size(); ++i) whole[i] = orig.at(i) * mask.at(i);
    return whole;
}

class Folder {
  public:
    Folder(ForeignFile &file, const std::vector<std::string> &ignored, bool proven)
        : file_(file), ignored_(ignored), proven_(proven) {
        for (size_t i = 0; i < file.tensors.size(); ++i) places_[file.tensors[i].name] = i;
    }

    std::vector<FoldedPart> fold() {
        std::vector<FoldedPart> parts;
        std::vector<std::string> gone;
        for (ForeignTensor &tensor : file_.tensors) {
            std::optional<Pair> pair = pair_of(tensor.name);
            if (!pair || !is_whole_pair(*pair)) continue;
            std::optional<std::vector<double>> values = values_of(*pair);
            if (!values) continue;
            for (const std::string &part : {pair->first, pair->second}) parts.push_back({part, pair->whole});
            gone.push_back(pair->second);
            replace(tensor, *pair, std::move(*values));
        }
        auto is_gone = [&](const ForeignTensor &tensor) {
            return std::find(gone.begin(), gone.end(), tensor.name) != gone.end();
        };
        file_.tensors.erase(std::remove_if(file_.tensors.begin(), file_.tensors.end(), is_gone), file_.tensors.end());
        return parts;
    }

  private:
    bool is_ignored(const std::string &name) const {
        return std::find(ignored_.begin(), ignored_.end(), name) != ignored_.end();
    }

    /* A file that has the result, too, tells it by itself. */
    bool is_whole_pair(const Pair &pair) const {
        return places_.count(pair.second) != 0 && places_.count(pair.whole) == 0 && !is_ignored(pair.first) &&
               !is_ignored(pair.second) && !repeats(pair.first) && !repeats(pair.second);
    }

    /* One element that stands for many (torch.Tensor.expand): the result would take more memory than the file. */
    bool repeats(const std::string &name) const {
        const ForeignTensor &tensor = file_.tensors[places_.at(name)];
        return std::find(tensor.strides.begin(), tensor.strides.end(), 0u) != tensor.strides.end();
    }

    std::optional<std::vector<double>> values_of(const Pair &pair) const {
        const ForeignTensor &first = file_.tensors[places_.at(pair.first)];
        const ForeignTensor &second = file_.tensors[places_.at(pair.second)];
        if (pair.kind == Kind::pruning) {
            bool fits = is_real(first.dtype) && first.shape == second.shape && is_mask(second);
            return fits ? std::optional(pruned(first, second)) : std::nullopt;
        }
        bool fits = are_weight_norm(first, second) && (pair.kind == Kind::weight_norm || proven_);
        return fits ? std::optional(weight_norm(first, second)) : std::nullopt;
    }

    void replace(ForeignTensor &tensor, const Pair &pair, std::vector<double> values) {
        std::string bytes(values.size() * sizeof(double), '\0');
        for (size_t i = 0; i < values.size(); ++i) {
            uint64_t bits;
            std::memcpy(&bits, &values[i], sizeof bits);
            for (size_t k = 0; k < sizeof bits; ++k)
                bytes[i * sizeof bits + k] = static_cast<char>(bits >> (8 * k) & 0xFFu);
        }
        const ForeignTensor &shaped = pair.kind == Kind::pruning ? tensor : file_.tensors[places_.at(pair.second)];
        std::vector<uint64_t> shape = shaped.shape;
        file_.memory.push_back(std::move(bytes));
        tensor = {};
        tensor.name = pair.whole;
        tensor.dtype = Dtype::f64;
        tensor.dtype_name = "folded";
        tensor.shape = shape;
        tensor.strides = row_major(shape);
        tensor.data = bytes_of(file_.memory.back());
        bool norm = pair.kind != Kind::pruning;
        file_.notes.push_back(shown(pair.whole) + " is " + shown(pair.first) + " times " + shown(pair.second) +
                              (norm ? " of norm 1 (weight_norm)" : " (pruning)") + ", computed once");
    }

    ForeignFile &file_;
    const std::vector<std::string> &ignored_;
    bool proven_;
    std::map<std::string, size_t> places_;
};

} // namespace

std::vector<FoldedPart> fold_parts(ForeignFile &file, const std::vector<std::string> &ignored, bool proven) {
    return Folder(file, ignored, proven).fold();
}

} // namespace mote::cli
