/* mote_messages.h: a model as a compressor of messages and of streams of text. mote.h includes this file. */
#ifndef MOTE_API_MESSAGES_H
#define MOTE_API_MESSAGES_H

#include "mote_model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- messages ---------------------------------------------------------------------------------------------------- */

/* A model of short texts, which gives the same bits on both ends of a link, is a compressor for them: what it expects
 * takes few bits. lib/codec/FORMAT.md describes the packets, and how frequencies come out of logits.
 *
 * Any bytes can be sent. A packet has at most one byte more than its message, and none more where that is UTF-8; an
 * empty message is an empty packet. A packet is not marked with its size, which tells where the message ends: the link
 * has to keep packets apart, and neither add bytes to one nor leave any out.
 *
 * Any model with characters and no more tokens than this will do (MOTE_ERR_UNSUPPORTED). A character that the
 * vocabulary lacks is coded as tokens of its bytes: code points for private use that a model of messages has learned
 * (mote train --vocab-size). A message for which these are missing, too, is sent as it is. */
#define MOTE_CODEC_MAX_VOCAB 4096u
/* The code point whose token stands for a byte, 0 … 255. */
#define MOTE_BYTE_CODE_POINT(byte) (0x10FE00u + MOTE_SZ_BYTE(byte))

/* What is asked for beside the message; it adds to the sizes above. All 0, or NULL: nothing. */
typedef struct mote_codec_options {
    uint32_t id_bytes;   /* 0, 1 or 2: each packet begins with so many bytes of `id`, the lowest first, */
    uint32_t id;         /* a number by which those who send and receive know the model; below 256^id_bytes */
    uint32_t check_bits; /* 0, or 4 … 16: damage to a packet is found but for one of 2^check_bits cases */
} mote_codec_options;

/* Needs mote_codec_bytes (0: not valid, too many tokens, or above 2^32 - 1). The model must outlive it.
 * MOTE_ERR_MISSING: the model has no characters. */
typedef struct mote_codec mote_codec;
size_t mote_codec_bytes(const mote_config *config);
mote_status mote_codec_init(mote_codec **codec, mote_arena *arena, const mote_model *model,
                            const mote_codec_options *options);

/* A packet of a message of n bytes takes MOTE_PACKET_BYTES(n) or less. The model is run once for each token and once
 * more; a character that it lacks is a token for each of its bytes. MOTE_ERR_CAPACITY: the packet does not fit.
 * Here and below message and packet must not overlap, what is written to is written to also where the call fails, and
 * what is read may be NULL where it has no bytes. */
#define MOTE_PACKET_BYTES(n) (MOTE_SZ_U64(n) + 5u)
mote_status mote_compress(mote_codec *codec, const void *message, size_t bytes, void *packet, size_t capacity,
                          size_t *packet_bytes);
/* The packet may come from anybody: it gives at most `capacity` bytes, in at most capacity + 1 steps of the model,
 * whatever is in it, and the same on every target. MOTE_ERR_CAPACITY: the message does not fit.
 * MOTE_ERR_FORMAT: no packet; MOTE_ERR_MISSING: the packet has another id; MOTE_ERR_CHECKSUM. Without check bits a
 * damaged packet, or one made with another model, gives wrong text as well. */
mote_status mote_decompress(mote_codec *codec, const void *packet, size_t bytes, void *message, size_t capacity,
                            size_t *message_bytes);

/* --- streams of text ---------------------------------------------------------------------------------------------- */

/* A log, or any text that is longer than a message, and any bytes: a head, blocks, and an end, which together may be a
 * file (`mote compress --stream`). A block is a line or many, written when the writer likes: the model reads on where
 * the block before it ended, and a block takes 4 to 8 bytes beside what its text does. The same models will do as for
 * messages; of one of items a line end is the boundary. lib/codec/FORMAT.md describes the bytes.
 *
 * A stream writes or reads, one at a time, and is begun anew by mote_stream_start or mote_stream_open, also behind its
 * end or a failure: until then the other functions return MOTE_ERR_SEQUENCE. Nothing overlaps. */
#define MOTE_STREAM_HEAD_BYTES 16u
#define MOTE_STREAM_END_BYTES 9u
#define MOTE_STREAM_MAX_BLOCK 65536u                     /* bytes of text */
#define MOTE_STREAM_BLOCK_BYTES(n) (MOTE_SZ_U64(n) + 8u) /* room for a block of n bytes of text */

/* Needs mote_stream_bytes (0: not valid, too many tokens, or above 2^32 - 1). The model must outlive it.
 * MOTE_ERR_MISSING: the model has no characters. */
typedef struct mote_stream mote_stream;
size_t mote_stream_bytes(const mote_config *config);
mote_status mote_stream_init(mote_stream **stream, mote_arena *arena, const mote_model *model);

/* Writes a head of MOTE_STREAM_HEAD_BYTES, which has the weights' hash: the model's weights are read once. */
mote_status mote_stream_start(mote_stream *stream, void *head);
/* Writes a block of 1 … MOTE_STREAM_MAX_BLOCK bytes of text, of whatever bytes. The model is run at most once for each
 * of them. MOTE_ERR_CAPACITY, and nothing has changed: less room than MOTE_STREAM_BLOCK_BYTES(bytes). */
mote_status mote_stream_write(mote_stream *stream, const void *text, size_t bytes, void *block, size_t capacity,
                              size_t *block_bytes);
/* Writes an end of MOTE_STREAM_END_BYTES, with the CRC-32 of the text. */
mote_status mote_stream_finish(mote_stream *stream, void *end);

/* Reads a head. MOTE_ERR_FORMAT: it is none, or cut short; MOTE_ERR_VERSION; MOTE_ERR_MISSING: the stream is of another
 * model, whose hash is the head's last 8 bytes, the lowest first. */
mote_status mote_stream_open(mote_stream *stream, const void *head, size_t bytes);
/* How long the block is that begins here, and its text; an end has no text. 6 bytes always tell, else MOTE_ERR_MISSING
 * asks for more. MOTE_ERR_FORMAT: no block. */
mote_status mote_stream_next(const void *bytes, size_t count, size_t *block_bytes, size_t *text_bytes);
/* Reads a block, or the end, of exactly its bytes, which may come from anybody: the model is run at most once for each
 * byte of its text, and every target gives the same answer. MOTE_ERR_CAPACITY: the text does not fit. MOTE_ERR_FORMAT,
 * MOTE_ERR_CHECKSUM: damaged, lost or of another stream; damage to a block is found but for one of 2^16 cases, and at
 * the end, which has the CRC-32 and the size of all text, but for one of 2^32. */
mote_status mote_stream_read(mote_stream *stream, const void *block, size_t bytes, void *text, size_t capacity,
                             size_t *text_bytes);

#ifdef __cplusplus
}
#endif

#endif
