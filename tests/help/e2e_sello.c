#include "tests/help/e2e_sello.h"

#include <signal.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/file.h"
#include "tests/help/cm.h"
#include "tests/help/pki.h"

#define ROOM (1024 * 1024)
#define MS 20000

static const char *must(const char *text)
{
	assert_non_null(text);
	return text;
}

static const char *key_of(struct arena *a, const char *line)
{
	return must(arena_printf(a, "%.*s", (int)strcspn(line, " ="), line));
}

/* The line of `extra` that speaks of the same key, or NULL. */
static const char *replaced(struct arena *a, const char *line, const char *const extra[])
{
	for (; *extra != NULL; extra++)
		if (strcmp(key_of(a, *extra), key_of(a, line)) == 0)
			return *extra;
	return NULL;
}

/* The world's file again, its seal reached by the socket. */
static void rewrite_server(struct e2e_sello *s, const char *const extra[])
{
	ARENA(a, ROOM);
	char *text = arena_strdup(&a, e2e_file(s->world, &a, "buzond.ini"));
	char *rest = NULL;
	struct buf b;

	assert_non_null(text);
	buf_init(&b, &a);
	for (char *l = strtok_r(text, "\n", &rest); l != NULL; l = strtok_r(NULL, "\n", &rest)) {
		if (strcmp(key_of(&a, l), "llave") == 0)
			buf_printf(&b, "socket = %s\n", s->socket);
		else if (strcmp(key_of(&a, l), "contrasena") != 0 && replaced(&a, l, extra) == NULL)
			buf_printf(&b, "%s\n", l);
		for (size_t i = 0; strcmp(l, "[servidor]") == 0 && extra[i] != NULL; i++)
			if (strchr(extra[i], '=') != NULL)
				buf_printf(&b, "%s\n", extra[i]);
	}
	const char *made = must(buf_end_text(&b));

	assert_int_equal(
		file_write(e2e_path(s->world, &a, "buzond.ini"), bytes_of_text(made), 0644), OK);
}

static void copy(struct e2e_sello *s, const char *name)
{
	ARENA(a, ROOM);

	assert_int_equal(file_write(must(arena_printf(&a, "%s/%s", s->folder, name)),
				 pki_read(&a, name), 0400),
		OK);
}

static void write_service(struct e2e_sello *s)
{
	ARENA(a, ROOM);
	const char *text = must(arena_printf(&a,
		"[sello]\ncertificado = sello.cer\nllave = sello.key\ncontrasena = sello.pass\n"
		"socket = %s\n",
		s->socket));

	copy(s, "sello.cer");
	copy(s, "sello.key");
	copy(s, "sello.pass");
	assert_int_equal(file_write(must(arena_printf(&a, "%s/sello.conf", s->folder)),
				 bytes_of_text(text), 0400),
		OK);
}

void e2e_sello_start(struct e2e_sello *s)
{
	ARENA(a, ROOM);
	const char *argv[32] = {0};
	size_t n = 0;

	for (; s->setup != NULL && s->setup[n] != NULL; n++)
		argv[n] = s->setup[n];
	argv[n++] = e2e_program(s->world, "buzond");
	argv[n++] = "sellar";
	argv[n++] = "--config";
	argv[n++] = must(arena_printf(&a, "%s/sello.conf", s->folder));
	s->service = e2e_spawn(s->world, "sellar", argv);
	for (int ms = 0; ms < MS; ms += 5) {
		if (strstr(e2e_file(s->world, &a, "sellar.out"), "buzond sella en /") != NULL)
			return;
		if (e2e_wait(s->service, 0) != -1)
			break;
		usleep(5000);
	}
	s->service = 0;
	fail_msg("sellar: %s", e2e_file(s->world, &a, "sellar.err"));
}

int e2e_sello_stop(struct e2e_sello *s, int number)
{
	if (s->service <= 0)
		return -1;
	kill(s->service, number);
	int code = e2e_wait(s->service, MS);

	s->service = 0;
	return code;
}

void e2e_sello_prepare(struct e2e_sello *s, struct e2e *w, const char *const extra[])
{
	s->world = w;
	s->folder = must(arena_printf(&w->arena, "%s/sello", w->dir));
	s->socket = must(arena_printf(&w->arena, "%s/run/sello.sock", w->dir));
	assert_int_equal(e2e_server_stop(w, SIGTERM), 0);
	assert_int_equal(file_make_folder(s->folder), OK);
	assert_int_equal(file_make_folder(e2e_path(w, &w->arena, "run")), OK);
	write_service(s);
	rewrite_server(s, extra);
}

void e2e_sello_open(struct e2e_sello *s, struct e2e *w, const char *const extra[])
{
	e2e_sello_prepare(s, w, extra);
	e2e_sello_start(s);
	e2e_server_start(w);
}
