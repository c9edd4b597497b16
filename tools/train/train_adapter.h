#pragma once

#include "estimate.h"
#include "train_session.h"

namespace mote::cli {

/* Whether only a part of a base learns. */
bool learns_part(const TrainOptions &options);
/* What options are valid depends on the kind of model, which is that of the base where there is one. */
void take_cell_of_base(TrainOptions &options);
/* The model that options.base names, or NULL; the options are made those of its kind. */
std::shared_ptr<ModelFile> base_of(TrainOptions &options);
std::vector<uint32_t> code_points_of(const ModelFile &base);

/* The adapter and its learner, from options.adapter where it is given. */
void make_learned_part(Session &session, const TrainOptions &options);
void save_adapter(const Session &session, const std::string &path);

/* The session's trainer, learner or shards. */
void reset_state(Session &session);
float learn(Session &session, float rate, const uint16_t *tokens, const uint16_t *targets);
float norm_of(const Session &session);

/* Whether base and adapter are no model that could be measured as one, since the base has weights of integers. */
bool runs_by_adapter(const Session &session);
/* As whole_losses() then. */
Losses adapter_losses(Session &session, const std::string &corpus, uint32_t limit);

} // namespace mote::cli
