/*
 * The sealing process: what it seals verifies with its certificate, other shapes and times are
 * refused (L-6.5, L-7.9), and its death costs one group.
 */
#include "core/sealer.h"

#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/log.h"
#include "base/mem.h"
#include "base/secret.h"
#include "ley/zona.h"
#include "tests/help/cm.h"
#include "tests/help/core_sello.h"
#include "tests/help/pki.h"

static int setup(void **state)
{
	static struct sealer *s;
	struct config c = sello_config("sello");

	if (sealer_start(&c, &s) != OK)
		return -1;
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	sealer_stop(*state);
	return 0;
}

static void test_seals(void **state)
{
	ARENA(a, 1 << 20);
	struct sealer *s = *state;
	const char *cadena = sello_cadena(&a, s, pki_now());
	struct bytes sello;

	assert_int_equal(sealer_seal(s, &a, &cadena, 1, &sello), OK);
	sello_check(s, cadena, sello);
	assert_int_equal(sealer_seal(s, &a, &cadena, 0, &sello), OK);
}

/* One exchange, all of them right and in order. */
static void test_group(void **state)
{
	ARENA(a, 64 << 20);
	struct sealer *s = *state;
	const char *cadenas[300];
	struct bytes sellos[300];
	int64_t now = pki_now();

	for (size_t i = 0; i < COUNT_OF(cadenas); i++)
		cadenas[i] = sello_cadena(&a, s, now + (int64_t)i);
	assert_int_equal(sealer_seal(s, &a, cadenas, COUNT_OF(cadenas), sellos), OK);
	for (size_t i = 0; i < COUNT_OF(cadenas); i++)
		sello_check(s, cadenas[i], sellos[i]);
}

/* Parts are received as they were sent; what was abandoned never meets a later group. */
static void test_parts(void **state)
{
	ARENA(a, 64 << 20);
	struct sealer *s = *state;
	const char *cadenas[SEALER_PARTS * SEALER_PART];
	struct bytes sellos[SEALER_PART];
	int64_t now = pki_now();

	for (size_t i = 0; i < COUNT_OF(cadenas); i++)
		cadenas[i] = sello_cadena(&a, s, now + (int64_t)i);
	assert_int_equal(sealer_send(s, &a, cadenas, SEALER_PART), OK);
	sealer_abandon(s);
	assert_int_equal(sealer_receive(s, &a, SEALER_PART, sellos), ERR_SEAL);
	for (size_t i = SEALER_PART; i < COUNT_OF(cadenas); i += SEALER_PART)
		assert_int_equal(sealer_send(s, &a, cadenas + i, SEALER_PART), OK);
	for (size_t i = SEALER_PART; i < COUNT_OF(cadenas); i += SEALER_PART) {
		assert_int_equal(sealer_receive(s, &a, SEALER_PART, sellos), OK);
		for (size_t k = 0; k < SEALER_PART; k++)
			sello_check(s, cadenas[i + k], sellos[k]);
	}
}

/* A refused one does not cost its neighbours. */
static void test_refuses(void **state)
{
	ARENA(a, 16 << 20);
	struct sealer *s = *state;
	int64_t now = pki_now();
	struct cadena other = sello_fields(&a, s, now);
	struct cadena folio = sello_fields(&a, s, now);
	const char *good = sello_cadena(&a, s, now);
	const char *other_seal = NULL;
	const char *bad_folio = NULL;
	char *long_one = arena_alloc(&a, 9001);

	assert_non_null(long_one);
	memset(long_one, 'x', 9000);
	long_one[9000] = '\0';
	other.certificado_sello = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
	folio.folio = "BI-1";
	assert_int_equal(cadena_build(&a, &other, &other_seal), OK);
	assert_int_equal(cadena_build(&a, &folio, &bad_folio), OK);
	const char *cadenas[] = {
		"",
		"hola",
		SELLO_HASH,
		"||Version:3.0||",
		arena_printf(&a, "%s|", good),
		arena_printf(&a, "x%s", good),
		sello_cadena(&a, s, now - 6 * 60 * 1000),
		sello_cadena(&a, s, now + 6 * 60 * 1000),
		other_seal,
		bad_folio,
		long_one,
		good,
	};
	struct bytes sellos[COUNT_OF(cadenas)];

	assert_int_equal(sealer_seal(s, &a, cadenas, COUNT_OF(cadenas), sellos), OK);
	for (size_t i = 0; i + 1 < COUNT_OF(cadenas); i++)
		if (sellos[i].data != NULL)
			fail_msg("cadena %zu was sealed", i);
	sello_check(s, good, sellos[COUNT_OF(cadenas) - 1]);
}

static void test_dies_and_comes_back(void **state)
{
	ARENA(a, 1 << 20);
	struct sealer *s = *state;
	const char *cadena = sello_cadena(&a, s, pki_now());
	struct bytes sello = {0};

	for (int round = 0; round < 3; round++) {
		pid_t pid = sealer_pid(s);

		assert_true(pid > 0 && pid != getpid());
		/* Stopped first: so the group is surely in flight when it dies. */
		assert_int_equal(kill(pid, SIGSTOP), 0);
		assert_int_equal(kill(pid, SIGKILL), 0);
		assert_int_equal(sealer_seal(s, &a, &cadena, 1, &sello), ERR_SEAL);
		assert_null(sello.data);
		assert_int_equal(sealer_seal(s, &a, &cadena, 1, &sello), OK);
		sello_check(s, cadena, sello);
		assert_int_not_equal(sealer_pid(s), pid);
		sello = (struct bytes){0};
	}
}

/* A service manager's SIGTERM to the whole group must not end the seal of acts in flight. */
static void test_survives_terminate(void **state)
{
	ARENA(a, 1 << 20);
	struct sealer *s = *state;
	const char *cadena = sello_cadena(&a, s, pki_now());
	struct bytes sello;

	assert_int_equal(kill(sealer_pid(s), SIGTERM), 0);
	assert_int_equal(kill(sealer_pid(s), SIGINT), 0);
	assert_int_equal(sealer_seal(s, &a, &cadena, 1, &sello), OK);
}

static void test_ends_with_server(void **state)
{
	struct config c = sello_config("sello");
	struct sealer *s = NULL;

	(void)state;
	assert_int_equal(sealer_start(&c, &s), OK);
	pid_t pid = sealer_pid(s);

	assert_int_equal(kill(pid, 0), 0);
	sealer_stop(s);
	for (int i = 0; i < 200 && kill(pid, 0) == 0; i++)
		usleep(10000);
	assert_int_not_equal(kill(pid, 0), 0);
}

/* The key is nowhere but there: not in what the server may dump, not in what it opened. */
static void test_does_not_start(void **state)
{
	struct config c = sello_config("sello");
	struct sealer *s = NULL;
	char other[300];

	(void)state;
	c.sello_contrasena = NULL;
	assert_int_equal(sealer_start(&c, &s), ERR_WRONG_PASSWORD);
	c = sello_config("sello");
	snprintf(other, sizeof(other), "%s/fisica.cer", pki_dir());
	c.sello_certificado = other;
	assert_int_equal(sealer_start(&c, &s), ERR_KEY_MISMATCH);
	c = sello_config("sello");
	c.sello_llave = "/no/hay";
	assert_int_equal(sealer_start(&c, &s), ERR_NO_FILE);
	c = sello_config("debil");
	assert_int_equal(sealer_start(&c, &s), ERR_WEAK_KEY);
	c = sello_config("sello");
	c.sello_usuario = "nadie-con-este-nombre";
	if (geteuid() == 0)
		assert_int_equal(sealer_start(&c, &s), ERR_CONFIG);
	assert_null(s);
}

/* Started as root it seals as its own user, which alone needs to read the key. */
static void test_own_user(void **state)
{
	struct config c;
	struct sealer *s = NULL;
	struct passwd *nobody = getpwnam("nobody");
	char folder[] = "/tmp/buzon-sello-XXXXXX";
	char command[200];
	char line[256] = "";
	char wanted[64];

	(void)state;
	if (geteuid() != 0 || nobody == NULL)
		skip();
	assert_non_null(mkdtemp(folder));
	c = sello_config_of("sello", folder, "root");
	c.sello_usuario = "nobody";
	assert_int_equal(sealer_start(&c, &s), ERR_NO_FILE);
	c = sello_config_of("sello", folder, "nobody");
	c.sello_usuario = "nobody";
	assert_int_equal(sealer_start(&c, &s), OK);
	snprintf(command, sizeof(command), "grep ^Uid: /proc/%d/status", (int)sealer_pid(s));
	FILE *status = popen(command, "r");

	assert_non_null(status);
	assert_non_null(fgets(line, sizeof(line), status));
	pclose(status);
	snprintf(wanted, sizeof(wanted), "Uid:\t%u\t%u\t%u\t%u\n", nobody->pw_uid, nobody->pw_uid,
		nobody->pw_uid, nobody->pw_uid);
	assert_string_equal(line, wanted);
	sealer_stop(s);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	assert_int_equal(system(command), 0);
}

static void test_memory_ends(void **state)
{
	struct sealer *s = *state;
	enum err e;
	long n = 0;

	do {
		ARENA(a, 1 << 20);
		const char *cadena = sello_cadena(&a, s, pki_now());
		struct bytes sello;

		mem_fail_at(++n);
		e = sealer_seal(s, &a, &cadena, 1, &sello);
		mem_fail_at(0);
		assert_true(e == OK || e == ERR_NO_MEMORY);
	} while (e != OK && n < 100);
	assert_int_equal(e, OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_seals, setup, teardown),
		cmocka_unit_test_setup_teardown(test_group, setup, teardown),
		cmocka_unit_test_setup_teardown(test_parts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refuses, setup, teardown),
		cmocka_unit_test_setup_teardown(test_dies_and_comes_back, setup, teardown),
		cmocka_unit_test_setup_teardown(test_survives_terminate, setup, teardown),
		cmocka_unit_test(test_ends_with_server),
		cmocka_unit_test(test_does_not_start),
		cmocka_unit_test(test_own_user),
		cmocka_unit_test_setup_teardown(test_memory_ends, setup, teardown),
	};
	struct secret_status status;

	log_open(2, LOG_ERROR);
	if (secret_setup(&status) != OK || zona_setup() != OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
