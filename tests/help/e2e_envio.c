#include "tests/help/e2e_envio.h"

#include <signal.h>
#include <string.h>
#include <time.h>
#include "base/clock.h"
#include "base/file.h"
#include "tests/help/cm.h"
#include "tests/help/e2e_filas.h"
#include "tests/help/pki.h"

#define ROOM (1 << 20)
#define WAIT_MS 30000

void e2e_envio_config(struct e2e *w, const char *lines)
{
	static const char mark[] = "\n# e2e_envio\n";
	ARENA(a, ROOM);
	const char *text = e2e_file(w, &a, "buzond.ini");
	const char *end = strstr(text, mark);
	int size = end != NULL ? (int)(end - text) : (int)strlen(text);
	const char *with = arena_printf(&a, "%.*s%s%s", size, text, mark, lines);

	assert_int_equal(file_write(e2e_path(w, &a, "buzond.ini"), bytes_of_text(with), 0600), OK);
	assert_int_equal(e2e_server_stop(w, SIGTERM), 0);
	e2e_server_start(w);
}

const char *e2e_envio_put(struct e2e *w, const char *via, const char *destino)
{
	static unsigned number;
	ARENA(a, ROOM);

	number++;
	char *id =
		arena_printf(&w->arena, "abcdefghijklmnopqrstuvw%c%c%c", (char)('a' + number / 100),
			(char)('a' + number / 10 % 10), (char)('a' + number % 10));
	const char *datos = "{\"datos\":[{\"etiqueta\":\"codigo\",\"valor\":\"48213\"},"
			    "{\"etiqueta\":\"enlace\",\"valor\":\"https://localhost/c/0\"},"
			    "{\"etiqueta\":\"vence\",\"valor\":\"12 de noviembre\"}]}";

	assert_non_null(id);
	e2e_number(w,
		arena_printf(&a,
			"INSERT INTO envio (id, parte, titular, medio, via, destino, cupo, plantilla, "
			"creado, estado, desde, datos) VALUES ('%s', parte_de('" E2E_FISICA
			"'), '" E2E_FISICA "', "
			"'M-%s', '%s', '%s', '%s', 'validacion_%s', %lld, 'pendiente', 0, "
			"CAST('%s' AS %s))",
			id, id, via, destino, destino, via, (long long)pki_now(), datos,
			w->place != NULL ? "BYTEA" : "BLOB"));
	e2e_number(w, arena_printf(&a,
			      "INSERT INTO tarea (clase, clave, vence) VALUES ('%s', '%s %s', 1)",
			      via, E2E_FISICA, id));
	return id;
}

void e2e_tareas_ya(struct e2e *w, const char *where)
{
	ARENA(a, ROOM);

	e2e_sql(w, arena_printf(&a, "UPDATE tarea SET vence = 1 WHERE %s;", where));
	/* A file's server sees by itself that somebody committed. */
	if (w->place != NULL)
		e2e_sql(w, "SELECT pg_notify('buzon', 'j1');");
}

void e2e_envio_hurry(struct e2e *w, const char *id)
{
	ARENA(a, ROOM);

	e2e_tareas_ya(w, arena_printf(&a, "clave LIKE '%% %s'", id));
}

static void pause_a_moment(void)
{
	nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
}

void e2e_envio_wait(struct e2e *w, const char *id, const char *estado)
{
	ARENA(a, ROOM);
	const char *sql = arena_printf(
		&a, "SELECT count(*) FROM envio WHERE id = '%s' AND estado = '%s'", id, estado);
	int64_t until = clock_monotonic() + WAIT_MS;

	while (e2e_number(w, sql) != 1) {
		if (clock_monotonic() > until)
			fail_msg("%s is not %s but %s\n%s", id, estado,
				e2e_text(w, &a,
					arena_printf(&a,
						"SELECT estado || ' ' || coalesce(detalle, '') || "
						"coalesce((SELECT group_concat(evento || ':' || "
						"coalesce(detalle, ''), ' / ') FROM envio_evento v "
						"WHERE v.id = envio.id), '') FROM envio WHERE id = "
						"'%s'",
						id)),
				e2e_file(w, &a, "buzond.err"));
		pause_a_moment();
	}
}

const char *e2e_envio_events(
	struct e2e *w, struct arena *a, const char *id, const char *evento, int64_t count)
{
	const char *sql = arena_printf(a,
		"SELECT count(*) FROM envio_evento WHERE id = '%s' AND evento = '%s'", id, evento);
	int64_t until = clock_monotonic() + WAIT_MS;

	while (e2e_number(w, sql) < count) {
		if (clock_monotonic() > until)
			fail_msg("%s: %lld times %s, not %lld\n%s", id,
				(long long)e2e_number(w, sql), evento, (long long)count,
				e2e_file(w, a, "buzond.err"));
		pause_a_moment();
	}
	return e2e_text(w, a,
		arena_printf(a,
			"SELECT detalle FROM envio_evento WHERE id = '%s' AND evento = '%s' ORDER "
			"BY orden DESC LIMIT 1",
			id, evento));
}

const char *e2e_envio_detalle(struct e2e *w, struct arena *a, const char *id)
{
	return e2e_text(w, a, arena_printf(a, "SELECT detalle FROM envio WHERE id = '%s'", id));
}
