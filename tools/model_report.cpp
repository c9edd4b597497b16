#include "model_report.h"

#include "errors.h"
#include "utf8_text.h"

#include <algorithm>

namespace mote::cli {

namespace {

constexpr std::pair<const char *, uint32_t> optimizers[] = {
    {"sgd", MOTE_SGD}, {"momentum", MOTE_MOMENTUM}, {"adagrad", MOTE_ADAGRAD}, {"adamw", MOTE_ADAMW}};

Json config_of(const ModelFile &file) {
    const mote_config &config = file.config();
    bool lines = file.vocab().boundary != 0;
    if (config.arch == MOTE_BIGRAM) return {{"model", "bigram"}, {"vocab", config.vocab}, {"lines", lines}};
    Json json = {{"model", config.arch == MOTE_MLP ? "mlp" : "rnn"},
                 {"activation", config.activation == MOTE_TANH ? "tanh" : "relu"},
                 {"vocab", config.vocab},
                 {"embed", config.embed},
                 {"hidden", config.hidden},
                 {"layers", config.layers},
                 {"lines", lines}};
    if (config.arch == MOTE_MLP) json["context"] = config.context;
    return json;
}

Json tensor_of(const mote_tensor &tensor) {
    float low = mote_tensor_at(&tensor, 0, 0), high = low;
    for (uint32_t row = 0; row < tensor.shape[0]; ++row) {
        for (uint32_t column = 0; column < tensor.shape[1]; ++column) {
            float value = mote_tensor_at(&tensor, row, column);
            low = std::min(low, value);
            high = std::max(high, value);
        }
    }
    return {{"name", tensor.name}, {"shape", {tensor.shape[0], tensor.shape[1]}}, {"min", low}, {"max", high}};
}

Json tensors_of(const ModelFile &file) {
    Json list = Json::array();
    mote_tensor tensor;
    for (uint32_t i = 0; mote_model_tensor(file.model(), i, &tensor) == MOTE_OK; ++i) list.push_back(tensor_of(tensor));
    return list;
}

std::string characters_of(const mote_vocab &vocab) {
    std::string text;
    for (uint32_t i = vocab.boundary; i < vocab.count; ++i) text += utf8_of(vocab.code_points[i]);
    return text;
}

Json running_memory(const mote_config &config) {
    return {{"open", MOTE_OPEN_BYTES},
            {"model", mote_model_bytes(&config)},
            {"state", mote_state_bytes(&config)},
            {"scratch", mote_scratch_bytes(&config)}};
}

Json training_memory(const mote_config &config, uint32_t batch, uint32_t time) {
    Json list = Json::array();
    for (auto [name, optimizer] : optimizers) {
        mote_train_config train{};
        train.batch = batch;
        train.time = time;
        train.optimizer = optimizer;
        train.rate = train.momentum = 0.5f;
        train.eps = 1;
        Json row = {{"optimizer", name}};
        for (uint32_t workspace : {MOTE_WORKSPACE_NONE, MOTE_WORKSPACE_PACKED}) {
            train.workspace = workspace;
            size_t bytes = mote_trainer_bytes(&config, &train);
            row[workspace == MOTE_WORKSPACE_NONE ? "trainer" : "trainer_packed"] = bytes == 0 ? Json() : Json(bytes);
        }
        list.push_back(row);
    }
    return list;
}

Json run_of(const ModelFile &file) {
    mote_run run{};
    if (!file.run(run)) return nullptr;
    return {{"step", run.position},
            {"steps", run.steps},
            {"seed", run.seed},
            {"split", {run.split[0], run.split[1], run.split[2]}},
            {"corpus_hash", hash_text(run.corpus_hash)}};
}

bool is_checkpoint(const ModelFile &file) {
    return mote_checkpoint_peek(file.bytes().data(), file.bytes().size(), nullptr, nullptr, nullptr) == MOTE_OK;
}

void print_tensors(const Json &report) {
    for (const Json &tensor : report["tensors"]) {
        std::string shape = tensor["shape"][0].dump() + " x " + tensor["shape"][1].dump();
        print_line(formatted("  %-14s %-13s %11.6f … %.6f", tensor["name"].get<std::string>().c_str(), shape.c_str(),
                             tensor["min"].get<double>(), tensor["max"].get<double>()));
    }
}

void print_memory(const Json &report) {
    const Json &memory = report["memory"];
    print_line("bytes to run");
    for (const char *key : {"open", "model", "state", "scratch"}) {
        print_line(formatted("  %-14s %12zu", key, memory[key].get<size_t>()));
    }
    print_line(formatted("bytes of a trainer at batch %u, time %u: the least; with packed weights, for speed",
                         report["batch"].get<uint32_t>(), report["time"].get<uint32_t>()));
    for (const Json &row : memory["training"]) {
        auto bytes = [&](const char *key) { return row[key].is_null() ? std::string("> 4 GiB") : row[key].dump(); };
        print_line(formatted("  %-14s %12s %12s", row["optimizer"].get<std::string>().c_str(), bytes("trainer").c_str(),
                             bytes("trainer_packed").c_str()));
    }
}

} // namespace

Json model_report(const ModelFile &file, uint32_t batch, uint32_t time) {
    const mote_config &config = file.config();
    Json report;
    report["config"] = config_of(file);
    report["params"] = mote_param_count(&config);
    report["weights_hash"] = hash_text(mote_weights_hash(file.model()));
    report["characters"] = characters_of(file.vocab());
    report["tensors"] = tensors_of(file);
    report["file_bytes"] = file.bytes().size();
    report["blob_bytes"] = mote_blob_bytes(&config);
    report["checkpoint"] = is_checkpoint(file);
    report["run"] = run_of(file);
    report["batch"] = batch;
    report["time"] = time;
    report["memory"] = running_memory(config);
    report["memory"]["training"] = training_memory(config, batch, time);
    return report;
}

void print_report(const Json &report) {
    const Json &config = report["config"];
    for (const auto &[key, value] : config.items())
        print_line(formatted("%-16s %s", key.c_str(), value.dump().c_str()));
    print_line("parameters       " + report["params"].dump());
    print_line("weights hash     " + report["weights_hash"].get<std::string>());
    print_line("characters       " + report["characters"].dump());
    print_line(formatted("%-16s %s bytes", report["checkpoint"].get<bool>() ? "checkpoint" : "blob",
                         report["file_bytes"].dump().c_str()));
    print_line("training         " + report["run"].dump());
    print_line(std::string("self-test        ") + (report["selftest"].get<bool>() ? "passed" : "FAILED"));
    print_line("tensors");
    print_tensors(report);
    print_memory(report);
}

} // namespace mote::cli
