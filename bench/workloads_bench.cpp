// Work that users do, through the public C API: every workload of the table, and characters that are drawn.
#include <algorithm>
#include <cstdio>
#include <cstring>

#include "aligned.h"
#include "bench_support.h"
#include "task.h"

namespace {

using namespace mote_bench;

// Made before the loop and told after it: characters a second, and how much of a step is what the machine's limits,
// measured just before and after, would leave of it.
class Pace {
  public:
    explicit Pace(const Workload &w) : workload_(w), limit_(limit_seconds(w)), start_(mote_limits::cpu_seconds()) {}
    void report(benchmark::State &state) const {
        const double step = (mote_limits::cpu_seconds() - start_) / static_cast<double>(state.iterations());
        state.counters["chars/s"] = static_cast<double>(workload_.characters()) / step;
        if (limit_ > 0) state.counters["limit_%"] = 100 * std::min(limit_, limit_seconds(workload_)) / step;
        if (workload_.limit == Limit::reads)
            state.SetLabel(std::string("limit: ") + mote_limits::read_bandwidth(bytes_read(workload_)).order);
    }

  private:
    const Workload &workload_;
    double limit_, start_;
};

void step(benchmark::State &state, const Workload &w) {
    const auto task = make_mote_task(w);
    float loss = 0;
    const Pace pace(w);
    for (auto _ : state) task->run(1, &loss);
    pace.report(state);
}

// A character read and the next one drawn from its softmax.
void step_and_sample(benchmark::State &state, const Workload &w) {
    const std::size_t bytes = mote_model_bytes(&w.config) + mote_state_bytes(&w.config);
    const Aligned buffer = aligned(bytes);
    mote_arena arena;
    mote_state *stream = nullptr;
    must(mote_arena_init(&arena, buffer.get(), bytes));
    must(mote_state_init(&stream, &arena, make_model(&arena, w)));
    mote_rng rng;
    mote_rng_init(&rng, 1, 1);
    uint16_t token = 0;
    const Pace pace(w);
    for (auto _ : state) {
        const float *logits = nullptr;
        must(mote_step(stream, token, &logits));
        must(mote_sample(logits, w.config.vocab, 1.0f, 0, &rng, &token));
    }
    pace.report(state);
}

void register_workload(const Workload &w) {
    const std::string id = w.id;
    const auto unit = w.trains() ? benchmark::kMicrosecond : benchmark::kNanosecond;
    benchmark::RegisterBenchmark(id.c_str(), [&w](benchmark::State &state) { step(state, w); })->Unit(unit);
    if (!w.trains()) {
        benchmark::RegisterBenchmark((id + "/sample").c_str(), [&w](benchmark::State &state) {
            step_and_sample(state, w);
        })->Unit(unit);
    } else if (w.train.batch == 1) {
        Workload least = w;
        least.train.workspace = MOTE_WORKSPACE_NONE;
        benchmark::RegisterBenchmark((id + "/least_memory").c_str(), [least](benchmark::State &state) {
            step(state, least);
        })->Unit(unit);
    }
}

} // namespace

int main(int argc, char **argv) {
    // --isa=NAME is ours; the rest is Google Benchmark's.
    for (int i = 1; i < argc; ++i) {
        if (std::strncmp(argv[i], "--isa=", 6) != 0) continue;
        if (mote_isa_force(argv[i] + 6) != MOTE_OK) {
            std::fprintf(stderr, "mote_bench: --isa: \"%s\" is not available here\n", argv[i] + 6);
            return 2;
        }
        for (int j = i; j + 1 < argc; ++j) argv[j] = argv[j + 1];
        --argc, --i;
    }
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
    benchmark::AddCustomContext("isa", mote_isa());
    for (const Workload &w : workloads())
        if (!w.multiplies()) register_workload(w);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
