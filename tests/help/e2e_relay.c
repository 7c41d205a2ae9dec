#include "tests/help/e2e_relay.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "tests/help/cm.h"

/* A slow line is cut into pieces that take a tenth of a second at most. */
#define CHUNK 16384
#define TENTHS 10
#define TICK_MS 20
#define LINKS_MOST 16

enum { UP, DOWN };

/* Bytes on their way, with the instant of their arrival. */
struct piece {
	struct piece *next;
	int64_t at; /* monotonic us */
	size_t size;
	char bytes[];
};

/* A client's connection and the server's. */
struct e2e_link {
	struct e2e_link *next;
	int fds[2]; /* of who sends: client (UP), server (DOWN); -1 once it said its last */
	struct piece *first[2], *last[2];
	bool ended; /* both ways are done, or it was cut */
};

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000;
}

static int reach(unsigned port)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static bool send_all(int fd, const char *bytes, size_t size)
{
	while (size != 0) {
		ssize_t n = send(fd, bytes, size, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		bytes += n;
		size -= (size_t)n;
	}
	return true;
}

/* ---- links -------------------------------------------------------------------------------- */

static void link_open(struct e2e_relay *r)
{
	int client = accept4(r->fd, NULL, NULL, SOCK_CLOEXEC);
	int server = client >= 0 ? reach(r->world->port) : -1;
	struct e2e_link *l = server >= 0 ? calloc(1, sizeof(*l)) : NULL;
	int on = 1;

	if (l == NULL) {
		if (client >= 0)
			close(client);
		return;
	}
	(void)setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	(void)setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	l->fds[UP] = client;
	l->fds[DOWN] = server;
	l->next = r->links;
	r->links = l;
}

static void link_free(struct e2e_link *l)
{
	for (int way = UP; way <= DOWN; way++) {
		while (l->first[way] != NULL) {
			struct piece *p = l->first[way];

			l->first[way] = p->next;
			free(p);
		}
		close(l->fds[way]);
	}
	free(l);
}

static void sweep(struct e2e_relay *r, bool all)
{
	for (struct e2e_link **at = &r->links; *at != NULL;) {
		struct e2e_link *l = *at;

		if (!all && !l->ended) {
			at = &l->next;
			continue;
		}
		*at = l->next;
		link_free(l);
	}
}

/* ---- pieces ------------------------------------------------------------------------------- */

static size_t piece_most(const struct e2e_relay *r)
{
	size_t tenth = (size_t)r->rate / TENTHS;

	return r->rate == 0 || tenth > CHUNK ? CHUNK : tenth + 1;
}

/* What takes the line's time is queued behind what is on it already. */
static int64_t arrival(struct e2e_relay *r, int way, size_t size)
{
	int64_t now = now_us();

	if (r->free_at[way] < now)
		r->free_at[way] = now;
	if (r->rate > 0)
		r->free_at[way] += (int64_t)size * 1000000 / r->rate;
	return r->free_at[way] + r->delay_ms * INT64_C(1000);
}

/* Takes what one end says; its end is a piece of no bytes. */
static void take(struct e2e_relay *r, struct e2e_link *l, int way)
{
	struct piece *p = malloc(sizeof(*p) + CHUNK);
	ssize_t n = recv(l->fds[way], p->bytes, piece_most(r), 0);

	p->size = n > 0 ? (size_t)n : 0;
	p->next = NULL;
	p->at = arrival(r, way, p->size);
	if (l->last[way] != NULL && l->first[way] != NULL)
		l->last[way]->next = p;
	else
		l->first[way] = p;
	l->last[way] = p;
}

static bool pass_answer(struct e2e_relay *r, const struct piece *p, int client)
{
	enum e2e_verdict (*judge)(struct e2e_relay *) = r->judge;

	r->pieces++;
	switch (judge != NULL ? judge(r) : E2E_FORWARD) {
	case E2E_FORWARD:
		return send_all(client, p->bytes, p->size);
	case E2E_HALF:
		(void)send_all(client, p->bytes, p->size / 2);
		return false;
	default:
		return false;
	}
}

/* Passes on what has arrived; false where the link ends. */
static bool deliver(struct e2e_relay *r, struct e2e_link *l, int way)
{
	while (l->first[way] != NULL && l->first[way]->at <= now_us()) {
		struct piece *p = l->first[way];
		int to = l->fds[way == UP ? DOWN : UP];

		/* Before whoever hears it can ask. */
		atomic_fetch_add(way == UP ? &r->up : &r->down, (long long)p->size);
		bool on = p->size > 0 &&
			  (way == DOWN ? pass_answer(r, p, to) : send_all(to, p->bytes, p->size));

		l->first[way] = p->next;
		free(p);
		if (!on)
			return false;
	}
	return true;
}

/* ---- the thread --------------------------------------------------------------------------- */

/* One piece at a time is on a slow way: what is not taken waits in the sender's own buffers. */
static bool may_take(const struct e2e_relay *r, const struct e2e_link *l, int way)
{
	return !r->held && (r->rate == 0 || r->free_at[way] <= now_us()) &&
	       (l->last[way] == NULL || l->first[way] == NULL || l->last[way]->size > 0);
}

/* Until the next piece is due or can be taken, at most a tick. */
static int patience(const struct e2e_relay *r)
{
	int64_t now = now_us();
	int64_t left = TICK_MS * INT64_C(1000);

	for (const struct e2e_link *l = r->links; l != NULL; l = l->next)
		for (int way = UP; way <= DOWN; way++) {
			if (l->first[way] != NULL && l->first[way]->at - now < left)
				left = l->first[way]->at - now;
			if (r->free_at[way] > now && r->free_at[way] - now < left)
				left = r->free_at[way] - now;
		}
	return left <= 0 ? 0 : (int)(left / 1000 + 1);
}

static void turn(struct e2e_relay *r)
{
	struct pollfd p[1 + 2 * LINKS_MOST] = {{.fd = r->fd, .events = POLLIN}};
	nfds_t n = 1;

	for (struct e2e_link *l = r->links; l != NULL && n < COUNT_OF(p); l = l->next)
		for (int way = UP; way <= DOWN; way++)
			p[n++] = (struct pollfd){
				.fd = may_take(r, l, way) ? l->fds[way] : -1, .events = POLLIN};
	(void)poll(p, n, patience(r));
	n = 1;
	for (struct e2e_link *l = r->links; l != NULL && n < COUNT_OF(p); l = l->next) {
		for (int way = UP; way <= DOWN; way++)
			if (p[n++].revents != 0 && may_take(r, l, way))
				take(r, l, way);
		if (!r->held)
			l->ended = !deliver(r, l, UP) || !deliver(r, l, DOWN);
	}
	if (p[0].revents != 0)
		link_open(r);
}

static void *run(void *context)
{
	struct e2e_relay *r = context;

	while (!r->stop) {
		turn(r);
		bool dead = clock_monotonic() < r->dead_until;

		r->cuts += dead && r->links != NULL;
		sweep(r, dead);
	}
	sweep(r, true);
	return NULL;
}

void e2e_relay_open(struct e2e_relay *r, struct e2e *w)
{
	*r = (struct e2e_relay){.world = w};
	r->fd = e2e_listen(&r->port);
	(void)snprintf(r->authority, sizeof(r->authority), "localhost:%u", r->port);
	w->authority = r->authority;
}

void e2e_relay_start(struct e2e_relay *r)
{
	assert_int_equal(pthread_create(&r->thread, NULL, run, r), 0);
}

void e2e_relay_cut(struct e2e_relay *r, int ms)
{
	r->dead_until = clock_monotonic() + ms;
}

void e2e_relay_close(struct e2e_relay *r)
{
	r->stop = true;
	pthread_join(r->thread, NULL);
	close(r->fd);
}
