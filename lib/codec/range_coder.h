// A range coder (Martin 1979) in integers of 32 bits: FORMAT.md, "The coder".
#ifndef MOTE_RANGE_CODER_H
#define MOTE_RANGE_CODER_H

#include "mote.h"
#include "port.h"

namespace mote {

// first … first + size - 1 of 2^bits.
struct Share {
    uint32_t first, size, bits;
};

constexpr uint32_t kWholeRange = 0xff000000u; // so that no coded packet begins with 0xff
constexpr uint32_t kLeastRange = 0x01000000u; // below it, a byte is known

// The code is a fraction whose digits are bytes: those known so far, then 32 bits at which the range begins.
class RangeEncoder {
  public:
    RangeEncoder(uint8_t *bytes, size_t capacity) : bytes_(bytes), capacity_(capacity) {}

    // False: it takes more bytes than there are.
    bool encode(const Share &share);
    // Ends with the fewest bytes. False as above.
    bool finish();
    // The same, such that they are told from a packet that is not coded (is_coded()).
    bool finish_packet(uint32_t check_bytes);
    size_t count() const { return count_; }

  private:
    void carry();
    void take_carry_back();
    size_t write_tail(uint64_t code, uint32_t tail);
    bool end_with(uint64_t code, uint32_t tail, uint32_t check_bytes);
    bool end_with_mark(uint32_t check_bytes);

    uint8_t *bytes_;
    size_t capacity_, count_ = 0;
    uint32_t low_ = 0, range_ = kWholeRange;
};

class RangeDecoder {
  public:
    RangeDecoder(const uint8_t *bytes, size_t count);

    // The place of the code among 2^bits; more than that, where no encoder would have put it. take() comes next.
    uint32_t place(uint32_t bits);
    void take(const Share &share);

  private:
    uint32_t next_byte() { return at_ < count_ ? bytes_[at_++] : 0; }

    const uint8_t *bytes_;
    size_t count_, at_ = 0;
    uint32_t code_ = 0, range_ = kWholeRange, unit_ = 0;
};

} // namespace mote

#endif
