// Names that a model makes up. The model, names.h, lies in flash and is used where it is; RAM holds its state alone.
#include <mote.h>

#include "names.h"

NAMES_ALIGNED static unsigned char memory[NAMES_OPEN_BYTES + NAMES_STATE_BYTES];
static mote_state *state;
static mote_vocab vocab;
static uint32_t names;
static bool ready;

static void stop(const char *where, mote_status status) {
  Serial.print(where);
  Serial.print(": ");
  Serial.println(mote_status_name(status));
}

void setup() {
  Serial.begin(115200);
  while (!Serial) {
  }
  mote_arena arena;
  const mote_model *model;
  mote_status status = mote_arena_init(&arena, memory, sizeof memory);
  if (status == MOTE_OK) status = mote_model_open(&model, &arena, names_blob, sizeof names_blob);
  if (status == MOTE_OK) status = mote_model_vocab(model, &vocab);
  if (status == MOTE_OK) status = mote_state_init(&state, &arena, model);
  if (status != MOTE_OK) return stop("the model cannot be opened", status);
  ready = true;
}

// One name: characters until the model draws the boundary, which is token 0. The first 1 is the seed: another one gives
// other names.
void loop() {
  if (!ready) return;
  mote_rng rng;
  mote_rng_init(&rng, 1, names++);
  uint16_t token = 0;
  mote_state_reset(state);
  for (int i = 0; i < 20; i++) {
    const float *logits;
    char utf8[4];
    mote_status status = mote_step(state, token, &logits);
    if (status == MOTE_OK) status = mote_sample(logits, vocab.count, 0.8f, 0, &rng, &token);
    if (status != MOTE_OK) return stop("the model cannot generate", status);
    if (token == 0) break;
    Serial.write((const uint8_t *)utf8, mote_decode(&vocab, token, utf8));
  }
  Serial.println();
  delay(500);
}
