// What xsimd includes, included first: kernels_<isa>.cpp then renames xsimd's namespace, and nothing of the standard
// library is meant to be renamed with it. Only headers: nothing of them is linked.
#ifndef MOTE_XSIMD_ISOLATED_H
#define MOTE_XSIMD_ISOLATED_H

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <tuple>
#include <type_traits>
#include <utility>
#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#endif
