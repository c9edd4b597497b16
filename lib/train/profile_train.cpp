// A training step with a hook around each of its stages.
#include "trainer_step.h"

using namespace mote;

extern "C" mote_status mote_profile_train_step(mote_trainer *trainer, const uint16_t *tokens, const uint16_t *targets,
                                               float *loss, mote_stage_fn hook, void *user) {
    if (trainer == nullptr || tokens == nullptr || targets == nullptr || loss == nullptr || hook == nullptr)
        return MOTE_ERR_ARG;
    return train_step(*trainer, tokens, targets, loss, Watched{hook, user});
}
