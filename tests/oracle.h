/* The bigram, the MLP, the vanilla RNN and the GRU built out of autograd values, scalar by scalar: what mote's loss and
 * gradients are held against. */
#ifndef MOTE_TESTS_ORACLE_H
#define MOTE_TESTS_ORACLE_H

#include "autograd.h"
#include "mote.h"

#include <cstdint>
#include <string>
#include <vector>

namespace mote_test {

/* A tensor in its logical shape, row-major. */
template <typename T> struct Grid {
    uint32_t rows = 0;
    uint32_t columns = 0;
    std::vector<T> cells;
    const T &at(uint32_t row, uint32_t column) const { return cells[size_t{row} * columns + column]; }
    T &at(uint32_t row, uint32_t column) { return cells[size_t{row} * columns + column]; }
};

struct OracleModel {
    mote_config config{};
    std::vector<std::string> names;
    std::vector<Grid<double>> tensors; /* in the order of the tensor table */
    bool boundary = false;             /* token 0 hides what stands before it */
};
OracleModel read_model(const mote_model *model);

/* targets [batch][time], tokens as mote_train_step takes them; state of an RNN or a GRU [layers][batch][hidden], empty:
 * zero. */
struct OracleTask {
    uint32_t batch = 1;
    uint32_t time = 1;
    uint32_t loss = MOTE_LOSS_MEAN;
    std::vector<uint16_t> tokens;
    std::vector<uint16_t> targets;
    std::vector<Estimate> state;
};

struct OracleResult {
    Estimate loss;
    std::vector<Grid<Estimate>> gradients; /* in the order of the tensor table */
    std::vector<Estimate> state;           /* of an RNN or a GRU after the last character, [layers][batch][hidden] */
    Grid<Estimate> logits;                 /* [batch * time][vocab] */
};
OracleResult run_oracle(const OracleModel &model, const OracleTask &task);

/* The first number of mote's that lies outside its bound, in words; empty where there is none. `gradients` is the flat
 * array in the layout of the model's weights. */
std::string disagreement(const mote_model *model, const float *gradients, float loss, const OracleResult &oracle);

} // namespace mote_test

#endif
