/*
 * INI files: `[section]` or `[section name]`, `key = value`, comments behind # or ; at a line's
 * start. UTF-8, at most 256 KiB.
 *
 * The reader is told of each key by a callback; what it refuses is reported with file, line and
 * what is allowed.
 */
#ifndef BASE_INI_H
#define BASE_INI_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"

struct ini_line {
	const char *section; /* "" before the first section; "perfil" of "[perfil ana]" */
	const char *name;    /* "ana" of "[perfil ana]"; "" where there is none */
	const char *key;     /* NULL: a section begins */
	const char *value;
	int number; /* of the line, from 1 */
};

/*
 * OK, or the error of this line; *ret_allowed may be set to a Spanish clause that says what is
 * allowed there ("se admite: rfc, certificado, llave").
 */
typedef enum err (*ini_handler)(void *ctx, const struct ini_line *line, const char **ret_allowed);

/*
 * Reads the text; `file` is its name for messages. ERR_CONFIG with *ret_message (in the arena, one
 * Spanish sentence with file and line) at the first bad line.
 */
enum err ini_parse(struct arena *a, const char *file, struct bytes text, ini_handler handler,
	void *ctx, const char **ret_message) MUST_CHECK;

#endif
