#include "net/http_wake.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct http_wake *first; /* under lock */

enum err http_wake_open(struct http_wake *w)
{
	w->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (w->fd < 0)
		return ERR_NO_MEMORY;
	pthread_mutex_lock(&lock);
	w->prev = NULL;
	w->next = first;
	if (first != NULL)
		first->prev = w;
	first = w;
	pthread_mutex_unlock(&lock);
	return OK;
}

void http_wake_close(struct http_wake *w)
{
	pthread_mutex_lock(&lock);
	if (w->prev != NULL)
		w->prev->next = w->next;
	else
		first = w->next;
	if (w->next != NULL)
		w->next->prev = w->prev;
	pthread_mutex_unlock(&lock);
	close(w->fd);
}

void http_wake_up(const struct http_wake *w)
{
	(void)eventfd_write(w->fd, 1);
}

void http_wake_all(void)
{
	pthread_mutex_lock(&lock);
	for (const struct http_wake *w = first; w != NULL; w = w->next)
		http_wake_up(w);
	pthread_mutex_unlock(&lock);
}

void http_wake_seen(const struct http_wake *w)
{
	eventfd_t times;

	(void)eventfd_read(w->fd, &times);
}

void http_wake_wait(
	const struct http_wake *w, const struct http_out_fd *fds, size_t count, int timeout_ms)
{
	struct pollfd p[HTTP_OUT_FDS_MOST + 1];

	p[0] = (struct pollfd){.fd = w->fd, .events = POLLIN};
	/* A negative one is passed over. */
	for (size_t i = 0; i < count; i++)
		p[i + 1] = (struct pollfd){.fd = fds[i].fd, .events = POLLIN};
	(void)poll(p, count + 1, timeout_ms);
}

void http_wake_mark(struct http_out_fd *fds, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct pollfd p = {.fd = fds[i].fd, .events = POLLIN};

		fds[i].ready = fds[i].fd >= 0 && poll(&p, 1, 0) > 0;
	}
}
