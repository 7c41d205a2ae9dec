#include "tests/help/e2e_relay.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "tests/help/cm.h"

#define CHUNK 16384
#define TICK_MS 20

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

static bool pass_request(int client, int server)
{
	char chunk[CHUNK];
	ssize_t n = recv(client, chunk, sizeof(chunk), 0);

	return n > 0 && send_all(server, chunk, (size_t)n);
}

static bool pass_answer(struct e2e_relay *r, int server, int client)
{
	char chunk[CHUNK];
	ssize_t n = recv(server, chunk, sizeof(chunk), 0);
	enum e2e_verdict (*judge)(struct e2e_relay *) = r->judge;

	if (n <= 0)
		return false;
	r->pieces++;
	switch (judge != NULL ? judge(r) : E2E_FORWARD) {
	case E2E_FORWARD:
		return send_all(client, chunk, (size_t)n);
	case E2E_HALF:
		(void)send_all(client, chunk, (size_t)n / 2);
		return false;
	default:
		return false;
	}
}

static void carry(struct e2e_relay *r, int client)
{
	int server = reach(r->world->port);
	bool on = server >= 0;

	while (on && !r->stop) {
		struct pollfd p[2] = {
			{.fd = client, .events = POLLIN}, {.fd = server, .events = POLLIN}};

		if (poll(p, 2, TICK_MS) <= 0)
			continue;
		if (p[0].revents != 0)
			on = pass_request(client, server);
		if (on && p[1].revents != 0)
			on = pass_answer(r, server, client);
	}
	if (server >= 0)
		close(server);
	close(client);
}

static void *run(void *context)
{
	struct e2e_relay *r = context;

	while (!r->stop) {
		struct pollfd p = {.fd = r->fd, .events = POLLIN};

		if (poll(&p, 1, TICK_MS) != 1)
			continue;
		int client = accept(r->fd, NULL, NULL);

		if (client >= 0)
			carry(r, client);
	}
	return NULL;
}

void e2e_relay_open(struct e2e_relay *r, struct e2e *w)
{
	*r = (struct e2e_relay){.world = w};
	r->fd = e2e_listen(&r->port);
}

void e2e_relay_start(struct e2e_relay *r)
{
	assert_int_equal(pthread_create(&r->thread, NULL, run, r), 0);
}

void e2e_relay_close(struct e2e_relay *r)
{
	r->stop = true;
	pthread_join(r->thread, NULL);
	close(r->fd);
}
