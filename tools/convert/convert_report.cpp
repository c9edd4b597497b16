#include "convert_report.h"

#include "model_kinds.h"

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
                               {"transposed", source.transposed}});
            if (source.rows != planned.rows)
                sources.back()["outputs"] = {source.first, source.first + planned.rows - 1};
        }
        list.push_back({{"name", planned.name}, {"shape", {planned.rows, planned.columns}}, {"from", sources}});
    }
    return list;
}

Json config_json(const mote_config &c) {
    const ModelKind &kind = kind_of(c);
    Json json = {{"model", kind.name}, {"vocab", c.vocab}};
    if (!kind.has_layers()) return json;
    json["activation"] = activation_name(c.activation);
    if (kind.has_window) json["context"] = c.context;
    json["embed"] = c.embed;
    json["hidden"] = c.hidden;
    json["layers"] = c.layers;
    return json;
}

const char *activation_from(const ForeignFile &file, const Assignment &found, const Chosen &chosen) {
    if (kind_of_cell(found.cell).tanh_only) return "the cell";
    if (file.activation != 0) return "the file";
    if (found.activation != 0) return "the user";
    return chosen.activation_found ? "the comparison" : "the default";
}

/* Each tensor that was left out, and why that may be done. */
Json ignored_json(const std::vector<LeftOut> &left_out, bool verified) {
    Json list = Json::array();
    for (const LeftOut &tensor : left_out) {
        bool harmless = tensor.role.effect == Effect::nothing;
        list.push_back({{"name", tensor.name},
                        {"what", tensor.role.what.empty() ? "not known" : tensor.role.what},
                        {"proof", verified   ? "verified"
                                  : harmless ? "does nothing"
                                             : "unverified"}});
    }
    return list;
}

Json verified_json(const Verified &result) {
    return {{"predictions", result.predictions},
            {"outputs", outputs_text(result.outputs)},
            {"greatest_difference", result.greatest_difference},
            {"greatest_logit", result.greatest_logit},
            {"relative", result.relative()}};
}

std::string sources_text(const Json &tensor) {
    std::string text;
    for (const Json &source : tensor["from"]) {
        text += (text.empty() ? "" : " + ") + source["name"].get<std::string>() + " " +
                shape_text(source["shape"].get<std::vector<uint64_t>>()) + " " + source["dtype"].get<std::string>() +
                (source["transposed"].get<bool>() ? ", transposed" : "");
        if (source.contains("outputs"))
            text += ", outputs " + source["outputs"][0].dump() + " … " + source["outputs"][1].dump();
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
    for (const Json &tensor : report["ignored"])
        print_line("left out       " + tensor["name"].get<std::string>() + ", " + tensor["what"].get<std::string>() +
                   ": " + tensor["proof"].get<std::string>());
    if (report.contains("verify")) {
        const Json &verify = report["verify"];
        print_line(formatted("verified       %s predictions: the %s differ by at most %.3g, %.2g of the greatest, %.3g",
                             verify["predictions"].dump().c_str(), verify["outputs"].get<std::string>().c_str(),
                             verify["greatest_difference"].get<double>(), verify["relative"].get<double>(),
                             verify["greatest_logit"].get<double>()));
    }
    print_line("weights hash   " + report["weights_hash"].get<std::string>());
}

Json convert_report(const ForeignFile &file, const Assignment &found, const Chosen &chosen,
                    const std::vector<LeftOut> &left_out) {
    Json report;
    report["format"] = file.format;
    report["what"] = found.what;
    report["config"] = config_json(chosen.plan.config);
    if (chosen.plan.config.layers != 0) report["activation_from"] = activation_from(file, found, chosen);
    report["params"] = mote_param_count(&chosen.plan.config);
    report["tensors"] = tensors_json(chosen.plan);
    report["ignored"] = ignored_json(left_out, chosen.verified.has_value());
    report["notes"] = chosen.plan.notes;
    if (chosen.made.flushed != 0)
        report["notes"].push_back(formatted("%llu weights smaller than 2^-40 became 0",
                                            static_cast<unsigned long long>(chosen.made.flushed)));
    if (chosen.verified) report["verify"] = verified_json(*chosen.verified);
    report["weights_hash"] = hash_text(mote_weights_hash(chosen.made.model));
    return report;
}

} // namespace mote::cli
