#include "pickle.h"

#include "foreign_support.h"

#include <doctest/doctest.h>

using namespace mote_test;
using mote::cli::Pickle;
using Kind = Pickle::Kind;

namespace {

uint32_t code_of(const std::string &name) { return name == "a.b" ? 7 : Pickle::unknown; }

/* A pickle of protocol 2 whose opcodes these are; the text may hold NUL. */
template <size_t n> std::string of(const char (&opcodes)[n]) { return "\x80\x02" + std::string(opcodes, n - 1); }

std::string refused(const std::string &bytes) {
    return failure([&] { Pickle pickle(bytes, code_of); });
}

int64_t whole(const std::string &bytes) {
    Pickle pickle(bytes, code_of);
    REQUIRE(pickle.kind(pickle.top()) == Kind::whole);
    return pickle.whole(pickle.top());
}

} // namespace

TEST_CASE("pickle: whole numbers of every length are read with their sign") {
    CHECK(whole(of("K\xFF.")) == 255);
    CHECK(whole(of("M\xFF\xFF.")) == 65535);
    CHECK(whole(of("J\xFE\xFF\xFF\xFF.")) == -2);
    CHECK(whole(of("\x8a\0.")) == 0);
    CHECK(whole(of("\x8a\1\xFF.")) == -1);
    CHECK(whole(of("\x8a\2\xFF\0.")) == 255);
    CHECK(whole(of("\x8a\x08\0\0\0\0\0\0\0\x80.")) == INT64_MIN);
    CHECK(whole(of("\x8b\1\0\0\0\x05.")) == 5);
}

TEST_CASE("pickle: texts, tuples, lists and dictionaries hold what was put in") {
    const std::string bytes = of("}(X\1\0\0\0aK\1X\1\0\0\0b]N\x86"
                                 "U\1c)u.");
    Pickle pickle(bytes, code_of);
    CHECK(pickle.size() == bytes.size());
    REQUIRE(pickle.kind(pickle.top()) == Kind::dict);
    const auto &items = pickle.items(pickle.top());
    REQUIRE(items.size() == 6);
    CHECK(pickle.text(items[0]) == "a");
    CHECK(pickle.whole(items[1]) == 1);
    CHECK(pickle.text(items[2]) == "b");
    REQUIRE(pickle.kind(items[3]) == Kind::tuple);
    CHECK(pickle.kind(pickle.items(items[3])[0]) == Kind::list);
    CHECK(pickle.kind(pickle.items(items[3])[1]) == Kind::none);
    CHECK(pickle.text(items[4]) == "c");
    CHECK(pickle.items(items[5]).empty());
}

TEST_CASE("pickle: a list that holds itself is a circle and no endless one") {
    const std::string bytes = of("]q\0h\0a.");
    Pickle pickle(bytes, code_of);
    CHECK(pickle.items(pickle.top()) == std::vector<Pickle::Id>{pickle.top()});
}

TEST_CASE("pickle: a call is noted with its arguments, and nothing is called") {
    const std::string bytes = of("ca\nb\nq\0K\5\x85R.");
    Pickle pickle(bytes, code_of);
    REQUIRE(pickle.kind(pickle.top()) == Kind::call);
    CHECK(pickle.code(pickle.top()) == 7);
    CHECK(pickle.whole(pickle.items(pickle.top())[0]) == 5);
}

TEST_CASE("pickle: ordered dictionaries of Python 2 and 3 are dictionaries, with or without attributes") {
    const std::string newer = of("ccollections\nOrderedDict\n)R(U\1aK\1u}U\1bK\2sb.");
    const std::string older = of("ccollections\nOrderedDict\n](](U\1aK\1ee\x85R.");
    for (const std::string &bytes : {newer, older}) {
        Pickle pickle(bytes, code_of);
        REQUIRE(pickle.kind(pickle.top()) == Kind::dict);
        REQUIRE(pickle.items(pickle.top()).size() == 2);
        CHECK(pickle.text(pickle.items(pickle.top())[0]) == "a");
    }
}

TEST_CASE("pickle: the list of an ordered dictionary makes no second one") {
    const std::string twice = of("](](U\1aK\1eeq\0\x85q\1"
                                 "0ccollections\nOrderedDict\nq\2h\1Rq\3"
                                 "0h\2h\1R.");
    Pickle pickle(twice, code_of);
    CHECK(pickle.items(pickle.top()).empty());
}

TEST_CASE("pickle: what unknown names would make is an object with its name, however it is made") {
    const std::string made[] = {
        of("cmy\nThing\nK\1\x85R."),                          /* REDUCE */
        of("cmy\nThing\n)\x81}X\1\0\0\0aK\1sb."),             /* NEWOBJ and BUILD */
        of("cmy\nThing\n)}\x92."),                            /* NEWOBJ_EX */
        of("(K\1imy\nThing\n."),                              /* INST */
        of("(cmy\nThing\nK\1o."),                             /* OBJ */
        of("\x8c\2my\x8c\5Thing\x93)R."),                     /* STACK_GLOBAL */
        of("cmy\nThing\n)R)R."),                              /* an object that is called */
        of("cmy\nThing\n)R]K\1aa."),                          /* one that is a list */
        of("(U\6modulecmy\nThing\nU\4fileU\6sourcetQ)\x81."), /* of a class that an old file brings */
    };
    for (const std::string &bytes : made) {
        CAPTURE(bytes);
        const Pickle pickle(bytes, code_of);
        REQUIRE(pickle.kind(pickle.top()) == Kind::object);
        CHECK(pickle.python_name(pickle.top()) == "my.Thing");
    }
    const std::string dict = of("cmy\nThing\n)\x81(U\1aK\5u."); /* one that is a dictionary keeps what is in it */
    const Pickle kept(dict, code_of);
    REQUIRE(kept.items(kept.top()).size() == 2);
    CHECK(kept.text(kept.items(kept.top())[0]) == "a");
    const std::string module = of("cmy\nNet\n)\x81}U\x0b_parameters}sb.");
    CHECK(Pickle(module, code_of).kind(Pickle(module, code_of).top()) == Kind::module);
    const std::string changed = of("ca\nb\n)R}b."); /* a known call, then given attributes */
    CHECK(Pickle(changed, code_of).kind(Pickle(changed, code_of).top()) == Kind::object);
    const std::string by_default = of("ccollections\ndefaultdict\nca\nb\n\x85RU\1aK\1s.");
    CHECK(Pickle(by_default, code_of).kind(Pickle(by_default, code_of).top()) == Kind::dict);
}

TEST_CASE("pickle: numbers of protocol 1 are read") {
    CHECK(whole("I-12\n.") == -12);
    CHECK(whole("L255L\n.") == 255);
    const std::string flag = "I01\n.", real = "F1.5\n.", large = "L1267650600228229401496703205376L\n.";
    CHECK(Pickle(flag, code_of).is_true(0));
    CHECK(Pickle(real, code_of).kind(0) == Kind::real);
    CHECK(Pickle(large, code_of).kind(0) == Kind::bytes);
    CHECK(refused("Ix\n.") == "pickle, byte 0: no number");
}

TEST_CASE("pickle: opcodes that describe no weights are refused") {
    CHECK(refused(of("(S'echo'\nios\nsystem\n.")) == "pickle, byte 3: the opcode 0x53 describes no weights");
    CHECK(refused(of("\x82\1.")) == "pickle, byte 2: the opcode 0x82 describes no weights");
    CHECK(refused(of("\x97.")) == "pickle, byte 2: the opcode 0x97 describes no weights");
    CHECK(refused("(dp0\n.") == "pickle, byte 2: the opcode 0x70 describes no weights");
    CHECK(refused("\x80\x06N.") == "pickle, byte 0: a protocol newer than 5");
    CHECK(refused("") == "pickle, byte 0: ends before it is complete");
}

TEST_CASE("pickle: a stack, a mark or a memo that lacks what is taken from it is refused") {
    CHECK(refused(of(".")) == "pickle, byte 2: takes from an empty stack");
    CHECK(refused(of("(0.")) == "pickle, byte 3: takes from an empty stack");
    CHECK(refused(of("K\1(\x86.")) == "pickle, byte 5: takes from an empty stack");
    CHECK(refused(of("t.")) == "pickle, byte 2: there is no mark");
    CHECK(refused(of("h\0.")) == "pickle, byte 2: recalls what was not memorized");
    CHECK(refused(of("Nr\xFF\xFF\xFF\xFF.")) == "pickle, byte 3: memorizes out of turn");
}

TEST_CASE("pickle: things put where none belong are refused") {
    CHECK(refused(of("NNa.")) == "pickle, byte 4: puts elements into None");
    CHECK(refused(of("](NNu.")) == "pickle, byte 6: puts elements into a list");
    CHECK(refused(of("}(Nu.")) == "pickle, byte 5: a key without a value");
    CHECK(refused(of("N)R.")) == "pickle, byte 4: calls None");
    CHECK(refused(of("ca\nb\n]R.")) == "pickle, byte 8: a call with a list");
    CHECK(refused(of("]}b.")) == "pickle, byte 4: gives attributes to a list");
    CHECK(refused(of("NN\x93.")) == "pickle, byte 4: a name that is not text");
    CHECK(refused(of("ccollections\nOrderedDict\n]N\x86R.")) == "pickle, byte 30: an OrderedDict of no list");
    CHECK(refused(of("ccollections\nOrderedDict\n]Na\x85R.")) == "pickle, byte 31: an OrderedDict of no pairs");
}

TEST_CASE("pickle: a length beyond the end is refused before anything is allocated") {
    CHECK(refused(of("X\xFF\xFF\xFF\xFFz")) == "pickle, byte 8: ends before it is complete");
    CHECK(refused(of("\x8d\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFFz")) == "pickle, byte 12: ends before it is complete");
    CHECK(refused(of("\x95\xFF\0\0\0\0\0\0\0N.")) == "pickle, byte 2: a frame beyond the end");
    CHECK(refused(of("c"
                     "no end")) == "pickle, byte 2: a name without an end");
    CHECK(refused("\x80\x02"
                  "c" +
                  std::string(1000, 'x') + "\ny\n.") == "pickle, byte 2: a name without an end");
}

TEST_CASE("pickle: depth and repetition cost no more than their bytes") {
    std::string deep = of("]") + std::string(1000000, '\x85') + ".";
    CHECK(Pickle(deep, code_of).node_count() == 1000001);
    std::string doubled = of(")q\0");
    for (char level = 0; level < 100; ++level)
        doubled += std::string("h") + level + "h" + level + "\x86q" + static_cast<char>(level + 1);
    CHECK(Pickle(doubled + ".", code_of).node_count() == 101);
}
