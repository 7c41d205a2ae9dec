#include "core/listo.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "base/log.h"

#define READY "READY=1"

static bool tell(const char *address)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	size_t size = strlen(address);

	if (size == 0 || size >= sizeof(at.sun_path))
		return false;
	memcpy(at.sun_path, address, size);
	/* A name that is in no folder is written with an @. */
	if (at.sun_path[0] == '@')
		at.sun_path[0] = '\0';
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	socklen_t room = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size);
	bool sent = fd >= 0 && sendto(fd, READY, strlen(READY), MSG_NOSIGNAL,
				       (const struct sockaddr *)&at, room) > 0;

	if (fd >= 0)
		close(fd);
	return sent;
}

void listo_say(const char *format, ...)
{
	const char *manager = getenv("NOTIFY_SOCKET");
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
	if (manager != NULL && !tell(manager))
		log_write(LOG_WARN, "inicio", "no se pudo avisar a systemd en %s", manager);
}
