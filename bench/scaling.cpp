// mote_scaling [--isa=NAME] [--rounds=N] [--seconds=S]: how long a step takes along each size, through the public C
// API. The sizes of a series take turns of S seconds. What is found is for scaling.py, a line each, of which these
// begin a series and are followed by its sizes; X…: a number a round.
//
//   isa NAME
//   series AXIS WORK
//   peak X…                       multiply-adds a second
//   size N USEFUL PADDED          multiply-adds of a step, without and with padding
//   seconds X…                    of a step
//   reading X…                    seconds that reading a step's weights once takes
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "machine_limits.h"
#include "task.h"

namespace {

using namespace mote_bench;

struct Options {
    unsigned rounds = 7;
    double seconds = 0.01;
    long series = -1; // all
};

using Sizes = std::vector<uint32_t>;

// A workload of the table with one size of it changed.
struct Series {
    const char *axis, *what, *base;
    Sizes sizes;
    void (*set)(Workload &w, uint32_t size);
};

void set_hidden(Workload &w, uint32_t size) { w.config.hidden = size; }
// A rate that even a batch of one character can learn with.
void set_batch(Workload &w, uint32_t size) {
    w.train.batch = size;
    w.train.learning_rate = 0.01f;
}
void set_time(Workload &w, uint32_t size) { w.train.time_steps = size; }
// Time short enough for the largest sizes.
void set_hidden_of_short(Workload &w, uint32_t size) {
    w.config.hidden = size;
    w.train.time_steps = 16;
}
void set_batch_of_short(Workload &w, uint32_t size) {
    w.train.batch = size;
    w.train.time_steps = 16;
}
// Hidden small enough for a large softmax to dominate.
void set_vocab_of_small(Workload &w, uint32_t size) {
    w.config.vocab = size;
    w.config.hidden = 128;
    if (w.config.cell == MOTE_CELL_RECURRENT && w.trains()) w.train.time_steps = 16;
}

// Round sizes, some between them, odd ones with round neighbours; and one below and beyond where that is possible, so
// that the least and the largest of interest have two neighbours.
std::vector<Series> all_series() {
    const Sizes hidden = {8,   16,  24,  32,  37,  48,  64,  80,   96,   97,   112, 128,
                          130, 144, 192, 256, 384, 512, 768, 1024, 1536, 2048, 2304},
                batch = {1,  2,  3,  4,  5,  6,  7,  8,  9,   12,  13,  16,  17,  24,  25,
                         31, 32, 33, 37, 48, 64, 80, 97, 112, 128, 130, 144, 192, 256, 288},
                time = {1, 2, 3, 4, 8, 16, 25, 32, 37, 48, 64, 80, 97, 112, 128, 130, 144, 192, 256, 288},
                vocab = {8, 16, 24, 32, 37, 48, 64, 80, 97, 112, 128, 130, 144, 256, 512, 1024, 2048, 4096, 4608};
    return {
        {"hidden", "RNN, 32 x 16, AdamW", "T2b", hidden, set_hidden_of_short},
        {"hidden", "RNN, 1 x 25, Adagrad", "T2a", hidden, set_hidden},
        {"hidden", "MLP 3x10, 32, SGD", "T3b", hidden, set_hidden},
        {"hidden", "RNN, inference", "I1-256", hidden, set_hidden},
        {"batch", "RNN 256, time 16, AdamW", "T2b", batch, set_batch_of_short},
        {"batch", "MLP 8x32-128-128, SGD", "T4b", batch, set_batch},
        {"time", "RNN 256, batch 32, AdamW", "T2b", time, set_time},
        {"time", "RNN 128, batch 1, Adagrad", "T2a", time, set_time},
        {"vocabulary", "RNN 128, 32 x 16, AdamW", "T2b", vocab, set_vocab_of_small},
        {"vocabulary", "MLP 3x10-128, 32, SGD", "T3b", vocab, set_vocab_of_small},
        {"vocabulary", "RNN 128, inference", "I1-128", vocab, set_vocab_of_small},
    };
}

double padded(uint32_t n) {
    const uint64_t columns = (uint64_t{n} + 15) / 16 * 16;
    return static_cast<double>(columns);
}

// With the outputs of each product in whole panels. A one-hot input has no product.
double padded_multiply_adds(const Workload &w) {
    const mote_config &c = w.config;
    const uint32_t inputs = c.context * c.embed;
    // Products of hidden with hidden.
    const double between = c.layers - 1 + (c.cell == MOTE_CELL_RECURRENT ? c.layers : 0);
    const double h = c.hidden, in = inputs, v = c.vocab;
    const double forward = (in + between * h) * padded(c.hidden) + h * padded(c.vocab);
    if (!w.trains()) return forward;
    const double to_inputs = (v + between * h) * padded(c.hidden) + h * padded(inputs);
    return static_cast<double>(w.characters()) * (2 * forward + to_inputs);
}

void tell(const char *what, const std::vector<double> &values) {
    std::printf("%s", what);
    for (const double value : values) std::printf(" %.6g", value);
    std::printf("\n");
}

// One size at work.
class Point {
  public:
    Point(const Series &series, uint32_t size) : workload_(*find_workload(series.base)), size_(size) {
        series.set(workload_, size);
        task_ = make_mote_task(workload_);
    }
    // What other sizes have driven out of the caches comes back before the clock starts.
    void turn(double seconds) {
        if (steps_ == 0) steps_ = steps_for(seconds);
        run(1);
        seconds_.push_back(run(steps_) / static_cast<double>(steps_));
        const auto bytes = static_cast<double>(bytes_read(workload_));
        reading_.push_back(bytes / mote_limits::read_bandwidth(bytes_read(workload_)).rate);
    }
    void tell_all() const {
        std::printf("size %u %.0f %.0f\n", size_, step_flops(workload_) / 2, padded_multiply_adds(workload_));
        tell("seconds", seconds_);
        tell("reading", reading_);
    }

  private:
    double run(std::size_t steps) {
        losses_.resize(steps);
        const double start = mote_limits::cpu_seconds();
        task_->run(steps, losses_.data());
        return mote_limits::cpu_seconds() - start;
    }
    std::size_t steps_for(double seconds) {
        for (std::size_t steps = 1;; steps *= 4) {
            const double taken = run(steps);
            if (taken > seconds / 4)
                return static_cast<std::size_t>(std::ceil(seconds * static_cast<double>(steps) / taken));
        }
    }

    Workload workload_;
    uint32_t size_;
    std::unique_ptr<Task> task_;
    std::size_t steps_ = 0;
    std::vector<float> losses_;
    std::vector<double> seconds_, reading_;
};

void measure(const Series &series, const Options &options) {
    std::vector<Point> points;
    std::vector<double> peaks;
    for (const uint32_t size : series.sizes) points.emplace_back(series, size);
    for (unsigned round = 0; round < options.rounds; ++round) {
        peaks.push_back(mote_limits::fma_peak() / 2);
        for (Point &point : points) point.turn(options.seconds);
    }
    std::printf("series %s %s\n", series.axis, series.what);
    tell("peak", peaks);
    for (const Point &point : points) point.tell_all();
    std::fflush(stdout);
}

int usage(const char *argument) {
    std::fprintf(stderr, "mote_scaling: \"%s\" cannot be used; --isa=NAME, --rounds=N, --seconds=S, --series=I\n",
                 argument);
    return 2;
}

} // namespace

int main(int argc, char **argv) {
    Options options;
    for (int i = 1; i < argc; ++i) {
        if (std::strncmp(argv[i], "--isa=", 6) == 0) {
            if (mote_isa_force(argv[i] + 6) != MOTE_OK) return usage(argv[i]);
        } else if (std::strncmp(argv[i], "--rounds=", 9) == 0) {
            options.rounds = static_cast<unsigned>(std::strtoul(argv[i] + 9, nullptr, 10));
        } else if (std::strncmp(argv[i], "--seconds=", 10) == 0) {
            options.seconds = std::strtod(argv[i] + 10, nullptr);
        } else if (std::strncmp(argv[i], "--series=", 9) == 0) {
            options.series = std::strtol(argv[i] + 9, nullptr, 10);
        } else {
            return usage(argv[i]);
        }
    }
    if (options.rounds == 0 || !(options.seconds > 0)) return usage("a number that is not above 0");
    std::printf("isa %s\n", mote_isa());
    const std::vector<Series> series = all_series();
    for (std::size_t i = 0; i < series.size(); ++i)
        if (options.series < 0 || static_cast<std::size_t>(options.series) == i) measure(series[i], options);
    return 0;
}
