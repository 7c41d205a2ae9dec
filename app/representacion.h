/*
 * Representations as commands list them: given by this RFC, or given to it.
 */
#ifndef APP_REPRESENTACION_H
#define APP_REPRESENTACION_H

#include "app/verbs.h"
#include "net/messages.h"

/* One a line, or an object a line; `received`: who gave it is named, else who has it. */
enum err representacion_list(struct verb_call *v, const struct m_representacion *rows, size_t count,
	bool received) MUST_CHECK;

#endif
