// The work that mote is measured by, alone and beside its competitors: one table, and the same data for everyone.
#ifndef MOTE_WORKLOADS_H
#define MOTE_WORKLOADS_H

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "mote.h"

namespace mote_bench {

// What is wanted, 0 where nothing is: a competitor's time over mote's, with AVX-512 and with AVX2, set beside the best
// known for the work, packaged or not; PyTorch's, with AVX-512; and the share of the limit in percent.
struct Goals {
    double competitor, competitor_avx2, pytorch, limit;
};

// What the least time of a step is made of.
enum class Limit {
    none,
    fma,           // useful multiply-adds at the peak
    fma_and_roots, // and a root and a division a weight
    three_reads,   // weights read forward, backward and to be updated: one row is too little for the peak to matter
    reads          // weights read once
};

// A bare product, c[m][n] += a[m][k] b[k][n], b standing for weights; transposed: a is [k][m], and both a and b are new
// each time, as where the gradient of a weight is made. integers: a and b are int8, b packed with a scale of 1 for each
// column, and c, of float32, is not added to.
struct Product {
    uint32_t m, n, k;
    bool transposed, integers = false;
};

struct Workload {
    const char *id, *what;
    mote_config config;
    mote_train_config train; // batch 0: inference, a character a call
    Limit limit;
    Goals goals;
    Product product = {}; // m not 0: no model but a product
    uint32_t streams = 1; // of inference: texts side by side, a character of each at a time

    bool multiplies() const { return product.m != 0; }
    bool trains() const { return train.batch != 0; }
    std::size_t characters() const { return trains() ? std::size_t{train.batch} * train.time_steps : streams; }
};

const std::vector<Workload> &workloads();
// One of the table, or a cell of the grid (grid_workloads.cpp). Null: neither.
const Workload *find_workload(const std::string &id);
const Workload *find_grid_workload(const std::string &id);

// Training by plain SGD, a step of one batch.
mote_train_config sgd(uint32_t batch, uint32_t time_steps, float learning_rate);

// The elements of a product's a (0), b (1) and c (2) before it: from 1/2 to 3/2, so that nothing cancels and results
// can be compared by how far they are apart.
float product_element(uint32_t matrix, uint32_t row, uint32_t column);
// Those of integers: -127 … 127.
int8_t product_integer(uint32_t matrix, uint32_t row, uint32_t column);

// Useful operations of a step, two a multiply-add: forward and, of training, gradients of inputs and of weights. A
// one-hot input costs none.
double step_flops(const Workload &w);
// Bytes of weights that a product or a character of inference reads: of an embedding or a one-hot input a row or two,
// left out.
std::size_t bytes_read(const Workload &w);
// Seconds a step at the machine's limits of this moment; 0 where there is no limit.
double limit_seconds(const Workload &w);

// Ends the program where a call fails.
void must(mote_status status);

// A model with the initial weights that all adapters begin with.
mote_model *make_model(mote_arena *arena, const Workload &w);

struct Tensor {
    std::string name;
    std::size_t rows, columns;
    std::vector<float> values; // row-major, [out][in] or [V][E]; of a GRU's gates [r z n][in]
};

constexpr std::size_t kBatches = 16; // taken in turn
constexpr std::size_t kTextLength = 4096;
// Of inference: how far a stream begins after the one before it.
constexpr std::size_t kBetweenStreams = 61;

// Half of the characters follow from the one before, half are drawn: something can be learned, and the loss stays far
// from zero, where some systems meet denormals.
struct Data {
    std::vector<Tensor> tensors;
    // Training: for each batch [B][C + T - 1], or [B][T] without a context; inference: one text.
    std::vector<uint16_t> tokens;
    std::vector<uint16_t> targets; // for each batch [B][T]; inference: none
    std::size_t tokens_of_batch, targets_of_batch;
};
Data make_data(const Workload &w);

} // namespace mote_bench

#endif
