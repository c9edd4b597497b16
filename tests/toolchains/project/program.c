/* Calls the library and, where the processor does not divide doubles itself, the compiler's own. */
#include <mote.h>

volatile double result = 1.0;

int main(void) {
    result = result / mote_version();
    return 0;
}
