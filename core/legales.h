/*
 * The texts that people accept: terms and privacy notice. Our own wording, marked as such; an
 * operator replaces them by files ([legales]). What is signed is the SHA-256 of the exact bytes,
 * and every version that was ever put in force stands in the store, so that what was accepted under
 * it can be shown again.
 *
 * A text is UTF-8 in plain lines: the first is its title, a line is a paragraph, an empty line
 * parts them, "- " begins what is listed. A paragraph that ends without a stop is a heading.
 */
#ifndef CORE_LEGALES_H
#define CORE_LEGALES_H

#include "base/arena.h"
#include "base/bytes.h"
#include "core/config.h"
#include "core/store/store.h"

/* What the wire carries (messages.def, texto). */
#define LEGAL_BYTES 131072

enum legal_cual { LEGAL_TERMINOS, LEGAL_PRIVACIDAD, LEGALES_CUALES };

struct legal {
	enum legal_cual cual;
	const char *version;
	const char *sha256; /* hex, of `texto` */
	struct bytes texto; /* UTF-8, plain lines; NUL behind */
	int64_t desde;	    /* since when it is in force, ms UTC; 0: not put yet */
};

struct legales {
	struct legal vigente[LEGALES_CUALES];
};

/* "terminos", "privacidad"; LEGALES_CUALES for a word that is neither. */
const char *legal_palabra(enum legal_cual cual);
enum legal_cual legal_cual_of(const char *palabra);

/*
 * Those of the configuration, else ours; in the arena. ERR_CONFIG with *ret_message, a Spanish
 * sentence: a file that can't be read, is not plain UTF-8 lines or too long, or has no version.
 */
enum err legales_load(struct arena *a, const struct config *c, struct legales *ret,
	const char **ret_message) MUST_CHECK;
/*
 * Puts them in force, in a transaction of its own: what was kept before stays as it was, and gives
 * `desde`. ERR_CONFIG with *ret_message where that version was in force with another text. Errors
 * of the store.
 */
enum err legales_poner(struct legales *l, struct arena *a, struct store *s, int64_t now,
	const char **ret_message) MUST_CHECK;

/* The one in force. */
const struct legal *legales_vigente(const struct legales *l, enum legal_cual cual);
/*
 * That version, in force or not any more; NULL: the one in force. In the arena or as long as `l`.
 * ERR_NOT_FOUND, errors of the store.
 */
enum err legales_version(const struct legales *l, struct arena *a, struct store *s,
	enum legal_cual cual, const char *version, struct legal *ret) MUST_CHECK;

#endif
