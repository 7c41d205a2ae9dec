#include "tests/help/e2e_servidor.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/file.h"
#include "tests/help/cm.h"

#define ROOM (24 * 1024 * 1024)
#define START_MS 20000
#define STOP_MS 20000
#define STARTS 20
/* Below net.ipv4.ip_local_port_range: a client's own port never is where a dead server was. */
#define PORT_FIRST 12000
#define PORTS 18000

static const char *must(const char *text)
{
	assert_non_null(text);
	return text;
}

static void pause_ms(long ms)
{
	nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

/* ---- configuration ------------------------------------------------------------------------ */

/* The text with the line of that key replaced; behind [servidor] where there is none. */
static const char *with_line(struct arena *a, const char *text, const char *line)
{
	size_t key = strcspn(line, "=") + 1;
	const char *at = text;

	while (at != NULL && strncmp(at, line, key) != 0) {
		at = strchr(at, '\n');
		at = at != NULL ? at + 1 : NULL;
	}
	const char *behind = at != NULL ? at + strcspn(at, "\n") : NULL;

	if (at == NULL)
		at = behind = strchr(text, '\n') + 1;
	return must(arena_printf(a, "%.*s%s%s%s", (int)(at - text), text, line,
		*behind == '\n' ? "" : "\n", behind));
}

#define AUTORIDADES "\nautoridades = "

static void write_config(struct e2e *w, const struct e2e_servidor *s)
{
	ARENA(a, ROOM);
	const char *text = e2e_file(w, &a, "buzond.ini");
	const char *path = must(arena_printf(&a, "%s/%s.ini", w->dir, s->name));

	/* By its own port, besides, for whoever comes straight to it. */
	const char *ours = strstr(text, AUTORIDADES) + strlen(AUTORIDADES);

	text = must(
		arena_printf(&a, "%.*slocalhost:%u %s", (int)(ours - text), text, s->port, ours));
	text = with_line(&a, text, must(arena_printf(&a, "puerto = %u", s->port)));
	text = with_line(&a, text,
		must(arena_printf(&a, "autoridades = localhost:%u localhost:%u 127.0.0.1:%u %s",
			s->port, w->port, w->port, w->authority != NULL ? w->authority : "")));
	if (s->place != NULL)
		text = with_line(&a, text, must(arena_printf(&a, "almacen = %s", s->place)));
	for (const char *const *line = s->lines; line != NULL && *line != NULL; line++)
		text = with_line(&a, text, *line);
	assert_int_equal(file_write(path, bytes_of_text(text), 0600), OK);
}

static bool is_free(unsigned port)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	bool ok = bind(fd, (const struct sockaddr *)&at, sizeof(at)) == 0;

	close(fd);
	return ok;
}

unsigned e2e_servidor_port(void)
{
	static unsigned next;

	if (next == 0)
		next = (unsigned)getpid() * 37;
	do
		next++;
	while (!is_free(PORT_FIRST + next % PORTS));
	return PORT_FIRST + next % PORTS;
}

/* ---- starting and ending ------------------------------------------------------------------ */

static void spawn(struct e2e *w, struct e2e_servidor *s)
{
	ARENA(a, ROOM);
	const char *argv[16] = {0};
	const char *program = e2e_program(w, "buzond");
	size_t n = 0;

	if (s->program != NULL)
		program = must(arena_printf(&a, "%.*s%s", (int)(strlen(program) - strlen("buzond")),
			program, s->program));
	for (; s->setup != NULL && s->setup[n] != NULL; n++)
		argv[n] = s->setup[n];
	argv[n++] = program;
	argv[n++] = "servir";
	argv[n++] = "--config";
	argv[n++] = must(arena_printf(&a, "%s.ini", s->name));
	s->pid = e2e_spawn(w, s->name, argv);
}

static bool wait_ready(struct e2e *w, struct e2e_servidor *s, int *ret_code)
{
	int64_t until = clock_monotonic() + START_MS;

	while (clock_monotonic() < until) {
		ARENA(a, ROOM);
		const char *out = must(arena_printf(&a, "%s.out", s->name));
		int status = 0;

		if (strstr(e2e_file(w, &a, out), "buzond listo en") != NULL)
			return true;
		if (waitpid(s->pid, &status, WNOHANG) == s->pid) {
			*ret_code =
				WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
			s->pid = 0;
			return false;
		}
		pause_ms(3);
	}
	*ret_code = -1;
	(void)e2e_servidor_stop(s, SIGKILL);
	return false;
}

bool e2e_servidor_try(struct e2e *w, struct e2e_servidor *s, int *ret_code)
{
	if (s->port == 0)
		s->port = e2e_servidor_port();
	write_config(w, s);
	spawn(w, s);
	return wait_ready(w, s, ret_code);
}

void e2e_servidor_start(struct e2e *w, struct e2e_servidor *s)
{
	ARENA(a, ROOM);
	bool chosen = s->port != 0;
	int code = 0;

	/* Another test may take a free port first. */
	for (int i = 0; i < STARTS; i++) {
		if (e2e_servidor_try(w, s, &code))
			return;
		if (!chosen)
			s->port = 0;
		pause_ms(100);
	}
	fail_msg("%s: %d %s", s->name, code, e2e_servidor_log(w, &a, s));
}

int e2e_servidor_stop(struct e2e_servidor *s, int number)
{
	if (s->pid <= 0)
		return -1;
	kill(s->pid, number);
	int code = e2e_wait(s->pid, STOP_MS);

	if (code < 0) {
		kill(s->pid, SIGKILL);
		(void)waitpid(s->pid, NULL, 0);
	}
	s->pid = 0;
	return code;
}

bool e2e_servidor_dead(struct e2e_servidor *s)
{
	if (s->pid > 0 && waitpid(s->pid, NULL, WNOHANG) == s->pid)
		s->pid = 0;
	return s->pid <= 0;
}

const char *e2e_servidor_log(struct e2e *w, struct arena *a, const struct e2e_servidor *s)
{
	return e2e_file(w, a, must(arena_printf(a, "%s.err", s->name)));
}
