#pragma once

#include "corpus.h"
#include "model_file.h"
#include "option_parser.h"
#include "parts.h"

#include <optional>
#include <string>

namespace mote::cli {

/* --split of the commands that read a text with a model: a part of it, as it was split in the model's training. */
using ChosenPart = std::optional<uint32_t>;
Option add_part(CommandLine app, ChosenPart &part, const std::string &help);

/* A corpus that is not cut; of items where the vocabulary has a boundary. */
RunRecord uncut(const mote_vocab &vocab);

/* How the corpus of a model is cut: as in its training where a part is asked for, else not at all. `path` is the
 * model's. Throws Failure where the training is not known or had no such part. */
RunRecord run_for(const ModelFile &file, const std::string &path, ChosenPart part);

/* Tells on stderr where the text that a part is taken of is not that of the training. */
void tell_of_other_corpus(const RunRecord &run, const Corpus &corpus, ChosenPart part);

/* The part that is asked for, else all. Valid as what Parts::read gives. */
TokenView read_part(Parts &parts, ChosenPart part);

} // namespace mote::cli
