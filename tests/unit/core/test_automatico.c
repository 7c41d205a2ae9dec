/*
 * acuse_automatico: made in a transaction of the writer that no act is part of, stored whole,
 * proved by whoever reads it, and found where it was damaged or is none. L-6.1 L-6.5 L-7.5
 */
#include "core/acuse_make.h"
#include "core/writer_group.h"

#include "base/b64.h"
#include "base/log.h"
#include "base/secret.h"
#include "ley/acuse.h"
#include "tests/help/cm.h"
#include "tests/help/core_acervo.h"
#include "tests/help/core_sql.h"
#include "tests/help/pki.h"

#define EVENTO "{\"evento\":\"prueba\",\"medio\":\"BI-20261109-101500114\"}"
#define TIPO "Acuse de prueba"

struct making {
	struct chore chore;
	struct arena *a;
	const char *evento;
	const char *ambito;
	enum err e;
	enum err after; /* what the rest of the transaction comes to */
	struct m_acuse made;
};

static enum err in_transaction(struct writer_group *g, void *ctx)
{
	struct making *w = ctx;
	static const struct m_dato contenido[] = {
		{"Mecanismo de Comunicación", "Correo Electrónico"}};
	struct env env = {.arena = w->a,
		.store = g->store,
		.now = mundo.now,
		.titular = rfc,
		.titular_nombre = "JOSÉ PEÑA ÑANDÚ",
		.zona = "America/Tijuana",
		.config = &mundo.config,
		.folios = &g->folios,
		.news = &g->news,
		.sello_certificado = mundo.server.sello_certificado,
		.sello_bytes = mundo.server.sello_bytes};
	struct acuse_de de = {.tipo = TIPO,
		.fundamento = "Lineamientos 5.2 y 6.1",
		.estatus = "Validado",
		.legal = mundo.now - 1000,
		.contenido = contenido,
		.contenido_count = 1,
		.ambito = w->ambito};
	enum err e = acuse_automatico(&env, g, &de, w->evento, &w->made);

	return e != OK ? e : w->after;
}

static void run(struct chore *c, struct writer_group *g)
{
	struct making *w = (struct making *)(void *)c;

	w->e = writer_group_transact(g, mundo.now, 1, in_transaction, w);
}

static enum err make(struct making *w)
{
	mundo_at(&mundo, pki_now());
	w->chore.run = run;
	writer_chore_now(mundo.writer, &w->chore);
	return w->e;
}

static const char *count(struct arena *a)
{
	return sql_ask(
		a, mundo.config.almacen, "SELECT COUNT(*) FROM acuse WHERE tipo = '" TIPO "'");
}

static void test_made(void **state)
{
	ARENA(a, 8 << 20);
	struct making w = {.a = &a, .evento = EVENTO, .ambito = "medios"};
	struct m_acuse_pedir rq = {.hat = {rfc, "propio"}};

	(void)state;
	assert_int_equal(make(&w), OK);
	rq.folio = w.made.folio;
	struct exchange *x = titular_call(&a, ROUTE_ID_acuse, &rq, &by_reading);
	const struct m_acuse *m = mundo_answer(&a, x);

	assert_non_null(m);
	assert_int_equal(acuse_verify(&a, m, mundo.trust), OK);
	assert_true(acuse_is_automatico(m));
	assert_string_equal((const char *)m->cuerpo.data, EVENTO);
	assert_string_equal(m->titular, rfc);
	assert_int_equal(m->legal, mundo.now - 1000);
	assert_string_equal(m->cadena, w.made.cadena);
	assert_string_equal(sql_ask(&a, mundo.config.almacen,
				    "SELECT ambito FROM acuse WHERE tipo = '" TIPO "'"),
		"medios");
	acervo_restore();
}

/* what the operator says at the foot is sealed with it, and shown instead of ours. */
static void test_feet(void **state)
{
	ARENA(a, 8 << 20);
	struct making w = {.a = &a, .evento = EVENTO};

	(void)state;
	mundo.config.acuse_contacto = "Llama al 55 1234 5678.";
	assert_int_equal(make(&w), OK);
	mundo.config.acuse_contacto = NULL;
	struct m_acuse m = w.made;

	assert_int_equal(m.contenido_count, 2);
	assert_true(acuse_is_pie(&m.contenido[1]));
	assert_false(acuse_is_pie(&m.contenido[0]));
	assert_string_equal(acuse_pie(&m, ACUSE_PIE_CONTACTO), "Llama al 55 1234 5678.");
	assert_string_equal(acuse_pie(&m, ACUSE_PIE_PRIVACIDAD), acuse_texto_privacidad());
	assert_int_equal(acuse_verify(&a, &m, mundo.trust), OK);
	m.contenido[1].valor = "Llama al 55 8765 4321.";
	assert_int_equal(acuse_verify(&a, &m, mundo.trust), ERR_BAD_SEAL);
	acervo_restore();
}

/* With its transaction or not at all. */
static void test_undone(void **state)
{
	ARENA(a, 64 << 20);
	struct making w = {.a = &a, .evento = EVENTO, .after = ERR_MEDIUM_GONE};
	struct making bad = {.a = &a, .evento = "dos\nlíneas"};

	(void)state;
	assert_int_equal(make(&w), ERR_MEDIUM_GONE);
	assert_int_equal(make(&bad), ERR_BAD_FIELD);
	assert_string_equal(count(&a), "0");
	/* The sealing process is whole for the next one. */
	w.after = OK;
	assert_int_equal(make(&w), OK);
	assert_string_equal(count(&a), "1");
	assert_string_equal(sql_ask(&a, mundo.config.almacen,
				    "SELECT ambito FROM acuse WHERE tipo = '" TIPO "'"),
		"");
	acervo_restore();
}

static void put_json(struct arena *a, const char *json, const char *where)
{
	bool pg = store_shared(mundo.config.almacen);
	const char *hex = hex_encode(a, bytes_of_text(json));

	sql_run(mundo.config.almacen, arena_printf(a,
					      pg ? "UPDATE acuse SET json = '\\x%s' WHERE %s"
						 : "UPDATE acuse SET json = x'%s' WHERE %s",
					      hex, where));
}

static const char *json_of(struct arena *a, const char *where)
{
	bool pg = store_shared(mundo.config.almacen);

	return sql_ask(a, mundo.config.almacen,
		arena_printf(a, "SELECT %s FROM acuse WHERE %s",
			pg ? "convert_from(json, 'UTF8')" : "CAST(json AS TEXT)", where));
}

/* The text with the first `what` replaced. */
static const char *with(struct arena *a, const char *json, const char *what, const char *by)
{
	const char *at = strstr(json, what);

	assert_non_null(at);
	return arena_printf(a, "%.*s%s%s", (int)(at - json), json, by, at + strlen(what));
}

#define OWN "tipo = '" TIPO "'"

/* `buzond verificar-almacen`: a good one is one more; of a damaged one it says which row fails. */
static void test_walked(void **state)
{
	ARENA(a, 16 << 20);
	struct making w = {.a = &a, .evento = EVENTO};

	(void)state;
	assert_int_equal(make(&w), OK);
	assert_int_equal(acervo_verify(NULL), 0);
	assert_string_equal(
		acervo_out, "Comprobado: actos 10, acuses 6, notificaciones 6. Fallas: 0.\n");
	const char *json = json_of(&a, OWN);
	const struct {
		const char *what, *by, *says;
	} damages[] = {
		{"Correo Electr", "Otro Electr", "El contenido es el que se selló"},
		{"\"estatus\":\"Validado\"", "\"estatus\":\"Vencido\"",
			"El contenido es el que se selló"},
		{"SHA-256 del evento: ", "SHA-256 del evento: 0",
			"El evento es el de la constancia"},
		{"\"cuerpo\":\"eyJ", "\"cuerpo\":\"eyK", "El evento es el de la constancia"},
		{"\"firma\":\"\"", "\"firma\":\"AAAA\"", "Es una constancia automática"},
		{"\"firmante\":\"BUZON-IMSS\"", "\"firmante\":\"PEÑJ800101AB1\"",
			"Es una constancia automática"},
		{"\"calidad\":\"automatico\"", "\"calidad\":\"propio\"",
			"no hay un acto del que sea acuse"},
		{"\"sello\":\"", "\"sello\":\"AAAA", "El sello corresponde a la cadena original"},
	};

	for (size_t i = 0; i < COUNT_OF(damages); i++) {
		put_json(&a, with(&a, json, damages[i].what, damages[i].by), OWN);
		if (acervo_verify(NULL) != 65 || strstr(acervo_out, damages[i].says) == NULL)
			fail_msg("%s: %s%s", damages[i].what, acervo_out, acervo_err);
	}
	acervo_restore();
	acervo_must_be_clean("the damages");
}

/* A signed act's acuse that is made to pass for one: its seal, and its act, say no. */
static void test_forged(void **state)
{
	ARENA(a, 16 << 20);
	const char *json = json_of(&a, U_FIRST);

	(void)state;
	put_json(&a, with(&a, json, "\"calidad\":\"propio\"", "\"calidad\":\"automatico\""),
		U_FIRST);
	assert_int_equal(acervo_verify(NULL), 65);
	assert_non_null(strstr(acervo_out, "su acuse no es de este acto"));
	assert_non_null(
		strstr(acervo_out, "«Es una constancia automática: nadie la firmó» no se cumple"));
	assert_non_null(
		strstr(acervo_out, "«La cadena original corresponde a los datos» no se cumple"));
	acervo_restore();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_made),
		cmocka_unit_test(test_feet),
		cmocka_unit_test(test_undone),
		cmocka_unit_test(test_walked),
		cmocka_unit_test(test_forged),
	};
	struct secret_status status;

	log_open(2, LOG_ERROR);
	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, acervo_set_up, titular_tear_down);
}
