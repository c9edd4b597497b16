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

// Of the codes that begin with the same bytes, 1 or 256 or … of them.
template <typename Codes> constexpr Codes half_of(Codes codes) { return (codes + 1) / 2; }

// The code is a fraction whose digits are bytes: those known so far, then 32 bits at which the range begins.
class RangeEncoder {
  public:
    RangeEncoder(uint8_t *bytes, size_t capacity) : bytes_(bytes), capacity_(capacity) {}

    // False: it takes more bytes than there are.
    bool encode(const Share &share);
    // Ends with the fewest bytes, behind which a decoder reads zeros. False as above.
    bool finish();
    // Where a share begins in the range, and where the range ends: below 2^33.
    uint64_t start_of(uint32_t first, uint32_t bits) const { return low_ + uint64_t{range_ >> bits} * first; }
    uint64_t end_of_range() const { return uint64_t{low_} + range_; }
    uint64_t start_of_range() const { return low_; }
    // Ends with the first `tail` bytes of a code of 33 bits of the range, where these bytes are told from a packet that
    // is not coded (is_coded()), else changes nothing. False: they are not, or as above.
    bool end_with(uint64_t code, uint32_t tail, uint32_t check_bytes);
    // Ends with a code of the range and bytes that tell. False as above.
    bool end_with_mark(uint64_t code, uint32_t check_bytes);
    size_t count() const { return count_; }

  private:
    void carry();
    void take_carry_back();
    size_t write_tail(uint64_t code, uint32_t tail);

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
    // Whether the code stays in the share where half of what the bytes leave open is added: FORMAT.md, "The end".
    bool is_sure(const Share &share) const;

  private:
    uint32_t next_byte();

    const uint8_t *bytes_;
    size_t count_, at_ = 0;
    uint32_t unknown_ = 0; // bytes read behind the last one, which give zeros
    uint32_t code_ = 0, range_ = kWholeRange, unit_ = 0;
};

} // namespace mote

#endif
