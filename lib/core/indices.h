// Lists of numbers for constants that C++11 computes: it has no loop in them.
#ifndef MOTE_INDICES_H
#define MOTE_INDICES_H

#include "port.h"

namespace mote {

template <uint32_t... I> struct Indices {};

// IndicesBelow<N>::All is Indices<0, …, N - 1>.
template <uint32_t N, uint32_t... I> struct IndicesBelow : IndicesBelow<N - 1, N - 1, I...> {};
template <uint32_t... I> struct IndicesBelow<0, I...> { using All = Indices<I...>; };

} // namespace mote

#endif
