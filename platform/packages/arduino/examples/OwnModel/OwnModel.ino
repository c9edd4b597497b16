// A model of your own, of any kind and type: `mote export MODEL.mote --name model -o model.h` on a PC writes model.h,
// which takes the place of the one beside this sketch. The self-test shows that this board computes the bits of the
// machine that saved the model.
#include <mote.h>

#include "model.h"

#define LARGER(a, b) ((a) > (b) ? (a) : (b))
MODEL_ALIGNED static unsigned char memory[MODEL_OPEN_BYTES + LARGER(MODEL_STATE_BYTES, MODEL_SCRATCH_BYTES)];
static mote_state *state;
static mote_vocab vocab;
static mote_rng rng;
static uint16_t token;

void setup() {
  Serial.begin(115200);
  while (!Serial) {
  }
  mote_arena arena;
  const mote_model *model;
  mote_status status = mote_arena_init(&arena, memory, sizeof memory);
  if (status == MOTE_OK) status = mote_model_open(&model, &arena, model_blob, sizeof model_blob);
  if (status == MOTE_OK) status = mote_selftest(model, &arena);
  Serial.print("self-test: ");
  Serial.println(mote_status_name(status));
  if (status == MOTE_OK) status = mote_model_vocab(model, &vocab);
  if (status == MOTE_OK) status = mote_state_init(&state, &arena, model);
  if (status != MOTE_OK) {
    Serial.println(mote_status_name(status));
    state = 0;
  }
  mote_rng_init(&rng, 1, 0);
}

// A character at a time, without end; the boundary of a model of items is a new line.
void loop() {
  if (state == 0) return;
  const float *logits;
  char utf8[4];
  if (mote_step(state, token, &logits) != MOTE_OK ||
      mote_sample(logits, vocab.count, 0.8f, 0, &rng, &token) != MOTE_OK) {
    state = 0;
    return;
  }
  if (token == 0 && vocab.boundary != 0) {
    Serial.println();
    mote_state_reset(state);
  } else {
    Serial.write((const uint8_t *)utf8, mote_decode(&vocab, token, utf8));
  }
  delay(20);
}
