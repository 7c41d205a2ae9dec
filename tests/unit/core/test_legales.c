/*
 * The texts that are accepted: ours or the operator's, each version told for ever, none twice with
 * other words. A-12 L-10
 */
#include "core/legales.h"

#include "base/file.h"
#include "base/log.h"
#include "base/secret.h"
#include "crypto/sha.h"
#include "tests/help/cm.h"
#include "tests/help/core_sql.h"
#include "tests/help/core_titular.h"

#define MB (1 << 20)

static const char *put(struct arena *a, const char *name, struct bytes text)
{
	const char *path = arena_printf(a, "%s/%s", mundo.folder, name);

	assert_int_equal(file_write(path, text, 0600), OK);
	return path;
}

static struct config with(const char *terminos, const char *version)
{
	return (struct config){.terminos = terminos, .terminos_version = version};
}

/* Loads, and puts in force at `now`. */
static enum err put_in_force(
	struct arena *a, const struct config *c, int64_t now, struct legales *ret, const char **why)
{
	enum err e = legales_load(a, c, ret, why);

	return e == OK ? legales_poner(ret, a, mundo.hand, now, why) : e;
}

/* The exact bytes of the files in the tree. */
static void test_ours(void **state)
{
	static const char *const files[] = {
		"core/legales/terminos.txt", "core/legales/privacidad.txt"};
	ARENA(a, MB);

	(void)state;
	for (unsigned i = 0; i < LEGALES_CUALES; i++) {
		const struct legal *l = legales_vigente(&mundo.legales, (enum legal_cual)i);
		struct bytes file;
		const char *hex;

		assert_int_equal(file_read(&a, files[i], MB, &file), OK);
		assert_true(bytes_equal(file, l->texto));
		assert_int_equal(sha256_hex(&a, file, &hex), OK);
		assert_string_equal(l->sha256, hex);
		assert_string_equal(l->version, "ejemplo-1");
		assert_int_equal(l->cual, i);
		assert_true(l->desde > 0);
		/* Marked as what it is. */
		assert_non_null(
			strstr((const char *)l->texto.data, "No es un texto del Instituto"));
	}
}

static void test_refused(void **state)
{
	ARENA(a, MB);
	static char big[LEGAL_BYTES + 1];
	static const struct {
		const char *text;
		size_t size;
		const char *version;
		const char *says;
	} cases[] = {
		{"", 0, "1", "no es texto UTF-8"},
		{" \n\n", 3, "1", "no es texto UTF-8"},
		{"T\n\xff", 3, "1", "no es texto UTF-8"},
		{"T\xC3", 2, "1", "no es texto UTF-8"},
		{"T\r\nx", 4, "1", "salto de línea"},
		{"T\0x", 3, "1", "no es texto UTF-8"},
		{"T\033[2J", 5, "1", "no es texto UTF-8"},
		{big, sizeof(big), "1", "128 KiB"},
		{"Bien\n", 5, NULL, "necesita terminos_version"},
		{"Bien\n", 5, "", "necesita terminos_version"},
		{"Bien\n", 5, "12345678901234567", "necesita terminos_version"},
		{"Bien\n", 5, "a/b", "necesita terminos_version"},
		{"Bien\n", 5, "a b", "necesita terminos_version"},
		{"Bien\n", 5, "versión", "necesita terminos_version"},
	};
	struct legales l = {0};

	(void)state;
	memset(big, 'x', sizeof(big));
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *why = NULL;
		struct config c = with(
			put(&a, "t", bytes_of(cases[i].text, cases[i].size)), cases[i].version);

		assert_int_equal(legales_load(&a, &c, &l, &why), ERR_CONFIG);
		assert_non_null(why);
		if (strstr(why, cases[i].says) == NULL)
			fail_msg("case %zu: %s", i, why);
	}
	struct config gone = with("/no/hay", "1");
	struct config alone = with(NULL, "1");
	struct config foot = {.acuse_contacto = arena_printf(&a, "%.*s", 1001, big)};
	const char *why = NULL;

	assert_int_equal(legales_load(&a, &foot, &l, &why), ERR_CONFIG);
	assert_non_null(strstr(why, "acuse_contacto admite hasta 1,000 bytes"));
	assert_int_equal(legales_load(&a, &gone, &l, &why), ERR_CONFIG);
	assert_non_null(strstr(why, "/no/hay"));
	assert_int_equal(legales_load(&a, &alone, &l, &why), ERR_CONFIG);
	assert_non_null(strstr(why, "terminos_version"));
	assert_null(l.vigente[0].version);
	/* The longest that is allowed. */
	struct config most = with(put(&a, "t", bytes_of(big, LEGAL_BYTES)), "2026-1.a");

	assert_int_equal(legales_load(&a, &most, &l, &why), OK);
	assert_int_equal(l.vigente[LEGAL_TERMINOS].texto.size, LEGAL_BYTES);
}

static const struct m_texto *ask(
	struct arena *a, const char *cual, const char *version, const char *error)
{
	struct m_texto_pedir rq = {.hat = {rfc, "propio"}, .cual = cual, .version = version};
	struct exchange *x = titular_call(a, ROUTE_ID_texto, &rq, &by_reading);

	assert_string_equal(mundo_error(a, x), error);
	return mundo_answer(a, x);
}

/* A new version is in force; the one before it is still told, with its own bytes and date. */
static void test_versions(void **state)
{
	ARENA(a, 8 * MB);
	struct legales before = mundo.legales;
	const char *why = NULL;
	struct config c =
		with(put(&a, "t", bytes_of_text("Otros términos\n\nSon éstos.\n")), "2026-1");

	(void)state;
	assert_int_equal(put_in_force(&a, &c, 5000, &mundo.legales, &why), OK);
	const struct m_texto *m = ask(&a, "terminos", NULL, "");

	assert_string_equal(m->version, "2026-1");
	assert_string_equal(m->cual, "terminos");
	assert_int_equal(m->desde, 5000);
	assert_string_equal((const char *)m->texto.data, "Otros términos\n\nSon éstos.\n");
	assert_string_equal(m->sha256, mundo.legales.vigente[LEGAL_TERMINOS].sha256);
	m = ask(&a, "terminos", "ejemplo-1", "");
	assert_true(bytes_equal(m->texto, before.vigente[LEGAL_TERMINOS].texto));
	assert_string_equal(m->sha256, before.vigente[LEGAL_TERMINOS].sha256);
	assert_int_equal(m->desde, before.vigente[LEGAL_TERMINOS].desde);
	assert_string_equal(ask(&a, "privacidad", NULL, "")->version, "ejemplo-1");
	assert_null(ask(&a, "terminos", "2027-1", "no-existe"));
	assert_null(ask(&a, "privacidad", "2026-1", "no-existe"));
	assert_null(ask(&a, "otro", NULL, "campo-invalido"));
	mundo.legales = before;
	assert_string_equal(ask(&a, "terminos", NULL, "")->version, "ejemplo-1");
}

/* A version means one text, whatever server says so; its date is the first one's. */
static void test_one_text_a_version(void **state)
{
	ARENA(a, 4 * MB);
	const char *why = NULL;
	struct config c = with(put(&a, "t", bytes_of_text("Uno\n")), "9");
	struct legales l;

	(void)state;
	assert_int_equal(put_in_force(&a, &c, 1000, &l, &why), OK);
	assert_int_equal(put_in_force(&a, &c, 2000, &l, &why), OK);
	assert_int_equal(l.vigente[LEGAL_TERMINOS].desde, 1000);
	c.terminos = put(&a, "t", bytes_of_text("Dos\n"));
	assert_int_equal(put_in_force(&a, &c, 3000, &l, &why), ERR_CONFIG);
	assert_non_null(strstr(why, "La versión 9 de terminos ya estuvo vigente con otro texto"));
	assert_string_equal(
		sql_ask(&a, mundo.config.almacen,
			"SELECT desde FROM legal WHERE cual = 'terminos' AND version = '9'"),
		"1000");
	/* The connection is out of the transaction that was given up. */
	assert_int_equal(store_begin(mundo.hand), OK);
	store_rollback(mundo.hand);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ours),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_one_text_a_version),
	};
	struct secret_status status;

	log_open(2, LOG_ERROR);
	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, titular_set_up, titular_tear_down);
}
