/*
 * A yes before what can't be undone: on a terminal it is asked, in a script `--si` says it.
 */
#ifndef APP_CONFIRMAR_H
#define APP_CONFIRMAR_H

#include "app/verbs.h"

/*
 * `pregunta` is written to stderr as it is, and ends where the answer is typed. ERR_NEED_YES where
 * nobody is there to be asked, ERR_CANCELLED for any answer but SI.
 */
enum err confirmar(struct verb_call *v, const char *pregunta) MUST_CHECK;

#endif
