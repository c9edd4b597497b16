/* The tests hold the library against fmaf, that of mingw-w64 rounds twice, and this one, which rounds once, replaces
 * it. The library calls neither. */
#include "port.h"

#define MOTE_ISA windows_fmaf /* the namespace that it is put into */
#include "fma_double.h"

extern "C" float fmaf(float a, float b, float c) { return mote::cpu::windows_fmaf::double_fma(a, b, c); }
