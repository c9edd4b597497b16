#pragma once

#include "item_order.h"
#include "run_record.h"
#include "tokens.h"

#include <memory>
#include <optional>

namespace mote::cli {

enum Part : uint32_t { TRAIN = 0, DEV = 1, TEST = 2 };
const char *part_name(Part part);

/* The tokens of a corpus, cut into train, dev and test as a run says.
 *
 * A text is cut by position. Items (run.lines) are cut after a shuffle of their own, mote_shuffle with the run's seed
 * and epoch 2^32, which no pass of a training reaches; without a split they keep the corpus's order. */
class Parts {
  public:
    Parts(std::shared_ptr<const Tokens> tokens, const RunRecord &run);

    bool has(Part part) const { return has_[part]; }

    /* A part as it is read in order: a stretch of the text, or `0 item 0 item … 0`. Valid until the next call for
     * this part. */
    TokenView read(Part part);

    /* The training part for a pass over it: items are shuffled by seed and pass. Valid until the next call. */
    TokenView pass(uint64_t pass);
    /* The order of the items in it, by their numbers in the training part as it is read. */
    LargeArray<uint32_t> order_of_pass(uint64_t pass) const;

  private:
    void find_items(const RunRecord &run);
    size_t size_of(Part part) const { return bounds_[part + 1] - bounds_[part]; }

    std::shared_ptr<const Tokens> tokens_;
    bool lines_;
    uint64_t seed_;
    bool has_[3];
    size_t bounds_[4]{};           /* of the parts, in tokens or items */
    std::unique_ptr<Items> items_; /* those of train first; the others refer to them */
    std::unique_ptr<ItemsInOrder> for_reading_[3], for_passes_;
    std::optional<uint64_t> pass_; /* that for_passes_ has */
};

} // namespace mote::cli
