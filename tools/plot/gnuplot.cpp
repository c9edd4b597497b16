#include "gnuplot.h"

#include "affixes.h"
#include "errors.h"
#include "files.h"
#include "run_program.h"

#include <cctype>
#include <sstream>

namespace mote::cli {

namespace {

/* Around its errors gnuplot prints the command and empty lines; the error itself names a line of the script. */
std::string error_line(const std::string &text) {
    std::istringstream lines(text);
    std::string line, first;
    while (std::getline(lines, line)) {
        size_t start = line.find_first_not_of(" \t");
        if (start == std::string::npos) continue;
        line.erase(0, start);
        if (first.empty()) first = line;
        size_t named = line.find("line ");
        if (named != std::string::npos && std::isdigit(static_cast<unsigned char>(line[named + 5])) != 0) return line;
    }
    return first;
}

bool is_whole(const std::string &picture, bool svg) {
    if (picture.size() < 16) return false;
    if (svg) return picture.rfind("<?xml", 0) == 0 && picture.find("</svg>", picture.size() - 16) != std::string::npos;
    return picture.rfind("\x89PNG", 0) == 0 && picture.find("IEND", picture.size() - 16) != std::string::npos;
}

std::string picture_of(const std::string &script, bool svg) {
    const char *no_settings_of_the_user = "-d";
    std::optional<Ended> ended = run_program({"gnuplot", no_settings_of_the_user}, script);
    if (!ended) {
        throw Failure("there is no gnuplot on the PATH, which draws the pictures: install it (on Debian: apt-get "
                      "install gnuplot-nox)");
    }
    if (ended->exit_code != 0 || !is_whole(ended->out, svg)) {
        std::string reason = error_line(ended->err);
        throw Failure("gnuplot: " + (!reason.empty()          ? reason
                                     : ended->exit_code == -1 ? "ended by a signal"
                                                              : "drew no whole picture"));
    }
    return ended->out;
}

/* The size of a font is points to pngcairo, but pixels to svg, of which 4 are 3 points. */
std::string terminal(PictureSize size, bool svg) {
    std::string options = "noenhanced background rgb \"white\" font \"sans-serif,12\"\n";
    return "set encoding utf8\n" +
           (svg ? formatted("set terminal svg size %u,%u fontscale 1.3333 ", size.width, size.height)
                : formatted("set terminal pngcairo size %u,%u fontscale 2 linewidth 2 pointscale 2 ", size.width * 2,
                            size.height * 2)) +
           options;
}

} // namespace

bool is_svg(const std::string &path) { return ends_with(path, ".svg"); }

void check_picture_name(const std::string &option, const std::string &path) {
    if (is_svg(path) || ends_with(path, ".png")) return;
    throw UsageError(option + " " + path + ": must end in .svg or .png");
}

/* Letters stand for themselves; all else by its number, digits too, which would continue a number before them. */
std::string gnuplot_text(const std::string &text) {
    std::string quoted = "\"";
    for (char c : text) {
        unsigned byte = static_cast<unsigned char>(c);
        bool letter = (byte | 0x20u) >= 'a' && (byte | 0x20u) <= 'z';
        quoted += letter ? std::string(1, c) : formatted("\\%03o", byte);
    }
    return quoted + "\"";
}

void draw_picture(const std::string &path, PictureSize size, const std::string &script) {
    check_writable(path);
    std::string picture = picture_of(terminal(size, is_svg(path)) + script, is_svg(path));
    OutputFile output(path);
    output.write(picture.data(), picture.size());
    output.commit();
}

} // namespace mote::cli
