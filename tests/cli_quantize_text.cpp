/* mote quantize --corpus: what of a text is read, and what is measured on it. */
#include "cli_runner.h"
#include "opened_model.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace mote_test;

namespace {

/* The largest activation of each layer over the first characters of a text, from the hidden states of the library. */
std::vector<float> largest_of(const std::string &file, const std::string &text, size_t characters) {
    const OpenedModel opened(file);
    mote_config config{};
    mote_vocab vocab{};
    REQUIRE(mote_model_config(opened.model(), &config) == MOTE_OK);
    REQUIRE(mote_model_vocab(opened.model(), &vocab) == MOTE_OK);
    std::vector<uint16_t> tokens(text.size());
    size_t count = 0;
    REQUIRE(mote_encode(&vocab, text.data(), text.size(), tokens.data(), tokens.size(), &count) == MOTE_OK);
    std::vector<unsigned char> room(mote_state_bytes(&config) + MOTE_ALIGN);
    void *aligned = room.data();
    size_t space = room.size();
    REQUIRE(std::align(MOTE_ALIGN, mote_state_bytes(&config), aligned, space) != nullptr);
    mote_arena arena{};
    mote_state *state = nullptr;
    REQUIRE(mote_arena_init(&arena, aligned, space) == MOTE_OK);
    REQUIRE(mote_state_init(&state, &arena, opened.model()) == MOTE_OK);
    std::vector<float> largest(config.layers);
    for (size_t i = 0; i < std::min(characters, count - 1); ++i) {
        const float *values = nullptr;
        REQUIRE(mote_step(state, tokens[i], &values) == MOTE_OK);
        for (uint32_t layer = 0; layer < config.layers; ++layer) {
            uint32_t width = 0;
            REQUIRE(mote_state_hidden(state, layer, &values, &width) == MOTE_OK);
            largest[layer] = std::max(largest[layer], *std::max_element(values, values + width));
        }
    }
    return largest;
}

std::string some_text(int from) {
    std::string text;
    for (int i = from; i < from + 400; ++i) text += "hop " + std::to_string(i * i % 977) + (i % 3 == 0 ? "\n" : ", ");
    return text;
}

} // namespace

TEST_CASE("each layer of ReLU is measured by itself, on as many characters as asked for") {
    const Directory directory;
    const std::string text = some_text(0);
    directory.write("text", text);
    directory.mote_ok(words("train text --model mlp --context 4 --embed 6 --hidden 20 --layers 2 --activation relu "
                            "--steps 200 -o M.mote --quiet"));
    const std::string model = directory.read("M.mote");
    std::vector<std::vector<float>> all;
    for (const size_t limit : {size_t{5}, size_t{60}, text.size()}) {
        CAPTURE(limit);
        const std::string options = " --limit " + std::to_string(limit) + " --json";
        const nlohmann::json json =
            directory.mote_ok(words("quantize M.mote -o M8.mote --corpus text" + options)).json();
        all.push_back(largest_of(model, text, limit));
        CHECK(json["largest_activations"].get<std::vector<float>>() == all.back());
        CHECK(json["chars"] == std::min(limit, text.size() - 1));
        for (const std::string name : {"", "_before"}) {
            const std::string file = name.empty() ? "M8.mote" : "M.mote";
            CHECK(json["loss" + name] ==
                  directory.mote_ok(words("eval " + file + " text --rows 1" + options)).json()["loss"]);
        }
    }
    for (size_t layer = 0; layer < 2; ++layer) {
        CHECK(all[0][layer] < all[1][layer]);
        CHECK(all[1][layer] < all[2][layer]);
    }
    CHECK(all[2][0] != all[2][1]);
}

TEST_CASE("a part of another text than that of the training is taken, with a note, by quantize as by eval") {
    const Directory directory;
    directory.write("text", some_text(0));
    directory.write("other", some_text(400));
    directory.mote_ok(words("train text --model bigram --steps 3 --split 90/10 -o M.mote --quiet"));
    const std::string note = "note: other is not the corpus of the training; it is split in the same way\n";
    for (const std::string command : {"eval M.mote ", "quantize M.mote -o M8.mote --corpus "}) {
        CHECK(directory.mote_ok(words(command + "other --split dev")).err == note);
        CHECK(directory.mote_ok(words(command + "text --split dev")).err.empty());
        CHECK(directory.mote_ok(words(command + "other")).err.empty());
    }
}
