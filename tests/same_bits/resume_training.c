/* One training run, a part of it at a time: what moves from machine to machine is its checkpoint.
 *
 *     resume_training FROM TO STEPS [ISA]
 *
 * FROM: the checkpoint to go on from, "-" to begin; TO: where the checkpoint after so many more steps goes. Prints the
 * updates made so far, the last loss, and the hashes of the weights and of the checkpoint. */
#include "cases.h"
#include "cases_files.h"
#include "cases_text.h"
#include "console.h"
#include "mote.h"
#include "report.h"

#include <string.h>

enum { BATCH = 4, TIME = 12, SEED = 5 };
enum { FILE_BYTES = 256u << 10 };

static const mote_config config = {MOTE_SHAPE_RNN(TEXT_VOCAB, 10, 33, 2), MOTE_TANH};

static const uint32_t own_section = MOTE_SECTION_ID('o', 'w', 'n', ' ');

typedef struct resumed_run {
    cases_text text;
    mote_arena arena;
    mote_model *model;
    mote_trainer *trainer;
    struct {
        mote_schedule schedule;
        uint32_t steps; /* so far */
    } own;              /* what the checkpoint keeps beside the trainer */
    mote_buffer file;
} resumed_run;

/* From random weights, for 250 steps of cosine schedule. */
static mote_status begin(resumed_run *r) {
    const mote_init init = {{MOTE_INIT_HIDDEN_UNIFORM, 1.0f}, {MOTE_INIT_ZERO, 1.0f}, {MOTE_INIT_NORMAL, 1.0f}};
    mote_train_config train;
    memset(&train, 0, sizeof train);
    train.batch = BATCH;
    train.time_steps = TIME;
    train.optimizer = MOTE_ADAMW;
    train.learning_rate = 0.01f;
    train.beta1 = 0.9f;
    train.beta2 = 0.99f;
    train.eps = 1e-8f;
    train.weight_decay = 0.01f;
    train.clip_norm = 1.0f;
    r->own.steps = 0;
    r->own.schedule = (mote_schedule){MOTE_SCHEDULE_COSINE, 20, 1, 250, 0.01f, 0.1f};
    mote_status status = mote_model_random(&r->model, &r->arena, &config, &r->text.vocab, &init, SEED);
    if (status == MOTE_OK) status = mote_trainer_init(&r->trainer, &r->arena, r->model, &train);
    return status;
}

static mote_status load(resumed_run *r, const char *from) {
    const long count = file_read(from, r->file.bytes, r->file.capacity);
    if (count < 0) return MOTE_ERR_CAPACITY;
    const void *own;
    size_t bytes;
    const mote_status status = mote_blob_section(r->file.bytes, (size_t)count, own_section, &own, &bytes);
    if (status != MOTE_OK) return status;
    if (bytes != sizeof r->own) return MOTE_ERR_FORMAT;
    memcpy(&r->own, own, bytes);
    return mote_checkpoint_load(&r->trainer, &r->model, &r->arena, r->file.bytes, (size_t)count, MOTE_WORKSPACE_NONE);
}

static mote_status step(resumed_run *r, float *loss) {
    static uint16_t tokens[BATCH * TIME], targets[BATCH * TIME];
    const uint32_t step = r->own.steps;
    const size_t index = step % mote_stream_batches(r->text.count, BATCH, TIME);
    float rate;
    if (index == 0) mote_trainer_reset_state(r->trainer);
    mote_status status = mote_stream_batch(r->text.tokens, r->text.count, 0, BATCH, TIME, index, tokens, targets);
    if (status == MOTE_OK) status = mote_schedule_learning_rate(&r->own.schedule, step, &rate);
    if (status == MOTE_OK) status = mote_trainer_set_learning_rate(r->trainer, rate);
    if (status == MOTE_OK) status = mote_train_step(r->trainer, tokens, targets, loss);
    if (status == MOTE_OK) r->own.steps++;
    return status;
}

static mote_status save(resumed_run *r, const char *to) {
    const mote_section own = {own_section, &r->own, sizeof r->own};
    r->file.used = 0;
    const mote_status status = mote_checkpoint_save(r->trainer, NULL, &own, 1, &r->arena, mote_buffer_write, &r->file);
    if (status != MOTE_OK) return status;
    return file_write(to, r->file.bytes, r->file.used) == 0 ? MOTE_OK : MOTE_ERR_WRITE;
}

static uint32_t read_number(const char *digits) {
    uint32_t number = 0;
    for (; *digits >= '0' && *digits <= '9'; digits++) number = 10 * number + (uint32_t)(*digits - '0');
    return *digits == '\0' ? number : 0;
}

int target_main(int argc, char **argv, memory room) {
    resumed_run r;
    float loss = 0.0f;
    if (argc < 4 || read_number(argv[3]) == 0 || (argc > 4 && mote_isa_force(argv[4]) != MOTE_OK)) {
        console_text(
            "resume_training: needs FROM, TO, a number of steps and, if any, an instruction set that is here\n");
        return 2;
    }
    r.file = (mote_buffer){room.bytes + (room.count - FILE_BYTES), FILE_BYTES, 0};
    mote_status status = cases_text_load(&r.text);
    if (status == MOTE_OK) status = mote_arena_init(&r.arena, room.bytes, room.count - FILE_BYTES);
    if (status == MOTE_OK) status = strcmp(argv[1], "-") == 0 ? begin(&r) : load(&r, argv[1]);
    for (uint32_t i = read_number(argv[3]); status == MOTE_OK && i > 0; i--) status = step(&r, &loss);
    if (status == MOTE_OK) status = save(&r, argv[2]);
    if (status != MOTE_OK) {
        report_failure("resume_training", argv[1], status);
        return 1;
    }
    report_case("resume_training");
    report_text("isa", mote_isa());
    report_count("steps", r.own.steps);
    report_bits("loss", loss);
    report_hash("weights", mote_weights_hash(r.model));
    report_hash("checkpoint", mote_fnv1a(MOTE_FNV_START, r.file.bytes, r.file.used));
    report_end();
    return 0;
}
