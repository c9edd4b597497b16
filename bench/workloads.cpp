#include "workloads.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "aligned.h"
#include "machine_limits.h"

namespace mote_bench {

namespace {

constexpr mote_config rnn(uint32_t vocab, uint32_t hidden) { return {MOTE_SHAPE_RNN(vocab, 0, hidden, 1), MOTE_TANH}; }
constexpr mote_config gru(uint32_t vocab, uint32_t hidden) { return {MOTE_SHAPE_GRU(vocab, 0, hidden, 1), MOTE_TANH}; }

mote_train_config training(uint32_t batch, uint32_t time_steps, uint32_t optimizer, float learning_rate) {
    mote_train_config t{};
    t.batch = batch;
    t.time_steps = time_steps;
    t.workspace = MOTE_WORKSPACE_PACKED;
    t.optimizer = optimizer;
    t.learning_rate = learning_rate;
    t.beta1 = 0.9f;
    t.beta2 = 0.999f;
    t.eps = 1e-8f;
    return t;
}

mote_train_config adagrad(uint32_t time_steps, float learning_rate) {
    mote_train_config t = training(1, time_steps, MOTE_ADAGRAD, learning_rate);
    t.loss = MOTE_LOSS_SUM;
    t.clip_value = 5.0f;
    return t;
}

mote_train_config adamw(uint32_t batch, uint32_t time_steps, float clip_norm) {
    mote_train_config t = training(batch, time_steps, MOTE_ADAMW, 1e-3f);
    t.clip_norm = clip_norm;
    t.weight_decay = 0.01f;
    return t;
}

// Of one row, what limits it is reading b.
Workload product(const char *id, const char *what, Product p) {
    return {id, what, {}, {}, p.m == 1 ? Limit::reads : Limit::fma, {}, p};
}

std::vector<Workload> make_workloads() {
    const mote_config small_mlp = {MOTE_SHAPE_MLP(27, 3, 2, 100, 1), MOTE_TANH},
                      wide_mlp = {MOTE_SHAPE_MLP(27, 3, 10, 300, 1), MOTE_TANH};
    const auto deep_mlp = [](uint32_t vocab) { return mote_config{MOTE_SHAPE_MLP(vocab, 8, 32, 128, 2), MOTE_RELU}; };
    const mote_config bigram = {MOTE_SHAPE_BIGRAM(65), 0};
    const mote_train_config none{};
    return {
        {"T1",
         "RNN 24-30, 5 characters, Adagrad",
         rnn(24, 30),
         adagrad(5, 0.01f),
         Limit::fma_and_roots,
         {2.5, 1.6, 130, 0}},
        {"T2a", "RNN 65-128, 25 characters, Adagrad", rnn(65, 128), adagrad(25, 0.01f), Limit::fma, {1.5, 1.15, 20, 0}},
        {"T2b", "RNN 65-256, 32 x 64, AdamW", rnn(65, 256), adamw(32, 64, 1.0f), Limit::fma, {1.4, 1.1, 2.5, 82}},
        {"T2c", "RNN 65-512, 64 x 64, AdamW", rnn(65, 512), adamw(64, 64, 1.0f), Limit::fma, {1.25, 1.08, 2, 82}},
        {"T3a", "MLP 3x2-100-27, 32, SGD", small_mlp, sgd(32, 1, 0.1f), Limit::fma, {2.8, 2.2, 15, 0}},
        {"T3b", "MLP 3x10-300-27, 32, SGD", wide_mlp, sgd(32, 1, 0.1f), Limit::fma, {1.9, 1.6, 8, 0}},
        {"T4a", "MLP 8x32-128-128-42, 1, SGD", deep_mlp(42), sgd(1, 1, 0.01f), Limit::three_reads, {1.8, 1.3, 25, 0}},
        {"T4b", "MLP 8x32-128-128-65, 64, SGD", deep_mlp(65), sgd(64, 1, 0.1f), Limit::fma, {1.3, 1.1, 3, 0}},
        {"T5", "bigram 65, 32 x 8, AdamW", bigram, adamw(32, 8, 0.0f), Limit::none, {3.5, 2.5, 25, 0}},
        {"T6", "GRU 65-256, 32 x 64, AdamW", gru(65, 256), adamw(32, 64, 1.0f), Limit::fma, {}},
        {"I1-64", "RNN 65-64", rnn(65, 64), none, Limit::reads, {1.4, 1.2, 0, 0}},
        {"I1-128", "RNN 65-128", rnn(65, 128), none, Limit::reads, {1.15, 1.2, 0, 0}},
        {"I1-256", "RNN 65-256", rnn(65, 256), none, Limit::reads, {1.3, 1.3, 0, 0}},
        {"I1-512", "RNN 65-512", rnn(65, 512), none, Limit::reads, {1.1, 1.05, 0, 0}},
        {"I1-1024", "RNN 65-1024", rnn(65, 1024), none, Limit::reads, {1.05, 1, 0, 0}},
        {"I2a", "MLP 3x10-300-27", wide_mlp, none, Limit::reads, {1.3, 1.3, 0, 0}},
        {"I2b", "MLP 8x32-128-128-65", deep_mlp(65), none, Limit::reads, {1.05, 1.15, 0, 0}},
        {"I3-64", "GRU 65-64", gru(65, 64), none, Limit::reads, {}},
        {"I3-128", "GRU 65-128", gru(65, 128), none, Limit::reads, {}},
        {"I3-256", "GRU 65-256", gru(65, 256), none, Limit::reads, {}},
        product("P1", "product 32x256x256, T2b's recurrence", {32, 256, 256, false}),
        product("P2", "product 64x512x512, T2c's recurrence", {64, 512, 512, false}),
        product("P3", "product 2048x65x256, T2b's output", {2048, 65, 256, false}),
        product("P4", "product 32x300x30, T3b's layer", {32, 300, 30, false}),
        product("P5", "product 32x27x300, T3b's output", {32, 27, 300, false}),
        product("P6", "product 64x128x256, T4b's first layer", {64, 128, 256, false}),
        product("P7", "product 1x128x128, I1-128's recurrence", {1, 128, 128, false}),
        product("P8", "product 1x512x512, I1-512's recurrence", {1, 512, 512, false}),
        product("P9", "product 256x256x2048, T2b's gradient", {256, 256, 2048, true}),
        product("Q1", "int8 product 1x64x64", {1, 64, 64, false, true}),
        product("Q2", "int8 product 1x128x128", {1, 128, 128, false, true}),
        product("Q3", "int8 product 1x256x256", {1, 256, 256, false, true}),
        product("Q4", "int8 product 1x512x512", {1, 512, 512, false, true}),
        product("Q5", "int8 product 1x1024x1024", {1, 1024, 1024, false, true}),
    };
}

std::size_t input_width(const mote_config &c) {
    if (c.cell == MOTE_CELL_DENSE) return std::size_t{c.context} * c.embed;
    return c.embed;
}

// Multiply-adds of a character, forward.
double multiply_adds(const mote_config &c) {
    if (c.cell == MOTE_CELL_NONE) return 0;
    const double h = c.hidden, v = c.vocab, in = static_cast<double>(input_width(c)), deeper = c.layers - 1;
    const double recurrent = c.cell >= MOTE_CELL_RECURRENT ? c.layers : 0;
    return MOTE_SZ_MATRICES(c.cell) * (in * h + h * h * (deeper + recurrent)) + v * h;
}

std::vector<uint16_t> make_text(const Workload &w, std::size_t length) {
    mote_rng rng;
    mote_rng_init(&rng, 7, 7);
    std::vector<uint16_t> text(length);
    uint32_t token = 0;
    for (auto &t : text) {
        token = mote_rng_below(&rng, 2) ? mote_rng_below(&rng, w.config.vocab) : (token * 5 + 1) % w.config.vocab;
        t = static_cast<uint16_t>(token);
    }
    return text;
}

// Gates in one tensor, one behind the other.
Tensor joined(const std::string &name, const std::vector<Tensor> &all, const std::vector<std::string> &parts) {
    Tensor whole{name, 0, 0, {}};
    for (const std::string &part : parts)
        for (const Tensor &t : all) {
            if (t.name != part) continue;
            whole.rows += t.rows;
            whole.columns = t.columns;
            whole.values.insert(whole.values.end(), t.values.begin(), t.values.end());
        }
    return whole;
}

// The tensors of a GRU of one layer with its gates as competitors have them.
std::vector<Tensor> with_joined_gates(const std::vector<Tensor> &all) {
    return {joined("weight_ih_l0", all, {"weight_ir_l0", "weight_iz_l0", "weight_in_l0"}),
            joined("weight_hh_l0", all, {"weight_hr_l0", "weight_hz_l0", "weight_hn_l0"}),
            joined("bias_ih_l0", all, {"bias_ir_l0", "bias_iz_l0", "bias_in_l0"}),
            joined("bias_hn_l0", all, {"bias_hn_l0"}),
            joined("weight_out", all, {"weight_out"}),
            joined("bias_out", all, {"bias_out"})};
}

std::vector<Tensor> make_tensors(const Workload &w) {
    const Aligned buffer = aligned(mote_model_bytes(&w.config));
    mote_arena arena;
    must(mote_arena_init(&arena, buffer.get(), mote_model_bytes(&w.config)));
    const mote_model *model = make_model(&arena, w);
    std::vector<Tensor> tensors;
    mote_tensor t;
    for (uint32_t i = 0; mote_model_tensor(model, i, &t) == MOTE_OK; ++i) {
        Tensor made{t.name, t.shape[0], t.shape[1], {}};
        for (uint32_t r = 0; r < t.shape[0]; ++r)
            for (uint32_t c = 0; c < t.shape[1]; ++c) made.values.push_back(mote_tensor_at(&t, r, c));
        tensors.push_back(std::move(made));
    }
    return w.config.cell == MOTE_CELL_GATED ? with_joined_gates(tensors) : tensors;
}

} // namespace

const std::vector<Workload> &workloads() {
    static const std::vector<Workload> table = make_workloads();
    return table;
}

const Workload *find_workload(const std::string &id) {
    for (const Workload &w : workloads())
        if (id == w.id) return &w;
    return find_grid_workload(id);
}

mote_train_config sgd(uint32_t batch, uint32_t time_steps, float learning_rate) {
    return training(batch, time_steps, MOTE_SGD, learning_rate);
}

float product_element(uint32_t matrix, uint32_t row, uint32_t column) {
    uint32_t mixed = (matrix * 0x9e3779b1u + row) * 0x85ebca77u + column * 0xc2b2ae3du;
    mixed = (mixed ^ (mixed >> 15)) * 0x2c1b3c6du;
    return 0.5f + static_cast<float>(mixed >> 8) * 0x1p-24f;
}

int8_t product_integer(uint32_t matrix, uint32_t row, uint32_t column) {
    return static_cast<int8_t>(255 * (product_element(matrix, row, column) - 0.5f) - 127.5f);
}

double step_flops(const Workload &w) {
    const Product &p = w.product;
    if (w.multiplies()) return 2.0 * p.m * p.n * p.k;
    return 2 * (w.trains() ? 3 : 1) * multiply_adds(w.config) * static_cast<double>(w.characters());
}

std::size_t bytes_read(const Workload &w) {
    if (w.multiplies())
        return std::size_t{w.product.n} * w.product.k * (w.product.integers ? sizeof(int8_t) : sizeof(float));
    const mote_config &c = w.config;
    const std::size_t biases = std::size_t{MOTE_SZ_BIASES(c.cell)} * c.hidden * c.layers + c.vocab;
    return (static_cast<std::size_t>(multiply_adds(c)) + biases) * sizeof(float);
}

double limit_seconds(const Workload &w) {
    switch (w.limit) {
    case Limit::none:
        break;
    case Limit::fma:
        return step_flops(w) / mote_limits::fma_peak();
    case Limit::fma_and_roots:
        return step_flops(w) / mote_limits::fma_peak() +
               static_cast<double>(mote_param_count(&w.config)) / mote_limits::root_peak();
    case Limit::three_reads:
        return 3 * static_cast<double>(bytes_read(w)) / mote_limits::read_bandwidth(bytes_read(w)).rate;
    case Limit::reads:
        return static_cast<double>(bytes_read(w)) / mote_limits::read_bandwidth(bytes_read(w)).rate;
    }
    return 0;
}

void must(mote_status status) {
    if (status == MOTE_OK) return;
    std::fprintf(stderr, "bench: %s\n", mote_status_name(status));
    std::exit(1);
}

mote_model *make_model(mote_arena *arena, const Workload &w) {
    const mote_init init = {{w.config.cell == MOTE_CELL_NONE ? MOTE_INIT_NORMAL : MOTE_INIT_FAN_IN_UNIFORM, 1.0f},
                            {MOTE_INIT_FAN_IN_UNIFORM, 1.0f},
                            {MOTE_INIT_NORMAL, 1.0f}};
    mote_model *model = nullptr;
    must(mote_model_random(&model, arena, &w.config, nullptr, &init, 1));
    return model;
}

Data make_data(const Workload &w) {
    Data data{make_tensors(w), {}, {}, 0, 0};
    const std::vector<uint16_t> text = make_text(w, 16 * kTextLength);
    if (!w.trains()) {
        data.tokens.assign(text.begin(), text.begin() + kTextLength);
        return data;
    }
    const std::size_t rows = w.train.batch, context = w.config.context > 1 ? w.config.context - 1 : 0;
    data.tokens_of_batch = rows * (w.train.time_steps + context);
    data.targets_of_batch = rows * w.train.time_steps;
    data.tokens.resize(kBatches * data.tokens_of_batch);
    data.targets.resize(kBatches * data.targets_of_batch);
    for (std::size_t i = 0; i < kBatches; ++i)
        must(mote_random_batch(text.data(), text.size(), w.config.context, w.train.batch, w.train.time_steps, 1, i,
                               data.tokens.data() + i * data.tokens_of_batch,
                               data.targets.data() + i * data.targets_of_batch));
    return data;
}

} // namespace mote_bench
