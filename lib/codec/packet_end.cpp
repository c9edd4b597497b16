#include "packet_end.h"

namespace mote {
namespace {

// The packets of a number of bytes that end in the encoder's range.
class Ends {
  public:
    Ends(RangeEncoder *encoder, uint32_t tail, uint32_t check_bytes)
        : encoder_(encoder), tail_(tail), check_bytes_(check_bytes), codes_(uint64_t{1} << (32 - 8 * tail)) {}

    // The first packet whose codes begin at `first` or behind it, but before `end`. Some are UTF-8: the last byte tries
    // all its values.
    bool within(uint64_t first, uint64_t end) {
        uint64_t start = (first + codes_ - 1) & ~(codes_ - 1);
        for (uint32_t tried = 0; tried < 256 && start < end; ++tried, start += codes_)
            if (try_at(start)) return true;
        return false;
    }
    // The last packet whose codes begin before `end`, where half of them reach beyond it.
    bool across(uint64_t end) {
        const uint64_t start = (end - 1) & ~(codes_ - 1);
        return start + half_of(codes_) > end && try_at(start);
    }

  private:
    bool try_at(uint64_t start) {
        if (start < encoder_->start_of_range() || start + half_of(codes_) > encoder_->end_of_range()) return false;
        return encoder_->end_with(start, tail_, check_bytes_);
    }

    RangeEncoder *encoder_;
    uint32_t tail_, check_bytes_;
    uint64_t codes_; // that begin with the bytes of one packet
};

// A symbol of which a decoder would not be sure is not in the packet.
bool end_between_symbols(const RangeEncoder &encoder, const Frequencies &next, Ends ends) {
    uint32_t before = 0;
    for (uint32_t symbol = 0; symbol < next.symbols(); ++symbol) {
        before += next.weight(symbol);
        if (ends.across(encoder.start_of(next.first_of(symbol + 1, before), Frequencies::kBits))) return true;
    }
    return false;
}

} // namespace

bool end_packet(RangeEncoder *encoder, const Frequencies &next, uint32_t check_bytes) {
    const Share end = next.share(next.rare());
    const uint64_t first = encoder->start_of(end.first, end.bits);
    for (uint32_t tail = 1; tail <= 4; ++tail) {
        Ends ends(encoder, tail, check_bytes);
        if (ends.within(first, encoder->start_of(end.first + end.size, end.bits))) return true;
        if (end_between_symbols(*encoder, next, ends)) return true;
    }
    return encoder->end_with_mark(first, check_bytes);
}

} // namespace mote
