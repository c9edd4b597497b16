/* MOTE_STATIC, defined before this header is included, makes the library a part of one C++ source of the program, which
 * includes mote.cpp before what the program itself declares. All functions are static then, so that an optimizing
 * compiler leaves out those that are not called and knows what they are called with: firmware is smaller.
 * MOTE_WITHOUT_… stands in that source, before mote.cpp. */
#if defined(MOTE_STATIC)
#if !defined(__cplusplus)
#error "MOTE_STATIC: the source that includes mote.cpp has to be C++; others call what it defines, without mote.h"
#endif
#define MOTE_API static __attribute__((unused))
/* Of two overloads, the one for int, which is the program's, is the better match. Both are C++'s wherever the macros
 * stand: C has no overloads, and its variables would be seen by the linker. */
#define MOTE_STATIC_PART(symbol)                                                                                       \
    extern "C++" {                                                                                                     \
    namespace {                                                                                                        \
    extern const mote_part *const symbol;                                                                              \
    }                                                                                                                  \
    MOTE_API constexpr bool symbol##_is_left_out(long) { return false; }                                               \
    }                                                                                                                  \
    static_assert(true, "")
#define MOTE_NO_STATIC_PART(symbol)                                                                                    \
    extern "C++" {                                                                                                     \
    MOTE_API constexpr bool symbol##_is_left_out(int) { return true; }                                                 \
    }                                                                                                                  \
    static_assert(true, "")
#else
#define MOTE_API
#endif
