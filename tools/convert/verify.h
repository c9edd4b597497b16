#pragma once

#include "foreign.h"
#include "token_order.h"

#include "mote.h"

namespace mote::cli {

/* How far a model's logits are from those that another framework computed. */
struct Verified {
    uint64_t predictions = 0;
    double greatest_difference = 0;
    double greatest_logit = 0; /* of theirs, in magnitude */
    std::string where;         /* of the greatest difference: "prediction [3, 7], token 12" */

    double relative() const { return greatest_logit > 0 ? greatest_difference / greatest_logit : greatest_difference; }
};

/* `file`: two arrays in the numbering of their tokens. "tokens" [… , T] are rows that each begin a text, "logits" are
 * what follows: [… , T, V] after each token, or [… , V] after the last of a row; of an MLP, whose rows are windows of C
 * tokens, after the last. Throws Failure for arrays that do not fit. */
Verified verify(const ForeignFile &file, const mote_model *model, const TokenOrder &order);

} // namespace mote::cli
