/*
 * Bytes on the wire of the sockets that are lent to libcurl, TLS and all, as the kernel counts
 * them: acknowledged or not, but without what was sent again.
 */
#ifndef NET_WIRE_COUNT_H
#define NET_WIRE_COUNT_H

#include "base/err.h"
#include "net/http_out.h"

struct wire_count {
	int *open;
	size_t count, room;
	struct http_out_traffic closed;
};

/* A new TCP socket that is counted from now on; -1 without a descriptor or memory. */
int wire_count_socket(struct wire_count *w, int family, int type, int protocol);
/* Closes it; what it carried stays counted. */
void wire_count_close(struct wire_count *w, int fd);
struct http_out_traffic wire_count_now(const struct wire_count *w);
/* Once no socket is open. */
void wire_count_free(struct wire_count *w);

#endif
