#include "quantization_report.h"

#include "errors.h"

namespace mote::cli {

static size_t blob_bytes(const mote_model *model, const std::string &what) {
    mote_config config{};
    check(mote_model_config(model, &config), what);
    return mote_blob_bytes(&config);
}

Json quantization_report(const mote_model *before, const Quantized &made, const MeasuredText &text) {
    Comparison difference = compare(before, made.model, text.view(), text.name);
    return {{"bytes_before", blob_bytes(before, text.name)},
            {"bytes", blob_bytes(made.model, text.name)},
            {"text", text.name},
            {"chars", text.tokens.size() - 1},
            {"loss_before", difference.loss_before},
            {"loss", difference.loss},
            {"largest_difference", difference.largest_difference},
            {"largest_activations", made.largest},
            {"weights_hash", hash_text(mote_weights_hash(made.model))}};
}

void print_quantization_report(const Json &report) {
    print_line("bytes          " + report["bytes"].dump() + ", of float32 " + report["bytes_before"].dump());
    print_line(formatted("loss           %.4f nats a character, of float32 %.4f: on %s characters of %s",
                         report["loss"].get<double>(), report["loss_before"].get<double>(),
                         report["chars"].dump().c_str(), report["text"].get<std::string>().c_str()));
    print_line(formatted("logits         differ by at most %.4f", report["largest_difference"].get<double>()));
    print_line("weights hash   " + report["weights_hash"].get<std::string>());
}

} // namespace mote::cli
