#include "range_coder.h"

#include "packet.h"

namespace mote {

bool RangeEncoder::encode(const Share &share) {
    const uint32_t unit = range_ >> share.bits, start = low_ + unit * share.first;
    if (start < low_) carry();
    low_ = start;
    range_ = unit * share.size;
    for (; range_ < kLeastRange; range_ <<= 8, low_ <<= 8) {
        if (count_ == capacity_) return false;
        bytes_[count_++] = static_cast<uint8_t>(low_ >> 24);
    }
    return true;
}

// The code is below 0xff000000 / 2^32, so a carry ends before the first byte does.
void RangeEncoder::carry() {
    for (size_t i = count_; i-- > 0 && ++bytes_[i] == 0;) {
    }
}

void RangeEncoder::take_carry_back() {
    for (size_t i = count_; i-- > 0 && bytes_[i]-- == 0;) {
    }
}

// Bytes behind the last one read as 0, so those are left out.
bool RangeEncoder::finish() {
    const uint64_t end = uint64_t{low_} + range_;
    uint32_t tail = 0;
    uint64_t least = 0;
    for (;; ++tail) {
        const uint64_t digit = uint64_t{1} << (32 - 8 * tail);
        least = (low_ + digit - 1) & ~(digit - 1);
        if (least < end) break; // at the latest where the digit is 1
    }
    if (capacity_ - count_ < tail) return false;
    count_ = write_tail(least, tail);
    while (count_ > 0 && bytes_[count_ - 1] == 0) --count_;
    return true;
}

// The first `tail` bytes of a code of 33 bits, behind those known. How many there are then.
size_t RangeEncoder::write_tail(uint64_t code, uint32_t tail) {
    if (code >> 32 != 0) carry();
    size_t count = count_;
    for (uint32_t i = 0; i < tail; ++i) bytes_[count++] = static_cast<uint8_t>(code >> (24 - 8 * i));
    return count;
}

bool RangeEncoder::end_with(uint64_t code, uint32_t tail, uint32_t check_bytes) {
    if (capacity_ - count_ < tail) return false;
    const size_t count = write_tail(code, tail);
    if (is_coded(bytes_, count, check_bytes)) {
        count_ = count;
        return true;
    }
    if (code >> 32 != 0) take_carry_back();
    return false;
}

// Behind all bits of a code anything may follow. 0xff is in no UTF-8, and the last bytes are not looked at.
bool RangeEncoder::end_with_mark(uint64_t code, uint32_t check_bytes) {
    if (capacity_ - count_ < size_t{5} + check_bytes) return false;
    count_ = write_tail(code, 4);
    bytes_[count_++] = 0xff;
    for (uint32_t i = 0; i < check_bytes; ++i) bytes_[count_++] = 0;
    return true;
}

RangeDecoder::RangeDecoder(const uint8_t *bytes, size_t count) : bytes_(bytes), count_(count) {
    for (uint32_t i = 0; i < 4; ++i) code_ = code_ << 8 | next_byte();
}

uint32_t RangeDecoder::next_byte() {
    if (at_ < count_) return bytes_[at_++];
    ++unknown_;
    return 0;
}

// 4 bytes are in the code.
bool RangeDecoder::is_sure(const Share &share) const {
    return unknown_ < 4 && unit_ * (share.first + share.size) - code_ >= half_of(1u << (8 * unknown_));
}

uint32_t RangeDecoder::place(uint32_t bits) {
    unit_ = range_ >> bits;
    return code_ / unit_;
}

void RangeDecoder::take(const Share &share) {
    code_ -= unit_ * share.first;
    range_ = unit_ * share.size;
    for (; range_ < kLeastRange; range_ <<= 8) code_ = code_ << 8 | next_byte();
}

} // namespace mote
