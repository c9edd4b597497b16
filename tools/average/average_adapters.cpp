#include "adapter_file.h"
#include "average.h"
#include "errors.h"
#include "mean_weights.h"

namespace mote::cli {

namespace {

mote_adapter_info info_of(const AlignedBytes &bytes, const std::string &path) {
    if (!is_adapter(bytes))
        throw Failure(path + ": not an adapter, as the file before it is; average either kind alone");
    mote_adapter_info info{};
    const mote_status status = mote_adapter_peek(bytes.data(), bytes.size(), &info);
    if (status == MOTE_ERR_FORMAT) throw Failure(path + ": an adapter that is cut short, or not made as it should be");
    check(status, path);
    return info;
}

/* An adapter in RAM. */
struct LoadedAdapter {
    LoadedAdapter(const ModelFile &base, const std::string &base_path, const AlignedBytes &bytes,
                  const std::string &path)
        : info(info_of(bytes, path)), arena(mote_adapter_bytes(&base.config(), info.learned)) {
        check_adapter(mote_adapter_load(&adapter, arena.get(), base.model(), bytes.data(), bytes.size()), bytes, path,
                      base, base_path);
        weights = mote_adapter_weights(adapter, &count);
    }

    mote_adapter_info info;
    OwnArena arena;
    mote_adapter *adapter = nullptr;
    float *weights = nullptr;
    size_t count = 0;
};

} // namespace

Json average_adapters(const AverageOptions &options, const Shares &shares) {
    const ModelFile base(options.base);
    const std::string &first_path = options.files[0];
    LoadedAdapter made(base, options.base, read_bytes(first_path), first_path);
    MeanWeights mean(made.count);
    mean.add(made.weights, 0, made.count, shares.of[0]);
    for (size_t i = 1; i < options.files.size(); ++i) {
        const std::string &path = options.files[i];
        const LoadedAdapter further(base, options.base, read_bytes(path), path);
        if (further.info.learned != made.info.learned)
            throw Failure(formatted("%s: has learned %s, but %s has learned %s", path.c_str(),
                                    learned_name(further.info.learned).c_str(), first_path.c_str(),
                                    learned_name(made.info.learned).c_str()));
        mean.add(further.weights, 0, further.count, shares.of[i]);
    }
    mean.write(made.weights, shares.sum);
    save(options.output,
         [&](OutputFile &file) { return mote_adapter_save(made.adapter, OutputFile::write_callback, &file); });
    Json report = {{"files", options.files.size()}, {"base_hash", hash_text(mote_weights_hash(base.model()))}};
    if (const mote_model *both = mote_adapter_model(made.adapter); both != nullptr)
        report["weights_hash"] = hash_text(mote_weights_hash(both));
    return report;
}

} // namespace mote::cli
