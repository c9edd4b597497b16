/* base64url (RFC 4648, section 5) without padding: packets as text, as `mote compress --lines` writes them. */
#ifndef MOTE_EXAMPLE_PACKET_TEXT_H
#define MOTE_EXAMPLE_PACKET_TEXT_H

#include <stddef.h>

/* The characters of n bytes, and the bytes of n characters at most. */
#define PACKET_TEXT_CHARACTERS(n) (((n)*4u + 2u) / 3u)
#define PACKET_TEXT_BYTES(n) ((n)*3u / 4u)

/* Returns how many characters that is; `text` has room for PACKET_TEXT_CHARACTERS(count). */
size_t packet_text_encode(const unsigned char *bytes, size_t count, char *text);

/* Returns how many bytes that is, or -1 where it is not base64url; `bytes` has room for PACKET_TEXT_BYTES(count). */
long packet_text_decode(const char *text, size_t count, unsigned char *bytes);

#endif
