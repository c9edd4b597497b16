// A training step in slices: a walk through the same products and passes that a step at once is made of, unit by unit,
// which is left where the budget ends and goes on from there.
#ifndef MOTE_SLICES_OF_STEP_H
#define MOTE_SLICES_OF_STEP_H

#include "budget.h"
#include "linked_parts.h"
#include "mote_slices.h"
#include "parallel.h"
#include "trainer.h"

namespace mote {

// What a step consists of, in order. kStateSums and kGates alternate from the first time step to the last, kThroughTime
// is done from the last to the first; a layer's begin at kLayerSums, and back at kThroughTime, the output's at
// kWeights. Whatever a model, or a trainer, does not have is a stage without work.
enum SliceStage : uint8_t {
    kCheckTokens,
    kResetState,
    kReadInput,
    kLayerSums,
    kStateBias,
    kStateSums,
    kGates,
    kLoss,
    kThroughTime,
    kStateWeights,
    kStateBiasGradient,
    kWeights,
    kBiasGradient,
    kInputDelta,
    kClearTable,
    kAddToTable,
    kFlushTable,
    kClipValue,
    kSquares,
    kScale,
    kUpdate,
    kCopyBack,
    kCarry,
    kSliceStages // none: there is no step under way
};

// The rows and panels of a stage's work that are next.
struct SlicePart {
    Range rows, panels;
};

struct SliceWork;
using SliceRun = uint32_t (*)(mote_slices &s, const SliceWork &work, const SlicePart &part);

// The work of a stage: units side by side, rows by panels of 16 columns, each of which `macs` multiply-adds stand for.
struct SliceWork {
    SliceRun run;
    uint32_t rows, panels;
    uint32_t macs;
    uint32_t call;   // multiply-adds that a call of `run` stands for, beside
    uint32_t most;   // rows of one call
    bool by_panels;  // units are taken panel by panel, not row by row
    uint32_t width;  // columns
    uint32_t depth;  // of a product
    bool accumulate; // a product adds to what is there
    cpu::Mat to;     // the operands, as the kernels have them
    cpu::ConstMat a, b;
    const float *bias;
};

} // namespace mote

struct mote_slices {
    mote_trainer *trainer;
    const uint16_t *targets;
    float *home; // where the weights lie between steps
    mote::Budget budget;
    mote::SliceStage stage;
    uint32_t layer, time, unit; // where the stage is; units of it that are done
    mote::SliceWork work;       // of the stage
    uint32_t found;             // what kernels told of the stages so far
    float learning_rate;        // of this step
    float loss;
    float norm; // first the sum of squares
};

namespace mote {

static_assert(sizeof(mote_slices) <= MOTE_SLICES_BYTES, "the handle of slices is larger than its size macro says");

// Fills in the work of the stage under way. None: no rows.
void find_work(mote_slices &s);

// The update writes each new weight so many floats behind its gradient, where the logits were, from the last weight to
// the first: in front of it are the gradients that are still needed.
uint32_t update_distance(const mote_trainer &t);

// What run_tokens() tells beside what the kernels tell: a token that the vocabulary does not have.
constexpr uint32_t kBadToken = 8;
// A sum of squares is one of sums over so many numbers.
constexpr uint32_t kSquaresBlock = 1024;
// What two powers, a root and two divisions stand for.
constexpr uint32_t kAdamWCallMacs = 500;

// What a cell, and an input, has of its own: parts that a program may leave out.
struct SlicedCell : mote_part {
    SliceRun begin_states; // of a gated cell, what the sums of the state begin with
    SliceRun gates, gate_deltas;
    constexpr SlicedCell(SliceRun b, SliceRun g, SliceRun d) : begin_states(b), gates(g), gate_deltas(d) {}
};
struct SlicedInput : mote_part {
    SliceRun read, add; // the rows of a batch; their gradients to the table's
    constexpr SlicedInput(SliceRun r, SliceRun a) : read(r), add(a) {}
};
inline const SlicedCell *gated_slices() { return static_cast<const SlicedCell *>(linked_part(mote_cell_gated_slices)); }
inline const SlicedInput *window_slices() {
    return static_cast<const SlicedInput *>(linked_part(mote_input_window_slices));
}

// What may be run of a stage.
uint32_t run_tokens(mote_slices &s, const SliceWork &work, const SlicePart &part);
uint32_t run_carried(mote_slices &s, const SliceWork &work, const SlicePart &part);
uint32_t run_product(mote_slices &s, const SliceWork &work, const SlicePart &part);
uint32_t run_transposed(mote_slices &s, const SliceWork &work, const SlicePart &part);
uint32_t run_gradient(mote_slices &s, const SliceWork &work, const SlicePart &part);
uint32_t run_lookup(mote_slices &s, const SliceWork &work, const SlicePart &part);
uint32_t run_activated(mote_slices &s, const SliceWork &work, const SlicePart &part);
uint32_t run_activation_delta(mote_slices &s, const SliceWork &work, const SlicePart &part);
uint32_t run_loss(mote_slices &s, const SliceWork &work, const SlicePart &part);
uint32_t run_column_sums(mote_slices &s, const SliceWork &work, const SlicePart &part);
uint32_t run_clear(mote_slices &s, const SliceWork &work, const SlicePart &part);
uint32_t run_add_rows(mote_slices &s, const SliceWork &work, const SlicePart &part);
uint32_t run_flush(mote_slices &s, const SliceWork &work, const SlicePart &part);
uint32_t run_clip(mote_slices &s, const SliceWork &work, const SlicePart &part);
uint32_t run_squares(mote_slices &s, const SliceWork &work, const SlicePart &part);
uint32_t run_scale(mote_slices &s, const SliceWork &work, const SlicePart &part);
uint32_t run_update(mote_slices &s, const SliceWork &work, const SlicePart &part);
uint32_t run_copy(mote_slices &s, const SliceWork &work, const SlicePart &part);

} // namespace mote

#endif
