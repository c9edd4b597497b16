#include "autograd.h"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <vector>

using mote_test::Tape;
using mote_test::Value;

namespace {

using Expression = std::function<Value(Tape &, Value, Value)>;

double evaluate(const Expression &expression, double x, double y) {
    Tape tape;
    return expression(tape, tape.leaf(x), tape.leaf(y)).value();
}

} // namespace

TEST_CASE("every operation of the autograd engine has the derivative that finite differences have") {
    const std::vector<std::pair<const char *, Expression>> expressions = {
        {"sum", [](Tape &, Value x, Value y) { return x + y + 0.5; }},
        {"difference", [](Tape &, Value x, Value y) { return x - y; }},
        {"product", [](Tape &, Value x, Value y) { return x * y * 1.5; }},
        {"power", [](Tape &, Value x, Value y) { return x.pow(3) + y.pow(-1); }},
        {"exp", [](Tape &, Value x, Value y) { return (x * y).exp(); }},
        {"log", [](Tape &, Value x, Value y) { return (x * x + y * y).log(); }},
        {"tanh", [](Tape &, Value x, Value y) { return (x + y * 0.3).tanh(); }},
        {"sigmoid", [](Tape &, Value x, Value y) { return (x * y + -1).sigmoid(); }},
        {"relu", [](Tape &, Value x, Value y) { return x.relu() * y.relu() + (x * -1).relu(); }},
        {"all at once", [](Tape &, Value x, Value y) { return ((x * y).tanh() + x.exp()).log() * y.pow(0.5); }},
    };
    for (const auto &named : expressions) {
        const Expression &expression = named.second;
        INFO(named.first);
        for (const auto &[x, y] : {std::pair{0.7, 1.3}, std::pair{1.9, 0.2}}) {
            Tape tape;
            const Value a = tape.leaf(x);
            const Value b = tape.leaf(y);
            tape.backward(expression(tape, a, b));
            const double h = 1e-6;
            const double by_x = (evaluate(expression, x + h, y) - evaluate(expression, x - h, y)) / (2 * h);
            const double by_y = (evaluate(expression, x, y + h) - evaluate(expression, x, y - h)) / (2 * h);
            CHECK(std::fabs(a.gradient().value - by_x) < 1e-8 * (1 + std::fabs(by_x)));
            CHECK(std::fabs(b.gradient().value - by_y) < 1e-8 * (1 + std::fabs(by_y)));
        }
    }
}

TEST_CASE("a value used several times gathers the gradient of every use") {
    Tape tape;
    const Value x = tape.leaf(3);
    const Value square = x * x;
    tape.backward(square * square + x * x + x);
    CHECK(x.gradient().value == 4 * 27 + 2 * 3 + 1);
}

TEST_CASE("values that the root does not depend on have no gradient, and a second pass forgets the first") {
    Tape tape;
    const Value x = tape.leaf(2);
    const Value y = tape.leaf(5);
    const Value product = x * y;
    tape.backward(product);
    CHECK(x.gradient().value == 5);
    tape.backward(x * 3);
    CHECK(x.gradient().value == 3);
    CHECK(y.gradient().value == 0);
}

TEST_CASE("a chain of a million values is differentiated without recursion") {
    Tape tape;
    const Value x = tape.leaf(1);
    Value sum = x;
    for (int i = 0; i < 1000000; ++i) sum = sum + x;
    tape.backward(sum);
    CHECK(x.gradient().value == 1000001);
}

TEST_CASE("the error that a sum carries covers float32 summing in any order") {
    Tape tape;
    std::vector<float> terms;
    for (int i = 0; i < 1000; ++i) terms.push_back(std::sin(static_cast<float>(i)) * std::ldexp(1.0f, i % 20));
    Value sum = tape.leaf(static_cast<double>(terms[0]));
    for (size_t i = 1; i < terms.size(); ++i) sum = sum + static_cast<double>(terms[i]);
    float upwards = 0;
    float downwards = 0;
    for (size_t i = 0; i < terms.size(); ++i) upwards += terms[i];
    for (size_t i = terms.size(); i-- > 0;) downwards += terms[i];
    const mote_test::Estimate estimate = sum.estimate();
    CHECK(upwards != downwards);
    CHECK(std::fabs(static_cast<double>(upwards) - estimate.value) <= estimate.allowance());
    CHECK(std::fabs(static_cast<double>(downwards) - estimate.value) <= estimate.allowance());
}
