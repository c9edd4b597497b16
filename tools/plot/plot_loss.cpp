#include "plot_loss.h"

#include "errors.h"
#include "plot_characters.h"
#include "plot_curves.h"
#include "plot_styles.h"
#include "plot_table.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace mote::cli {

namespace {

/* How a part of the corpus is drawn: by its marks, since dashes tell the runs apart. */
struct Evaluated {
    const char *part, *column;
    unsigned mark;
    const char *colour, *dashes; /* where there is one run */
};
constexpr Evaluated evaluated[] = {{"train", "train_loss", 6, "#606060", "(3,3)"},
                                   {"dev", "dev_loss", 7, "#0058a0", "solid"},
                                   {"test", "test_loss", 8, "#c04000", "(10,4)"}};

struct Run {
    std::string name;
    CurvePoints raw, smoothed, evaluations[3];
};

CurvePoints zipped(const std::vector<double> &x, const std::vector<double> &y) {
    CurvePoints points;
    for (size_t i = 0; i < y.size(); ++i) {
        if (!std::isnan(y[i])) points.push_back({x[i], y[i]});
    }
    return points;
}

Run read_run(const std::string &path, bool log_x) {
    Table table(path, {"step", "loss", "smoothed_loss"});
    std::vector<double> steps = table.column("step");
    Run run;
    run.name = path;
    run.raw = thinned(zipped(steps, table.column("loss")), log_x);
    run.smoothed = thinned(zipped(steps, table.column("smoothed_loss")), log_x);
    for (size_t i = 0; i < 3; ++i) run.evaluations[i] = zipped(steps, table.column(evaluated[i].column));
    return run;
}

/* The file's name, or its path where another run's file has the same name. */
std::string title_of(const std::vector<Run> &runs, const Run &run, Lettering &lettering) {
    auto name = [](const Run &which) { return std::filesystem::u8path(which.name).filename(); };
    auto same = std::count_if(runs.begin(), runs.end(), [&](const Run &other) { return name(other) == name(run); });
    return lettering.of(same > 1 ? run.name : name(run).u8string());
}

/* The raw losses but the highest hundredth: a training that begins far off would press all that follows into a line. */
CurvePoints without_spikes(const CurvePoints &raw) {
    std::vector<double> losses;
    for (const CurvePoint &point : raw) losses.push_back(point.y);
    if (losses.empty()) return raw;
    auto top = losses.begin() + static_cast<std::ptrdiff_t>((losses.size() - 1) * 99 / 100);
    std::nth_element(losses.begin(), top, losses.end());
    CurvePoints rest;
    for (const CurvePoint &point : raw) {
        if (point.y <= *top) rest.push_back(point);
    }
    return rest;
}

class LossPicture {
  public:
    LossPicture(const LossPlot &plot, std::vector<Run> runs)
        : plot_(plot), runs_(std::move(runs)),
          curves_(Axis{"step", steps(), plot.log_x},
                  Axis{"loss (nats)", span(&CurvePoint::y, plot.log_y), plot.log_y}) {}

    void write(const std::string &output) {
        Lettering lettering(output);
        if (!plot_.no_raw) {
            for (size_t i = 0; i < runs_.size(); ++i) {
                curves_.add(runs_[i].raw, formatted("lines lw 0.7 lc rgb \"%s\"", line_style(i).tint),
                            runs_.size() == 1 ? "each step" : "");
            }
        }
        for (size_t i = 0; i < runs_.size(); ++i) {
            curves_.add(runs_[i].smoothed,
                        formatted("lines lw 2 lc rgb \"%s\" dt %s", line_style(i).colour, line_style(i).dashes),
                        runs_.size() == 1 ? "smoothed" : title_of(runs_, runs_[i], lettering));
        }
        for (size_t i = 0; i < runs_.size(); ++i) add_evaluations(i);
        if (runs_.size() > 1) add_common_keys();
        curves_.write(output);
    }

  private:
    Span span(double CurvePoint::*value, bool log) const {
        Span all = nothing;
        auto take = [&](const CurvePoints &points) {
            for (const CurvePoint &point : points) widen(all, point.*value, log);
        };
        for (const Run &run : runs_) {
            if (!plot_.no_raw) take(value == &CurvePoint::y && !log ? without_spikes(run.raw) : run.raw);
            take(run.smoothed);
            for (const CurvePoints &points : run.evaluations) take(points);
        }
        return with_room(all, log);
    }

    Span steps() const {
        Span all = span(&CurvePoint::x, plot_.log_x);
        return plot_.log_x ? all : Span{std::min(0.0, all.low), all.high};
    }

    void add_evaluations(size_t run) {
        constexpr size_t most_marks = 25;
        for (size_t i = 0; i < 3; ++i) {
            const CurvePoints &points = runs_[run].evaluations[i];
            bool alone = runs_.size() == 1;
            size_t interval = (points.size() + most_marks - 1) / most_marks;
            curves_.add(points,
                        formatted("linespoints lw 1.2 pt %u ps 0.8 pi %zu lc rgb \"%s\" dt %s", evaluated[i].mark,
                                  std::max<size_t>(1, interval), alone ? evaluated[i].colour : line_style(run).colour,
                                  alone ? evaluated[i].dashes : line_style(run).dashes),
                        alone ? evaluated[i].part : "");
        }
    }

    void add_common_keys() {
        if (!plot_.no_raw) curves_.add_key(formatted("lines lw 0.7 lc rgb \"%s\"", line_style(0).tint), "each step");
        for (size_t i = 0; i < 3; ++i) {
            bool used =
                std::any_of(runs_.begin(), runs_.end(), [&](const Run &run) { return !run.evaluations[i].empty(); });
            if (!used) continue;
            curves_.add_key(formatted("points pt %u ps 0.8 lc rgb \"black\"", evaluated[i].mark), evaluated[i].part);
        }
    }

    const LossPlot &plot_;
    std::vector<Run> runs_;
    Curves curves_;
};

} // namespace

void plot_loss(const LossPlot &plot, const std::string &output) {
    std::vector<Run> runs;
    for (const std::string &log : plot.logs) runs.push_back(read_run(log, plot.log_x));
    LossPicture(plot, std::move(runs)).write(output);
}

} // namespace mote::cli
