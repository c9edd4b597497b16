/* A trainer that is offered threads: it has its tasks run, or, in a library built without threads, refuses. */
#include "console.h"
#include "mote.h"

static __attribute__((aligned(MOTE_ALIGN))) unsigned char memory[320 * 1024];
static uint32_t calls;

static void in_turn(void *user, mote_task_fn task, void *work, uint32_t tasks) {
    (void)user;
    calls++;
    for (uint32_t i = 0; i < tasks; i++) task(work, i);
}

static int expect(const char *what, int32_t got, int32_t wanted) {
    if (got == wanted) return 0;
    console_text(what);
    console_text(" is wrong\n");
    return 1;
}

int main(void) {
#if defined(MOTE_WITHOUT_THREADS)
    const mote_status offered = MOTE_ERR_UNSUPPORTED;
#else
    const mote_status offered = MOTE_OK;
#endif
    static const mote_config config = {MOTE_SHAPE_RNN(16, 0, 64, 1), MOTE_TANH};
    static const mote_train_config train = {
        .batch = 16, .time_steps = 16, .optimizer = MOTE_SGD, .learning_rate = 0.1f};
    static const mote_init init = {{MOTE_INIT_NORMAL, 0.1f}, {MOTE_INIT_ZERO, 0.0f}, {MOTE_INIT_NORMAL, 0.1f}};
    static const uint16_t tokens[256], targets[256];
    mote_arena arena;
    mote_model *model;
    mote_trainer *trainer;
    float loss;
    int wrong = 0;
    mote_arena_init(&arena, memory, sizeof memory);
    mote_status status = mote_model_random(&model, &arena, &config, 0, &init, 1);
    if (status == MOTE_OK) status = mote_trainer_init(&trainer, &arena, model, &train);
    if (status != MOTE_OK) return 1;
    wrong |= expect("one task", mote_trainer_set_parallel(trainer, in_turn, 0, 1), MOTE_OK);
    wrong |= expect("nobody to run tasks", mote_trainer_set_parallel(trainer, 0, 0, 4), MOTE_OK);
    wrong |= expect("a step in one", mote_train_step(trainer, tokens, targets, &loss), MOTE_OK);
    wrong |= expect("who ran it", calls == 0, 1);
    wrong |= expect("four tasks", mote_trainer_set_parallel(trainer, in_turn, 0, 4), offered);
    wrong |= expect("a step after it", mote_train_step(trainer, tokens, targets, &loss), MOTE_OK);
    wrong |= expect("who ran this", calls > 0, offered == MOTE_OK);
    return wrong;
}
