#include "plot_drawing.h"

#include "errors.h"

namespace mote::cli {

static unsigned colour(Grey grey) { return grey << 16 | grey << 8 | grey; }

void Drawing::box(double x, double y, double width, double height, Grey fill) {
    boxes_ += formatted("%.2f %.2f %.2f %.2f %.2f %.2f %u\n", x, y, x, x + width, y, y + height, colour(fill));
}

void Drawing::frame(double x, double y, double width, double height, Grey edge, Grey fill) {
    box(x, y, width, height, edge);
    box(x + 1, y + 1, width - 2, height - 2, fill);
}

void Drawing::disc(double x, double y, double radius, Grey edge, Grey fill) {
    discs_ += formatted("%.2f %.2f %.2f %u\n", x, y, radius, colour(edge));
    if (fill != edge) discs_ += formatted("%.2f %.2f %.2f %u\n", x, y, radius - 1, colour(fill));
}

void Drawing::line(double x1, double y1, double x2, double y2, Stroke stroke) {
    lines_ += formatted("set arrow %u from %.2f,%.2f to %.2f,%.2f nohead %s lw %.2f lc rgb %u dt %s\n", ++line_count_,
                        x1, y1, x2, y2, stroke.depth == ABOVE ? "front" : "back", stroke.width, colour(stroke.grey),
                        stroke.dashed ? "(6,4)" : "solid");
}

void Drawing::text(double x, double y, const std::string &words, Type type) {
    const char *anchors[] = {"left", "center", "right"};
    words_ += formatted("set label %u ", ++text_count_) + gnuplot_text(words) +
              formatted(" at %.2f,%.2f %s %s front font \",%.1f\" tc rgb %u\n", x, y, anchors[type.anchor],
                        type.upwards ? "rotate" : "norotate", type.size, colour(type.grey));
}

void Drawing::write(const std::string &path) const {
    std::string script = "unset border\nunset tics\nunset key\nset margins 0,0,0,0\n" +
                         formatted("set xrange [0:%u]\nset yrange [%u:0]\n", size_.width, size_.height) + lines_ +
                         words_ + "$boxes << END\n" + boxes_ + "END\n$discs << END\n" + discs_ + "END\n";
    std::string plots;
    if (!boxes_.empty()) plots += ", $boxes using 1:2:3:4:5:6:7 with boxxyerror fs solid noborder fc rgb variable";
    if (!discs_.empty()) plots += ", $discs using 1:2:3:4 with circles fs solid noborder fc rgb variable";
    draw_picture(path, size_, script + "plot NaN" + plots + "\n");
}

} // namespace mote::cli
