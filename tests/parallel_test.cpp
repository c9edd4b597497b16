/* Steps split into tasks: whoever runs a task, and in whatever order, the bits are those of one thread. */
#if !defined(MOTE_WITHOUT_THREADS)
#include "support.h"
#include "trainer.h"

#include <doctest/doctest.h>

#include <cmath>
#include <thread>

using namespace mote_test;

namespace {

/* Of sizes that no number of tasks divides. */
const mote_config models[] = {bigram(97),        mlp(65, 5, 9, 70, 2), mlp(27, 3, 2, 100, 1, MOTE_RELU),
                              rnn(97, 0, 70, 1), rnn(65, 19, 49, 2),   rnn(65, 0, 50, 2, MOTE_RELU),
                              gru(65, 0, 50, 2), gru(33, 19, 49, 1),   mlp(200, 2, 9, 110, 1)};

struct Calls {
    uint32_t stages = 0, tasks = 0;
};

void backwards(void *user, mote_task_fn task, void *work, uint32_t tasks) {
    auto *calls = static_cast<Calls *>(user);
    ++calls->stages;
    for (uint32_t i = tasks; i-- > 0; ++calls->tasks) task(work, i);
}

void on_threads(void *user, mote_task_fn task, void *work, uint32_t tasks) {
    auto *calls = static_cast<Calls *>(user);
    ++calls->stages;
    calls->tasks += tasks;
    std::vector<std::thread> threads;
    for (uint32_t i = 0; i < tasks; ++i) threads.emplace_back(task, work, i);
    for (std::thread &thread : threads) thread.join();
}

mote_train_config training(uint32_t optimizer, uint32_t workspace) {
    mote_train_config train = train_config(37, 9, optimizer);
    train.workspace = workspace;
    train.clip_norm = 1;
    return train;
}

/* The losses and the weights after two steps, hashed: the second reads the moments and states that the first left. */
uint64_t trained(const mote_config &config, const mote_train_config &train, mote_parallel_fn parallel, void *user,
                 uint32_t tasks) {
    Model model(config);
    Trainer trainer(model, train);
    Random random(3);
    REQUIRE(mote_trainer_set_parallel(trainer.get(), parallel, user, tasks) == MOTE_OK);
    trainer.get()->batch.split.min_macs = 0; /* every stage is */
    uint64_t hash = MOTE_FNV_START;
    for (int step = 0; step < 2; ++step) {
        const Batch batch = draw_batch(random, config, train.batch, train.time_steps, 0.1);
        float loss;
        REQUIRE(mote_train_step(trainer.get(), batch.tokens.data(), batch.targets.data(), &loss) == MOTE_OK);
        const float norm = mote_trainer_norm(trainer.get());
        hash = mote_fnv1a(mote_fnv1a(hash, &loss, sizeof loss), &norm, sizeof norm);
    }
    const uint64_t weights = model.hash();
    return mote_fnv1a(hash, &weights, sizeof weights);
}

} // namespace

TEST_CASE("a step in several tasks has the bits of a step in one, for every model, optimizer and number of tasks") {
    const uint32_t optimizers[] = {MOTE_SGD, MOTE_MOMENTUM, MOTE_ADAGRAD, MOTE_ADAMW};
    uint32_t drawn = 0;
    Choice choice;
    for (const mote_config &config : models) {
        for (const uint32_t workspace : {MOTE_WORKSPACE_NONE, MOTE_WORKSPACE_PACKED}) {
            const mote_train_config train = training(optimizers[drawn++ % 4], workspace);
            if (choice.skips()) continue;
            CAPTURE(describe(config));
            CAPTURE(train.optimizer);
            const uint64_t alone = trained(config, train, nullptr, nullptr, 1);
            for (const uint32_t tasks : {1u, 2u, 3u, 7u, 16u}) {
                CAPTURE(tasks);
                Calls calls;
                CHECK(trained(config, train, backwards, &calls, tasks) == alone);
                CHECK((calls.stages > 0) == (tasks > 1));
                CHECK(calls.tasks == calls.stages * tasks);
            }
        }
    }
}

TEST_CASE("tasks may run on threads, all at once") {
    Choice choice;
    for (const mote_config &config : models) {
        if (choice.skips()) continue;
        CAPTURE(describe(config));
        const mote_train_config train = training(MOTE_ADAMW, MOTE_WORKSPACE_PACKED);
        Calls calls;
        CHECK(trained(config, train, on_threads, &calls, 4) == trained(config, train, nullptr, nullptr, 1));
        CHECK(calls.stages > 0);
    }
}

TEST_CASE("NaN in any task is reported, and no weight has changed") {
    for (const mote_config &config : models) {
        CAPTURE(describe(config));
        Model model(config);
        Trainer trainer(model, training(MOTE_ADAGRAD, MOTE_WORKSPACE_NONE));
        Random random(4);
        const Batch batch = draw_batch(random, config, 37, 9);
        Calls calls;
        float loss;
        REQUIRE(mote_trainer_set_parallel(trainer.get(), backwards, &calls, 5) == MOTE_OK);
        trainer.get()->batch.split.min_macs = 0;
        model.weights()[batch.tokens.back() * size_t{16}] =
            std::nanf(""); /* of a row that the last row of the batch reads */
        const uint64_t before = model.hash();
        CHECK(mote_train_step(trainer.get(), batch.tokens.data(), batch.targets.data(), &loss) == MOTE_ERR_NUMERIC);
        CHECK(model.hash() == before);
    }
}

TEST_CASE("tasks that the caller leaves out, or runs twice, never make a wrong update") {
    struct Wrong {
        static void leave_out(void *, mote_task_fn task, void *work, uint32_t tasks) {
            for (uint32_t i = 1; i < tasks; ++i) task(work, i);
        }
        static void leave_all_out(void *, mote_task_fn, void *, uint32_t) {}
        static void run_twice(void *, mote_task_fn task, void *work, uint32_t tasks) {
            for (uint32_t i = 0; i < 2 * tasks; ++i) task(work, i % tasks);
        }
        static void run_too_many(void *, mote_task_fn task, void *work, uint32_t tasks) {
            for (uint32_t i = 0; i < tasks + 3; ++i) task(work, i);
        }
    };
    Choice choice;
    for (const mote_config &config : models) {
        if (choice.skips()) continue;
        CAPTURE(describe(config));
        const uint64_t right = trained(config, training(MOTE_ADAGRAD, MOTE_WORKSPACE_NONE), nullptr, nullptr, 1);
        for (const mote_parallel_fn wrong : {Wrong::run_twice, Wrong::run_too_many})
            CHECK(trained(config, training(MOTE_ADAGRAD, MOTE_WORKSPACE_NONE), wrong, nullptr, 4) == right);
        for (const mote_parallel_fn wrong : {Wrong::leave_out, Wrong::leave_all_out}) {
            Model model(config);
            Trainer trainer(model, training(MOTE_ADAGRAD, MOTE_WORKSPACE_NONE));
            Random random(3);
            const Batch batch = draw_batch(random, config, 37, 9, 0.1);
            REQUIRE(mote_trainer_set_parallel(trainer.get(), wrong, nullptr, 4) == MOTE_OK);
            trainer.get()->batch.split.min_macs = 0;
            const uint64_t before = model.hash();
            float loss;
            CHECK(mote_train_step(trainer.get(), batch.tokens.data(), batch.targets.data(), &loss) ==
                  MOTE_ERR_PARALLEL);
            CHECK(mote_forward_backward(trainer.get(), batch.tokens.data(), batch.targets.data(), &loss) ==
                  MOTE_ERR_PARALLEL);
            CHECK(mote_trainer_apply(trainer.get()) == MOTE_ERR_SEQUENCE);
            CHECK(model.hash() == before);
            CHECK(mote_trainer_step_count(trainer.get()) == 0);
        }
    }
}

TEST_CASE("what is small is not split") {
    for (const auto &[batch, split] : {std::pair{1u, false}, std::pair{64u, true}}) {
        Model model(rnn(9, 0, 64, 1));
        Trainer trainer(model, train_config(batch, 8));
        Random random(5);
        const Batch b = draw_batch(random, rnn(9, 0, 64, 1), batch, 8);
        Calls calls;
        float loss;
        REQUIRE(mote_trainer_set_parallel(trainer.get(), backwards, &calls, 4) == MOTE_OK);
        REQUIRE(mote_train_step(trainer.get(), b.tokens.data(), b.targets.data(), &loss) == MOTE_OK);
        CHECK((calls.stages != 0) == split);
    }
}

TEST_CASE("tasks are 1 to MOTE_MAX_TASKS") {
    Model model(rnn(9, 0, 8, 1));
    Trainer trainer(model, train_config(1, 5));
    Calls calls;
    CHECK(mote_trainer_set_parallel(nullptr, backwards, &calls, 2) == MOTE_ERR_ARG);
    CHECK(mote_trainer_set_parallel(trainer.get(), backwards, &calls, 0) == MOTE_ERR_ARG);
    CHECK(mote_trainer_set_parallel(trainer.get(), backwards, &calls, MOTE_MAX_TASKS + 1) == MOTE_ERR_ARG);
    CHECK(mote_trainer_set_parallel(trainer.get(), backwards, &calls, MOTE_MAX_TASKS) == MOTE_OK);
    CHECK(mote_trainer_set_parallel(trainer.get(), nullptr, nullptr, 4) == MOTE_OK);
}
#endif
