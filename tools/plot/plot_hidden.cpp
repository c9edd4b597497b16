#include "plot_hidden.h"

#include "corpus.h"
#include "errors.h"
#include "model_file.h"
#include "plot_characters.h"
#include "plot_drawing.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

namespace mote::cli {

namespace {

constexpr size_t longest_text = 1000;

struct Activations {
    std::vector<std::string> characters;    /* as the model reads them */
    std::vector<std::vector<double>> units; /* of each character */
    bool has_negative;
    double most;
};

std::vector<uint16_t> tokens_to_read(const ModelFile &file, const std::string &text) {
    const std::vector<uint16_t> given = tokens_of_argument("--prompt", text, file.vocab());
    if (given.empty()) throw UsageError("--prompt '': must have a character");
    if (given.size() > longest_text) {
        throw UsageError(formatted("--prompt: %zu characters, a picture can show %zu", given.size(), longest_text));
    }
    std::vector<uint16_t> tokens; /* of whose insert at the beginning GCC 14 warns, wrongly */
    tokens.reserve(given.size() + 1);
    if (file.vocab().boundary != 0) tokens.push_back(0);
    std::copy(given.begin(), given.end(), std::back_inserter(tokens));
    return tokens;
}

Activations activations_of(const std::string &model, const std::string &text, uint32_t most_units,
                           Lettering lettering) {
    ModelFile file(model);
    if (file.config().layers == 0) throw Failure(model + ": a bigram model has no hidden units");
    Activations all{{}, {}, file.config().activation == MOTE_TANH, 1};
    OwnArena arena(mote_state_bytes(&file.config()));
    mote_state *state = nullptr;
    check(mote_state_init(&state, arena.get(), file.model()), model);
    double greatest = 0;
    for (uint16_t token : tokens_to_read(file, text)) {
        const float *logits = nullptr, *hidden = nullptr;
        uint32_t count = 0;
        check(mote_step(state, token, &logits), model);
        check(mote_state_hidden(state, file.config().layers - 1, &hidden, &count), model);
        std::vector<double> units(hidden, hidden + std::min(count, most_units));
        for (double value : units) greatest = std::max(greatest, value);
        all.characters.push_back(lettering.of(file.vocab(), token));
        all.units.push_back(std::move(units));
    }
    if (!all.has_negative && greatest > 0) all.most = greatest;
    return all;
}

/* Panels of characters in a row, one below the other where the text is long. */
class HiddenPicture {
  public:
    explicit HiddenPicture(const Activations &activations)
        : activations_(activations), count_(activations.characters.size()), units_(activations.units[0].size()),
          panels_((count_ + most_in_panel - 1) / most_in_panel), in_panel_((count_ + panels_ - 1) / panels_),
          width_(static_cast<double>(in_panel_) * cell_width),
          drawing_({static_cast<unsigned>(left + std::max(100.0, width_) + 84),
                    static_cast<unsigned>(top + static_cast<double>(panels_) * panel_height() + 22)}) {}

    void write(const std::string &output) {
        double bottom = top + static_cast<double>(panels_) * panel_height();
        drawing_.text(16, (top + bottom - below) / 2, "hidden unit", {13, Drawing::CENTER, black, true});
        drawing_.text(left + width_ / 2, bottom + 4, "character read", {13});
        for (size_t panel = 0; panel < panels_; ++panel) draw_panel(panel);
        for (size_t i = 0; i < count_; ++i) draw_column(i);
        draw_scale();
        drawing_.write(output);
    }

  private:
    static constexpr size_t most_in_panel = 60;
    static constexpr double left = 62, top = 30, below = 34, cell_width = 16, cell_height = 12;

    double height() const { return std::max(90.0, static_cast<double>(units_) * cell_height); }
    double unit_height() const { return height() / static_cast<double>(units_); }
    double panel_height() const { return height() + below; }
    double top_of(size_t panel) const { return top + static_cast<double>(panel) * panel_height(); }

    double low() const { return activations_.has_negative ? -activations_.most : 0; }

    /* White is -1 and black is +1, so that grey is 0; without negative numbers white is 0. */
    Grey shade(double value) const {
        double part = (value - low()) / (activations_.most - low());
        return static_cast<Grey>(std::lround(white * (1 - std::clamp(part, 0.0, 1.0))));
    }

    void draw_panel(size_t panel) {
        size_t columns = std::min(in_panel_, count_ - panel * in_panel_);
        drawing_.box(left - 1, top_of(panel) - 1, static_cast<double>(columns) * cell_width + 2, height() + 2, dark);
        size_t every = units_ <= 40 ? 1 : units_ <= 200 ? 5 : 10;
        for (size_t unit = 1; unit <= units_; ++unit) {
            if (unit != 1 && unit % every != 0) continue;
            double y = top_of(panel) + (static_cast<double>(unit) - 0.5) * unit_height();
            drawing_.text(left - 6, y, std::to_string(unit), {9, Drawing::RIGHT});
        }
    }

    void draw_column(size_t i) {
        size_t panel = i / in_panel_;
        double x = left + static_cast<double>(i % in_panel_) * cell_width, y = top_of(panel);
        for (size_t unit = 0; unit < units_; ++unit) {
            drawing_.box(x, y + static_cast<double>(unit) * unit_height(), cell_width, unit_height(),
                         shade(activations_.units[i][unit]));
        }
        const std::string &name = activations_.characters[i];
        drawing_.text(x + cell_width / 2, y + height() + (is_long(name) ? 16 : 12), name,
                      {is_long(name) ? 4.5 : 13.0, Drawing::CENTER, black, is_long(name)});
    }

    void draw_scale() {
        double x = left + std::max(100.0, width_) + 18, tall = std::min(160.0, height());
        constexpr unsigned steps = 64;
        drawing_.frame(x - 1, top - 1, 16, tall + 2, dark, white);
        for (unsigned i = 0; i < steps; ++i) {
            double value = activations_.most - (activations_.most - low()) * (i + 0.5) / steps;
            double y = tall * i / steps; /* down to the end, so that no seam shows between two boxes */
            drawing_.box(x, top + y, 14, tall - y, shade(value));
        }
        drawing_.text(x - 6, top - 16, "activation", {10, Drawing::LEFT});
        drawing_.text(x + 20, top, formatted(low() < 0 ? "+%g" : "%.3g", activations_.most), {10, Drawing::LEFT});
        if (low() < 0) drawing_.text(x + 20, top + tall / 2, "0", {10, Drawing::LEFT});
        drawing_.text(x + 20, top + tall, low() < 0 ? "−1" : "0", {10, Drawing::LEFT});
    }

    const Activations &activations_;
    size_t count_, units_, panels_, in_panel_;
    double width_;
    Drawing drawing_;
};

} // namespace

void plot_hidden(const std::string &model, const std::string &text, uint32_t units, const std::string &output) {
    HiddenPicture(activations_of(model, text, units, Lettering(output))).write(output);
}

} // namespace mote::cli
