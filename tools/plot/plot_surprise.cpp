#include "plot_surprise.h"

#include "corpus.h"
#include "errors.h"
#include "model_file.h"
#include "plot_characters.h"
#include "plot_curves.h"
#include "plot_drawing.h"
#include "surprise.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace mote::cli {

namespace {

constexpr size_t longest_text = 4000;

struct Surprises {
    std::vector<std::string> characters;
    std::vector<double> bits; /* of the last bits.size() characters */

    double mean() const { return std::accumulate(bits.begin(), bits.end(), 0.0) / static_cast<double>(bits.size()); }
};

Surprises surprises_of(const std::string &model, const std::string &text, Lettering lettering) {
    ModelFile file(model);
    const mote_vocab &vocab = file.vocab();
    std::vector<uint16_t> tokens = tokens_of_argument("TEXT", text, vocab);
    if (tokens.size() > longest_text) {
        throw UsageError(formatted("TEXT: %zu characters, a picture can show %zu", tokens.size(), longest_text));
    }
    Surprises surprises;
    for (uint16_t token : tokens) surprises.characters.push_back(lettering.of(vocab, token));
    if (vocab.boundary != 0) tokens.insert(tokens.begin(), 0);
    if (tokens.size() < shortest_text) throw UsageError("TEXT: too short, there is no character to be surprised by");
    for (float nats : mote::cli::surprises(file.model(), tokens)) {
        surprises.bits.push_back(bits_of_nats(static_cast<double>(nats)));
    }
    return surprises;
}

/* Bars in as many rows as the text needs, on one scale. */
class SurprisePicture {
  public:
    explicit SurprisePicture(const Surprises &surprises)
        : surprises_(surprises), count_(surprises.characters.size()), rows_((count_ + most_in_row - 1) / most_in_row),
          in_row_((count_ + rows_ - 1) / rows_),
          pitch_(rows_ == 1 ? std::max(24.0, 200 / static_cast<double>(count_)) : 17), bars_(rows_ == 1 ? 190 : 96),
          width_(static_cast<double>(in_row_) * pitch_),
          drawing_({static_cast<unsigned>(left + width_ + 16),
                    static_cast<unsigned>(top + static_cast<double>(rows_) * row_height())}) {
        double most = *std::max_element(surprises.bits.begin(), surprises.bits.end());
        step_ = nice_step(std::max(most, 0.1), rows_ == 1 ? 5 : 3);
        highest_ = std::max(1.0, std::ceil(most / step_)) * step_;
    }

    void write(const std::string &output) {
        drawing_.text(left + width_, 14, formatted("mean %.2f bits (dashed)", surprises_.mean()), {11, Drawing::RIGHT});
        drawing_.text(16, top + (static_cast<double>(rows_) * row_height() - below) / 2, "surprise (bits)",
                      {13, Drawing::CENTER, black, true});
        for (size_t row = 0; row < rows_; ++row) draw_scale(row);
        for (size_t i = 0; i < count_; ++i) draw_character(i);
        drawing_.write(output);
    }

  private:
    static constexpr size_t most_in_row = 48;
    static constexpr double left = 68, top = 40, below = 38;

    double row_height() const { return bars_ + below; }
    double floor_of(size_t row) const { return top + static_cast<double>(row) * row_height() + bars_; }
    double height(double bits) const { return bits / highest_ * bars_; }

    void draw_scale(size_t row) {
        double base = floor_of(row);
        for (double bits : ticks({0, highest_}, step_)) {
            double y = base - height(bits);
            drawing_.box(left, y - 0.5, width_, 1, faint);
            drawing_.box(left - 5, y - 0.5, 5, 1, dark);
            drawing_.text(left - 9, y, formatted("%g", bits), {10, Drawing::RIGHT});
        }
        drawing_.box(left - 0.5, base - bars_, 1, bars_, dark);
        double mean = base - height(surprises_.mean());
        drawing_.line(left, mean, left + width_, mean, {black, 1.2, true, Drawing::BELOW});
    }

    void draw_character(size_t i) {
        size_t row = i / in_row_, unscored = count_ - surprises_.bits.size();
        double x = left + (static_cast<double>(i % in_row_) + 0.5) * pitch_, base = floor_of(row);
        const std::string &name = surprises_.characters[i];
        drawing_.text(x, base + (is_long(name) ? 18 : 11), name,
                      {is_long(name) ? 5.0 : 13.0, Drawing::CENTER, black, is_long(name)});
        if (i < unscored) return;
        double bits = surprises_.bits[i - unscored], wide = std::min(pitch_, 36.0) * 0.76;
        drawing_.box(x - wide / 2, base - height(bits), wide, height(bits), medium);
        if (rows_ == 1) draw_number(x, base - height(bits), bits);
    }

    /* On white, so that no line runs through it. */
    void draw_number(double x, double bar_top, double bits) {
        drawing_.box(x - 10, bar_top - 13, 20, 12, white);
        drawing_.text(x, bar_top - 7, formatted("%.1f", bits), {9});
    }

    const Surprises &surprises_;
    size_t count_, rows_, in_row_;
    double pitch_, bars_, width_, step_ = 1, highest_ = 1;
    Drawing drawing_;
};

} // namespace

void plot_surprise(const std::string &model, const std::string &text, const std::string &output) {
    SurprisePicture(surprises_of(model, text, Lettering(output))).write(output);
}

} // namespace mote::cli
