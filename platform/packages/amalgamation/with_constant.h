// Calls of with_constant() in the one file: with_constant<most>(n, [&](auto name) { … }). C++11, which has no lambda of
// an `auto`, gets a case for each number. tools/amalgamate writes the macro in their place.
#ifndef MOTE_WITH_CONSTANT_H
#define MOTE_WITH_CONSTANT_H

#if __cplusplus >= 201402L
#define MOTE_WITH_CONSTANT(most, n, name, ...) with_constant<most>(n, [&](auto name) MOTE_INLINE_LAMBDA { __VA_ARGS__ })
#else
#define MOTE_CASE(i, most, name, ...)                                                                                  \
    case (i): {                                                                                                        \
        const Count<((i) < (most) ? (i) : (most))> name;                                                               \
        (void)name;                                                                                                    \
        __VA_ARGS__                                                                                                    \
    }
#define MOTE_WITH_CONSTANT(most, n, name, ...)                                                                         \
    [&]() MOTE_INLINE_LAMBDA -> uint32_t {                                                                             \
        static_assert((most) <= 12, "a case for each number");                                                         \
        switch (n) {                                                                                                   \
            MOTE_CASE(1u, most, name, __VA_ARGS__)                                                                     \
            MOTE_CASE(2u, most, name, __VA_ARGS__)                                                                     \
            MOTE_CASE(3u, most, name, __VA_ARGS__)                                                                     \
            MOTE_CASE(4u, most, name, __VA_ARGS__)                                                                     \
            MOTE_CASE(5u, most, name, __VA_ARGS__)                                                                     \
            MOTE_CASE(6u, most, name, __VA_ARGS__)                                                                     \
            MOTE_CASE(7u, most, name, __VA_ARGS__)                                                                     \
            MOTE_CASE(8u, most, name, __VA_ARGS__)                                                                     \
            MOTE_CASE(9u, most, name, __VA_ARGS__)                                                                     \
            MOTE_CASE(10u, most, name, __VA_ARGS__)                                                                    \
            MOTE_CASE(11u, most, name, __VA_ARGS__)                                                                    \
        default:                                                                                                       \
            MOTE_CASE(12u, most, name, __VA_ARGS__)                                                                    \
        }                                                                                                              \
    }()
#endif

#endif
