/* The acuse: what is sealed, and that nothing altered is proved. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/mem.h"
#include "crypto/sha.h"
#include "ley/zona.h"
#include "tests/help/acuse.h"
#include "tests/help/pki.h"

#define MB (1 << 20)

static int setup(void **state)
{
	(void)state;
	return zona_setup();
}

static void show(const struct acuse_proof *p)
{
	for (size_t i = 0; i < p->count; i++)
		if (!p->checks[i].holds)
			print_message("   %s: %s\n", p->checks[i].what, p->checks[i].detail);
}

/* L-6.1 L-6.5 L-7.9: a good acuse is proved from itself and the trust folder alone. */
static void test_proved(void **state)
{
	ARENA(a, 4 * MB);
	AUTO(trust) t = acuse_sample_trust();
	struct m_acuse m;
	struct acuse_proof p;

	(void)state;
	acuse_sample(&a, pki_now(), ZONA_CENTRO, &m);
	assert_int_equal(acuse_prove(&a, &m, t, &p), OK);
	show(&p);
	assert_true(p.holds);
	assert_int_equal(p.count, 9);
	for (size_t i = 0; i < p.count; i++) {
		assert_true(p.checks[i].holds);
		assert_true(strlen(p.checks[i].what) > 10 && strlen(p.checks[i].detail) > 10);
	}
	assert_int_equal(acuse_verify(&a, &m, t), OK);
	assert_non_null(strstr(m.cadena, "||Versión:3.0|Tipo de trámite:Acuse de notificación"));
}

/* Without a folder nothing is said of trust, and the rest is still checked. */
static void test_without_trust(void **state)
{
	ARENA(a, 4 * MB);
	struct m_acuse m;

	(void)state;
	acuse_sample(&a, pki_now(), ZONA_CENTRO, &m);
	assert_int_equal(acuse_sample_failing(&a, &m, NULL), 1u << 4 | 1u << 7);
}

enum kind { TEXT, INT, DATA };

/* Every field of the message, from its table. */
static const struct {
	const char *name;
	enum kind kind;
	size_t offset;
} FIELDS[] = {
#define F(member, kind)                                                                            \
	{                                                                                          \
#member, kind, offsetof(struct m_acuse, member)                                    \
	}
	F(version, TEXT),
	F(folio, TEXT),
	F(tipo, TEXT),
	F(fundamento, TEXT),
	F(elaborado, INT),
	F(recibido, INT),
	F(legal, INT),
	F(zona, TEXT),
	F(titular, TEXT),
	F(titular_nombre, TEXT),
	F(firmante, TEXT),
	F(firmante_nombre, TEXT),
	F(calidad, TEXT),
	F(estatus, TEXT),
	F(cuerpo, DATA),
	F(base, TEXT),
	F(firma, DATA),
	F(certificado, DATA),
	F(revocacion, TEXT),
	F(direccion, TEXT),
	F(capacidad, TEXT),
	F(cadena, TEXT),
	F(certificado_sello, DATA),
	F(sello, DATA),
#undef F
};

/* How many members messages.def gives the acuse, so that a new one can't be forgotten here. */
static size_t member_count(void)
{
	size_t n = 0;

#define COUNT(m) n += strcmp(#m, "acuse") == 0 ? 1 : 0;
#define MESSAGE(m, what)
#define HAT(m)
#define TEXT(m, member, max, need) COUNT(m)
#define INT(m, member, min, max, need) COUNT(m)
#define BOOL(m, member, need) COUNT(m)
#define DATA(m, member, max, need) COUNT(m)
#define ONE(m, member, sub, need) COUNT(m)
#define MANY(m, member, sub, max) COUNT(m)
#define END(m)
#include "net/messages.def"
#undef COUNT
#undef MESSAGE
#undef HAT
#undef TEXT
#undef INT
#undef BOOL
#undef DATA
#undef ONE
#undef MANY
#undef END
	return n;
}

static void flip(struct arena *a, struct m_acuse *m, size_t f, size_t position)
{
	char *member = (char *)m + FIELDS[f].offset;
	struct bytes *data = (struct bytes *)member;
	const char **text = (const char **)member;
	char *copy;

	switch (FIELDS[f].kind) {
	case TEXT:
		copy = arena_strdup(a, *text);
		copy[position % strlen(copy)] ^= 1;
		*text = copy;
		return;
	case DATA:
		copy = arena_copy(a, data->data, data->size);
		copy[position % data->size] ^= 1;
		*data = bytes_of(copy, data->size);
		return;
	case INT:
		*(int64_t *)member ^= 1;
		return;
	}
}

/* L-6.5 L-7.9: one altered bit of any field at several places, and it is not proved. */
static void test_altered_fields(void **state)
{
	ARENA(a, 4 * MB);
	AUTO(trust) t = acuse_sample_trust();
	struct m_acuse good;

	(void)state;
	/* The two lists agree: all members but `contenido`, which has its own test. */
	assert_int_equal(member_count(), COUNT_OF(FIELDS) + 1);
	acuse_sample(&a, pki_now(), "America/Tijuana", &good);
	for (size_t f = 0; f < COUNT_OF(FIELDS); f++)
		for (size_t n = 0; n < 40; n++) {
			ARENA(scratch, MB);
			struct m_acuse m = good;

			flip(&scratch, &m, f, n * 37);
			if (acuse_sample_failing(&scratch, &m, t) == 0)
				fail_msg("%s, place %zu", FIELDS[f].name, n * 37);
		}
}

static void test_missing_fields(void **state)
{
	ARENA(a, 4 * MB);
	AUTO(trust) t = acuse_sample_trust();
	struct m_acuse good;

	(void)state;
	acuse_sample(&a, pki_now(), ZONA_CENTRO, &good);
	for (size_t f = 0; f < COUNT_OF(FIELDS); f++) {
		struct m_acuse m = good;

		if (FIELDS[f].kind == DATA)
			*(struct bytes *)((char *)&m + FIELDS[f].offset) = (struct bytes){0};
		else if (FIELDS[f].kind == TEXT)
			*(const char **)((char *)&m + FIELDS[f].offset) = NULL;
		else
			continue;
		assert_int_not_equal(acuse_sample_failing(&a, &m, t), 0);
	}
}

/* The rows of the content: altered, dropped, swapped, split, added. L-6.5 */
static void test_altered_content(void **state)
{
	ARENA(a, 4 * MB);
	AUTO(trust) t = acuse_sample_trust();
	struct m_acuse good;
	struct m_dato rows[16];

	(void)state;
	acuse_sample(&a, pki_now(), ZONA_CENTRO, &good);
	for (size_t i = 0; i < good.contenido_count; i++) {
		struct m_acuse m = good;

		memcpy(rows, good.contenido, good.contenido_count * sizeof(*rows));
		m.contenido = rows;
		rows[i].valor = "otro";
		assert_int_not_equal(acuse_sample_failing(&a, &m, t) & 1u << 5, 0);
		rows[i] = good.contenido[i];
		rows[i].etiqueta = "otra";
		assert_int_not_equal(acuse_sample_failing(&a, &m, t) & 1u << 5, 0);
	}
	struct m_acuse m = good;

	m.contenido_count--;
	assert_int_not_equal(acuse_sample_failing(&a, &m, t), 0);
	/* Two rows told as one with a newline have the same text; a newline is refused. */
	m = good;
	memcpy(rows, good.contenido, good.contenido_count * sizeof(*rows));
	rows[7].valor =
		arena_printf(&a, "%s\n%s: %s", rows[7].valor, rows[8].etiqueta, rows[8].valor);
	m.contenido = rows;
	m.contenido_count--;
	assert_int_not_equal(acuse_sample_failing(&a, &m, t), 0);
	const char *hex;

	assert_int_equal(acuse_contenido_sha256(&a, &m, &hex), ERR_BAD_FIELD);
	rows[7].valor = "bien";
	rows[7].etiqueta = "a: b";
	assert_int_equal(acuse_contenido_sha256(&a, &m, &hex), ERR_BAD_FIELD);
}

/* Sealed by the Institute, yet what was signed is another's or not an e.firma's. L-4.2 */
static void test_sealed_lies(void **state)
{
	ARENA(a, 4 * MB);
	AUTO(trust) t = acuse_sample_trust();
	struct m_acuse good;
	struct m_acuse m;

	(void)state;
	acuse_sample(&a, pki_now(), ZONA_CENTRO, &good);
	m = good;
	m.titular = "XAXX010101000";
	acuse_sample_seal(&a, &m);
	assert_int_equal(acuse_sample_failing(&a, &m, t), 1u << 1);
	m = good;
	m.firmante = "XAXX010101000";
	acuse_sample_seal(&a, &m);
	assert_int_equal(acuse_sample_failing(&a, &m, t), 1u << 3);
	/* Received years before the certificate was issued. */
	m = good;
	m.recibido -= INT64_C(20) * 365 * 86400000;
	acuse_sample_seal(&a, &m);
	assert_int_equal(acuse_sample_failing(&a, &m, t), 1u << 3 | 1u << 4);
	/* Another's certificate: signature, holder. */
	m = good;
	AUTO(efirma) other = pki_efirma("contador");

	m.certificado = other->cert.der;
	acuse_sample_seal(&a, &m);
	assert_int_equal(acuse_sample_failing(&a, &m, t), 1u << 2 | 1u << 3);
	/* A seal certificate that the folder does not have. */
	m = good;
	m.certificado_sello = other->cert.der;
	assert_int_equal(acuse_cadena(&a, &m), OK);
	assert_int_equal(key_sign(&a, other->key, bytes_of_text(m.cadena), &m.sello), OK);
	assert_int_equal(acuse_sample_failing(&a, &m, t), 1u << 7);
	/* The digest line twice. */
	m = good;
	m.base = arena_printf(&a, "\"content-digest\": sha-256=:AA==:\n%s", good.base);
	assert_int_not_equal(acuse_sample_failing(&a, &m, t) & 1u, 0);
}

/* Signs an altered base with the signer's own key, and has it sealed. */
static void sign_again(struct arena *a, struct m_acuse *m, const char *from, const char *to)
{
	AUTO(efirma) f = pki_efirma("fisica");
	const char *at = strstr(m->base, from);

	assert_non_null(at);
	m->base = arena_printf(a, "%.*s%s%s", (int)(at - m->base), m->base, to, at + strlen(from));
	assert_int_equal(key_sign(a, f->key, bytes_of_text(m->base), &m->firma), OK);
	acuse_sample_seal(a, m);
}

/* Well signed and well sealed, but what was signed has another shape. L-6.5 */
static void test_signed_shapes(void **state)
{
	ARENA(a, 4 * MB);
	AUTO(trust) t = acuse_sample_trust();
	struct m_acuse good;
	struct m_acuse m;

	(void)state;
	acuse_sample(&a, pki_now(), ZONA_CENTRO, &good);
	m = good;
	sign_again(&a, &m, "/v1/notificacion_abrir", "/v1/notificacion_abrir");
	assert_int_equal(acuse_sample_failing(&a, &m, t), 0);
	m = good;
	sign_again(&a, &m, "=:\n\"@sig", "=:, sha-512=:AA==:\n\"@sig");
	assert_int_equal(acuse_sample_failing(&a, &m, t), 1u << 0);
	m = good;
	sign_again(&a, &m, "keyid=\"", "keyid=\"x");
	assert_int_equal(acuse_sample_failing(&a, &m, t), 1u << 3);
	m = good;
	sign_again(&a, &m, "\"@method\"", "\"content-digest\": sha-256=:AA==:\n\"@method\"");
	assert_int_equal(acuse_sample_failing(&a, &m, t), 1u << 0);
}

/* the content hash is over exactly this text. */
static void test_content_hash(void **state)
{
	static const char TEXT_HASHED[] =
		"Fundamento: f\nZona: z\nNombre del titular: t\nNombre del firmante: n\n"
		"Estatus: e\nRevocación: r\nDirección: d\nCapacidad: c\nUno: 1\nDos: 2\n";
	ARENA(a, MB);
	struct m_dato rows[] = {{"Uno", "1"}, {"Dos", "2"}};
	struct m_acuse m = {.fundamento = "f",
		.zona = "z",
		.titular_nombre = "t",
		.firmante_nombre = "n",
		.estatus = "e",
		.revocacion = "r",
		.direccion = "d",
		.capacidad = "c",
		.contenido = rows,
		.contenido_count = 2};
	const char *hex;
	const char *expected;

	(void)state;
	assert_int_equal(acuse_contenido_sha256(&a, &m, &hex), OK);
	assert_int_equal(sha256_hex(&a, bytes_of_text(TEXT_HASHED), &expected), OK);
	assert_string_equal(hex, expected);
	assert_string_equal(acuse_url(&a, &m), "d/v/c");
}

/* A-18 L-10 */
static void test_texts(void **state)
{
	(void)state;
	assert_non_null(
		strstr(acuse_texto_contacto(), "800 623 23 23, opción 5 y después opción 5"));
	assert_non_null(strstr(acuse_texto_contacto(), "9:00 a 18:00"));
	assert_non_null(strstr(acuse_texto_contacto(), "Activación Buzón IMSS"));
	assert_non_null(strstr(acuse_texto_privacidad(), "Aviso de privacidad simplificado"));
	assert_non_null(strstr(acuse_texto_confidencialidad(), "confidencial"));
}

/* Each allocation failing in turn: ERR_NO_MEMORY, never a wrong verdict. */
static void test_memory(void **state)
{
	ARENA(a, 4 * MB);
	AUTO(trust) t = acuse_sample_trust();
	struct m_acuse m;
	enum err e = ERR_NO_MEMORY;

	(void)state;
	acuse_sample(&a, pki_now(), ZONA_CENTRO, &m);
	for (long n = 1; e != OK && n < 2000; n++) {
		ARENA(scratch, MB);
		struct acuse_proof p = {.count = 77};

		mem_fail_at(n);
		e = acuse_prove(&scratch, &m, t, &p);
		mem_fail_at(0);
		assert_true(e == OK || e == ERR_NO_MEMORY);
		assert_true(e == OK ? p.holds : p.count == 77);
	}
	assert_int_equal(e, OK);
	/* The arena's allowance ends at every size. */
	for (size_t allowance = 0; allowance < 40000; allowance += 160) {
		ARENA(scratch, allowance);
		struct acuse_proof p;

		e = acuse_prove(&scratch, &m, t, &p);
		assert_true(e == ERR_NO_MEMORY || (e == OK && p.holds));
	}
	assert_int_equal(e, OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_proved),
		cmocka_unit_test(test_without_trust),
		cmocka_unit_test(test_altered_fields),
		cmocka_unit_test(test_missing_fields),
		cmocka_unit_test(test_altered_content),
		cmocka_unit_test(test_sealed_lies),
		cmocka_unit_test(test_signed_shapes),
		cmocka_unit_test(test_content_hash),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_memory),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
