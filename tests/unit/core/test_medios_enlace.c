/*
 * The link of a mail, as the page that it opens asks for it and confirms it: L-5.2, A-05, A-09. By
 * nobody's act, once, in time; no other link tells anything.
 */
#include <string.h>
#include "base/secret.h"
#include "crypto/sha.h"
#include "tests/help/cm.h"
#include "tests/help/core_medios.h"

static int set_up(void **state)
{
	(void)state;
	medios_forget();
	return 0;
}

/* A confirmation, as core/web would have the writer do it. */
struct visit {
	struct chore chore;
	unsigned char sha[32];
	struct arena *arena;
	struct medios_confirmado ret;
	enum err e;
};

static enum err confirm(struct writer_group *g, void *ctx)
{
	struct visit *v = ctx;
	struct env env = {.arena = v->arena,
		.store = g->store,
		.now = mundo.now,
		.config = &mundo.config,
		.calendario = &mundo.calendario,
		.folios = &g->folios,
		.news = &g->news,
		.sello_certificado = mundo.server.sello_certificado,
		.sello_bytes = mundo.server.sello_bytes};

	store_careful(g->store, true);
	v->e = medios_confirmar(&env, g, v->sha, &v->ret);
	return v->e == ERR_BUSY ? v->e : OK;
}

static void run_visit(struct chore *c, struct writer_group *g)
{
	struct visit *v = (struct visit *)(void *)c;

	assert_int_equal(writer_group_transact(g, mundo.now, 1, confirm, v), OK);
}

static enum err post(struct arena *a, const char *link, struct medios_confirmado *ret)
{
	struct visit v = {.chore.run = run_visit, .arena = a};

	assert_int_equal(sha256(bytes_of_text(link), v.sha), OK);
	writer_chore_now(mundo.writer, &v.chore);
	*ret = v.ret;
	return v.e;
}

static enum err get(struct arena *a, const char *link, struct medios_confirmado *ret)
{
	unsigned char sha[32];

	assert_int_equal(sha256(bytes_of_text(link), sha), OK);
	return medios_por_enlace(mundo.hand, a, sha, mundo.now, ret);
}

static const char *new_mail(const char *valor)
{
	const char *folio;

	assert_string_equal(medio_alta("correo", valor, NULL, &folio), "");
	return folio;
}

static void test_once(void **state)
{
	ARENA(a, 8 << 20);
	const char *folio = new_mail("ana@ejemplo.mx");
	const char *link = medio_enlace(folio);
	struct medios_confirmado c;
	int64_t now = mundo.now;

	(void)state;
	assert_int_equal(get(&a, link, &c), OK);
	assert_string_equal(c.titular, rfc);
	assert_string_equal(c.folio, folio);
	assert_string_equal(c.mecanismo, "correo");
	assert_int_equal(c.registrado, now);
	assert_int_equal(c.validado, 0);
	assert_false(c.antes);
	/* Looking changes nothing. */
	assert_string_equal(medio_estado(folio), "pendiente");
	mundo_at(&mundo, now + 1000);
	assert_int_equal(post(&a, link, &c), OK);
	assert_false(c.antes);
	assert_int_equal(c.validado, now + 1000);
	assert_string_equal(medio_estado(folio), "validado");
	const char *acuse =
		lote_text(&mundo, "SELECT acuse_validacion FROM medio WHERE folio = '%s'", folio);

	assert_string_equal(medio_dice(&a, acuse, "Folio del registro"), folio);
	assert_string_equal(
		medio_acuse(&a, acuse)->tipo, "Acuse de validación de mecanismos de comunicación");
	/* Again, and again: the same, and nothing new. */
	mundo_at(&mundo, now + 100 * HORA_MS);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(post(&a, link, &c), OK);
		assert_true(c.antes);
		assert_int_equal(c.validado, now + 1000);
		assert_int_equal(get(&a, link, &c), OK);
		assert_true(c.antes);
	}
	assert_int_equal(
		lote_number(
			&mundo, "SELECT count(*) FROM acuse WHERE tipo LIKE 'Acuse de validaci%%'"),
		1);
	assert_int_equal(lote_number(&mundo,
				 "SELECT count(*) FROM envio WHERE plantilla = 'validado_correo'"),
		1);
	assert_string_equal(medio_valida(folio, medio_codigo(folio), NULL), "medio-ya-validado");
	mundo_at(&mundo, now);
}

/* The last instant counts; behind it, before and after the job. */
static void test_late(void **state)
{
	ARENA(a, 8 << 20);
	int64_t now = mundo.now;
	const char *in_time = medio_enlace(new_mail("uno@ejemplo.mx"));
	const char *folio = new_mail("dos@ejemplo.mx");
	const char *late = medio_enlace(folio);
	struct medios_confirmado c;

	(void)state;
	mundo_at(&mundo, now + 72 * HORA_MS);
	assert_int_equal(post(&a, in_time, &c), OK);
	mundo_at(&mundo, now + 72 * HORA_MS + 1);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(get(&a, late, &c), ERR_MEDIUM_EXPIRED);
		assert_int_equal(post(&a, late, &c), ERR_MEDIUM_EXPIRED);
		assert_string_equal(medio_estado(folio), i == 0 ? "pendiente" : "vencido");
		(void)medios_run(tareas, medio_cancela(now + 72 * HORA_MS));
	}
	mundo_at(&mundo, now);
}

static void test_not_any_more(void **state)
{
	ARENA(a, 8 << 20);
	int64_t now = mundo.now;
	const char *folio = new_mail("ana@ejemplo.mx");
	const char *first = medio_enlace(folio);
	struct medios_confirmado c;

	(void)state;
	mundo_at(&mundo, now + MEDIO_ENTRE_MS);
	assert_string_equal(medio_reenvia(folio), "");
	/* Sent again: only the last one is a link. */
	assert_int_equal(get(&a, first, &c), ERR_NOT_FOUND);
	assert_int_equal(post(&a, first, &c), ERR_NOT_FOUND);
	assert_int_equal(get(&a, medio_enlace(folio), &c), OK);
	assert_string_equal(medio_elimina(folio, false, NULL), "");
	assert_int_equal(get(&a, medio_enlace(folio), &c), ERR_MEDIUM_GONE);
	assert_int_equal(post(&a, medio_enlace(folio), &c), ERR_MEDIUM_GONE);
	assert_int_equal(post(&a, "00000000000000000000000000000000", &c), ERR_NOT_FOUND);
	mundo_at(&mundo, now);
}

/* A spent code spends no link, and the link ends what the code began. */
static void test_spent_code(void **state)
{
	ARENA(a, 8 << 20);
	const char *folio = new_mail("ana@ejemplo.mx");
	const char *wrong = medio_otro_codigo(medio_codigo(folio));
	struct medios_confirmado c;

	(void)state;
	for (int i = 0; i < 5; i++)
		(void)medio_valida(folio, wrong, NULL);
	assert_string_equal(medio_valida(folio, medio_codigo(folio), NULL), "codigo-agotado");
	assert_int_equal(post(&a, medio_enlace(folio), &c), OK);
	assert_string_equal(medio_estado(folio), "validado");
}

/* By its link, too, the one that it replaces gets its baja. A-10 */
static void test_replaces(void **state)
{
	ARENA(a, 8 << 20);
	const char *old = medio_listo("correo", "uno@ejemplo.mx", NULL);
	const char *folio;
	struct medios_confirmado c;

	(void)state;
	assert_string_equal(medio_alta("correo", "dos@ejemplo.mx", old, &folio), "");
	assert_int_equal(post(&a, medio_enlace(folio), &c), OK);
	assert_string_equal(medio_estado(old), "sustituido");
	assert_string_equal(
		medio_dice(&a,
			lote_text(&mundo, "SELECT acuse_baja FROM medio WHERE folio = '%s'", old),
			"Folio del medio sustituido"),
		old);
}

/* Nobody on the way learns whose it is. L-10 */
static void test_link_has_no_data(void **state)
{
	const char *folio = new_mail("ana@ejemplo.mx");
	const char *json = lote_text(&mundo,
		store_shared(mundo.config.almacen)
			? "SELECT convert_from(datos, 'UTF8') FROM envio WHERE medio = '%s'"
			: "SELECT CAST(datos AS TEXT) FROM envio WHERE medio = '%s'",
		folio);

	(void)state;
	assert_non_null(strstr(json, "\"enlace\",\"valor\":\"https://buzon.prueba/c/"));
	assert_null(strstr(json, rfc));
	assert_null(strstr(json, "ana@"));
	assert_null(strstr(json, folio));
}

#define EACH(f) cmocka_unit_test_setup(f, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(test_once),
		EACH(test_late),
		EACH(test_not_any_more),
		EACH(test_spent_code),
		EACH(test_replaces),
		EACH(test_link_has_no_data),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, medios_set_up, medios_tear_down);
}
