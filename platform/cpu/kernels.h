// What lib/ may use of the arithmetic: the kernels that kernel_prototypes.inl.h lists.
//
// Every kernel is written once and compiled once for each instruction set, each in a namespace of its own. Where one
// instruction set is compiled (MOTE_SINGLE_ISA is its name, as on a microcontroller) calls go straight to it; elsewhere
// they go through a table that dispatch.cpp chooses once.
#ifndef MOTE_KERNELS_H
#define MOTE_KERNELS_H

#include "kernel_types.h"

namespace mote::cpu {

// The kernels: those of floats, which VNNI has nothing of its own for, and those of quantized rows.
#define MOTE_FLOAT_KERNELS(X)                                                                                          \
    X(gemm)                                                                                                            \
    X(gemm_tn)                                                                                                         \
    X(gemm_tn_add)                                                                                                     \
    X(gemm_nt)                                                                                                         \
    X(row_step)                                                                                                        \
    X(transpose)                                                                                                       \
    X(gather)                                                                                                          \
    X(scatter_add)                                                                                                     \
    X(gather_windows)                                                                                                  \
    X(scatter_windows)                                                                                                 \
    X(column_sum)                                                                                                      \
    X(tanh_rows)                                                                                                       \
    X(relu_rows)                                                                                                       \
    X(tanh_gradient)                                                                                                   \
    X(relu_gradient)                                                                                                   \
    X(gates)                                                                                                           \
    X(gates_gradient)                                                                                                  \
    X(cross_entropy)                                                                                                   \
    X(table_cross_entropy)                                                                                             \
    X(surprise)                                                                                                        \
    X(draw_weights)                                                                                                    \
    X(flush_denormals)                                                                                                 \
    X(not_finite)                                                                                                      \
    X(log1)                                                                                                            \
    X(cos_pi)                                                                                                          \
    X(sqrt1)                                                                                                           \
    X(flush)                                                                                                           \
    X(sum_squares)                                                                                                     \
    X(copy)                                                                                                            \
    X(scale)                                                                                                           \
    X(clip)                                                                                                            \
    X(sgd)                                                                                                             \
    X(momentum)                                                                                                        \
    X(adagrad)                                                                                                         \
    X(adamw)                                                                                                           \
    X(sgd_product)                                                                                                     \
    X(adagrad_product)                                                                                                 \
    X(sgd_rows)                                                                                                        \
    X(adagrad_rows)                                                                                                    \
    X(clear_upper_halves)                                                                                              \
    X(kernels_are_exact)
#define MOTE_QUANT_KERNELS(X)                                                                                          \
    X(quantize_row)                                                                                                    \
    X(quant_step)                                                                                                      \
    X(quant4_step)
#define MOTE_KERNELS(X) MOTE_FLOAT_KERNELS(X) MOTE_QUANT_KERNELS(X)

// kTransposedIsFaster: whether a product by weights that were transposed beforehand is faster than one that transposes
// as it goes. kRoomForCode: whether there are faster ways, to the same bits, beside those that every network can take.
// kHasGatedRow: whether there is gated_row(). NOLINTBEGIN(readability-duplicate-include): once for each namespace
namespace avx512 {
constexpr bool kTransposedIsFaster = true, kRoomForCode = true, kHasGatedRow = true;
#include "gated_row_prototypes.inl.h"
#include "kernel_prototypes.inl.h"
#include "root_unit_prototypes.inl.h"
} // namespace avx512
namespace avx2 {
constexpr bool kTransposedIsFaster = true, kRoomForCode = true, kHasGatedRow = true;
#include "gated_row_prototypes.inl.h"
#include "kernel_prototypes.inl.h"
} // namespace avx2
namespace sse2 {
constexpr bool kTransposedIsFaster = true, kRoomForCode = true, kHasGatedRow = false;
#include "gated_row_prototypes.inl.h"
#include "kernel_prototypes.inl.h"
} // namespace sse2
namespace neon {
constexpr bool kTransposedIsFaster = true, kRoomForCode = true, kHasGatedRow = false;
#include "gated_row_prototypes.inl.h"
#include "kernel_prototypes.inl.h"
} // namespace neon
namespace vfp { // a Cortex-M with an FPU
constexpr bool kTransposedIsFaster = false, kRoomForCode = false, kHasGatedRow = false;
#include "gated_row_prototypes.inl.h"
#include "kernel_prototypes.inl.h"
} // namespace vfp
namespace scalar { // plain C++, a number at a time
constexpr bool kTransposedIsFaster = false, kRoomForCode = false, kHasGatedRow = false;
#include "gated_row_prototypes.inl.h"
#include "kernel_prototypes.inl.h"
} // namespace scalar

// VNNI, where there is one: kernels of its own for quantized rows beside those of the instruction set that it extends.
#define MOTE_USING(name) using base::name;
namespace avx512vnni {
namespace base = avx512;
using base::gated_row;
using base::kHasGatedRow;
using base::kRoomForCode;
using base::kTransposedIsFaster;
MOTE_FLOAT_KERNELS(MOTE_USING)
#include "quant_prototypes.inl.h"
} // namespace avx512vnni
namespace avx2vnni {
namespace base = avx2;
using base::gated_row;
using base::kHasGatedRow;
using base::kRoomForCode;
using base::kTransposedIsFaster;
MOTE_FLOAT_KERNELS(MOTE_USING)
#include "quant_prototypes.inl.h"
} // namespace avx2vnni
#undef MOTE_USING
// NOLINTEND(readability-duplicate-include)

#if defined(MOTE_SINGLE_ISA)

using namespace MOTE_SINGLE_ISA;

#define MOTE_QUOTE(name) #name
#define MOTE_NAME(name) MOTE_QUOTE(name)
MOTE_INLINE const char *isa_at(uint32_t index) { return index == 0 ? MOTE_NAME(MOTE_SINGLE_ISA) : nullptr; }
#undef MOTE_NAME
#undef MOTE_QUOTE
MOTE_INLINE const char *isa_name() { return isa_at(0); }
MOTE_INLINE bool isa_force(const char *name) {
    const char *mine = isa_name();
    while (*name != 0 && *name == *mine) ++name, ++mine;
    return *name == *mine;
}
MOTE_INLINE bool arithmetic_is_exact() { return kernels_are_exact(); }
MOTE_INLINE bool has_gated_row() { return kHasGatedRow; }

#else

// On all but the last choice; whether there is gated_row(), has_gated_row() says.
constexpr bool kTransposedIsFaster = true, kRoomForCode = true, kHasGatedRow = true;

// One instruction set: its name, and a pointer to each of its kernels.
struct KernelTable {
    const char *isa;
#define MOTE_MEMBER(name) decltype(&scalar::name) name;
    MOTE_KERNELS(MOTE_MEMBER)
#undef MOTE_MEMBER
    decltype(&scalar::gated_row) gated_row; // may be null
};

// The library's only global that changes: null until the first use. Threads that race to it all store the same choice.
extern const KernelTable *chosen_table;
const KernelTable *choose_table();
MOTE_INLINE const KernelTable &active() {
    const KernelTable *const table = __atomic_load_n(&chosen_table, __ATOMIC_ACQUIRE);
    return *(__builtin_expect(table == nullptr, 0) ? choose_table() : table);
}
const char *isa_at(uint32_t index); // that this CPU can run, best first
bool isa_force(const char *name);
MOTE_INLINE const char *isa_name() { return active().isa; }
MOTE_INLINE bool has_gated_row() { return active().gated_row != nullptr; }
// Whether the library and the kernels in use were compiled to compute as equal bits need it (arithmetic_check.h).
bool arithmetic_is_exact();

// Clears the upper halves of AVX's registers when a kernel has returned: while they are not clear, each change between
// code for SSE and code for AVX can take 65 ns (a Xeon of 2023). GCC's kernels do it themselves, but not at -Os and
// -O0; at -O1 kernels.cmake has them do it.
#if defined(__x86_64__) && !defined(__clang__) && (defined(__OPTIMIZE_SIZE__) || !defined(__OPTIMIZE__))
struct ClearUpperHalves {
    ~ClearUpperHalves() { active().clear_upper_halves(); }
};
#else
struct ClearUpperHalves {};
#endif

// A call of the active table's kernel, with the kernel's own parameters.
template <typename Kernel, Kernel KernelTable::*Member> struct Forward;
template <typename Result, typename... Parameters, Result (*KernelTable::*Member)(Parameters...)>
struct Forward<Result (*)(Parameters...), Member> {
    __attribute__((always_inline)) static Result call(Parameters... parameters) {
        [[maybe_unused]] const ClearUpperHalves clear;
        return (active().*Member)(parameters...);
    }
};

// cpu::gemm and so on.
#define MOTE_FORWARD(name) static constexpr auto &name = Forward<decltype(KernelTable::name), &KernelTable::name>::call;
MOTE_KERNELS(MOTE_FORWARD)
MOTE_FORWARD(gated_row)
#undef MOTE_FORWARD

#endif

} // namespace mote::cpu

#endif
