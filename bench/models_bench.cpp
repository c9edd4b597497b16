// Work that users do, through the public C API: a training step, a character.
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "bench_support.h"
#include "mote.h"

namespace {

using namespace mote_bench;

struct Setup {
    mote_config config;
    mote_train_config train;
    std::unique_ptr<unsigned char, Free> buffer;
    mote_arena arena{};
    mote_model *model = nullptr;
    std::vector<uint16_t> tokens, targets;

    Setup(const mote_config &c, const mote_train_config &t)
        : config(c), train(t), buffer(memory(bytes())), tokens(std::size_t{t.batch} * t.time), targets(tokens.size()) {
        const mote_init init = {
            {MOTE_INIT_HIDDEN_UNIFORM, 1.0f}, {MOTE_INIT_HIDDEN_UNIFORM, 1.0f}, {MOTE_INIT_NORMAL, 1.0f}};
        must(mote_arena_init(&arena, buffer.get(), bytes()));
        must(mote_model_random(&model, &arena, &config, nullptr, &init, 1));
        mote_rng rng;
        mote_rng_init(&rng, 7, 7);
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            tokens[i] = static_cast<uint16_t>(mote_rng_below(&rng, c.vocab));
            targets[i] = static_cast<uint16_t>(mote_rng_below(&rng, c.vocab));
        }
    }

    std::size_t bytes() const {
        return mote_model_bytes(&config) + mote_trainer_bytes(&config, &train) + mote_state_bytes(&config);
    }

    static void must(mote_status status) {
        if (status == MOTE_OK) return;
        std::fprintf(stderr, "mote_bench: %s\n", mote_status_name(status));
        std::exit(1);
    }
};

mote_train_config training(uint32_t batch, uint32_t time, uint32_t optimizer) {
    mote_train_config t{};
    t.batch = batch;
    t.time = time;
    t.workspace = batch == 1 ? MOTE_WORKSPACE_NONE : MOTE_WORKSPACE_PACKED;
    t.optimizer = optimizer;
    t.rate = 1e-3f;
    t.beta1 = 0.9f;
    t.beta2 = 0.999f;
    t.eps = 1e-8f;
    return t;
}

// Useful operations of a step: forward, gradients of the inputs, gradients of the weights, 2 a multiply-add; a one-hot
// input costs none.
double step_flops(const Setup &s) {
    const double h = s.config.hidden, v = s.config.vocab;
    return 6.0 * (h * h + v * h) * s.train.batch * s.train.time;
}

void train_step(benchmark::State &state, Setup &s) {
    mote_trainer *trainer = nullptr;
    Setup::must(mote_trainer_init(&trainer, &s.arena, s.model, &s.train));
    float loss = 0;
    const Flops flops;
    for (auto _ : state) Setup::must(mote_train_step(trainer, s.tokens.data(), s.targets.data(), &loss));
    flops.report(state, step_flops(s));
    state.counters["chars/s"] = benchmark::Counter(
        static_cast<double>(s.tokens.size()) * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

// T1, T2a: a row at a time, Adagrad, gradients clipped by value.
void train_adagrad(benchmark::State &state) {
    const auto v = static_cast<uint32_t>(state.range(0)), h = static_cast<uint32_t>(state.range(1)),
               t = static_cast<uint32_t>(state.range(2)), workspace = static_cast<uint32_t>(state.range(3));
    mote_train_config train = training(1, t, MOTE_ADAGRAD);
    train.clip_value = 5.0f;
    train.workspace = workspace;
    Setup s({MOTE_RNN, MOTE_TANH, v, 0, 0, h, 1}, train);
    train_step(state, s);
}
BENCHMARK(train_adagrad)
    ->ArgNames({"vocab", "hidden", "time", "packed"})
    ->Args({24, 30, 5, 0})
    ->Args({24, 30, 5, 1})
    ->Args({65, 128, 25, 0})
    ->Args({65, 128, 25, 1});

// T2b, T2c: batches, AdamW, clipped by norm.
void train_adamw(benchmark::State &state) {
    const auto h = static_cast<uint32_t>(state.range(0)), batch = static_cast<uint32_t>(state.range(1));
    mote_train_config train = training(batch, 64, MOTE_ADAMW);
    train.clip_norm = 1.0f;
    train.decay = 0.01f;
    Setup s({MOTE_RNN, MOTE_TANH, 65, 0, 0, h, 1}, train);
    train_step(state, s);
}
BENCHMARK(train_adamw)->ArgNames({"hidden", "batch"})->Args({256, 32})->Args({512, 64})->Unit(benchmark::kMicrosecond);

// I1: a character a call, and a draw from its softmax.
void step_and_sample(benchmark::State &state) {
    const auto h = static_cast<uint32_t>(state.range(0));
    Setup s({MOTE_RNN, MOTE_TANH, 65, 0, 0, h, 1}, training(1, 1, MOTE_SGD));
    mote_state *stream = nullptr;
    Setup::must(mote_state_init(&stream, &s.arena, s.model));
    const Bytes bytes(mote_weight_count(&s.config) * sizeof(float) - 65 * h * sizeof(float));
    mote_rng rng;
    mote_rng_init(&rng, 1, 1);
    uint16_t token = 0;
    for (auto _ : state) {
        const float *logits = nullptr;
        Setup::must(mote_step(stream, token, &logits));
        Setup::must(mote_sample(logits, 65, 1.0f, 0, &rng, &token));
    }
    bytes.report(state);
}
BENCHMARK(step_and_sample)->ArgName("hidden")->Arg(64)->Arg(128)->Arg(256)->Arg(512)->Arg(1024);

} // namespace

int main(int argc, char **argv) {
    // --isa=NAME is ours; the rest is Google Benchmark's.
    for (int i = 1; i < argc; ++i) {
        if (std::strncmp(argv[i], "--isa=", 6) != 0) continue;
        if (mote_isa_force(argv[i] + 6) != MOTE_OK) {
            std::fprintf(stderr, "mote_bench: --isa: \"%s\" is not to be had here\n", argv[i] + 6);
            return 2;
        }
        for (int j = i; j + 1 < argc; ++j) argv[j] = argv[j + 1];
        --argc, --i;
    }
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
    benchmark::AddCustomContext("isa", mote_isa());
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
