#include "tui/idle.h"

#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

int idle_open(void)
{
	const char *number = getenv("BUZON_IDLE_FD");
	char *end = NULL;
	long fd = number != NULL ? strtol(number, &end, 10) : -1;

	if (fd < 3 || fd > INT_MAX || *end != '\0' || fcntl((int)fd, F_GETFD) < 0)
		return -1;
	/* What we start must not hold the test's pipe. */
	(void)fcntl((int)fd, F_SETFD, FD_CLOEXEC);
	return (int)fd;
}

void idle_tell(int fd)
{
	if (fd >= 0)
		(void)!write(fd, "i", 1);
}
