#include "same_end.h"

#include "errors.h"
#include "mote_format.h"
#include "sharing.h"
#include "train_integers.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace mote::cli {

namespace {

/* A section of a checkpoint; without bytes where it has none. */
struct Bytes {
    const unsigned char *data = nullptr;
    size_t size = 0;

    Bytes part(size_t first, size_t count) const {
        return first > size ? Bytes{} : Bytes{data + first, std::min(count, size - first)};
    }
    bool operator==(const Bytes &other) const {
        return size == other.size && (size == 0 || std::memcmp(data, other.data, size) == 0);
    }
};

Bytes section(const AlignedBytes &blob, uint32_t id) {
    const void *data = nullptr;
    size_t size = 0;
    if (mote_blob_section(blob.data(), blob.size(), id, &data, &size) != MOTE_OK) return {};
    return {static_cast<const unsigned char *>(data), size};
}

/* The checkpoint that the session would save, without sections of the program's own. */
AlignedBytes checkpoint_of(Session &session) {
    const size_t best_bytes = session.run.best_position != 0 ? 4 * mote_weight_count(&session.config) : 0;
    AlignedBytes blob(mote_checkpoint_bytes(&session.config, &session.train) + best_bytes);
    mote_buffer buffer{blob.data(), blob.size(), 0};
    if (session.sharded != nullptr) session.sharded->gather();
    check(write_training(session, {}, mote_buffer_write, &buffer), "checkpoint");
    return blob;
}

/* A trainer has its settings, then the hidden state, then the moments. */
std::vector<std::string> trainer_differences(Bytes here, Bytes there, size_t moment_bytes) {
    std::vector<std::string> found;
    const size_t settings = sizeof(mote_format_trainer);
    if (here.size != there.size || !(here.part(0, settings) == there.part(0, settings)))
        found.emplace_back("the trainer's settings");
    if (here.size != there.size) return found;
    const size_t moments = here.size - moment_bytes;
    if (!(here.part(settings, moments - settings) == there.part(settings, moments - settings)))
        found.emplace_back("the hidden state");
    if (!(here.part(moments, moment_bytes) == there.part(moments, moment_bytes))) found.emplace_back("the moments");
    return found;
}

/* Of a run what later steps depend on. How many are planned and the mean for the eye are not. */
bool same_run(RunRecord here, RunRecord there) {
    here.steps = there.steps = 0;
    here.smoothed_bits = there.smoothed_bits = 0;
    return std::memcmp(&here, &there, sizeof here) == 0;
}

} // namespace

std::string difference_at_end(Session &session, const RecordedEnd &end) {
    const AlignedBytes blob = checkpoint_of(session);
    const uint64_t here = mote_weights_hash(session.model), there = mote_weights_hash(end.file.model());
    std::vector<std::string> found;
    if (here != there)
        found.push_back(
            formatted("the weights (hash %s, and not %s)", hash_text(there).c_str(), hash_text(here).c_str()));
    const size_t moments = MOTE_MOMENTS(session.train.optimizer) * 4 * mote_weight_count(&session.config);
    for (const std::string &what : trainer_differences(section(blob, MOTE_FORMAT_TRAINER),
                                                       section(end.file.bytes(), MOTE_FORMAT_TRAINER), moments))
        found.push_back(what);
    if (!(section(blob, MOTE_FORMAT_BEST) == section(end.file.bytes(), MOTE_FORMAT_BEST)))
        found.emplace_back("the best weights");
    if (shards_of(session) != end.shards) found.emplace_back("the number of shards");
    const mote_section largest = section_of_largest(session);
    if (!(Bytes{static_cast<const unsigned char *>(largest.data), largest.bytes} ==
          section(end.file.bytes(), largest.id)))
        found.emplace_back("the activations that 127 stands for");
    if (!same_run(session.run, end.run)) found.emplace_back("the record of the run");
    return listed(found, " and ");
}

std::string different_settings(const Session &session, const RecordedEnd &end) {
    const mote_schedule &here = session.run.schedule, &there = end.run.schedule;
    const mote_train_config &train = session.train, &other = end.train;
    const std::pair<const char *, bool> settings[] = {
        {"--lr", here.learning_rate != there.learning_rate},
        {"--schedule", here.kind != there.kind || here.total != there.total},
        {"--warmup", here.warmup != there.warmup},
        {"--period", here.period != there.period},
        {"--lr-factor", here.factor != there.factor},
        {"--quantize", session.run.precision != end.run.precision},
        {"--seed", session.run.seed != end.run.seed},
        {"--order", session.run.order != end.run.order},
        {"--split", !std::equal(session.run.split, session.run.split + 3, end.run.split)},
        {"--shards", shards_of(session) != end.shards},
        {"--batch", train.batch != other.batch},
        {"--time", train.time_steps != other.time_steps},
        {"--loss", train.loss != other.loss},
        {"--state", train.state != other.state},
        {"--optimizer", train.optimizer != other.optimizer},
        {"--clip-value", train.clip_value != other.clip_value},
        {"--clip-norm", train.clip_norm != other.clip_norm},
        {"--momentum", train.momentum != other.momentum},
        {"--beta1", train.beta1 != other.beta1},
        {"--beta2", train.beta2 != other.beta2},
        {"--eps", train.eps != other.eps},
        {"--decay", train.weight_decay != other.weight_decay}};
    std::vector<std::string> names;
    for (const auto &[name, differs] : settings)
        if (differs) names.emplace_back(name);
    return listed(names, " and ");
}

} // namespace mote::cli
