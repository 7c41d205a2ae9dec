/*
 * Naming and accepting a representative: one signature up to "preparar", two to open or to sign,
 * one right after the other; both sides see it. A-16 L-3 L-4.2
 */
#include <stdio.h>
#include "base/secret.h"
#include "core/medios.h"
#include "core/representaciones.h"
#include "crypto/rfc.h"
#include "tests/help/cm.h"
#include "tests/help/core_lote.h"
#include "tests/help/core_representa.h"

#define MINUTE INT64_C(60000)

/* ---- the door that notices by mail go through ---- */

static struct {
	enum plantilla plantilla;
	char titular[RFC_BYTES];
	char folio[40];
} sent[8];
static size_t sent_count;

enum err __real_medios_avisar(struct env *env, const char *rp, enum plantilla correo,
	enum plantilla sms, const struct m_dato *datos, size_t count);
enum err __wrap_medios_avisar(struct env *env, const char *rp, enum plantilla correo,
	enum plantilla sms, const struct m_dato *datos, size_t count);

/* An act of a group that is run again asks again: only the last time is what it asked. */
enum err __wrap_medios_avisar(struct env *env, const char *rp, enum plantilla correo,
	enum plantilla sms, const struct m_dato *datos, size_t count)
{
	size_t at = sent_count < COUNT_OF(sent) ? sent_count++ : 0;

	sent[at].plantilla = correo;
	snprintf(sent[at].titular, sizeof(sent[at].titular), "%s", env->titular);
	for (size_t i = 0; i < count; i++)
		if (strcmp(datos[i].etiqueta, "folio") == 0)
			snprintf(sent[at].folio, sizeof(sent[at].folio), "%s", datos[i].valor);
	return __real_medios_avisar(env, rp, correo, sms, datos, count);
}

/* Both sides, the titular first, were written to about that folio; nobody else was. */
static void assert_sent(enum plantilla plantilla, const char *folio)
{
	assert_int_equal(sent_count, 2);
	assert_string_equal(sent[0].titular, rfc);
	assert_string_equal(sent[1].titular, representa_maria->cert.rfc);
	for (size_t i = 0; i < sent_count; i++) {
		assert_int_equal(sent[i].plantilla, plantilla);
		assert_string_equal(sent[i].folio, folio);
	}
	sent_count = 0;
}

static struct representa to_maria(const char *permisos)
{
	return (struct representa){mundo.fisica, representa_maria, permisos, 0, 0};
}

/* Both sides hear by mail of what begins and ends; of a proposal that came to nothing, nobody. */
static void test_notices(void **state)
{
	ARENA(a, 8 << 20);
	struct representa r = to_maria("notificaciones:firmar");
	struct representa one = to_maria("notificaciones:leer");

	(void)state;
	sent_count = 0;
	const struct m_acuse *m = mundo_answer(&a, representa_alta(&a, &r));

	representa_baja(&a, &r, r.a, m->folio);
	assert_int_equal(sent_count, 0);
	m = mundo_answer(&a, representa_alta(&a, &r));
	representa_aceptar(&a, &r, m);
	assert_sent(PLANTILLA_representante_alta, m->folio);
	representa_baja(&a, &r, r.a, m->folio);
	assert_sent(PLANTILLA_representante_baja, m->folio);
	m = mundo_answer(&a, representa_alta(&a, &one));
	assert_sent(PLANTILLA_representante_alta, m->folio);
	/* A refusal writes to nobody. */
	assert_string_equal(mundo_error(&a, representa_alta(&a, &one)), "representacion-repetida");
	assert_int_equal(sent_count, 0);
}

/* ---- one signature ---- */

static void test_one_signature(void **state)
{
	ARENA(a, 8 << 20);
	struct representa r = to_maria("notificaciones:preparar medios:leer");
	const struct m_acuse *m = mundo_answer(&a, representa_alta(&a, &r));

	(void)state;
	assert_non_null(m);
	assert_string_equal(m->tipo, "Acuse de registro de representante");
	assert_string_equal(m->estatus, "Vigente");
	assert_string_equal(m->calidad, "propio");
	assert_string_equal(m->firmante, rfc);
	assert_string_equal(representa_valor(m, "Titular"), rfc);
	assert_string_equal(representa_valor(m, "Representante"), r.a->cert.rfc);
	assert_string_equal(representa_valor(m, "Notificaciones"), "Preparar");
	assert_string_equal(representa_valor(m, "Medios de contacto"), "Leer");
	assert_string_equal(representa_valor(m, "Activación Buzón IMSS"), "");
	assert_string_equal(representa_valor(m, "Hasta"), "Sin fecha de término");
	assert_string_equal(representa_valor(m, REPRESENTACIONES_BASE), representa_base(&a, m));
	assert_string_equal(representa_entra(&a, rfc, r.a), "");
	/* Nothing to accept. */
	assert_string_equal(
		mundo_error(&a, representa_aceptar(&a, &r, m)), "representacion-ya-vigente");
}

static const struct m_representacion *only(const struct m_representacion *list, size_t count)
{
	assert_int_equal(count, 1);
	return list;
}

static void assert_told(const struct m_representacion *m, const char *folio, const char *estado)
{
	assert_string_equal(m->folio, folio);
	assert_string_equal(m->estado, estado);
	assert_string_equal(m->origen, "buzon");
	assert_string_equal(m->titular, rfc);
	assert_string_equal(m->titular_nombre, "PERSONA DE PRUEBA");
	assert_string_equal(m->representante, representa_maria->cert.rfc);
	assert_string_equal(m->representante_nombre, representa_maria->cert.name);
	assert_int_equal(m->permisos_count, 2);
	assert_string_equal(m->permisos[0].ambito, "notificaciones");
	assert_string_equal(m->permisos[0].nivel, "leer");
	assert_string_equal(m->permisos[1].ambito, "activacion");
}

/* The titular's list, the representative's own list, and what they see of the titular's. */
static void test_both_sides_see(void **state)
{
	ARENA(a, 8 << 20);
	struct representa r = to_maria("notificaciones:leer activacion:leer");
	struct representa other = {mundo.fisica, representa_ana, "medios:leer", 0, 0};
	const struct m_sincronizado *before =
		representa_sincroniza(&a, r.a->cert.rfc, r.a, "propio", NULL);
	const char *folio = representa_vigente(&a, &r);

	(void)state;
	assert_int_equal(before->cuenta->representados_count, 0);
	/* Somebody who has waited with that cursor is told. */
	const struct m_cuenta *c =
		representa_sincroniza(&a, r.a->cert.rfc, r.a, "propio", before->cursor)->cuenta;

	assert_non_null(c);
	assert_told(only(c->representados, c->representados_count), folio, "vigente");
	c = representa_sincroniza(&a, rfc, r.titular, "propio", NULL)->cuenta;
	assert_told(only(c->representantes, c->representantes_count), folio, "vigente");
	assert_int_equal(c->representados_count, 0);
	representa_vigente(&a, &other);
	c = representa_sincroniza(&a, rfc, r.a, "representante", NULL)->cuenta;
	assert_told(only(c->representantes, c->representantes_count), folio, "vigente");
	assert_int_equal(c->representados_count, 0);
	assert_int_equal(c->permisos_count, 2);
	assert_int_equal(c->medios_count, 0);
}

/* An accountant sees all who let them in, and no client another. */
static void test_many_clients(void **state)
{
	ARENA(a, 8 << 20);
	struct representa one = {mundo.fisica, representa_ana, "notificaciones:leer", 0, 0};
	struct representa two = {mundo.moral, representa_ana, "notificaciones:firmar", 0, 0};

	(void)state;
	representa_vigente(&a, &one);
	representa_vigente(&a, &two);
	const struct m_cuenta *c =
		representa_sincroniza(&a, one.a->cert.rfc, one.a, "propio", NULL)->cuenta;

	assert_int_equal(c->representados_count, 2);
	c = representa_sincroniza(&a, rfc, one.a, "representante", NULL)->cuenta;
	assert_int_equal(c->representantes_count, 1);
	c = representa_sincroniza(&a, two.titular->cert.rfc, two.titular, "propio", NULL)->cuenta;
	assert_string_equal(
		only(c->representantes, c->representantes_count)->titular, two.titular->cert.rfc);
}

/* 300 media with addresses as long as there are, whose messages failed. */
static void put_board(const char *of)
{
	int64_t parte;

	assert_int_equal(store_parte(bytes_of_text(of), &parte), OK);
	lote_do(&mundo,
		"INSERT INTO medio (folio, parte, titular, rp, mecanismo, valor, clave, registrado, "
		"vence, baja, acuse_baja, motivo) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i "
		"+ 1 FROM n WHERE i < 300) SELECT 'BI-20260101-9' || (10000000 + i), %lld, '%s', "
		"'A0123456107', 'correo', '%0240d@ejemplo.mx', 'x' || i, i, i, i, "
		"'BI-20260101-123456789', 'eliminado' FROM n",
		(long long)parte, of, 7);
	lote_do(&mundo,
		"INSERT INTO envio (id, parte, titular, medio, via, destino, cupo, plantilla, creado, "
		"estado, desde, detalle) SELECT 'e' || folio, parte, titular, folio, 'correo', valor, "
		"clave, 'validacion_correo', 1, 'fallido', 1, '%0200d' FROM medio",
		7);
}

/* More clients than are told of, in the memory of one request; what has ended is what is left out.
 */
static void test_thousand_clients(void **state)
{
	ARENA(a, 8 << 20);
	ARENA(scratch, 1 << 20);
	const char *ana = representa_ana->cert.rfc;
	char of[32], folio[40];

	(void)state;
	assert_int_equal(store_begin(mundo.hand), OK);
	for (int i = 0; i < 1001; i++) {
		struct in_particular_asegurar who = {.rfc = of,
			.nombre = "EMPRESA DE PRUEBA CON UN NOMBRE DE LO MÁS LARGO SA DE CV",
			.zona = "America/Mexico_City"};
		struct in_representacion_poner in = {.folio = folio,
			.titular = of,
			.representante = ana,
			.permisos = "notificaciones:preparar medios:leer activacion:leer",
			.origen = "buzon",
			.desde = mundo.now - i,
			/* The newest is over. */
			.hasta = i == 0 ? mundo.now - 1 : 0,
			.base_sha256 = "0123456789012345678901234567890123456789012345678901234567"
				       "890123"};

		snprintf(of, sizeof(of), "EMP%02d0101A%02d", i / 50, i % 50);
		snprintf(folio, sizeof(folio), "BI-20260101-%09d", i);
		assert_int_equal(q_particular_asegurar(mundo.hand, &who, &scratch, NULL), OK);
		assert_int_equal(q_representacion_poner(mundo.hand, &in, &scratch, NULL), OK);
	}
	assert_int_equal(store_commit(mundo.hand), OK);
	/* Beside as much of all else as there can be. */
	put_board(ana);
	const struct m_cuenta *c =
		representa_sincroniza(&a, ana, representa_ana, "propio", NULL)->cuenta;

	lote_do(&mundo, "DELETE FROM medio");
	lote_do(&mundo, "DELETE FROM envio");
	assert_int_equal(c->medios_count, 300);
	assert_int_equal(c->representados_count, 1000);
	for (size_t i = 0; i < c->representados_count; i++)
		assert_string_equal(c->representados[i].estado, "vigente");
}

/* Somebody no row speaks of: told when they come, by the name of their certificate. */
static void test_unknown_representative(void **state)
{
	ARENA(a, 8 << 20);
	struct representa r = {mundo.fisica, representa_maria, "notificaciones:leer", 0, 0};
	const char *keyid;

	(void)state;
	lote_do(&mundo, "DELETE FROM particular WHERE rfc = '%s'", r.a->cert.rfc);
	representa_vigente(&a, &r);
	const struct m_cuenta *c =
		representa_sincroniza(&a, rfc, r.titular, "propio", NULL)->cuenta;

	assert_string_equal(only(c->representantes, c->representantes_count)->representante_nombre,
		r.a->cert.rfc);
	c = representa_sincroniza(&a, r.a->cert.rfc, r.a, "propio", NULL)->cuenta;
	assert_string_equal(c->nombre, r.a->cert.name);
	assert_int_equal(c->representados_count, 1);
	/* They come, and the titular knows the name too. */
	key_free(mundo_enter(&mundo, r.a, &keyid));
	c = representa_sincroniza(&a, rfc, r.titular, "propio", NULL)->cuenta;
	assert_string_equal(only(c->representantes, c->representantes_count)->representante_nombre,
		r.a->cert.name);
}

/* ---- two signatures ---- */

static void test_two_signatures(void **state)
{
	ARENA(a, 8 << 20);
	struct representa r = to_maria("notificaciones:abrir");
	const struct m_acuse *m = mundo_answer(&a, representa_alta(&a, &r));

	(void)state;
	assert_non_null(m);
	assert_string_equal(m->estatus, "Por aceptar");
	assert_string_equal(representa_entra(&a, rfc, r.a), "sin-representacion");
	/* What is to be accepted is told to who will accept it. */
	const struct m_cuenta *c =
		representa_sincroniza(&a, r.a->cert.rfc, r.a, "propio", NULL)->cuenta;
	const struct m_representacion *told = only(c->representados, c->representados_count);

	assert_string_equal(told->estado, "por-aceptar");
	assert_string_equal(told->base_sha256, representa_base(&a, m));
	assert_int_equal(told->acepta_antes, mundo.now + 30 * MINUTE);
	mundo_at(&mundo, mundo.now + MINUTE);
	const struct m_acuse *second = mundo_answer(&a, representa_aceptar(&a, &r, m));

	assert_non_null(second);
	assert_string_equal(second->tipo, "Acuse de aceptación de representación");
	assert_string_equal(second->estatus, "Vigente");
	assert_string_equal(second->titular, rfc);
	assert_string_equal(second->firmante, r.a->cert.rfc);
	assert_string_equal(second->calidad, "representante");
	assert_string_equal(representa_valor(second, REPRESENTACIONES_FOLIO), m->folio);
	assert_string_equal(
		representa_valor(second, REPRESENTACIONES_BASE), representa_base(&a, m));
	assert_string_equal(representa_valor(m, REPRESENTACIONES_BASE), representa_base(&a, m));
	assert_string_equal(representa_entra(&a, rfc, r.a), "");
	told = representa_sincroniza(&a, rfc, r.titular, "propio", NULL)->cuenta->representantes;
	assert_string_equal(told->estado, "vigente");
	assert_int_equal(told->aceptada, mundo.now);
	assert_int_equal(told->desde, mundo.now);
	assert_string_equal(told->acuse_aceptacion, second->folio);
}

static void test_last_instant(void **state)
{
	ARENA(a, 8 << 20);
	struct representa r = to_maria("medios:firmar");
	const struct m_acuse *m = mundo_answer(&a, representa_alta(&a, &r));

	(void)state;
	representa_age(m->folio, 30 * MINUTE);
	assert_string_equal(mundo_error(&a, representa_aceptar(&a, &r, m)), "");
	representa_clear(NULL);
	m = mundo_answer(&a, representa_alta(&a, &r));
	representa_age(m->folio, 30 * MINUTE + 1);
	assert_string_equal(mundo_error(&a, representa_aceptar(&a, &r, m)), "propuesta-caducada");
	assert_string_equal(representa_entra(&a, rfc, r.a), "sin-representacion");
	const struct m_cuenta *c =
		representa_sincroniza(&a, rfc, r.titular, "propio", NULL)->cuenta;

	assert_string_equal(only(c->representantes, c->representantes_count)->estado, "caducada");
	assert_string_equal(mundo_error(&a, representa_baja(&a, &r, r.titular, m->folio)),
		"representacion-terminada");
	/* And it is in nobody's way. */
	representa_vigente(&a, &r);
}

static const char *accept_with(
	struct arena *a, const char *folio, const char *base, const struct efirma *by)
{
	struct firma_de f = mundo_efirma(by);
	struct m_representante_aceptar rq = {
		.hat = {rfc, "representante"}, .folio = folio, .base_sha256 = base};

	return mundo_error(a, titular_call(a, ROUTE_ID_representante_aceptar, &rq, &f));
}

static void test_second_signature_refused(void **state)
{
	ARENA(a, 8 << 20);
	struct representa r = to_maria("notificaciones:firmar");
	struct representa ana = {mundo.fisica, representa_ana, "medios:firmar", 0, 0};
	const struct m_acuse *m = mundo_answer(&a, representa_alta(&a, &r));
	const struct m_acuse *other = mundo_answer(&a, representa_alta(&a, &ana));
	const char *base = representa_base(&a, m);
	char *upper = arena_strdup(&a, base);
	struct m_representante_aceptar own = {
		.hat = {rfc, "propio"}, .folio = m->folio, .base_sha256 = base};

	(void)state;
	for (char *c = upper; *c != '\0'; c++)
		*c = (char)(*c >= 'a' ? *c - 32 : *c);
	assert_string_equal(
		accept_with(&a, m->folio, representa_base(&a, other), r.a), "campo-invalido");
	assert_string_equal(accept_with(&a, m->folio, upper, r.a), "campo-invalido");
	assert_string_equal(accept_with(&a, m->folio, "", r.a), "campo-invalido");
	assert_string_equal(accept_with(&a, "BI-20260101-000000000", base, r.a), "no-existe");
	/* Named by the same titular, in another one. */
	assert_string_equal(accept_with(&a, m->folio, base, ana.a), "no-existe");
	/* The certificate of the moral has María's RFC in it, too. */
	assert_string_equal(accept_with(&a, m->folio, base, mundo.moral), "sin-representacion");
	assert_string_equal(accept_with(&a, m->folio, base, r.titular), "sin-representacion");
	assert_string_equal(
		mundo_error(&a, titular_call(&a, ROUTE_ID_representante_aceptar, &own, &by_fisica)),
		"rfc-ajeno");
	assert_string_equal(representa_entra(&a, rfc, r.a), "sin-representacion");
	assert_int_equal(lote_number(&mundo, "SELECT COUNT(*) FROM mandato"), 0);
	assert_string_equal(accept_with(&a, m->folio, base, r.a), "");
	assert_string_equal(accept_with(&a, m->folio, base, r.a), "representacion-ya-vigente");
	assert_int_equal(lote_number(&mundo, "SELECT COUNT(*) FROM mandato"), 1);
}

/* The same bytes again are the same act, whatever time says by then. */
static void test_acceptance_is_exactly_once(void **state)
{
	ARENA(a, 8 << 20);
	struct representa r = to_maria("notificaciones:firmar");
	const struct m_acuse *m = mundo_answer(&a, representa_alta(&a, &r));
	struct firma_de by = mundo_efirma(r.a);
	struct m_representante_aceptar rq = {.hat = {rfc, "representante"},
		.folio = m->folio,
		.base_sha256 = representa_base(&a, m)};

	(void)state;
	by.expires = mundo.now + 3600000;
	struct received bytes = mundo_request(&mundo, &a, ROUTE_ID_representante_aceptar, &rq, &by);
	const struct m_acuse *first = mundo_answer(&a, mundo_call(&mundo, &a, &bytes));

	assert_non_null(first);
	representa_baja(&a, &r, r.titular, m->folio);
	mundo_at(&mundo, mundo.now + 31 * MINUTE);
	const struct m_acuse *again = mundo_answer(&a, mundo_call(&mundo, &a, &bytes));

	assert_non_null(again);
	assert_string_equal(again->folio, first->folio);
	assert_string_equal(representa_entra(&a, rfc, r.a), "sin-representacion");
}

/* ---- what is refused ---- */

static const char *name_one(struct arena *a, const struct m_representante_alta *rq)
{
	struct exchange *x = titular_call(a, ROUTE_ID_representante_alta, rq, &by_fisica);
	struct m_fallo f = {0};

	if (x->status == 200)
		return "";
	assert_int_equal(codec_decode(a, &message_fallo, CODEC_TOLERANT, x->answer, &f, NULL), OK);
	return f.campo != NULL ? arena_printf(a, "%s %s", f.error, f.campo) : f.error;
}

static void test_bad_requests(void **state)
{
	static const struct {
		const char *representante; /* NULL: María's */
		const char *permisos;
		int64_t desde, hasta; /* from now; 0: none */
		const char *want;
	} cases[] = {
		{"NO ES RFC", "medios:leer", 0, 0, "campo-invalido representante"},
		{"nulm750615mn7", "medios:leer", 0, 0, "campo-invalido representante"},
		{"PEÑJ800101AB1", "medios:leer", 0, 0, "a-si-mismo"},
		{NULL, "", 0, 0, "campo-invalido permisos"},
		{NULL, "medios:todo", 0, 0, "campo-invalido permisos"},
		{NULL, "acceso:leer", 0, 0, "campo-invalido permisos"},
		{NULL, "medios:leer medios:firmar", 0, 0, "campo-invalido permisos"},
		{NULL, "Medios:leer", 0, 0, "campo-invalido permisos"},
		{NULL, "medios:leer", 0, -1, "campo-invalido hasta"},
		{NULL, "medios:leer", 1000, 999, "campo-invalido hasta"},
		/* A firm reads and prepares; a person opens and signs. */
		{"FÑ&010203AB1", "medios:abrir", 0, 0, "campo-invalido representante"},
		{"FÑ&010203AB1", "medios:leer activacion:firmar", 0, 0,
			"campo-invalido representante"},
		{"FÑ&010203AB1", "medios:preparar", 0, 0, ""},
		{NULL, "medios:leer", 1000, 1000, ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		ARENA(a, 8 << 20);
		struct representa r = to_maria(cases[i].permisos);

		r.desde = cases[i].desde != 0 ? mundo.now + cases[i].desde : 0;
		r.hasta = cases[i].hasta != 0 ? mundo.now + cases[i].hasta : 0;
		struct m_representante_alta *rq = representa_request(&a, &r);

		if (cases[i].representante != NULL)
			rq->representante = cases[i].representante;
		const char *got = name_one(&a, rq);

		if (strcmp(got, cases[i].want) != 0)
			fail_msg("case %zu: %s, not %s", i, got, cases[i].want);
	}
}

/* An accounting firm lets itself in with its own e.firma, for itself. */
static void test_firm(void **state)
{
	ARENA(a, 8 << 20);
	struct representa r = {mundo.fisica, mundo.moral, "notificaciones:preparar", 0, 0};

	(void)state;
	representa_vigente(&a, &r);
	assert_string_equal(representa_entra(&a, rfc, mundo.moral), "");
	assert_string_equal(representa_entra(&a, rfc, representa_maria), "sin-representacion");
}

static void test_one_of_a_pair(void **state)
{
	ARENA(a, 8 << 20);
	struct representa r = to_maria("medios:leer");
	struct representa more = to_maria("medios:firmar");
	struct representa future = r;

	(void)state;
	future.desde = mundo.now + 86400000;
	const char *folio = representa_vigente(&a, &r);

	assert_string_equal(mundo_error(&a, representa_alta(&a, &more)), "representacion-repetida");
	assert_string_equal(mundo_error(&a, representa_baja(&a, &r, r.titular, folio)), "");
	/* In the same millisecond, and with the same day to begin twice. */
	folio = representa_vigente(&a, &future);
	assert_string_equal(mundo_error(&a, representa_alta(&a, &r)), "representacion-repetida");
	assert_string_equal(mundo_error(&a, representa_baja(&a, &r, r.titular, folio)), "");
	folio = representa_vigente(&a, &future);
	assert_string_equal(mundo_error(&a, representa_baja(&a, &r, r.titular, folio)), "");
	representa_vigente(&a, &more);
	assert_string_equal(representa_entra(&a, rfc, r.a), "");
}

/* Whoever is named is written to without having asked for it: not as often as somebody likes. */
static void test_named_again_and_again(void **state)
{
	ARENA(a, 64 << 20);
	struct representa r = to_maria("medios:leer");
	struct representa other = {mundo.fisica, representa_ana, "medios:leer", 0, 0};

	(void)state;
	for (int i = 0; i < REPRESENTACIONES_DIA_UNO; i++)
		assert_string_equal(mundo_error(&a, representa_baja(&a, &r, r.titular,
							    representa_vigente(&a, &r))),
			"");
	assert_string_equal(mundo_error(&a, representa_alta(&a, &r)), "limite-del-dia");
	const char *folio = representa_vigente(&a, &other);

	/* Nor by naming many. */
	assert_string_equal(mundo_error(&a, representa_baja(&a, &other, other.titular, folio)), "");
	lote_do(&mundo,
		"INSERT INTO representacion (folio, parte, titular, representante, permisos, origen, "
		"desde, registrada, termino) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
		"FROM n WHERE i < %d) SELECT 'X-' || i, r.parte, r.titular, 'OTRO' || i, "
		"'medios:leer', 'buzon', 0, r.registrada, 1 FROM n, representacion r WHERE r.folio = '%s'",
		REPRESENTACIONES_DIA, folio);
	assert_string_equal(mundo_error(&a, representa_alta(&a, &other)), "limite-del-dia");
	/* The next day is another. */
	lote_do(&mundo, "UPDATE representacion SET registrada = registrada - 86400000");
	assert_string_equal(mundo_error(&a, representa_alta(&a, &r)), "");
}

static void test_most(void **state)
{
	ARENA(a, 64 << 20);
	struct representa r = to_maria("medios:leer");
	struct m_representante_alta *rq = representa_request(&a, &r);
	char other[32];

	(void)state;
	rq->representante = other;
	for (int i = 0; i < REPRESENTACIONES_MAS; i++) {
		snprintf(other, sizeof(other), "CAAA8001%02dA%02d", 1 + i / 10, 10 + i % 10);
		assert_string_equal(name_one(&a, rq), "");
	}
	rq->representante = r.a->cert.rfc;
	assert_string_equal(name_one(&a, rq), "representaciones-completas");
	const struct m_cuenta *c =
		representa_sincroniza(&a, rfc, r.titular, "propio", NULL)->cuenta;

	assert_int_equal(c->representantes_count, REPRESENTACIONES_MAS);
	representa_baja(&a, &r, r.titular, c->representantes[50].folio);
	assert_string_equal(name_one(&a, rq), "");
	/* Those that are open come first, and the list is no longer. */
	c = representa_sincroniza(&a, rfc, r.titular, "propio", NULL)->cuenta;
	assert_int_equal(c->representantes_count, REPRESENTACIONES_MAS);
	for (size_t i = 0; i < c->representantes_count; i++)
		assert_string_equal(c->representantes[i].estado, "vigente");
}

#define TEST(f) cmocka_unit_test_setup(f, representa_clear)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_notices),
		TEST(test_one_signature),
		TEST(test_both_sides_see),
		TEST(test_many_clients),
		TEST(test_thousand_clients),
		TEST(test_unknown_representative),
		TEST(test_two_signatures),
		TEST(test_last_instant),
		TEST(test_second_signature_refused),
		TEST(test_acceptance_is_exactly_once),
		TEST(test_bad_requests),
		TEST(test_firm),
		TEST(test_one_of_a_pair),
		TEST(test_named_again_and_again),
		TEST(test_most),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, representa_set_up, representa_tear_down);
}
