#include "train_integers.h"

#include "errors.h"
#include "measured_text.h"
#include "precisions.h"

#include <cstring>

namespace mote::cli {

namespace {

constexpr uint32_t largest_section = MOTE_SECTION_ID('r', 'e', 'l', 'u');

/* Of the first learning rate of the training before, what a training with weights of integers begins with; and of that
 * what it ends with. Of names-gru, five seeds, 4 bits lost 0.0070 to 0.0088 nats so, with a tenth 0.0063 to 0.0112. */
constexpr float usual_share = 0.03f, least_share = 0.02f;

/* What a checkpoint keeps, so that a training that goes on has the bits of one that was not interrupted. */
std::vector<float> kept_largest(const Session &session, const AlignedBytes &checkpoint, const std::string &path) {
    const void *data = nullptr;
    size_t size = 0;
    check(mote_blob_section(checkpoint.data(), checkpoint.size(), largest_section, &data, &size), path);
    std::vector<float> largest(session.config.layers);
    if (size != largest.size() * sizeof(float)) throw Failure(path + ": not a checkpoint of mote train, or cut short");
    std::memcpy(largest.data(), data, size);
    return largest;
}

std::vector<float> largest_now(Session &session) {
    TokenView text = beginning_of(session.parts.read(TRAIN), usual_limit);
    try {
        return largest_activations(session.model, text, "--quantize");
    } catch (const Failure &) {
        throw Failure("--quantize: the activations of ReLU grow above 2^40, which weights of integers do not allow; "
                      "train a model of float32 with a lower --lr first");
    }
}

/* A training that goes on with other weights, the best ones where it has kept them: its losses begin anew, and so does
 * its learning rate, which the one before has brought down to its end. */
void begin_anew(Session &session, std::optional<float> rate) {
    RunRecord &run = session.run;
    session.begins_anew = true;
    return_to_best(session);
    run.best_position = 0;
    run.best_bits = 0;
    const bool first_time = run.precision == MOTE_PRECISION_FLOAT32;
    if (rate || first_time) run.schedule.learning_rate = rate.value_or(run.schedule.learning_rate * usual_share);
    run.schedule.kind = MOTE_SCHEDULE_COSINE;
    run.schedule.warmup = static_cast<uint32_t>(run.position);
    run.schedule.total = run.steps;
    run.schedule.factor = least_share;
}

/* A learning rate that nothing would learn with is not one to be silent about. */
void check_rate(const RunRecord &run, uint32_t precision, const TrainOptions &options) {
    if (options.resume.empty() || !options.rate) return;
    if (precision == run.precision)
        throw UsageError("--lr: " + options.resume + " learns with weights of " + precision_name(precision).words +
                         " already, and holds the learning rate; leave the option out");
}

/* Without a step nothing would be learned, and the checkpoint would say that it learns so. */
void check_steps(const RunRecord &run, const TrainOptions &options) {
    if (run.steps > run.position) return;
    throw UsageError(formatted("--quantize: %s has made all its %u steps; give --steps with a larger number, or make "
                               "its model integers with mote quantize",
                               options.resume.c_str(), run.steps));
}

/* Activations of random weights are far smaller than those of learned ones: an MLP on names that was quantized by them
 * from its first step on ended 0.38 nats above float32, and an RNN grew beyond all numbers. */
void check_has_learned(const Session &session) {
    if (session.config.activation != MOTE_RELU || session.run.position != 0) return;
    throw UsageError(
        "--quantize: the activations of ReLU have to be measured on a model that has learned; train one "
        "without --quantize but with --checkpoint FILE, and go on with --resume FILE --steps N --quantize");
}

} // namespace

void learn_with_integers(Session &session, const TrainOptions &options, const AlignedBytes &checkpoint) {
    const uint32_t before = session.run.precision, precision = options.precision.value_or(before);
    check_rate(session.run, precision, options);
    if (precision != before) check_has_learned(session);
    if (precision != before && !options.resume.empty()) {
        check_steps(session.run, options);
        begin_anew(session, options.rate);
    }
    session.run.precision = precision;
    if (precision == MOTE_PRECISION_FLOAT32) return;
    check_quantizable(session.config, "--quantize");
    if (session.config.activation == MOTE_RELU)
        session.largest =
            precision == before ? kept_largest(session, checkpoint, options.resume) : largest_now(session);
    session.quantizer = OwnArena(mote_quantizer_bytes(&session.config, session.train.batch, precision));
    check(mote_trainer_quantize(session.trainer, session.quantizer.get(), precision,
                                session.largest.empty() ? nullptr : session.largest.data()),
          "--quantize");
}

Measured measured_model(const Session &session) {
    Measured measured{{}, session.model};
    if (session.part != nullptr) measured.model = mote_adapter_model(session.part->adapter);
    if (session.run.precision == MOTE_PRECISION_FLOAT32) return measured;
    measured.integers = quantize_with(session.model, session.run.precision, session.largest, "model of integers");
    measured.model = measured.integers.model;
    return measured;
}

mote_section section_of_largest(const Session &session) {
    return {largest_section, session.largest.data(), session.largest.size() * sizeof(float)};
}

} // namespace mote::cli
