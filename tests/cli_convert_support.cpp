#include "cli_convert_support.h"

#include <doctest/doctest.h>

namespace mote_test {

static std::string little_endian(const void *bytes, size_t size) { return {static_cast<const char *>(bytes), size}; }

std::string safetensors(const std::vector<Tensor> &tensors) {
    nlohmann::ordered_json header = nlohmann::ordered_json::object();
    std::string data;
    for (const Tensor &tensor : tensors) {
        size_t count = 1, from = data.size();
        for (uint64_t size : tensor.shape) count *= size;
        std::vector<float> values = tensor.values;
        values.resize(count, 0.25f);
        data += little_endian(values.data(), 4 * count);
        header[tensor.name] = {{"dtype", "F32"}, {"shape", tensor.shape}, {"data_offsets", {from, data.size()}}};
    }
    std::string text = header.dump();
    uint64_t size = text.size();
    return little_endian(&size, sizeof size) + text + data;
}

std::vector<Tensor> small_rnn() {
    return {{"rnn.weight_ih_l0", {3, 5}, {}}, {"rnn.weight_hh_l0", {3, 3}, {}}, {"rnn.bias_ih_l0", {3}, {}},
            {"rnn.bias_hh_l0", {3}, {}},      {"fc.weight", {5, 3}, {}},        {"fc.bias", {5}, {}}};
}

std::vector<Tensor> without(std::vector<Tensor> tensors, const std::string &name) {
    std::vector<Tensor> left;
    for (const Tensor &tensor : tensors) {
        if (tensor.name != name) left.push_back(tensor);
    }
    return left;
}

std::vector<Tensor> with(std::vector<Tensor> tensors, const Tensor &more) {
    tensors = without(tensors, more.name);
    tensors.push_back(more);
    return tensors;
}

void check_all_refused(const Directory &directory, const std::vector<Refused> &all) {
    for (const Refused &refused : all) {
        directory.write("w.safetensors", safetensors(refused.tensors));
        std::string shown = directory.read("w.safetensors").substr(8, 300);
        CAPTURE(shown);
        check_refused(directory, words("convert w.safetensors --vocab v.txt -o m.mote " + refused.options), 1,
                      refused.mentions);
    }
}

} // namespace mote_test
