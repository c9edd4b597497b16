#pragma once

#include "character_counts.h"
#include "text.h"

#include <functional>
#include <vector>

namespace mote::cli {

/* What one reading of a whole text tells. */
struct TextScan {
    std::vector<CharacterCount> characters; /* by their code points */
    std::vector<size_t> ends;               /* of each block: the characters up to its end */
    uint64_t hash;                          /* FNV-1a of all blocks */
};

/* Long texts are read by several threads. Throws Failure where the text is not UTF-8. */
TextScan scan(const Text &text);

/* Calls `work(worker, block, characters)` for each block of the text, by several threads where there are many, each of
 * which is a worker 0 … workers - 1; `meanwhile`, once in this thread. Throws on what any of these throws. */
using BlockWork = std::function<void(size_t worker, size_t block, std::string_view characters)>;
size_t workers_for(const Text &text);
void for_each_block(const Text &text, size_t workers, const BlockWork &work, const std::function<void()> &meanwhile);

/* From how many characters, or tokens, each block has: how many there are up to its end. */
void add_up(std::vector<size_t> &counts);

} // namespace mote::cli
