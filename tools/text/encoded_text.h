#pragma once

#include "mote.h"
#include "text.h"
#include "tokens.h"

#include <memory>
#include <string>
#include <vector>

namespace mote::cli {

/* The tokens of a text, encoded where they are read. */
class EncodedText final : public Tokens {
  public:
    /* `ends`: of each block, the characters up to its end. `spelled`: characters that the vocabulary lacks are spelled
     * by byte tokens, which it has. `name` is the corpus's, for messages. */
    EncodedText(std::shared_ptr<const Text> text, std::vector<size_t> ends, const mote_vocab &vocab, bool spelled,
                std::string name);

    size_t count() const override { return ends_.empty() ? 0 : ends_.back(); }
    void read(size_t first, size_t count, uint16_t *to) const override;

  private:
    mote_vocab vocab() const { return {code_points_.data(), static_cast<uint32_t>(code_points_.size()), boundary_}; }

    std::shared_ptr<const Text> text_;
    std::vector<size_t> ends_; /* of each block, the tokens up to its end */
    std::vector<uint32_t> code_points_;
    uint32_t boundary_;
    bool spelled_;
    std::string name_;
};

} // namespace mote::cli
