#include "model_file.h"

#include "adapter_file.h"
#include "errors.h"

#include <utility>

namespace mote::cli {

ModelFile::ModelFile(const std::string &path) : ModelFile(read_bytes(path), path) {}

ModelFile::ModelFile(AlignedBytes bytes, const std::string &name) : bytes_(std::move(bytes)), arena_(MOTE_OPEN_BYTES) {
    if (is_adapter(bytes_)) throw Failure(name + ": an adapter; give its base, and the adapter by --adapter");
    check(mote_model_open(&model_, arena_.get(), bytes_.data(), bytes_.size()), name);
    check(mote_model_config(model_, &config_), name);
    check(mote_model_vocab(model_, &vocab_), name);
    if (vocab_.count == 0) throw Failure(name + ": a model without characters");
}

std::optional<RunRecord> ModelFile::run() const {
    RunRecord run{};
    if (read_run_record(bytes_.data(), bytes_.size(), run) != MOTE_OK) return std::nullopt;
    return run;
}

mote_status write_model(const mote_model *model, const RunRecord *run, mote_write_fn write, void *user) {
    mote_config config{};
    const mote_status status = mote_model_config(model, &config);
    if (status != MOTE_OK) return status;
    OwnArena scratch(mote_scratch_bytes(&config));
    const mote_section section = run != nullptr ? section_of(*run) : mote_section{};
    return mote_model_save(model, &section, run != nullptr ? 1 : 0, scratch.get(), write, user);
}

void save(const std::string &path, const std::function<mote_status(OutputFile &)> &write) {
    OutputFile file(path);
    const mote_status status = write(file);
    if (status != MOTE_ERR_WRITE) check(status, path); /* commit() says why a write failed */
    file.commit();
}

void save_model(const mote_model *model, const RunRecord *run, const std::string &path) {
    save(path, [&](OutputFile &file) { return write_model(model, run, OutputFile::write_callback, &file); });
}

} // namespace mote::cli
