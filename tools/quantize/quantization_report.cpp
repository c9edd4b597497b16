#include "quantization_report.h"

#include "errors.h"

namespace mote::cli {

static mote_config config_of(const mote_model *model, const std::string &what) {
    mote_config config{};
    check(mote_model_config(model, &config), what);
    return config;
}

/* Of what all tensors take: scales, biases and padding, too. */
static double bits_per_weight(const mote_config &config) {
    return 32.0 * static_cast<double>(mote_weight_count(&config)) / static_cast<double>(mote_param_count(&config));
}

Json quantization_report(const mote_model *before, const Quantized &made, const MeasuredText &text) {
    Comparison difference = compare(before, made.model, text.view(), text.name);
    const mote_config config_before = config_of(before, text.name), config = config_of(made.model, text.name);
    return {{"bytes_before", mote_blob_bytes(&config_before)},
            {"bytes", mote_blob_bytes(&config)},
            {"bits_per_weight", bits_per_weight(config)},
            {"text", text.name},
            {"chars", text.tokens->count() - 1},
            {"loss_before", difference.loss_before},
            {"loss", difference.loss},
            {"largest_difference", difference.largest_difference},
            {"largest_activations", made.largest},
            {"weights_hash", hash_text(mote_weights_hash(made.model))}};
}

void print_quantization_report(const Json &report) {
    print_line("bytes          " + report["bytes"].dump() + ", of float32 " + report["bytes_before"].dump());
    print_line(formatted("bits           %.2f a weight, with scales, biases and padding",
                         report["bits_per_weight"].get<double>()));
    print_line(formatted("loss           %.4f nats a character, of float32 %.4f: on %s characters of %s",
                         report["loss"].get<double>(), report["loss_before"].get<double>(),
                         report["chars"].dump().c_str(), report["text"].get<std::string>().c_str()));
    print_line(formatted("logits         differ by at most %.4f", report["largest_difference"].get<double>()));
    print_line("weights hash   " + report["weights_hash"].get<std::string>());
}

} // namespace mote::cli
