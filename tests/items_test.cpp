/* Items between boundary tokens: finding and arranging them. */
#include "support.h"

#include <doctest/doctest.h>

#include <set>

using namespace mote_test;

TEST_CASE("items are found between boundaries, however many of those there are") {
    const std::vector<uint16_t> tokens = {0, 0, 3, 4, 0, 5, 0, 0, 0, 6, 7, 8};
    uint32_t starts[4] = {};
    size_t found = 0;
    REQUIRE(mote_items_find(tokens.data(), tokens.size(), starts, 4, &found) == MOTE_OK);
    CHECK(found == 3);
    CHECK(std::vector<uint32_t>(starts, starts + 3) == std::vector<uint32_t>{2, 5, 9});
    CHECK(mote_items_find(tokens.data(), tokens.size(), starts, 2, &found) == MOTE_ERR_CAPACITY);
    REQUIRE(mote_items_find(tokens.data(), 0, starts, 4, &found) == MOTE_OK);
    CHECK(found == 0);
    const std::vector<uint16_t> bare = {9};
    REQUIRE(mote_items_find(bare.data(), 1, starts, 4, &found) == MOTE_OK);
    CHECK(found == 1);
    CHECK(starts[0] == 0);
    const std::vector<uint16_t> boundaries(5, 0);
    REQUIRE(mote_items_find(boundaries.data(), 5, starts, 4, &found) == MOTE_OK);
    CHECK(found == 0);
}

TEST_CASE("items are arranged in the order given, with one boundary before, between and after") {
    const std::vector<uint16_t> tokens = {0, 0, 3, 4, 0, 5, 0, 0, 6, 7, 8};
    const std::vector<uint32_t> starts = {2, 5, 8};
    const std::vector<uint32_t> order = {2, 0, 1};
    const std::vector<uint16_t> wanted = {0, 6, 7, 8, 0, 3, 4, 0, 5, 0};
    size_t written = 0;
    for (size_t capacity = 0; capacity <= wanted.size(); ++capacity) {
        std::vector<uint16_t> arranged(capacity);
        const mote_status status = mote_items_arrange(tokens.data(), tokens.size(), starts.data(), order.data(), 3,
                                                      arranged.data(), capacity, &written);
        CHECK(status == (capacity < wanted.size() ? MOTE_ERR_CAPACITY : MOTE_OK));
        if (status == MOTE_OK) {
            CHECK(written == wanted.size());
            CHECK(arranged == wanted);
        }
    }
}

TEST_CASE("a shuffled corpus of items holds the same items") {
    Random random(4);
    std::vector<uint16_t> tokens;
    for (int i = 0; i < 500; ++i) tokens.push_back(static_cast<uint16_t>(random.below(4)));
    std::vector<uint32_t> starts(tokens.size());
    size_t items = 0;
    REQUIRE(mote_items_find(tokens.data(), tokens.size(), starts.data(), starts.size(), &items) == MOTE_OK);
    std::vector<uint32_t> order(items);
    REQUIRE(mote_shuffle(order.data(), static_cast<uint32_t>(items), 1, 1) == MOTE_OK);
    std::vector<uint16_t> arranged(tokens.size() + 2);
    size_t written = 0;
    REQUIRE(mote_items_arrange(tokens.data(), tokens.size(), starts.data(), order.data(), items, arranged.data(),
                               arranged.size(), &written) == MOTE_OK);
    arranged.resize(written);
    const auto sorted_items = [](const std::vector<uint16_t> &text) {
        std::multiset<std::vector<uint16_t>> found;
        std::vector<uint16_t> item;
        for (const uint16_t token : text) {
            if (token != 0) item.push_back(token);
            if (token == 0 && !item.empty()) found.insert(item);
            if (token == 0) item.clear();
        }
        if (!item.empty()) found.insert(item);
        return found;
    };
    CHECK(sorted_items(arranged) == sorted_items(tokens));
    CHECK(sorted_items(tokens).size() == items);
}

TEST_CASE("items that lie outside the text, or an order that is none, are refused") {
    const std::vector<uint16_t> tokens = {0, 3, 0, 4};
    uint16_t arranged[16];
    size_t written = 0;
    const auto status = [&](std::vector<uint32_t> starts, std::vector<uint32_t> order) {
        return mote_items_arrange(tokens.data(), tokens.size(), starts.data(), order.data(), order.size(), arranged, 16,
                                  &written);
    };
    CHECK(status({1, 3}, {1, 0}) == MOTE_OK);
    CHECK(status({1, 4}, {1, 0}) == MOTE_ERR_ARG);
    CHECK(status({1, 0xffffffffu}, {1, 0}) == MOTE_ERR_ARG);
    CHECK(status({1, 3}, {2, 0}) == MOTE_ERR_ARG);
    CHECK(status({1, 3}, {0xffffffffu, 0}) == MOTE_ERR_ARG);
}
