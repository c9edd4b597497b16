#pragma once

#include "mote.h"
#include "stage_times.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace mote::cli {

/* Steps to be timed, again and again. */
class ProfiledWork {
  public:
    ProfiledWork() = default;
    ProfiledWork(const ProfiledWork &) = delete;
    ProfiledWork &operator=(const ProfiledWork &) = delete;
    virtual ~ProfiledWork() = default;

    /* A step with a hook around each stage; the softmax is MOTE_STAGE_LOSS, whatever is done with it. */
    virtual void profiled_step(StageTimes &times) = 0;
    /* The same without. */
    virtual void step() = 0;
};

/* `name`: the model's, for messages; the model must outlive the work. */

/* Draws a character and reads it. */
std::unique_ptr<ProfiledWork> sampling_work(const mote_model *model, const std::string &name);
/* Reads the text, over and over, and scores each character. */
std::unique_ptr<ProfiledWork> scoring_work(const mote_model *model, const std::string &name,
                                           std::vector<uint16_t> text);
/* Trains a copy of the model on batches of the text, which has more than `time_steps` characters. */
std::unique_ptr<ProfiledWork> training_work(const mote_model *model, const std::string &name,
                                            const mote_train_config &train, const std::vector<uint16_t> &text);

/* So many characters that the model draws. */
std::vector<uint16_t> drawn_text(const mote_model *model, const std::string &name, size_t count);

} // namespace mote::cli
