/* The frequencies and the coder of lib/codec/FORMAT.md, made from that page with arrays and 64-bit integers where the
 * library has neither. */
#ifndef MOTE_TESTS_FORMAT_READER_H
#define MOTE_TESTS_FORMAT_READER_H

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace mote_test {

/* The symbol that is seldom coded: token 0, or one behind the tokens. */
enum class RareSymbol { FIRST, BEHIND };

/* Where the numbers of each symbol begin, and 2^16. */
std::vector<uint64_t> first_numbers(const float *logits, uint32_t vocab, RareSymbol rare);

class FormatReader {
  public:
    explicit FormatReader(const std::string &body) : body_(body) {
        for (int i = 0; i < 4; ++i) shift();
    }
    /* The symbol whose numbers hold the place of the code, which is read. */
    size_t next(const std::vector<uint64_t> &numbers);
    /* The same, but with half of what the body leaves open added it might be another: then it is not read. */
    bool next_if_sure(const std::vector<uint64_t> &numbers, size_t *symbol);

  private:
    /* Half a digit behind the body is 0x80. */
    void shift() {
        const bool known = at_ < body_.size();
        code_ = code_ * 256 + (known ? static_cast<unsigned char>(body_[at_]) : 0u);
        open_ = known ? 1 : std::min(open_ * 256, uint64_t{1} << 40);
        ++at_;
    }

    std::string body_;
    size_t at_ = 0;
    uint64_t code_ = 0, open_ = 1,
             range_ = 0xff000000; /* open_: codes that the body leaves open, but no more than 2^40 */
};

} // namespace mote_test

#endif
