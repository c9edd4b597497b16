#pragma once

#include "assignment.h"

#include "mote.h"

namespace mote::cli {

/* What the user says about the orientation of matrices. */
struct Orientation {
    std::vector<std::string> transposed; /* --transpose: stored [in][out], an embedding [width][character] */
    std::vector<std::string> as_is;      /* --as-is: stored [out][in], an embedding [character][width] */
    bool ask = true;                     /* a matrix that lies nobody knows how is refused; else it is in Plan::open */
};

struct Source {
    const ForeignTensor *tensor;
    bool transposed;

    /* Of the logical shape of mote's tensor. */
    double at(uint64_t row, uint64_t column) const;
    uint64_t columns = 0; /* of that shape */
    uint64_t rows = 0;    /* of the foreign tensor, if it were not transposed; of that shape where all of it is taken */
    uint64_t first = 0;   /* of these rows, the first that is taken */
};

/* One of mote's tensors, [rows][columns] as mote.h says, the sum of its sources; none: zeros. */
struct Planned {
    std::string name;
    uint32_t rows, columns;
    std::vector<Source> sources;
};

struct Plan {
    mote_config config{};
    std::vector<Planned> tensors; /* in mote's order */
    std::vector<std::string> notes;
    std::vector<std::string> open; /* square matrices that are taken as_is, nobody knows why */
};

/* Whether the file, the user or the cell itself says what the activation is. */
bool activation_is_known(const Assignment &assignment, const ForeignFile &file);

/* Sizes and orientations from the shapes, and the activation, which has to be known, or tanh where the family has a
 * default; throws Failure for a tensor of another shape than the others ask for, of a
 * type that holds no weights, missing or not used, and for a square matrix of which nobody knows how it lies. `vocab`:
 * how many characters there are. */
Plan make_plan(const ForeignFile &file, const Assignment &assignment, uint64_t vocab, const Orientation &orientation);

} // namespace mote::cli
