/*
 * Where buzon-tui keeps things (XDG Base Directory): settings, and what a profile must not lose.
 */
#ifndef APP_FOLDERS_H
#define APP_FOLDERS_H

#include "base/arena.h"

/* All give NULL where memory ends; without HOME, the paths begin at the current folder. */
const char *folders_config(struct arena *a) MUST_CHECK;
/* $XDG_STATE_HOME/buzon-tui: what may be lost. */
const char *folders_state(struct arena *a) MUST_CHECK;
/* $XDG_DATA_HOME/buzon-tui/<perfil>/<part>; nothing is made. */
const char *folders_data(struct arena *a, const char *perfil, const char *part) MUST_CHECK;
/* $XDG_DATA_HOME/buzon-tui/.llaves: what opens the local copies, by certificate. */
const char *folders_keys(struct arena *a) MUST_CHECK;
/* "~/x" under HOME; a relative path under `from` (NULL: as it is); others as they are. */
const char *folders_expand(struct arena *a, const char *from, const char *path) MUST_CHECK;

#endif
