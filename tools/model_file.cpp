#include "model_file.h"

#include "errors.h"
#include "files.h"

#include <utility>

namespace mote::cli {

ModelFile::ModelFile(const std::string &path) : ModelFile(read_bytes(path), path) {}

ModelFile::ModelFile(AlignedBytes bytes, const std::string &name) : bytes_(std::move(bytes)), arena_(MOTE_OPEN_BYTES) {
    check(mote_model_open(&model_, arena_.get(), bytes_.data(), bytes_.size()), name);
    check(mote_model_config(model_, &config_), name);
    check(mote_model_vocab(model_, &vocab_), name);
    if (vocab_.count == 0) throw Failure(name + ": a model without characters");
}

bool ModelFile::run(RunRecord &run) const { return read_run_record(bytes_.data(), bytes_.size(), run) == MOTE_OK; }

} // namespace mote::cli
