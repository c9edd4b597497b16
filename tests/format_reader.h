/* The frequencies and the coder of lib/codec/FORMAT.md, made from that page with arrays and 64-bit integers where the
 * library has neither. */
#ifndef MOTE_TESTS_FORMAT_READER_H
#define MOTE_TESTS_FORMAT_READER_H

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace mote_test {

/* The symbol behind the tokens. */
enum class FurtherSymbol { NONE, END, ESCAPE };

/* Where the numbers of each symbol begin, and 2^16. */
std::vector<uint64_t> first_numbers(const float *logits, uint32_t vocab, FurtherSymbol further);

class FormatReader {
  public:
    explicit FormatReader(const std::string &body) : body_(body) {
        for (int i = 0; i < 4; ++i) shift();
    }
    /* The symbol whose numbers hold the place of the code. */
    size_t next(const std::vector<uint64_t> &numbers);

  private:
    void shift() { code_ = code_ * 256 + (at_ < body_.size() ? static_cast<unsigned char>(body_[at_++]) : 0u); }

    std::string body_;
    size_t at_ = 0;
    uint64_t code_ = 0, range_ = 0xff000000;
};

} // namespace mote_test

#endif
