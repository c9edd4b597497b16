/* The chain of steps in a checkpoint, for mote replay. */
#include "step_chain.h"

#include "cli_runner.h"

#include <doctest/doctest.h>

using namespace mote_test;
using mote::cli::DifferentSteps;
using mote::cli::StepChain;
using mote::cli::StepDiffers;

namespace {

/* The chain after so many steps, of which one may have had another loss. */
StepChain chain_of(uint64_t start, uint64_t end, uint64_t other_step = 0, const StepChain *recorded = nullptr) {
    StepChain chain(start);
    chain.compare_with(recorded, start);
    for (uint64_t step = start + 1; step <= end; ++step)
        chain.add(step, {0.1f, step == other_step ? 3.0f : 2.0f, 1.0f});
    return chain;
}

size_t links_in(const StepChain &chain) { return chain.section().bytes / sizeof(uint64_t) - 4; }

/* The stride that keeps the links at 65,536 or fewer. */
uint64_t stride_of(uint64_t start, uint64_t end) {
    uint64_t stride = 1;
    while (end / stride - start / stride > 65536) stride *= 2;
    return stride;
}

void check_found(const DifferentSteps &found, uint64_t step, uint64_t stride) {
    CHECK(found.last_same < step);
    CHECK(step <= found.first_other);
    CHECK(found.first_other - found.last_same <= stride);
}

} // namespace

TEST_CASE("a chain keeps at most 65,536 links, and drops every other one when it is full") {
    for (uint64_t start : {0u, 1u, 7u, 1000u}) {
        CAPTURE(start);
        for (uint64_t steps : {0u, 1u, 2u, 65535u, 65536u, 65537u, 131071u, 131072u, 131073u, 300001u}) {
            CAPTURE(steps);
            const uint64_t end = start + steps, stride = stride_of(start, end);
            const StepChain chain = chain_of(start, end);
            CHECK(links_in(chain) == end / stride - start / stride);
            CHECK(chain.end() == end);
            for (uint64_t step : {start, start + 1, start + 2, start + 4, end - 1, end}) {
                const bool linked = (step > start || step == end) && (step == end || step % stride == 0) && step <= end;
                if (step < start) continue;
                REQUIRE(chain.value_after(step).has_value() == linked);
                if (linked) CHECK(*chain.value_after(step) == *chain_of(start, step).value_after(step));
            }
        }
    }
}

TEST_CASE("the step that differs is found between two links, in two chains and as steps are made") {
    for (uint64_t start : {0u, 5u})
        for (uint64_t steps : {40u, 70000u, 200000u}) {
            const uint64_t end = start + steps, stride = stride_of(start, end);
            const StepChain recorded = chain_of(start, end);
            CHECK_FALSE(StepChain::difference(recorded, recorded).has_value());
            for (uint64_t step : {start + 1, start + 2, start + 33, end - 5, end - 1, end}) {
                CAPTURE(start);
                CAPTURE(steps);
                CAPTURE(step);
                const StepChain other = chain_of(start, end, step);
                const auto found = StepChain::difference(recorded, other);
                REQUIRE(found.has_value());
                check_found(*found, step, stride);
                try {
                    chain_of(start, end, step, &recorded);
                    FAIL("no step differs");
                } catch (const StepDiffers &differs) {
                    check_found(differs.steps, step, stride);
                }
            }
        }
}

TEST_CASE("chains of different lengths are compared as far as both reach") {
    const StepChain shorter = chain_of(0, 70001), longer = chain_of(0, 300000);
    CHECK_FALSE(StepChain::difference(shorter, longer).has_value());
    CHECK_FALSE(StepChain::difference(longer, shorter).has_value());
    const auto found = StepChain::difference(shorter, chain_of(0, 300000, 60000));
    REQUIRE(found.has_value());
    check_found(*found, 60000, stride_of(0, 300000));
    CHECK_FALSE(StepChain::difference(shorter, chain_of(0, 300000, 70002)).has_value());
    CHECK_FALSE(StepChain::difference(chain_of(0, 0), longer).has_value());
}

TEST_CASE("the rate, the loss and the norm of a step all count") {
    const StepChain same = chain_of(0, 1);
    for (const mote::cli::StepNumbers &numbers :
         {mote::cli::StepNumbers{0.2f, 2, 1}, {0.1f, 2.5f, 1}, {0.1f, 2, 1.5f}, {0.1f, 2, -1}}) {
        StepChain other;
        other.add(1, numbers);
        CHECK(*other.value_after(1) != *same.value_after(1));
    }
}
