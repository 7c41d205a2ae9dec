/*
 * The screen: the terminal's loop over the menus of the portal. What buzon-tui is without a verb.
 */
#ifndef APP_INTERACTIVE_H
#define APP_INTERACTIVE_H

#include "app/config.h"

/*
 * Runs until the person leaves; the first profile when `perfil` is NULL. `clave_fd` (-1: none)
 * gives its key's password. ERR_NO_TERMINAL.
 */
enum err interactive_run(const struct config_app *, const char *perfil, int clave_fd) MUST_CHECK;

#endif
