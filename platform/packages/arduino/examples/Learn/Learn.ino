// A model that learns on the board: a line of text, by heart, from random weights, and then says it again.
#include <mote.h>

static const char line[] = "what a mote has learned it says again.";
enum { VOCAB = 24, HIDDEN = 24, TIME = 8, STEPS = 4000, LENGTH = sizeof line - 1 };
#define SHAPE MOTE_SHAPE_RNN(VOCAB, 0, HIDDEN, 1)

static unsigned char memory[MOTE_MODEL_BYTES(SHAPE) +
                            MOTE_TRAINER_BYTES(SHAPE, 1, TIME, MOTE_ADAGRAD, MOTE_WORKSPACE_NONE) +
                            MOTE_STATE_BYTES(SHAPE)] __attribute__((aligned(MOTE_ALIGN)));
static uint32_t characters[VOCAB];
static uint16_t text[LENGTH];
static mote_vocab vocab;
static mote_arena arena;
static mote_model *model;
static mote_trainer *trainer;

static mote_status begin() {
  size_t count, length;
  mote_status status = mote_vocab_build(line, LENGTH, 0, characters, VOCAB, &count);
  if (status != MOTE_OK) return status;
  vocab.code_points = characters;
  vocab.count = (uint32_t)count;
  vocab.boundary = 0;
  status = mote_encode(&vocab, line, LENGTH, text, LENGTH, &length);

  const mote_config config = {MOTE_SHAPE_RNN(vocab.count, 0, HIDDEN, 1), MOTE_TANH};
  const mote_init init = {{MOTE_INIT_NORMAL, 0.01f}, {MOTE_INIT_ZERO, 0}, {MOTE_INIT_ZERO, 0}};
  mote_train_config train = mote_train_config();
  train.batch = 1;
  train.time_steps = TIME;
  train.optimizer = MOTE_ADAGRAD;
  train.clip_value = 5;
  train.learning_rate = 0.1f;
  train.eps = 1e-8f;
  if (status == MOTE_OK) status = mote_arena_init(&arena, memory, sizeof memory);
  if (status == MOTE_OK) status = mote_model_random(&model, &arena, &config, &vocab, &init, 1);
  if (status == MOTE_OK) status = mote_trainer_init(&trainer, &arena, model, &train);
  return status;
}

static mote_status learn() {
  const size_t batches = mote_stream_batches(LENGTH, 1, TIME);
  for (size_t step = 0; step < STEPS; step++) {
    uint16_t tokens[TIME], targets[TIME];
    float loss;
    if (step % batches == 0) mote_trainer_reset_state(trainer);
    mote_status status = mote_stream_batch(text, LENGTH, 0, 1, TIME, step % batches, tokens, targets);
    if (status == MOTE_OK) status = mote_train_step(trainer, tokens, targets, &loss);
    if (status != MOTE_OK) return status;
    if (step % 500 == 0) {
      Serial.print("loss ");
      Serial.println(loss, 4);
    }
  }
  return MOTE_OK;
}

static mote_status recite() {
  mote_state *state;
  mote_rng rng;
  uint16_t token = text[0];
  mote_rng_init(&rng, 1, 0); // not drawn from at temperature 0
  mote_status status = mote_state_init(&state, &arena, model);
  for (int i = 0; i < LENGTH && status == MOTE_OK; i++) {
    const float *logits;
    char utf8[4];
    Serial.write((const uint8_t *)utf8, mote_decode(&vocab, token, utf8));
    status = mote_step(state, token, &logits);
    if (status == MOTE_OK) status = mote_sample(logits, vocab.count, 0, 0, &rng, &token);
  }
  Serial.println();
  return status;
}

void setup() {
  Serial.begin(115200);
  while (!Serial) {
  }
  mote_status status = begin();
  if (status == MOTE_OK) status = learn();
  if (status == MOTE_OK) status = recite();
  if (status != MOTE_OK) Serial.println(mote_status_name(status));
}

void loop() {
}
