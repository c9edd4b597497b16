#include "average.h"
#include "errors.h"
#include "mean_weights.h"
#include "precisions.h"
#include "same_model.h"

#include <memory>

namespace mote::cli {

namespace {

void check_floats(const NamedModel &model) {
    const uint32_t precision = model.file.config().precision;
    if (precision == MOTE_PRECISION_FLOAT32) return;
    throw Failure(model.path + ": has weights of " + precision_name(precision).words +
                  "; average the models of float32 that such models were made of, and make the average one with mote "
                  "quantize");
}

void add_weights(MeanWeights &mean, const NamedModel &model, uint32_t share) {
    const uint32_t tensors = mote_tensor_count(&model.file.config());
    for (uint32_t i = 0; i < tensors; ++i) {
        mote_tensor tensor{};
        check(mote_model_tensor(model.file.model(), i, &tensor), model.path);
        mean.add(static_cast<const float *>(tensor.data), tensor.offset, tensor.count, share);
    }
}

} // namespace

Json average_models(const AverageOptions &options, const Shares &shares) {
    const std::string &first_path = options.files[0];
    const ModelFile first(first_path);
    check_floats({first, first_path});
    OwnArena arena(mote_model_bytes(&first.config()));
    mote_model *made = nullptr;
    check(mote_model_copy(&made, arena.get(), first.model()), first_path);
    size_t count = 0;
    float *weights = mote_model_weights(made, &count);
    MeanWeights mean(count);
    add_weights(mean, {first, first_path}, shares.of[0]);
    for (size_t i = 1; i < options.files.size(); ++i) {
        const ModelFile file(options.files[i]);
        check_floats({file, options.files[i]});
        check_same_model({first, first_path}, {file, options.files[i]});
        add_weights(mean, {file, options.files[i]}, shares.of[i]);
    }
    mean.write(weights, shares.sum);
    save_model(made, nullptr, options.output);
    return {{"files", options.files.size()}, {"weights_hash", hash_text(mote_weights_hash(made))}};
}

} // namespace mote::cli
