// Precisions: what runs models whose weights are stored in one way. A step's inputs, cells and walk through the layers
// are written once, as templates of Float32 (weights_float32.h), Int8 or Int4
// (weights_integer.h).
#ifndef MOTE_PRECISION_H
#define MOTE_PRECISION_H

#include "linked_parts.h"
#include "tensors.h"

namespace mote {

// The parts of inputs and cells that run models of one precision, in the order of their numbers; null where the program
// left one out. A program may leave out the precision, and with it all of them.
struct Precision : mote_part {
    const mote_part *const *inputs[MOTE_INPUT_COUNT];
    const mote_part *const *cells[MOTE_CELL_COUNT];
    // Whether a tensor of a blob holds what may be stored, where that is not floats alone. Null: it is.
    mote_status (*check)(const void *elements, const TensorSpec &spec, const Config &config);

    using Part = const mote_part *const *;
    constexpr Precision(Part one_hot, Part embedding, Part window, Part none, Part dense, Part recurrent, Part gated,
                        decltype(check) c)
        : inputs{one_hot, embedding, window}, cells{none, dense, recurrent, gated}, check(c) {}

    const mote_part *input(const Config &c) const { return linked_part(*inputs[c.input - MOTE_INPUT_ONE_HOT]); }
    const mote_part *cell(const Config &c) const { return linked_part(*cells[c.cell - MOTE_CELL_NONE]); }
};
extern const Precision float32_parts, int8_parts, int4_parts;

// Null: it was left out.
inline const Precision *precision_of(const Config &c) {
    static const mote_part *const *const parts[] = {&mote_precision_float32, &mote_precision_int8,
                                                    &mote_precision_int4};
    return static_cast<const Precision *>(linked_part(*parts[c.precision]));
}

} // namespace mote

#endif
