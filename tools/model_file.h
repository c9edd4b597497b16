#pragma once

#include "aligned_memory.h"
#include "files.h"
#include "run_record.h"

#include <functional>
#include <optional>
#include <string>

namespace mote::cli {

/* A .mote file, opened in place. */
class ModelFile {
  public:
    explicit ModelFile(const std::string &path);
    /* `name`: of the file whose bytes they are, for messages. */
    ModelFile(AlignedBytes bytes, const std::string &name);

    const mote_model *model() const { return model_; }
    const mote_config &config() const { return config_; }
    const mote_vocab &vocab() const { return vocab_; }
    const AlignedBytes &bytes() const { return bytes_; }
    /* The training that made it, where the file tells of one. */
    std::optional<RunRecord> run() const;

  private:
    AlignedBytes bytes_;
    OwnArena arena_;
    const mote_model *model_ = nullptr;
    mote_config config_{};
    mote_vocab vocab_{};
};

/* The model as a blob; `run`, which may be NULL, is the record of the training that made it. */
mote_status write_model(const mote_model *model, const RunRecord *run, mote_write_fn write, void *user);

/* The same as a file, with which `mote eval --split` finds the parts of the training where the record is there. */
void save_model(const mote_model *model, const RunRecord *run, const std::string &path);

/* A file that a function of the library writes, whole or not at all. */
void save(const std::string &path, const std::function<mote_status(OutputFile &)> &write);

} // namespace mote::cli
