/* base64url (RFC 4648, section 5) without padding: packets as text, as `mote compress --lines` writes them. */
#ifndef MOTE_EXAMPLE_BASE64URL_H
#define MOTE_EXAMPLE_BASE64URL_H

#include <stddef.h>

/* The characters of n bytes, and the bytes of n characters at most. */
#define BASE64URL_CHARACTERS(n) (((n)*4u + 2u) / 3u)
#define BASE64URL_BYTES(n) ((n)*3u / 4u)

/* Returns how many characters that is; `text` has room for BASE64URL_CHARACTERS(count). */
size_t base64url_encode(const unsigned char *bytes, size_t count, char *text);

/* Returns how many bytes that is, or -1 where it is not base64url; `bytes` has room for BASE64URL_BYTES(count). */
long base64url_decode(const char *text, size_t count, unsigned char *bytes);

#endif
