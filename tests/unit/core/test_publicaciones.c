/*
 * What is published (L-8, R-5, R-4.1): told to whom it is for, once, in the order of the commits,
 * whoever publishes beside it; its file to the same ones and to nobody else.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include "base/secret.h"
#include "core/publicaciones.h"
#include "crypto/sha.h"
#include "ley/zona.h"
#include "tests/help/cm.h"
#include "tests/help/core_lote.h"
#include "tests/help/core_representa.h"
#include "tests/help/core_sql.h"

#define PDF "%PDF-1.4 propuesta de cédula\n"

static int clear(void **state)
{
	sql_run(mundo.config.almacen,
		"DELETE FROM publicacion; DELETE FROM archivo WHERE folio LIKE 'PB-%'; "
		"UPDATE particular SET habilitado = 1");
	return representa_clear(state);
}

/* ---- publishing ---- */

static enum err publish_on(struct store *s, struct in_publicacion_poner in,
	const struct m_destinatario *para, size_t count)
{
	ARENA(a, 1 << 20);
	struct novedades news = {0};
	struct env env = {.arena = &a, .store = s, .news = &news};

	in.tipo = in.tipo != NULL ? in.tipo : "Aviso";
	in.titulo = in.titulo != NULL ? in.titulo : in.folio;
	in.firmante = mundo.funcionario->cert.rfc;
	in.funcionario = mundo.funcionario->cert.name;
	in.publicada = mundo.now;
	enum err e = store_begin(s);

	if (e == OK)
		e = publicaciones_poner(&env, &in, para, count);
	if (e == OK)
		e = store_tell(s, &news);
	return e == OK ? store_commit(s) : e;
}

static void publish(const char *folio, const char *clase, const char *para)
{
	const struct m_destinatario one = {.rfc = para};
	const struct in_publicacion_poner in = {
		.folio = folio, .clase = clase, .texto = "Texto.\nDos renglones."};

	assert_int_equal(publish_on(mundo.hand, in, &one, 1), OK);
}

/* With a file that the functionary signed. */
static void publish_file(const char *folio, const char *clase, const char *para)
{
	ARENA(a, 1 << 20);
	const struct m_destinatario one = {.rfc = para};
	struct in_publicacion_poner in = {
		.folio = folio, .clase = clase, .archivo = folio, .bytes = sizeof(PDF) - 1};
	struct in_archivo_poner file = {.folio = folio,
		.bytes = sizeof(PDF) - 1,
		.cadena = "||cadena||",
		.firma = bytes_of_text("firma"),
		.certificado = mundo.funcionario->cert.der,
		.datos = bytes_of_text(PDF),
		.titular = mundo.funcionario->cert.rfc};

	assert_int_equal(sha256_hex(&a, bytes_of_text(PDF), &in.sha256), OK);
	file.sha256 = in.sha256;
	assert_int_equal(q_archivo_poner(mundo.hand, &file, &a, NULL), OK);
	assert_int_equal(publish_on(mundo.hand, in, &one, 1), OK);
}

/* ---- being told ---- */

static const struct m_sincronizado *told(
	struct arena *a, const struct efirma *by, const char *de, const char *cursor)
{
	const char *calidad = strcmp(by->cert.rfc, de) == 0 ? "propio" : "representante";

	return representa_sincroniza(a, de, by, calidad, cursor);
}

/* "PB-1 PB-2*": the folios of one answer; * is for everybody. */
static const char *folios(struct arena *a, const struct m_sincronizado *m)
{
	const char *all = "";

	assert_non_null(m);
	for (size_t i = 0; i < m->publicaciones_count; i++)
		all = arena_printf(a, "%s%s%s%s", all, i == 0 ? "" : " ", m->publicaciones[i].folio,
			m->publicaciones[i].todos ? "*" : "");
	return all;
}

static void test_to_whom(void **state)
{
	ARENA(a, 16 << 20);
	const char *moral = mundo.moral->cert.rfc;
	const struct m_destinatario list[] = {{moral, "Y5412345108"}, {rfc, NULL}};

	(void)state;
	publish("PB-1", PUBLICACION_DOCUMENTO, rfc);
	publish("PB-2", PUBLICACION_COMUNICADO, PUBLICACION_TODOS);
	const struct in_publicacion_poner in = {.folio = "PB-3",
		.clase = PUBLICACION_DOCUMENTO,
		.tipo = "Propuesta de cédula de determinación",
		.titulo = "Propuesta 10-2026"};

	assert_int_equal(publish_on(mundo.hand, in, list, COUNT_OF(list)), OK);
	const struct m_sincronizado *mine = told(&a, mundo.fisica, rfc, NULL);
	const struct m_sincronizado *theirs = told(&a, mundo.moral, moral, NULL);

	assert_string_equal(folios(&a, mine), "PB-1 PB-3 PB-2*");
	assert_string_equal(folios(&a, theirs), "PB-3 PB-2*");
	const struct m_publicacion *p = &theirs->publicaciones[0];

	assert_string_equal(p->rp, "Y5412345108");
	assert_null(mine->publicaciones[1].rp);
	assert_string_equal(p->tipo, "Propuesta de cédula de determinación");
	assert_string_equal(p->titulo, "Propuesta 10-2026");
	assert_string_equal(p->clase, "documento");
	assert_string_equal(p->funcionario, mundo.funcionario->cert.name);
	assert_int_equal(p->publicada, mundo.now);
	assert_null(p->sha256);
	assert_string_equal(mine->publicaciones[2].texto, "Texto.\nDos renglones.");
	/* Each once. */
	mine = told(&a, mundo.fisica, rfc, mine->cursor);
	assert_string_equal(folios(&a, mine), "");
	publish("PB-4", PUBLICACION_COMUNICADO, PUBLICACION_TODOS);
	publish("PB-5", PUBLICACION_COMUNICADO, moral);
	assert_string_equal(folios(&a, told(&a, mundo.fisica, rfc, mine->cursor)), "PB-4*");
	assert_string_equal(folios(&a, told(&a, mundo.moral, moral, theirs->cursor)), "PB-5 PB-4*");
}

/* Pages; a cursor of a client that knew nothing of them; one that is none. */
static void test_pages(void **state)
{
	ARENA(a, 64 << 20);
	char folio[32];
	size_t seen = 0;
	size_t pages = 0;

	(void)state;
	for (int i = 0; i < 45; i++) {
		(void)snprintf(folio, sizeof(folio), "PB-%02d", i);
		publish(folio, PUBLICACION_COMUNICADO, i % 3 == 0 ? rfc : PUBLICACION_TODOS);
	}
	const struct m_sincronizado *m = told(&a, mundo.fisica, rfc, "0.0.0.0");

	for (;; m = told(&a, mundo.fisica, rfc, m->cursor)) {
		seen += m->publicaciones_count;
		pages++;
		if (!m->mas)
			break;
	}
	assert_int_equal(seen, 45);
	assert_int_equal(pages, 2);
	assert_true(strlen(m->cursor) <= 64);
	static const char *const bad[] = {"0.0.0.0-", "0.0.0.0-1", "0.0.0.0-1.2.3x",
		"0.0.0.0-1.2.3-1.2.3", "0.0.0.0--1.2.3", "0.0.0.0-1.-2.3", "-1.2.3"};

	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct m_sincronizar rq = {.hat = {rfc, "propio"}, .cursor = bad[i]};

		assert_string_equal(
			mundo_error(&a, titular_call(&a, ROUTE_ID_sincronizar, &rq, &by_fisica)),
			"campo-invalido");
	}
}

/* Lineamientos 5.2: of an enabled Buzón; once it is, nothing was missed. */
static void test_enabled(void **state)
{
	ARENA(a, 16 << 20);

	(void)state;
	lote_do(&mundo, "UPDATE particular SET habilitado = NULL WHERE rfc = '%s'", rfc);
	publish("PB-1", PUBLICACION_COMUNICADO, PUBLICACION_TODOS);
	const struct m_sincronizado *m = told(&a, mundo.fisica, rfc, NULL);

	assert_string_equal(folios(&a, m), "");
	lote_do(&mundo, "UPDATE particular SET habilitado = 1 WHERE rfc = '%s'", rfc);
	assert_string_equal(folios(&a, told(&a, mundo.fisica, rfc, m->cursor)), "PB-1*");
}

static void let_in(const char *permisos)
{
	ARENA(a, 8 << 20);
	struct representa r = {mundo.fisica, representa_maria, permisos, 0, 0};

	representa_clear(NULL);
	representa_vigente(&a, &r);
}

/* A-16, L-10: a menu each; whoever is let into another one is told what is there. */
static void test_representatives(void **state)
{
	ARENA(a, 32 << 20);

	(void)state;
	publish("PB-1", PUBLICACION_COMUNICADO, PUBLICACION_TODOS);
	publish("PB-2", PUBLICACION_DOCUMENTO, rfc);
	publish("PB-3", PUBLICACION_COMUNICADO, rfc);
	let_in("notificaciones:firmar");
	const struct m_sincronizado *m = told(&a, representa_maria, rfc, NULL);

	assert_string_equal(folios(&a, m), "");
	let_in("comunicados:leer");
	m = told(&a, representa_maria, rfc, m->cursor);
	assert_string_equal(folios(&a, m), "PB-3 PB-1*");
	let_in("comunicados:leer documentos:leer");
	m = told(&a, representa_maria, rfc, m->cursor);
	assert_string_equal(folios(&a, m), "PB-2 PB-3 PB-1*");
	assert_string_equal(folios(&a, told(&a, representa_maria, rfc, m->cursor)), "");
}

static const char *file_error(struct arena *a, const struct efirma *by, const char *de,
	const char *folio, const struct m_documento **ret)
{
	const char *calidad = strcmp(by->cert.rfc, de) == 0 ? "propio" : "representante";
	struct m_documento_pedir rq = {.hat = {de, calidad}, .folio = folio};
	struct firma_de f = mundo_efirma(by);
	struct exchange *x = titular_call(a, ROUTE_ID_documento, &rq, &f);

	*ret = mundo_answer(a, x);
	return mundo_error(a, x);
}

static void test_files(void **state)
{
	ARENA(a, 32 << 20);
	const char *moral = mundo.moral->cert.rfc;
	const struct m_documento *d;

	(void)state;
	publish_file("PB-1", PUBLICACION_DOCUMENTO, rfc);
	publish_file("PB-2", PUBLICACION_COMUNICADO, PUBLICACION_TODOS);
	publish("PB-3", PUBLICACION_COMUNICADO, rfc);
	assert_string_equal(file_error(&a, mundo.fisica, rfc, "PB-1", &d), "");
	assert_true(bytes_equal(d->datos, bytes_of_text(PDF)));
	assert_string_equal(d->folio, "PB-1");
	assert_string_equal(d->cadena, "||cadena||");
	assert_int_equal(d->total, sizeof(PDF) - 1);
	/* What is another's is not there, nor what has no file. */
	assert_string_equal(file_error(&a, mundo.moral, moral, "PB-1", &d), "no-existe");
	assert_string_equal(file_error(&a, mundo.fisica, rfc, "PB-3", &d), "no-existe");
	assert_string_equal(file_error(&a, mundo.moral, moral, "PB-2", &d), "");
	/* Nor to whom that menu was not opened. */
	let_in("comunicados:leer");
	assert_string_equal(file_error(&a, representa_maria, rfc, "PB-1", &d), "fuera-de-alcance");
	assert_string_equal(file_error(&a, representa_maria, rfc, "PB-2", &d), "");
	assert_string_equal(file_error(&a, representa_maria, rfc, "PB-0", &d), "fuera-de-alcance");
	let_in("notificaciones:leer");
	assert_string_equal(file_error(&a, representa_maria, rfc, "PB-2", &d), "fuera-de-alcance");
	assert_string_equal(file_error(&a, representa_maria, rfc, "PB-0", &d), "no-existe");
	assert_string_equal(file_error(&a, mundo.fisica, rfc, "PB-1", &d), "");
	lote_do(&mundo, "UPDATE particular SET habilitado = NULL WHERE rfc = '%s'", rfc);
	assert_string_equal(file_error(&a, mundo.fisica, rfc, "PB-2", &d), "buzon-no-habilitado");
}

/* ---- the order of the commits ---- */

#define PUBLISHERS 3
#define EACH 25

static void *publisher(void *arg)
{
	const int who = *(const int *)arg;
	const struct m_destinatario all = {.rfc = PUBLICACION_TODOS};
	struct store *s = NULL;
	char folio[32];

	if (store_open(mundo.config.almacen, DB_WRITE, &s) != OK)
		return arg;
	void *failed = NULL;

	for (int i = 0; i < EACH && failed == NULL; i++) {
		(void)snprintf(folio, sizeof(folio), "PB-%d-%d", who, i);
		const struct in_publicacion_poner in = {
			.folio = folio, .clase = PUBLICACION_COMUNICADO};
		enum err e = ERR_BUSY;

		for (int tries = 0; e == ERR_BUSY && tries < 500; tries++) {
			e = publish_on(s, in, &all, 1);
			if (e != OK)
				store_rollback(s);
		}
		failed = e != OK ? arg : NULL;
	}
	store_close(s);
	return failed;
}

/* A client that asks again and again while others publish to everybody misses none and gets none
 * twice. */
static void test_none_is_hidden(void **state)
{
	static const int who[PUBLISHERS] = {0, 1, 2};
	ARENA(keep, 1 << 20);
	pthread_t threads[PUBLISHERS];
	const char *cursor = NULL;
	bool seen[PUBLISHERS][EACH] = {{false}};
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < PUBLISHERS; i++)
		assert_int_equal(
			pthread_create(&threads[i], NULL, publisher, (void *)(uintptr_t)&who[i]),
			0);
	for (int rounds = 0; count < (size_t)PUBLISHERS * EACH && rounds < 20000; rounds++) {
		ARENA(a, 16 << 20);
		const struct m_sincronizado *m = told(&a, mundo.fisica, rfc, cursor);

		assert_non_null(m);
		for (size_t i = 0; i < m->publicaciones_count; i++) {
			int p, n;

			assert_int_equal(sscanf(m->publicaciones[i].folio, "PB-%d-%d", &p, &n), 2);
			assert_false(seen[p][n]);
			seen[p][n] = true;
			count++;
		}
		arena_free(&keep);
		cursor = arena_strdup(&keep, m->cursor);
	}
	for (size_t i = 0; i < PUBLISHERS; i++) {
		void *failed = NULL;

		assert_int_equal(pthread_join(threads[i], &failed), 0);
		assert_null(failed);
	}
	assert_int_equal(count, PUBLISHERS * EACH);
}

#define TEST(f) cmocka_unit_test_setup(f, clear)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_to_whom),
		TEST(test_pages),
		TEST(test_enabled),
		TEST(test_representatives),
		TEST(test_files),
		TEST(test_none_is_hidden),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, representa_set_up, representa_tear_down);
}
