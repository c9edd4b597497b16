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
// otherwise, for one of AdamW 2.3 and 3.2; of Intel's the other way round.
#define MOTE_ROOT_UNIT_KERNELS                                                                                         \
    static constexpr auto &adagrad = avx512::adagrad_by_root_unit;                                                     \
    static constexpr auto &adamw = avx512::adamw_by_root_unit;                                                         \
    static constexpr auto &adagrad_product = avx512::adagrad_product_by_root_unit;                                     \
    static constexpr auto &adagrad_rows = avx512::adagrad_rows_by_root_unit;
namespace avx512vnni {
static constexpr KernelTable table = {"avx512vnni", MOTE_KERNELS(MOTE_ENTRY)};
namespace root_unit { // whose names come before those of the namespace around it
MOTE_ROOT_UNIT_KERNELS
static constexpr KernelTable table = {"avx512vnni", MOTE_KERNELS(MOTE_ENTRY)};
} // namespace root_unit
} // namespace avx512vnni
namespace avx512 {
static constexpr KernelTable table = {"avx512", MOTE_KERNELS(MOTE_ENTRY)};
namespace root_unit {
MOTE_ROOT_UNIT_KERNELS
static constexpr KernelTable table = {"avx512", MOTE_KERNELS(MOTE_ENTRY)};
} // namespace root_unit
} // namespace avx512
#undef MOTE_ROOT_UNIT_KERNELS
namespace avx2vnni {
static constexpr KernelTable table = {"avx2vnni", MOTE_KERNELS(MOTE_ENTRY)};
}
namespace avx2 {
static constexpr KernelTable table = {"avx2", MOTE_KERNELS(MOTE_ENTRY)};
}
namespace sse2 {
static constexpr KernelTable table = {"sse2", MOTE_KERNELS(MOTE_ENTRY)};
}
#else
namespace neon {
static constexpr KernelTable table = {"neon", MOTE_KERNELS(MOTE_ENTRY)};
}
namespace scalar {
static constexpr KernelTable table = {"scalar", MOTE_KERNELS(MOTE_ENTRY)};
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

// Feature bits of leaf 7: EBX and ECX of subleaf 0, EAX of subleaf 1.
struct Features {
    uint32_t b, c, a1;
    bool has(const Features &wanted) const {
        return (b & wanted.b) == wanted.b && (c & wanted.c) == wanted.c && (a1 & wanted.a1) == wanted.a1;
    }
};

// None where the CPU has no leaf 7, or what the operating system does not save the state of cannot be used. The second
// subleaf is asked for where it is wanted: under a hypervisor each CPUID takes microseconds.
Features vector_features(uint32_t state, const Features &wanted) {
    constexpr uint32_t osxsave = 1u << 27, avx = 1u << 28, fma = 1u << 12;
    uint32_t a, b, c, d;
    if (__get_cpuid(1, &a, &b, &c, &d) == 0) return {};
    if ((c & (osxsave | avx | fma)) != (osxsave | avx | fma) || (enabled_state() & state) != state) return {};
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return {};
    Features found{b, c, 0};
    const uint32_t last_subleaf = a;
    if (wanted.a1 != 0 && last_subleaf >= 1 && __get_cpuid_count(7, 1, &a, &b, &c, &d) != 0) found.a1 = a;
    return found;
}

constexpr uint32_t kYmm = 0x06, kZmm = 0xe6; // SSE and AVX; and the opmasks and both halves of AVX-512

constexpr uint32_t kAvx2 = 1u << 5, kAvx512F = 1u << 16, kAvx512Dq = 1u << 17, kAvx512Bw = 1u << 30,
                   kAvx512Vl = 1u << 31, kAvx512 = kAvx2 | kAvx512F | kAvx512Dq | kAvx512Bw | kAvx512Vl,
                   kAvx512Vnni = 1u << 11, kAvxVnni = 1u << 4;

// CPUID's first leaf names the maker.
bool root_unit_is_fast() {
    uint32_t a, b, c, d;
    return __get_cpuid(0, &a, &b, &c, &d) != 0 && b == 0x68747541; // "Auth" of "AuthenticAMD"
}

enum class RootUnit { Any, Fast, Slow };

// What a table needs of the CPU; state 0: nothing.
struct Choice {
    const KernelTable *table;
    uint32_t state;
    Features features;
    RootUnit root;
    bool supported() const {
        if (state != 0 && !vector_features(state, features).has(features)) return false;
        return root == RootUnit::Any || root_unit_is_fast() == (root == RootUnit::Fast);
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

struct Choice {
    const KernelTable *table;
    static bool supported() { return true; }
};

constexpr Choice choices[] = {{&neon::table}, {&scalar::table}};

#endif

const KernelTable *table_at(uint32_t index) {
    for (const Choice &choice : choices)
        if (choice.supported() && index-- == 0) return choice.table;
    return nullptr;
}

bool same(const char *a, const char *b) {
    while (*a != 0 && *a == *b) ++a, ++b;
    return *a == *b;
}

// The library's only global that changes. Threads that race to the first use all store the same choice.
const KernelTable *chosen = nullptr;

} // namespace

const KernelTable &active() {
    const KernelTable *table = __atomic_load_n(&chosen, __ATOMIC_ACQUIRE);
    if (__builtin_expect(table == nullptr, 0)) {
        table = table_at(0);
        __atomic_store_n(&chosen, table, __ATOMIC_RELEASE);
    }
    return *table;
}

const char *isa_at(uint32_t index) {
    const KernelTable *table = table_at(index);
    return table != nullptr ? table->isa : nullptr;
}

bool isa_force(const char *name) {
    for (const Choice &choice : choices)
        if (same(choice.table->isa, name) && choice.supported()) {
            __atomic_store_n(&chosen, choice.table, __ATOMIC_RELEASE);
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
