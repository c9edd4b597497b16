/* Checkpoints that are cut, changed, and changed with the checksum made right again. */
#include "damage.h"

#include <doctest/doctest.h>

using namespace mote_test;

namespace {

/* As small as a checkpoint with every kind of tensor can be: each of its bytes is going to be damaged. */
Buffer small_checkpoint(uint32_t optimizer, const mote_config &small = rnn(5, 2, 3, 1), bool with_best = false) {
    const Alphabet alphabet(small.vocab, 1);
    const Model model(small, 2, &alphabet.vocab());
    const Trainer trainer(model, train_config(2, 2, optimizer));
    Random random(1);
    for (int i = 0; i < 2; ++i) {
        const Batch batch = draw_batch(random, small, 2, 2);
        float loss = 0;
        REQUIRE(mote_train_step(trainer.get(), batch.tokens.data(), batch.targets.data(), &loss) == MOTE_OK);
    }
    const OwnRecord run = some_record();
    const Model best(small, 3);
    return save_checkpoint(trainer.get(), small, &run, with_best ? best.get() : nullptr);
}

/* The best weights are taken, or refused and the model left as it was. */
void judge_best(const Buffer &checkpoint, const mote_config &config) {
    const Alphabet alphabet(config.vocab);
    const Model model(config, 4, &alphabet.vocab());
    const uint64_t before = model.hash();
    const mote_status status = mote_checkpoint_best(model.get(), checkpoint.data(), checkpoint.size());
    if (status == MOTE_OK) {
        exercise(model.get());
        if (dirty_padding(model.get(), model.weights()) != 0) FAIL_CHECK("best weights whose padding is not +0");
        return;
    }
    if (model.hash() != before) FAIL_CHECK("refused best weights changed the model");
    if (status != MOTE_ERR_FORMAT && status != MOTE_ERR_NUMERIC && status != MOTE_ERR_VERSION &&
        status != MOTE_ERR_ARG && status != MOTE_ERR_UNSUPPORTED && status != MOTE_ERR_MISSING)
        FAIL_CHECK("best weights refused with " << mote_status_name(status));
}

/* Loads if it may and trains on; refusals must be those of damage. */
void judge_repaired(Buffer &checkpoint) {
    repair_crc(checkpoint);
    mote_config c{};
    mote_train_config train{};
    const mote_status peeked = mote_checkpoint_peek(checkpoint.data(), checkpoint.size(), &c, &train);
    size_t room = 1 << 16;
    if (peeked == MOTE_OK) {
        train.workspace = MOTE_WORKSPACE_PACKED;
        room = mote_model_bytes(&c) + mote_trainer_bytes(&c, &train);
        if (mote_trainer_bytes(&c, &train) == 0) room = 64;
    }
    /* A larger time is a larger trainer: what a mutation may ask for is not given, and must then be refused. */
    const bool given = room <= 1 << 20;
    Arena arena(given ? room : 1 << 12);
    mote_model *model = nullptr;
    mote_trainer *trainer = nullptr;
    const mote_status status = mote_checkpoint_load(&trainer, &model, &arena.arena, checkpoint.data(),
                                                    checkpoint.size(), MOTE_WORKSPACE_PACKED);
    if (status == MOTE_OK) {
        exercise(trainer, model);
        return;
    }
    if (arena.arena.used != 0) FAIL_CHECK("a refused checkpoint left something in the arena");
    const bool damage = status == MOTE_ERR_FORMAT || status == MOTE_ERR_NUMERIC || status == MOTE_ERR_VERSION ||
                        status == MOTE_ERR_UNSUPPORTED || status == MOTE_ERR_MISSING;
    if (!damage && !(status == MOTE_ERR_ARENA && !given) && !(status == MOTE_ERR_ARG && room == 64))
        FAIL_CHECK("refused with " << mote_status_name(status));
}

} // namespace

TEST_CASE("a checkpoint cut short at any length, or with any byte changed, is refused") {
    const Buffer checkpoint = small_checkpoint(MOTE_ADAMW);
    size_t wrong = 0;
    for (size_t length = 0; length < checkpoint.size(); ++length)
        wrong += LoadedCheckpoint(Buffer(checkpoint.data(), length), 0).status != MOTE_ERR_FORMAT;
    CHECK(wrong == 0);
    Buffer changed = checkpoint;
    for (size_t at = 0; at < checkpoint.size(); ++at) {
        for (const unsigned change : {0x01u, 0x80u}) {
            changed.data()[at] = static_cast<unsigned char>(checkpoint.data()[at] ^ change);
            const mote_status status = LoadedCheckpoint(changed, 0).status;
            if (at >= 16) wrong += status != MOTE_ERR_CHECKSUM;
            wrong += status == MOTE_OK;
        }
        changed.data()[at] = checkpoint.data()[at];
    }
    CHECK(wrong == 0);
}

TEST_CASE("a checkpoint with any byte changed and the CRC made right again is refused or trains on clean") {
    for (const uint32_t optimizer : {MOTE_MOMENTUM, MOTE_ADAMW}) {
        const Buffer checkpoint = small_checkpoint(optimizer);
        for (size_t at = 0; at < checkpoint.size(); ++at) {
            for (const unsigned change : {0x01u, 0x80u, 0xffu}) {
                Buffer changed = checkpoint;
                changed.data()[at] = static_cast<unsigned char>(changed.data()[at] ^ change);
                judge_repaired(changed);
            }
        }
    }
}

TEST_CASE("a bigram's, an MLP's and a GRU's checkpoint with the best weights, damaged, is refused or trains on clean") {
    for (const mote_config &config : {bigram(4), mlp(4, 2, 2, 3, 1), gru(4, 2, 2, 1)}) {
        const Buffer checkpoint = small_checkpoint(MOTE_SGD, config, true);
        const Buffer plain = small_checkpoint(MOTE_SGD, config, false);
        REQUIRE(section_offset(checkpoint, "BEST") == plain.size() - MOTE_SECTION_BYTES(sizeof(OwnRecord)));
        size_t wrong = 0;
        for (size_t at = 0; at < checkpoint.size(); ++at) {
            for (const unsigned change : {0x01u, 0x80u}) {
                Buffer changed = checkpoint;
                changed.data()[at] = static_cast<unsigned char>(changed.data()[at] ^ change);
                if (at >= 16) wrong += LoadedCheckpoint(changed, 0).status != MOTE_ERR_CHECKSUM;
                judge_repaired(changed);
                judge_best(changed, config);
            }
        }
        CHECK(wrong == 0);
    }
}

TEST_CASE("every setting in a checkpoint, set to a telling number with the CRC right, is refused or trains on clean") {
    for (const uint32_t optimizer : {MOTE_SGD, MOTE_MOMENTUM, MOTE_ADAGRAD, MOTE_ADAMW}) {
        const Buffer checkpoint = small_checkpoint(optimizer);
        const size_t trainer = section_offset(checkpoint, "TRNR");
        for (size_t at = trainer; at < trainer + 128 + 64; at += 4)
            for (const uint32_t number :
                 {0u, 1u, 2u, 3u, 5u, 65536u, 65537u, 0x7fffffffu, 0x80000000u, 0xffffffffu, 0x7f800000u, 0x7fc00000u,
                  0x00000001u, bits(1.0f), bits(-1.0f), bits(0x1p100f)}) {
                Buffer changed = checkpoint;
                put_u32(changed, at, number);
                judge_repaired(changed);
            }
    }
}
