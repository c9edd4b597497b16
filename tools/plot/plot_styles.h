#pragma once

#include <cstddef>

namespace mote::cli {

/* Lines of a picture, told apart in grey by their dashes; the colours also differ in how dark they are. */
struct LineStyle {
    const char *colour, *tint, *dashes;
};
constexpr LineStyle line_styles[] = {{"#000000", "#c8c8c8", "solid"},     {"#0072b2", "#b8d8f0", "(10,4)"},
                                     {"#d55e00", "#f4cfae", "(3,3)"},     {"#009e73", "#b4e2d3", "(12,3,3,3)"},
                                     {"#b0609a", "#ead0e2", "(20,5)"},    {"#707070", "#dcdcdc", "(6,3,2,3,2,3)"},
                                     {"#56b4e9", "#d2eafa", "(16,3,6,3)"}};
constexpr size_t line_style_count = sizeof line_styles / sizeof line_styles[0];

/* Of line number i; there are no more than seven. */
inline const LineStyle &line_style(size_t i) { return line_styles[i % line_style_count]; }

} // namespace mote::cli
