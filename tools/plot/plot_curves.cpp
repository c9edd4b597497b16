#include "plot_curves.h"

#include "errors.h"

#include <algorithm>
#include <cmath>

namespace mote::cli {

namespace {

constexpr size_t stretches = 1000;

double along(double value, bool log) { return log ? std::log10(value) : value; }

/* A log axis has no place for the others. */
bool is_on(double value, bool log) { return std::isfinite(value) && (!log || value > 0); }

std::string power_of_ten(int exponent) {
    const char *digits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    std::string text = exponent < 0 ? "10⁻" : "10";
    for (char digit : std::to_string(std::abs(exponent))) text += digits[digit - '0'];
    return text;
}

std::string number_text(double value) {
    bool plain = value >= 0.001 && value < 1e6;
    return plain ? formatted("%.10g", value) : power_of_ten(static_cast<int>(std::lround(std::log10(value))));
}

std::vector<double> leading_digits(double decades) {
    if (decades > 2.5) return {1};
    if (decades > 1) return {1, 2, 5};
    if (decades > 0.3) return {1, 1.5, 2, 2.5, 3, 4, 5, 6, 8};
    return {1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.8, 2, 2.2, 2.4, 2.6, 2.8, 3, 3.3, 3.6, 4, 4.5, 5, 5.5, 6, 6.5, 7, 8, 9};
}

std::string tics_script(const char *name, const std::vector<Tic> &tics) {
    std::string list;
    for (const Tic &tic : tics)
        list += (list.empty() ? "" : ", ") + gnuplot_text(tic.label) + formatted(" %.17g", tic.at);
    return formatted("set %stics (", name) + list + ")\n";
}

/* gnuplot labels powers of ten alone, of which a loss may pass none. */
std::string log_tics(const char *name, Span span) {
    double decades = std::log10(span.high / span.low);
    int first = static_cast<int>(std::floor(std::log10(span.low)));
    int last = static_cast<int>(std::ceil(std::log10(span.high)));
    int every = std::max(1, (last - first) / 12);
    std::vector<Tic> tics;
    for (int decade = first; decade <= last; decade += every) {
        for (double digit : leading_digits(decades)) {
            double value = digit * std::pow(10.0, decade);
            if (value < span.low || value > span.high) continue;
            tics.push_back({value, number_text(value)});
        }
    }
    return tics.empty() ? "" : tics_script(name, tics);
}

std::string axis_script(const char *name, const Axis &axis) {
    std::string script = formatted("set %srange [%.17g:%.17g]\n", name, axis.span.low, axis.span.high) +
                         formatted("set %slabel ", name) + gnuplot_text(axis.title) + "\n";
    if (axis.log) script += formatted("set logscale %s\n", name);
    if (!axis.tics.empty()) return script + tics_script(name, axis.tics);
    if (axis.log) return script + log_tics(name, axis.span);
    double step = nice_step(axis.span.high - axis.span.low, 6);
    int decimals = std::max(0, static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
    return script + formatted("set %stics %.17g\nset format %s \"%%.%df\"\n", name, step, name, decimals);
}

} // namespace

CurvePoints thinned(const CurvePoints &points, bool log_x) {
    Span span = nothing;
    for (const CurvePoint &point : points) widen(span, point.x, log_x);
    if (points.size() <= 2 * stretches || span.low >= span.high) return points;
    double first = along(span.low, log_x), length = along(span.high, log_x) - first;
    auto stretch_of = [&](const CurvePoint &point) {
        return std::min(stretches - 1, static_cast<size_t>((along(point.x, log_x) - first) / length * stretches));
    };
    CurvePoints kept;
    for (size_t from = 0, to; from < points.size(); from = to) {
        if (!is_on(points[from].x, log_x)) {
            to = from + 1;
            continue;
        }
        size_t low = from, high = from;
        for (to = from; to < points.size(); ++to) {
            if (!is_on(points[to].x, log_x) || stretch_of(points[to]) != stretch_of(points[from])) break;
            if (points[to].y < points[low].y) low = to;
            if (points[to].y > points[high].y) high = to;
        }
        kept.push_back(points[std::min(low, high)]);
        if (low != high) kept.push_back(points[std::max(low, high)]);
    }
    return kept;
}

void widen(Span &span, double value, bool log) {
    if (!is_on(value, log)) return;
    bool first = span.low > span.high;
    span.low = first ? value : std::min(span.low, value);
    span.high = first ? value : std::max(span.high, value);
}

Span with_room(Span span, bool log) {
    constexpr double room = 0.04;
    if (span.low > span.high) return log ? Span{0.1, 10} : Span{0, 1};
    if (log) {
        double factor = span.low == span.high ? 2 : std::pow(span.high / span.low, room);
        return {span.low / factor, span.high * factor};
    }
    double more = span.low == span.high ? std::max(1.0, std::fabs(span.low)) / 2 : (span.high - span.low) * room;
    return {span.low - more, span.high + more};
}

double nice_step(double span, double count) {
    double power = std::pow(10.0, std::floor(std::log10(span / count)));
    double lead = span / count / power;
    return power * (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10);
}

std::vector<double> ticks(Span span, double step) {
    constexpr double rounding = 1e-9;
    auto first = std::llround(std::ceil(span.low / step - rounding));
    auto last = std::llround(std::floor(span.high / step + rounding));
    std::vector<double> list;
    for (auto i = first; i <= last; ++i) list.push_back(static_cast<double>(i) * step);
    return list;
}

Curves::Curves(const Axis &x, const Axis &y)
    : axes_("set border 3 lc rgb \"#404040\"\nset tics nomirror out\nset key tmargin center horizontal Left reverse "
            "samplen 3\nset grid back lt 1 lw 0.5 lc rgb \"#dddddd\"\nset rmargin 4\n" +
            axis_script("x", x) + axis_script("y", y)) {}

void Curves::add(const CurvePoints &points, const std::string &style, const std::string &title) {
    if (points.empty()) return;
    blocks_ += formatted("$curve%u << END\n", ++count_);
    for (const CurvePoint &point : points) blocks_ += formatted("%.9g %.9g\n", point.x, point.y);
    blocks_ += "END\n";
    plots_ += (plots_.empty() ? "" : ", ") + formatted("$curve%u using 1:2 with ", count_) + style +
              (title.empty() ? " notitle" : " title " + gnuplot_text(title));
}

void Curves::add_key(const std::string &style, const std::string &title) {
    plots_ += (plots_.empty() ? "" : ", ") + ("NaN with " + style) + " title " + gnuplot_text(title);
}

void Curves::mark(double x, const std::string &label) {
    const char *style = "lw 1.5 dt (6,4) lc rgb \"black\"";
    axes_ += formatted("set arrow 1 from first %.17g, graph 0 to first %.17g, graph 1 nohead front %s\n", x, x, style);
    add_key(std::string("lines ") + style, label);
}

void Curves::write(const std::string &path) const {
    constexpr PictureSize size{720, 440};
    draw_picture(path, size, axes_ + blocks_ + "plot " + plots_ + "\n");
}

} // namespace mote::cli
