#pragma once

#include "foreign.h"

#include <optional>

namespace mote::cli {

/* A foreign tensor by name. `transposed`: a matrix that lies [in][out]; empty: to be found out. */
struct Term {
    std::string tensor;
    std::optional<bool> transposed;
    bool assumed = false; /* `transposed` is what is likely, not known */
    uint32_t third = 0;   /* 1 … 3: this third of its outputs alone, as of the matrices of three gates in one */

    /* Into how many parts its outputs are cut. */
    uint32_t parts() const { return third == 0 ? 1 : 3; }
};

/* One of mote's tensors, by its name in mote.h, and the foreign ones that it is the sum of; none: zeros. */
struct Assigned {
    std::string name;
    std::vector<Term> terms;
};

/* Which foreign tensors make which model. */
struct Assignment {
    std::string what; /* "nn.RNN", "makemore's MLP" …, for messages */
    uint32_t cell = 0;
    uint32_t activation = 0;             /* 0: not known */
    bool activation_has_default = false; /* unknown, it is tanh, with a note; of others it has to be told */
    uint32_t layers = 0;
    uint32_t context = 0; /* 0: to be found out */
    std::vector<Assigned> parts;
    std::optional<bool> transposed; /* how this family keeps matrices; empty: nobody knows */
    std::vector<std::string> ignored;
    std::vector<std::string> notes; /* what was assumed */
};

/* Where the tensor of this name is; throws Failure where there is none. */
const ForeignTensor &tensor_named(const ForeignFile &file, const std::string &name);
bool has_tensor(const ForeignFile &file, const std::string &name);

} // namespace mote::cli
