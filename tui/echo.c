#include "tui/echo.h"

#include <unistd.h>
#include "tui/rescue.h"

void echo_open(struct echo *e, int fd)
{
	*e = (struct echo){.fd = fd, .wake = -1};
	e->tty = isatty(fd) != 0 && tcgetattr(fd, &e->before) == 0;
	if (!e->tty)
		return;
	e->wake = rescue_watch();
	rescue_arm(fd, "", 0, &e->before);
}

void echo_close(struct echo *e)
{
	if (!e->tty)
		return;
	echo_on(e);
	rescue_disarm();
	rescue_unwatch();
	*e = (struct echo){.fd = -1, .wake = -1};
}

void echo_off(struct echo *e)
{
	struct termios quiet = e->before;

	if (!e->tty || e->off)
		return;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	/* The line's end is seen: what follows begins on a line of its own. */
	quiet.c_lflag |= ICANON | ECHONL;
	(void)tcsetattr(e->fd, TCSAFLUSH, &quiet);
	e->off = true;
}

void echo_on(struct echo *e)
{
	if (!e->off)
		return;
	(void)tcsetattr(e->fd, TCSADRAIN, &e->before);
	e->off = false;
}

bool echo_signals(struct echo *e)
{
	char notes[64];
	bool stop = false;
	bool off = e->off;
	ssize_t n = e->wake >= 0 ? read(e->wake, notes, sizeof(notes)) : 0;

	for (ssize_t i = 0; i < n; i++)
		stop = stop || notes[i] == 'z';
	if (!stop)
		return false;
	echo_on(e);
	rescue_stop_here();
	if (off)
		echo_off(e);
	return true;
}
