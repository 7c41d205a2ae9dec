/*
 * The socket a server listens on, opened by us so that a busy port can be told from the rest.
 */
#ifndef NET_LISTENER_H
#define NET_LISTENER_H

#include "base/err.h"

/*
 * `address` is numeric ("127.0.0.1", "::1"), port 0 is any free one; *ret_port is the real one.
 * ERR_CONFIG where the address can't be used, ERR_UNAVAILABLE where the port is taken.
 */
enum err listener_open(
	const char *address, unsigned short port, int *ret_fd, unsigned short *ret_port) MUST_CHECK;
/* How many connections the process's limit of descriptors allows; some are left for the rest. */
unsigned listener_connections(void);

struct sockaddr;
enum { LISTENER_PEER = 46 };
/* The peer's address as text, "" where it is neither IPv4 nor IPv6 (or NULL). */
void listener_peer(const struct sockaddr *a, char to[LISTENER_PEER]);

#endif
