#include "net/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/log.h"

enum { CONNECTIONS_MOST = 8192, OTHER_FDS = 128 };

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static enum err parse(
	const char *text, unsigned short port, union address *ret, socklen_t *ret_size)
{
	union address a = {0};

	if (inet_pton(AF_INET, text, &a.v4.sin_addr) == 1) {
		a.v4.sin_family = AF_INET;
		a.v4.sin_port = htons(port);
		*ret_size = sizeof(a.v4);
	} else if (inet_pton(AF_INET6, text, &a.v6.sin6_addr) == 1) {
		a.v6.sin6_family = AF_INET6;
		a.v6.sin6_port = htons(port);
		*ret_size = sizeof(a.v6);
	} else
		return ERR_CONFIG;
	*ret = a;
	return OK;
}

static bool bound(int fd, union address *a, socklen_t size)
{
	int on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	return bind(fd, &a->any, size) == 0 && listen(fd, SOMAXCONN) == 0 &&
	       getsockname(fd, &a->any, &size) == 0;
}

enum err listener_open(
	const char *address, unsigned short port, int *ret_fd, unsigned short *ret_port)
{
	union address a;
	socklen_t size;
	enum err e = parse(address, port, &a, &size);

	if (e != OK)
		return e;
	int fd = socket(a.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return ERR_UNAVAILABLE;
	if (!bound(fd, &a, size)) {
		int why = errno;

		log_write(LOG_ERROR, "http", "%s:%u: %s", address, port, strerror(why));
		close(fd);
		return why == EACCES || why == EADDRNOTAVAIL ? ERR_CONFIG : ERR_UNAVAILABLE;
	}
	*ret_fd = fd;
	*ret_port = ntohs(a.any.sa_family == AF_INET ? a.v4.sin_port : a.v6.sin6_port);
	return OK;
}

unsigned listener_connections(void)
{
	struct rlimit fds;

	if (getrlimit(RLIMIT_NOFILE, &fds) != 0 || fds.rlim_cur >= CONNECTIONS_MOST + OTHER_FDS)
		return CONNECTIONS_MOST;
	return fds.rlim_cur > 2 * OTHER_FDS ? (unsigned)fds.rlim_cur - OTHER_FDS : OTHER_FDS;
}

void listener_peer(const struct sockaddr *a, char to[LISTENER_PEER])
{
	union address copy = {0};

	to[0] = '\0';
	if (a != NULL && a->sa_family == AF_INET) {
		memcpy(&copy.v4, a, sizeof(copy.v4));
		inet_ntop(AF_INET, &copy.v4.sin_addr, to, LISTENER_PEER);
	} else if (a != NULL && a->sa_family == AF_INET6) {
		memcpy(&copy.v6, a, sizeof(copy.v6));
		inet_ntop(AF_INET6, &copy.v6.sin6_addr, to, LISTENER_PEER);
	}
}
