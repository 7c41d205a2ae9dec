#include "tests/bench/load.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>
#include "tests/bench/bench.h"

enum { MOST = 64, LANES = 2, ANSWER = 65536 };

/* A load and how much of it is under way. */
struct lane {
	const struct load *load;
	size_t sent;
};

struct peer {
	struct lane *lane;
	char answer[ANSWER];
	size_t size;
	bool busy;
};

struct running {
	struct lane lanes[LANES];
	struct pollfd fds[MOST];
	struct peer *peers;
	size_t connections;
	size_t count;
	size_t answered;
	struct load_result result;
};

struct bytes load_request(struct arena *a, const struct received *rq, const char *accept)
{
	const char *coding = accept != NULL ? accept : "identity";
	char *text = arena_printf(a,
		"%s %s HTTP/1.1\r\nHost: %s\r\nContent-Type: %s\r\nContent-Digest: %s\r\n"
		"Signature-Input: %s\r\nSignature: %s\r\nAccept-Encoding: %s\r\n"
		"Content-Length: %zu\r\n\r\n%.*s",
		rq->method, rq->target, rq->host, rq->content_type, rq->content_digest,
		rq->signature_input, rq->signature, coding, rq->body.size, (int)rq->body.size,
		(const char *)rq->body.data);

	if (text == NULL)
		bench_die("no memory for a request");
	return bytes_of_text(text);
}

static int dial(unsigned short port)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int one = 1;

	if (fd < 0 || connect(fd, (const struct sockaddr *)&to, sizeof(to)) != 0)
		bench_die("can't connect");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return fd;
}

static void send_next(struct running *r, size_t at)
{
	struct peer *p = &r->peers[at];
	struct lane *lane = p->lane;

	p->size = 0;
	p->busy = lane->sent < lane->load->count;
	if (!p->busy)
		return;
	struct bytes rq = lane->load->requests[lane->sent++];

	if (write(r->fds[at].fd, rq.data, rq.size) != (ssize_t)rq.size)
		bench_die("can't send");
}

/* The size of a whole answer that stands in the buffer, or 0. */
static size_t whole(const struct peer *p, size_t *ret_body)
{
	const char *end = memmem(p->answer, p->size, "\r\n\r\n", 4);
	const char *length = end != NULL ? strcasestr(p->answer, "content-length:") : NULL;

	if (length == NULL || length > end)
		return 0;
	*ret_body = strtoul(length + 15, NULL, 10);
	size_t size = (size_t)(end - p->answer) + 4 + *ret_body;

	return p->size >= size ? size : 0;
}

static void receive(struct running *r, size_t at)
{
	struct peer *p = &r->peers[at];
	ssize_t n = read(r->fds[at].fd, p->answer + p->size, ANSWER - 1 - p->size);

	if (n <= 0) /* a new connection takes its place */
	{
		close(r->fds[at].fd);
		r->fds[at].fd = dial(p->lane->load->port);
		r->result.other++;
		r->answered++;
		send_next(r, at);
		return;
	}
	p->size += (size_t)n;
	p->answer[p->size] = '\0';
	if (whole(p, &r->result.body) == 0)
		return;
	if (strncmp(p->answer, "HTTP/1.1 200", 12) == 0)
		r->result.ok++;
	else {
		if (r->result.other == 0)
			fprintf(stderr, "%s\n", p->answer);
		r->result.other++;
	}
	r->answered++;
	send_next(r, at);
}

static void run_all(struct running *r)
{
	for (size_t i = 0; i < r->connections; i++)
		send_next(r, i);
	while (r->answered < r->count) {
		if (poll(r->fds, r->connections, 20000) <= 0)
			bench_die("the server does not answer");
		for (size_t i = 0; i < r->connections; i++)
			if (r->peers[i].busy && r->fds[i].revents != 0)
				receive(r, i);
	}
}

static void add_lane(struct running *r, size_t at, const struct load *l)
{
	r->lanes[at] = (struct lane){.load = l};
	r->count += l->count;
	for (unsigned i = 0; i < l->connections; i++, r->connections++) {
		if (r->connections == MOST)
			bench_die("too many connections");
		r->peers[r->connections].lane = &r->lanes[at];
		r->fds[r->connections] = (struct pollfd){.fd = dial(l->port), .events = POLLIN};
	}
}

struct load_result load_run(const struct load *loads, size_t count)
{
	struct running r = {.peers = calloc(MOST, sizeof(*r.peers))};

	if (r.peers == NULL || count > LANES)
		bench_die("no memory for connections");
	for (size_t i = 0; i < count; i++)
		add_lane(&r, i, &loads[i]);
	double start = bench_now();

	run_all(&r);
	r.result.seconds = bench_now() - start;
	for (size_t i = 0; i < r.connections; i++)
		close(r.fds[i].fd);
	free(r.peers);
	return r.result;
}
