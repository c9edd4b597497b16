/* fuzz_bounds_check CASE: does what a fuzz target has to find; none: what is allowed. */
#include "errors.h"
#include "fuzz_bounds.h"

#include <cstring>
#include <memory>

using mote::cli::Failure;
using mote::cli::ForeignFile;
using mote_test::hold;
using mote_test::hold_reader;

namespace {

constexpr size_t some = 1000;

/* Volatile, so that no compiler leaves out an allocation of which nothing is used. */
volatile char *volatile kept;

void allocate(size_t size) {
    const std::unique_ptr<char[]> memory(new char[size]);
    kept = memory.get();
    *kept = 1;
}

/* Many times as much as may be held, but never at once. */
void what_is_allowed() {
    hold(some, [] {
        for (int i = 0; i < 10; ++i) allocate(some / 2);
    });
    hold(some, [] { throw Failure("no"); });
}

ForeignFile badly_named() {
    ForeignFile file;
    file.tensors.emplace_back();
    file.tensors.back().name = "a\xFF";
    return file;
}

} // namespace

int main(int argc, char **argv) {
    const std::string what = argc == 2 ? argv[1] : "";
    if (what == "memory") hold(some, [] { allocate(some + 1); });
    if (what == "sum")
        hold(some, [] {
            const std::unique_ptr<char[]> memory(new char[some / 2]);
            kept = memory.get();
            allocate(some / 2 + 1);
        });
    if (what == "exception") hold(some, [] { throw std::length_error("too long"); });
    if (what == "message") hold(some, [] { throw Failure("two\nlines"); });
    if (what == "name") hold_reader(some, badly_named);
    what_is_allowed();
    return 0;
}
