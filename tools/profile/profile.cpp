#include "profile.h"

#include "errors.h"
#include "machine_limits.h"

#include <algorithm>
#include <chrono>
#include <limits>

namespace mote::cli {

namespace {

using Clock = std::chrono::steady_clock;

constexpr double round_seconds = 1e-3;
constexpr int least_rounds = 5;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/* Steps of a round. The first ones, which are slower, are not counted anywhere. */
size_t steps_of_round(ProfiledWork &work) {
    for (size_t steps = 1;; steps *= 2) {
        auto start = Clock::now();
        for (size_t i = 0; i < steps; ++i) work.step();
        if (seconds_since(start) >= round_seconds / 2) return steps;
    }
}

/* null: nothing to divide by, or nothing to be a share of. */
Json share(double part, double whole) { return whole > 0 && part > 0 ? Json(part / whole) : Json(); }

Json shapes_of(const Stage &stage) {
    Json list = Json::array();
    for (const auto &[rows, columns] : stage.shapes) list.push_back({rows, columns});
    return list;
}

std::string shape_text(const Json &shapes) {
    std::string text;
    for (const Json &shape : shapes) text += (text.empty() ? "" : " + ") + shape[0].dump() + " x " + shape[1].dump();
    return text.empty() ? "-" : text;
}

std::string number(const Json &value, const char *form, double factor = 1) {
    return value.is_null() ? "-" : formatted(form, factor * value.get<double>());
}

std::string count_text(const Json &value) { return value.get<uint64_t>() == 0 ? "-" : value.dump(); }

} // namespace

Profile profile_of(ProfiledWork &work, std::vector<Stage> stages, double seconds) {
    StageTimes times;
    Profile profile;
    profile.step_nanoseconds = std::numeric_limits<double>::infinity();
    const size_t steps = steps_of_round(work);
    auto start = Clock::now();
    for (int round = 0; round < least_rounds || seconds_since(start) < seconds; ++round) {
        for (size_t i = 0; i < steps; ++i) work.profiled_step(times);
        times.end_round();
        auto begin = Clock::now();
        for (size_t i = 0; i < steps; ++i) work.step();
        profile.step_nanoseconds =
            std::min(profile.step_nanoseconds, 1e9 * seconds_since(begin) / static_cast<double>(steps));
    }
    profile.stages = std::move(stages);
    for (const Stage &stage : profile.stages)
        profile.nanoseconds.push_back(times.nanoseconds(stage.stage, stage.layer));
    profile.clock_nanoseconds = times.clock_nanoseconds();
    return profile;
}

void measure_limits(Profile &profile, uint64_t weight_bytes) {
    profile.peak = mote_limits::fma_peak();
    if (weight_bytes != 0) profile.bandwidth = mote_limits::read_bandwidth(static_cast<size_t>(weight_bytes)).rate;
}

Json json_of(const Profile &profile) {
    double sum = 0;
    for (double nanoseconds : profile.nanoseconds) sum += nanoseconds;
    Json rows = Json::array();
    for (size_t i = 0; i < profile.stages.size(); ++i) {
        const Stage &stage = profile.stages[i];
        double nanoseconds = profile.nanoseconds[i];
        Json flops = share(2 * static_cast<double>(stage.multiply_adds), 1e-9 * nanoseconds);
        double read = nanoseconds > 0 ? static_cast<double>(stage.bytes) / (1e-9 * nanoseconds) : 0;
        rows.push_back({{"name", stage.name},
                        {"shapes", shapes_of(stage)},
                        {"multiply_adds", stage.multiply_adds},
                        {"bytes", stage.bytes},
                        {"ns", nanoseconds},
                        {"flops", flops},
                        {"peak_share", flops.is_null() ? Json() : share(flops.get<double>(), profile.peak)},
                        {"bandwidth_share", share(read, profile.bandwidth)},
                        {"share", share(nanoseconds, sum)}});
    }
    return {{"isa", mote_isa()},
            {"peak_flops", profile.peak},
            {"bandwidth", profile.bandwidth > 0 ? Json(profile.bandwidth) : Json()},
            {"clock_ns", profile.clock_nanoseconds},
            {"stages", rows},
            {"stages_ns", sum},
            {"step_ns", profile.step_nanoseconds}};
}

void print_profile(const Json &report) {
    std::string limits = formatted("%.1f GFLOP/s", 1e-9 * report["peak_flops"].get<double>());
    if (!report["bandwidth"].is_null())
        limits += formatted(", %.1f GB/s of the weights", 1e-9 * report["bandwidth"].get<double>());
    print_line("one core with " + report["isa"].get<std::string>() + ": " + limits);
    size_t width = 5;
    for (const Json &row : report["stages"]) width = std::max(width, shape_text(row["shapes"]).size());
    int columns = static_cast<int>(width);
    print_line(formatted("%-14s  %-*s %13s %10s %11s %8s %6s %9s %6s", "stage", columns, "shape", "multiply-adds",
                         "bytes", "ns", "GFLOP/s", "peak", "bandwidth", "share"));
    for (const Json &row : report["stages"])
        print_line(formatted(
            "%-14s  %-*s %13s %10s %11.1f %8s %6s %9s %6s", row["name"].get<std::string>().c_str(), columns,
            shape_text(row["shapes"]).c_str(), count_text(row["multiply_adds"]).c_str(),
            count_text(row["bytes"]).c_str(), row["ns"].get<double>(), number(row["flops"], "%.1f", 1e-9).c_str(),
            number(row["peak_share"], "%.0f%%", 100).c_str(), number(row["bandwidth_share"], "%.0f%%", 100).c_str(),
            number(row["share"], "%.1f%%", 100).c_str()));
    int left = columns + 41; /* the columns before that of the times */
    print_line(formatted("%-*s %11.1f", left, "all stages", report["stages_ns"].get<double>()));
    print_line(formatted("%-*s %11.1f", left, "a step without the hook", report["step_ns"].get<double>()));
}

} // namespace mote::cli
