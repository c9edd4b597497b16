#include "cases.h"
#include "console.h"
#include "float_mode.h"
#include "mote.h"

#include <string.h>

typedef struct options {
    const char *isa; /* NULL: the library's choice */
    int flush;
    case_set set;
    int list;
} options;

static int refuse(const char *what, const char *argument) {
    console_text("same_bits: ");
    console_text(what);
    console_text(argument);
    console_text("\n");
    return 2;
}

/* 0, or the exit status. */
static int read_options(int argc, char **argv, options *chosen) {
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        if (strcmp(argv[i], "--small") == 0) {
            chosen->set = SET_SMALL;
        } else if (strcmp(argv[i], "--tiny") == 0) {
            chosen->set = SET_TINY;
        } else if (strcmp(argv[i], "--list") == 0) {
            chosen->list = 1;
        } else if (strcmp(argv[i], "--isa") == 0 && *value != '\0') {
            chosen->isa = value;
            i++;
        } else if (strcmp(argv[i], "--ftz") == 0 && (strcmp(value, "on") == 0 || strcmp(value, "off") == 0)) {
            chosen->flush = strcmp(value, "on") == 0;
            i++;
        } else {
            return refuse("--isa NAME, --ftz on|off, --small, --tiny or --list, not ", argv[i]);
        }
    }
    return 0;
}

static void list_isas(void) {
    for (uint32_t i = 0; mote_isa_at(i) != NULL; i++) {
        console_text(mote_isa_at(i));
        console_text("\n");
    }
}

int target_main(int argc, char **argv, memory room) {
    options chosen = {NULL, 0, SET_FULL, 0};
    const int status = read_options(argc, argv, &chosen);
    if (status != 0) return status;
    if (chosen.list) {
        list_isas();
        return 0;
    }
    if (chosen.isa != NULL && mote_isa_force(chosen.isa) != MOTE_OK) {
        return refuse("this build or this CPU has no instruction set ", chosen.isa);
    }
    float_mode_flush(chosen.flush);
    if (float_mode_flushes() != chosen.flush) return refuse("no such mode here: --ftz ", chosen.flush ? "on" : "off");

    console_text("isa ");
    console_text(mote_isa());
    console_text(float_mode_flushes() ? "\nftz on\n" : "\nftz off\n");
    uint32_t failures = run_data_cases();
    failures += run_number_cases(room, chosen.set);
    failures += run_training_cases(room, chosen.set);
    failures += run_network_cases(room, chosen.set);
    failures += run_integer_cases(room, chosen.set);
    failures += run_adapter_cases(room, chosen.set);
    failures += run_limits_cases(room, chosen.set);
    failures += run_message_cases(room, chosen.set);
    console_text("end failures=");
    console_number(failures);
    console_text("\n");
    return failures == 0 ? 0 : 1;
}
