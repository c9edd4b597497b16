// The parts that a program can leave out: an input layer, a cell, an optimizer. Each is a table of functions that only
// a symbol of mote.h refers to, and the symbol is weak, so that a program's own, which is null, replaces it; on Windows
// the first definition holds, and programs stand before libraries. In one file with the program there is nothing to
// link: a compiler knows what was left out.
#ifndef MOTE_LINKED_PARTS_H
#define MOTE_LINKED_PARTS_H

#include "mote.h"
#include "port.h"

struct mote_part {};

namespace mote {

// What is linked for a part. On Windows its symbol is not weak: a compiler that sees the library's definition, as in
// the library in one file, would take it for the one that holds, unless it cannot know where the address comes from.
#if defined(_WIN32) && !defined(MOTE_STATIC_PART)
inline const mote_part *linked_part(const mote_part *const &symbol) {
    const mote_part *const volatile *at = &symbol;
#if defined(__GNUC__)
    __asm__("" : "+r"(at)); // GCC 12 knows the value behind a volatile pointer, too, as that of a constant
#endif
    return *at;
}
#else
inline const mote_part *linked_part(const mote_part *const &symbol) { return symbol; }
#endif

} // namespace mote

// Defines the symbol of a part, at file scope.
#if defined(MOTE_STATIC_PART)
#define MOTE_DEFINE_PART(symbol, table)                                                                                \
    namespace {                                                                                                        \
    const mote_part *const symbol = symbol##_is_left_out(0) ? nullptr : &table;                                        \
    }
#elif defined(_WIN32) // where mote.h has said what stands for weak
#define MOTE_DEFINE_PART(symbol, table) const mote_part *const symbol = &table;
#else
#define MOTE_DEFINE_PART(symbol, table)                                                                                \
    extern "C" __attribute__((weak)) const mote_part *const symbol;                                                    \
    const mote_part *const symbol = &table;
#endif

#endif
