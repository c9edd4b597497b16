#include "plot_embedding.h"

#include "errors.h"
#include "model_file.h"
#include "plot_characters.h"
#include "plot_curves.h"
#include "plot_drawing.h"
#include "plot_principal.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

namespace mote::cli {

namespace {

struct Coordinates {
    std::vector<double> x, y;
    std::string x_title, y_title;
};

mote_tensor embedding_of(const ModelFile &file, const std::string &path) {
    mote_tensor tensor;
    for (uint32_t i = 0; mote_model_tensor(file.model(), i, &tensor) == MOTE_OK; ++i) {
        if (std::strcmp(tensor.name, "embedding") == 0) return tensor;
    }
    throw Failure(path + ": a model without an embedding");
}

std::vector<double> column_of(const mote_tensor &tensor, uint32_t column) {
    std::vector<double> values;
    for (uint32_t row = 0; row < tensor.shape[0]; ++row) {
        values.push_back(static_cast<double>(mote_tensor_at(&tensor, row, column)));
    }
    return values;
}

Coordinates principal_components(const mote_tensor &tensor) {
    std::vector<std::vector<double>> rows(tensor.shape[0]);
    for (uint32_t row = 0; row < tensor.shape[0]; ++row) {
        for (uint32_t column = 0; column < tensor.shape[1]; ++column) {
            rows[row].push_back(static_cast<double>(mote_tensor_at(&tensor, row, column)));
        }
    }
    std::vector<Component> two = two_principal_components(rows);
    auto title = [](const char *which, double share) {
        return formatted("%s principal component (%.0f %% of the variance)", which, share * 100);
    };
    return {two[0].scores, two[1].scores, title("first", two[0].share), title("second", two[1].share)};
}

Coordinates coordinates_of(const mote_tensor &tensor, Dimensions dimensions, const std::string &path) {
    uint32_t width = tensor.shape[1];
    if (width < 2) throw Failure(path + ": an embedding of 1 dimension, a picture needs 2");
    if (std::max(dimensions.x, dimensions.y) > width) {
        throw UsageError(formatted("--dimensions %u,%u: the embedding has %u", dimensions.x, dimensions.y, width));
    }
    if (dimensions.x == 0 && width > 2) return principal_components(tensor);
    if (dimensions.x == 0) dimensions = {1, 2};
    return {column_of(tensor, dimensions.x - 1), column_of(tensor, dimensions.y - 1),
            formatted("dimension %u", dimensions.x), formatted("dimension %u", dimensions.y)};
}

enum Kind { VOWEL, LETTER, OTHER };

bool is_letter(uint32_t code_point) {
    if (code_point < 0x80u) return (code_point | 0x20u) >= 'a' && (code_point | 0x20u) <= 'z';
    bool sign = code_point < 0xC0u || code_point == 0xD7u || code_point == 0xF7u ||
                (code_point >= 0x2000u && code_point < 0x2C00u) || (code_point >= 0x3000u && code_point < 0x3040u) ||
                (code_point >= 0xE000u && code_point < 0xF900u) || code_point >= 0xFE00u;
    return !sign;
}

Kind kind_of(const mote_vocab &vocab, uint32_t token) {
    uint32_t code_point = vocab.code_points[token];
    if (token < vocab.boundary || !is_letter(code_point)) return OTHER;
    return code_point < 0x80u && std::strchr("aeiou", static_cast<int>(code_point | 0x20u)) != nullptr ? VOWEL : LETTER;
}

struct Place {
    double x, y;
};

/* Moves apart what overlaps, each half of the way, until nothing does or it has no more room. */
void spread(std::vector<Place> &places, double distance, Place low, Place high) {
    constexpr int rounds = 300;
    bool moved = true;
    for (int round = 0; round < rounds && moved; ++round) {
        moved = false;
        for (size_t i = 0; i < places.size(); ++i) {
            for (size_t j = 0; j < i; ++j) {
                double dx = places[i].x - places[j].x, dy = places[i].y - places[j].y, apart = std::hypot(dx, dy);
                if (apart >= distance) continue;
                moved = true;
                double angle = apart > 1e-6 ? std::atan2(dy, dx) : static_cast<double>(i);
                double half = (distance - apart) / 2 + 0.01;
                places[i] = {places[i].x + half * std::cos(angle), places[i].y + half * std::sin(angle)};
                places[j] = {places[j].x - half * std::cos(angle), places[j].y - half * std::sin(angle)};
            }
        }
        for (Place &place : places) {
            place = {std::clamp(place.x, low.x, high.x), std::clamp(place.y, low.y, high.y)};
        }
    }
}

std::string tick_text(double value, double step) {
    if (std::fabs(value) < step / 2) return "0";
    return (value < 0 ? "−" : "") + formatted("%.6g", std::fabs(value));
}

class EmbeddingPicture {
  public:
    EmbeddingPicture(const mote_vocab &vocab, const Coordinates &coordinates)
        : vocab_(vocab), coordinates_(coordinates), radius_(vocab.count <= 40    ? 10.0
                                                            : vocab.count <= 100 ? 8.5
                                                                                 : 6.5),
          width_(vocab.count <= 100 ? 660 : 960), x_(span(coordinates.x)), y_(span(coordinates.y)) {
        /* One unit is as long both ways, so that distances can be seen. */
        height_ = std::clamp(width_ * length(y_) / length(x_), 0.5 * width_, 1.1 * width_);
        double unit = std::max(length(x_) / width_, length(y_) / height_);
        x_ = around_middle(x_, unit * width_);
        y_ = around_middle(y_, unit * height_);
        unit_ = unit;
    }

    void write(const std::string &output) {
        Drawing drawing({static_cast<unsigned>(left + width_ + 20), static_cast<unsigned>(top + height_ + 62)});
        draw_axes(drawing);
        draw_legend(drawing);
        draw_characters(drawing, Lettering(output));
        drawing.write(output);
    }

  private:
    static constexpr double left = 80, top = 44;

    static Span span(const std::vector<double> &values) {
        Span all = nothing;
        for (double value : values) widen(all, value, false);
        double room = length(all) > 0 ? 0.06 * length(all) : 1;
        return {all.low - room, all.high + room};
    }
    static double length(Span span) { return span.high - span.low; }
    static Span around_middle(Span span, double length) {
        double middle = (span.low + span.high) / 2;
        return {middle - length / 2, middle + length / 2};
    }

    double at_x(double value) const { return left + (value - x_.low) / unit_; }
    double at_y(double value) const { return top + (y_.high - value) / unit_; }

    void draw_axes(Drawing &drawing) const {
        double right = left + width_, bottom = top + height_, step = nice_step(length(x_), 7);
        drawing.frame(left, top, width_, height_, dark, white);
        for (double value : ticks(x_, step)) {
            bool zero = std::fabs(value) < step / 2;
            drawing.box(at_x(value) - 0.5, top + 1, 1, height_ - 2, zero ? pale : faint);
            drawing.box(at_x(value) - 0.5, bottom, 1, 5, dark);
            drawing.text(at_x(value), bottom + 15, tick_text(value, step), {11});
        }
        for (double value : ticks(y_, step)) {
            bool zero = std::fabs(value) < step / 2;
            drawing.box(left + 1, at_y(value) - 0.5, width_ - 2, 1, zero ? pale : faint);
            drawing.box(left - 5, at_y(value) - 0.5, 5, 1, dark);
            drawing.text(left - 10, at_y(value), tick_text(value, step), {11, Drawing::RIGHT});
        }
        drawing.text((left + right) / 2, bottom + 44, coordinates_.x_title, {13});
        drawing.text(18, (top + bottom) / 2, coordinates_.y_title, {13, Drawing::CENTER, black, true});
    }

    static void draw_marker(Drawing &drawing, Place place, double radius, Kind kind) {
        double side = radius * 2;
        if (kind == OTHER) {
            drawing.frame(place.x - side / 2, place.y - side / 2, side, side, dark, white);
        } else {
            drawing.disc(place.x, place.y, radius, black, kind == VOWEL ? black : white);
        }
    }

    void draw_legend(Drawing &drawing) const {
        const char *names[] = {"vowel", "other letter", "other character"};
        bool used[3] = {};
        for (uint32_t token = 0; token < vocab_.count; ++token) used[kind_of(vocab_, token)] = true;
        double x = left + 10;
        for (Kind kind : {VOWEL, LETTER, OTHER}) {
            if (!used[kind]) continue;
            draw_marker(drawing, {x, top / 2}, 8, kind);
            drawing.text(x + 14, top / 2, names[kind], {12, Drawing::LEFT});
            x += 45 + 8.0 * static_cast<double>(std::strlen(names[kind]));
        }
    }

    void draw_characters(Drawing &drawing, Lettering lettering) const {
        std::vector<Place> places, moved;
        for (size_t i = 0; i < vocab_.count; ++i) places.push_back({at_x(coordinates_.x[i]), at_y(coordinates_.y[i])});
        moved = places;
        spread(moved, 2 * radius_ + 1, {left + radius_ + 2, top + radius_ + 2},
               {left + width_ - radius_ - 2, top + height_ - radius_ - 2});
        for (uint32_t token = 0; token < vocab_.count; ++token) {
            Place from = places[token], to = moved[token];
            if (std::hypot(to.x - from.x, to.y - from.y) > radius_) {
                drawing.line(from.x, from.y, to.x, to.y, {medium, 0.8, false, Drawing::ABOVE});
                drawing.disc(from.x, from.y, 1.5, medium, medium);
            }
        }
        for (uint32_t token = 0; token < vocab_.count; ++token) {
            Kind kind = kind_of(vocab_, token);
            std::string name = lettering.of(vocab_, token);
            draw_marker(drawing, moved[token], radius_, kind);
            drawing.text(moved[token].x, moved[token].y, name,
                         {radius_ * (is_long(name)   ? 0.33
                                     : kind == OTHER ? 1.05
                                                     : 1.2),
                          Drawing::CENTER, kind == VOWEL ? white : black});
        }
    }

    const mote_vocab &vocab_;
    const Coordinates &coordinates_;
    double radius_, width_, height_ = 0, unit_ = 0;
    Span x_, y_;
};

} // namespace

void plot_embedding(const std::string &model, Dimensions dimensions, const std::string &output) {
    ModelFile file(model);
    mote_tensor tensor = embedding_of(file, model);
    check_drawable(model, file.vocab().count);
    EmbeddingPicture(file.vocab(), coordinates_of(tensor, dimensions, model)).write(output);
}

} // namespace mote::cli
