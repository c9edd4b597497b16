#pragma once

#include "aligned_memory.h"
#include "mote_shards.h"
#include "ranks.h"

#include <map>
#include <string>
#include <vector>

namespace mote::cli {

/* A training in shards, which the ranks share: each sums whole shards, and updates whole blocks of weights, of which it
 * alone has the moments. All ranks make the same calls, with the same batches. */
class ShardedTraining {
  public:
    ShardedTraining(Ranks &ranks, uint32_t shards, const mote_config &config, const mote_train_config &train);

    uint32_t shards() const { return own().shards; }
    /* Bytes of arena that this rank's part takes; 0: too many. */
    size_t bytes() const;
    void begin(mote_arena *arena, mote_model *model);
    /* From a checkpoint, which has the model too. */
    void load(mote_arena *arena, mote_model **model, const AlignedBytes &checkpoint, const std::string &path);

    /* Throws NotFinite on all ranks where one of them meets NaN or infinity. */
    float step(float rate, const uint16_t *tokens, const uint16_t *targets);
    void reset_state() { mote_shards_reset_state(shards_); }
    float norm() const { return mote_shards_norm(shards_); }
    mote_shards *get() { return shards_; }
    /* The signal that had asked any rank to stop by the last step, the same for all; NULL: none. */
    const char *stop_signal() const;

    /* Waits until the first rank is here, too. */
    void await_first();

    /* What the others have alone goes to the first rank, which alone can write a checkpoint then; that gives the room
     * back. */
    void gather();
    mote_status save(const mote_model *best, const std::vector<mote_section> &sections, mote_arena *scratch,
                     mote_write_fn write, void *user);

  private:
    struct Node {
        uint32_t first, count;
    };
    struct Sum {
        uint32_t count;
        float *weights;
    };
    /* What ranks tell each other before the sums. */
    struct Report {
        int32_t status;
        char stop[12];
    };

    const mote_shards_part &own() const { return parts_[ranks_.rank()]; }
    std::vector<Node> nodes_of(uint32_t rank) const;
    size_t first_weight(uint32_t rank) const;
    size_t weights_of(uint32_t rank) const;
    void make_room();
    mote_status sum_own_nodes();
    float share_losses(mote_status status);
    void share_sums();
    float *whole_sum(uint32_t first, uint32_t end);
    void share_squares(mote_status status);
    void share_weights();
    void check_all(const std::vector<Report> &reports) const;

    Ranks &ranks_;
    mote_config config_;
    mote_train_config train_;
    size_t weights_;                      /* in all */
    std::vector<mote_shards_part> parts_; /* of each rank */
    mote_model *model_ = nullptr;
    mote_shards *shards_ = nullptr;
    std::vector<Node> own_nodes_;
    AlignedBytes node_memory_, received_memory_;
    std::vector<float *> own_sums_; /* of the nodes */
    std::map<uint32_t, Sum> sums_;  /* by their first shard, of own blocks */
    std::vector<float> losses_, squares_;
    std::string stop_;
    std::vector<float> states_, moments_[2]; /* gathered */
};

} // namespace mote::cli
