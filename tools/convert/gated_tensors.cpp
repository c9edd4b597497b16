#include "gated_tensors.h"

namespace mote::cli {

namespace {

constexpr uint32_t gates = 3;
constexpr const char *pytorch_order = "rzn";

/* Which third of a foreign tensor is of a gate, counted from 1. */
uint32_t third_of(const std::string &order, char gate) { return static_cast<uint32_t>(order.find(gate)) + 1; }

} // namespace

void add_gated_layer(Assignment &found, uint32_t layer, const GatedNames &theirs) {
    const std::string end = "_l" + std::to_string(layer);
    const size_t first_bias = 2, second_bias = 3;
    for (size_t i = 0; i < std::size(gated_tensors); ++i) {
        for (uint32_t gate = 0; gate < gates; ++gate) {
            if (gated_tensors[i].parts[gate] == nullptr) continue;
            Assigned part{gated_tensors[i].parts[gate] + end, {}};
            auto add = [&](size_t from) {
                if (theirs.names[from].empty()) return;
                Term term{theirs.names[from], {}};
                term.third = third_of(theirs.gates, pytorch_order[gate]);
                part.terms.push_back(term);
            };
            add(i);
            if (i == first_bias && gated_tensors[second_bias].parts[gate] == nullptr) add(second_bias);
            found.parts.push_back(part);
        }
    }
}

} // namespace mote::cli
