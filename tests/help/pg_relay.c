#include "tests/help/pg_relay.h"

#include <arpa/inet.h>
#include <endian.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "tests/help/cm.h"
#include "tests/help/e2e.h"

#define CHUNK 65536
#define LINKS_MOST 64
#define TICK_MS 10
#define NAME 16
#define JUDGED_MS 20000

enum { UP, DOWN };

/* One way of a connection: what has come and is not passed on yet. */
struct way {
	int from;
	char *bytes;
	size_t size, room;
	bool typed; /* the first message of a client has no type */
};

struct pg_link {
	struct pg_link *next;
	struct way ways[2];
	char commit[NAME], acto[NAME]; /* the statements' names on this connection */
	bool acts;		       /* the transaction at hand has some */
	bool told;		       /* PG_ACT_DONE was */
	bool ended;
};

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

static void link_open(struct pg_relay *r)
{
	int client = accept4(r->fd, NULL, NULL, SOCK_CLOEXEC);
	int server = client >= 0 ? reach(r->to) : -1;
	struct pg_link *l = server >= 0 ? calloc(1, sizeof(*l)) : NULL;
	int on = 1;

	if (l == NULL) {
		if (client >= 0)
			close(client);
		return;
	}
	(void)setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	(void)setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	l->ways[UP] = (struct way){.from = client};
	l->ways[DOWN] = (struct way){.from = server, .typed = true};
	l->next = r->links;
	r->links = l;
}

static void link_free(struct pg_link *l)
{
	for (int w = UP; w <= DOWN; w++) {
		close(l->ways[w].from);
		free(l->ways[w].bytes);
	}
	free(l);
}

/* ---- messages ----------------------------------------------------------------------------- */

/* The size of the whole message that begins there; 0: it has not come whole. */
static size_t whole(const struct way *w, size_t at)
{
	size_t head = w->typed ? 1 : 0;
	uint32_t length;

	if (w->size - at < head + sizeof(length))
		return 0;
	memcpy(&length, w->bytes + at + head, sizeof(length));
	size_t size = head + be32toh(length);

	return w->size - at >= size ? size : 0;
}

static void name_is(char to[NAME], const char *name)
{
	memset(to, 0, NAME);
	memcpy(to, name, strnlen(name, NAME - 1));
}

/* Parse: which name is which statement; Bind: which statement runs. */
static bool look_up(struct pg_link *l, const char *m, enum pg_step *ret_step)
{
	const char *first = m + 5;
	const char *second;

	if (m[0] != 'P' && m[0] != 'B')
		return false;
	second = first + strlen(first) + 1;
	if (m[0] == 'P' && strcmp(second, "COMMIT") == 0)
		name_is(l->commit, first);
	if (m[0] == 'P' && strncmp(second, "INSERT INTO acto ", 17) == 0)
		name_is(l->acto, first);
	if (m[0] == 'P')
		return false;
	if (l->acto[0] != '\0' && strcmp(second, l->acto) == 0)
		l->acts = true;
	*ret_step = PG_COMMIT_SENT;
	return l->acts && l->commit[0] != '\0' && strcmp(second, l->commit) == 0;
}

/* CommandComplete: what was done. */
static bool look_down(struct pg_link *l, const char *m, enum pg_step *ret_step)
{
	const char *tag = m + 5;

	if (m[0] != 'C' || !l->acts)
		return false;
	if (!l->told && strncmp(tag, "INSERT", 6) == 0) {
		l->told = true;
		*ret_step = PG_ACT_DONE;
		return true;
	}
	if (strcmp(tag, "COMMIT") != 0 && strcmp(tag, "ROLLBACK") != 0)
		return false;
	l->acts = l->told = false;
	*ret_step = PG_COMMIT_DONE;
	return strcmp(tag, "COMMIT") == 0;
}

/* ---- passing on --------------------------------------------------------------------------- */

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

/* False where the line ends within these bytes. */
static bool pass(struct pg_relay *r, struct pg_link *l, int way, size_t size)
{
	struct way *w = &l->ways[way];
	long long left = r->cut_after;
	bool cut = left > 0 && (size_t)left <= size;
	size_t most = cut ? (size_t)left : size;

	if (left > 0)
		r->cut_after = cut ? 0 : left - (long long)size;
	bool sent = send_all(l->ways[way == UP ? DOWN : UP].from, w->bytes, most);

	w->size -= size;
	memmove(w->bytes, w->bytes + size, w->size);
	r->cuts += cut;
	return sent && !cut;
}

static enum pg_verdict ask(struct pg_relay *r, enum pg_step step)
{
	pg_judge *of = r->judge;
	enum pg_verdict v = of != NULL ? of(r, step) : PG_FORWARD;

	r->cuts += v != PG_FORWARD;
	return v;
}

/* All whole messages; what comes before a judged one is on its way when it is judged. */
static bool deliver(struct pg_relay *r, struct pg_link *l, int way)
{
	struct way *w = &l->ways[way];
	size_t at = 0;

	for (size_t size; (size = whole(w, at)) != 0; at += size) {
		enum pg_step step;
		bool typed = w->typed;

		w->typed = true;
		if (!typed || !(way == UP ? look_up : look_down)(l, w->bytes + at, &step))
			continue;
		if (at != 0 && !pass(r, l, way, at))
			return false;
		at = 0;
		if (ask(r, step) == PG_CUT)
			return false;
	}
	return at == 0 || pass(r, l, way, at);
}

static bool take(struct pg_relay *r, struct pg_link *l, int way)
{
	struct way *w = &l->ways[way];

	if (w->room - w->size < CHUNK) {
		w->room = w->size + 2 * CHUNK;
		w->bytes = realloc(w->bytes, w->room);
	}
	ssize_t n = recv(w->from, w->bytes + w->size, CHUNK, 0);

	if (n <= 0)
		return false;
	w->size += (size_t)n;
	return deliver(r, l, way);
}

/* ---- the thread --------------------------------------------------------------------------- */

static void sweep(struct pg_relay *r, bool all)
{
	for (struct pg_link **at = &r->links; *at != NULL;) {
		struct pg_link *l = *at;

		if (!all && !l->ended) {
			at = &l->next;
			continue;
		}
		*at = l->next;
		link_free(l);
	}
}

static void turn(struct pg_relay *r)
{
	struct pollfd p[1 + 2 * LINKS_MOST] = {{.fd = r->fd, .events = POLLIN}};
	bool held = r->held;
	nfds_t n = 1;

	for (struct pg_link *l = r->links; l != NULL && n + 1 < COUNT_OF(p); l = l->next)
		for (int way = UP; way <= DOWN; way++)
			p[n++] = (struct pollfd){
				.fd = held ? -1 : l->ways[way].from, .events = POLLIN};
	(void)poll(p, n, TICK_MS);
	n = 1;
	for (struct pg_link *l = r->links; l != NULL && n + 1 < COUNT_OF(p); l = l->next)
		for (int way = UP; way <= DOWN; way++)
			if (p[n++].revents != 0 && !l->ended)
				l->ended = !take(r, l, way);
	if (p[0].revents != 0 && !held)
		link_open(r);
}

static void *run(void *context)
{
	struct pg_relay *r = context;

	while (!r->stop) {
		turn(r);
		sweep(r, false);
	}
	sweep(r, true);
	return NULL;
}

void pg_relay_open(struct pg_relay *r, unsigned to)
{
	*r = (struct pg_relay){.to = to};
	r->fd = e2e_listen(&r->port);
	assert_int_equal(pthread_create(&r->thread, NULL, run, r), 0);
}

void pg_relay_judge(struct pg_relay *r, pg_judge *judge)
{
	r->judge = judge;
}

void pg_relay_judged(const struct pg_relay *r)
{
	int64_t until = clock_monotonic() + JUDGED_MS;

	while (r->judge != NULL && clock_monotonic() < until)
		nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
	assert_true(r->judge == NULL);
}

void pg_relay_close(struct pg_relay *r)
{
	if (r->port == 0)
		return;
	r->stop = true;
	pthread_join(r->thread, NULL);
	close(r->fd);
	r->port = 0;
}

const char *pg_relay_place(const struct pg_relay *r, struct arena *a, const char *database)
{
	const char *place = arena_printf(a,
		"postgresql://postgres@127.0.0.1:%u/%s?sslmode=disable&gssencmode=disable", r->port,
		database);

	assert_non_null(place);
	return place;
}
