#include "tests/bench/cliente.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/macros.h"
#include "tests/bench/bench.h"
#include "tests/help/pki.h"

#define DAY_MS 86400000LL
#define ROUNDS 9 /* starts of the program, of each kind in turn */
#define KEYS 40
#define IDLE_MS 60000
#define NEVER "\x01"
#define DOWN "\x1b[B"
#define PGDN "\x1b[6~"

/* ---- the world ---------------------------------------------------------------------------- */

static void fill(struct e2e *w, int count)
{
	ARENA(a, 1 << 20);
	int64_t now = bench_wall();
	const char *archivos = arena_printf(&a,
		"WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < %d) "
		"INSERT INTO archivo SELECT printf('BI-20251103-%%09d', i), printf('%%064x', i), 8, "
		"'||cadena||', randomblob(256), x'00', x'00', parte_de('%s') FROM c",
		count, E2E_FISICA);
	const char *avisos = arena_printf(&a,
		"INSERT INTO notificacion (folio, titular, seq, oficio, tipo, documento, "
		"funcionario, plazo_dias, aviso, vence, archivo, parte) SELECT folio, '%s', rowid, "
		"'OF-' || rowid || '/2025', 'R-7.3', CASE rowid %% 4 WHEN 0 THEN "
		"'Resolución de rectificación de la prima' WHEN 1 THEN 'Oficio de multa' WHEN 2 "
		"THEN 'Cédula de liquidación' ELSE 'Requerimiento de pago' END, "
		"'MARÍA GUADALUPE HERNÁNDEZ LÓPEZ', 15, %lld + rowid, %lld + rowid %% 40 * 3600000, sha256, parte "
		"FROM archivo",
		E2E_FISICA, (long long)(now - DAY_MS), (long long)(now + 3 * DAY_MS));

	if (archivos == NULL || avisos == NULL)
		bench_die("no memory");
	(void)e2e_server_stop(w, SIGTERM);
	(void)e2e_text(w, &a, archivos);
	(void)e2e_text(w, &a, avisos);
	if (e2e_number(w, "SELECT count(*) FROM notificacion") != count)
		bench_die("the mailbox was not filled");
	e2e_server_start(w);
}

void cliente_open(struct e2e *w, int notificaciones)
{
	e2e_open(w);
	e2e_perfil(w, &(struct e2e_perfil){.nombre = "banco",
			      .certificado = "fisica.cer",
			      .llave = "fisica.key",
			      .pass = "-"});
	if (notificaciones > 0)
		fill(w, notificaciones);
}

/* A pipe with the passphrase; its end to read. */
static int passphrase(struct arena *a)
{
	struct bytes text = pki_read(a, "fisica.pass");
	int ends[2];

	if (pipe(ends) != 0 || write(ends[1], text.data, text.size) != (ssize_t)text.size ||
		write(ends[1], "\n", 1) != 1)
		bench_die("no pipe");
	(void)close(ends[1]);
	return ends[0];
}

struct vt *cliente_start(struct e2e *w, const char *perfil, int rows, int cols)
{
	ARENA(a, 1 << 20);
	int fd = passphrase(&a);
	const char *number = arena_printf(&a, "%d", fd);
	const char *const argv[] = {
		e2e_program(w, "buzon-tui"), "--perfil", perfil, "--clave-fd", number, NULL};
	struct vt *vt = vt_start((char *const *)(uintptr_t)argv, e2e_env(w), rows, cols);

	if (vt == NULL)
		bench_die("buzon-tui did not start");
	(void)close(fd);
	return vt;
}

void cliente_end(struct vt *vt)
{
	(void)vt_send(vt, "\x03");
	(void)vt_close(vt);
}

double cliente_quiet(struct vt *vt, int ms)
{
	double start = bench_now();
	double last = start;

	for (size_t before = vt_bytes(vt); bench_now() - last < ms / 1000.0;) {
		(void)vt_wait_text(vt, NEVER, 20);
		if (vt_bytes(vt) != before)
			last = bench_now();
		before = vt_bytes(vt);
	}
	return last - start;
}

long cliente_rss(struct vt *vt)
{
	char path[64], line[256];
	long kb = -1;

	(void)snprintf(path, sizeof(path), "/proc/%d/status", (int)vt_pid(vt));
	FILE *f = fopen(path, "r");

	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		if (sscanf(line, "VmRSS: %ld", &kb) == 1)
			break;
	if (f != NULL)
		(void)fclose(f);
	return kb;
}

void cliente_row(const char *name, int count, const char *unit, double value, double target)
{
	char what[64], figure[32], limit[32];

	(void)snprintf(what, sizeof(what), count > 0 ? "%s, %d" : "%s", name, count);
	(void)snprintf(figure, sizeof(figure), value < 100 ? "%.1f %s" : "%.0f %s", value, unit);
	if (target < 0) {
		printf("%-38s %18s\n", what, figure);
		return;
	}
	(void)snprintf(limit, sizeof(limit), "%.0f %s", target, unit);
	bench_row(what, figure, limit, target > 0 ? value / target : value, BENCH_AT_MOST,
		target > 0 ? 1 : 0);
}

/* ---- the screen --------------------------------------------------------------------------- */

struct starts {
	double ms[ROUNDS];
	double bytes[ROUNDS];
	double rss;
};

static void start_once(struct e2e *w, int rows, int cols, int round, struct starts *s)
{
	double start = bench_now();
	struct vt *vt = cliente_start(w, "banco", rows, cols);

	if (!vt_wait_idle(vt, CLIENTE_MS))
		bench_die("no first paint");
	s->ms[round] = (bench_now() - start) * 1000;
	if (round == 0 && !vt_contains(vt, "BI-20251103"))
		bench_say("the first paint shows no notification yet: it comes without the local "
			  "copy's rows");
	(void)cliente_quiet(vt, 500);
	s->bytes[round] = (double)vt_bytes(vt);
	s->rss = (double)cliente_rss(vt);
	cliente_end(vt);
}

static double most(struct vt *vt, const char *key, int times)
{
	long most = 0;

	for (int i = 0; i < times; i++) {
		long n = vt_key(vt, key);

		if (n < 0)
			bench_die("a key was not answered");
		most = n > most ? n : most;
	}
	return (double)most;
}

static void key_rows(struct e2e *w, int rows, int cols, int count)
{
	struct vt *vt = cliente_start(w, "banco", rows, cols);
	char name[48];
	int at, col;

	(void)vt_wait_idle(vt, CLIENTE_MS);
	(void)cliente_quiet(vt, 500);
	e2e_type(vt, "7", "BI-20251103");
	(void)cliente_quiet(vt, 300);
	(void)vt_key(vt, "\x1b[H");
	(void)snprintf(name, sizeof(name), "cursor-down %dx%d", cols, rows);
	cliente_row(name, count, "B", most(vt, DOWN, 10), 12);
	/* To the last row of the window. */
	for (int before = -1;; before = at) {
		vt_cursor(vt, &at, &col);
		if (at == before || at >= rows - 3)
			break;
		(void)vt_key(vt, DOWN);
	}
	(void)snprintf(name, sizeof(name), "scroll by one %dx%d", cols, rows);
	(void)vt_key(vt, DOWN);
	cliente_row(name, count, "B", most(vt, DOWN, 10), rows == 24 ? 110 : -1);
	(void)snprintf(name, sizeof(name), "page-down %dx%d", cols, rows);
	(void)vt_key(vt, PGDN);
	cliente_row(name, count, "B", most(vt, PGDN, 5), rows == 24 ? 1700 : -1);
	cliente_end(vt);
}

static void start_rows(struct e2e *w, int count)
{
	struct starts small = {0}, large = {0};
	bool many = count > 1000;

	for (int i = 0; i < ROUNDS; i++) {
		start_once(w, 24, 80, i, &small);
		start_once(w, 50, 200, i, &large);
	}
	cliente_row("exec to first paint 80x24", count, "ms", bench_quantile(small.ms, ROUNDS, 0.5),
		many ? 30 : 15);
	cliente_row("exec to first paint 200x50", count, "ms",
		bench_quantile(large.ms, ROUNDS, 0.5), many ? 30 : 15);
	cliente_row("first paint until quiet 80x24", count, "B",
		bench_quantile(small.bytes, ROUNDS, 0.5), 2000);
	cliente_row("first paint until quiet 200x50", count, "B",
		bench_quantile(large.bytes, ROUNDS, 0.5), -1);
	cliente_row("resident 80x24", count, "kB", small.rss, many ? 24576 : 16384);
}

/* The synchronisation that fills the local copy: once, by the program itself. */
static void first_sync(struct e2e *w, int count)
{
	struct vt *vt = cliente_start(w, "banco", 24, 80);

	(void)vt_wait_idle(vt, CLIENTE_MS);
	double took = cliente_quiet(vt, 3000);

	cliente_row("first synchronisation", count, "s", took, -1);
	cliente_row("resident after it", count, "kB", (double)cliente_rss(vt), -1);
	cliente_end(vt);
}

static void idle_row(struct e2e *w)
{
	struct vt *vt = cliente_start(w, "banco", 24, 80);

	(void)vt_wait_idle(vt, CLIENTE_MS);
	(void)cliente_quiet(vt, 2000);
	size_t before = vt_bytes(vt);

	(void)vt_wait_text(vt, NEVER, IDLE_MS);
	cliente_row("idle, 60 s", 0, "B", (double)(vt_bytes(vt) - before), 10);
	cliente_end(vt);
}

void bench_pantalla(void)
{
	static const int counts[] = {1000, 100000};

	for (size_t i = 0; i < COUNT_OF(counts); i++) {
		struct e2e w = {0};

		cliente_open(&w, counts[i]);
		first_sync(&w, counts[i]);
		start_rows(&w, counts[i]);
		key_rows(&w, 24, 80, counts[i]);
		key_rows(&w, 50, 200, counts[i]);
		if (i == 0)
			idle_row(&w);
		e2e_close(&w);
	}
}

/* ---- hung servers ------------------------------------------------------------------------- */

/* Eight profiles, each with a server that takes the connection and never says a word. */
void bench_colgados(void)
{
	enum { HUNG = 8 };
	struct e2e w = {0};
	double ms[KEYS];
	int fds[HUNG];

	cliente_open(&w, 0);
	for (int i = 0; i < HUNG; i++) {
		char name[24];
		unsigned port;

		(void)snprintf(name, sizeof(name), "colgado%d", i);
		fds[i] = e2e_listen(&port);
		e2e_perfil(&w, &(struct e2e_perfil){.nombre = name,
				       .certificado = "fisica.cer",
				       .llave = "fisica.key",
				       .pass = "-",
				       .port = port});
	}
	struct vt *vt = cliente_start(&w, "colgado0", 24, 80);

	(void)vt_wait_idle(vt, CLIENTE_MS);
	(void)cliente_quiet(vt, 500);
	for (int i = 0; i < KEYS; i++) {
		double start = bench_now();

		/* The help, which paints all, and back. */
		if (vt_key(vt, i % 2 == 0 ? "\x1bOP" : "q") <= 0)
			bench_die("a key was not answered");
		ms[i] = (bench_now() - start) * 1000;
	}
	cliente_row(
		"key to paint, 8 hung servers, median", 0, "ms", bench_quantile(ms, KEYS, 0.5), 5);
	cliente_row("key to paint, 8 hung servers, worst", 0, "ms", bench_quantile(ms, KEYS, 0.999),
		-1);
	cliente_end(vt);
	for (int i = 0; i < HUNG; i++)
		(void)close(fds[i]);
	e2e_close(&w);
}
