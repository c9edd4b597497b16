// weighed.c with the library in one file as a part of it: MOTE_STATIC is defined.
extern "C" {
#include "console.h"
#include "semihosting.h"
}
#include "weighed.c"

#include "mote.cpp"
