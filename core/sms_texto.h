/*
 * A text as a mobile network carries it: GSM 03.38's alphabet where it has all letters, else UCS-2,
 * which keeps á í ó ú; or, where that would take another part and GSM would not, GSM without those
 * accents. At most two parts.
 */
#ifndef CORE_SMS_TEXTO_H
#define CORE_SMS_TEXTO_H

#include <stdbool.h>
#include "base/arena.h"
#include "base/err.h"

struct sms_texto {
	const char *texto; /* UTF-8, in the arena */
	bool ucs2;
	unsigned partes;
};

/* ERR_TOO_LARGE past two parts; ERR_BAD_FIELD for what is no UTF-8; ERR_NO_MEMORY. */
enum err sms_texto(struct arena *a, const char *text, struct sms_texto *ret) MUST_CHECK;

#endif
