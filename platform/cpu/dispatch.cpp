// Which instruction set computes: chosen at the first use, or by name before it. Not compiled where there is only one.
#include "kernels.h"

#include "arithmetic_check.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace mote::cpu {

// Inside its namespace a kernel's name is that of the instruction set.
#define MOTE_ENTRY(name) name,
#if defined(__x86_64__)
// The same for a processor whose root unit is fast: Zen 5 takes 1.9 ns by it for a vector of Adagrad, and 2.3
// otherwise, for one of AdamW 2.3 and 3.2; of Intel's the other way round. AMD's others were not measured.
#define MOTE_ROOT_UNIT_KERNELS                                                                                         \
    static constexpr auto &adagrad = avx512::adagrad_by_root_unit;                                                     \
    static constexpr auto &adamw = avx512::adamw_by_root_unit;                                                         \
    static constexpr auto &adagrad_product = avx512::adagrad_product_by_root_unit;                                     \
    static constexpr auto &adagrad_rows = avx512::adagrad_rows_by_root_unit;
namespace avx512vnni {
static constexpr KernelTable table = {"avx512vnni", MOTE_KERNELS(MOTE_ENTRY) gated_row};
namespace root_unit { // whose names come before those of the namespace around it
MOTE_ROOT_UNIT_KERNELS
static constexpr KernelTable table = {"avx512vnni", MOTE_KERNELS(MOTE_ENTRY) gated_row};
} // namespace root_unit
} // namespace avx512vnni
namespace avx512 {
static constexpr KernelTable table = {"avx512", MOTE_KERNELS(MOTE_ENTRY) gated_row};
namespace root_unit {
MOTE_ROOT_UNIT_KERNELS
static constexpr KernelTable table = {"avx512", MOTE_KERNELS(MOTE_ENTRY) gated_row};
} // namespace root_unit
} // namespace avx512
#undef MOTE_ROOT_UNIT_KERNELS
namespace avx2vnni {
static constexpr KernelTable table = {"avx2vnni", MOTE_KERNELS(MOTE_ENTRY) gated_row};
}
namespace avx2 {
static constexpr KernelTable table = {"avx2", MOTE_KERNELS(MOTE_ENTRY) gated_row};
}
namespace sse2 {
static constexpr KernelTable table = {"sse2", MOTE_KERNELS(MOTE_ENTRY) nullptr};
}
#else
namespace neon {
static constexpr KernelTable table = {"neon", MOTE_KERNELS(MOTE_ENTRY) nullptr};
}
namespace scalar {
static constexpr KernelTable table = {"scalar", MOTE_KERNELS(MOTE_ENTRY) nullptr};
}
#endif
#undef MOTE_ENTRY

namespace {

#if defined(__x86_64__)

// The register state that the operating system saves, XCR0. Only where CPUID says OSXSAVE.
uint32_t enabled_state() {
    uint32_t low, high;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low;
}

// What CPUID says, read once for all choices: under a hypervisor each CPUID takes microseconds.
struct Cpu {
    uint32_t state;     // of registers, where there is FMA: XCR0
    uint32_t b, c, a1;  // feature bits of leaf 7: EBX and ECX of subleaf 0, EAX of subleaf 1
    bool has_root_unit; // a fast one
};

Cpu this_cpu() {
    constexpr uint32_t osxsave = 1u << 27, avx = 1u << 28, fma = 1u << 12;
    Cpu cpu{};
    uint32_t a, b, c, d;
    __cpuid(0, a, b, c, d);
    cpu.has_root_unit = b == 0x68747541; // "Auth" of "AuthenticAMD"
    if (a < 7) return cpu;
    __cpuid(1, a, b, c, d);
    if ((c & (osxsave | avx | fma)) != (osxsave | avx | fma)) return cpu;
    cpu.state = enabled_state();
    __cpuid_count(7, 0, a, cpu.b, cpu.c, d);
    if (a != 0) __cpuid_count(7, 1, cpu.a1, b, c, d);
    return cpu;
}

constexpr uint32_t kYmm = 0x06, kZmm = 0xe6; // SSE and AVX; and the opmasks and both halves of AVX-512

constexpr uint32_t kAvx2 = 1u << 5, kAvx512F = 1u << 16, kAvx512Dq = 1u << 17, kAvx512Cd = 1u << 28,
                   kAvx512Bw = 1u << 30, kAvx512Vl = 1u << 31,
                   kAvx512 = kAvx2 | kAvx512F | kAvx512Dq | kAvx512Cd | kAvx512Bw | kAvx512Vl, kAvx512Vnni = 1u << 11,
                   kAvxVnni = 1u << 4;

enum class RootUnit { Any, Fast, Slow };

// Bits of leaf 7, as Cpu has them.
struct Features {
    uint32_t b, c, a1;
};

// What a table needs of the CPU; state 0: nothing.
struct Choice {
    const KernelTable *table;
    uint32_t state;
    Features features;
    RootUnit root;
    bool supported(const Cpu &cpu) const {
        return (cpu.state & state) == state && (cpu.b & features.b) == features.b &&
               (cpu.c & features.c) == features.c && (cpu.a1 & features.a1) == features.a1 &&
               (root == RootUnit::Any || cpu.has_root_unit == (root == RootUnit::Fast));
    }
};

constexpr Features kVnni{kAvx512, kAvx512Vnni, 0}, kNoVnni{kAvx512, 0, 0};
constexpr Choice choices[] = {{&avx512vnni::root_unit::table, kZmm, kVnni, RootUnit::Fast},
                              {&avx512vnni::table, kZmm, kVnni, RootUnit::Slow},
                              {&avx512::root_unit::table, kZmm, kNoVnni, RootUnit::Fast},
                              {&avx512::table, kZmm, kNoVnni, RootUnit::Slow},
                              {&avx2vnni::table, kYmm, {kAvx2, 0, kAvxVnni}, RootUnit::Any},
                              {&avx2::table, kYmm, {kAvx2, 0, 0}, RootUnit::Any},
                              {&sse2::table, 0, {}, RootUnit::Any}};

#else // Arm: NEON is part of 64-bit Arm, and promised by the flags of a 32-bit build that has it

struct Cpu {};
Cpu this_cpu() { return {}; }

struct Choice {
    const KernelTable *table;
    static bool supported(const Cpu &) { return true; }
};

constexpr Choice choices[] = {{&neon::table}, {&scalar::table}};

#endif

const KernelTable *table_at(uint32_t index) {
    const Cpu cpu = this_cpu();
    for (const Choice &choice : choices)
        if (choice.supported(cpu) && index-- == 0) return choice.table;
    return nullptr;
}

bool same(const char *a, const char *b) {
    while (*a != 0 && *a == *b) ++a, ++b;
    return *a == *b;
}

} // namespace

const KernelTable *chosen_table = nullptr;

const KernelTable *choose_table() {
    const KernelTable *const table = table_at(0);
    __atomic_store_n(&chosen_table, table, __ATOMIC_RELEASE);
    return table;
}

const char *isa_at(uint32_t index) {
    const KernelTable *table = table_at(index);
    return table != nullptr ? table->isa : nullptr;
}

bool isa_force(const char *name) {
    const Cpu cpu = this_cpu();
    for (const Choice &choice : choices)
        if (same(choice.table->isa, name) && choice.supported(cpu)) {
            __atomic_store_n(&chosen_table, choice.table, __ATOMIC_RELEASE);
            return true;
        }
    return false;
}

// This file is compiled as those of lib/ are, the kernels with flags of their own.
bool arithmetic_is_exact() {
    const auto itself = [](float x) MOTE_INLINE_LAMBDA { return x; };
    return arithmetic_errors(itself, itself) == 0 && kernels_are_exact();
}

} // namespace mote::cpu
