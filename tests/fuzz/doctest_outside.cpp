/* The checks of the unit tests in a program that runs none: one that fails ends it. */
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>

namespace {

struct Outside {
    doctest::Context context;
    Outside() {
        context.setAsDefaultForAssertsOutOfTestCases();
        context.setAssertHandler([](const doctest::AssertData &check) {
            std::fprintf(stderr, "FINDING: %s:%d: %s\n", check.m_file, check.m_line, check.m_expr);
            std::abort();
        });
    }
};

const Outside outside;

} // namespace
