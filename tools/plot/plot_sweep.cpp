#include "plot_sweep.h"

#include "errors.h"
#include "plot_characters.h"
#include "plot_curves.h"
#include "plot_styles.h"
#include "sweep_points.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace mote::cli {

namespace {

constexpr size_t most_tics = 10;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/* The values of the x axis: numbers where they are, or words side by side. */
class Positions {
  public:
    explicit Positions(const std::vector<std::string> &values) {
        bool numbers = true;
        for (const std::string &value : values) numbers = is_number(value, places_[value]) && numbers;
        for (size_t i = 0; i < values.size() && !numbers; ++i) places_[values[i]] = static_cast<double>(i);
        for (const std::string &value : values) widen(span_, places_[value], false);
        log_ = numbers && span_.low > 0 && span_.high / span_.low >= 4;
        span_ = numbers ? with_room(span_, log_) : Span{-0.5, static_cast<double>(values.size()) - 0.5};
        if (!numbers || (values.size() <= most_tics && apart(values))) tics_ = values;
    }

    double of(const std::string &value) const { return places_.at(value); }

    Axis axis(const std::string &title, Lettering &lettering) const {
        Axis axis{title, span_, log_};
        for (const std::string &value : tics_) axis.tics.push_back({of(value), lettering.of(value)});
        return axis;
    }

  private:
    /* Whether labels at the values would not cover each other. */
    bool apart(const std::vector<std::string> &values) const {
        auto along = [&](double value) { return log_ ? std::log10(value) : value; };
        for (size_t i = 1; i < values.size(); ++i) {
            double gap = along(of(values[i])) - along(of(values[i - 1]));
            if (gap < 0.06 * (along(span_.high) - along(span_.low))) return false;
        }
        return true;
    }

    std::map<std::string, double> places_;
    Span span_ = nothing;
    bool log_ = false;
    std::vector<std::string> tics_;
};

/* Which keys a picture has; `none` where there is none. */
constexpr size_t none = ~size_t{0};
struct Choice {
    size_t x = none, lines = none;
    bool others = false; /* further keys differ */
};

size_t key_number(const SweepResults &results, const std::string &option, const std::string &name) {
    const std::vector<std::string> &keys = results.keys();
    auto found = std::find(keys.begin(), keys.end(), name);
    if (found == keys.end()) throw UsageError(option + " " + name + ": the table has only " + listed(keys, " and "));
    return static_cast<size_t>(found - keys.begin());
}

bool differs(const SweepResults &results, size_t key) { return results.values(key).size() > 1; }

/* The first key of numbers that differs, or of words. */
size_t usual_x(const SweepResults &results, size_t lines) {
    const size_t seed = results.keys().size() - 1;
    size_t first = none;
    for (size_t key = 0; key < seed; ++key) {
        double number = 0;
        if (key == lines || !differs(results, key)) continue;
        if (is_number(results.values(key)[0], number)) return key;
        if (first == none) first = key;
    }
    return first != none ? first : seed;
}

Choice choose(const SweepResults &results, const SweepPlot &plot) {
    const size_t seed = results.keys().size() - 1;
    Choice choice;
    if (!plot.lines.empty()) choice.lines = key_number(results, "--lines", plot.lines);
    choice.x = plot.x.empty() ? usual_x(results, choice.lines) : key_number(results, "--x", plot.x);
    if (choice.x == choice.lines) throw UsageError("--lines " + plot.lines + ": is the x axis, too");
    for (size_t key = 0; key < seed; ++key) {
        if (key == choice.x || key == choice.lines || !differs(results, key)) continue;
        if (choice.lines == none && results.values(key).size() <= line_style_count)
            choice.lines = key;
        else
            choice.others = true;
    }
    if (choice.lines != none && results.values(choice.lines).size() > line_style_count)
        throw UsageError(
            formatted("--lines: %s has more than %zu values", results.keys()[choice.lines].c_str(), line_style_count));
    return choice;
}

/* The trainings at one place of a line: one for each seed. */
struct Place {
    double x, sum = 0, least = nan, largest = nan;
    size_t count = 0;
};

class SweepPicture {
  public:
    SweepPicture(const SweepResults &results, const SweepPlot &plot)
        : rows_(results.rows("dev_loss")), keys_(results.keys()), choice_(choose(results, plot)),
          positions_(results.values(choice_.x)), log_y_(plot.log_y) {
        lines_ = choice_.lines == none ? std::vector<std::string>{""} : results.values(choice_.lines);
        for (const SweepResults::Row &row : rows_) widen(losses_, row.loss, log_y_);
        if (losses_.low > losses_.high) throw Failure(plot.table + ": no training has a dev loss");
        losses_ = with_room(losses_, log_y_);
    }

    void write(const std::string &output) const {
        Lettering lettering(output);
        Curves curves(positions_.axis(lettering.of(keys_[choice_.x]), lettering),
                      Axis{"dev loss (nats)", losses_, log_y_});
        for (size_t i = 0; i < lines_.size(); ++i) add_line(curves, i, lettering);
        add_failed(curves);
        curves.write(output);
    }

  private:
    std::vector<const SweepResults::Row *> rows_of(size_t line) const {
        std::vector<const SweepResults::Row *> list;
        for (const SweepResults::Row &row : rows_) {
            bool belongs = choice_.lines == none || row.values[choice_.lines] == lines_[line];
            if (belongs && std::isfinite(row.loss)) list.push_back(&row);
        }
        return list;
    }

    std::vector<Place> places_of(size_t line) const {
        std::map<double, Place> places;
        for (const SweepResults::Row *row : rows_of(line)) {
            Place &place = places.try_emplace(x_of(*row), Place{x_of(*row)}).first->second;
            place.sum += row->loss;
            place.least = place.count == 0 ? row->loss : std::min(place.least, row->loss);
            place.largest = place.count == 0 ? row->loss : std::max(place.largest, row->loss);
            ++place.count;
        }
        std::vector<Place> list;
        list.reserve(places.size());
        for (const auto &place : places) list.push_back(place.second);
        return list;
    }

    /* A mean of trainings that differ in more than their seeds would be of nothing: their points stand alone then. */
    void add_line(Curves &curves, size_t line, Lettering &lettering) const {
        constexpr unsigned marks[line_style_count] = {7, 5, 9, 13, 11, 6, 4};
        const LineStyle &style = line_style(line);
        const std::string title = choice_.lines == none ? "" : lettering.of(keys_[choice_.lines] + " " + lines_[line]);
        CurvePoints points, means, spans;
        for (const SweepResults::Row *row : rows_of(line)) points.push_back({x_of(*row), row->loss});
        for (const Place &place : places_of(line)) {
            means.push_back({place.x, place.sum / static_cast<double>(place.count)});
            if (place.count > 1)
                spans.insert(spans.end(), {{place.x, place.least}, {place.x, place.largest}, {nan, nan}});
        }
        const std::string mark = formatted("pt %u ps 0.9 lc rgb \"%s\"", marks[line], style.colour);
        if (choice_.others) {
            curves.add(points, "points " + mark, title);
            return;
        }
        curves.add(spans, formatted("lines lw 1.2 lc rgb \"%s\"", style.colour));
        if (!spans.empty()) curves.add(points, formatted("points pt 1 ps 0.5 lc rgb \"%s\"", style.colour));
        curves.add(means, formatted("linespoints lw 1.8 dt %s ", style.dashes) + mark, title);
    }

    /* At the upper edge. */
    void add_failed(Curves &curves) const {
        CurvePoints failed;
        for (const SweepResults::Row &row : rows_) {
            if (row.failed) failed.push_back({x_of(row), losses_.high});
        }
        curves.add(failed, "points pt 2 ps 1.2 lw 1.5 lc rgb \"black\"", "failed");
    }

    double x_of(const SweepResults::Row &row) const { return positions_.of(row.values[choice_.x]); }

    std::vector<SweepResults::Row> rows_;
    std::vector<std::string> keys_, lines_;
    Choice choice_;
    Positions positions_;
    Span losses_ = nothing;
    bool log_y_;
};

} // namespace

void plot_sweep(const SweepPlot &plot, const std::string &output) {
    SweepPicture(SweepResults(plot.table), plot).write(output);
}

} // namespace mote::cli
