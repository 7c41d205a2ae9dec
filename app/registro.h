/*
 * The log of buzon-tui: $XDG_STATE_HOME/buzon-tui/registro.log (0600), the one before at .1 once it
 * holds a mebibyte. Several programs may write to it at a time.
 *
 * It is for the person and for whoever helps them: what was asked for, what came of it and when.
 * Never a secret, a body, a name, an RFC, a folio; routes, errors' wire names and figures.
 */
#ifndef APP_REGISTRO_H
#define APP_REGISTRO_H

#include <stdbool.h>

/*
 * Before any other thread. From here on log_write writes there; with `debug` the least serious too.
 * Where there can be no log (no space, a home that is read-only) nothing is written anywhere: never
 * to a terminal.
 */
void registro_open(bool debug);
/* Where it is; "" where there is none. */
const char *registro_path(void);

#endif
