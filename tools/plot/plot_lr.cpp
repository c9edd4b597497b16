#include "plot_lr.h"

#include "errors.h"
#include "plot_curves.h"
#include "plot_table.h"

#include <algorithm>

namespace mote::cli {

namespace {

/* At the end the loss leaves the picture: what matters is how far it falls below where it began. */
Span loss_span(const std::vector<LrPoint> &points) {
    double begin = points[0].smoothed, best = begin;
    Span all = nothing;
    for (const LrPoint &point : points) {
        best = std::min(best, point.smoothed);
        widen(all, point.loss, false);
        widen(all, point.smoothed, false);
    }
    all.high = std::min(all.high, std::max(2 * begin - best, 1.25 * begin));
    return with_room(all, false);
}

} // namespace

std::vector<LrPoint> read_lr_points(const std::string &path) {
    Table table(path, {"rate", "loss", "smoothed_loss"});
    std::vector<double> rates = table.column("rate"), losses = table.column("loss"),
                        smoothed = table.column("smoothed_loss");
    std::vector<LrPoint> points;
    for (size_t i = 0; i < rates.size(); ++i) {
        if (rates[i] <= 0) throw Failure(path + formatted(": line %zu: the rate is not above 0", i + 2));
        points.push_back({rates[i], losses[i], smoothed[i]});
    }
    return points;
}

void plot_lr(const std::vector<LrPoint> &points, std::optional<double> mark, const std::string &output) {
    if (points.empty()) throw Failure(output + ": no steps to draw");
    CurvePoints raw, smoothed;
    Span rates = nothing;
    for (const LrPoint &point : points) {
        raw.push_back({point.rate, point.loss});
        smoothed.push_back({point.rate, point.smoothed});
        widen(rates, point.rate, true);
    }
    if (mark) widen(rates, *mark, true);
    Curves curves({"learning rate", with_room(rates, true), true}, {"loss (nats)", loss_span(points), false});
    curves.add(thinned(raw, true), "lines lw 0.7 lc rgb \"#b0b0b0\"", "each step");
    curves.add(thinned(smoothed, true), "lines lw 2 lc rgb \"black\"", "smoothed");
    if (mark) curves.mark(*mark, formatted("rate %.3g", *mark));
    curves.write(output);
}

} // namespace mote::cli
