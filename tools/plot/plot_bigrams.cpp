#include "plot_bigrams.h"

#include "corpus.h"
#include "errors.h"
#include "model_file.h"
#include "parts.h"
#include "plot_characters.h"
#include "plot_curves.h"
#include "plot_drawing.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <vector>

namespace mote::cli {

namespace {

struct Pairs {
    std::vector<std::string> characters;
    std::vector<double> values; /* [first][second] */
    bool percent;

    size_t count() const { return characters.size(); }
};

std::vector<std::string> names_of(const mote_vocab &vocab, Lettering &lettering) {
    std::vector<std::string> characters;
    for (uint32_t token = 0; token < vocab.count; ++token) characters.push_back(lettering.of(vocab, token));
    return characters;
}

Pairs pairs_of_corpus(const std::string &name, bool lines, Lettering &lettering) {
    Corpus corpus = load_corpus(name);
    lines = lines || corpus.has_messages;
    std::vector<uint32_t> code_points = vocabulary_of(corpus, lines);
    mote_vocab vocab{code_points.data(), static_cast<uint32_t>(code_points.size()), lines ? 1u : 0u};
    check_drawable(corpus.name, vocab.count);
    RunRecord whole{};
    whole.lines = vocab.boundary;
    whole.split[TRAIN] = 100;
    Parts parts(tokens_of(corpus, vocab), whole);
    const std::vector<uint16_t> text = parts.read(TRAIN).all();
    Pairs pairs{names_of(vocab, lettering), std::vector<double>(size_t{vocab.count} * vocab.count), false};
    for (size_t i = 0; i + 1 < text.size(); ++i) pairs.values[text[i] * pairs.count() + text[i + 1]] += 1;
    return pairs;
}

std::vector<double> softmax_percents(const mote_tensor &logits, uint32_t row) {
    std::vector<double> percents(logits.shape[1]);
    for (uint32_t i = 0; i < logits.shape[1]; ++i) percents[i] = static_cast<double>(mote_tensor_at(&logits, row, i));
    double greatest = *std::max_element(percents.begin(), percents.end()), sum = 0;
    for (double &value : percents) sum += value = std::exp(value - greatest);
    for (double &value : percents) value *= 100 / sum;
    return percents;
}

Pairs pairs_of_model(const std::string &path, Lettering &lettering) {
    ModelFile file(path);
    if (file.config().layers != 0) throw Failure(path + ": not a bigram model, it has no table of pairs");
    check_drawable(path, file.vocab().count);
    mote_tensor logits;
    check(mote_model_tensor(file.model(), 0, &logits), path);
    Pairs pairs{names_of(file.vocab(), lettering), {}, true};
    for (uint32_t row = 0; row < logits.shape[0]; ++row) {
        std::vector<double> percents = softmax_percents(logits, row);
        pairs.values.insert(pairs.values.end(), percents.begin(), percents.end());
    }
    return pairs;
}

/* The root shows the rare pairs too; black is left to the words. */
Grey shade(double value, double most) {
    constexpr double darkest = 40;
    return static_cast<Grey>(std::lround(white - (white - darkest) * std::sqrt(std::max(0.0, value) / most)));
}

/* At most five or six characters wide. */
std::string number_text(double value, bool percent) {
    if (percent) return formatted("%.1f", value);
    return value < 1e6 ? formatted("%.0f", value) : formatted("%.1fM", value / 1e6);
}

class BigramPicture {
  public:
    explicit BigramPicture(const Pairs &pairs)
        : pairs_(pairs), count_(static_cast<double>(pairs.count())), cell_(cell_size(pairs.count())),
          most_(*std::max_element(pairs.values.begin(), pairs.values.end())),
          drawing_({static_cast<unsigned>(left + count_ * cell_ + (written() ? 12 : 90)),
                    static_cast<unsigned>(top + count_ * cell_ + 12)}) {}

    void write(const std::string &output) {
        drawing_.frame(left - 1, top - 1, count_ * cell_ + 2, count_ * cell_ + 2, dark, white);
        for (size_t first = 0; first < pairs_.count(); ++first) {
            for (size_t second = 0; second < pairs_.count(); ++second) draw_cell(first, second);
        }
        draw_axes();
        if (!written()) draw_scale();
        drawing_.write(output);
    }

  private:
    static constexpr double left = 56, top = 56;

    static double cell_size(size_t characters) {
        double count = static_cast<double>(characters);
        if (characters <= most_written) return std::max(44.0, std::floor(240 / count));
        return characters <= most_labelled ? std::max(12.0, std::floor(960 / count)) : std::max(2.0, 960 / count);
    }

    bool written() const { return pairs_.count() <= most_written; }

    void draw_cell(size_t first, size_t second) {
        double value = pairs_.values[first * pairs_.count() + second];
        double x = left + static_cast<double>(second) * cell_, y = top + static_cast<double>(first) * cell_;
        Grey fill = shade(value, most_);
        if (!written()) {
            if (fill != white) drawing_.box(x, y, cell_, cell_, fill);
            return;
        }
        drawing_.frame(x, y, cell_, cell_, faint, fill);
        Grey ink = value == 0 ? medium : ink_on(fill);
        std::string pair = pairs_.characters[first] + pairs_.characters[second];
        drawing_.text(x + cell_ / 2, y + cell_ * 0.33, pair, {is_long(pair) ? 4.0 : 12.0, Drawing::CENTER, ink});
        drawing_.text(x + cell_ / 2, y + cell_ * 0.73, number_text(value, pairs_.percent), {9, Drawing::CENTER, ink});
    }

    void draw_axes() {
        double middle = count_ * cell_ / 2, size = written() ? 13 : std::min(11.0, cell_ * 0.7);
        drawing_.text(left + middle, 16, "second character", {13});
        drawing_.text(16, top + middle, "first character", {13, Drawing::CENTER, black, true});
        if (pairs_.count() > most_labelled) return;
        for (size_t i = 0; i < pairs_.count(); ++i) {
            double at = (static_cast<double>(i) + 0.5) * cell_;
            const std::string &name = pairs_.characters[i];
            bool tiny = is_long(name);
            drawing_.text(left + at, top - 15, name, {tiny ? 4.5 : size, Drawing::CENTER, black, tiny});
            drawing_.text(left - 14, top + at, name, {tiny ? 4.5 : size, Drawing::CENTER});
        }
    }

    /* What the shades mean, beside the cells. */
    void draw_scale() {
        double x = left + count_ * cell_ + 20, height = std::min(300.0, count_ * cell_);
        constexpr unsigned steps = 100;
        drawing_.text(x - 4, top - 14, pairs_.percent ? "percent" : "count", {12, Drawing::LEFT});
        drawing_.frame(x - 1, top - 1, 16, height + 2, dark, white);
        for (unsigned i = 0; i < steps; ++i) {
            double y = height * i / steps; /* down to the end, so that no seam shows between two boxes */
            drawing_.box(x, top + y, 14, height - y, shade((1 - (i + 0.5) / steps) * most_, most_));
        }
        double step = std::max(pairs_.percent ? 0.1 : 1.0, nice_step(most_, 5));
        for (double value : ticks({0, most_}, step)) {
            double y = top + height * (1 - value / most_);
            drawing_.box(x + 14, y - 0.5, 4, 1, dark);
            drawing_.text(x + 22, y, number_text(value, pairs_.percent), {10, Drawing::LEFT});
        }
    }

    static constexpr size_t most_written = 32, most_labelled = 100;
    const Pairs &pairs_;
    double count_, cell_, most_;
    Drawing drawing_;
};

} // namespace

void plot_bigrams(const std::string &source, bool lines, const std::string &output) {
    bool is_model = std::filesystem::u8path(source).extension() == ".mote";
    if (is_model && lines) throw UsageError("--lines: is for a corpus, and " + source + " is a model");
    Lettering lettering(output);
    Pairs pairs = is_model ? pairs_of_model(source, lettering) : pairs_of_corpus(source, lines, lettering);
    BigramPicture(pairs).write(output);
}

} // namespace mote::cli
