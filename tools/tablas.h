/*
 * The tables as the tools that tell of them read them (tools may use tables, not layers).
 */
#ifndef TOOLS_TABLAS_H
#define TOOLS_TABLAS_H

#include <stdint.h>
#include <stdbool.h>
#include <stddef.h>
#include "base/texto.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
#define IN(id) (1u << SCREEN_##id)
#define LATER(where) 0u
#define EVERYWHERE ((1u << SCREEN_COUNT) - 1)
#define FORMS                                                                                      \
	(IN(acceso) | IN(firmar) | IN(medio_nuevo) | IN(medio_validar) | IN(representante_nuevo))
#define WITH(id) (UINT64_C(1) << OPTION_##id)

enum screen {
#define SCREEN(id, ...) SCREEN_##id,
#include "screens/screens.def"
#undef SCREEN
	SCREEN_COUNT
};

enum argument {
#define ARGUMENT(id, ...) ARGUMENT_##id,
#include "screens/arguments.def"
#undef ARGUMENT
	ARGUMENT_COUNT
};

enum action {
#define ACTION(id, ...) ACTION_##id,
#include "screens/actions.def"
#undef ACTION
	ACTION_COUNT
};

enum option {
#define OPTION(id, ...) OPTION_##id,
#define VERB(...)
#include "app/verbs.def"
#undef OPTION
#undef VERB
	OPTION_COUNT
};

/* The manual's section of keys and commands, in mdoc. */
void tablas_mdoc(void);
/* Completions of verbs and options. */
void tablas_bash(void);
void tablas_zsh(void);
void tablas_fish(void);

#endif
