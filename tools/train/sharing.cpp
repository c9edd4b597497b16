#include "sharing.h"

#include "adapter_file.h"
#include "errors.h"

#include <algorithm>
#include <cstring>

namespace mote::cli {

namespace {

constexpr uint32_t shards_section = MOTE_SECTION_ID('s', 'h', 'r', 'd');

/* What all ranks must have in common. The version comes first, and stays there in later ones. */
struct Identity {
    uint32_t version, ranks;
    uint64_t corpus, training, weights;
};

uint64_t fnv(uint64_t hash, const void *bytes, size_t count) {
    const auto *const first = static_cast<const unsigned char *>(bytes);
    for (const unsigned char *byte = first; byte != first + count; ++byte) hash = (hash ^ *byte) * 0x100000001b3u;
    return hash;
}

Identity identity_of(const Session &session, const TrainOptions &options) {
    uint64_t training = fnv(0xcbf29ce484222325u, &session.config, sizeof session.config);
    training = fnv(training, &session.train, sizeof session.train);
    training = fnv(training, &session.run, sizeof session.run);
    training = fnv(training, &session.taught_by.hash, sizeof session.taught_by.hash);
    const uint64_t saves = options.checkpoint.empty() ? UINT64_MAX : options.checkpoint_every;
    training = fnv(training, &saves, sizeof saves);
    const uint32_t shards = session.sharded->shards();
    training = fnv(training, &shards, sizeof shards);
    return {program_ranks().version(), program_ranks().count(), session.run.corpus_hash, training,
            mote_weights_hash(session.model)};
}

/* What a rank has otherwise than the first one; empty: nothing. */
std::string difference(const Identity &first, const Identity &other, const std::string &corpus) {
    if (first.version != other.version) return other_version(first.version, other.version);
    if (first.corpus != other.corpus)
        return "reads another text as " + corpus + " than rank 0; give all the same corpus";
    if (first.training != other.training) return "was given other options than rank 0; give all the same";
    if (first.weights != other.weights) return "begins with other weights than rank 0; give all the same files";
    return "";
}

} // namespace

/* What would do, and more shards only where these can be had. */
[[noreturn]] static void refuse_ranks(const Session &session, uint32_t ranks, uint32_t shards,
                                      const TrainOptions &options) {
    std::string text =
        formatted("%u processes for --shards %u, of which each takes at least one; run mpirun -n %u mote "
                  "train … --shards %u",
                  ranks, shards, shards, shards);
    const bool can_have_more = !options.count && options.learned.value_or(LEARN_ALL) == LEARN_ALL &&
                               ranks <= session.train.batch &&
                               options.precision.value_or(session.run.precision) == MOTE_PRECISION_FLOAT32;
    if (shards == 1) text = formatted("%u processes for one shard; leave mpirun out", ranks);
    if (can_have_more) text += formatted(", or run mpirun -n %u mote train … --shards %u", ranks, ranks);
    throw UsageError(text);
}

void share_training(Session &session, uint32_t shards, const TrainOptions &options) {
    const uint32_t ranks = program_ranks().count();
    const bool resumes = !options.resume.empty();
    if (shards > session.train.batch)
        throw UsageError(formatted("--shards %u: a batch has %u rows, and a shard at least one; give --shards %u or "
                                   "less, or a larger --batch",
                                   shards, session.train.batch, session.train.batch));
    if (ranks > shards && resumes)
        throw UsageError(formatted("%u processes: %s trains in %u shards, of which each process takes at least one; "
                                   "run mpirun -n %u mote train … --resume %s",
                                   ranks, options.resume.c_str(), shards, shards, options.resume.c_str()));
    if (ranks > shards) refuse_ranks(session, ranks, shards, options);
    program_ranks().set_timeout(options.timeout);
    if (shards == 1) return;
    if (options.precision.value_or(session.run.precision) != MOTE_PRECISION_FLOAT32)
        throw UsageError("--quantize: weights of integers are learned without shards; leave --shards out, or quantize "
                         "the model afterwards (mote quantize)");
    session.sharded = std::make_unique<ShardedTraining>(program_ranks(), shards, session.config, session.train);
}

uint32_t shards_of(const Session &session) { return session.sharded != nullptr ? session.sharded->shards() : 1; }

void check_same_everywhere(const Session &session, const TrainOptions &options, const std::string &corpus) {
    Ranks &ranks = program_ranks();
    if (ranks.count() == 1) return;
    std::vector<Identity> all(ranks.count());
    all[ranks.rank()] = identity_of(session, options);
    std::vector<Ranks::Incoming> pieces;
    for (uint32_t rank = 0; rank < ranks.count(); ++rank) pieces.push_back({rank, &all[rank], sizeof all[rank]});
    share_pieces(ranks, pieces);
    for (uint32_t rank = 1; rank < ranks.count(); ++rank) {
        const std::string what = difference(all[0], all[rank], corpus);
        if (!what.empty()) throw Failure(formatted("rank %u ", rank) + what);
    }
}

mote_section section_of_shards(const uint32_t &shards) { return {shards_section, &shards, sizeof shards}; }

uint32_t read_shards(const AlignedBytes &checkpoint) {
    const void *data = nullptr;
    size_t size = 0;
    uint32_t shards = 1;
    if (mote_blob_section(checkpoint.data(), checkpoint.size(), shards_section, &data, &size) != MOTE_OK) return 1;
    if (size != sizeof shards)
        throw Failure("not a checkpoint of mote train: the section of its shards has another size");
    std::memcpy(&shards, data, size);
    return std::max(shards, 1u);
}

} // namespace mote::cli
