#pragma once

#include "corpus_part.h"

#include <memory>
#include <string>

namespace mote::cli {

/* What a text is called that a model is measured on, and its tokens. */
struct MeasuredText {
    std::string name;
    std::shared_ptr<const Tokens> tokens;

    TokenView view() const { return TokenView::of(*tokens); }
};

/* Characters of a corpus that are read where nothing else is said. */
constexpr uint32_t usual_limit = 100000;

/* What the model itself writes. `path`, of its file, begins the messages of failures; `advice` ends the one that it
 * writes without bound, and says how to measure on a text. */
MeasuredText measured_on_itself(const mote_model *model, const std::string &path, const std::string &advice);

/* The first characters of a corpus, or of a part of it, cut as `run` says. */
MeasuredText measured_on(Corpus &corpus, const mote_vocab &vocab, const RunRecord &run, ChosenPart part,
                         uint32_t limit);

} // namespace mote::cli
