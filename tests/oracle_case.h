/* A model's batches followed by the oracle. */
#ifndef MOTE_TESTS_ORACLE_CASE_H
#define MOTE_TESTS_ORACLE_CASE_H

#include "oracle.h"
#include "support.h"

namespace mote_test {

struct OracleCase {
    mote_config config;
    uint32_t batch;
    uint32_t time;
    uint32_t loss = MOTE_LOSS_MEAN;
    uint32_t state = MOTE_STATE_CARRY;
    double ignored = 0;
    uint32_t boundary = 0; /* of the vocabulary */
};

std::string describe(const OracleCase &c);
OracleTask make_task(const OracleCase &c, const Batch &batch, const std::vector<Estimate> &state);
mote_train_config train_for(const OracleCase &c, uint32_t workspace);

/* Several batches in a row, the weights updated between them and the hidden state carried over: loss and every gradient
 * agree with the oracle, and with a workspace they are the same bits. */
void follow_oracle(const OracleCase &c, uint64_t seed, int chunks);

} // namespace mote_test

#endif
