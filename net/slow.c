#include "net/slow.h"

#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include "base/clock.h"
#include "base/mem.h"
#include "net/timed.h"

enum { SWEEP_MS = 200 };

struct slow_peer {
	struct slow_peer *next, *prev;
	int fd;
	int64_t until; /* monotonic; 0: no end */
	bool expects;  /* it has more to send */
};

struct slow {
	pthread_mutex_t lock;
	pthread_cond_t ended;
	struct slow_peer *peers;
	bool ends;
	pthread_t thread;
};

/* All that it sent was read, and nothing can follow. */
static bool is_spent(const struct slow_peer *p)
{
	int unread = 0;

	return p->expects && slow_left(p) && ioctl(p->fd, FIONREAD, &unread) == 0 && unread == 0;
}

static void sweep(struct slow *s, int64_t now)
{
	for (struct slow_peer *p = s->peers; p != NULL; p = p->next) {
		if ((p->until == 0 || p->until > now) && !is_spent(p))
			continue;
		/* Its owner sees the end and closes it. */
		shutdown(p->fd, SHUT_RDWR);
		p->until = 0;
		p->expects = false;
	}
}

static void *run(void *ctx)
{
	struct slow *s = ctx;

	pthread_mutex_lock(&s->lock);
	while (!s->ends) {
		int64_t now = clock_monotonic();

		sweep(s, now);
		/* Signalled or not, the loop looks at `ends`. */
		(void)!timed_wait(&s->ended, &s->lock, now + SWEEP_MS);
	}
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

static void slow_free(struct slow *s)
{
	while (s->peers != NULL)
		slow_remove(s, s->peers);
	pthread_cond_destroy(&s->ended);
	pthread_mutex_destroy(&s->lock);
	mem_free(s);
}

enum err slow_start(struct slow **ret)
{
	struct slow *s = mem_zalloc(sizeof(*s));

	if (s == NULL)
		return ERR_NO_MEMORY;
	if (!timed_make(&s->ended)) {
		mem_free(s);
		return ERR_NO_MEMORY;
	}
	pthread_mutex_init(&s->lock, NULL);
	if (pthread_create(&s->thread, NULL, run, s) != 0) {
		slow_free(s);
		return ERR_NO_MEMORY;
	}
	*ret = s;
	return OK;
}

void slow_stop(struct slow *s)
{
	if (s == NULL)
		return;
	pthread_mutex_lock(&s->lock);
	s->ends = true;
	pthread_cond_signal(&s->ended);
	pthread_mutex_unlock(&s->lock);
	pthread_join(s->thread, NULL);
	slow_free(s);
}

struct slow_peer *slow_add(struct slow *s, int fd)
{
	struct slow_peer *p = mem_zalloc(sizeof(*p));

	if (p == NULL)
		return NULL;
	p->fd = fd;
	pthread_mutex_lock(&s->lock);
	p->next = s->peers;
	if (p->next != NULL)
		p->next->prev = p;
	s->peers = p;
	pthread_mutex_unlock(&s->lock);
	return p;
}

void slow_remove(struct slow *s, struct slow_peer *p)
{
	if (p == NULL)
		return;
	pthread_mutex_lock(&s->lock);
	if (p->prev != NULL)
		p->prev->next = p->next;
	else
		s->peers = p->next;
	if (p->next != NULL)
		p->next->prev = p->prev;
	pthread_mutex_unlock(&s->lock);
	mem_free(p);
}

void slow_allow(struct slow *s, struct slow_peer *p, int ms)
{
	if (p == NULL)
		return;
	int64_t until = ms < 0 ? 0 : clock_monotonic() + ms;

	pthread_mutex_lock(&s->lock);
	p->until = until;
	pthread_mutex_unlock(&s->lock);
}

void slow_expect(struct slow *s, struct slow_peer *p, bool more)
{
	if (p == NULL)
		return;
	pthread_mutex_lock(&s->lock);
	p->expects = more;
	pthread_mutex_unlock(&s->lock);
}

/* What TLS says on leaving may still stand unread: the end of the stream tells, not its bytes. */
bool slow_left(const struct slow_peer *p)
{
	struct pollfd look = {.fd = p != NULL ? p->fd : -1, .events = POLLRDHUP};

	return poll(&look, 1, 0) > 0 &&
	       (look.revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) != 0;
}
