/* The optimizers against double precision. Bounds are first-order, with u = 2^-24: each rounding adds u times the
 * magnitude of its result, each flush 2^-40, and errors of earlier steps are passed on through the formula. */
#include "support.h"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

using namespace mote_test;

namespace {

constexpr double u = 0x1p-24;
constexpr double q = 0x1p-40;
constexpr size_t floats = 1040; /* one block of the norm and a bit */

/* What one weight should be, and how far float32 may be from it. */
struct Cell {
    double w = 0, w_error = 0;
    double m = 0, m_error = 0;
    double v = 0, v_error = 0;
};

void move(Cell &cell, double update, double update_error) {
    cell.w -= update;
    cell.w_error += update_error + u * std::fabs(update) + 2 * u * std::fabs(cell.w) + 2 * q;
}

void momentum_step(Cell &cell, double g, const mote_sgd_params &p) {
    const double mu = static_cast<double>(p.momentum);
    const double rate = static_cast<double>(p.learning_rate);
    cell.m_error = mu * cell.m_error + 2 * u * (std::fabs(mu * cell.m) + std::fabs(g));
    cell.m = mu * cell.m + g;
    move(cell, rate * cell.m, rate * cell.m_error);
}

void adagrad_step(Cell &cell, double g, const mote_adagrad_params &p) {
    cell.m += g * g;
    cell.m_error += u * (g * g + cell.m);
    const double root = cell.m + static_cast<double>(p.eps);
    const double update = static_cast<double>(p.learning_rate) * g / std::sqrt(root);
    /* Sum, root, quotient and product round once each; the root halves what lies under it. */
    move(cell, update, std::fabs(update) * (cell.m_error / (2 * root) + 4 * u));
}

struct Correction {
    double value; /* 1 - beta^step */
    double relative_error;
};

/* A square doubles the relative error of what is squared, so beta^step errs by step roundings, however few are made. */
Correction bias_correction(float beta, uint32_t step) {
    const double exponent = static_cast<double>(step);
    const double power = std::pow(static_cast<double>(beta), exponent);
    return {1 - power, (exponent * u * power) / (1 - power) + u};
}

void adamw_step(Cell &cell, double g, const mote_adamw_params &p, uint32_t step) {
    const double beta1 = static_cast<double>(p.beta1);
    const double beta2 = static_cast<double>(p.beta2);
    const double rate = static_cast<double>(p.learning_rate);
    cell.m_error = beta1 * cell.m_error + 3 * u * (std::fabs(beta1 * cell.m) + std::fabs((1 - beta1) * g));
    cell.m = beta1 * cell.m + (1 - beta1) * g;
    cell.v_error = beta2 * cell.v_error + 4 * u * (beta2 * cell.v + (1 - beta2) * g * g);
    cell.v = beta2 * cell.v + (1 - beta2) * g * g;
    const Correction c1 = bias_correction(p.beta1, step);
    const Correction c2 = bias_correction(p.beta2, step);
    const double shrink = 1 - rate * static_cast<double>(p.weight_decay);
    cell.w *= shrink;
    cell.w_error = cell.w_error * shrink + 3 * u * std::fabs(cell.w);
    const double divisor = std::sqrt(cell.v / c2.value) + static_cast<double>(p.eps);
    const double slope = rate / c1.value / divisor;
    const double v_relative = cell.v > 0 ? cell.v_error / (2 * cell.v) : 0;
    const double relative = c1.relative_error + c2.relative_error / 2 + v_relative + 8 * u;
    move(cell, slope * cell.m, std::fabs(slope) * cell.m_error + std::fabs(slope * cell.m) * relative);
}

/* Magnitudes from 2^-30 to 2^6, both signs, and some zeros. */
float draw_gradient(Random &random) {
    if (random.below(10) == 0) return 0;
    const float fraction = 1 + random.weight(0.5f);
    const float magnitude = std::ldexp(fraction, static_cast<int>(random.below(36)) - 30);
    return random.below(2) == 0 ? magnitude : -magnitude;
}

struct Run {
    Floats weights{floats};
    Floats gradients{floats};
    Floats m{floats};
    Floats v{floats};
    std::vector<Cell> cells{floats};
    Random random{3};

    Run() {
        for (size_t i = 0; i < floats; ++i) cells[i].w = static_cast<double>(weights[i] = random.weight(2));
    }
    void draw() {
        for (size_t i = 0; i < floats; ++i) gradients[i] = draw_gradient(random);
    }
    /* How many weights and moments lie outside their bounds. */
    size_t astray() const {
        size_t count = 0;
        for (size_t i = 0; i < floats; ++i) {
            const Cell &cell = cells[i];
            count += !(std::fabs(static_cast<double>(weights[i]) - cell.w) <= cell.w_error);
            count += !(std::fabs(static_cast<double>(m[i]) - cell.m) <= cell.m_error + 0x1p-100);
            count += !(std::fabs(static_cast<double>(v[i]) - cell.v) <= cell.v_error + 0x1p-100);
        }
        return count;
    }
    /* The widest bound of a weight, as a share of how far that weight was to move. */
    double looseness(const std::vector<double> &start) const {
        double widest = 0;
        for (size_t i = 0; i < floats; ++i) {
            const double way = std::fabs(cells[i].w - start[i]);
            if (way > 1e-3) widest = std::fmax(widest, cells[i].w_error / way);
        }
        return widest;
    }
};

template <typename Ours, typename Reference> void follow(Ours &&ours, Reference &&reference) {
    Run run;
    std::vector<double> start;
    for (const Cell &cell : run.cells) start.push_back(cell.w);
    for (uint32_t step = 1; step <= 20; ++step) {
        INFO("step " << step);
        run.draw();
        REQUIRE(ours(run, step) == MOTE_OK);
        for (size_t i = 0; i < floats; ++i) reference(run.cells[i], static_cast<double>(run.gradients[i]), step);
        CHECK(run.astray() == 0);
    }
    CHECK(run.looseness(start) < 0.05);
}

} // namespace

TEST_CASE("plain SGD agrees with double precision over twenty steps") {
    const mote_sgd_params p{0.05f, 0.0f};
    follow([&](Run &run, uint32_t) { return mote_sgd(run.weights.data(), run.gradients.data(), nullptr, floats, &p); },
           [&](Cell &cell, double g, uint32_t) { move(cell, static_cast<double>(p.learning_rate) * g, 0); });
}

TEST_CASE("SGD with momentum agrees with double precision over twenty steps") {
    const mote_sgd_params p{0.05f, 0.9f};
    follow([&](Run &run,
               uint32_t) { return mote_sgd(run.weights.data(), run.gradients.data(), run.m.data(), floats, &p); },
           [&](Cell &cell, double g, uint32_t) { momentum_step(cell, g, p); });
}

TEST_CASE("Adagrad agrees with double precision over twenty steps") {
    const mote_adagrad_params p{0.1f, 1e-8f};
    follow([&](Run &run,
               uint32_t) { return mote_adagrad(run.weights.data(), run.gradients.data(), run.m.data(), floats, &p); },
           [&](Cell &cell, double g, uint32_t) { adagrad_step(cell, g, p); });
}

TEST_CASE("AdamW agrees with double precision over twenty steps, bias correction and decay included") {
    for (const mote_adamw_params &p :
         {mote_adamw_params{0.01f, 0.9f, 0.999f, 1e-8f, 0.1f}, mote_adamw_params{0.01f, 0.0f, 0.5f, 1e-3f, 0.0f},
          mote_adamw_params{0.002f, 0.95f, 0.9f, 1.0f, 10.0f}}) {
        INFO("beta1 " << p.beta1);
        follow(
            [&](Run &run, uint32_t step) {
                return mote_adamw(run.weights.data(), run.gradients.data(), run.m.data(), run.v.data(), floats, &p,
                                  step);
            },
            [&](Cell &cell, double g, uint32_t step) { adamw_step(cell, g, p, step); });
    }
}

TEST_CASE("AdamW's bias correction holds at any step, the last one included") {
    const mote_adamw_params p{0.01f, 0.9f, 0.999f, 1e-8f, 0.0f};
    for (const uint32_t step : {1u, 2u, 3u, 7u, 64u, 1000u, 65537u, 0x80000000u, 0xffffffffu}) {
        INFO("step " << step);
        Floats w(16), g(16), m(16), v(16);
        g[3] = 0.25f;
        Cell cell;
        adamw_step(cell, 0.25, p, step);
        REQUIRE(mote_adamw(w.data(), g.data(), m.data(), v.data(), 16, &p, step) == MOTE_OK);
        CHECK(std::fabs(static_cast<double>(w[3]) - cell.w) <= cell.w_error);
        CHECK(cell.w_error < 1e-3 * std::fabs(cell.w));
    }
}
