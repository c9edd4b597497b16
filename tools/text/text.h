#pragma once

#include "text_bytes.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mote::cli {

/* A text of one or several pieces, read in blocks of whole characters: without byte order marks, lines ended by LF. A
 * piece that does not end its last line is followed by an LF, unless it is the last one. Several threads may read at
 * once. */
class Text {
  public:
    void add(const std::string &name, std::unique_ptr<TextBytes> bytes);

    size_t blocks() const { return blocks_; }
    bool is_in_memory() const;
    /* Valid until `room`, which may hold it, changes. */
    std::string_view block(size_t index, std::string &room) const;

    /* Of several pieces, the name of that of the block; else empty. */
    std::string piece_name(size_t block) const;
    bool begins_piece(size_t block) const { return piece_of(block).first_block == block; }
    /* Throws Failure, which tells the byte of the block that is not UTF-8. */
    [[noreturn]] void refuse(size_t block) const;

  private:
    struct Piece {
        std::string name;
        std::unique_ptr<TextBytes> bytes;
        size_t first_block;
    };
    /* What a block is made of: the bytes begin … end - 1 of `bytes`, and what follows them. */
    struct Raw {
        std::string_view bytes;
        size_t begin, end;
    };

    const Piece &piece_of(size_t block) const;
    Raw raw_block(size_t index, std::string &room) const;

    std::vector<Piece> pieces_;
    size_t blocks_ = 0;
};

} // namespace mote::cli
