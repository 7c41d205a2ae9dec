/*
 * The texts that people accept: terms and privacy notice. Our own wording, marked as such; an
 * operator replaces them by files. What is signed is the SHA-256 of the exact bytes, and every
 * version that was ever in force can be told again.
 */
#ifndef CORE_LEGALES_H
#define CORE_LEGALES_H

#include "base/arena.h"
#include "base/bytes.h"
#include "core/config.h"

enum legal_cual { LEGAL_TERMINOS, LEGAL_PRIVACIDAD, LEGALES_CUALES };

struct legal {
	enum legal_cual cual;
	const char *version;
	const char *sha256; /* hex, of `texto` */
	struct bytes texto; /* UTF-8, plain lines */
};

struct legales;

/* The one in force. */
const struct legal *legales_vigente(const struct legales *l, enum legal_cual cual);

#endif
