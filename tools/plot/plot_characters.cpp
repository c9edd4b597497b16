#include "plot_characters.h"

#include "errors.h"
#include "gnuplot.h"
#include "run_program.h"
#include "utf8_text.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>

namespace mote::cli {

static bool is_in(uint32_t code_point, uint32_t first, uint32_t last) {
    return code_point >= first && code_point <= last;
}

/* U+FFFE and U+FFFF may not stand in an SVG; the others show nothing, or turn the text around them. */
static bool is_unseen(uint32_t code_point) {
    return is_in(code_point, 0x80u, 0xA0u) || code_point == 0xADu || is_in(code_point, 0x2000u, 0x200Fu) ||
           is_in(code_point, 0x2028u, 0x202Fu) || is_in(code_point, 0x205Fu, 0x206Fu) || code_point == 0x3000u ||
           code_point == 0xFEFFu || is_in(code_point, 0xFFFEu, 0xFFFFu);
}

static std::string sign_of(uint32_t code_point) {
    constexpr uint32_t control_pictures = 0x2400u;
    if (code_point == ' ') return "␣";
    if (code_point == '\n') return "↵";
    if (code_point == '\t') return "⇥";
    if (code_point < 0x20u) return utf8_of(control_pictures + code_point);
    if (code_point == 0x7Fu) return "␡";
    return utf8_of(code_point);
}

Lettering::Lettering(const std::string &picture) : any_font_(is_svg(picture)) {}

/* fc-list gives the ranges of each font, as "20-7e a0 a2-ff". Without it nobody knows, and all is taken to be there. */
bool Lettering::has(uint32_t code_point) {
    if (any_font_ || code_point < 0x7Fu) return true;
    if (fonts_ == nullptr) {
        fonts_ = std::make_unique<std::vector<Range>>();
        std::optional<Ended> listed = run_program({"fc-list", "--format", "%{charset} "}, "");
        std::istringstream ranges(listed ? listed->out : "");
        for (std::string range; ranges >> range;) {
            char *end = nullptr;
            auto first = static_cast<uint32_t>(std::strtoul(range.c_str(), &end, 16));
            fonts_->push_back({first, *end == '-' ? static_cast<uint32_t>(std::strtoul(end + 1, nullptr, 16)) : first});
        }
        any_font_ = fonts_->empty();
    }
    return any_font_ || std::any_of(fonts_->begin(), fonts_->end(),
                                    [&](Range range) { return is_in(code_point, range.first, range.last); });
}

std::string Lettering::of(uint32_t code_point) {
    std::string sign = sign_of(code_point);
    size_t start = 0;
    if (is_unseen(code_point) || !has(next_code_point(sign, start))) return formatted("U+%04X", code_point);
    return (is_in(code_point, 0x300u, 0x36Fu) ? "◌" : "") + sign;
}

std::string Lettering::of(const mote_vocab &vocab, uint32_t token) {
    if (vocab.boundary == 0 || token != 0) return of(vocab.code_points[token]);
    const uint32_t *end = vocab.code_points + vocab.count;
    return std::find(vocab.code_points + 1, end, '.') == end ? "." : "·";
}

std::string Lettering::of(std::string text) {
    std::vector<uint32_t> found(text.size());
    size_t bad = 0;
    while (mote_vocab_build(text.data(), text.size(), 0, found.data(), found.size(), &bad) == MOTE_ERR_TEXT) {
        text[bad] = '?';
    }
    std::string written;
    for (size_t offset = 0; offset < text.size();) {
        uint32_t code_point = next_code_point(text, offset);
        written += code_point == ' ' ? " " : of(code_point);
    }
    return written;
}

bool is_long(const std::string &written) { return count_code_points(written) > 4; }

void check_drawable(const std::string &name, uint32_t vocab) {
    if (vocab <= most_characters) return;
    throw Failure(
        formatted("%s: %u different characters, a picture can show %u", name.c_str(), vocab, most_characters));
}

} // namespace mote::cli
