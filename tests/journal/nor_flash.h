/* A NOR flash in memory, whose power can be cut at any step, and which then leaves what a real one may leave.
 *
 * An erase makes every byte of a sector 0xFF, programming clears bits, a word is programmed once. A step is a byte of a
 * program call, or one of some stages of an erase. Of a word whose programming was cut any bits are programmed, and
 * some read differently each time; with ECC it cannot be read, or can at times, as blank or as meant. A sector whose
 * erasing was cut is any mixture of old and erased bits, of which some are unstable, or noise. */
#ifndef MOTE_TESTS_NOR_FLASH_H
#define MOTE_TESTS_NOR_FLASH_H

#include "mote_journal.h"
#include "support.h"

#include <cstdint>
#include <vector>

namespace mote_test {

struct Geometry {
    uint32_t sectors, sector_bytes, word;
    bool ecc;
};

enum class Wear { None, Refuses, StaysDirty };

class NorFlash {
  public:
    NorFlash(const Geometry &geometry, uint64_t seed);

    /* What the journal is given; the flash has to stay where it is. */
    mote_flash description();

    static constexpr uint64_t never = UINT64_MAX;
    /* The power is cut in the step of this number, counted from now on; every callback fails from then on. */
    void cut_in_step(uint64_t step);
    bool is_off() const { return off_; }
    void power_on();
    uint64_t steps() const { return steps_; }
    /* At which step each program or erase began. */
    const std::vector<uint64_t> &operations() const { return operations_; }

    /* Calls that a flash would not forgive: a word programmed twice, or not as a whole. Without ECC the bits of one
     * that was cut may be programmed again, if all of them are. */
    uint32_t misuses() const { return misuses_; }
    const std::vector<uint32_t> &erases() const { return erases_; }
    void wear_out(uint32_t sector, Wear wear) { wear_[sector] = wear; }
    /* From now on no word at or behind this address can be read, or each read fails altogether. */
    void make_unreadable(uint32_t address);
    void fail_reads_with(mote_status status) { read_failure_ = status; }
    void fail_programs(bool fail) { programs_fail_ = fail; }

    Buffer bytes;

  private:
    enum class WordState : uint8_t { Good, Unreadable, Unstable };
    enum class Programmed : uint8_t { No, Cut, Whole };

    static mote_status read(void *user, uint32_t address, void *bytes, uint32_t count);
    static mote_status program(void *user, uint32_t address, const void *bytes, uint32_t count);
    static mote_status erase(void *user, uint32_t sector);
    mote_status read_word(uint32_t word, uint8_t *bytes);
    bool takes_step();
    bool may_program(uint32_t word, const uint8_t *source) const;
    void program_word(uint32_t word, const uint8_t *bytes);
    void cut_word(uint32_t word, const uint8_t *bytes);
    void cut_erase(uint32_t sector, uint64_t stage);
    void cut_erase_of_word(uint32_t word, uint32_t chance);
    uint8_t some_bits(uint32_t chance);

    Geometry geometry_;
    Random random_;
    std::vector<uint8_t> unstable_;      /* bits that read differently each time, of each byte */
    std::vector<WordState> states_;      /* of a flash with ECC */
    std::vector<Programmed> programmed_; /* words since the last whole erase */
    std::vector<uint32_t> erases_;
    std::vector<Wear> wear_;
    std::vector<uint64_t> operations_;
    uint64_t steps_ = 0, cut_ = never;
    uint32_t misuses_ = 0;
    mote_status read_failure_ = MOTE_OK;
    bool off_ = false, programs_fail_ = false;
};

} // namespace mote_test

#endif
