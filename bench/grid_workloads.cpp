// The cells of bench/grid.sh: works by names like grid-mlp-train-h64-v256-b3.
#include <cstdio>
#include <map>
#include <memory>

#include "workloads.h"

namespace mote_bench {

namespace {

// What the grid does not vary.
constexpr uint32_t kContext = 8, kEmbed = 16, kTimeSteps = 8;

struct Cell {
    std::string id;
    Workload work;
};

// Null where the name is not of the grid.
std::unique_ptr<Cell> make_cell(const std::string &id) {
    char model[4], mode[6];
    uint32_t hidden, vocab, batch;
    int end = 0;
    const int found =
        std::sscanf(id.c_str(), "grid-%3[a-z]-%5[a-z]-h%u-v%u-b%u%n", model, mode, &hidden, &vocab, &batch, &end);
    if (found != 5 || static_cast<std::size_t>(end) != id.size()) return nullptr;
    const bool mlp = std::string(model) == "mlp", trains = std::string(mode) == "train";
    if ((!mlp && std::string(model) != "rnn") || (!trains && std::string(mode) != "run")) return nullptr;
    auto cell = std::make_unique<Cell>(Cell{id, {}});
    Workload &w = cell->work;
    w.id = cell->id.c_str();
    w.what = "a cell of the grid";
    w.config = mlp ? mote_config{MOTE_SHAPE_MLP(vocab, kContext, kEmbed, hidden, 1), MOTE_TANH}
                   : mote_config{MOTE_SHAPE_RNN(vocab, 0, hidden, 1), MOTE_TANH};
    if (trains)
        w.train = sgd(batch, mlp ? 1 : kTimeSteps, 0.1f);
    else
        w.streams = batch;
    if (mote_param_count(&w.config) == 0 || batch < 1 || batch > 1024) return nullptr;
    return cell;
}

} // namespace

const Workload *find_grid_workload(const std::string &id) {
    static std::map<std::string, std::unique_ptr<Cell>> cells;
    std::unique_ptr<Cell> &cell = cells[id];
    if (!cell) cell = make_cell(id);
    return cell ? &cell->work : nullptr;
}

} // namespace mote_bench
