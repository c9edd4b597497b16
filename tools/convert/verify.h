#pragma once

#include "foreign.h"
#include "token_order.h"

#include "mote.h"

namespace mote::cli {

/* What a framework's outputs are. */
enum class Outputs {
    logits,
    shifted_logits,    /* logits less a number for each prediction: the same probabilities */
    log_probabilities, /* log_softmax of logits */
    probabilities      /* softmax of logits; compared by their logarithms */
};
const char *outputs_text(Outputs outputs);

/* How far a model's logits are from those that another framework computed. Of other outputs, the logarithms of
 * probabilities are compared, which tell the same distribution. */
struct Verified {
    Outputs outputs = Outputs::logits;
    uint64_t predictions = 0;
    double greatest_difference = 0;
    double greatest_logit = 0; /* of theirs, in magnitude */
    std::string where;         /* of the greatest difference: "prediction [3, 7], token 12" */

    double relative() const { return greatest_logit > 0 ? greatest_difference / greatest_logit : greatest_difference; }
};

/* `file`: two arrays in the numbering of their tokens. "tokens" [… , T] are rows that each begin a text, "logits" are
 * what follows: [… , T, V] after each token, or [… , V] after the last of a row; of an MLP, whose rows are windows of C
 * tokens, after the last. Other outputs than logits count where they agree by at most `tolerance` of the greatest, and
 * logits don't. Throws Failure for arrays that do not fit. */
Verified verify(const ForeignFile &file, const mote_model *model, const TokenOrder &order, double tolerance);

} // namespace mote::cli
