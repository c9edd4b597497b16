#include "cases.h"
#include "mote.h"

static unsigned char room[32u << 20] __attribute__((aligned(MOTE_ALIGN)));

int main(int argc, char **argv) { return target_main(argc, argv, (memory){room, sizeof room}); }
