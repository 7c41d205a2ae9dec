/*
 * Reads of a small store and of a large one: random mailboxes of ten rows that lie far apart, all
 * cached by the system.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include "core/store/store_ops.h"
#include "tests/bench/lote.h"
#include "tests/help/cm.h"
#include "tests/help/pg.h"

#define SMALL 10000
#define LARGE 10000000
#define MAILBOX 10
#define READS 1000 /* a round, of each */
#define TARGET 2.0

struct scene {
	struct mundo m;
	struct key *reading;
	struct firma_de by;
	int mailboxes;
	unsigned calendar;
	double seconds; /* to make it */
};

PRINTF_LIKE(2, 3) static const char *text_of(struct arena *a, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	const char *text = arena_vprintf(a, format, args);

	va_end(args);
	assert_non_null(text);
	return text;
}

/* Of the mailbox number i, as read_once has it. */
#define LITE_RFC                                                                                   \
	"printf('%%c%%c%%c010101%%03d', char(66 + i / 676000), char(65 + i / 26000 %% 26), "       \
	"char(65 + i / 1000 %% 26), i %% 1000)"
#define PG_RFC                                                                                     \
	"chr(66 + i / 676000) || chr(65 + i / 26000 %% 26) || chr(65 + i / 1000 %% 26) || "        \
	"'010101' || lpad((i %% 1000)::text, 3, '0')"
/* Of each notification, the same to both. */
#define NOTIFICACION                                                                               \
	"INSERT INTO notificacion (folio, titular, parte, seq, oficio, archivo, tipo, documento, " \
	"funcionario, plazo_dias, aviso, vence) "
#define REST                                                                                           \
	"'R-7.3', 'Resolución de rectificación de la prima', 'MARÍA GUADALUPE HERNÁNDEZ LÓPEZ', " \
	"15, 1700000000000, 1700400000000 "

/*
 * The n-th row is mailbox n % mailboxes': time mixes them. Read once at the end: gigabytes of log
 * may have put it out of the system's cache.
 */
static void fill_sqlite(struct scene *s, const char *rfc)
{
	ARENA(a, 1 << 20);
	AUTO(db) db = NULL;
	const char *sql = text_of(&a,
		"BEGIN;"
		"CREATE TEMP TABLE c (i INTEGER PRIMARY KEY, rfc TEXT, parte INTEGER);"
		"INSERT INTO c (i) WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM c "
		"WHERE i + 1 < %d) SELECT i FROM c;"
		"UPDATE c SET rfc = " LITE_RFC ";"
		"UPDATE c SET parte = parte_de(rfc);"
		"INSERT INTO particular (rfc, nombre, zona, habilitado) SELECT rfc, 'EMPRESA DE PRUEBA ' || i, "
		"'America/Mexico_City', 1 FROM c;"
		"INSERT INTO mandato (titular, representante, ambito, desde) SELECT rfc, '%s', "
		"'notificaciones', 0 FROM c;"
		"CREATE TEMP TABLE n (i INTEGER PRIMARY KEY);"
		"INSERT INTO n WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n "
		"WHERE i + 1 < %d) SELECT i FROM n;"
		"INSERT INTO archivo SELECT printf('BI-2025%%014d', n.i), printf('%%064x', n.i), 8, "
		"'||cadena||', randomblob(256), x'00', x'00', c.parte FROM n JOIN c ON c.i = n.i %% "
		"%d;" NOTIFICACION
		"SELECT printf('BI-2025%%014d', n.i), c.rfc, c.parte, n.i / %d + "
		"1, 'OF-' || n.i || '/2025', printf('%%064x', n.i), " REST
		"FROM n JOIN c ON c.i = n.i %% %d;"
		"COMMIT; ANALYZE; PRAGMA wal_checkpoint(TRUNCATE);",
		s->mailboxes, rfc, s->mailboxes * MAILBOX, s->mailboxes, s->mailboxes,
		s->mailboxes);

	if (db_open(s->m.config.almacen, DB_WRITE, NULL, 0, &db) != OK ||
		db_define(db, "parte_de", store_parte) != OK || db_exec(db, sql) != OK ||
		system(text_of(&a, "cat '%s' >/dev/null", s->m.config.almacen)) != 0)
		bench_die("the large store was not made");
}

/*
 * Keys come after their rows, and nothing waits for the disk meanwhile: half the time. All of it is
 * there again, and on disk, when this ends.
 */
static void fill_postgres(struct scene *s, const char *rfc)
{
	ARENA(a, 8 << 20);
	int n = s->mailboxes;
	const char *const steps[] = {"ALTER SYSTEM SET fsync = off",
		"ALTER SYSTEM SET max_wal_size = '40GB'", "SELECT pg_reload_conf()",
		"ALTER TABLE notificacion DROP CONSTRAINT notificacion_folio_parte_fkey, "
		"DROP CONSTRAINT notificacion_titular_fkey, DROP CONSTRAINT notificacion_pkey; "
		"ALTER TABLE archivo DROP CONSTRAINT archivo_pkey; DROP INDEX notificacion_titular",
		text_of(&a,
			"CREATE TABLE c AS SELECT i, rfc, parte_de(rfc) AS parte FROM (SELECT i, " PG_RFC
			" AS rfc FROM generate_series(0, %d - 1) i) m; "
			"INSERT INTO particular (rfc, nombre, zona, habilitado) SELECT rfc, 'EMPRESA DE PRUEBA ' || i, "
			"'America/Mexico_City', 1 FROM c; INSERT INTO mandato (titular, representante, ambito, desde) "
			"SELECT rfc, '%s', 'notificaciones', 0 FROM c",
			n, rfc),
		text_of(&a,
			"INSERT INTO archivo SELECT 'BI-2025' || lpad((i + k * %d)::text, 14, '0'), "
			"parte, lpad(to_hex(i + k * %d), 64, '0'), 8, '||cadena||', "
			"decode(repeat(md5(i::text), 16), 'hex'), '\\x00', '\\x00' "
			"FROM generate_series(0, %d) k, c",
			n, n, MAILBOX - 1),
		text_of(&a,
			NOTIFICACION
			"SELECT 'BI-2025' || lpad((i + k * %d)::text, 14, '0'), rfc, parte, k + 1, "
			"'OF-' || i + k * %d || '/2025', lpad(to_hex(i + k * %d), 64, '0'), " REST
			"FROM generate_series(0, %d) k, c",
			n, n, n, MAILBOX - 1),
		"SET maintenance_work_mem = '512MB'; "
		"ALTER TABLE archivo ADD PRIMARY KEY (folio, parte); "
		"ALTER TABLE notificacion ADD PRIMARY KEY (folio, parte); "
		"CREATE INDEX notificacion_titular ON notificacion (titular, seq)",
		"ALTER TABLE notificacion ADD FOREIGN KEY (titular) REFERENCES particular (rfc), "
		"ADD FOREIGN KEY (folio, parte) REFERENCES archivo (folio, parte); DROP TABLE c",
		"VACUUM (ANALYZE)", "ALTER SYSTEM RESET fsync", "ALTER SYSTEM RESET max_wal_size",
		"SELECT pg_reload_conf()", "CHECKPOINT",
		"CREATE EXTENSION pg_prewarm; SELECT SUM(pg_prewarm(oid, 'read')) FROM pg_class "
		"WHERE relname ~ '^(archivo|notificacion|particular|mandato)'"};

	for (size_t i = 0; i < COUNT_OF(steps); i++)
		(void)pg_ask(&a, s->m.config.almacen, steps[i]);
}

static void open_scene(struct scene *s, enum lote_store where, int rows)
{
	ARENA(a, 4 << 20);

	s->mailboxes = rows / MAILBOX;
	s->reading = lote_open(&s->m, where, &s->by);
	const char *rfc = s->m.fisica->cert.rfc;
	const char *cursor = lote_cursor(&s->m, &a, rfc, &s->by);

	assert_int_equal(sscanf(strrchr(cursor, '.'), ".%x", &s->calendar), 1);
	double start = bench_now();

	if (where == LOTE_POSTGRES)
		fill_postgres(s, rfc);
	else
		fill_sqlite(s, rfc);
	s->seconds = bench_now() - start;
}

static void close_scene(struct scene *s)
{
	char command[300];

	key_free(s->reading);
	mundo_close(&s->m);
	/* Gigabytes. */
	snprintf(command, sizeof(command), "rm -rf '%s'", s->m.folder);
	if (system(command) != 0)
		bench_say("%s was left behind", s->m.folder);
}

static double read_once(struct scene *s)
{
	ARENA(a, 1 << 20);
	int i = rand() % s->mailboxes;
	struct m_sincronizar rq = {
		.hat = {arena_printf(&a, "%c%c%c010101%03d", 'B' + i / 676000, 'A' + i / 26000 % 26,
				'A' + i / 1000 % 26, i % 1000),
			"representante"},
		.cursor = arena_printf(&a, "0.0.%x", s->calendar)};
	struct exchange x = {.arena = &a, .rq = lote_sync(&s->m, &a, &rq, &s->by)};
	double start = bench_now();

	if (serve_check(&s->m.server, &x) != SERVE_ANSWER || x.status != 200)
		bench_die("a read was refused");
	double took = bench_now() - start;
	const struct m_sincronizado *got = mundo_answer(&a, &x);

	if (got->notificaciones_count != MAILBOX)
		bench_die("not the mailbox that was asked for");
	return took;
}

static double p99(struct scene *s)
{
	double took[READS];

	for (int i = 0; i < READS; i++)
		took[i] = read_once(s);
	return bench_quantile(took, READS, 0.99);
}

/* GB. */
static double size_of(const struct scene *s, enum lote_store where)
{
	ARENA(a, 2 << 20);
	struct stat st = {0};

	if (where == LOTE_POSTGRES)
		return atof(pg_ask(&a, s->m.config.almacen,
			       "SELECT pg_database_size(current_database())")) /
		       1e9;
	return stat(s->m.config.almacen, &st) == 0 ? (double)st.st_size / 1e9 : 0;
}

static void rows(const char *name, enum lote_store where)
{
	static struct scene small, large;
	double few[BENCH_ROUNDS], many[BENCH_ROUNDS], ratio[BENCH_ROUNDS];
	char figure[32], limit[32];

	small = (struct scene){0};
	large = (struct scene){0};
	open_scene(&small, where, SMALL);
	open_scene(&large, where, LARGE);
	for (int i = 0; i < BENCH_ROUNDS; i++) {
		few[i] = p99(&small);
		many[i] = p99(&large);
		ratio[i] = many[i] / few[i];
	}
	snprintf(figure, sizeof(figure), "%.0f us", bench_median(many, BENCH_ROUNDS) * 1e6);
	snprintf(limit, sizeof(limit), "%.0f us", bench_median(few, BENCH_ROUNDS) * 1e6);
	bench_row(name, figure, limit, bench_median(ratio, BENCH_ROUNDS), BENCH_AT_MOST, TARGET);
	bench_say("the large one: made in %.0f s, %.1f GB", large.seconds, size_of(&large, where));
	close_scene(&large);
	close_scene(&small);
}

void bench_rows(void)
{
	rows("read p99, 10 M rows by 10 k rows", LOTE_SQLITE);
}

void bench_pg_rows(void)
{
	rows("PostgreSQL: read p99, 10 M by 10 k rows", LOTE_POSTGRES);
}
