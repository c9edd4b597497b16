#include "adapter_report.h"

#include "adapter_file.h"
#include "errors.h"
#include "model_kinds.h"
#include "optimizers.h"
#include "precisions.h"

namespace mote::cli {

namespace {

Json json_of(const mote_config &config) {
    Json json;
    json["kind"] = kind_of(config).name;
    json["vocab"] = config.vocab;
    json["context"] = config.context;
    json["embed"] = config.embed;
    json["hidden"] = config.hidden;
    json["layers"] = config.layers;
    json["precision"] = precision_name(config.precision).words;
    return json;
}

} // namespace

Json adapter_report(const AlignedBytes &bytes, const std::string &path, uint32_t batch, uint32_t time) {
    mote_adapter_info info{};
    const mote_status status = mote_adapter_peek(bytes.data(), bytes.size(), &info);
    if (status == MOTE_ERR_FORMAT) throw Failure(path + ": an adapter that is cut short, or not made as it should be");
    check(status, path);
    Json json;
    json["adapter"] = true;
    json["bytes"] = info.bytes;
    json["learned"] = learned_name(info.learned);
    json["learned_weights"] = MOTE_ADAPTER_WEIGHTS(MOTE_SHAPE_OF(info.base), info.learned);
    json["base_hash"] = hash_text(info.base_hash);
    json["base"] = json_of(info.base);
    mote_train_config train{};
    train.batch = batch;
    train.time_steps = time;
    train.optimizer = MOTE_SGD;
    train.learning_rate = 1;
    const size_t learning = mote_learner_bytes(&info.base, info.learned, &train);
    json["memory"] = {{"open", mote_adapter_open_bytes(&info.base)},
                      {"loaded", mote_adapter_bytes(&info.base, info.learned)},
                      {"learning_sgd", learning != 0 ? Json(learning) : Json()}};
    return json;
}

void print_adapter_report(const Json &report) {
    const Json &base = report["base"], &memory = report["memory"];
    auto text = [](const Json &json) { return json.is_string() ? json.get<std::string>() : json.dump(); };
    print_line("adapter        " + text(report["bytes"]) + " bytes");
    print_line("learned        " + text(report["learned"]) + ", " + text(report["learned_weights"]) +
               " floats, padding included");
    print_line("base           weights hash " + text(report["base_hash"]));
    print_line("               " + text(base["kind"]) + " of " + text(base["vocab"]) + " characters, " +
               text(base["hidden"]) + " units, layers " + text(base["layers"]) + ", " + text(base["precision"]));
    print_line("memory         " + text(memory["open"]) + " bytes beside its base in place, " + text(memory["loaded"]) +
               " in RAM, to learn by SGD " +
               (memory["learning_sgd"].is_null() ? "more than 4 GiB" : text(memory["learning_sgd"])) + " more");
}

} // namespace mote::cli
