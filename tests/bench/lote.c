#include "tests/bench/lote.h"

#include <stdlib.h>
#include "base/b64.h"
#include "crypto/sha.h"
#include "ley/folio.h"
#include "ley/plazo.h"
#include "tests/bench/keeper.h"
#include "tests/help/cm.h"

static const char *const documents[] = {"Resolución de rectificación de la prima en el SRT",
	"Cédula de liquidación por la omisión total en la determinación y pago de cuotas",
	"Requerimiento de información y documentación", "Acta de notificación de crédito fiscal",
	"Oficio de invitación a regularizar diferencias en el pago de cuotas",
	"Resolución de la solicitud de autorización para el pago a plazos",
	"Dictamen de alta por riesgo de trabajo"};
static const char *const people[] = {"MARÍA GUADALUPE HERNÁNDEZ LÓPEZ", "JOSÉ LUIS MARTÍNEZ PEÑA",
	"ANA SOFÍA RAMÍREZ ORTEGA", "FRANCISCO JAVIER NÚÑEZ CASTILLO", "LAURA ELENA VÁZQUEZ RÍOS"};
static const char *const places[] = {"Subdelegación 5 Centro", "Subdelegación Tlalnepantla",
	"Subdelegación Hidalgo, Guadalajara", "Subdelegación Mérida Norte"};

struct key *lote_open(struct mundo *m, enum lote_store where, struct firma_de *ret_reading)
{
	struct key *reading;

	keeper_postgres(where == LOTE_POSTGRES);
	mundo_open(m);
	keeper_postgres(false);
	mundo_alta(m, m->fisica->cert.rfc, "PERSONA DE PRUEBA", true);
	*ret_reading = (struct firma_de){0};
	reading = mundo_enter(m, m->fisica, &ret_reading->keyid);
	ret_reading->key = reading;
	return reading;
}

void lote_moral(struct mundo *m)
{
	const char *keyid;

	mundo_alta(m, m->moral->cert.rfc, "EMPRESA DE PRUEBA", true);
	key_free(mundo_enter(m, m->moral, &keyid));
}

static const char *random_sha(struct arena *a)
{
	unsigned char bytes[16];
	const char *sha;

	assert_int_equal(random_bytes(bytes, sizeof(bytes)), OK);
	assert_int_equal(sha256_hex(a, bytes_of(bytes, sizeof(bytes)), &sha), OK);
	return sha;
}

static void put_file(
	struct mundo *m, struct arena *a, const char *rfc, const char *folio, const char *sha)
{
	unsigned char firma[256];

	assert_int_equal(random_bytes(firma, sizeof(firma)), OK);
	struct in_archivo_poner in = {.folio = folio,
		.sha256 = sha,
		.bytes = 8,
		.cadena = "||Documento:prueba||",
		.firma = bytes_of(firma, sizeof(firma)),
		.certificado = m->fisica->cert.der,
		.datos = bytes_of_text("%PDF-1.7"),
		.titular = rfc};

	assert_int_equal(q_archivo_poner(m->hand, &in, a, NULL), OK);
}

static void put_row(struct mundo *m, const char *rfc, int64_t seq, const struct plazo_aviso *aviso,
	const char *folio)
{
	ARENA(a, 65536);
	const char *sha = random_sha(&a);
	int r = rand();
	struct in_notificacion_poner in = {.folio = folio,
		.titular = rfc,
		.seq = seq,
		.oficio = arena_printf(
			&a, "%02d%04d/300.%d/%d/2026", r % 36, r % 9973, r % 17, r % 8191),
		.tipo = arena_printf(&a, "R-7.%d", r % 18 + 1),
		.documento = documents[r % COUNT_OF(documents)],
		.rp = arena_printf(&a, "%c%010d", 'A' + r % 26, r % 1000000007),
		.subdelegacion = places[r % COUNT_OF(places)],
		.funcionario = people[r / 7 % COUNT_OF(people)],
		.cargo = "Titular de la Subdelegación",
		.periodo = arena_printf(&a, "%02d/202%d", r % 12 + 1, r % 6),
		.importe = arena_printf(&a, "%d.%02d", r % 900000, r % 100),
		.plazo_dias = 15,
		.aviso = aviso->aviso,
		.vence = aviso->vence,
		.archivo = sha};

	put_file(m, &a, rfc, folio, sha);
	assert_int_equal(q_notificacion_poner(m->hand, &in, &a, NULL), OK);
}

void lote_avisos(
	struct mundo *m, struct arena *a, const char *rfc, size_t count, const char **ret_folios)
{
	static int number;
	int64_t ready = mundo_ready(m);
	struct plazo_aviso aviso;
	struct in_buzon_seq seq = {.titular = rfc};
	struct out_buzon_seq last;

	assert_int_equal(plazo_de_aviso(&m->calendario, ready, &aviso), OK);
	assert_int_equal(q_buzon_seq(m->hand, &seq, a, &last), OK);
	assert_int_equal(store_begin(m->hand), OK);
	for (size_t i = 0; i < count; i++) {
		char *folio = arena_alloc(a, FOLIO_BYTES);

		assert_non_null(folio);
		/* Older than all folios that the acts will get. */
		folio_of(ready - 86400000 + ++number, folio);
		put_row(m, rfc, last.seq + 1 + (int64_t)i, &aviso, folio);
		if (ret_folios != NULL)
			ret_folios[i] = folio;
	}
	assert_int_equal(store_commit(m->hand), OK);
}

struct received lote_sync(
	struct mundo *m, struct arena *a, const struct m_sincronizar *rq, const struct firma_de *by)
{
	return mundo_request(m, a, ROUTE_ID_sincronizar, rq, by);
}

const char *lote_cursor(
	struct mundo *m, struct arena *a, const char *rfc, const struct firma_de *by)
{
	struct m_sincronizar rq = {.hat = {rfc, "propio"}};

	mundo_at(m, bench_wall());
	for (;;) {
		struct received asked = lote_sync(m, a, &rq, by);
		const struct m_sincronizado *got = mundo_answer(a, mundo_call(m, a, &asked));

		if (got == NULL)
			bench_die("a mailbox does not answer");
		rq.cursor = got->cursor;
		if (!got->mas)
			return got->cursor;
	}
}

struct received lote_opening(
	struct mundo *m, struct arena *a, const struct efirma *by, const char *folio)
{
	struct firma_de signer = mundo_efirma(by);
	struct m_notificacion_abrir rq = {.hat = {by->cert.rfc, "propio"},
		.folio = folio,
		.fecha_legal = mundo_fecha(m, a, mundo_ready(m))};

	return mundo_request(m, a, ROUTE_ID_notificacion_abrir, &rq, &signer);
}

void lote_openings(struct mundo *m, struct arena *a, const struct efirma *by,
	const char *const *folios, size_t count, struct bytes *ret_requests)
{
	mundo_at(m, bench_wall());
	for (size_t i = 0; i < count; i++) {
		ARENA(scratch, 65536);
		struct received asked = lote_opening(m, &scratch, by, folios[i]);

		ret_requests[i] = load_request(a, &asked, NULL);
	}
}
