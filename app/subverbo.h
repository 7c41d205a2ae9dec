/*
 * The second word of a command that is several ("medio validar …"): which it is, how many words
 * follow, which options are its own.
 */
#ifndef APP_SUBVERBO_H
#define APP_SUBVERBO_H

#include "app/verbs.h"

struct subverbo {
	const char *name;
	const char *args; /* how they are written: "FOLIO CODIGO", "" for none */
	size_t count;	  /* of the words after its name */
	uint64_t options; /* of the command's own, those that it takes */
	enum err (*run)(struct verb_call *v);
};

/* Runs the one that v->args[0] names. ERR_USAGE with how it is written as v->detail. */
enum err subverbo_run(struct verb_call *v, const struct subverbo *table, size_t count) MUST_CHECK;

#endif
