#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mote::cli {

/* A text as tokens, read where they are needed. Several threads may read at once. */
class Tokens {
  public:
    Tokens() = default;
    virtual ~Tokens() = default;
    Tokens(const Tokens &) = delete;
    Tokens &operator=(const Tokens &) = delete;

    virtual size_t count() const = 0;
    /* The tokens first … first + count - 1, all below count(). Throws Failure where the text cannot be read. */
    virtual void read(size_t first, size_t count, uint16_t *to) const = 0;
};

class TokensInMemory final : public Tokens {
  public:
    explicit TokensInMemory(std::vector<uint16_t> tokens) : tokens_(std::move(tokens)) {}
    size_t count() const override { return tokens_.size(); }
    void read(size_t first, size_t count, uint16_t *to) const override;
    const std::vector<uint16_t> &all() const { return tokens_; }

  private:
    std::vector<uint16_t> tokens_;
};

/* A stretch of tokens that somebody else holds. */
struct TokenView {
    const Tokens *tokens;
    size_t first, count;

    static TokenView of(const Tokens &tokens) { return {&tokens, 0, tokens.count()}; }
    void read(size_t at, size_t length, uint16_t *to) const { tokens->read(first + at, length, to); }
    /* All of them, in memory. */
    std::vector<uint16_t> all() const;
};

/* As many tokens as it takes to predict `limit` characters; 0, or no more than there are: all. */
TokenView beginning_of(TokenView text, uint32_t limit);

} // namespace mote::cli
