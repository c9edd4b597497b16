// Plain C++, one float at a time: microcontrollers without an FPU, RISC-V, and the reference beside NEON.
#ifndef MOTE_ISA_SCALAR_H
#define MOTE_ISA_SCALAR_H

#include "kernel_types.h"

#define MOTE_ISA scalar
#define MOTE_ONE_LANE // which vectors and bodies are chosen

namespace mote::cpu::MOTE_ISA {

#include "kernel_prototypes.inl.h"

constexpr uint32_t kTileRows = 1, kTilePanels = 1, kGemvPanels = 1; // 16 sums: half the registers of an FPU

} // namespace mote::cpu::MOTE_ISA

#endif
