/*
 * A mail message as it leaves: RFC 5322, 2045, 2047. UTF-8 throughout; text and HTML as
 * alternatives, both quoted-printable; lines ended by CRLF, none longer than 76 but for an address.
 * Pure: the same values give the same bytes, so that a message that is sent again is the same one.
 */
#ifndef CORE_MIME_H
#define CORE_MIME_H

#include <stdint.h>
#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"

struct mime_mail {
	const char *from_name;
	const char *from;
	const char *to; /* as it is: not ASCII where the envelope says SMTPUTF8 (RFC 6532) */
	const char *subject;
	const char
		*id; /* Message-ID, without < and >; letters and digits where it makes boundaries */
	int64_t date; /* ms UTC */
	const char *text;
	const char *html; /* NULL: text alone */
};

/* ERR_BAD_FIELD where a header would hold a control character or is no UTF-8. */
enum err mime_write(
	struct arena *a, const struct mime_mail *m, struct bytes *ret_message) MUST_CHECK;

#endif
