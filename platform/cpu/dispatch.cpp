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
namespace avx512 {
static constexpr KernelTable table = {"avx512", MOTE_KERNELS(MOTE_ENTRY)};

// The same for a processor whose root unit is fast: Zen 5 takes 1.9 ns by it for a vector of Adagrad, and 2.3
// otherwise, for one of AdamW 2.3 and 3.2; of Intel's the other way round.
static constexpr KernelTable with_root_unit() {
    KernelTable t = table;
    t.adagrad = adagrad_by_root_unit;
    t.adamw = adamw_by_root_unit;
    t.adagrad_product = adagrad_product_by_root_unit;
    t.adagrad_rows = adagrad_rows_by_root_unit;
    return t;
}
static constexpr KernelTable table_with_root_unit = with_root_unit();
} // namespace avx512
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

// Leaf 7's feature bits in EBX; 0 where the CPU has no leaf 7, or what the state does not hold cannot be used.
uint32_t vector_features(uint32_t state) {
    constexpr uint32_t osxsave = 1u << 27, avx = 1u << 28, fma = 1u << 12;
    uint32_t a, b, c, d;
    if (__get_cpuid(1, &a, &b, &c, &d) == 0) return 0;
    if ((c & (osxsave | avx | fma)) != (osxsave | avx | fma) || (enabled_state() & state) != state) return 0;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 ? b : 0;
}

constexpr uint32_t kYmm = 0x06, kZmm = 0xe6; // SSE and AVX; and the opmasks and both halves of AVX-512

constexpr uint32_t kAvx2 = 1u << 5, kAvx512F = 1u << 16, kAvx512Dq = 1u << 17, kAvx512Bw = 1u << 30,
                   kAvx512Vl = 1u << 31, kAvx512 = kAvx2 | kAvx512F | kAvx512Dq | kAvx512Bw | kAvx512Vl;

const KernelTable *const tables[] = {&avx512::table_with_root_unit, &avx512::table, &avx2::table, &sse2::table};

// CPUID's first leaf names the maker.
bool root_unit_is_fast() {
    uint32_t a, b, c, d;
    return __get_cpuid(0, &a, &b, &c, &d) != 0 && b == 0x68747541; // "Auth" of "AuthenticAMD"
}

// Asks the CPU about this table alone: under a hypervisor each CPUID takes microseconds.
bool supported(const KernelTable *table) {
    const bool with_root_unit = table == &avx512::table_with_root_unit;
    if (with_root_unit || table == &avx512::table)
        return (vector_features(kZmm) & kAvx512) == kAvx512 && root_unit_is_fast() == with_root_unit;
    if (table == &avx2::table) return (vector_features(kYmm) & kAvx2) != 0;
    return true;
}

#else // Arm: NEON is part of 64-bit Arm, and promised by the flags of a 32-bit build that has it

const KernelTable *const tables[] = {&neon::table, &scalar::table};

bool supported(const KernelTable *) { return true; }

#endif

const KernelTable *table_at(uint32_t index) {
    for (const KernelTable *const table : tables)
        if (supported(table) && index-- == 0) return table;
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
    for (const KernelTable *const table : tables)
        if (same(table->isa, name) && supported(table)) {
            __atomic_store_n(&chosen, table, __ATOMIC_RELEASE);
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
