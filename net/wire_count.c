#include "net/wire_count.h"

/* glibc's own struct tcp_info ends before the counts of bytes. */
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/mem.h"

/* TCP_CLOSE_WAIT of the kernel's tcp_states.h: the peer's FIN came. */
#define PEER_CLOSED 8

static bool has_room(struct wire_count *w)
{
	size_t room = w->room != 0 ? 2 * w->room : 8;

	if (w->count < w->room)
		return true;
	int *more = mem_realloc(w->open, room * sizeof(*more));
	if (more == NULL)
		return false;
	w->open = more;
	w->room = room;
	return true;
}

int wire_count_socket(struct wire_count *w, int family, int type, int protocol)
{
	int fd = has_room(w) ? socket(family, type | SOCK_CLOEXEC, protocol) : -1;

	if (fd >= 0)
		w->open[w->count++] = fd;
	return fd;
}

static void add(struct http_out_traffic *to, int fd)
{
	struct tcp_info of = {0};
	socklen_t size = sizeof(of);

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &of, &size) != 0)
		return;
	/* A FIN takes a number of the sequence that the kernel counts as a byte. */
	to->in += (int64_t)of.tcpi_bytes_received - (of.tcpi_state == PEER_CLOSED);
	to->out += (int64_t)(of.tcpi_bytes_sent - of.tcpi_bytes_retrans);
}

void wire_count_close(struct wire_count *w, int fd)
{
	for (size_t i = 0; i < w->count; i++)
		if (w->open[i] == fd) {
			add(&w->closed, fd);
			w->open[i] = w->open[--w->count];
			break;
		}
	close(fd);
}

struct http_out_traffic wire_count_now(const struct wire_count *w)
{
	struct http_out_traffic all = w->closed;

	for (size_t i = 0; i < w->count; i++)
		add(&all, w->open[i]);
	return all;
}

void wire_count_free(struct wire_count *w)
{
	mem_free(w->open);
	*w = (struct wire_count){0};
}
