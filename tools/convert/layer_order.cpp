#include "layer_order.h"

#include "errors.h"

#include <algorithm>

namespace mote::cli {

namespace {

struct Sizes {
    uint64_t in, out;
};

/* By its bias, which has one size, or as nn.Linear stores its weight. */
Sizes sizes_of(const ForeignFile &file, const Layer &layer) {
    const ForeignTensor &weight = tensor_named(file, layer.weight);
    uint64_t out = layer.bias.empty() ? weight.shape[0] : tensor_named(file, layer.bias).count();
    return {out == 0 ? 0 : weight.count() / out, out};
}

/* Whether each layer takes what the one before it gives. */
bool chains(const ForeignFile &file, const Layer &embedding, const std::vector<Layer> &layers) {
    const std::vector<uint64_t> &table = tensor_named(file, embedding.weight).shape;
    uint64_t given = 0;
    for (const Layer &layer : layers) {
        Sizes sizes = sizes_of(file, layer);
        bool first = given == 0;
        if (first ? table[1] == 0 || sizes.in % table[1] != 0 : sizes.in != given) return false;
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

/* A file that is sorted by name tells nothing by its order. */
bool is_sorted_by_name(const ForeignFile &file) {
    return std::is_sorted(file.tensors.begin(), file.tensors.end(),
                          [](const ForeignTensor &a, const ForeignTensor &b) { return a.name < b.name; });
}

} // namespace

size_t place_in_file(const ForeignFile &file, const std::string &name) {
    auto is_it = [&](const ForeignTensor &tensor) { return tensor.name == name; };
    return static_cast<size_t>(std::find_if(file.tensors.begin(), file.tensors.end(), is_it) - file.tensors.begin());
}

std::vector<Layer> in_order(const ForeignFile &file, const Layer &embedding, std::vector<Layer> layers) {
    std::vector<Layer> by_place = layers;
    std::stable_sort(by_place.begin(), by_place.end(), [&](const Layer &a, const Layer &b) {
        return place_in_file(file, a.weight) < place_in_file(file, b.weight);
    });
    put_last(file, embedding, layers);
    put_last(file, embedding, by_place);
    if (same(layers, by_place) || is_sorted_by_name(file) || !chains(file, embedding, by_place)) return layers;
    if (!chains(file, embedding, layers)) return by_place;
    throw Failure("in which order the layers stand is open: \"" + layers[0].weight + "\" is the first by its name, \"" +
                  by_place[0].weight + "\" in the file; --map says it");
}

} // namespace mote::cli
