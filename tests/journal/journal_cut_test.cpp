/* The power is cut at every operation and every byte of saves, and a second time while the journal is opened again.
 * MOTE_LONG=1 cuts everywhere; the short form takes some of the bytes. */
#include "device.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <set>

using namespace mote_test;

namespace {

struct Run {
    const char *name;
    Geometry geometry;
    Sizes sizes;
    uint32_t worn; /* a sector that does not erase; that of no flash: none */
};

constexpr uint32_t no_sector = 999;
const Run runs[] = {
    {"two sectors, words of 1 byte", {2, 2048, 1, false}, {200, 600}, no_sector},
    {"three sectors, words of 1 byte", {3, 1024, 1, false}, {200, 600}, no_sector},
    {"two sectors for one record each, words of 1 byte", {2, 768, 1, false}, {400, 600}, no_sector},
    {"two sectors, words of 4 bytes", {2, 1024, 4, false}, {200, 600}, no_sector},
    {"four sectors, words of 4 bytes, one worn", {4, 1024, 4, false}, {200, 600}, 2},
    {"two sectors, words of 8 bytes with ECC", {2, 1024, 8, true}, {200, 600}, no_sector},
    {"four sectors, words of 8 bytes with ECC", {4, 1024, 8, true}, {200, 600}, no_sector},
    {"two sectors, words of 16 bytes", {2, 1024, 16, false}, {200, 600}, no_sector},
    {"three sectors, words of 16 bytes with ECC", {3, 2048, 16, true}, {200, 600}, no_sector},
    {"two sectors, words of 16 bytes with ECC", {2, 1024, 16, true}, {200, 600}, no_sector},
    {"two sectors for one record each, words of 16 bytes with ECC", {2, 768, 16, true}, {400, 600}, no_sector},
    {"records of several sectors, words of 4 bytes", {9, 256, 4, false}, {200, 600}, no_sector},
    {"records of several sectors, words of 4 bytes, one worn", {12, 256, 4, false}, {200, 600}, 4},
    {"records of several sectors, words of 8 bytes with ECC", {8, 256, 8, true}, {400, 800}, no_sector},
};

bool takes_long() {
    const char *asked = std::getenv("MOTE_LONG");
    return asked != nullptr && std::string(asked) == "1";
}

/* After a cut: what may be there, and that it stays, and that saving goes on. Gives what was found. */
void check_start(Device &device, uint32_t complete, uint32_t writing) {
    device.flash.power_on();
    REQUIRE(device.start() == MOTE_OK);
    const uint32_t found = device.newest();
    REQUIRE(device.fault() == "");
    REQUIRE((found == complete || found == writing));
    for (int again = 0; again < 2; ++again) {
        REQUIRE(device.start() == MOTE_OK);
        REQUIRE(device.newest() == found);
    }
    REQUIRE(device.save(writing + 1) == MOTE_OK);
    REQUIRE(device.newest() == writing + 1);
    REQUIRE(device.start() == MOTE_OK);
    REQUIRE(device.newest() == writing + 1);
    REQUIRE(device.fault() == "");
    REQUIRE(device.flash.misuses() == 0);
}

/* A second cut in each operation of a start, and in so many of its bytes drawn at random. */
void cut_recovery(Device &device, uint32_t complete, uint32_t writing, uint32_t random_cuts, Random &random) {
    device.flash.power_on();
    const Device::Snapshot after_cut = device.snapshot();
    REQUIRE(device.start() == MOTE_OK);
    const uint64_t steps = device.flash.steps();
    std::set<uint64_t> cuts(device.flash.operations().begin(), device.flash.operations().end());
    for (uint32_t i = 0; i < random_cuts && steps > 0; ++i) cuts.insert(random.next() % steps);
    for (const uint64_t cut : cuts) {
        INFO("second cut in step " << cut);
        device.restore(after_cut);
        device.flash.cut_in_step(cut);
        const mote_status status = device.start();
        if (!device.flash.is_off()) {
            REQUIRE(status == MOTE_OK);
            /* A read that turns out otherwise may make a start do less. */
            const uint32_t found = device.newest();
            check_start(device, found, found);
        } else {
            check_start(device, complete, writing);
        }
    }
    device.restore(after_cut);
}

/* A device that is started and saves, over and over, while the power is cut at any time. */
class Life {
  public:
    explicit Life(const Run &run) : run_(run), device_(run.geometry, run.sizes, 3), random_(5) {}

    void wear_out() {
        if (run_.worn != no_sector) device_.flash.wear_out(run_.worn, Wear::Refuses);
    }

    /* What is found is told, and nothing else from then on. */
    void start() {
        device_.flash.power_on();
        if (random_.below(2) == 0) {
            const Device::Snapshot before = device_.snapshot();
            (void)device_.start();
            const uint64_t cut = drawn_step();
            device_.restore(before);
            device_.flash.cut_in_step(cut);
        }
        const mote_status status = device_.start();
        if (device_.flash.is_off()) return;
        REQUIRE(status == MOTE_OK);
        const uint32_t found = device_.newest();
        REQUIRE(device_.fault() == "");
        REQUIRE((found == told_ || (writing_ != 0 && found == writing_)));
        told_ = found;
        writing_ = 0;
    }

    void save_some() {
        for (uint32_t saves = random_.below(3); saves > 0 && !device_.flash.is_off(); --saves) {
            device_.flash.power_on();
            if (random_.below(2) == 0) {
                const Device::Snapshot before = device_.snapshot();
                REQUIRE(device_.save(number_ + 1) == MOTE_OK);
                const uint64_t cut = drawn_step();
                device_.restore(before);
                device_.flash.cut_in_step(cut);
            }
            ++number_;
            const mote_status status = device_.save(number_);
            (status == MOTE_OK ? told_ : writing_) = number_;
            REQUIRE((status == MOTE_OK || device_.flash.is_off()));
        }
    }

    uint32_t misuses() const { return device_.flash.misuses(); }

  private:
    /* Of those that were just made: any, or one of the last few operations, where marks are programmed. */
    uint64_t drawn_step() {
        const std::vector<uint64_t> &operations = device_.flash.operations();
        if (device_.flash.steps() == 0) return NorFlash::never;
        if (random_.below(2) == 0) return random_.next() % device_.flash.steps();
        const size_t last = std::min<size_t>(operations.size(), 4);
        return operations[operations.size() - 1 - random_.below(static_cast<uint32_t>(last))] + random_.below(2);
    }

    const Run &run_;
    Device device_;
    Random random_;
    uint32_t told_ = 0, number_ = 0, writing_ = 0;
};

struct Extent {
    uint32_t saves, byte_stride, random_cuts;
};

void run_all(const Run &run, const Extent &extent) {
    INFO(std::string(run.name));
    Device device(run.geometry, run.sizes, 7);
    if (run.worn != no_sector) device.flash.wear_out(run.worn, Wear::StaysDirty);
    Random random(11);
    REQUIRE(device.start() == MOTE_OK);
    for (uint32_t number = 1; number <= extent.saves; ++number) {
        INFO("record " << number);
        if (number % 5 == 0) REQUIRE(device.start() == MOTE_OK);
        device.flash.power_on();
        const Device::Snapshot before = device.snapshot();
        REQUIRE(device.save(number) == MOTE_OK);
        const uint64_t steps = device.flash.steps();
        std::set<uint64_t> cuts(device.flash.operations().begin(), device.flash.operations().end());
        for (uint64_t cut = number % extent.byte_stride; cut < steps; cut += extent.byte_stride) cuts.insert(cut);
        for (const uint64_t cut : cuts) {
            INFO("cut in step " << cut << " of " << steps);
            device.restore(before);
            device.flash.cut_in_step(cut);
            REQUIRE(device.save(number) != MOTE_OK);
            cut_recovery(device, number - 1, number, extent.random_cuts, random);
            check_start(device, number - 1, number);
        }
        device.restore(before);
        REQUIRE(device.save(number) == MOTE_OK);
    }
}

} // namespace

TEST_CASE("the power may be cut in any byte of a save, and again while the journal is opened") {
    const Extent extent = takes_long() ? Extent{200, 1, 100} : Extent{12, 61, 2};
    for (const Run &run : runs) run_all(run, extent);
}

TEST_CASE("the power may be cut any number of times") {
    const uint32_t rounds = takes_long() ? 200000 : 3000;
    for (const Run &run : runs) {
        INFO(std::string(run.name));
        Life life(run);
        for (uint32_t round = 0; round < rounds; ++round) {
            INFO("round " << round);
            if (round == rounds / 3) life.wear_out();
            life.start();
            life.save_some();
            REQUIRE(life.misuses() == 0);
        }
    }
}
