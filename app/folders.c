#include "app/folders.h"

#include <stdlib.h>

#define PROGRAM "buzon-tui"

static const char *home(void)
{
	const char *h = getenv("HOME");

	return h != NULL && h[0] == '/' ? h : ".";
}

/* The specification: a relative value is to be ignored. */
static const char *base_of(struct arena *a, const char *variable, const char *otherwise)
{
	const char *set = getenv(variable);

	if (set != NULL && set[0] == '/')
		return set;
	return arena_printf(a, "%s/%s", home(), otherwise);
}

const char *folders_config(struct arena *a)
{
	const char *base = base_of(a, "XDG_CONFIG_HOME", ".config");

	return base != NULL ? arena_printf(a, "%s/" PROGRAM, base) : NULL;
}

const char *folders_state(struct arena *a)
{
	const char *base = base_of(a, "XDG_STATE_HOME", ".local/state");

	return base != NULL ? arena_printf(a, "%s/" PROGRAM, base) : NULL;
}

const char *folders_data(struct arena *a, const char *perfil, const char *part)
{
	const char *base = base_of(a, "XDG_DATA_HOME", ".local/share");

	return base != NULL ? arena_printf(a, "%s/" PROGRAM "/%s/%s", base, perfil, part) : NULL;
}

/* No profile begins with a dot (app/config.c). */
const char *folders_keys(struct arena *a)
{
	return folders_data(a, ".llaves", "");
}

const char *folders_expand(struct arena *a, const char *from, const char *path)
{
	if (path[0] == '~' && path[1] == '/')
		return arena_printf(a, "%s%s", home(), path + 1);
	if (path[0] == '/' || from == NULL)
		return arena_strdup(a, path);
	return arena_printf(a, "%s/%s", from, path);
}
