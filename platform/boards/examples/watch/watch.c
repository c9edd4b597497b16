/* Watches a log: each line that comes in over a UART is answered by its number and by how surprising it is, in bits a
 * character, with a ! behind it where that is unusual, and is then learned. Learning goes on while the next line comes
 * in. Every eighth line all that was learned is saved in flash; after a reset "ready N" says that N lines are known,
 * and the sender goes on with the line after these. A sender waits for an answer before it sends the next line. */
#include "console.h"
#include "keeper.h"
#include "print_sample.h"
#include "uart.h"
#include "watch_flash.h"
#include "watcher.h"

#include <string.h>

LOG_RUNS_ALONE;

enum {
    LINES_OF_A_SAVE = 8,
    /* Multiply-adds of a slice. At 115,200 baud a byte comes every 87 microseconds, 14,600 cycles of a processor of 168
     * MHz; a slice takes some two instructions for each. */
    SLICE = 3000,
    END_OF_TRANSMISSION = 4 /* ends the program, which else runs for ever */
};

static LOG_ALIGNED unsigned char memory[KEEPER_BYTES + LOG_OPEN_BYTES + LOG_MODEL_BYTES + WATCHER_TRAINER_BYTES +
                                        LOG_STATE_BYTES + MOTE_SLICES_BYTES];
static watcher watching;
static uint32_t saved; /* lines that a reset does not lose */

static mote_status start(const mote_flash *flash, mote_model **model) {
    static mote_vocab vocab;
    mote_arena arena;
    mote_status status = mote_arena_init(&arena, memory, sizeof memory);
    if (status == MOTE_OK) status = keeper_open(flash, watch_flash_bytes(), &arena, model, &watching);
    if (status == MOTE_OK) status = mote_model_vocab(*model, &vocab);
    if (status == MOTE_OK) status = mote_state_init(&watching.state, &arena, *model);
    if (status == MOTE_OK) status = mote_slices_init(&watching.slices, &arena, watching.trainer);
    watching.vocab = &vocab;
    return status;
}

/* A slice at a time, until nothing is left or a byte waits. */
static void learn(int while_idle) {
    int left = 1;
    while (left && !(while_idle && uart_waits())) {
        const mote_status status = watcher_learn(&watching, SLICE, &left);
        if (status != MOTE_OK) report_failure("a step was left out", status);
    }
}

/* The characters of a line, those that there is room for; negative: the line has ended for good. */
static long read_line(char *line) {
    long count = 0;
    for (;;) {
        learn(1);
        const int byte = uart_read();
        if (byte < 0 || byte == END_OF_TRANSMISSION) return -1;
        if (byte == '\n') return count;
        if (byte != '\r' && count < WATCHER_LINE_BYTES) line[count++] = (char)byte;
    }
}

static size_t append_number(char *text, uint32_t number) {
    char digits[10];
    size_t count = 0, length = 0;
    do digits[count++] = (char)('0' + number % 10);
    while ((number /= 10) != 0);
    while (count > 0) text[length++] = digits[--count];
    return length;
}

/* "LINE BITS", and " !" where that is unusual; hundredths of a bit are cut off. */
static void answer(uint32_t line, const line_score *score) {
    char text[40];
    const uint32_t hundredths = (uint32_t)(score->bits * 100.0f);
    size_t length = append_number(text, line);
    text[length++] = ' ';
    length += append_number(text + length, hundredths / 100);
    text[length++] = '.';
    text[length++] = (char)('0' + hundredths / 10 % 10);
    text[length++] = (char)('0' + hundredths % 10);
    if (score->is_unusual) {
        text[length++] = ' ';
        text[length++] = '!';
    }
    text[length++] = '\n';
    uart_write(text, length);
}

/* "LINE ?": it cannot be scored. */
static void refuse(uint32_t line, mote_status status) {
    char text[20];
    const size_t length = append_number(text, line);
    text[length] = ' ';
    text[length + 1] = '?';
    text[length + 2] = '\n';
    uart_write(text, length + 3);
    report_failure("a line could not be scored", status);
}

static void send_ready(void) {
    char text[20] = "ready ";
    const size_t before = strlen(text), length = before + append_number(text + before, watching.record.lines);
    text[length] = '\n';
    uart_write(text, length + 1);
}

static void save(void) {
    if (watching.record.lines == saved) return;
    const mote_status status = keeper_save(&watching);
    if (status == MOTE_OK)
        saved = watching.record.lines;
    else
        report_failure("what was learned could not be saved", status);
}

static void watch(void) {
    static char line[WATCHER_LINE_BYTES];
    long bytes;
    while ((bytes = read_line(line)) >= 0) {
        line_score score;
        learn(0);
        if (watching.record.lines % LINES_OF_A_SAVE == 0) save();
        const mote_status status = watcher_read(&watching, line, (size_t)bytes, &score);
        if (status == MOTE_OK)
            answer(watching.record.lines, &score);
        else
            refuse(watching.record.lines, status);
    }
    learn(0);
    save();
}

int main(void) {
    mote_model *model;
    const mote_flash *flash = watch_flash_open();
    if (flash == NULL) return report_failure("the flash", MOTE_ERR_WRITE);
    const mote_status status = start(flash, &model);
    if (status != MOTE_OK) return report_failure("the model of the log", status);
    saved = watching.record.lines;
    uart_init();
    send_ready();
    watch();
    console_text("weights ");
    console_hex(mote_weights_hash(model), 16);
    console_text("\n");
    return 0;
}
