#include "corpus_part.h"

#include "errors.h"
#include "option_values.h"
#include "progress.h"

namespace mote::cli {

Option add_part(CommandLine app, ChosenPart &part, const std::string &help) {
    return add_choice(app, "--split", part, {{"train", TRAIN}, {"dev", DEV}, {"test", TEST}}, "all of it", help);
}

RunRecord uncut(const mote_vocab &vocab) {
    RunRecord run{};
    run.lines = vocab.boundary;
    run.split[TRAIN] = 100;
    return run;
}

RunRecord run_for(const ModelFile &file, const std::string &path, ChosenPart part) {
    if (!part) return uncut(file.vocab());
    std::optional<RunRecord> run = file.run();
    if (!run) throw Failure(path + ": does not tell of its training, --split cannot be used");
    if (run->split[*part] == 0)
        throw Failure(formatted("%s: trained without a %s part", path.c_str(), part_name(static_cast<Part>(*part))));
    run->lines = file.vocab().boundary;
    return *run;
}

void tell_of_other_corpus(const RunRecord &run, const Corpus &corpus, ChosenPart part) {
    if (part && corpus.hash != run.corpus_hash)
        tell(false, "note: " + corpus.name + " is not the corpus of the training; it is split in the same way");
}

TokenView read_part(Parts &parts, ChosenPart part) { return parts.read(static_cast<Part>(part.value_or(TRAIN))); }

} // namespace mote::cli
