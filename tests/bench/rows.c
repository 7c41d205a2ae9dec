/* Reads of a small store and of a large one: random mailboxes of ten rows, all cached by the
 * system. */
#include <stdio.h>
#include <stdlib.h>
#include "core/store/store_ops.h"
#include "tests/bench/lote.h"
#include "tests/help/cm.h"

#define SMALL 10000
#define LARGE 1000000
#define MAILBOX 10
#define READS 1000 /* a round, of each */
#define TARGET 2.0

struct scene {
	struct mundo m;
	struct key *reading;
	struct firma_de by;
	int mailboxes;
	unsigned calendar;
};

static void fill(struct scene *s, struct db *db, const char *rfc)
{
	static const char text[] =
		"BEGIN;"
		"WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM c WHERE i + 1 < %d) "
		"INSERT INTO particular SELECT printf('B%%c%%c010101%%03d', char(65 + i / 26000), "
		"char(65 + i / 1000 %% 26), i %% 1000), 'EMPRESA DE PRUEBA ' || i, "
		"'America/Mexico_City', 1 FROM c;"
		"INSERT INTO mandato SELECT rfc, '%s', 'notificaciones', 0, NULL FROM particular "
		"WHERE rfc <> '%s';"
		"WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM c WHERE i + 1 < %d) "
		"INSERT INTO archivo SELECT printf('BI-2025%%014d', i), printf('%%064x', i), 8, "
		"'||cadena||', randomblob(256), x'00', x'00', parte_de(printf('B%%c%%c010101%%03d', "
		"char(65 + i %% %d / 26000), char(65 + i %% %d / 1000 %% 26), i %% %d %% 1000)) FROM c;"
		"INSERT INTO notificacion (folio, titular, seq, oficio, tipo, documento, "
		"funcionario, "
		"plazo_dias, aviso, vence, archivo, parte) SELECT a.folio, printf('B%%c%%c010101%%03d', "
		"char(65 + k / 26000), char(65 + k / 1000 %% 26), k %% 1000), a.rowid / %d + 1, "
		"'OF-' || a.rowid || '/2025', 'R-7.3', 'Resolución de rectificación de la prima', "
		"'MARÍA GUADALUPE HERNÁNDEZ LÓPEZ', 15, 1700000000000, 1700400000000, a.sha256, a.parte "
		"FROM (SELECT rowid, folio, sha256, parte, (rowid - 1) %% %d AS k FROM archivo) a;"
		"COMMIT; ANALYZE; PRAGMA wal_checkpoint(TRUNCATE);";
	char *sql = NULL;

	/* Time mixes the mailboxes: a mailbox's rows lie far apart. */
	if (asprintf(&sql, text, s->mailboxes, rfc, rfc, s->mailboxes * MAILBOX, s->mailboxes,
		    s->mailboxes, s->mailboxes, s->mailboxes, s->mailboxes) < 0 ||
		db_exec(db, sql) != OK)
		bench_die("the large store was not made");
	free(sql);
}

static void open_scene(struct scene *s, int rows)
{
	ARENA(a, 4 << 20);
	AUTO(db) db = NULL;

	s->mailboxes = rows / MAILBOX;
	s->reading = lote_open(&s->m, &s->by);
	const char *rfc = s->m.fisica->cert.rfc;
	const char *cursor = lote_cursor(&s->m, &a, rfc, &s->by);

	assert_int_equal(sscanf(strrchr(cursor, '.'), ".%x", &s->calendar), 1);
	assert_int_equal(db_open(s->m.config.almacen, DB_WRITE, NULL, 0, &db), OK);
	assert_int_equal(db_define(db, "parte_de", store_parte), OK);
	fill(s, db, rfc);
}

static void close_scene(struct scene *s)
{
	char command[300];

	key_free(s->reading);
	mundo_close(&s->m);
	/* Hundreds of megabytes. */
	snprintf(command, sizeof(command), "rm -rf '%s'", s->m.folder);
	if (system(command) != 0)
		bench_say("%s was left behind", s->m.folder);
}

static double read_once(struct scene *s)
{
	ARENA(a, 1 << 20);
	int i = rand() % s->mailboxes;
	struct m_sincronizar rq = {.hat = {arena_printf(&a, "B%c%c010101%03d", 'A' + i / 26000,
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

void bench_rows(void)
{
	static struct scene small, large;
	double few[BENCH_ROUNDS], many[BENCH_ROUNDS], ratio[BENCH_ROUNDS];
	char figure[32], limit[32];

	open_scene(&small, SMALL);
	open_scene(&large, LARGE);
	for (int i = 0; i < BENCH_ROUNDS; i++) {
		few[i] = p99(&small);
		many[i] = p99(&large);
		ratio[i] = many[i] / few[i];
	}
	snprintf(figure, sizeof(figure), "%.0f us", bench_median(many, BENCH_ROUNDS) * 1e6);
	snprintf(limit, sizeof(limit), "%.0f us", bench_median(few, BENCH_ROUNDS) * 1e6);
	bench_row("read p99, 1 M rows by 10 k rows", figure, limit,
		bench_median(ratio, BENCH_ROUNDS), BENCH_AT_MOST, TARGET);
	bench_say("1 M rows of mailboxes, not the 10 M of the target: making those takes minutes");
	close_scene(&large);
	close_scene(&small);
}
