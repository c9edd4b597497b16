#pragma once

#include "parts.h"
#include "threads.h"

#include <memory>
#include <string>
#include <vector>

namespace mote::cli {

/* What a training learns from other models beside the text: each target is now and then not the text's own token but
 * one that a teacher expects in its place, drawn by what it expects. On average that is the gradient of the
 * cross-entropy to the mixture of both (distillation), and a token that is drawn anew can't be learned by heart. */
struct TeacherRecord {
    uint64_t hash;  /* of the weights of all, in their order; 0: there is none */
    uint32_t count; /* of them */
    float share;    /* of the targets */
};

/* Each target of the training part several times, drawn before the training: a pass takes the next of them. */
class TeacherTargets {
  public:
    /* Throws Failure for a file that is no model, or one of other characters than `vocab`. */
    TeacherTargets(const std::vector<std::string> &paths, float share, Parts &parts, const RunRecord &run,
                   const mote_vocab &vocab, Threads *threads);

    /* In the place of each token of Parts::pass(arrangement) the one to be predicted, drawn for this pass. Valid until
     * the next call. */
    TokenView pass(uint64_t pass, uint64_t arrangement);

    const TeacherRecord &record() const { return record_; }

  private:
    Parts &parts_;
    bool lines_;
    TeacherRecord record_{};
    std::vector<uint32_t> starts_;                       /* of the items of the training part as it is read */
    std::vector<std::unique_ptr<TokensInMemory>> drawn_; /* in the place of its tokens, by their order in it */
    std::unique_ptr<TokensInMemory> arranged_;           /* by the last call of pass() */
};

/* The section of a checkpoint that says who has taught; it must live as long as the record. And what is in a
 * checkpoint: hash 0 where there is none. */
mote_section section_of(const TeacherRecord &record);
TeacherRecord read_teacher_record(const void *blob, size_t bytes);

} // namespace mote::cli
