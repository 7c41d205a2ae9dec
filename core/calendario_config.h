/*
 * The published calendar of this server: CFF 12 for the configured years and the days that the
 * Institute declared, one line each: `2026-12-24 = motivo` in [inhabiles].
 */
#ifndef CORE_CALENDARIO_CONFIG_H
#define CORE_CALENDARIO_CONFIG_H

#include "core/config.h"
#include "ley/calendario.h"

/*
 * In the arena. ERR_CONFIG with *ret_message, a Spanish sentence with file and line; other errors
 * of calendario_make leave *ret_message alone.
 */
enum err calendario_load(struct arena *a, const struct config *c, struct calendario *ret,
	const char **ret_message) MUST_CHECK;

#endif
