/* Endings: what a search by hand finds, in memory of exactly their size. */
#include "codec_support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>

using namespace mote_test;

namespace {

struct Found {
    std::string text;
    float log_probability;
};

class Completer {
  public:
    Completer(const mote_model *model, const mote_config &config, const mote_completer_options &options)
        : length_(options.length), arena_(mote_completer_bytes(&config, &options)) {
        REQUIRE(mote_completer_init(&completer_, &arena_.arena, model, &options) == MOTE_OK);
        CHECK(arena_.arena.used == arena_.arena.size);
    }
    mote_completer *get() const { return completer_; }

    std::vector<Found> find(const std::string &prefix, uint32_t until) const {
        const Buffer text(prefix.data(), prefix.size());
        uint32_t count = 99;
        REQUIRE(mote_complete(completer_, reinterpret_cast<const char *>(text.data()), text.size(), until, &count) ==
                MOTE_OK);
        std::vector<Found> all(count);
        for (uint32_t i = 0; i < count; ++i) all[i] = take(i);
        size_t size = 0;
        CHECK(mote_completion(completer_, count, nullptr, 0, &size, nullptr) == MOTE_ERR_ARG);
        return all;
    }

  private:
    /* Into room of exactly its size, and not into less. */
    Found take(uint32_t index) const {
        size_t size = 0, again = 0;
        Found found;
        const mote_status asked = mote_completion(completer_, index, nullptr, 0, &size, nullptr);
        CHECK(asked == (size == 0 ? MOTE_OK : MOTE_ERR_CAPACITY));
        CHECK(size <= MOTE_ENDING_BYTES(length_));
        Buffer room(size);
        char *const utf8 = reinterpret_cast<char *>(room.data());
        if (size != 0) CHECK(mote_completion(completer_, index, utf8, size - 1, &again, nullptr) == MOTE_ERR_CAPACITY);
        CHECK(mote_completion(completer_, index, utf8, size, &again, &found.log_probability) == MOTE_OK);
        CHECK(again == size);
        found.text.assign(utf8, size);
        return found;
    }

    uint32_t length_;
    Arena arena_;
    mote_completer *completer_ = nullptr;
};

/* Letters, a blank and a comma, and where there is no boundary a line end: 'a', 'b' and U+00E9 may stand in a word. */
const std::string letters_of_lines = " ,abé", letters_of_text = "\n ,abé";

/* All endings of at most `length` characters, each read from the beginning, in the order of their probabilities. */
class ByHand {
  public:
    ByHand(const mote_model *model, const mote_config &config, const mote_vocab &vocab, uint32_t until)
        : state_(model, config), vocab_(vocab), until_(until) {}

    std::vector<Found> find(const std::string &prefix, size_t length) {
        std::vector<uint16_t> tokens(prefix.size() + 1);
        size_t count = 0;
        REQUIRE(mote_encode(&vocab_, prefix.data(), prefix.size(), tokens.data(), tokens.size(), &count) == MOTE_OK);
        tokens.resize(count);
        const bool in_word = count != 0 && !ends(tokens.back());
        if (vocab_.boundary != 0 || count == 0) tokens.insert(tokens.begin(), 0);
        begun_ = tokens.size();
        found_.clear();
        go_on(tokens, length, in_word || until_ == MOTE_UNTIL_LINE);
        std::sort(found_.begin(), found_.end(),
                  [](const Found &a, const Found &b) { return a.log_probability > b.log_probability; });
        return found_;
    }

  private:
    bool ends(uint16_t token) const {
        const uint32_t c = vocab_.code_points[token];
        return c == '\n' || (until_ == MOTE_UNTIL_WORD && (c == ' ' || c == ','));
    }

    void go_on(const std::vector<uint16_t> &tokens, size_t left, bool may_end) {
        if (may_end) add(tokens);
        for (uint32_t next = 0; left != 0 && next < vocab_.count; ++next) {
            const uint16_t token = static_cast<uint16_t>(next);
            if (ends(token)) continue;
            std::vector<uint16_t> longer = tokens;
            longer.push_back(token);
            go_on(longer, left - 1, true);
        }
    }

    void add(const std::vector<uint16_t> &tokens) {
        std::vector<float> nats(tokens.size());
        mote_state_reset(state_.get());
        if (tokens.size() > 1)
            REQUIRE(mote_score(state_.get(), tokens.data(), tokens.size(), nats.data(), nullptr) == MOTE_OK);
        const float *logits = nullptr;
        REQUIRE(mote_step(state_.get(), tokens.back(), &logits) == MOTE_OK);
        double all = 0, end = 0;
        for (uint32_t token = 0; token < vocab_.count; ++token) {
            all += std::exp(static_cast<double>(logits[token]));
            end += ends(static_cast<uint16_t>(token)) ? std::exp(static_cast<double>(logits[token])) : 0;
        }
        double sum = std::log(end / all);
        std::string text;
        for (size_t i = begun_; i < tokens.size(); ++i) {
            char utf8[4];
            sum -= static_cast<double>(nats[i - 1]);
            text.append(utf8, mote_decode(&vocab_, tokens[i], utf8));
        }
        found_.push_back({text, static_cast<float>(sum)});
    }

    State state_;
    mote_vocab vocab_;
    uint32_t until_;
    size_t begun_ = 0;
    std::vector<Found> found_;
};

/* In the order of probability, and each text once. */
std::map<std::string, float> checked(const std::vector<Found> &found) {
    std::map<std::string, float> probabilities;
    for (size_t i = 0; i < found.size(); ++i) {
        if (i > 0) CHECK(found[i - 1].log_probability >= found[i].log_probability);
        CHECK(found[i].log_probability <= 0);
        CHECK(probabilities.emplace(found[i].text, found[i].log_probability).second);
    }
    return probabilities;
}

/* Wide enough for all beginnings the search finds what there is; narrower some of it. */
void check_against_hand(const mote_model *model, const mote_config &config, const mote_vocab &vocab) {
    const Completer wide(model, config, {256, 3, 256}), best(model, config, {256, 3, 3}),
        narrow(model, config, {4, 3, 20});
    for (const uint32_t until : {MOTE_UNTIL_WORD, MOTE_UNTIL_LINE})
        for (const char *prefix : {"", "a", "ab", "b, ", "é", "aba ba"}) {
            CAPTURE(until);
            CAPTURE(prefix);
            const std::vector<Found> wanted = ByHand(model, config, vocab, until).find(prefix, 3),
                                     found = wide.find(prefix, until), three = best.find(prefix, until);
            const std::map<std::string, float> all = checked(found);
            REQUIRE(found.size() == std::min<size_t>(wanted.size(), 256));
            for (const Found &each : wanted)
                if (wanted.size() <= 256) {
                    REQUIRE(all.count(each.text) == 1);
                    CHECK(all.at(each.text) == doctest::Approx(each.log_probability).epsilon(1e-5));
                }
            REQUIRE(three.size() == 3);
            for (size_t i = 0; i < 3; ++i) {
                CHECK(three[i].text == found[i].text);
                CHECK(bits(three[i].log_probability) == bits(found[i].log_probability));
            }
            for (const auto &each : checked(narrow.find(prefix, until)))
                if (all.count(each.first) != 0) CHECK(bits(each.second) == bits(all.at(each.first)));
        }
}

} // namespace

TEST_CASE("endings are those of a search through all beginnings, with their probabilities, of every kind of model") {
    for (const uint32_t boundary : {1u, 0u}) {
        const MessageVocab vocab(boundary != 0 ? letters_of_lines : letters_of_text, boundary, MessageVocab::NO_BYTES);
        const uint32_t count = vocab.count();
        for (const mote_config &config : {bigram(count), mlp(count, 1, 3, 8, 1), mlp(count, 3, 4, 8, 2, MOTE_RELU),
                                          rnn(count, 0, 12, 1), rnn(count, 5, 9, 2, MOTE_RELU), gru(count, 6, 10, 2)}) {
            INFO(describe(config));
            CAPTURE(boundary);
            const Model model(config, 5, &vocab.get());
            check_against_hand(model.get(), config, vocab.get());
            for (const uint32_t precision : {MOTE_PRECISION_INT8, MOTE_PRECISION_INT4}) {
                const QuantizedModel quantized(model, precision);
                check_against_hand(quantized.get(), quantized.config(), vocab.get());
            }
        }
    }
}

TEST_CASE("of the same probability the lower tokens come first, and stay where not all do") {
    const MessageVocab vocab(" abc", 1, MessageVocab::NO_BYTES);
    const mote_config config = rnn(vocab.count(), 0, 4, 1);
    const mote_init zero = {{MOTE_INIT_ZERO, 0}, {MOTE_INIT_ZERO, 0}, {MOTE_INIT_ZERO, 0}};
    const Model model(config, 1, &vocab.get(), zero);
    const auto texts = [&](const mote_completer_options &options) {
        std::vector<std::string> all;
        for (const Found &each : Completer(model.get(), config, options).find("a", MOTE_UNTIL_WORD))
            all.push_back(each.text);
        return all;
    };
    using Texts = std::vector<std::string>;
    CHECK(texts({256, 2, 256}) == Texts{"", "a", "b", "c", "aa", "ab", "ac", "ba", "bb", "bc", "ca", "cb", "cc"});
    CHECK(texts({256, 2, 6}) == Texts{"", "a", "b", "c", "aa", "ab"});
    CHECK(texts({2, 2, 256}) == Texts{"", "a", "b", "aa", "ab"});
    CHECK(texts({1, 3, 256}) == Texts{"", "a", "aa", "aaa"});
    CHECK(texts({2, 3, 1}) == Texts{""});
}

TEST_CASE("characters spelled by bytes are whole, and none that the vocabulary has") {
    size_t spelled = 0;
    for (const MessageModel &kind : message_models()) {
        const mote_vocab &vocab = kind.vocab->get();
        INFO(kind.name);
        const Completer completer(kind.model->get(), kind.model->config(), {32, 8, 32});
        for (const char *prefix : {"", "a", "and", "но"}) {
            double all = 0;
            for (const auto &each : checked(completer.find(prefix, MOTE_UNTIL_WORD))) {
                CHECK(is_utf8(each.first));
                CHECK(each.first.find_first_of("\n\t !,.?:;\"()") == std::string::npos);
                CHECK(each.first.find("…") == std::string::npos);
                all += std::exp(static_cast<double>(each.second));
                std::vector<uint16_t> tokens(32);
                size_t count = 0;
                spelled += mote_encode(&vocab, each.first.data(), each.first.size(), tokens.data(), tokens.size(),
                                       &count) == MOTE_ERR_TOKEN;
            }
            CHECK(all <= 1.0001);
        }
    }
    CHECK(spelled > 20);
}

TEST_CASE("a prefix is read as bytes where its characters are no tokens, and as far back as its line goes") {
    for (const MessageModel &kind : message_models()) {
        const mote_vocab &vocab = kind.vocab->get();
        INFO(kind.name);
        const Completer completer(kind.model->get(), kind.model->config(), {4, 5, 4});
        const auto status_of = [&](const std::string &prefix) {
            uint32_t found = 99;
            const mote_status status =
                mote_complete(completer.get(), prefix.data(), prefix.size(), MOTE_UNTIL_WORD, &found);
            if (status != MOTE_OK) CHECK(found == 0);
            return status;
        };
        const bool bytes = vocab.code_points[vocab.count - 1] == MOTE_BYTE_CODE_POINT(0xff);
        CHECK(status_of("an") == MOTE_OK);
        CHECK(status_of("aж") == (bytes ? MOTE_OK : MOTE_ERR_TOKEN));
        CHECK(status_of("a\xd0") == MOTE_ERR_TEXT);
        CHECK(status_of("\x80") == MOTE_ERR_TEXT);
        if (vocab.boundary == 0) continue;
        const std::vector<Found> one = completer.find("an", MOTE_UNTIL_LINE),
                                 two = completer.find("no\nЖж\nan", MOTE_UNTIL_LINE);
        REQUIRE(one.size() == two.size());
        for (size_t i = 0; i < one.size(); ++i) {
            CHECK(one[i].text == two[i].text);
            CHECK(bits(one[i].log_probability) == bits(two[i].log_probability));
        }
    }
}

TEST_CASE("a completer needs the bytes that its macro says, and one byte less is refused") {
    for (const MessageModel &kind : message_models()) {
        const mote_config &config = kind.model->config();
        for (const mote_completer_options &options :
             {mote_completer_options{1, 1, 1}, {8, 32, 3}, {5, 7, 9}, {256, 3, 256}}) {
            const size_t bytes = mote_completer_bytes(&config, &options);
            CHECK(bytes == MOTE_COMPLETER_BYTES(MOTE_SHAPE_OF(config), options.width, options.length, options.count));
            mote_completer *completer = nullptr;
            Arena exact(bytes), shorter(bytes - 1, 0xdd);
            CHECK(mote_completer_init(&completer, &exact.arena, kind.model->get(), &options) == MOTE_OK);
            CHECK(exact.arena.used == bytes);
            CHECK(mote_completer_init(&completer, &shorter.arena, kind.model->get(), &options) == MOTE_ERR_ARENA);
            CHECK(shorter.arena.needed == bytes);
            CHECK(shorter.memory.filled_with(0xdd));
        }
    }
}

TEST_CASE("what cannot be searched for is refused") {
    const MessageModel &kind = message_models()[0];
    const mote_config &config = kind.model->config();
    mote_completer *completer = nullptr;
    const mote_completer_options good = {8, 32, 3};
    Arena arena(mote_completer_bytes(&config, &good));
    for (const mote_completer_options &wrong : {mote_completer_options{0, 1, 1},
                                                {1, 0, 1},
                                                {1, 1, 0},
                                                {MOTE_COMPLETER_MAX_WIDTH + 1, 1, 1},
                                                {1, MOTE_COMPLETER_MAX_LENGTH + 1, 1},
                                                {1, 1, MOTE_COMPLETER_MAX_COUNT + 1},
                                                {0xffffffffu, 1, 1}}) {
        CHECK(mote_completer_bytes(&config, &wrong) == 0);
        CHECK(mote_completer_init(&completer, &arena.arena, kind.model->get(), &wrong) == MOTE_ERR_ARG);
    }
    const mote_completer_options most = {MOTE_COMPLETER_MAX_WIDTH, MOTE_COMPLETER_MAX_LENGTH, MOTE_COMPLETER_MAX_COUNT};
    CHECK(mote_completer_bytes(&config, &most) != 0);
    const mote_config invalid = {};
    CHECK(mote_completer_bytes(&invalid, &good) == 0);
    CHECK(mote_completer_bytes(nullptr, &good) == 0);
    CHECK(mote_completer_bytes(&config, nullptr) == 0);
    const mote_model *const model = kind.model->get();
    CHECK(mote_completer_init(nullptr, &arena.arena, model, &good) == MOTE_ERR_ARG);
    CHECK(mote_completer_init(&completer, nullptr, model, &good) == MOTE_ERR_ARG);
    CHECK(mote_completer_init(&completer, &arena.arena, nullptr, &good) == MOTE_ERR_ARG);
    CHECK(mote_completer_init(&completer, &arena.arena, model, nullptr) == MOTE_ERR_ARG);
    const Model nameless(bigram(9));
    CHECK(mote_completer_init(&completer, &arena.arena, nameless.get(), &good) == MOTE_ERR_MISSING);
    CHECK(arena.arena.used == 0);
}

TEST_CASE("a search that cannot be made is refused, and has no endings") {
    const MessageVocab vocab("ab", 0, MessageVocab::NO_BYTES), words(" ab", 0, MessageVocab::NO_BYTES);
    const Model endless(bigram(2), 1, &vocab.get()), without_lines(bigram(3), 1, &words.get());
    const Completer neither(endless.get(), endless.config(), {4, 4, 4}),
        only_words(without_lines.get(), without_lines.config(), {4, 4, 4});
    uint32_t found = 99;
    size_t size = 0;
    for (const uint32_t until : {MOTE_UNTIL_WORD, MOTE_UNTIL_LINE})
        CHECK(mote_complete(neither.get(), "a", 1, until, &found) == MOTE_ERR_MISSING);
    CHECK(found == 0);
    CHECK(mote_complete(only_words.get(), "a", 1, MOTE_UNTIL_LINE, &found) == MOTE_ERR_MISSING);
    /* A byte from 0x80 on is part of a character, and none of those that end a word. */
    const MessageVocab high("ab", 0, MessageVocab::HIGH_BYTES);
    const Model spelled(bigram(high.get().count), 1, &high.get());
    const Completer no_end(spelled.get(), spelled.config(), {4, 4, 4});
    CHECK(mote_complete(no_end.get(), "a", 1, MOTE_UNTIL_WORD, &found) == MOTE_ERR_MISSING);
    CHECK(mote_complete(only_words.get(), "a", 1, MOTE_UNTIL_WORD, &found) == MOTE_OK);
    CHECK(found != 0);
    CHECK(mote_completion(only_words.get(), 0, nullptr, 0, &size, nullptr) != MOTE_ERR_ARG);
    CHECK(mote_completion(only_words.get(), 0, nullptr, 1, &size, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_completion(only_words.get(), 0, nullptr, 0, nullptr, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_completion(nullptr, 0, nullptr, 0, &size, nullptr) == MOTE_ERR_ARG);
    for (const uint32_t until : {0u, 3u, 0xffffffffu})
        CHECK(mote_complete(only_words.get(), "a", 1, until, &found) == MOTE_ERR_ARG);
    CHECK(mote_completion(only_words.get(), 0, nullptr, 0, &size, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_complete(nullptr, "a", 1, MOTE_UNTIL_WORD, &found) == MOTE_ERR_ARG);
    CHECK(mote_complete(only_words.get(), nullptr, 1, MOTE_UNTIL_WORD, &found) == MOTE_ERR_ARG);
    CHECK(mote_complete(only_words.get(), "a", 1, MOTE_UNTIL_WORD, nullptr) == MOTE_ERR_ARG);
    CHECK(mote_complete(only_words.get(), nullptr, 0, MOTE_UNTIL_WORD, &found) == MOTE_OK);
    without_lines.weights()[16 + 2] = NAN; /* of 'b' after 'a' */
    CHECK(mote_complete(only_words.get(), "a", 1, MOTE_UNTIL_WORD, &found) == MOTE_ERR_NUMERIC);
    CHECK(found == 0);
}

TEST_CASE("an ending that is impossible to the last bit is not listed") {
    const MessageVocab vocab(" ab", 1, MessageVocab::NO_BYTES);
    const Model model(bigram(4), 1, &vocab.get());
    float *const table = model.weights();
    for (uint32_t row = 0; row < 4; ++row)
        for (uint32_t next = 0; next < 4; ++next) table[16 * row + next] = next == 2 ? 0.0f : -200.0f;
    const Completer completer(model.get(), model.config(), {4, 4, 4});
    CHECK(completer.find("a", MOTE_UNTIL_WORD).empty());
}
