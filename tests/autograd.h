/* A scalar autograd engine in double precision that knows how far float32 may stray from it.
 *
 * Every node carries, beside its value, what the roundings of the same computation in float32 do to it, in any order of
 * summation, to the first order. With u = 2^-24, twice:
 *
 * As a bound, for the worst case:
 *  - A sum of n terms x_i errs by at most sum err(x_i) + (n - 1) u sum |x_i|. Nested additions are one sum: a node
 * keeps n, sum |x_i| and sum err(x_i).
 *  - A product errs by |x| err(y) + |y| err(x) + err(x) err(y) + u |xy|, and f(x) by |f'(x)| err(x) + r u |f(x)|, r the
 *    roundings in f. Stored results below 2^-40 become +0, which adds 2^-40.
 *
 * As a deviation, taking the roundings for independent and without bias (Higham and Mary 2019, "A new approach to
 * probabilistic rounding error analysis"): the same rules with squares for absolute values, one rounding being uniform
 * in
 * +-u and so of deviation u / sqrt(3). A bound must let every rounding conspire, and through many steps of a recurrent
 * network it grows without need: there five deviations are the allowance.
 *
 * Gradients obey the same rules: a gradient is the sum, over a node's uses, of the gradient there times the local
 * derivative, which has an error of its own. */
#ifndef MOTE_TESTS_AUTOGRAD_H
#define MOTE_TESTS_AUTOGRAD_H

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mote_test {

inline constexpr double float_unit = 0x1p-24;

/* A number and how far float32's may be from it. */
struct Estimate {
    double value = 0;
    double error = 0;    /* at most */
    double variance = 0; /* the square of its deviation */
    double allowance() const;
};

class Tape;

/* A node of a tape: copy it freely, it lives as long as its tape. */
class Value {
  public:
    double value() const;
    Estimate estimate() const;
    Estimate gradient() const; /* after Tape::backward */

    Value operator+(Value y) const;
    Value operator+(double y) const;
    Value operator-(Value y) const { return *this + y * -1; }
    Value operator*(Value y) const;
    Value operator*(double y) const;
    Value pow(double exponent) const;
    Value exp() const;
    Value log() const;
    Value tanh() const;
    Value sigmoid() const;
    Value relu() const;

  private:
    friend class Tape;
    Value(Tape *tape, uint32_t index) : tape_(tape), index_(index) {}
    Value function(double value, const Estimate &derivative, double roundings) const;
    Tape *tape_;
    uint32_t index_;
};

/* The nodes in the order of their making, which is a topological order: operands come before results. */
class Tape {
  public:
    Tape() = default;
    Tape(const Tape &) = delete;
    Tape &operator=(const Tape &) = delete;

    Value leaf(double value) { return leaf(Estimate{value, 0, 0}); }
    Value leaf(const Estimate &estimate);
    /* d root / d node for every node that root depends on, 0 for the others. */
    void backward(Value root);

  private:
    friend class Value;

    /* A sum of one or more terms. */
    struct Sum {
        double value = 0;
        double magnitude = 0; /* of the terms, added up */
        double error = 0;     /* of the terms, added up; so is the variance */
        double variance = 0;
        double terms = 0;
        Estimate estimate() const;
        void add(const Sum &other);
    };
    struct Edge {
        uint32_t operand = 0;
        Estimate derivative;
        bool addend = false; /* the derivative is 1 and the gradient passes as the sum that it is */
    };
    struct Node {
        Sum sum;
        Sum gradient;
        Edge edges[2];
        uint32_t edge_count = 0;
    };

    static Sum product(const Estimate &x, const Estimate &y);
    Value push(const Sum &sum);
    void depend(Value result, Value operand, const Estimate &derivative, bool addend);
    Sum &sum(Value value) { return nodes_[value.index_].sum; }
    std::vector<Node> nodes_;
};

} // namespace mote_test

#endif
