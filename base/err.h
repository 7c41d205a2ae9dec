/*
 * The errors of both programs, one row each in err.def.
 *
 * OK is 0. Results leave by trailing ret_* parameters, untouched on failure. An error carries no
 * text of its own: the sentence belongs to the row, so that every screen, command and answer says
 * the same.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/macros.h"

enum err {
#define ERR(name, http, wire, code, sentence) ERR_##name,
#include "base/err.def"
#undef ERR
	ERR_COUNT,
	OK = ERR_OK,
};

/* HTTP status of the answer (RFC 9110); 500 for a value that is no row. */
int err_http(enum err e);
/* sysexits-like exit code of a command. */
int err_exit(enum err e);
/* Stable name on the wire and in logs; never NULL. */
const char *err_wire(enum err e);
/* Sentence for a person, translated by gettext; never NULL. */
const char *err_sentence(enum err e);
/* The row whose wire name is `wire`; ERR_BAD_ANSWER where there is none. */
enum err err_from_wire(const char *wire);

#endif
