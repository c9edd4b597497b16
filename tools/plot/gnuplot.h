#pragma once

#include <string>

namespace mote::cli {

/* In pixels of an SVG; a PNG has twice as many each way, for print. */
struct PictureSize {
    unsigned width, height;
};

/* By its name's end: an SVG, or else a PNG. */
bool is_svg(const std::string &path);

/* Refuses, as the value of `option`, a name that ends in neither .svg nor .png. */
void check_picture_name(const std::string &option, const std::string &path);

/* A string of gnuplot's that shows as the text is, whatever its characters mean to gnuplot. */
std::string gnuplot_text(const std::string &text);

/* Draws what the script says; the picture is written whole or not at all. */
void draw_picture(const std::string &path, PictureSize size, const std::string &script);

} // namespace mote::cli
