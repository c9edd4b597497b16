/* The names in exported sources: none is the library's or the compiler's, and no header hides another. */
#include "cli_runner.h"

#include <doctest/doctest.h>

using namespace mote_test;

namespace {

void train(const Directory &directory) {
    directory.mote_ok(words("train names --lines --model rnn --hidden 8 --steps 4 --batch 4 --quiet -o in.model"));
}

/* A program of the header, after it mote.h and those of the standard library that a program may have before it. */
std::string program_of(const std::string &header) {
    std::string text;
    for (const char *name : {"assert", "complex", "ctype",  "errno",  "fenv",   "float",  "inttypes", "iso646",
                             "limits", "locale",  "math",   "setjmp", "signal", "stdarg", "stdbool",  "stddef",
                             "stdint", "stdio",   "stdlib", "string", "time",   "wchar",  "wctype"})
        text += "#include <" + std::string(name) + ".h>\n";
    return text + "#include \"" + header + "\"\n#include <mote.h>\nint main(void) { return MOTE_OK; }\n";
}

/* The macros that a header defines are none of the compiler's. */
void check_macros(const std::string &header) {
    const std::string define = "#define ";
    size_t macros = 0;
    for (size_t at = 0; (at = header.find(define, at)) != std::string::npos; ++macros) {
        at += define.size();
        std::string name = header.substr(at, header.find_first_of(" (\n", at) - at);
        CAPTURE(name);
        CHECK(name[0] != '_');
        CHECK(name.find("__") == std::string::npos);
        CHECK(name.rfind("MOTE_", 0) != 0);
    }
    CHECK(macros > 10);
}

/* What an export wrote compiles, as C and as C++, wherever its folder is searched. */
void check_compiles(const Directory &directory, const std::string &source, const std::string &header) {
    directory.write("use.c", program_of(header));
    directory.write("use.cc", program_of(header));
    const std::string warnings = " -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -Wno-unused-variable -I . "
                                 "-I " MOTE_LIB_DIR " -fsyntax-only ";
    const std::string commands[] = {"cc -std=c99 " + source + " use.c",
                                    "c++ -std=c++17 -Wold-style-cast -Wuseless-cast use.cc"};
    for (const std::string &command : commands) {
        CAPTURE(command);
        bool compiled = shell(directory, command + warnings);
        INFO(directory.read("log"));
        CHECK(compiled);
    }
    check_macros(directory.read(header));
}

/* The word after "such as " in a message, which is its last. */
std::string advised(const std::string &message) {
    const std::string before = "such as ";
    size_t at = message.rfind(before);
    REQUIRE(at != std::string::npos);
    return message.substr(at + before.size(), message.find('\n', at) - at - before.size());
}

/* Follows the advice of refusals, each of which has written nothing, until the export is accepted. */
void check_advice(const Directory &directory, std::string output, std::string name) {
    CAPTURE(output);
    CAPTURE(name);
    Arguments before = directory.names();
    for (int refusals = 0;; ++refusals) {
        Arguments arguments = {"export", "in.model", "--c-source", "-o", output};
        if (!name.empty()) arguments = arguments + Arguments{"--name", name};
        Outcome outcome = directory.mote(arguments);
        if (outcome.exit_code == 0) {
            CHECK(refusals > 0);
            check_compiles(directory, output, output.substr(0, output.rfind('.')) + ".h");
            return;
        }
        REQUIRE(refusals < 2);
        CHECK(outcome.exit_code == 2);
        CHECK(outcome.lines_of_err() == 1);
        CHECK(directory.names() == before);
        (outcome.err.find("--name") != std::string::npos ? name : output) = advised(outcome.err);
    }
}

} // namespace

TEST_CASE("names of the library and of the compiler are refused, with advice that is accepted") {
    for (const std::string name : {"mote", "Mote", "mote_rnn", "_names", "na__mes", "names_", "_", "__mote_"}) {
        Directory directory;
        train(directory);
        check_advice(directory, "x.c", name);
    }
}

TEST_CASE("a header that another would be taken for is refused, with advice that is accepted") {
    for (const std::string file : {"mote.c", "MOTE.c", "mote_model.c", "stdint.c", "Time.c"}) {
        Directory directory;
        train(directory);
        check_advice(directory, file, "");
        check_advice(directory, file, "mote_x");
    }
    Directory directory;
    train(directory);
    for (const std::string options :
         {"-o mote.h", "-o mote.S", "-o stdint.s", "-o MOTE.H --c-header", "-o mote_sizes.h", "-o time.h"}) {
        CAPTURE(options);
        CHECK(directory.mote(words("export in.model " + options)).exit_code == 2);
        CHECK(directory.names() == Arguments{"in.model"});
    }
}

TEST_CASE("a name made of a file's is one that compiles") {
    for (const std::string file :
         {"mote_rnn", "mote.rnn", "_x", "9_", "x (1)", "\xC3\xA9", "int", "uint8_t", "NULL", "linux", "defined"}) {
        CAPTURE(file);
        Directory directory;
        train(directory);
        directory.mote_ok({"export", "in.model", "-o", file + ".c"});
        check_compiles(directory, "'" + file + ".c'", file + ".h");
    }
}

TEST_CASE("a name that is none of anybody's is kept as it is") {
    for (const std::string name : {"int", "NULL", "motes", "INT8"}) {
        CAPTURE(name);
        Directory directory;
        train(directory);
        directory.mote_ok({"export", "in.model", "-o", "x.c", "--name", name});
        check_compiles(directory, "x.c", "x.h");
        CHECK(directory.read("x.c").find(" " + name + "_blob[") != std::string::npos);
    }
}
