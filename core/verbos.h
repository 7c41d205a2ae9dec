/*
 * buzond's commands: verbos.def read as options, dispatch and help.
 *
 * Each verb has its struct args_<verb> (texts NULL and flags false where not given) and its
 * function. A verb prints its result on `out`; what a person must read when it fails is the
 * sentence that it left in `mensaje`, else that of the error.
 */
#ifndef CORE_VERBOS_H
#define CORE_VERBOS_H

#include <stdint.h>
#include <stdio.h>
#include "core/config.h"
#include "core/store/store.h"

struct verbo {
	struct arena *arena;
	int64_t now; /* ms UTC */
	FILE *out;
	FILE *err;	     /* warnings */
	const char *mensaje; /* Spanish, with the next step; NULL: the error's own */
};

#define VERBO(v, what) struct args_##v {
#define OPCION(v, m, value, need, what) const char *m;
#define BANDERA(v, m, what) bool m;
#define END(v)                                                                                     \
	}                                                                                          \
	;
#include "core/verbos.def"
#undef VERBO
#undef OPCION
#undef BANDERA
#undef END

#define VERBO(v, what) enum err verbo_##v(struct verbo *v_, const struct args_##v *args) MUST_CHECK;
#define OPCION(v, m, value, need, what)
#define BANDERA(v, m, what)
#define END(v)
#include "core/verbos.def"
#undef VERBO
#undef OPCION
#undef BANDERA
#undef END

/* Reads the command and runs it; the process's exit code (err.def). */
int verbos_run(int argc, char *const *argv, int64_t now, FILE *out, FILE *err);

/* For verbs: the configuration at `path` (NULL: /etc/buzond.conf); v->mensaje where it fails. */
enum err verbo_configuracion(struct verbo *v, const char *path, struct config *ret) MUST_CHECK;
/* config_read_sello in the same way. */
enum err verbo_configuracion_sello(
	struct verbo *v, const char *path, struct config *ret) MUST_CHECK;
/* The configured store, to read; v->mensaje says why where it can't be. */
enum err verbo_almacen(struct verbo *v, const struct config *c, struct store **ret) MUST_CHECK;
/* "08 de agosto de 2024 11:42:45 hrs.", in Zona Centro; NULL: no memory. */
const char *verbo_instante(struct verbo *v, int64_t instant);
/*
 * A text of the command line as the wire allows it: not empty, UTF-8, no control characters, at
 * most `max` bytes. ERR_BAD_FIELD with v->mensaje that names the option. NULL passes.
 */
enum err verbo_texto(struct verbo *v, const char *option, const char *text, size_t max) MUST_CHECK;
/* Leaves the sentence and gives the error back. */
enum err verbo_fallo(struct verbo *v, enum err e, const char *format, ...) MUST_CHECK
	PRINTF_LIKE(3, 4);

#endif
