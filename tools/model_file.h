#pragma once

#include "aligned_memory.h"
#include "run_record.h"

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
    /* The training that made it; false where the file tells of none. */
    bool run(RunRecord &run) const;

  private:
    AlignedBytes bytes_;
    OwnArena arena_;
    const mote_model *model_ = nullptr;
    mote_config config_{};
    mote_vocab vocab_{};
};

} // namespace mote::cli
