#include "model_file.h"

#include "errors.h"
#include "files.h"

namespace mote::cli {

ModelFile::ModelFile(const std::string &path) : bytes_(read_bytes(path)), arena_(MOTE_OPEN_BYTES) {
    check(mote_model_open(&model_, arena_.get(), bytes_.data(), bytes_.size()), path);
    check(mote_model_config(model_, &config_), path);
    check(mote_model_vocab(model_, &vocab_), path);
    if (vocab_.count == 0) throw Failure(path + ": a model without characters");
}

bool ModelFile::run(mote_run &run) const { return mote_blob_run(bytes_.data(), bytes_.size(), &run) == MOTE_OK; }

} // namespace mote::cli
