/* make_blob MODEL FILE: writes a network of networks.h, by its name in mote inspect, as a blob; MODEL-int8 and
 * MODEL-int4: its weights of integers. */
#include "console.h"
#include "networks.h"
#include "semihosting.h"

#include <string.h>

static __attribute__((aligned(MOTE_ALIGN))) unsigned char memory[512 * 1024], blob[128 * 1024];

static const mote_config *network_named(const char *name) {
    if (strncmp(name, "bigram", 6) == 0) return &network_bigram;
    if (strncmp(name, "mlp", 3) == 0) return &network_mlp;
    if (strncmp(name, "gru", 3) == 0) return &network_gru;
    if (strncmp(name, "messages", 8) == 0) return &network_messages;
    return strncmp(name, "rnn", 3) == 0 ? &network_rnn : 0;
}

int main(void) {
    static char line[256];
    if (semihosting_command_line(line, sizeof line) != 0) return 2;
    char *model_name = strchr(line, ' ');
    char *file = model_name != 0 ? strchr(model_name + 1, ' ') : 0;
    if (file == 0) return 2;
    *file++ = 0;
    const mote_config *named = network_named(model_name + 1);
    if (named == 0) return 2;
    mote_config config = *named;
    if (strstr(model_name, "-int8") != 0) config.precision = MOTE_PRECISION_INT8;
    if (strstr(model_name, "-int4") != 0) config.precision = MOTE_PRECISION_INT4;

    mote_arena arena;
    mote_model *model;
    mote_buffer buffer = {blob, sizeof blob, 0};
    mote_status status = mote_arena_init(&arena, memory, sizeof memory);
    if (status == MOTE_OK) status = network_make(&model, &arena, &config);
    if (status == MOTE_OK) status = mote_model_save(model, 0, 0, &arena, mote_buffer_write, &buffer);
    if (status != MOTE_OK) {
        console_text(mote_status_name(status));
        console_text("\n");
        return 1;
    }
    return semihosting_write_file(file, blob, buffer.used);
}
