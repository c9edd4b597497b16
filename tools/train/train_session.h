#pragma once

#include "aligned_memory.h"
#include "corpus.h"
#include "model_file.h"
#include "mote_adapter.h"
#include "parts.h"
#include "sharded_training.h"
#include "step_chain.h"
#include "teacher.h"
#include "threads.h"
#include "train_options.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mote::cli {

/* What of a base learns, and what learns it. */
struct LearnedPart {
    OwnArena arena{};
    mote_adapter *adapter = nullptr;
    mote_learner *learner = nullptr;
};

/* A training: the model, its trainer, the run so far and the data. */
struct Session {
    mote_config config{};
    mote_train_config train{};
    RunRecord run{};
    std::vector<uint32_t> code_points; /* of a new vocabulary */
    OwnArena arena;                    /* holds model and trainer */
    OwnArena scratch;
    mote_model *model = nullptr;
    mote_trainer *trainer = nullptr; /* NULL: shards learn, or, and the model too, only a part of a base does */
    Parts parts;
    OwnArena best_arena{};
    mote_model *best = nullptr;                 /* early stopping: the weights of the best dev loss; NULL: it is off */
    std::optional<uint64_t> saved_at{};         /* the position of which a checkpoint was saved last */
    std::optional<uint64_t> written_at{};       /* the same, of one that is known to be written */
    std::unique_ptr<Threads> threads{};         /* that share a step; NULL: the program's one */
    bool begins_anew = false;                   /* its losses and learning rate: it goes on with weights of integers */
    TeacherRecord taught_by{};                  /* what the checkpoint says */
    std::unique_ptr<TeacherTargets> teachers{}; /* NULL: the text alone teaches */
    OwnArena quantizer{};                       /* with weights of integers: what the trainer then needs; */
    std::vector<float> largest{};               /* of each layer of ReLU the activation that 127 stands for */
    std::shared_ptr<ModelFile> base{};          /* that it begins with; NULL: with drawn weights */
    std::unique_ptr<LearnedPart> part{};        /* NULL: all of the model learns */
    StepChain chain{};                          /* of the steps made, for mote replay */
    std::unique_ptr<ShardedTraining> sharded{}; /* NULL: a batch is one shard */
};

/* Of messages, each is an item. */
Session new_session(TrainOptions options, Corpus &corpus);

/* From the checkpoint that options.resume names. Another corpus than the checkpoint's is refused. */
Session resumed_session(const TrainOptions &options, Corpus &corpus);

/* The trainer's steps on so many threads. */
void use_threads(Session &session, uint32_t count);

/* From the next step on the session learns from the models that options.teachers names, too. Throws where they are not
 * those of the checkpoint that it goes on from. */
void learn_from_teachers(Session &session, const TrainOptions &options);

/* A checkpoint with these sections of the program's own. */
mote_status write_training(Session &session, const std::vector<mote_section> &sections, mote_write_fn write,
                           void *user);
void save_checkpoint(Session &session, const std::string &path);

/* Early stopping: keeps the weights as they are as the best so far; makes the best ones the model's. */
void keep_as_best(Session &session);
void return_to_best(Session &session);

/* A run keeps numbers as their bits. */
double double_of(uint64_t bits);
uint64_t bits_of(double number);

} // namespace mote::cli
