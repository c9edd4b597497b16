// mote_adapter [--isa=NAME]: mote itself, measured as the others are.
// mote_adapter --write FOLDER: what adapters in other languages start from. For each workload ID.txt, a line
// "KEY VALUE" for each setting and "tensor NAME ROWS COLUMNS" for each tensor; ID.f32, the initial weights in that
// order, row-major; ID.u16, the tokens of all batches, then the targets.
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>

#include "adapter.h"
#include "machine_limits.h"

namespace {

using namespace mote_bench;

template <typename T> void append(std::ofstream &file, const std::vector<T> &values) {
    file.write(reinterpret_cast<const char *>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(T)));
}

void write_settings(std::ofstream &file, const Workload &w, const Data &data) {
    const auto put = [&](const char *key, auto value) { file << key << ' ' << value << '\n'; };
    file.precision(9);
    put("what", w.what);
    put("cell", w.config.cell);
    put("activation", w.config.activation);
    put("vocab", w.config.vocab);
    put("context", w.config.context);
    put("embed", w.config.embed);
    put("hidden", w.config.hidden);
    put("layers", w.config.layers);
    put("batch", w.train.batch);
    put("time_steps", w.train.time_steps);
    put("loss", w.train.loss);
    put("optimizer", w.train.optimizer);
    put("clip_value", w.train.clip_value);
    put("clip_norm", w.train.clip_norm);
    put("learning_rate", w.train.learning_rate);
    put("beta1", w.train.beta1);
    put("beta2", w.train.beta2);
    put("eps", w.train.eps);
    put("weight_decay", w.train.weight_decay);
    put("batches", w.trains() ? kBatches : 0);
    put("characters", w.characters());
    put("product", w.multiplies() ? 1 : 0);
    put("product_integers", w.product.integers ? 1 : 0);
    put("product_inputs", w.product.k);
    put("product_outputs", w.product.n);
    put("flops", step_flops(w));
    put("goal_competitor", w.goals.competitor);
    put("goal_competitor_avx2", w.goals.competitor_avx2);
    put("goal_pytorch", w.goals.pytorch);
    put("goal_limit", w.goals.limit);
    for (const Tensor &t : data.tensors) file << "tensor " << t.name << ' ' << t.rows << ' ' << t.columns << '\n';
}

// False where a file cannot be written.
bool write_workload(const std::string &folder, const Workload &w) {
    const std::string base = folder + "/" + w.id;
    const Data data = w.multiplies() ? Data{} : make_data(w);
    std::ofstream settings(base + ".txt"), weights(base + ".f32", std::ios::binary),
        tokens(base + ".u16", std::ios::binary);
    write_settings(settings, w, data);
    for (const Tensor &t : data.tensors) append(weights, t.values);
    append(tokens, data.tokens);
    append(tokens, data.targets);
    return settings.flush() && weights.flush() && tokens.flush();
}

int write_all(const std::string &folder) {
    for (const Workload &w : workloads()) {
        if (!write_workload(folder, w)) {
            std::cerr << "mote_adapter: cannot write to " << folder << '\n';
            return 1;
        }
        std::cout << w.id << '\n';
    }
    return 0;
}

} // namespace

int main(int argc, char **argv) {
    if (argc == 3 && std::strcmp(argv[1], "--write") == 0) return write_all(argv[2]);
    if (argc == 2 && std::strncmp(argv[1], "--isa=", 6) == 0) {
        if (mote_isa_force(argv[1] + 6) != MOTE_OK) {
            std::cerr << "mote_adapter: --isa: \"" << argv[1] + 6 << "\" is not available here\n";
            return 2;
        }
    } else if (argc != 1) {
        std::cerr << "usage: mote_adapter [--isa=NAME] or mote_adapter --write FOLDER\n";
        return 2;
    }
    return run_adapter(std::string("mote, ") + mote_isa(), make_mote_task, limit_seconds);
}
