#include "encoded_text.h"

#include "byte_tokens.h"
#include "errors.h"
#include "text_scan.h"
#include "utf8_text.h"

#include <algorithm>

namespace mote::cli {

namespace {

/* Where the characters behind the first `count` begin. `all`: how many the text has. */
size_t offset_behind(std::string_view text, size_t count, size_t all) {
    if (text.size() == all) return count;
    size_t at = 0;
    for (; count > 0 && at < text.size(); --count) at = start_of_character(text, at + 1);
    return at;
}

} // namespace

EncodedText::EncodedText(std::shared_ptr<const Text> text, std::vector<size_t> ends, const mote_vocab &vocab,
                         bool spelled, std::string name)
    : text_(std::move(text)), ends_(std::move(ends)), code_points_(vocab.code_points, vocab.code_points + vocab.count),
      boundary_(vocab.boundary), spelled_(spelled), name_(std::move(name)) {
    if (!spelled) return;
    auto count = [&](size_t, size_t block, std::string_view characters) {
        ends_[block] = count_code_points(with_byte_tokens(std::string(characters), vocab));
    };
    for_each_block(*text_, workers_for(*text_), count, [] {});
    add_up(ends_);
}

void EncodedText::read(size_t first, size_t count, uint16_t *to) const {
    thread_local std::string room, spelled;
    auto block = static_cast<size_t>(std::upper_bound(ends_.begin(), ends_.end(), first) - ends_.begin());
    const mote_vocab vocabulary = vocab();
    for (; count > 0; ++block) {
        const size_t start = block > 0 ? ends_[block - 1] : 0, all = ends_[block] - start;
        std::string_view text = text_->block(block, room);
        if (spelled_) text = spelled = with_byte_tokens(std::string(text), vocabulary);
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
