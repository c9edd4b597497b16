#include "sweep_best.h"

#include <charconv>

namespace mote::cli {

namespace {

std::optional<double> dev_loss(const JobResult *result) {
    constexpr size_t dev = 0;
    if (result == nullptr || !result->error.empty()) return std::nullopt;
    const std::string &text = result->values[dev];
    double loss = 0;
    auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), loss);
    if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
    return loss;
}

std::optional<BestPoint> losses_of(const SweepTable &table, size_t first, size_t seeds) {
    BestPoint point{0, 0, 0, first, seeds};
    double sum = 0;
    for (size_t job = first; job < first + seeds; ++job) {
        std::optional<double> loss = dev_loss(table.result(job));
        if (!loss) return std::nullopt;
        sum += *loss;
        if (job == first || *loss > point.largest) point.largest = *loss;
        if (job > first && *loss >= point.least) continue;
        point.least = *loss;
        point.job = job;
    }
    point.mean = sum / static_cast<double>(seeds);
    return point;
}

} // namespace

std::optional<BestPoint> best_point(const SweepTable &table, size_t points, size_t seeds) {
    std::optional<BestPoint> best;
    for (size_t i = 0; i < points; ++i) {
        std::optional<BestPoint> point = losses_of(table, i * seeds, seeds);
        if (point && (!best || point->mean < best->mean)) best = point;
    }
    return best;
}

} // namespace mote::cli
