#include "encoded_text.h"

#include "byte_tokens.h"
#include "errors.h"
#include "text_scan.h"
#include "utf8_text.h"

#include <algorithm>
#include <array>
#include <atomic>

namespace mote::cli {

namespace {

/* Where the characters behind the first `count` begin. `all`: how many the text has. */
size_t offset_behind(std::string_view text, size_t count, size_t all) {
    constexpr size_t at_once = 64; /* bytes that are counted together */
    if (text.size() == all) return count;
    size_t at = 0;
    for (; at + at_once <= text.size(); at += at_once) {
        size_t begun = 0;
        for (size_t i = 0; i < at_once; ++i) begun += continues_character(text[at + i]) ? 0 : 1;
        if (begun > count) break;
        count -= begun;
    }
    for (; at < text.size(); ++at) {
        if (continues_character(text[at])) continue;
        if (count == 0) break;
        --count;
    }
    return at;
}

/* A block that was read lately: of rows that go on through a text, the next characters are mostly in the same one. */
struct LateBlock {
    uint64_t owner = 0; /* 0: none */
    size_t index = 0;
    std::string room;
    std::string_view text;
};

/* A batch has some dozens of rows; the multiplication spreads them, however they lie. */
LateBlock &place_for(size_t index) {
    constexpr unsigned bits = 8;
    thread_local std::array<LateBlock, 1u << bits> blocks;
    return blocks[static_cast<size_t>(uint64_t{index} * 0x9E3779B97F4A7C15u >> (64 - bits))];
}

std::atomic<uint64_t> last_number{0};

} // namespace

EncodedText::EncodedText(std::shared_ptr<const Text> text, std::vector<size_t> ends, const mote_vocab &vocab,
                         bool spelled, std::string name)
    : text_(std::move(text)), ends_(std::move(ends)), code_points_(vocab.code_points, vocab.code_points + vocab.count),
      boundary_(vocab.boundary), spelled_(spelled), name_(std::move(name)), number_(++last_number) {
    if (!spelled) return;
    auto count = [&](size_t, size_t block, std::string_view characters) {
        ends_[block] = count_code_points(with_byte_tokens(std::string(characters), vocab));
    };
    for_each_block(*text_, workers_for(*text_), count, [] {});
    add_up(ends_);
}

std::string_view EncodedText::block(size_t index) const {
    LateBlock &late = place_for(index);
    if (late.owner == number_ && late.index == index) return late.text;
    late.owner = 0; /* until it is read */
    late.text = text_->block(index, late.room);
    if (spelled_) late.text = late.room = with_byte_tokens(std::string(late.text), vocab());
    late.owner = number_;
    late.index = index;
    return late.text;
}

void EncodedText::read(size_t first, size_t count, uint16_t *to) const {
    auto index = static_cast<size_t>(std::upper_bound(ends_.begin(), ends_.end(), first) - ends_.begin());
    const mote_vocab vocabulary = vocab();
    for (; count > 0; ++index) {
        const size_t start = index > 0 ? ends_[index - 1] : 0, all = ends_[index] - start;
        const std::string_view text = block(index);
        const size_t before = first - start, wanted = std::min(count, all - before);
        const size_t begin = offset_behind(text, before, all);
        const size_t length = offset_behind(text.substr(begin), wanted, all - before);
        size_t done = 0;
        const mote_status status = mote_encode(&vocabulary, text.data() + begin, length, to, wanted, &done);
        if (status != MOTE_OK || done != wanted)
            throw Failure(name_ + ": has changed while it was read; leave it as it is until mote has ended");
        first += wanted;
        to += wanted;
        count -= wanted;
    }
}

} // namespace mote::cli
