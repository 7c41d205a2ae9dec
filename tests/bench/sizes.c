/* What crosses the network for a list, and what an acuse costs on paper. */
#include <stdio.h>
#include "ley/acuse_pdf.h"
#include "ley/qr.h"
#include "net/http_answer.h"
#include "tests/bench/lote.h"
#include "tests/help/cm.h"

#define LIST 50
#define LIST_TARGET 0.30
#define PAPER_BYTES 6144
#define PAPER_TARGET 5.0

static void coded_row(const char *name, const char *accept, struct bytes json)
{
	struct http_in_answer plain = {
		.status = 200, .content_type = "application/json", .body = json};
	struct http_answer coded = http_answer_copy(&plain);
	char figure[32], raw[32];

	if (coded.body == NULL || http_answer_compress(&coded, accept) == CODING_NONE)
		bench_die("the list was not coded");
	snprintf(figure, sizeof(figure), "%zu B", coded.size);
	snprintf(raw, sizeof(raw), "%zu B", json.size);
	bench_row(name, figure, raw, (double)coded.size / (double)json.size, BENCH_AT_MOST,
		LIST_TARGET);
	http_answer_free(&coded);
}

/* Four of five are opened, each at its own instant: their acuse and hash are told too. */
static void open_most(struct mundo *m)
{
	AUTO(db) db = NULL;

	if (db_open(m->config.almacen, DB_WRITE, NULL, 0, &db) != OK ||
		db_exec(db,
			"UPDATE notificacion SET abierta = aviso + abs(random() % 80000000), "
			"aviso = aviso - abs(random() % 9000000000) WHERE seq % 5 <> 0;"
			"UPDATE notificacion SET notificada = abierta, vence = aviso + 345600000, "
			"acuse = 'BI-20261120-' || abs(random() % 1000000000) "
			"WHERE abierta IS NOT NULL") != OK)
		bench_die("the list was not made");
}

void bench_list(void)
{
	static struct mundo m;
	ARENA(a, 16 << 20);
	struct firma_de by;
	struct key *reading = lote_open(&m, LOTE_SQLITE, &by);
	const char *rfc = m.fisica->cert.rfc;
	unsigned calendar = 0;

	lote_avisos(&m, &a, rfc, LIST, NULL);
	open_most(&m);
	/* All the rows, but the calendar is had. */
	const char *had = strrchr(lote_cursor(&m, &a, rfc, &by), '.');

	assert_int_equal(sscanf(had, ".%x", &calendar), 1);
	struct m_sincronizar rq = {
		.hat = {rfc, "propio"}, .cursor = arena_printf(&a, "0.0.%x", calendar)};
	struct received asked = lote_sync(&m, &a, &rq, &by);
	struct exchange *x = mundo_call(&m, &a, &asked);
	const struct m_sincronizado *got = mundo_answer(&a, x);

	if (got == NULL || got->notificaciones_count != LIST || got->calendario != NULL)
		bench_die("not the list that was asked for");
	coded_row("list of 50 notifications, zstd", "gzip, zstd", x->answer);
	coded_row("list of 50 notifications, gzip", "gzip", x->answer);
	key_free(reading);
	mundo_close(&m);
}

struct paper {
	const struct m_acuse *acuse;
	struct bytes json;
	const char *url;
	size_t size;
};

/* Seconds of one drawing. */
static double draw(struct paper *p)
{
	ARENA(a, 4 << 20);
	struct bytes pdf;
	double start = bench_now();

	assert_int_equal(acuse_pdf(&a, p->acuse, p->json, false, &pdf), OK);
	p->size = pdf.size;
	return bench_now() - start;
}

static double encode(const struct paper *p)
{
	ARENA(a, 1 << 20);
	struct qr qr;
	double start = bench_now();

	assert_int_equal(qr_make(&a, p->url, &qr), OK);
	return bench_now() - start;
}

static void paper_rows(struct paper *p)
{
	enum { TIMES = 40 };
	double pdf[BENCH_ROUNDS], qr[BENCH_ROUNDS], ratio[BENCH_ROUNDS], one[TIMES], two[TIMES];
	char figure[32], limit[32];

	for (int i = 0; i < BENCH_ROUNDS; i++) {
		for (int k = 0; k < TIMES; k++) {
			one[k] = draw(p);
			two[k] = encode(p);
		}
		pdf[i] = bench_quantile(one, TIMES, 0.5);
		qr[i] = bench_quantile(two, TIMES, 0.5);
		ratio[i] = pdf[i] / qr[i];
	}
	snprintf(figure, sizeof(figure), "%zu B", p->size);
	bench_row("acuse on paper, bytes", figure, "6144 B", (double)p->size / PAPER_BYTES,
		BENCH_AT_MOST, 1);
	snprintf(figure, sizeof(figure), "%.0f us", bench_median(pdf, BENCH_ROUNDS) * 1e6);
	snprintf(limit, sizeof(limit), "%.0f us", bench_median(qr, BENCH_ROUNDS) * 1e6);
	bench_row("acuse on paper, time by its QR's", figure, limit,
		bench_median(ratio, BENCH_ROUNDS), BENCH_AT_MOST, PAPER_TARGET);
}

void bench_paper(void)
{
	static struct mundo m;
	ARENA(a, 16 << 20);
	struct firma_de by;
	struct key *reading = lote_open(&m, LOTE_SQLITE, &by);
	const char *folio;
	struct firma_de signer = mundo_efirma(m.fisica);

	lote_avisos(&m, &a, m.fisica->cert.rfc, 1, &folio);
	mundo_at(&m, bench_wall());
	struct m_notificacion_abrir rq = {.hat = {m.fisica->cert.rfc, "propio"},
		.folio = folio,
		.fecha_legal = mundo_fecha(&m, &a, mundo_ready(&m))};
	struct received asked = mundo_request(&m, &a, ROUTE_ID_notificacion_abrir, &rq, &signer);
	struct exchange *x = mundo_call(&m, &a, &asked);
	struct paper p = {.acuse = mundo_answer(&a, x), .json = x->answer};

	if (p.acuse == NULL)
		bench_die("an act was refused");
	p.url = acuse_url(&a, p.acuse);
	assert_non_null(p.url);
	paper_rows(&p);
	key_free(reading);
	mundo_close(&m);
}
