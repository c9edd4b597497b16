#pragma once

#include "gnuplot.h"

#include <string>
#include <vector>

namespace mote::cli {

struct CurvePoint {
    double x, y;
};
using CurvePoints = std::vector<CurvePoint>;

/* At most the lowest and the highest point of each of a thousand stretches of the x axis, in their order. */
CurvePoints thinned(const CurvePoints &points, bool log_x);

struct Span {
    double low, high;
};
/* From the least to the greatest number; with `log`, of those above 0. */
void widen(Span &span, double value, bool log);
constexpr Span nothing{1, 0};
/* With some room at both ends, never empty. */
Span with_room(Span span, bool log);

/* 1, 2 or 5 times a power of ten, so that there are about `count` steps in the span. */
double nice_step(double span, double count);
/* The multiples of the step in the span. */
std::vector<double> ticks(Span span, double step);

struct Tic {
    double at;
    std::string label;
};
struct Axis {
    std::string title;
    Span span;
    bool log = false;
    std::vector<Tic> tics = {}; /* none: at round numbers */
};

/* A picture of curves over two axes, with a legend above it. */
class Curves {
  public:
    Curves(const Axis &x, const Axis &y);

    /* `style`: gnuplot's words for how to draw it. An empty title: not in the legend. A line ends at a NaN. */
    void add(const CurvePoints &points, const std::string &style, const std::string &title = "");
    /* In the legend alone. */
    void add_key(const std::string &style, const std::string &title);
    /* A vertical line from edge to edge, its label in the legend. */
    void mark(double x, const std::string &label);
    void write(const std::string &path) const;

  private:
    std::string axes_, blocks_, plots_;
    unsigned count_ = 0;
};

} // namespace mote::cli
