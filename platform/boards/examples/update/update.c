/* Firmware whose model is not a part of it: the blob lies in one of two slots of the flash (slots.h), and another one
 * comes over the UART (update_link.h) into the other slot, while this one stays. After the self-test of the model
 * there, in the memory that it will have, the firmware switches to it. What cannot be used is refused, and the model
 * before goes on. At start the newest model is used that passes its self-test. */
#include "console.h"
#include "mote.h"
#include "print_sample.h"
#include "slots.h"
#include "uart.h"
#include "update_link.h"

/* Models of this product are RNNs of float32 or int8; no code is linked for others, which are refused. */
MOTE_WITHOUT_INPUT(window);
MOTE_WITHOUT_CELL(dense);
MOTE_WITHOUT_CELL(gated);
MOTE_WITHOUT_PRECISION(int4);

/* The largest of them. A state of int8 takes more RAM than one of float32. */
#ifndef UPDATE_SHAPE
#define UPDATE_SHAPE MOTE_SHAPE_INT8(MOTE_SHAPE_RNN(32, 8, 64, 1))
#endif

/* The model in use and its state; before there is a state, the self-test. */
static __attribute__((aligned(MOTE_ALIGN))) unsigned char memory[MOTE_OPEN_BYTES + MOTE_SCRATCH_BYTES(UPDATE_SHAPE)];
static mote_arena arena;
static const mote_model *model;
static mote_state *state;
static unsigned in_use = NO_SLOT;

/* The blob that is being received. */
static struct {
    unsigned slot;
    uint32_t size, received; /* a size of 0: none is */
} transfer;

/* What was made of another slot is gone: the arena has room for one model. */
static mote_status open_slot(unsigned slot) {
    mote_arena_rewind(&arena, 0);
    mote_status status = mote_model_open(&model, &arena, slot_blob(slot), slot_capacity());
    if (status == MOTE_OK) status = mote_selftest(model, &arena);
    if (status == MOTE_OK) status = mote_state_init(&state, &arena, model);
    return status;
}

static const char *reason_of(mote_status status) {
    switch (status) {
    case MOTE_ERR_FORMAT:
        return "there is no blob, or not all of one";
    case MOTE_ERR_VERSION:
        return "the blob is of another format than this firmware reads";
    case MOTE_ERR_CHECKSUM:
        return "the blob is damaged";
    case MOTE_ERR_UNSUPPORTED:
        return "this firmware has no code for such a model";
    case MOTE_ERR_ARENA:
        return "the model needs more RAM than this firmware has for it";
    case MOTE_ERR_SELFTEST:
        return "the model computes other bits here than where it was saved";
    case MOTE_ERR_MISSING:
        return "the blob has no self-test";
    default:
        return mote_status_name(status);
    }
}

static void print_slot(unsigned slot) {
    console_text(slot == SLOT_A ? "slot A, update " : "slot B, update ");
    console_number(slot_sequence(slot));
    console_text(": ");
}

static void print_failure(unsigned slot, mote_status status) {
    print_slot(slot);
    console_text(reason_of(status));
    if (status == MOTE_ERR_ARENA) {
        console_text(": ");
        console_number(arena.needed);
        console_text(" bytes of ");
        console_number(arena.size);
    }
    console_text("\n");
}

static void print_model(void) {
    static const sample_options options = {40, 0.8f, 0};
    mote_vocab vocab;
    print_slot(in_use);
    console_text("weights ");
    console_hex(mote_weights_hash(model), 16);
    console_text("\n");
    mote_status status = mote_model_vocab(model, &vocab);
    for (uint32_t i = 0; i < 3 && status == MOTE_OK; i++) {
        mote_rng rng;
        mote_rng_init(&rng, 1, i);
        status = print_sample(state, &vocab, &options, &rng);
    }
    if (status != MOTE_OK) report_failure("the model cannot generate text", status);
}

static void start(void) {
    const unsigned newest = slot_newest();
    for (unsigned slot = newest;; slot = SLOT_B - slot) {
        const mote_status status = open_slot(slot);
        if (status == MOTE_OK) {
            in_use = slot;
            print_model();
            return;
        }
        print_failure(slot, status);
        if (slot != newest) break;
    }
    console_text("no model can be used: send one\n");
}

static void refuse(const char *reason) {
    transfer.size = 0;
    link_refuse(reason);
}

static void begin(uint32_t size) {
    transfer.slot = in_use == SLOT_A ? SLOT_B : SLOT_A;
    if (size == 0 || size % MOTE_ALIGN != 0 || size > slot_capacity()) {
        refuse("a slot does not hold a blob of this size");
    } else if (slot_erase(transfer.slot, size)) {
        refuse("the flash cannot be erased");
    } else {
        transfer.size = size;
        transfer.received = 0;
        link_answer("at", 0, 8);
    }
}

/* Any other piece than the expected one is answered by the place of that. */
static void receive(const update_packet *piece) {
    const uint32_t left = transfer.size - transfer.received;
    const uint32_t count = left < FLASH_PAGE_BYTES ? left : FLASH_PAGE_BYTES;
    if (transfer.size == 0) {
        refuse("no update has begun");
        return;
    }
    if (piece->number == transfer.received && piece->count == count && count > 0) {
        if (slot_program(transfer.slot, transfer.received, piece->bytes, count)) {
            refuse("the flash cannot be programmed");
            return;
        }
        transfer.received += count;
    }
    link_answer("at", transfer.received, 8);
}

static void keep_old(void) {
    if (in_use == NO_SLOT) return;
    const mote_status status = open_slot(in_use);
    if (status != MOTE_OK) report_failure("the model in use", status);
}

/* Nonzero: the model that was received is the one in use from now on. */
static int use_received(void) {
    const mote_status status = open_slot(transfer.slot);
    if (status == MOTE_OK && !slot_mark(transfer.slot)) {
        in_use = transfer.slot;
        print_model();
        return 1;
    }
    if (status != MOTE_OK) print_failure(transfer.slot, status);
    refuse(status != MOTE_OK ? reason_of(status) : "the flash cannot be programmed");
    keep_old();
    return 0;
}

/* Where it has switched before, and the answer was lost, it answers again. */
static void switch_slots(uint32_t size) {
    if (size == 0 || size != transfer.size || transfer.received != size) {
        refuse("the update is not complete");
    } else if (transfer.slot == in_use || use_received()) {
        link_answer("runs", mote_weights_hash(model), 16);
    }
}

int main(void) {
    static update_packet packet;
    const mote_status status = mote_arena_init(&arena, memory, sizeof memory);
    if (status != MOTE_OK) return report_failure("the memory of the model", status);
    flash_init();
    uart_init();
    start();
    while (link_receive(&packet)) {
        switch (packet.kind) {
        case 'B':
            begin(packet.number);
            break;
        case 'D':
            receive(&packet);
            break;
        case 'S':
            switch_slots(packet.number);
            break;
        default:
            refuse("unknown kind of packet");
        }
    }
    return 0;
}
