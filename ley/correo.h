/*
 * Contact media as the Institute keeps them (Lineamientos 5.1): an e-mail address as RFC 5321 and
 * RFC 6531 (SMTPUTF8) allow one in an envelope, a mobile of ten digits. Pure; what gets through can
 * stand in a header and in an SMTP command as it is: no control character, no line break, no
 * comment, nothing that hides or turns round.
 *
 * Unicode: an address is kept in NFC (RFC 6532 3.1: two that look the same are the same bytes). Its
 * domain is a name of the DNS (IDNA2008 with UTS 46: lower case, letters of its language). Its
 * local part is kept as it was written, for only its own server knows what case means there;
 * compared it is without case, because no server that people use tells two of them apart by it.
 */
#ifndef LEY_CORREO_H
#define LEY_CORREO_H

#include <stdbool.h>
#include "base/arena.h"
#include "base/err.h"

/* Longest, bytes: local part, address (RFC 5321 4.5.3.1 with the <> of its path). */
#define CORREO_LOCAL 64
#define CORREO_BYTES 254

struct correo {
	const char *valor; /* to send to, and to show */
	const char *clave; /* equal where two are the same mailbox */
};

/*
 * In the arena. ERR_BAD_MAIL: none, or one that has no place in the DNS (a literal [192.0.2.1], a
 * name of a single label). A quoted local part that needs no quotes loses them. (A `|`, which a
 * local part may have, is let through here, but by no request: net/codec.c.)
 */
enum err correo_read(struct arena *a, const char *text, struct correo *ret) MUST_CHECK;
/* Exactly ten digits, nothing else. */
bool celular_valid(const char *text);

#endif
