/*
 * The command line: reads the arguments by verbs.def and runs a verb. The result goes to stdout,
 * everything else to stderr; the exit code is err_exit's.
 */
#ifndef APP_VERBS_H
#define APP_VERBS_H

#include <stdint.h>
#include "app/config.h"

#define WITH(id) (UINT64_C(1) << OPTION_##id)
enum option {
#define OPTION(id, ...) OPTION_##id,
#define VERB(name, ...)
#include "app/verbs.def"
#undef OPTION
#undef VERB
	OPTION_COUNT
};

struct verb_call {
	struct arena *arena;
	const char *opt[OPTION_COUNT]; /* its value, "" for a flag, NULL when not given */
	const char *verb;	       /* NULL: none, the screen */
	const char **args;
	size_t args_count;
	int clave_fd;	    /* -1: none */
	size_t lineas;	    /* --lineas; 0: not given */
	const char *detail; /* what an error is about: a path, a field, a line; may stay NULL */
};

/*
 * Reads argv. ERR_USAGE with *ret_message, a Spanish sentence. Help and version are not acted upon.
 */
enum err verbs_read(struct arena *a, int argc, char **argv, struct verb_call *ret,
	const char **ret_message) MUST_CHECK;
/* Help of the verb, or of the program where it is NULL. */
void verbs_help(const char *verb);
enum err verbs_run(struct verb_call *v) MUST_CHECK;
/* The configuration that --config names, or XDG's; ERR_CONFIG with v->detail. */
enum err verbs_config(struct verb_call *v, struct config_app *ret) MUST_CHECK;

#define OPTION(id, ...)
#define VERB(name, ...) enum err verbo_##name(struct verb_call *v) MUST_CHECK;
#include "app/verbs.def"
#undef OPTION
#undef VERB

#endif
