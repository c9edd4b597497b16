#pragma once

#include "train_session.h"

namespace mote::cli {

/* With shards, or ranks, the session's training is one that they share: from now on session.sharded, unless there is
 * one shard alone. Throws UsageError for more shards than rows, and for more ranks than shards. */
void share_training(Session &session, uint32_t shards, const TrainOptions &options);

/* 1 where a batch is not cut. */
uint32_t shards_of(const Session &session);

/* Throws Failure where another rank has another version of the program, another corpus, other options or weights. */
void check_same_everywhere(const Session &session, const TrainOptions &options, const std::string &corpus);

/* The section of a checkpoint that says how many shards there are; it must live as long as the result. What is in a
 * checkpoint: 1 where there is none. */
mote_section section_of_shards(const uint32_t &shards);
uint32_t read_shards(const AlignedBytes &checkpoint);

} // namespace mote::cli
