#pragma once

#include "gnuplot.h"

#include <string>

namespace mote::cli {

/* 0 is black, 255 is white. */
using Grey = unsigned;
constexpr Grey black = 0, dark = 64, medium = 112, pale = 208, faint = 232, white = 255;

/* What can be read on that background. */
inline Grey ink_on(Grey background) { return background < 140 ? white : black; }

/* A picture of boxes, discs, lines and words at places in pixels, counted from the upper left corner. */
class Drawing {
  public:
    explicit Drawing(PictureSize size) : size_(size) {}

    /* Boxes lie in the order in which they were drawn; discs lie on boxes, words on both. */
    void box(double x, double y, double width, double height, Grey fill);
    void frame(double x, double y, double width, double height, Grey edge, Grey fill);
    void disc(double x, double y, double radius, Grey edge, Grey fill);

    /* Below lies under everything. */
    enum Depth { BELOW, ABOVE };
    struct Stroke {
        Grey grey = black;
        double width = 1;
        bool dashed = false;
        Depth depth = BELOW;
    };
    void line(double x1, double y1, double x2, double y2, Stroke stroke);

    /* x is where the text begins, its middle, or its end; y is the middle of its height. Its size is in points, of
     * which 3 are 4 pixels. */
    enum Anchor { LEFT, CENTER, RIGHT };
    struct Type {
        double size = 12;
        Anchor anchor = CENTER;
        Grey grey = black;
        bool upwards = false;
    };
    void text(double x, double y, const std::string &words, Type type);

    void write(const std::string &path) const;

  private:
    PictureSize size_;
    std::string boxes_, discs_, lines_, words_;
    unsigned line_count_ = 0, text_count_ = 0;
};

} // namespace mote::cli
