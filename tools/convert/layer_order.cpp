#include "layer_order.h"

#include "errors.h"

#include <algorithm>

namespace mote::cli {

namespace {

struct Sizes {
    uint64_t in, out;
    bool operator==(const Sizes &other) const { return in == other.in && out == other.out; }
};

/* By its bias, which has one size, or as nn.Linear stores its weight. */
Sizes sizes_of(const ForeignFile &file, const Layer &layer) {
    const ForeignTensor &weight = tensor_named(file, layer.weight);
    uint64_t out = layer.bias.empty() ? weight.shape[0] : tensor_named(file, layer.bias).count();
    return {out == 0 ? 0 : weight.count() / out, out};
}

/* Layers of one shape: nothing but names and places tells them apart. */
struct Kind {
    Sizes sizes;
    std::vector<Layer> layers;
    size_t used = 0;
};

/* Finds the orders of kinds in which each layer takes what the one before it gives. */
class Chains {
  public:
    Chains(const ForeignFile &file, const Layer &embedding, const std::vector<Layer> &layers)
        : count_(layers.size()), table_(tensor_named(file, embedding.weight).shape) {
        for (const Layer &layer : layers) {
            Sizes sizes = sizes_of(file, layer);
            auto same = [&](const Kind &kind) { return kind.sizes == sizes; };
            auto found = std::find_if(kinds_.begin(), kinds_.end(), same);
            Kind &kind = found != kinds_.end() ? *found : kinds_.emplace_back(Kind{sizes, {}, 0});
            kind.layers.push_back(layer);
        }
        look(0);
    }

    /* The one order that is possible, or nothing. */
    std::vector<Layer> only() const {
        auto alone = [](const Kind &kind) { return kind.layers.size() == 1; };
        return found_ == 1 && std::all_of(kinds_.begin(), kinds_.end(), alone) ? first_ : std::vector<Layer>();
    }

  private:
    /* mote's hidden layers are of one width, so there are at most three kinds worth following. */
    void look(uint64_t given) {
        if (path_.size() == count_ && given == table_[0] && ++found_ == 1) first_ = path_;
        if (path_.size() == count_ || found_ > 1 || kinds_.size() > 3) return;
        for (Kind &kind : kinds_) {
            bool fits = path_.empty() ? table_[1] != 0 && kind.sizes.in % table_[1] == 0 : kind.sizes.in == given;
            if (!fits || kind.used == kind.layers.size()) continue;
            path_.push_back(kind.layers[kind.used++]);
            look(kind.sizes.out);
            --kind.used;
            path_.pop_back();
        }
    }

    size_t count_;
    const std::vector<uint64_t> &table_;
    std::vector<Kind> kinds_;
    std::vector<Layer> path_, first_;
    int found_ = 0;
};

bool chains(const ForeignFile &file, const Layer &embedding, const std::vector<Layer> &layers) {
    const std::vector<uint64_t> &table = tensor_named(file, embedding.weight).shape;
    uint64_t given = 0;
    for (size_t i = 0; i < layers.size(); ++i) {
        Sizes sizes = sizes_of(file, layers[i]);
        if (i == 0 ? table[1] == 0 || sizes.in % table[1] != 0 : sizes.in != given) return false;
        given = sizes.out;
    }
    return given == table[0];
}

/* Where only one layer can give characters, it is the last. */
void put_last(const ForeignFile &file, const Layer &embedding, std::vector<Layer> &layers) {
    uint64_t vocab = tensor_named(file, embedding.weight).shape[0];
    auto gives = [&](const Layer &layer) { return sizes_of(file, layer).out == vocab; };
    if (std::count_if(layers.begin(), layers.end(), gives) != 1) return;
    auto last = std::find_if(layers.begin(), layers.end(), gives);
    std::rotate(last, last + 1, layers.end());
}

bool same(const std::vector<Layer> &first, const std::vector<Layer> &second) {
    return std::equal(first.begin(), first.end(), second.begin(), second.end(),
                      [](const Layer &a, const Layer &b) { return a.weight == b.weight; });
}

/* The hidden layers at least, of two layers both, differ by their numbers alone. */
bool are_numbered(const std::vector<Layer> &layers) {
    std::vector<std::string> stems;
    size_t count = layers.size() > 2 ? layers.size() - 1 : layers.size();
    for (size_t i = 0; i < count; ++i) stems.push_back(layers[i].stem);
    return differ_by_numbers(stems);
}

} // namespace

bool differ_by_numbers(const std::vector<std::string> &names) {
    auto bare = [](std::string name) {
        name.erase(std::remove_if(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; }), name.end());
        return name;
    };
    return std::all_of(names.begin(), names.end(),
                       [&](const std::string &name) { return bare(name) == bare(names[0]); });
}

size_t place_in_file(const ForeignFile &file, const std::string &name) {
    auto is_it = [&](const ForeignTensor &tensor) { return tensor.name == name; };
    return static_cast<size_t>(std::find_if(file.tensors.begin(), file.tensors.end(), is_it) - file.tensors.begin());
}

bool is_sorted_by_name(const ForeignFile &file) {
    return std::is_sorted(file.tensors.begin(), file.tensors.end(),
                          [](const ForeignTensor &a, const ForeignTensor &b) { return a.name < b.name; });
}

std::vector<Layer> in_order(const ForeignFile &file, const Layer &embedding, std::vector<Layer> layers) {
    std::vector<Layer> only = Chains(file, embedding, layers).only();
    if (!only.empty()) return only;
    std::vector<Layer> by_place = layers;
    std::stable_sort(by_place.begin(), by_place.end(), [&](const Layer &a, const Layer &b) {
        return place_in_file(file, a.weight) < place_in_file(file, b.weight);
    });
    put_last(file, embedding, layers);
    put_last(file, embedding, by_place);
    bool sorted = is_sorted_by_name(file), numbered = are_numbered(layers);
    bool by_name = chains(file, embedding, layers), in_file = !sorted && chains(file, embedding, by_place);
    if (!by_name && !in_file) return layers; /* what is wrong with their shapes is told later */
    if (by_name && in_file ? same(layers, by_place) : by_name && numbered) return layers;
    if (in_file && !by_name) return by_place;
    throw Failure("in which order the layers stand is open, neither shapes nor numbers tell: \"" + layers[0].weight +
                  "\" is the first by its name, \"" + by_place[0].weight + "\" in the file; --map says it");
}

} // namespace mote::cli
