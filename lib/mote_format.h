/* mote_format.h: the fields of a blob, as structs whose members lie where the format says.
 *
 * These structs are the one table of fields from which the library reads and writes, and from which a program may look
 * into a blob by itself. format/FORMAT.md says what each field means and what a reader has to check. Everything is
 * little-endian, as every target of mote is.
 */
#ifndef MOTE_FORMAT_H
#define MOTE_FORMAT_H

#include "mote.h"

#define MOTE_FORMAT_MAGIC 0x45544f4du /* "MOTE" */

/* Sections of the library. An id that begins with a lower-case letter is the caller's (mote_section). */
#define MOTE_FORMAT_TENSORS 0x534e4554u  /* "TENS": mote_format_tensor, one for each tensor */
#define MOTE_FORMAT_VOCAB 0x42434f56u    /* "VOCB": mote_format_vocab, then the code points, padded to 64 bytes */
#define MOTE_FORMAT_DATA 0x41544144u     /* "DATA": the tensors */
#define MOTE_FORMAT_SELFTEST 0x54534554u /* "TEST": mote_format_selftest */
#define MOTE_FORMAT_TRAINER 0x524e5254u  /* "TRNR": mote_format_trainer, carried states, moments */
#define MOTE_FORMAT_BEST 0x54534542u     /* "BEST": the best weights so far, in the order of the tensors */

#define MOTE_FORMAT_CRITICAL 1u /* flag of a section: a reader that does not know it must refuse the blob */

#define MOTE_FORMAT_PROMPT 32u         /* tokens of a self-test */
#define MOTE_FORMAT_TABLE_SECTIONS 12u /* entries that the writer leaves room for */
#define MOTE_FORMAT_MAX_SECTIONS 64u   /* entries that a reader accepts */

/* At byte 0, 128 bytes. */
typedef struct mote_format_header {
    uint32_t magic;        /*   0 */
    uint16_t major, minor; /*   4 */
    uint32_t size;         /*   8: bytes of the blob, a multiple of 64 */
    uint32_t crc;          /*  12: CRC-32 of the blob with this field read as 0 */
    uint32_t input, cell;  /*  16: the configuration */
    uint32_t vocab, context, embed, hidden, layers;
    uint16_t activation, precision; /*  44 */
    uint32_t sections;              /*  48 */
    uint32_t reserved[19];          /*  52: 0 */
} mote_format_header;

/* The configuration in a header, as an initializer. */
#define MOTE_FORMAT_CONFIG(header)                                                                                     \
    {                                                                                                                  \
        (header).input, (header).cell, (header).vocab, (header).context, (header).embed, (header).hidden,              \
            (header).layers, (header).precision, (header).activation                                                   \
    }

/* From byte 128 on, one for each section, 16 bytes. */
typedef struct mote_format_section {
    uint32_t id;
    uint32_t flags;
    uint32_t offset; /* from byte 0, a multiple of 64 */
    uint32_t size;   /* bytes */
} mote_format_section;

/* 64 bytes. */
typedef struct mote_format_tensor {
    char name[24];        /*  0: padded with 0 */
    uint32_t shape[2];    /* 24: logical */
    uint32_t type;        /* 32: MOTE_TYPE_… */
    uint32_t layout;      /* 36: MOTE_LAYOUT_… */
    uint32_t offset;      /* 40: from byte 0, a multiple of 64 */
    uint32_t size;        /* 44: bytes */
    uint32_t scales;      /* 48: 0: a type's scales are in its layout */
    uint32_t reserved[3]; /* 52: 0 */
} mote_format_tensor;

/* 64 bytes. */
typedef struct mote_format_vocab {
    uint32_t count;
    uint32_t boundary; /* 1: token 0 is the boundary between items */
    uint32_t reserved[14];
} mote_format_vocab;

/* 384 bytes. */
typedef struct mote_format_selftest {
    uint32_t count; /* MOTE_FORMAT_PROMPT */
    uint32_t reserved[15];
    uint16_t prompt[MOTE_FORMAT_PROMPT];
    uint64_t hashes[MOTE_FORMAT_PROMPT]; /* FNV-1a of the logits after each token */
} mote_format_selftest;

/* 128 bytes. Behind it the carried state, [L][H / 16][B][16] floats, then each moment as the flat array of weights. */
typedef struct mote_format_trainer {
    mote_train_config train; /*  0: workspace is 0, a choice of each machine */
    uint32_t step;           /* 56: updates made */
    float norm;              /* 60: of the gradients before the last clip */
    uint32_t reserved[16];   /* 64: 0 */
} mote_format_trainer;

/* An adapter (mote_adapter.h): this header and, from byte 128 on, the weights that were learned. */
#define MOTE_FORMAT_ADAPTER_MAGIC 0x41544f4du /* "MOTA" */
#define MOTE_FORMAT_ADAPTER_MAJOR 1
#define MOTE_FORMAT_ADAPTER_MINOR 0

/* 128 bytes; the first 48 are as in mote_format_header. */
typedef struct mote_format_adapter {
    uint32_t magic;        /*   0 */
    uint16_t major, minor; /*   4 */
    uint32_t size;         /*   8: bytes of the adapter, a multiple of 64 */
    uint32_t crc;          /*  12: CRC-32 of the adapter with this field read as 0 */
    uint32_t input, cell;  /*  16: the configuration of the base */
    uint32_t vocab, context, embed, hidden, layers;
    uint16_t activation, precision; /*  44 */
    uint32_t learned;               /*  48: MOTE_LEARN_… */
    uint32_t reserved;              /*  52: 0 */
    uint64_t base_hash;             /*  56: mote_weights_hash of the base */
    uint32_t reserved_more[16];     /*  64: 0 */
} mote_format_adapter;

#endif
