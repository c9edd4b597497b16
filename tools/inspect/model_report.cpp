#include "model_report.h"

#include "model_kinds.h"
#include "multiply_adds.h"
#include "optimizers.h"

#include "errors.h"
#include "tensor_numbers.h"
#include "utf8_text.h"

#include <algorithm>

namespace mote::cli {

namespace {

Json config_of(const mote_config &config, bool lines) {
    const ModelKind &kind = kind_of(config);
    Json json = {{"model", kind.name}};
    if (config.precision == MOTE_PRECISION_INT8) json["precision"] = "int8";
    if (kind.has_layers()) json["activation"] = activation_name(config.activation);
    json["vocab"] = config.vocab;
    if (kind.has_layers()) {
        json["embed"] = config.embed;
        json["hidden"] = config.hidden;
        json["layers"] = config.layers;
    }
    json["lines"] = lines;
    if (kind.has_window) json["context"] = config.context;
    return json;
}

Json part(const std::string &name, uint64_t offset, uint64_t bytes) {
    return {{"name", name}, {"offset", offset}, {"bytes", bytes}};
}

/* `unused`: what the format leaves free, and what stands behind the blob. */
Json parts_of(const BlobParts &parts) {
    Json list = Json::array();
    if (!parts.header) return list;
    list.push_back(part("header", 0, format::header_bytes));
    list.push_back(part("section table", format::header_bytes, format::section_bytes * parts.sections.size()));
    for (const BlobSection &section : parts.sections)
        list.push_back(part(section_name(section.kind), section.offset, section.size));
    return list;
}

Json tensor_of(const BlobParts &parts, const BlobTensor &tensor) {
    Json json = {{"name", tensor.name},
                 {"shape", {tensor.shape[0], tensor.shape[1]}},
                 {"offset", tensor.offset},
                 {"bytes", tensor.size}};
    mote_tensor view = readable_tensor(parts, tensor);
    bool readable = view.data != nullptr;
    TensorNumbers numbers = readable ? tensor_numbers(view) : TensorNumbers{};
    auto number = [readable](double value) { return readable ? Json(value) : Json(); };
    json["min"] = number(numbers.least);
    json["max"] = number(numbers.greatest);
    json["mean"] = number(numbers.mean);
    json["deviation"] = number(numbers.deviation);
    json["zeros"] = number(numbers.zeros);
    if (numbers.not_finite != 0) json["not_finite"] = numbers.not_finite;
    return json;
}

Json tensors_of(const BlobParts &parts) {
    Json list = Json::array();
    for (const BlobTensor &tensor : parts.tensors) list.push_back(tensor_of(parts, tensor));
    return list;
}

/* Of a boundary nothing. What is not a character is U+FFFD. */
Json characters_of(const BlobParts &parts, bool boundary) {
    std::vector<uint32_t> characters = code_points_of(parts);
    if (characters.empty()) return nullptr;
    std::string text;
    for (size_t i = boundary ? 1 : 0; i < characters.size(); ++i) {
        std::string one = utf8_of(characters[i]);
        text += one.empty() ? "\xEF\xBF\xBD" : one;
    }
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
    for (const auto &[name, optimizer] : optimizer_choices()) {
        mote_train_config train{};
        train.batch = batch;
        train.time_steps = time;
        train.optimizer = optimizer;
        fill_hyperparameters(train);
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
    const std::optional<RunRecord> run = file.run();
    if (!run) return nullptr;
    return {{"step", run->position},
            {"steps", run->steps},
            {"seed", run->seed},
            {"split", {run->split[0], run->split[1], run->split[2]}},
            {"corpus_hash", hash_text(run->corpus_hash)}};
}

Json trainer_of(const ModelFile &file) {
    mote_train_config train{};
    const AlignedBytes &bytes = file.bytes();
    if (mote_checkpoint_peek(bytes.data(), bytes.size(), nullptr, &train) != MOTE_OK) return nullptr;
    return {{"optimizer", optimizer_name(train.optimizer)},
            {"batch", train.batch},
            {"time", train.time_steps},
            {"rate", train.learning_rate}};
}

Json findings_json(const Inspection &found) {
    Json list = Json::array();
    for (const Finding &finding : found.findings)
        list.push_back({{"part", finding.part}, {"offset", finding.offset}, {"what", finding.what}});
    return list;
}

void add_header(Json &report, const Inspection &found) {
    const std::optional<mote_format_header> &header = found.parts.header;
    auto hex = [](uint32_t number) { return formatted("%08x", number); };
    report["format"] = header ? Json(formatted("%u.%u", header->major, header->minor)) : Json();
    report["size"] = header ? Json(header->size) : Json();
    report["checksum"] = {{"stored", header ? Json(hex(header->crc)) : Json()},
                          {"computed", found.checksum ? Json(hex(*found.checksum)) : Json()}};
    report["blob_hash"] =
        found.checksum ? Json(hash_text(mote_fnv1a(MOTE_FNV_START, found.file.data(), header->size))) : Json();
}

void add_model(Json &report, const Inspection &found) {
    const BlobParts &parts = found.parts;
    const ModelFile *model = found.model.get();
    mote_config config = parts.config_valid ? parts.config : mote_config{};
    auto known = [&](auto value) { return parts.config_valid ? Json(value) : Json(); };
    const BlobSection *vocab = parts.section(format::vocab, format::vocab_header_bytes);
    bool boundary = vocab != nullptr && parts.u32(vocab->offset + uint64_t{4}) == 1;
    report["config"] = parts.config_valid ? config_of(config, boundary) : Json();
    report["params"] = known(mote_param_count(&config));
    report["multiply_adds"] = known(parts.config_valid ? multiply_adds(config) : 0);
    report["blob_bytes"] = known(mote_blob_bytes(&config));
    report["weights_hash"] = model != nullptr ? Json(hash_text(mote_weights_hash(model->model()))) : Json();
    report["characters"] = characters_of(parts, boundary);
    report["checkpoint"] = parts.section(format::trainer, 0) != nullptr;
    report["trainer"] = model != nullptr ? trainer_of(*model) : Json();
    report["run"] = model != nullptr ? run_of(*model) : Json();
    report["selftest"] = found.selftest ? Json(*found.selftest) : Json();
}

std::string number_or_dash(const Json &value, const char *shape) {
    return value.is_null() ? "-" : formatted(shape, value.get<double>());
}

void print_line_of(const char *name, const std::string &text) { print_line(formatted("%-16s %s", name, text.c_str())); }

void print_known(const char *name, const Json &value) {
    if (!value.is_null()) print_line_of(name, value.is_string() ? value.get<std::string>() : value.dump());
}

void print_damage(const Json &report) {
    print_line_of("damage", report["damaged"].get<bool>() ? "found" : "none");
    for (const Json &finding : report["findings"])
        print_line("  " + finding["part"].get<std::string>() + ", byte " + finding["offset"].dump() + ": " +
                   finding["what"].get<std::string>());
}

void print_parts(const Json &report) {
    print_line(formatted("%-20s %12s %12s", "parts", "from byte", "bytes"));
    for (const Json &part : report["parts"])
        print_line(formatted("  %-18s %12s %12s", part["name"].get<std::string>().c_str(),
                             part["offset"].dump().c_str(), part["bytes"].dump().c_str()));
}

void print_tensors(const Json &report) {
    print_line(formatted("%-16s %13s %11s %11s %11s %11s %7s", "tensors", "shape", "least", "greatest", "mean",
                         "deviation", "zeros"));
    for (const Json &tensor : report["tensors"]) {
        std::string shape = tensor["shape"][0].dump() + " x " + tensor["shape"][1].dump();
        std::string line = formatted("  %-14s %13s", tensor["name"].get<std::string>().c_str(), shape.c_str());
        for (const char *key : {"min", "max", "mean", "deviation"})
            line += formatted(" %11s", number_or_dash(tensor[key], "%.6f").c_str());
        Json percent = tensor["zeros"].is_null() ? Json() : Json(100 * tensor["zeros"].get<double>());
        print_line(line + formatted(" %7s", number_or_dash(percent, "%.1f%%").c_str()));
    }
}

void print_memory(const Json &report) {
    const Json &memory = report["memory"];
    print_line("arena bytes to run");
    constexpr std::pair<const char *, const char *> rows[] = {{"open", "of the model in place"},
                                                              {"model", "of a copy in RAM"},
                                                              {"state", "of a state"},
                                                              {"scratch", "of a self-test or a save"}};
    for (const auto &[key, about] : rows)
        print_line(formatted("  %-14s %12zu  %s", key, memory[key].get<size_t>(), about));
    if (memory["training"].empty()) return;
    print_line(formatted("arena bytes of a trainer, batch %u, time %u: the least, and with packed weights, for speed",
                         report["batch"].get<uint32_t>(), report["time"].get<uint32_t>()));
    for (const Json &row : memory["training"]) {
        auto bytes = [&](const char *key) { return row[key].is_null() ? std::string("> 4 GiB") : row[key].dump(); };
        print_line(formatted("  %-14s %12s %12s", row["optimizer"].get<std::string>().c_str(), bytes("trainer").c_str(),
                             bytes("trainer_packed").c_str()));
    }
}

void print_model(const Json &report) {
    for (const auto &[key, value] : report["config"].items()) print_known(key.c_str(), value);
    print_known("parameters", report["params"]);
    if (!report["multiply_adds"].is_null())
        print_line_of("multiply-adds", report["multiply_adds"].dump() + " a character: the products of a step");
    print_known("weights hash", report["weights_hash"]);
    if (!report["characters"].is_null()) print_line_of("characters", report["characters"].dump());
    print_known("training", report["run"]);
    print_known("trainer", report["trainer"]);
    if (!report["selftest"].is_null()) print_line_of("self-test", report["selftest"].get<bool>() ? "passed" : "FAILED");
}

} // namespace

Json model_report(const Inspection &found, uint32_t batch, uint32_t time) {
    Json report;
    report["file_bytes"] = found.parts.count;
    report["damaged"] = found.damaged();
    report["damage"] = found.findings.empty() ? Json() : Json(damage_text(found));
    report["findings"] = findings_json(found);
    add_header(report, found);
    add_model(report, found);
    report["parts"] = parts_of(found.parts);
    report["tensors"] = tensors_of(found.parts);
    report["batch"] = batch;
    report["time"] = time;
    report["memory"] = nullptr;
    if (!found.parts.config_valid) return report;
    report["memory"] = running_memory(found.parts.config);
    report["memory"]["training"] = found.parts.config.precision == MOTE_PRECISION_FLOAT32
                                       ? training_memory(found.parts.config, batch, time)
                                       : Json::array();
    return report;
}

void print_report(const Json &report) {
    print_line_of(report["checkpoint"].get<bool>() ? "checkpoint" : "blob", report["file_bytes"].dump() + " bytes");
    print_known("format", report["format"]);
    print_damage(report);
    print_known("checksum", report["checksum"]["stored"]);
    print_known("blob hash", report["blob_hash"]);
    print_model(report);
    if (!report["parts"].empty()) print_parts(report);
    if (!report["tensors"].empty()) print_tensors(report);
    if (!report["memory"].is_null()) print_memory(report);
}

} // namespace mote::cli
