/* What kernels leave in the registers of the caller. */
#include "kernel_matrix.h"

#include <doctest/doctest.h>

#if defined(__x86_64__)
#include <cpuid.h>

using namespace mote_test;
using namespace mote;

namespace {

bool has_avx2() {
    for (const char *const isa : isas())
        if (std::string(isa) == "avx2") return true;
    return false;
}

/* Whether a processor tells which registers are in use, by XGETBV with 1 in ECX: bit 2 of EAX of CPUID's leaf 13, 1. */
bool tells_use() {
    unsigned a = 0, b = 0, c = 0, d = 0;
    return has_avx2() && __get_cpuid_count(13, 1, &a, &b, &c, &d) != 0 && (a >> 2 & 1) != 0;
}

/* Whether a bit of an upper half of the registers 0 to 15 may be set: bits 2 and 6 of the state in use. */
bool upper_halves_in_use() {
    unsigned low = 0, high = 0;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(1));
    return (low & 0x44) != 0;
}
void clear_upper_halves() { __asm__ volatile("vzeroupper"); }
void set_upper_halves() { __asm__ volatile("vpcmpeqd %%ymm2, %%ymm2, %%ymm2" : : : "xmm2"); }

} // namespace

TEST_CASE("kernels leave no upper half of a register set, which would slow code for SSE down") {
    const KeepIsa keep;
    bool tells = tells_use();
    if (tells) {
        set_upper_halves();
        tells = upper_halves_in_use();
        clear_upper_halves();
        tells = tells && !upper_halves_in_use();
    }
    if (!tells) {
        MESSAGE("SKIPPED: this processor does not tell which registers are in use");
        return;
    }
    Random random(1);
    const cpu::Shape shape{7, 70, 40};
    const Matrix a(shape.m, shape.k, random), b(shape.k, shape.n, random), rows(shape.k, shape.m, random);
    for (const char *const isa : isas()) {
        REQUIRE(mote_isa_force(isa) == MOTE_OK);
        INFO(isa);
        Matrix c(shape.m, shape.n);
        const auto clear_after = [](auto kernel) {
            clear_upper_halves();
            kernel();
            const bool in_use = upper_halves_in_use();
            clear_upper_halves();
            return !in_use;
        };
        CHECK(clear_after([&] { cpu::gemm(c.mat(), a.mat(), b.mat(), shape, cpu::kFromZero); }));
        CHECK(clear_after([&] { cpu::gemm_tn(c.mat(), rows.mat(), b.mat(), shape, cpu::kFromZero); }));
        CHECK(clear_after([&] { cpu::tanh_rows(c.mat(), shape.m, shape.n); }));
        CHECK(clear_after([&] { cpu::relu_rows(c.mat(), shape.m, shape.n); }));
        CHECK(clear_after([&] { cpu::flush_denormals(c.mat(), shape.n); }));
    }
}
#endif
