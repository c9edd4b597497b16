#include "convert_report.h"

#include "errors.h"

namespace mote::cli {

namespace {

Json tensors_json(const Plan &plan) {
    Json list = Json::array();
    for (const Planned &planned : plan.tensors) {
        Json sources = Json::array();
        for (const Source &source : planned.sources) {
            sources.push_back({{"name", source.tensor->name},
                               {"shape", source.tensor->shape},
                               {"dtype", source.tensor->dtype_name},
                               {"transposed", source.turned}});
        }
        list.push_back({{"name", planned.name}, {"shape", {planned.rows, planned.columns}}, {"from", sources}});
    }
    return list;
}

Json config_json(const mote_config &c) {
    Json json = {{"model", c.cell == MOTE_CELL_NONE ? "bigram" : c.cell == MOTE_CELL_DENSE ? "mlp" : "rnn"}, {"vocab", c.vocab}};
    if (c.cell == MOTE_CELL_NONE) return json;
    json["activation"] = c.activation == MOTE_TANH ? "tanh" : "relu";
    if (c.cell == MOTE_CELL_DENSE) json["context"] = c.context;
    json["embed"] = c.embed;
    json["hidden"] = c.hidden;
    json["layers"] = c.layers;
    return json;
}

std::string sources_text(const Json &tensor) {
    std::string text;
    for (const Json &source : tensor["from"]) {
        text += (text.empty() ? "" : " + ") + source["name"].get<std::string>() + " " +
                shape_text(source["shape"].get<std::vector<uint64_t>>()) + " " + source["dtype"].get<std::string>() +
                (source["transposed"].get<bool>() ? ", transposed" : "");
    }
    return text.empty() ? "zeros" : text;
}

} // namespace

void print_convert_report(const Json &report) {
    print_line("weights        " + report["what"].get<std::string>() + ", " + report["format"].get<std::string>());
    std::string sizes;
    for (const auto &[key, value] : report["config"].items())
        sizes += (sizes.empty() ? "" : ", ") + (key == "model" ? "" : key + " ") +
                 (value.is_string() ? value.get<std::string>() : value.dump());
    print_line("model          " + sizes);
    for (const Json &tensor : report["tensors"])
        print_line(formatted("  %-12s %s", tensor["name"].get<std::string>().c_str(), sources_text(tensor).c_str()));
    for (const Json &note : report["notes"]) print_line("note           " + note.get<std::string>());
    if (report.contains("verify")) {
        const Json &verify = report["verify"];
        print_line(
            formatted("verified       %s predictions: the logits differ by at most %.3g, %.2g of the greatest, %.3g",
                      verify["predictions"].dump().c_str(), verify["greatest_difference"].get<double>(),
                      verify["relative"].get<double>(), verify["greatest_logit"].get<double>()));
    }
    print_line("weights hash   " + report["weights_hash"].get<std::string>());
}

Json convert_report(const ForeignFile &file, const Assignment &found, const Plan &plan, const Assembled &made) {
    Json report;
    report["format"] = file.format;
    report["what"] = found.what;
    report["config"] = config_json(plan.config);
    report["params"] = mote_param_count(&plan.config);
    report["tensors"] = tensors_json(plan);
    report["notes"] = plan.notes;
    if (made.flushed != 0)
        report["notes"].push_back(
            formatted("%llu weights smaller than 2^-40 became 0", static_cast<unsigned long long>(made.flushed)));
    report["weights_hash"] = hash_text(mote_weights_hash(made.model));
    return report;
}

void add_verified(Json &report, const Verified &result) {
    report["verify"] = {{"predictions", result.predictions},
                        {"greatest_difference", result.greatest_difference},
                        {"greatest_logit", result.greatest_logit},
                        {"relative", result.relative()}};
}

} // namespace mote::cli
