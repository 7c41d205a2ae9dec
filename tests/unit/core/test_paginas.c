/*
 * The public pages without sockets: what each says, what a GET never does, and that confirming an
 * e-mail happens once whoever asks and how often. L-5.2 L-10 A-06 A-12
 */
#include "core/pagina.h"

#include <pthread.h>
#include "base/b64.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/secret.h"
#include "crypto/sha.h"
#include "ley/acuse.h"
#include "net/codec.h"
#include "tests/help/cm.h"
#include "tests/help/core_pagina.h"
#include "tests/help/core_sql.h"
#include "tests/help/pki.h"

#define ROOM (16 << 20)
#define LINK "/c/" ENLACE

static const char *ask(struct arena *a, const char *sql)
{
	return sql_ask(a, mundo.config.almacen, sql);
}

static int begin(void **state)
{
	(void)state;
	mundo_at(&mundo, pki_now());
	mundo.config.presupuesto_direccion = 0;
	sql_run(mundo.config.almacen, "DELETE FROM medio; DELETE FROM acuse; DELETE FROM legal "
				      "WHERE version <> 'ejemplo-1'");
	return 0;
}

static void says(const char *page, const char *text)
{
	if (strstr(page, text) == NULL)
		fail_msg("not on the page: %s\n%s", text, page);
}

static void hides(const char *page, const char *text)
{
	if (strstr(page, text) != NULL)
		fail_msg("on the page: %s\n%s", text, page);
}

/* The medium is as it was registered, and nothing was made of it. */
static void untouched(struct arena *a)
{
	assert_string_equal(ask(a, "SELECT COUNT(*) FROM medio WHERE validado IS NOT NULL"), "0");
	assert_string_equal(ask(a, "SELECT COUNT(*) FROM acuse"), "0");
}

/* ---- the sheet ---------------------------------------------------------------------------- */

/* The policy names the style on the page and lets nothing else in. */
static void test_policy(void **state)
{
	ARENA(a, ROOM);
	struct exchange *x = pagina_ask(&a, "GET", "/cerrar");
	const char *page = pagina_wait(x, 200);
	const char *style = strstr(page, "<style>");
	unsigned char hash[SHA256_BYTES];

	(void)state;
	assert_non_null(style);
	style += strlen("<style>");
	size_t size = (size_t)(strstr(style, "</style>") - style);

	assert_int_equal(sha256(bytes_of(style, size), hash), OK);
	assert_string_equal(x->policy,
		arena_printf(&a,
			"default-src 'none'; style-src 'sha256-%s'; form-action 'self'; base-uri 'none'; "
			"frame-ancestors 'none'",
			b64_encode(&a, bytes_of(hash, sizeof(hash)))));
	assert_string_equal(x->content_type, "text/html; charset=utf-8");
	says(page, "<html lang=\"es-MX\">");
	says(page, "<h1>Ya puedes cerrar esta ventana</h1>");
	hides(page, "<script");
	hides(page, "style=");
}

static void test_which(void **state)
{
	static const struct {
		const char *method, *target, *peer;
		bool is;
	} cases[] = {
		{"GET", "/cerrar", "192.0.2.1", true},
		{"HEAD", "/cerrar", "192.0.2.1", true},
		{"GET", "/cerrar/", "192.0.2.1", false},
		{"GET", "/cerrar/x", "192.0.2.1", false},
		{"GET", "/cerrarx", "192.0.2.1", false},
		{"POST", "/cerrar", "192.0.2.1", false},
		{"DELETE", LINK, "192.0.2.1", false},
		{"PUT", LINK, "192.0.2.1", false},
		{"GET", "/dlr/x", "192.0.2.1", true},
		{"HEAD", "/dlr/x", "192.0.2.1", false},
		{"POST", "/dlr/x", "192.0.2.1", false},
		{"GET", "/salud", "127.0.0.1", true},
		{"GET", "/salud", "::1", true},
		{"GET", "/salud", "192.0.2.1", false},
		{"GET", "/salud/x", "127.0.0.1", false},
		{"GET", "/", "192.0.2.1", false},
		{"GET", NULL, "192.0.2.1", false},
		{"POST", "/v1/entrar", "192.0.2.1", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		ARENA(a, ROOM);
		struct exchange *known = pagina_ask(&a, "GET", "/cerrar");
		struct exchange x = {.arena = &a, .done = known->done};

		x.rq = (struct received){.method = cases[i].method,
			.target = cases[i].target,
			.peer = cases[i].peer};
		if (pagina_answer(&mundo.server, mundo.writer, &x) != cases[i].is)
			fail_msg("%s %s of %s", cases[i].method, cases[i].target, cases[i].peer);
	}
}

static void test_budget(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	mundo.config.presupuesto_direccion = 2;
	pagina_medio(MEDIO, ENLACE, mundo.now);
	pagina_get(&a, LINK, 200);
	pagina_get(&a, "/c/x", 404);
	struct exchange *x = pagina_ask(&a, "POST", LINK);

	says(pagina_wait(x, 429), "Espera un minuto");
	assert_true(x->retry_after_s > 0);
	pagina_get(&a, "/terminos", 429);
	pagina_get(&a, "/v/AAAAAAAAAAAAAAAAAAAA", 429);
	untouched(&a);
}

/* ---- confirming --------------------------------------------------------------------------- */

/* A GET never confirms, whoever follows the link; nothing on the page is personal. A-06 L-10 */
static void test_get_never_confirms(void **state)
{
	static const char *const links[] = {LINK, LINK "?utm_source=x", LINK "?confirmar=1"};
	ARENA(a, ROOM);

	(void)state;
	pagina_medio(MEDIO, ENLACE, mundo.now - 1000);
	for (size_t i = 0; i < COUNT_OF(links); i++) {
		const char *page = pagina_get(&a, links[i], 200);

		says(page, "<h1>Confirma tu correo</h1>");
		says(page, "<form method=\"post\">");
		says(page, "value=\"Confirmar correo\"");
		says(page, MEDIO);
		says(page, "<a href=\"../cerrar\">Cerrar</a>");
		hides(page, CORREO);
		hides(page, rfc);
		hides(page, ENLACE);
		pagina_wait(pagina_ask(&a, "HEAD", links[i]), 200);
	}
	untouched(&a);
}

static void test_confirmed(void **state)
{
	ARENA(a, ROOM);
	struct m_acuse m;

	(void)state;
	pagina_medio(MEDIO, ENLACE, mundo.now - 1000);
	const char *page = pagina_post(&a, LINK, 200);
	const char *when = ask(&a, "SELECT validado FROM medio");

	says(page, "<h1>Tu correo quedó validado</h1>");
	says(page, "Cerrar");
	hides(page, CORREO);
	hides(page, rfc);
	hides(page, "<form");
	assert_string_equal(when, arena_printf(&a, "%lld", (long long)mundo.now));
	/* Its acuse, which nobody signed, is the titular's. L-6.1 */
	struct in_acuse in = {
		.folio = ask(&a, "SELECT acuse_validacion FROM medio"), .titular = rfc};
	struct out_acuse row;

	assert_int_equal(q_acuse(mundo.hand, &in, &a, &row), OK);
	assert_int_equal(codec_decode(&a, &message_acuse, CODEC_TOLERANT, row.json, &m, NULL), OK);
	assert_true(acuse_is_automatico(&m));
	assert_int_equal(acuse_verify(&a, &m, mundo.trust), OK);
	/* Again, and looked at: it is said when, and nothing is made twice. */
	mundo_at(&mundo, mundo.now + 3600000);
	const char *again = pagina_post(&a, LINK, 200);
	const char *seen = pagina_get(&a, LINK, 200);

	says(again, "<h1>Este correo ya estaba validado</h1>");
	assert_string_equal(again, seen);
	says(again, strstr(page, "<dt>Fecha de Validación"));
	assert_string_equal(ask(&a, "SELECT validado FROM medio"), when);
	assert_string_equal(ask(&a, "SELECT COUNT(*) FROM acuse"), "1");
	/* Also long after the 72 hours. */
	mundo_at(&mundo, mundo.now + 100 * INT64_C(3600000));
	says(pagina_get(&a, LINK, 200), "ya estaba validado");
}

/* Holds the writer where it is until it is opened. */
struct gate {
	struct chore chore;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	bool reached, open;
};

static void hold(struct chore *c, struct writer_group *g)
{
	struct gate *gate = (struct gate *)(void *)c;

	(void)g;
	pthread_mutex_lock(&gate->mutex);
	gate->reached = true;
	pthread_cond_broadcast(&gate->changed);
	while (!gate->open)
		pthread_cond_wait(&gate->changed, &gate->mutex);
	pthread_mutex_unlock(&gate->mutex);
}

static void gate_close(struct gate *g)
{
	*g = (struct gate){.chore.run = hold,
		.mutex = PTHREAD_MUTEX_INITIALIZER,
		.changed = PTHREAD_COND_INITIALIZER};
	writer_chore(mundo.writer, &g->chore);
	pthread_mutex_lock(&g->mutex);
	while (!g->reached)
		pthread_cond_wait(&g->changed, &g->mutex);
	pthread_mutex_unlock(&g->mutex);
}

static void gate_open(struct gate *g)
{
	pthread_mutex_lock(&g->mutex);
	g->open = true;
	pthread_cond_broadcast(&g->changed);
	pthread_mutex_unlock(&g->mutex);
}

/* All were looked at before any was written. */
static void test_at_once(void **state)
{
	ARENA(a, 2 * ROOM);
	struct exchange *xs[8];
	struct gate gate;
	size_t first = 0;

	(void)state;
	pagina_medio(MEDIO, ENLACE, mundo.now - 1000);
	gate_close(&gate);
	for (size_t i = 0; i < COUNT_OF(xs); i++) {
		xs[i] = pagina_ask(&a, "POST", LINK);
		assert_int_equal(xs[i]->status, 0);
	}
	gate_open(&gate);
	for (size_t i = 0; i < COUNT_OF(xs); i++)
		first += strstr(pagina_wait(xs[i], 200), "quedó validado") != NULL;
	assert_int_equal(first, 1);
	assert_string_equal(ask(&a, "SELECT COUNT(*) FROM acuse"), "1");
}

/* Removed between the look and the writing. */
static void test_gone_meanwhile(void **state)
{
	ARENA(a, ROOM);
	struct gate gate;

	(void)state;
	pagina_medio(MEDIO, ENLACE, mundo.now - 1000);
	gate_close(&gate);
	struct exchange *x = pagina_ask(&a, "POST", LINK);

	sql_run(mundo.config.almacen, "UPDATE medio SET baja = registrado, motivo = 'eliminado'");
	gate_open(&gate);
	says(pagina_wait(x, 410), "se dio de baja");
	untouched(&a);
}

/* L-5.2: the last instant counts. */
static void test_expired(void **state)
{
	static const int64_t term = 72 * INT64_C(3600000);
	ARENA(a, ROOM);

	(void)state;
	pagina_medio(MEDIO, ENLACE, mundo.now - term - 1);
	says(pagina_get(&a, LINK, 410), "Pasaron las 72 horas");
	says(pagina_post(&a, LINK, 410), "regístralo de nuevo");
	untouched(&a);
	begin(NULL);
	pagina_medio(MEDIO, ENLACE, mundo.now - term);
	says(pagina_get(&a, LINK, 200), "<form");
	says(pagina_post(&a, LINK, 200), "quedó validado");
}

static void test_gone(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	pagina_medio(MEDIO, ENLACE, mundo.now - 1000);
	sql_run(mundo.config.almacen, "UPDATE medio SET baja = registrado, motivo = 'eliminado'");
	says(pagina_get(&a, LINK, 410), "se dio de baja");
	says(pagina_post(&a, LINK, 410), "se dio de baja");
	sql_run(mundo.config.almacen, "UPDATE medio SET motivo = 'vencido'");
	says(pagina_get(&a, LINK, 410), "Pasaron las 72 horas");
	untouched(&a);
}

/* No oracle: whatever is no link of ours is answered with the very same page. */
static void test_unknown(void **state)
{
	static const char *const links[] = {"/c/", "/c", "/c/k3Jq9Zr0TtY7uVbXw-2_Af",
		"/c/k3Jq9Zr0TtY7uVbXw-2_A", "/c/" ENLACE "/", "/c/" ENLACE "%00",
		"/c/BI-20261109-101500114", "/c/..%2f..%2fsalud", "/c/<script>alert(1)</script>",
		"/c/'%20OR%20'1'='1"};
	ARENA(a, ROOM);
	const char *one = pagina_get(&a, "/c/AAAAAAAAAAAAAAAAAAAAAA", 404);

	(void)state;
	pagina_medio(MEDIO, ENLACE, mundo.now - 1000);
	says(one, "Ese enlace no sirve");
	for (size_t i = 0; i < COUNT_OF(links); i++) {
		assert_string_equal(pagina_get(&a, links[i], 404), one);
		assert_string_equal(pagina_post(&a, links[i], 404), one);
	}
	untouched(&a);
}

/* Only a form confirms: not what a script or a scanner would send. */
static void test_other_bodies(void **state)
{
	static const char *const types[] = {NULL, "", "application/json", "text/plain",
		"application/x-www-form-urlencoded-not", "multipart/form-data"};
	ARENA(a, ROOM);

	(void)state;
	pagina_medio(MEDIO, ENLACE, mundo.now - 1000);
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		struct exchange *x = pagina_ask(&a, "HEAD", LINK);

		x->user = NULL;
		x->rq.method = "POST";
		x->rq.content_type = types[i];
		assert_true(pagina_answer(&mundo.server, mundo.writer, x));
		pagina_wait(x, 415);
	}
	untouched(&a);
	struct exchange *x = pagina_ask(&a, "HEAD", LINK);

	x->user = NULL;
	x->rq.method = "POST";
	x->rq.content_type = "Application/X-WWW-Form-URLEncoded; charset=UTF-8";
	assert_true(pagina_answer(&mundo.server, mundo.writer, x));
	says(pagina_wait(x, 200), "quedó validado");
}

/* What can't be sealed isn't there, and the link goes on serving. */
static void test_not_written(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	pagina_medio(MEDIO, ENLACE, mundo.now - 1000);
	mundo.server.sello_bytes++;
	struct exchange *x = pagina_ask(&a, "POST", LINK);

	says(pagina_wait(x, 503), "nada quedó registrado");
	assert_true(x->retry_after_s > 0);
	mundo.server.sello_bytes--;
	untouched(&a);
	says(pagina_post(&a, LINK, 200), "quedó validado");
}

/*
 * The n-th allocation fails, on whatever thread, for every n: a whole page or a 503 that left
 * nothing behind; then it works.
 */
static bool fail_at(const char *method, const char *target, long n, int *ret_status)
{
	ARENA(a, ROOM);

	mem_fail_at(n);
	struct exchange *x = pagina_ask(&a, method, target);

	pagina_end(x);
	bool over = mem_count() < n;

	mem_fail_at(0);
	if (x->status != 200 && x->status != 503)
		fail_msg("%s %s, allocation %ld: %d", method, target, n, x->status);
	*ret_status = x->status;
	return over;
}

static void test_memory(void **state)
{
	static const char *const gets[] = {LINK, "/terminos", "/privacidad/ejemplo-1", "/cerrar"};
	ARENA(a, ROOM);
	int status = 0;
	long failed = 0;

	begin(state);
	pagina_medio(MEDIO, ENLACE, mundo.now - 1000);
	for (size_t i = 0; i < COUNT_OF(gets); i++)
		for (long n = 1; !fail_at("GET", gets[i], n, &status); n++)
			;
	for (long n = 1; !fail_at("POST", LINK, n, &status); n++) {
		if (status == 503)
			untouched(&a);
		failed += status == 503;
		begin(state);
		pagina_medio(MEDIO, ENLACE, mundo.now - 1000);
	}
	assert_int_equal(status, 200);
	assert_true(failed > 10);
	assert_string_equal(ask(&a, "SELECT COUNT(*) FROM acuse"), "1");
}

/* ---- texts -------------------------------------------------------------------------------- */

static void test_texts(void **state)
{
	ARENA(a, ROOM);
	const char *page = pagina_get(&a, "/terminos", 200);

	(void)state;
	says(page, "<h1>TÉRMINOS Y CONDICIONES DEL BUZÓN IMSS</h1>");
	says(page, "<h2>12. Aceptación</h2>");
	says(page, "<p>Redacción de ejemplo de este programa");
	says(page, "<dt>Versión</dt><dd>ejemplo-1</dd>");
	says(page, mundo.legales.vigente[LEGAL_TERMINOS].sha256);
	says(page, "<dt>Vigente desde</dt>");
	assert_string_equal(pagina_get(&a, "/terminos/ejemplo-1", 200), page);
	page = pagina_get(&a, "/privacidad", 200);
	says(page, "<h1>AVISO DE PRIVACIDAD SIMPLIFICADO DEL BUZÓN IMSS</h1>");
	says(page, "<ul>\n<li>De identificación:");
	says(page, "</li>\n</ul>\n<p>No se piden datos sensibles.");
	says(page, mundo.legales.vigente[LEGAL_PRIVACIDAD].sha256);
	pagina_get(&a, "/terminos/otra", 404);
	pagina_get(&a, "/privacidad/'%20OR%20'1'='1", 404);
}

/* One that is not in force any more is still told; an operator's text is text, whatever it holds.
 */
static void test_old_text(void **state)
{
	ARENA(a, ROOM);
	struct in_legal_poner in = {.cual = "terminos",
		.version = "2025-1",
		.sha256 = "x",
		.desde = 1,
		.texto = bytes_of_text("Título & <b>\n\n- <script>alert(1)</script>\n\nFin")};

	(void)state;
	assert_int_equal(q_legal_poner(mundo.hand, &in, &a, NULL), OK);
	const char *page = pagina_get(&a, "/terminos/2025-1", 200);

	says(page, "<h1>Título &amp; &lt;b&gt;</h1>");
	says(page, "<li>&lt;script&gt;alert(1)&lt;/script&gt;</li>");
	says(page, "<h2>Fin</h2>");
	says(page, "ya no es la vigente");
	pagina_get(&a, "/privacidad/2025-1", 404);
}

/* ---- how many ----------------------------------------------------------------------------- */

/* Whoever asks faster than it can be written is told so; those before them are all answered. */
static void test_crowd(void **state)
{
	ARENA(a, 64 << 20);
	struct gate gate;
	struct exchange *xs[WRITER_OFFERS];

	(void)state;
	pagina_medio(MEDIO, ENLACE, mundo.now);
	gate_close(&gate);
	for (size_t i = 0; i < WRITER_OFFERS; i++)
		xs[i] = pagina_ask(&a, "POST", LINK);
	says(pagina_post(&a, LINK, 503), "nada quedó registrado");
	gate_open(&gate);
	for (size_t i = 0; i < WRITER_OFFERS; i++)
		pagina_wait(xs[i], 200);
	assert_string_equal(ask(&a, "SELECT COUNT(*) FROM acuse"), "1");
	pagina_post(&a, LINK, 200);
}

/* ---- reports ------------------------------------------------------------------------------ */

static void put_message(const char *id, const char *via)
{
	ARENA(a, 65536);
	int64_t parte;

	assert_int_equal(store_parte(bytes_of_text(rfc), &parte), OK);
	sql_run(mundo.config.almacen,
		arena_printf(&a,
			"INSERT INTO envio (id, parte, titular, via, destino, cupo, plantilla, creado, "
			"estado, desde) VALUES ('%s', %lld, '%s', '%s', 'x', 'x', 'validacion_%s', 1, "
			"'aceptado', 1)",
			id, (long long)parte, rfc, via, via));
}

/* Of an SMS by the gateway; who got a mail has read its id, and reports nothing. */
static void test_reports(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	sql_run(mundo.config.almacen, "DELETE FROM envio; DELETE FROM envio_evento");
	put_message("aaaaaaaaaaaaaaaaaaaaaaaaaa", "correo");
	put_message("bbbbbbbbbbbbbbbbbbbbbbbbbb", "sms");
	pagina_get(&a, "/dlr/aaaaaaaaaaaaaaaaaaaaaaaaaa?type=2", 404);
	assert_string_equal(ask(&a, "SELECT COUNT(*) FROM envio_evento"), "0");
	pagina_get(&a, "/dlr/bbbbbbbbbbbbbbbbbbbbbbbbbb?type=1", 200);
	assert_string_equal(ask(&a, "SELECT estado FROM envio WHERE via = 'sms'"), "entregado");
	assert_string_equal(ask(&a, "SELECT estado FROM envio WHERE via = 'correo'"), "aceptado");
	/* And not without end, though nobody counts the gateway's. */
	for (int i = 1; i < 30; i++)
		pagina_get(&a, "/dlr/bbbbbbbbbbbbbbbbbbbbbbbbbb?type=8", 200);
	pagina_get(&a, "/dlr/bbbbbbbbbbbbbbbbbbbbbbbbbb?type=8", 429);
}

#define PAGE_TEST(name) cmocka_unit_test_setup(name, begin)

static int set_up(void **state)
{
	titular_set_up(state);
	return writer_start(mundo.writer) == OK ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PAGE_TEST(test_policy),
		PAGE_TEST(test_which),
		PAGE_TEST(test_budget),
		PAGE_TEST(test_get_never_confirms),
		PAGE_TEST(test_confirmed),
		PAGE_TEST(test_at_once),
		PAGE_TEST(test_gone_meanwhile),
		PAGE_TEST(test_expired),
		PAGE_TEST(test_gone),
		PAGE_TEST(test_unknown),
		PAGE_TEST(test_other_bodies),
		PAGE_TEST(test_not_written),
		PAGE_TEST(test_memory),
		PAGE_TEST(test_texts),
		PAGE_TEST(test_old_text),
		PAGE_TEST(test_crowd),
		PAGE_TEST(test_reports),
	};
	struct secret_status status;

	log_open(2, LOG_ERROR);
	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, set_up, titular_tear_down);
}
