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
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

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
    const std::string_view first = bytes->read(0, std::min(size, bytes_that_tell_encoding), room);
    const bool has_characters =
        size > (first.substr(0, byte_order_mark.size()) == byte_order_mark ? byte_order_mark.size() : 0);
    try {
        refuse_other_encoding(std::string(first));
    } catch (const Failure &failure) {
        throw Failure(name + ": " + failure.what());
    }
    pieces_.push_back({name, std::move(bytes), blocks_, has_characters});
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
    if (offset == 0 && raw.bytes.substr(0, byte_order_mark.size()) == byte_order_mark)
        raw.begin = byte_order_mark.size();
    if (offset != 0)
        while (raw.begin < raw.end && continues_character(raw.bytes[raw.begin])) ++raw.begin;
    while (raw.end < raw.bytes.size() && continues_character(raw.bytes[raw.end])) ++raw.end;
    return raw;
}

std::string_view Text::block(size_t index, std::string &room) const {
    const Raw raw = raw_block(index, room);
    const std::string_view own = raw.bytes.substr(raw.begin, raw.end - raw.begin);
    const bool ends_piece = index + 1 < blocks_ && begins_piece(index + 1);
    const bool lacks_end = ends_piece && piece_of(index).has_characters && (own.empty() || own.back() != '\n');
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
    const size_t at = utf8_bytes(own);
    if (at == own.size())
        throw Failure(piece.name + ": has changed while it was read; leave it as it is until mote has ended");
    const size_t offset = (block - piece.first_block) * block_bytes + raw.begin + at;
    move_place(place, own.substr(0, at));
    throw Failure(piece.name + ": " + not_utf8_text(offset, place, static_cast<unsigned char>(own[at])));
}

} // namespace mote::cli
