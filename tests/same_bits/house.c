/* One training run, a part of it at a time: what moves from machine to machine is its checkpoint.
 *
 *     house FROM TO STEPS [ISA]
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

typedef struct house {
    cases_text text;
    mote_arena arena;
    mote_model *model;
    mote_trainer *trainer;
    struct {
        mote_schedule schedule;
        uint32_t steps; /* so far */
    } own;              /* what the checkpoint keeps beside the trainer */
    mote_buffer file;
} house;

/* From random weights, for 250 steps of cosine schedule. */
static mote_status begin(house *h) {
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
    h->own.steps = 0;
    h->own.schedule = (mote_schedule){MOTE_SCHEDULE_COSINE, 20, 1, 250, 0.01f, 0.1f};
    mote_status status = mote_model_random(&h->model, &h->arena, &config, &h->text.vocab, &init, SEED);
    if (status == MOTE_OK) status = mote_trainer_init(&h->trainer, &h->arena, h->model, &train);
    return status;
}

static mote_status go_on(house *h, const char *from) {
    const long count = file_read(from, h->file.bytes, h->file.capacity);
    if (count < 0) return MOTE_ERR_CAPACITY;
    const void *own;
    size_t bytes;
    const mote_status status = mote_blob_section(h->file.bytes, (size_t)count, own_section, &own, &bytes);
    if (status != MOTE_OK) return status;
    if (bytes != sizeof h->own) return MOTE_ERR_FORMAT;
    memcpy(&h->own, own, bytes);
    return mote_checkpoint_load(&h->trainer, &h->model, &h->arena, h->file.bytes, (size_t)count, MOTE_WORKSPACE_NONE);
}

static mote_status step(house *h, float *loss) {
    static uint16_t tokens[BATCH * TIME], targets[BATCH * TIME];
    const uint32_t step = h->own.steps;
    const size_t index = step % mote_stream_batches(h->text.count, BATCH, TIME);
    float rate;
    if (index == 0) mote_trainer_reset_state(h->trainer);
    mote_status status = mote_stream_batch(h->text.tokens, h->text.count, 0, BATCH, TIME, index, tokens, targets);
    if (status == MOTE_OK) status = mote_schedule_learning_rate(&h->own.schedule, step, &rate);
    if (status == MOTE_OK) status = mote_trainer_set_learning_rate(h->trainer, rate);
    if (status == MOTE_OK) status = mote_train_step(h->trainer, tokens, targets, loss);
    if (status == MOTE_OK) h->own.steps++;
    return status;
}

static mote_status save(house *h, const char *to) {
    const mote_section own = {own_section, &h->own, sizeof h->own};
    h->file.used = 0;
    const mote_status status = mote_checkpoint_save(h->trainer, NULL, &own, 1, &h->arena, mote_buffer_write, &h->file);
    if (status != MOTE_OK) return status;
    return file_write(to, h->file.bytes, h->file.used) == 0 ? MOTE_OK : MOTE_ERR_WRITE;
}

static uint32_t read_number(const char *digits) {
    uint32_t number = 0;
    for (; *digits >= '0' && *digits <= '9'; digits++) number = 10 * number + (uint32_t)(*digits - '0');
    return *digits == '\0' ? number : 0;
}

int target_main(int argc, char **argv, memory room) {
    house h;
    float loss = 0.0f;
    if (argc < 4 || read_number(argv[3]) == 0 || (argc > 4 && mote_isa_force(argv[4]) != MOTE_OK)) {
        console_text("house: needs FROM, TO, a number of steps and, if any, an instruction set that is here\n");
        return 2;
    }
    h.file = (mote_buffer){room.bytes + (room.count - FILE_BYTES), FILE_BYTES, 0};
    mote_status status = cases_text_load(&h.text);
    if (status == MOTE_OK) status = mote_arena_init(&h.arena, room.bytes, room.count - FILE_BYTES);
    if (status == MOTE_OK) status = strcmp(argv[1], "-") == 0 ? begin(&h) : go_on(&h, argv[1]);
    for (uint32_t i = read_number(argv[3]); status == MOTE_OK && i > 0; i--) status = step(&h, &loss);
    if (status == MOTE_OK) status = save(&h, argv[2]);
    if (status != MOTE_OK) {
        report_failure("house", argv[1], status);
        return 1;
    }
    report_case("house");
    report_text("isa", mote_isa());
    report_count("steps", h.own.steps);
    report_bits("loss", loss);
    report_hash("weights", mote_weights_hash(h.model));
    report_hash("checkpoint", mote_fnv1a(MOTE_FNV_START, h.file.bytes, h.file.used));
    report_end();
    return 0;
}
