// weighed.c with the library in one file before it: MOTE_STATIC is defined.
#include "parts_left_out.h"

#include "mote.cpp"

extern "C" {
#include "console.h"
#include "semihosting.h"
}
#include "weighed.c"
