/*
 * Representations as commands list them: given by this RFC, or given to it.
 */
#ifndef APP_REPRESENTACION_H
#define APP_REPRESENTACION_H

#include "app/verbs.h"

/* `received`: those given to it, with who gave each; else those it gave, with who has each. */
enum err representacion_list(struct verb_call *v, bool received) MUST_CHECK;

#endif
