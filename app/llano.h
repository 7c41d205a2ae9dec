/*
 * Line mode (`--llano`): the screens of the menu as plain lines and prompts, for who listens, reads
 * braille, or has a terminal that can't move its cursor. The same pages, the same acts.
 */
#ifndef APP_LLANO_H
#define APP_LLANO_H

#include "app/config.h"

#define LLANO_LINES 20 /* of a part, unless said */
#define LLANO_LINES_MOST 500

/* May lines be read from stdin, where the screen is impossible? */
bool llano_usable(void);
/*
 * Runs until the person leaves or stdin ends; `perfil` and `clave_fd` as the screen takes them.
 * `lines` (0: $LINES, else LLANO_LINES) is how much is printed before it asks. ERR_IO where nobody
 * reads.
 */
enum err llano_run(
	const struct config_app *, const char *perfil, int clave_fd, size_t lines) MUST_CHECK;

#endif
