#include "nor_flash.h"

#include <algorithm>
#include <cstring>

namespace mote_test {

namespace {

constexpr uint32_t erase_stages = 8;
constexpr uint32_t always = 65536; /* chances are of so many */

NorFlash &flash_of(void *user) { return *static_cast<NorFlash *>(user); }

} // namespace

NorFlash::NorFlash(const Geometry &geometry, uint64_t seed)
    : bytes(size_t{geometry.sectors} * geometry.sector_bytes, 0xff), geometry_(geometry), random_(seed),
      unstable_(bytes.size()), states_(bytes.size() / geometry.word), programmed_(bytes.size() / geometry.word),
      erases_(geometry.sectors), wear_(geometry.sectors) {}

mote_flash NorFlash::description() {
    return {
        geometry_.sectors, geometry_.sector_bytes, geometry_.word, geometry_.ecc ? 1u : 0u, this, read, program, erase};
}

void NorFlash::cut_in_step(uint64_t step) { cut_ = step == never ? never : steps_ + step; }

void NorFlash::power_on() {
    off_ = false;
    cut_ = never;
    steps_ = 0;
    operations_.clear();
}

void NorFlash::make_unreadable(uint32_t address) {
    std::fill(states_.begin() + address / geometry_.word, states_.end(), WordState::Unreadable);
}

bool NorFlash::takes_step() {
    if (steps_++ == cut_) off_ = true;
    return !off_;
}

/* Each bit with a chance. */
uint8_t NorFlash::some_bits(uint32_t chance) {
    uint8_t bits = 0;
    for (uint32_t bit = 0; bit < 8; ++bit)
        if (random_.below(always) < chance) bits = static_cast<uint8_t>(bits | 1u << bit);
    return bits;
}

mote_status NorFlash::read_word(uint32_t word, uint8_t *result) {
    const uint32_t size = geometry_.word, at = word * size;
    WordState state = states_[word];
    if (state == WordState::Unstable) {
        const uint32_t luck = random_.below(3);
        if (luck == 0) std::memset(result, 0xff, size);
        if (luck == 0) return MOTE_OK;
        state = luck == 1 ? WordState::Good : WordState::Unreadable;
    }
    if (state == WordState::Unreadable) return MOTE_ERR_READ;
    for (uint32_t i = 0; i < size; ++i) {
        uint8_t byte = bytes.data()[at + i];
        if (unstable_[at + i] != 0) byte = static_cast<uint8_t>(byte ^ (unstable_[at + i] & some_bits(always / 2)));
        result[i] = byte;
    }
    return MOTE_OK;
}

mote_status NorFlash::read(void *user, uint32_t address, void *result, uint32_t count) {
    NorFlash &flash = flash_of(user);
    if (flash.off_) return MOTE_ERR_WRITE;
    if (flash.read_failure_ != MOTE_OK) return flash.read_failure_;
    if (address > flash.bytes.size() || count > flash.bytes.size() - address) {
        ++flash.misuses_;
        return MOTE_ERR_ARG;
    }
    const uint32_t size = flash.geometry_.word;
    mote_status status = MOTE_OK;
    for (uint32_t at = address, end = address + count; at < end;) {
        uint8_t word[16];
        const uint32_t inside = at % size, taken = std::min(size - inside, end - at);
        if (flash.read_word(at / size, word) != MOTE_OK) status = MOTE_ERR_READ;
        std::memcpy(static_cast<uint8_t *>(result) + (at - address), word + inside, taken);
        at += taken;
    }
    return status;
}

void NorFlash::program_word(uint32_t word, const uint8_t *source) {
    for (uint32_t i = 0, at = word * geometry_.word; i < geometry_.word; ++i) {
        bytes.data()[at + i] = static_cast<uint8_t>(bytes.data()[at + i] & source[i]);
        unstable_[at + i] = static_cast<uint8_t>(unstable_[at + i] & source[i]);
    }
}

bool NorFlash::may_program(uint32_t word, const uint8_t *source) const {
    if (programmed_[word] != Programmed::Cut || geometry_.ecc) return programmed_[word] == Programmed::No;
    for (uint32_t i = 0, at = word * geometry_.word; i < geometry_.word; ++i)
        if (((~bytes.data()[at + i] | unstable_[at + i]) & source[i]) != 0) return false;
    return true;
}

/* Any of the bits are programmed, and any of the others, or of these, unstable. */
void NorFlash::cut_word(uint32_t word, const uint8_t *source) {
    static constexpr uint32_t chances[] = {0, always / 8, always / 2, always - always / 8, always};
    const uint32_t done = chances[random_.below(5)], shaky = chances[random_.below(3)];
    if (geometry_.ecc) {
        const uint32_t luck = random_.below(4);
        if (luck != 0) program_word(word, source);
        if (luck > 1) states_[word] = luck == 2 ? WordState::Unreadable : WordState::Unstable;
        return;
    }
    for (uint32_t i = 0, at = word * geometry_.word; i < geometry_.word; ++i) {
        const uint8_t wanted = static_cast<uint8_t>(~source[i]);
        const uint8_t cleared = static_cast<uint8_t>(wanted & some_bits(done));
        bytes.data()[at + i] = static_cast<uint8_t>(bytes.data()[at + i] & ~cleared);
        unstable_[at + i] = static_cast<uint8_t>(unstable_[at + i] | (wanted & some_bits(shaky)));
    }
}

mote_status NorFlash::program(void *user, uint32_t address, const void *source, uint32_t count) {
    NorFlash &flash = flash_of(user);
    if (flash.off_) return MOTE_ERR_WRITE;
    if (flash.programs_fail_) return MOTE_ERR_WRITE;
    const uint32_t size = flash.geometry_.word;
    if (address % size != 0 || count % size != 0 || count == 0 || address > flash.bytes.size() ||
        count > flash.bytes.size() - address) {
        ++flash.misuses_;
        return MOTE_ERR_ARG;
    }
    flash.operations_.push_back(flash.steps_);
    const uint8_t *next = static_cast<const uint8_t *>(source);
    for (uint32_t word = address / size; word < (address + count) / size; ++word, next += size) {
        if (!flash.may_program(word, next)) ++flash.misuses_;
        flash.programmed_[word] = Programmed::Whole;
        for (uint32_t i = 0; i < size; ++i)
            if (!flash.takes_step()) {
                flash.programmed_[word] = Programmed::Cut;
                flash.cut_word(word, next);
                return MOTE_ERR_WRITE;
            }
        flash.program_word(word, next);
    }
    return MOTE_OK;
}

/* A chance for each bit to be erased, and half of it to be unstable. */
void NorFlash::cut_erase_of_word(uint32_t word, uint32_t chance) {
    const uint32_t size = geometry_.word;
    if (geometry_.ecc && random_.below(always) < 8 * size * chance)
        states_[word] = static_cast<WordState>(random_.below(3));
    for (uint32_t at = word * size; at < (word + 1) * size; ++at) {
        const uint8_t old = static_cast<uint8_t>(~bytes.data()[at]), changed = some_bits(chance);
        bytes.data()[at] = static_cast<uint8_t>(bytes.data()[at] | (old & changed));
        if (!geometry_.ecc) unstable_[at] = static_cast<uint8_t>(unstable_[at] | (old & some_bits(chance / 2)));
    }
}

/* The first stages change nothing or few bits, the last leave few or none; some flash programs all bits first. */
void NorFlash::cut_erase(uint32_t sector, uint64_t stage) {
    const uint32_t words = geometry_.sector_bytes / geometry_.word, first = sector * words;
    static constexpr uint32_t chances[erase_stages] = {0, 4, 64, always / 64, always / 2, always - 64, always, 0};
    const bool noise = stage == erase_stages - 1;
    for (uint32_t word = first; word < first + words; ++word) {
        programmed_[word] = Programmed::Whole;
        if (!noise) cut_erase_of_word(word, chances[stage]);
        for (uint32_t at = word * geometry_.word; noise && at < (word + 1) * geometry_.word; ++at)
            bytes.data()[at] = some_bits(always / 2);
    }
}

mote_status NorFlash::erase(void *user, uint32_t sector) {
    NorFlash &flash = flash_of(user);
    if (flash.off_) return MOTE_ERR_WRITE;
    if (sector >= flash.geometry_.sectors) {
        ++flash.misuses_;
        return MOTE_ERR_ARG;
    }
    flash.operations_.push_back(flash.steps_);
    ++flash.erases_[sector];
    if (flash.wear_[sector] == Wear::Refuses) return MOTE_ERR_WRITE;
    for (uint64_t stage = 0; stage < erase_stages; ++stage)
        if (!flash.takes_step()) {
            flash.cut_erase(sector, stage);
            return MOTE_ERR_WRITE;
        }
    if (flash.wear_[sector] == Wear::StaysDirty) {
        flash.cut_erase(sector, 4);
        const size_t last = (size_t{sector} + 1) * flash.geometry_.sector_bytes - 1;
        flash.bytes.data()[last] = 0x7f;
        flash.unstable_[last] = 0;
        return MOTE_OK;
    }
    const uint32_t size = flash.geometry_.sector_bytes, begin = sector * size, words = size / flash.geometry_.word;
    std::memset(flash.bytes.data() + begin, 0xff, size);
    std::memset(flash.unstable_.data() + begin, 0, size);
    std::fill_n(flash.states_.begin() + sector * words, words, WordState::Good);
    std::fill_n(flash.programmed_.begin() + sector * words, words, Programmed::No);
    return MOTE_OK;
}

} // namespace mote_test
