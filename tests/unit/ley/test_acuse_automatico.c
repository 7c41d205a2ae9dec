/*
 * The acuse of what nobody signed: the Buzón's own constancia, which only its seal stands behind.
 * It is proved as what it is, and nothing that was signed, or altered, passes for one.
 * L-6.1 L-6.5 L-7.5
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "ley/zona.h"
#include "tests/help/acuse.h"
#include "tests/help/pki.h"

#define MB (1 << 20)
#define EVENTO "{\"evento\":\"medio-validado\",\"medio\":\"BI-20261109-101500114\"}"

/* The rows of its proof, as bits. */
enum { UNSIGNED = 1, EVENT = 2, CONTENT = 4, CADENA = 8, SEAL_CERT = 16, SEAL = 32 };

static int setup(void **state)
{
	(void)state;
	return zona_setup();
}

static void test_proved(void **state)
{
	ARENA(a, 4 * MB);
	AUTO(trust) t = acuse_sample_trust();
	struct m_acuse m;
	struct acuse_proof p;

	(void)state;
	acuse_sample_automatico(&a, pki_now(), &m);
	assert_int_equal(acuse_sample_failing(&a, &m, t), 0);
	assert_int_equal(acuse_prove(&a, &m, t, &p), OK);
	assert_int_equal(p.count, 6);
	assert_non_null(strstr(p.checks[0].what, "nadie la firmó"));
	assert_non_null(strstr(p.checks[0].detail, "Nadie firmó este acto"));
	for (size_t i = 0; i < p.count; i++)
		assert_null(strstr(p.checks[i].what, "e.firma"));
	assert_int_equal(acuse_sample_failing(&a, &m, NULL), SEAL_CERT);
}

/* Even where the seal itself was made for it: a signer's data and "nobody signed" don't go
 * together.
 */
static void test_signed_is_none(void **state)
{
	ARENA(a, 4 * MB);
	AUTO(trust) t = acuse_sample_trust();
	struct m_acuse signed_one;
	struct m_acuse good;
	struct m_acuse m;

	(void)state;
	acuse_sample(&a, pki_now(), ZONA_CENTRO, &signed_one);
	acuse_sample_automatico(&a, pki_now(), &good);
	m = signed_one;
	m.calidad = ACUSE_AUTOMATICO;
	assert_int_equal(acuse_sample_failing(&a, &m, t), UNSIGNED | EVENT | CADENA);
	acuse_sample_seal(&a, &m);
	assert_int_equal(acuse_sample_failing(&a, &m, t), UNSIGNED | EVENT);
	m = signed_one;
	m.calidad = ACUSE_AUTOMATICO;
	m.firma = m.certificado = (struct bytes){0};
	m.base = good.base;
	m.cuerpo = good.cuerpo;
	acuse_sample_seal(&a, &m);
	assert_int_equal(acuse_sample_failing(&a, &m, t), UNSIGNED);
	m = good;
	m.firma = signed_one.firma;
	assert_int_equal(acuse_sample_failing(&a, &m, t), UNSIGNED);
	m = good;
	m.certificado = signed_one.certificado;
	assert_int_equal(acuse_sample_failing(&a, &m, t), UNSIGNED);
	/* And the other way: an automatic one is nobody's act. */
	m = good;
	m.calidad = "propio";
	acuse_sample_seal(&a, &m);
	assert_int_not_equal(acuse_sample_failing(&a, &m, t), 0);
}

static void test_altered(void **state)
{
	ARENA(a, 8 * MB);
	AUTO(trust) t = acuse_sample_trust();
	struct m_acuse good;
	struct m_acuse other;
	struct m_dato rows[16];

	(void)state;
	acuse_sample_automatico(&a, pki_now(), &good);
	for (size_t i = 0; i < good.contenido_count; i++) {
		struct m_acuse m = good;

		memcpy(rows, good.contenido, good.contenido_count * sizeof(*rows));
		m.contenido = rows;
		rows[i].valor = "otro";
		assert_int_equal(acuse_sample_failing(&a, &m, t), CONTENT | CADENA);
	}
#define WITH(member, value, want)                                                                  \
	do {                                                                                       \
		struct m_acuse m = good;                                                           \
		m.member = value;                                                                  \
		assert_int_equal(acuse_sample_failing(&a, &m, t), want);                           \
	} while (0)
	WITH(cuerpo, bytes_of_text("{\"evento\":\"otro\"}"), EVENT);
	WITH(cuerpo, ((struct bytes){0}), EVENT);
	WITH(base, "Constancia automática del Buzón IMSS: nadie firmó este acto.\n",
		EVENT | CADENA);
	WITH(base, NULL, EVENT | CADENA);
	WITH(folio, "BI-20260101-000000000", CADENA);
	WITH(legal, good.legal - 1000, CADENA);
	WITH(titular, "FÑ&010203AB1", CADENA);
	WITH(estatus, "Otro", CONTENT | CADENA);
	WITH(firmante, "PEÑJ800101AB1", UNSIGNED | CADENA);
	WITH(firmante, NULL, UNSIGNED | CADENA);
	WITH(firmante_nombre, "Otro", UNSIGNED | CONTENT | CADENA);
	WITH(revocacion, "comprobada", UNSIGNED | CONTENT | CADENA);
	/* Another event with a base of its own, under this seal. */
	other = good;
	other.cuerpo = bytes_of_text("{\"evento\":\"otro\"}");
	assert_int_equal(acuse_base_automatica(&a, other.cuerpo, &other.base), OK);
	assert_int_equal(acuse_sample_failing(&a, &other, t), CADENA);
	assert_int_equal(acuse_cadena(&a, &other), OK);
	assert_int_equal(acuse_sample_failing(&a, &other, t), SEAL);
#undef WITH
}

static void test_base(void **state)
{
	ARENA(a, MB);
	static const char *const none[] = {"", "{", "x", "{}\n", "{\"a\":\n1}", "[]", "{\x7f}"};
	const char *base = NULL;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(none); i++)
		assert_int_equal(
			acuse_base_automatica(&a, bytes_of_text(none[i]), &base), ERR_BAD_FIELD);
	assert_null(base);
	assert_int_equal(acuse_base_automatica(&a, bytes_of_text(EVENTO), &base), OK);
	assert_non_null(strstr(base, "nadie firmó"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_proved),
		cmocka_unit_test(test_signed_is_none),
		cmocka_unit_test(test_altered),
		cmocka_unit_test(test_base),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
