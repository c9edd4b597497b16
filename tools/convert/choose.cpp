#include "choose.h"

#include "model_kinds.h"

#include "errors.h"

#include "mote.h"

namespace mote::cli {

namespace {

std::string difference_text(const Verified &result, double tolerance) {
    return formatted("the %s differ by %.3g at %s, %.2g of the greatest, %.3g; at most %.2g is agreed",
                     result.outputs == Outputs::logits ? "logits" : outputs_text(result.outputs),
                     result.greatest_difference, result.where.c_str(), result.relative(), result.greatest_logit,
                     tolerance);
}

/* One way to understand a file. */
struct Way {
    uint32_t activation; /* 0: as the file and the user say */
    Orientation orientation;
    std::string text; /* what was tried */
};

class Chooser {
  public:
    Chooser(const ForeignFile &file, const Assignment &found, const TokenOrder &order, const Orientation &orientation,
            const Expected &expected)
        : file_(file), found_(found), order_(order), orientation_(orientation), expected_(expected) {}

    Chosen chosen() {
        std::vector<Way> all = ways();
        for (const Way &way : all) try_way(way);
        if (agreeing_.size() > 1)
            throw Failure(expected_.path + ": the logits agree with " + agreeing_[0] + " as with " + agreeing_[1] +
                          ", so they tell nothing; " + how_to_say());
        if (agreeing_.empty())
            throw Failure(expected_.path + ": " + (all.size() > 1 ? "of all ways that were tried, " + closest_ : "") +
                          difference_text(nearest_, expected_.tolerance) + "; the model computes something else than " +
                          "its weights tell mote, or --vocab has another order");
        best_.activation_found = !activation_is_known();
        return std::move(best_);
    }

  private:
    bool activation_is_known() const { return cli::activation_is_known(found_, file_); }

    std::string how_to_say() const {
        return activation_is_known() ? "say --as-is or --transpose" : "say --activation tanh or --activation relu";
    }

    std::vector<Way> ways() {
        Assignment some = found_;
        Orientation open = orientation_;
        open.ask = false;
        if (!activation_is_known()) some.activation = MOTE_TANH;
        Plan plan = make_plan(file_, some, order_.code_points.size(), open);
        constexpr size_t most = 4; /* matrices, which may lie in 16 ways */
        std::vector<std::string> squares = plan.open.size() <= most ? plan.open : std::vector<std::string>();
        std::vector<uint32_t> activations = {0};
        if (!activation_is_known()) activations = {MOTE_TANH, MOTE_RELU};
        std::vector<Way> all;
        for (uint32_t activation : activations) {
            for (size_t bits = 0; bits < size_t{1} << squares.size(); ++bits)
                all.push_back(way(activation, squares, bits));
        }
        return all;
    }

    Way way(uint32_t activation, const std::vector<std::string> &squares, size_t bits) const {
        Way way{activation, orientation_, activation == 0 ? "" : activation_name(activation)};
        for (size_t i = 0; i < squares.size(); ++i) {
            bool transposed = (bits >> i & 1u) != 0;
            (transposed ? way.orientation.transposed : way.orientation.as_is).push_back(squares[i]);
            way.text += (way.text.empty() ? "" : " and ") + ("\"" + squares[i] + "\"") +
                        (transposed ? " transposed" : " as it is");
        }
        return way;
    }

    void try_way(const Way &way) {
        Assignment found = found_;
        if (way.activation != 0) found.activation = way.activation;
        Chosen made;
        made.plan = make_plan(file_, found, order_.code_points.size(), way.orientation);
        made.made = assemble(made.plan, order_);
        try {
            made.verified = verify(expected_.file, made.made.model, order_, expected_.tolerance);
        } catch (const Failure &failure) {
            throw Failure(expected_.path + ": " + failure.what());
        }
        const Verified &result = *made.verified;
        if (closest_.empty() || result.relative() < nearest_.relative()) {
            nearest_ = result;
            closest_ = "with " + way.text + " least: ";
        }
        if (!(result.relative() <= expected_.tolerance)) return;
        agreeing_.push_back(way.text);
        if (agreeing_.size() == 1) best_ = std::move(made);
    }

    const ForeignFile &file_;
    const Assignment &found_;
    const TokenOrder &order_;
    const Orientation &orientation_;
    const Expected &expected_;
    std::vector<std::string> agreeing_;
    std::string closest_;
    Verified nearest_;
    Chosen best_;
};

} // namespace

Chosen choose(const ForeignFile &file, const Assignment &found, const TokenOrder &order, const Orientation &orientation,
              const Expected *expected) {
    if (expected != nullptr) return Chooser(file, found, order, orientation, *expected).chosen();
    Chosen chosen;
    chosen.plan = make_plan(file, found, order.code_points.size(), orientation);
    chosen.made = assemble(chosen.plan, order);
    return chosen;
}

} // namespace mote::cli
