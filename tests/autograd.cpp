#include "autograd.h"

#include <algorithm>
#include <cmath>

namespace mote_test {

namespace {

constexpr double flush = 0x1p-40;
constexpr double deviations = 5;
/* The bounds leave out what is of second order, which is smaller than this share of them. */
constexpr double second_order = 1 + 0x1p-10;

/* The most ULPs that each function of the library may be off, times two (an ULP is at most 2u), rounded up. */
constexpr double exp_roundings = 3;
constexpr double log_roundings = 3;
constexpr double tanh_roundings = 6;
constexpr double sigmoid_roundings = 6;
constexpr double power_roundings = 2;

double square(double x) { return x * x; }
double rounding_variance(double x) { return square(float_unit * x) / 3; }

/* A derivative c f(x) whose error is `slope` times the operand's, and some roundings. */
Estimate derivative(double value, double slope, const Estimate &operand, double roundings) {
    const double own = roundings * float_unit * std::fabs(value);
    return {value, std::fabs(slope) * operand.error + own, square(slope) * operand.variance + square(own)};
}

} // namespace

double Estimate::allowance() const { return std::min(error * second_order, deviations * std::sqrt(variance)); }

void Tape::Sum::add(const Sum &other) {
    value += other.value;
    magnitude += other.magnitude;
    error += other.error;
    variance += other.variance;
    terms += other.terms;
}

Estimate Tape::Sum::estimate() const {
    if (terms < 2) return {value, error, variance};
    return {value, error + (terms - 1) * float_unit * magnitude, variance + (terms - 1) * rounding_variance(magnitude)};
}

Tape::Sum Tape::product(const Estimate &x, const Estimate &y) {
    const double value = x.value * y.value;
    const double error = std::fabs(x.value) * y.error + std::fabs(y.value) * x.error + x.error * y.error;
    const double variance = square(x.value) * y.variance + square(y.value) * x.variance + x.variance * y.variance;
    const double rounding = float_unit * std::fabs(value);
    return {value, std::fabs(value), error + rounding, variance + rounding_variance(value), 1};
}

Value Tape::push(const Sum &sum) {
    nodes_.emplace_back();
    nodes_.back().sum = sum;
    return {this, static_cast<uint32_t>(nodes_.size() - 1)};
}

void Tape::depend(Value result, Value operand, const Estimate &derivative, bool addend) {
    Node &node = nodes_[result.index_];
    node.edges[node.edge_count++] = {operand.index_, derivative, addend};
}

Value Tape::leaf(const Estimate &estimate) {
    return push({estimate.value, std::fabs(estimate.value), estimate.error, estimate.variance, 1});
}

double Value::value() const { return tape_->sum(*this).value; }
Estimate Value::estimate() const { return tape_->sum(*this).estimate(); }
Estimate Value::gradient() const { return tape_->nodes_[index_].gradient.estimate(); }

Value Value::operator+(Value y) const {
    Tape::Sum sum = tape_->sum(*this);
    sum.add(tape_->sum(y));
    const Value result = tape_->push(sum);
    tape_->depend(result, *this, {1, 0, 0}, true);
    tape_->depend(result, y, {1, 0, 0}, true);
    return result;
}

Value Value::operator*(Value y) const {
    const Value result = tape_->push(Tape::product(estimate(), y.estimate()));
    tape_->depend(result, *this, y.estimate(), false);
    tape_->depend(result, y, estimate(), false);
    return result;
}

Value Value::operator+(double y) const { return *this + tape_->leaf(y); }
Value Value::operator*(double y) const { return *this * tape_->leaf(y); }

Value Value::function(double value, const Estimate &slope, double roundings) const {
    const Estimate x = estimate();
    const double own = roundings * float_unit * std::fabs(value) + flush;
    const Value result = tape_->push({value, std::fabs(value), std::fabs(slope.value) * x.error + own,
                                      square(slope.value) * x.variance + square(own), 1});
    tape_->depend(result, *this, slope, false);
    return result;
}

Value Value::pow(double exponent) const {
    const double slope = exponent * std::pow(value(), exponent - 1);
    const double bend = exponent * (exponent - 1) * std::pow(value(), exponent - 2);
    return function(std::pow(value(), exponent), derivative(slope, bend, estimate(), power_roundings), power_roundings);
}

Value Value::exp() const {
    const double power = std::exp(value());
    return function(power, derivative(power, power, estimate(), exp_roundings), exp_roundings);
}

Value Value::log() const {
    const double slope = 1 / value();
    return function(std::log(value()), derivative(slope, slope * slope, estimate(), 1), log_roundings);
}

/* 1 - h^2 is computed from h as it was stored. */
Value Value::tanh() const {
    const double height = std::tanh(value());
    const double slope = 1 - height * height;
    const Value result = function(height, {slope, 0, 0}, tanh_roundings);
    Estimate &stored = tape_->nodes_[result.index_].edges[0].derivative;
    stored = derivative(slope, 2 * height, result.estimate(), 1);
    return result;
}

/* s (1 - s) is computed from s as it was stored. */
Value Value::sigmoid() const {
    const double height = 1 / (1 + std::exp(-value()));
    const double slope = height * (1 - height);
    const Value result = function(height, {slope, 0, 0}, sigmoid_roundings);
    Estimate &stored = tape_->nodes_[result.index_].edges[0].derivative;
    stored = derivative(slope, std::fabs(1 - 2 * height), result.estimate(), 2);
    return result;
}

/* Where the error could carry the operand over the kink, the derivative may be either. */
Value Value::relu() const {
    const Estimate x = estimate();
    const bool unsure = x.error > 0 && std::fabs(x.value) <= x.allowance();
    const double doubt = unsure ? 1 : 0;
    const Value result = function(x.value > 0 ? x.value : 0, {x.value > 0 ? 1.0 : 0.0, doubt, doubt}, 0);
    Tape::Sum &sum = tape_->sum(result);
    sum.error += doubt * x.error;
    sum.variance += doubt * x.variance;
    return result;
}

void Tape::backward(Value root) {
    for (Node &node : nodes_) node.gradient = {};
    nodes_[root.index_].gradient = {1, 1, 0, 0, 1};
    for (size_t i = root.index_ + size_t{1}; i-- > 0;) {
        const Node &from = nodes_[i];
        const Sum gradient = from.gradient;
        if (gradient.terms == 0) continue;
        for (uint32_t e = 0; e < from.edge_count; ++e) {
            const Edge &edge = from.edges[e];
            Sum &to = nodes_[edge.operand].gradient;
            if (edge.addend) {
                to.add(gradient);
                continue;
            }
            Sum term = product(gradient.estimate(), edge.derivative);
            term.error += flush;
            term.variance += square(flush);
            to.add(term);
        }
    }
}

} // namespace mote_test
