#include "isa_choice.h"

#include "errors.h"

namespace mote::cli {

void choose_isa(const std::string &name) {
    if (name.empty() || mote_isa_force(name.c_str()) == MOTE_OK) return;
    std::string known;
    for (uint32_t i = 0; mote_isa_at(i) != nullptr; ++i) known += (i == 0 ? "" : ", ") + std::string(mote_isa_at(i));
    throw UsageError("--isa " + name + ": here are only " + known);
}

} // namespace mote::cli
