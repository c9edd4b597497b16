/* Everything that mote computes, run through its public API and printed as hashes of bits, one line a case:
 *
 *     NAME key=value key=value …
 *
 * Two targets compute the same bits when they print the same lines. A line whose second word is "failed" is a case that
 * went wrong on its own: an error status, or two ways to one result that differ. */
#ifndef MOTE_SAME_BITS_CASES_H
#define MOTE_SAME_BITS_CASES_H

#include <stddef.h>
#include <stdint.h>

/* The room for all models and trainers, aligned to MOTE_ALIGN. */
typedef struct memory {
    unsigned char *bytes;
    size_t count;
} memory;

/* What a program does: its arguments, the name of it first; returns the exit status. */
int target_main(int argc, char **argv, memory room);

/* Everything; what fits a microcontroller and takes seconds on one with an FPU; what takes seconds without one. */
typedef enum case_set { SET_FULL, SET_SMALL, SET_TINY } case_set;

/* Each returns how many of its cases failed. */
uint32_t run_data_cases(void);
uint32_t run_number_cases(memory room, case_set set);
uint32_t run_training_cases(memory room, case_set set);
uint32_t run_network_cases(memory room, case_set set);
uint32_t run_integer_cases(memory room, case_set set);
uint32_t run_adapter_cases(memory room, case_set set);
uint32_t run_limits_cases(memory room, case_set set);
uint32_t run_message_cases(memory room, case_set set);

#endif
