/* A device that saves numbered records in a simulated flash, and what a start finds of them. */
#ifndef MOTE_TESTS_DEVICE_H
#define MOTE_TESTS_DEVICE_H

#include "nor_flash.h"

#include <string>
#include <vector>

namespace mote_test {

/* The bytes of a record by its number, 1 and more. */
std::vector<uint8_t> record_of(uint32_t number, uint32_t bytes);

/* How long the records of a run are: `least` to `most` bytes. */
struct Sizes {
    uint32_t least, most;
    uint32_t of(uint32_t number) const;
};

class Device {
  public:
    Device(const Geometry &geometry, const Sizes &sizes, uint64_t seed);

    /* Opens the journal, as a start of the device does. */
    mote_status start();
    mote_status save(uint32_t number);
    /* The number of the newest record, whose bytes are looked at; 0: there is none. */
    uint32_t newest();
    /* What is wrong with what was found; empty: nothing. */
    const std::string &fault() const { return fault_; }

    NorFlash flash;
    mote_journal *journal = nullptr;

    /* Flash and RAM as they are now, and back to them. */
    struct Snapshot {
        NorFlash flash;
        Buffer memory;
        size_t used;
        mote_journal *journal;
    };
    Snapshot snapshot() const { return {flash, arena_.memory, arena_.arena.used, journal}; }
    void restore(const Snapshot &snapshot);

  private:
    Sizes sizes_;
    Arena arena_;
    std::string fault_;
};

} // namespace mote_test

#endif
