/* Blobs and checkpoints whose checksum is right, whatever else is wrong. */
#include "damage.h"

#include <doctest/doctest.h>

using namespace mote_test;

namespace {

bool is_damage(mote_status status) {
    return status == MOTE_ERR_FORMAT || status == MOTE_ERR_NUMERIC || status == MOTE_ERR_VERSION ||
           status == MOTE_ERR_UNSUPPORTED || status == MOTE_ERR_SIZE;
}

void open_model(const Buffer &blob) {
    Arena arena(MOTE_OPEN_BYTES);
    const mote_model *model = nullptr;
    const mote_status status = mote_model_open(&model, &arena.arena, blob.data(), blob.size());
    if (status == MOTE_OK) {
        exercise(model);
    } else {
        CHECK(is_damage(status));
    }
}

/* A trainer can be far larger than its checkpoint, so that a large one is not tried. */
void load_checkpoint(const Buffer &blob) {
    constexpr size_t most = 1 << 20;
    mote_config config{};
    mote_train_config train{};
    if (mote_checkpoint_peek(blob.data(), blob.size(), &config, &train) != MOTE_OK) return;
    train.workspace = MOTE_WORKSPACE_PACKED;
    const size_t trainer_bytes = mote_trainer_bytes(&config, &train);
    const size_t bytes = mote_model_bytes(&config) + trainer_bytes;
    if (trainer_bytes == 0 || bytes > most) return;
    const LoadedCheckpoint loaded(blob, MOTE_WORKSPACE_PACKED);
    if (loaded.status == MOTE_OK) {
        exercise(loaded.trainer, loaded.model);
    } else {
        CHECK(is_damage(loaded.status));
        CHECK(loaded.arena.arena.used == 0);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Buffer blob(data, size);
    if (size >= blob_crc_at + 4) repair_crc(blob);
    OwnRecord run{};
    read_own(blob.data(), blob.size(), &run);
    open_model(blob);
    load_checkpoint(blob);
    return 0;
}
