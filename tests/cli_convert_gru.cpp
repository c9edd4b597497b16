/* mote convert: the gates of a GRU, which others keep in one tensor. */
#include "cli_convert_support.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace mote_test;
using nlohmann::json;

namespace {

/* nn.GRU of 3 hidden units over 5 characters, and an nn.Linear. */
std::vector<Tensor> small_gru() {
    return {{"gru.weight_ih_l0", {9, 5}, {}}, {"gru.weight_hh_l0", {9, 3}, {}}, {"gru.bias_ih_l0", {9}, {}},
            {"gru.bias_hh_l0", {9}, {}},      {"fc.weight", {5, 3}, {}},        {"fc.bias", {5}, {}}};
}

} // namespace

TEST_CASE("a GRU that does not fit is refused by its name") {
    Directory directory;
    directory.write("v.txt", "abcde");
    float nan = std::nanf("");
    std::vector<Tensor> gru = small_gru();
    check_all_refused(
        directory,
        {{with(gru, {"gru.weight_ih_l0", {8, 5}, {}}), "", {"gru.weight_ih_l0", "[8, 5]", "[9, 5]"}},
         {with(gru, {"gru.weight_hh_l0", {8, 3}, {}}), "", {"gru.weight_hh_l0", "[8, 3]", "[3 H, H]"}},
         {with(gru, {"gru.bias_ih_l0", {3}, {}}), "", {"gru.bias_ih_l0", "[3]", "[9]"}},
         {with(gru, {"gru.bias_hh_l0", {3}, {}}), "", {"gru.bias_hh_l0", "[3]", "[9]"}},
         {without(gru, "gru.bias_hh_l0"), "", {"gru.weight_ih_l0", "second bias", "--map"}},
         {without(without(gru, "gru.bias_ih_l0"), "gru.bias_hh_l0"),
          "",
          {"gru.weight_ih_l0", "no bias", "--zero-bias"}},
         {without(gru, "gru.weight_hh_l0"), "", {"gru.weight_hh_l0", "missing"}},
         {with(gru, {"gru.weight_ih_l0_reverse", {9, 5}, {}}), "", {"_reverse", "bidirectional=False"}},
         {gru, "--activation relu", {"relu", "gru", "tanh"}},
         {with(gru, {"gru.bias_hh_l0", {9}, {0, 0, 0, 0, 0, 0, 0, nan}}), "", {"gru.bias_hh_l0", "NaN", "[7]"}},
         {with(gru, {"gru.weight_hh_l0", {9, 3}, std::vector<float>(27, INFINITY)}),
          "",
          {"gru.weight_hh_l0", "infinity", "[0, 0]"}},
         {with(with(with(with(gru, {"two.weight_ih_l0", {3, 3}, {}}), {"two.weight_hh_l0", {3, 3}, {}}),
                    {"two.bias_ih_l0", {3}, {}}),
               {"two.bias_hh_l0", {3}, {}}),
          "",
          {"gru.weight_hh_l0", "nn.GRU", "two.weight_hh_l0", "nn.RNN"}}});
}

TEST_CASE("a gate has one bias, the sum of PyTorch's two; the candidate's two stay apart") {
    Directory directory;
    directory.write("v.txt", "abcde");
    auto hash = [&](const std::vector<float> &first, const std::vector<float> &second) -> std::string {
        std::vector<Tensor> gru = with(small_gru(), {"gru.bias_ih_l0", {9}, first});
        directory.write("w.safetensors", safetensors(with(gru, {"gru.bias_hh_l0", {9}, second})));
        return directory.mote_ok(words("convert w.safetensors --vocab v.txt -o m.mote --json")).json()["weights_hash"];
    };
    std::string sums = hash({1, 2, 3, 4, 5, 6, 7, 8, 9}, {0, 0, 0, 0, 0, 0, 10, 11, 12});
    CHECK(hash({0, 0, 0, 4, 4, 4, 7, 8, 9}, {1, 2, 3, 0, 1, 2, 10, 11, 12}) == sums);
    CHECK(hash({1, 2, 3, 4, 5, 6, 10, 11, 12}, {0, 0, 0, 0, 0, 0, 7, 8, 9}) != sums);
    CHECK(hash({4, 5, 6, 1, 2, 3, 7, 8, 9}, {0, 0, 0, 0, 0, 0, 10, 11, 12}) != sums);
    /* A sum below 2^-40 becomes 0, as every number that is stored. */
    float small = std::ldexp(1.0f, -42);
    CHECK(hash({0, 2, 3, 4, 5, 6, 7, 8, 9}, {0, 0, 0, 0, 0, 0, 10, 11, 12}) ==
          hash({small, 2, 3, 4, 5, 6, 7, 8, 9}, {small, 0, 0, 0, 0, 0, 10, 11, 12}));
}

TEST_CASE("the report says which outputs of a tensor are a gate's, and that the activation is the cell's") {
    Directory directory;
    directory.write("v.txt", "abcde");
    directory.write("w.safetensors", safetensors(small_gru()));
    Arguments convert = words("convert w.safetensors --vocab v.txt -o m.mote");
    json report = directory.mote_ok(convert + words("--json")).json();
    CHECK(report["what"] == "nn.GRU");
    CHECK(report["activation_from"] == "the cell");
    CHECK(report["notes"].empty());
    CHECK(report["tensors"][0]["name"] == "weight_in_l0");
    CHECK(report["tensors"][0]["from"][0]["outputs"] == json{6, 8});
    CHECK(directory.mote_ok(convert).out.find("gru.weight_ih_l0 [9, 5] F32, outputs 6 … 8") != std::string::npos);
    CHECK(directory.mote_ok(convert + words("--activation tanh --json")).json()["weights_hash"] ==
          report["weights_hash"]);
}
