#include "text.h"

#include "errors.h"
#include "text_encoding.h"
#include "utf8_text.h"

#include <algorithm>

namespace mote::cli {

namespace {

/* Of a file so much is read for a row of a batch. */
constexpr size_t block_bytes = 4096;
/* Beyond a block's own bytes, the rest of its last character and what tells whether its last CR is dropped. */
constexpr size_t bytes_beyond = 4;
constexpr size_t bytes_that_tell_encoding = 1u << 16;

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0u) == 0x80u; }

/* The bytes begin … end - 1 without the CR of each CR LF. */
void copy_without_cr(std::string_view bytes, size_t begin, size_t end, std::string &to) {
    to.clear();
    for (size_t i = begin; i < end; ++i)
        if (bytes[i] != '\r' || i + 1 >= bytes.size() || bytes[i + 1] != '\n') to += bytes[i];
}

} // namespace

void Text::add(const std::string &name, std::unique_ptr<TextBytes> bytes) {
    std::string room;
    const size_t size = bytes->size();
    try {
        refuse_other_encoding(std::string(bytes->read(0, std::min(size, bytes_that_tell_encoding), room)));
    } catch (const Failure &failure) {
        throw Failure(name + ": " + failure.what());
    }
    pieces_.push_back({name, std::move(bytes), blocks_});
    blocks_ += (size + block_bytes - 1) / block_bytes;
}

bool Text::is_in_memory() const {
    return std::all_of(pieces_.begin(), pieces_.end(), [](const Piece &piece) { return piece.bytes->is_in_memory(); });
}

const Text::Piece &Text::piece_of(size_t block) const {
    /* Of pieces that begin with the same block all but the last are empty. */
    auto after = std::upper_bound(pieces_.begin(), pieces_.end(), block,
                                  [](size_t wanted, const Piece &piece) { return wanted < piece.first_block; });
    return *std::prev(after);
}

std::string Text::piece_name(size_t block) const { return pieces_.size() > 1 ? piece_of(block).name : ""; }

/* A character belongs to the block in which it begins. */
Text::Raw Text::raw_block(size_t index, std::string &room) const {
    const Piece &piece = piece_of(index);
    const size_t offset = (index - piece.first_block) * block_bytes, rest = piece.bytes->size() - offset;
    Raw raw{piece.bytes->read(offset, std::min(rest, block_bytes + bytes_beyond), room), 0,
            std::min(rest, block_bytes)};
    if (offset == 0 && raw.bytes.substr(0, 3) == "\xEF\xBB\xBF") raw.begin = 3;
    if (offset != 0)
        while (raw.begin < raw.end && continues(raw.bytes[raw.begin])) ++raw.begin;
    while (raw.end < raw.bytes.size() && continues(raw.bytes[raw.end])) ++raw.end;
    return raw;
}

std::string_view Text::block(size_t index, std::string &room) const {
    const Raw raw = raw_block(index, room);
    const std::string_view own = raw.bytes.substr(raw.begin, raw.end - raw.begin);
    const bool ends_piece = index + 1 < blocks_ && begins_piece(index + 1);
    const bool lacks_end = ends_piece && (own.empty() || own.back() != '\n');
    if (!lacks_end && own.find('\r') == std::string_view::npos) return own;
    std::string kept;
    copy_without_cr(raw.bytes, raw.begin, raw.end, kept);
    if (lacks_end) kept += '\n';
    room.swap(kept);
    return room;
}

void Text::refuse(size_t block) const {
    const Piece &piece = piece_of(block);
    std::string room;
    Place place{1, 1};
    for (size_t i = piece.first_block; i < block; ++i) {
        const Raw raw = raw_block(i, room);
        move_place(place, raw.bytes.substr(raw.begin, raw.end - raw.begin));
    }
    const Raw raw = raw_block(block, room);
    const std::string_view own = raw.bytes.substr(raw.begin, raw.end - raw.begin);
    const size_t at = utf8_bytes(own), offset = (block - piece.first_block) * block_bytes + raw.begin + at;
    move_place(place, own.substr(0, at));
    throw Failure(piece.name + ": " + not_utf8_text(offset, place, static_cast<unsigned char>(own[at])));
}

} // namespace mote::cli
