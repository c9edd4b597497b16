#include "report.h"

#include "console.h"

static void begin_field(const char *key) {
    console_text(" ");
    console_text(key);
    console_text("=");
}

void report_case(const char *name) { console_text(name); }

void report_hash(const char *key, uint64_t hash) {
    begin_field(key);
    console_hex(hash, 16);
}

void report_count(const char *key, uint64_t count) {
    begin_field(key);
    console_number(count);
}

void report_bits(const char *key, float value) {
    begin_field(key);
    console_bits(value);
}

void report_text(const char *key, const char *text) {
    begin_field(key);
    console_text(text);
}

void report_end(void) { console_text("\n"); }

uint32_t report_failure(const char *name, const char *what, mote_status status) {
    report_case(name);
    console_text(" failed: ");
    console_text(what);
    console_text(": ");
    console_text(mote_status_name(status));
    report_end();
    return 1;
}
