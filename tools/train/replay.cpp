#include "replay.h"

#include "errors.h"
#include "isa_choice.h"
#include "progress.h"
#include "same_end.h"
#include "train_loop.h"

namespace mote::cli {

namespace {

unsigned long long wide(uint64_t number) { return number; }

std::string steps_text(DifferentSteps steps) {
    if (steps.first_other == steps.last_same + 1)
        return formatted("step %llu is the first that differs", wide(steps.first_other));
    return formatted("the first step that differs is one of %llu to %llu", wide(steps.last_same + 1),
                     wide(steps.first_other));
}

void add_difference(Replay &replay, DifferentSteps steps) {
    replay.first = steps.last_same + 1;
    replay.last = steps.first_other;
    replay.difference = steps_text(steps);
}

/* The session's chain is made one that has the values of the recorded chain, as long as steps are the same. False where
 * there is none to compare with. */
bool follow(Session &session, const StepChain &recorded) {
    const uint64_t position = session.run.position;
    const bool same_start = session.chain.start() == recorded.start() && session.chain.end() == position;
    if (!same_start && recorded.start() >= position) {
        session.chain = StepChain(recorded.start());
    } else if (!same_start) {
        const std::optional<uint64_t> value = recorded.value_after(position);
        if (!value) return false;
        session.chain = StepChain(position, *value);
    }
    session.chain.compare_with(&recorded, std::max(recorded.start(), position));
    return true;
}

/* Trains on to the end; whether all steps were as recorded. */
bool make_steps(Session &session, const ReplayOptions &options, Replay &replay) {
    const Traces nowhere{corpus_name(options.corpora), "", 0, "", options.quiet};
    try {
        train(session, nowhere);
        return true;
    } catch (const StepDiffers &differs) {
        add_difference(replay, differs.steps);
    } catch (const NotFinite &) {
        add_difference(replay, {session.run.position, session.run.position + 1});
        replay.difference += ", whose numbers are not finite here";
    }
    return false;
}

void compare_end(Session &session, const RecordedEnd &end, Replay &replay) {
    if (session.run.position != end.run.position) {
        replay.difference =
            formatted("early stopping ends the training after step %llu here", wide(session.run.position));
        return;
    }
    const std::string difference = difference_at_end(session, end);
    if (difference.empty()) return;
    replay.difference = (replay.has_chain ? formatted("all %llu steps are the same, but after the last one ",
                                                      wide(replay.to - replay.from))
                                          : std::string("after the last step ")) +
                        "these differ: " + difference;
}

} // namespace

Replay replay(const ReplayOptions &options) {
    choose_isa(options.isa);
    const RecordedEnd end = read_end(options.after);
    Corpus corpus = load_corpus(options.corpora);
    Session session = start_of(options, end, corpus);
    Replay replay;
    replay.from = session.run.position;
    replay.to = end.run.position;
    replay.weights_hash = hash_text(mote_weights_hash(end.file.model()));
    if (end.chain && session.chain.start() == end.chain->start()) {
        if (const auto differs = StepChain::difference(session.chain, *end.chain)) {
            replay.has_chain = true;
            add_difference(replay, *differs);
            replay.difference +=
                formatted(", before step %llu, at which %s is", wide(replay.from), options.before.c_str());
            return replay;
        }
    }
    replay.has_chain = end.chain && follow(session, *end.chain);
    const bool same_steps = make_steps(session, options, replay);
    replay.links = session.chain.compared();
    if (same_steps && replay.links == 0) replay.has_chain = false;
    if (same_steps) compare_end(session, end, replay);
    const std::string settings = replay.difference.empty() ? "" : different_settings(session, end);
    if (!settings.empty()) replay.difference += "; the two learned with another " + settings;
    return replay;
}

} // namespace mote::cli
