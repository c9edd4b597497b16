/* What a device keeps in a journal: the checkpoint of its trainer, from which it goes on, and a model, which it runs in
 * place. */
#include "device.h"
#include "mote_adapter.h"

#include <doctest/doctest.h>

using namespace mote_test;

namespace {

const mote_config config = rnn(9, 0, 8, 1);
constexpr Geometry geometry = {8, 2048, 8, true};

float step(mote_trainer *trainer, uint64_t index) {
    Random random(index);
    const Batch batch = draw_batch(random, config.vocab, 1, 8);
    float loss = -1;
    REQUIRE(mote_train_step(trainer, batch.tokens.data(), batch.targets.data(), &loss) == MOTE_OK);
    return loss;
}

mote_status save_checkpoint_in(mote_journal *journal, const mote_trainer *trainer, const mote_train_config &train) {
    Arena scratch(mote_scratch_bytes(&config));
    mote_status status = mote_journal_begin(journal, mote_checkpoint_bytes(&config, &train));
    if (status == MOTE_OK)
        status = mote_checkpoint_save(trainer, nullptr, nullptr, 0, &scratch.arena, mote_journal_write, journal);
    return status == MOTE_OK ? mote_journal_commit(journal) : status;
}

} // namespace

TEST_CASE("a run whose power is cut while it saves goes on from its last checkpoint as if it had never stopped") {
    const Alphabet alphabet(config.vocab);
    const mote_train_config train = train_config(1, 8, MOTE_ADAGRAD);
    const uint32_t steps = 12;
    const Model model(config, 2, &alphabet.vocab());
    const Trainer reference(model, train);
    std::vector<uint32_t> losses;
    for (uint32_t i = 0; i < steps; ++i) losses.push_back(bits(step(reference.get(), i)));

    Device device(geometry, {200, 600}, 1);
    REQUIRE(device.start() == MOTE_OK);
    const Model fresh(config, 2, &alphabet.vocab());
    const Trainer first(fresh, train);
    REQUIRE(save_checkpoint_in(device.journal, first.get(), train) == MOTE_OK);
    uint64_t done = 0;
    Random random(4);
    for (uint32_t start = 0; done < steps; ++start) {
        REQUIRE(start < 1000);
        device.flash.power_on();
        REQUIRE(device.start() == MOTE_OK);
        mote_journal_record record;
        REQUIRE(mote_journal_newest(device.journal, &record) == MOTE_OK);
        const LoadedCheckpoint loaded(Buffer(device.flash.bytes.data() + record.address, record.bytes),
                                      MOTE_WORKSPACE_NONE);
        REQUIRE(loaded.status == MOTE_OK);
        REQUIRE(mote_trainer_step_count(loaded.trainer) >= done);
        done = mote_trainer_step_count(loaded.trainer);
        if (done == steps) CHECK(mote_weights_hash(loaded.model) == model.hash());
        for (uint64_t i = done; i < steps; ++i) {
            CHECK(bits(step(loaded.trainer, i)) == losses[static_cast<size_t>(i)]);
            device.flash.cut_in_step(random.below(12000));
            if (save_checkpoint_in(device.journal, loaded.trainer, train) != MOTE_OK) break;
        }
    }
    CHECK(device.flash.misuses() == 0);
}

TEST_CASE("a model in a journal is opened in place") {
    const Alphabet alphabet(config.vocab);
    const Model model(config, 2, &alphabet.vocab());
    Device device(geometry, {200, 600}, 1);
    REQUIRE(device.start() == MOTE_OK);
    REQUIRE(device.save(1) == MOTE_OK);
    Arena scratch(mote_scratch_bytes(&config));
    REQUIRE(mote_journal_begin(device.journal, mote_blob_bytes(&config)) == MOTE_OK);
    REQUIRE(mote_model_save(model.get(), nullptr, 0, &scratch.arena, mote_journal_write, device.journal) == MOTE_OK);
    REQUIRE(mote_journal_commit(device.journal) == MOTE_OK);
    REQUIRE(device.start() == MOTE_OK);
    mote_journal_record record;
    REQUIRE(mote_journal_newest(device.journal, &record) == MOTE_OK);
    CHECK(record.bytes == mote_blob_bytes(&config));
    Arena arena(MOTE_OPEN_BYTES);
    const mote_model *opened = nullptr;
    REQUIRE(mote_model_open(&opened, &arena.arena, device.flash.bytes.data() + record.address, record.bytes) ==
            MOTE_OK);
    CHECK(mote_weights_hash(opened) == model.hash());
    CHECK(mote_selftest(opened, &scratch.arena) == MOTE_OK);
}

TEST_CASE("an adapter goes into the journal, and is used in place there after the next start") {
    const mote_train_config train = train_config(1, 8);
    const uint32_t learned = MOTE_LEARN_OUTPUT | MOTE_LEARN_BIASES;
    const Model base(config, 2);
    Arena room(mote_adapter_bytes(&config, learned) + mote_learner_bytes(&config, learned, &train));
    mote_adapter *adapter = nullptr;
    mote_learner *learner = nullptr;
    REQUIRE(mote_adapter_init(&adapter, &room.arena, base.get(), learned) == MOTE_OK);
    REQUIRE(mote_learner_init(&learner, &room.arena, adapter, &train) == MOTE_OK);
    Random random(3);
    const Batch batch = draw_batch(random, config.vocab, 1, 8);
    float loss = -1;
    REQUIRE(mote_learn_step(learner, batch.tokens.data(), batch.targets.data(), &loss) == MOTE_OK);

    Device device(geometry, {200, 600}, 1);
    REQUIRE(device.start() == MOTE_OK);
    REQUIRE(mote_journal_begin(device.journal, mote_adapter_blob_bytes(&config, learned)) == MOTE_OK);
    REQUIRE(mote_adapter_save(adapter, mote_journal_write, device.journal) == MOTE_OK);
    REQUIRE(mote_journal_commit(device.journal) == MOTE_OK);
    REQUIRE(device.start() == MOTE_OK);
    mote_journal_record record;
    REQUIRE(mote_journal_newest(device.journal, &record) == MOTE_OK);
    REQUIRE(record.bytes == mote_adapter_blob_bytes(&config, learned));
    const Buffer flash(device.flash.bytes.data(), device.flash.bytes.size());
    Arena small(mote_adapter_open_bytes(&config));
    const mote_adapter *opened = nullptr;
    REQUIRE(mote_adapter_open(&opened, &small.arena, base.get(), flash.data() + record.address, record.bytes) ==
            MOTE_OK);
    CHECK(mote_weights_hash(mote_adapter_model(opened)) == mote_weights_hash(mote_adapter_model(adapter)));
    CHECK(mote_weights_hash(mote_adapter_model(opened)) != base.hash());
}
