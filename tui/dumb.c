#include "tui/dumb.h"

#include <stdlib.h>
#include <string.h>
#include <termcap.h>
#include <unistd.h>

bool dumb_terminal(void)
{
	const char *name = getenv("TERM");

	if (isatty(STDIN_FILENO) == 0 || isatty(STDOUT_FILENO) == 0 || name == NULL ||
		name[0] == '\0' || strcmp(name, "dumb") == 0 || tgetent(NULL, name) != 1)
		return true;
	char room[1024];
	char *at = room;

	return tgetstr("cm", &at) == NULL;
}
