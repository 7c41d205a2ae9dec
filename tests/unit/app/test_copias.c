/*
 * A renewed e.firma and the copy of the one before: what only this device has is carried over, all
 * of it or the old one stays; nothing is taken from a stranger's (issue 3.1, experience.md).
 */
#include "tests/help/cm.h"
#include "app/copias.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>
#include "app/cache_key.h"
#include "base/db.h"
#include "base/db_mem.h"
#include "base/file.h"
#include "base/mem.h"
#include "screens/local.h"
#include "tests/help/carpeta.h"
#include "tests/help/ossl_mem.h"
#include "tests/help/pki.h"

#define ROOM (4 * 1024 * 1024)

static char folder[200];
static struct arena arena;
static struct copias at;
static struct efirma *now; /* JOSÉ's of now */
static struct efirma *old; /* his that expired */
static const struct perfil perfil = {.nombre = "jose", .calidad = "propio"};

/* Of any date, and only to unwrap. */
static struct efirma *before(const char *name)
{
	ARENA(a, ROOM);
	SECRET(password);
	struct efirma *f = NULL;

	pki_password(name, &password);
	assert_int_equal(
		efirma_open_old(pki_read(&a, arena_printf(&a, "%s.cer", name)),
			pki_read(&a, arena_printf(&a, "%s.key", name)), &password, NULL, &f),
		OK);
	return f;
}

static int setup(void **state)
{
	(void)state;
	if (carpeta_make(folder, sizeof(folder), "copias") != 0)
		return -1;
	setenv("XDG_DATA_HOME", folder, 1);
	arena_init(&arena, ROOM);
	now = pki_efirma("fisica");
	old = before("vencida");
	assert_int_equal(copias_of(&arena, &perfil, &at), OK);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	efirma_free(now);
	efirma_free(old);
	arena_free(&arena);
	return carpeta_remove(folder);
}

static const char *path_of(const struct efirma *f)
{
	const char *path = arena_printf(&arena, "%s%s", at.folder, copias_name(&arena, &f->cert));

	assert_non_null(path);
	return path;
}

/* As the screen has it. */
static struct local *copy_of(const struct efirma *f)
{
	SECRET(key);
	struct local *l = NULL;

	assert_int_equal(file_make_folder(at.folder), OK);
	assert_int_equal(file_make_folder(at.keys), OK);
	assert_int_equal(cache_key_open(f, at.keys, perfil.nombre, &key), OK);
	assert_int_equal(local_open(path_of(f), DB_WRITE, &key, &l), OK);
	return l;
}

static void put(const struct efirma *f, const char *name, const char *text)
{
	AUTO(local) l = copy_of(f);

	assert_int_equal(local_put(l, name, bytes_of_text(text)), OK);
}

static void has(const struct efirma *f, const char *name, const char *text)
{
	ARENA(a, ROOM);
	AUTO(local) l = copy_of(f);
	struct bytes found;

	if (local_get(l, &a, name, &found) != OK)
		fail_msg("no %s", name);
	assert_int_equal(found.size, strlen(text));
	assert_memory_equal(found.data, text, found.size);
}

static size_t keys_of(const struct efirma *f)
{
	ARENA(a, ROOM);
	AUTO(local) l = copy_of(f);
	const char **names = NULL;
	size_t count = 0;

	assert_int_equal(local_keys(l, &a, "", &names, &count), OK);
	return count;
}

static void others_are(const struct efirma *f, size_t expected)
{
	char **names = NULL;
	size_t count = 99;

	assert_int_equal(copias_others(&arena, &at, &f->cert, &names, &count), OK);
	assert_int_equal(count, expected);
}

static void two_copies(void)
{
	put(old, "borrador/aclaracion", "lo que sólo está aquí");
	put(old, "borrador/escrito", "el de antes");
	put(old, "borrador/igual", "lo mismo");
	put(old, "ordenes", "ir 7\nacuse\n");
	put(old, "posicion", "BI-9");
	put(now, "borrador/escrito", "el de ahora");
	put(now, "borrador/igual", "lo mismo");
	put(now, "ordenes", "acuse\nvencimientos\n");
	put(now, "posicion", "BI-1");
}

static void must_have_all(void)
{
	has(now, "borrador/aclaracion", "lo que sólo está aquí");
	has(now, "borrador/escrito", "el de ahora");
	has(now, "borrador/escrito.anterior", "el de antes");
	has(now, "borrador/igual", "lo mismo");
	has(now, "ordenes", "ir 7\nacuse\nvencimientos\n");
	has(now, "posicion", "BI-1");
	assert_int_equal(keys_of(now), 6);
}

static void test_carried(void **state)
{
	size_t carried = 0;

	(void)state;
	two_copies();
	others_are(now, 1);
	assert_int_equal(copias_carry(&perfil, old, now, &carried), OK);
	assert_int_equal(carried, 5);
	must_have_all();
	assert_false(file_exists(path_of(old)));
	others_are(now, 0);
	assert_int_equal(copias_carry(&perfil, old, now, &carried), ERR_NO_OLD_COPY);
	/* What a death before the removal leaves is the same thing twice: nothing is doubled. */
	put(old, "borrador/escrito", "el de antes");
	put(old, "ordenes", "ir 7\nacuse\n");
	assert_int_equal(copias_carry(&perfil, old, now, &carried), OK);
	must_have_all();
	/* Another old draft of that name is a third one. */
	put(old, "borrador/escrito", "otro más");
	assert_int_equal(copias_carry(&perfil, old, now, &carried), OK);
	has(now, "borrador/escrito", "el de ahora");
	has(now, "borrador/escrito.anterior", "el de antes");
	has(now, "borrador/escrito.anterior.anterior", "otro más");
}

/* Carried before the new e.firma was used at all. */
static void test_first_use(void **state)
{
	size_t carried = 0;

	(void)state;
	put(old, "borrador/aclaracion", "texto");
	assert_int_equal(copias_carry(&perfil, old, now, &carried), OK);
	assert_int_equal(carried, 1);
	has(now, "borrador/aclaracion", "texto");
}

static void test_refused(void **state)
{
	AUTO(efirma) stranger = before("moral");
	size_t carried = 0;
	struct bytes file;
	const char *path = path_of(old);

	(void)state;
	others_are(now, 0);
	assert_int_equal(copias_carry(&perfil, old, now, &carried), ERR_NO_OLD_COPY);
	assert_false(file_exists(at.folder));
	assert_int_equal(copias_carry(&perfil, now, now, &carried), ERR_NO_OLD_COPY);
	put(stranger, "borrador/suyo", "de otro titular");
	assert_int_equal(copias_carry(&perfil, stranger, now, &carried), ERR_RFC_MISMATCH);
	assert_true(file_exists(path_of(stranger)));
	assert_false(file_exists(path_of(now)));
	/* Damaged: it stays, whatever else can be done with it. */
	put(old, "borrador/aclaracion", "texto");
	assert_int_equal(file_read(&arena, path, ROOM / 2, &file), OK);
	unsigned char *bad = arena_copy(&arena, file.data, file.size);

	assert_non_null(bad);
	bad[200] ^= 1;
	assert_int_equal(file_write(path, bytes_of(bad, file.size), 0600), OK);
	assert_int_equal(copias_carry(&perfil, old, now, &carried), ERR_BAD_CACHE);
	assert_true(file_exists(path));
	assert_int_equal(file_write(path, file, 0600), OK);
	assert_int_equal(copias_carry(&perfil, old, now, &carried), OK);
	assert_int_equal(carried, 1);
}

static void test_named(void **state)
{
	char **names = NULL;
	size_t count = 0;

	(void)state;
	put(old, "a", "b");
	put(now, "a", "b");
	assert_int_equal(
		file_write(arena_printf(&arena, "%sotra.db", at.folder), bytes_of_text("x"), 0600),
		OK);
	assert_int_equal(copias_others(&arena, &at, &now->cert, &names, &count), OK);
	assert_int_equal(count, 1);
	assert_string_equal(names[0], copias_name(&arena, &old->cert));
	assert_int_equal(copias_remove(&arena, &at, names[0]), OK);
	assert_int_equal(copias_remove(&arena, &at, names[0]), OK);
	assert_false(file_exists(path_of(old)));
	assert_true(file_exists(path_of(now)));
}

static void test_disk_full(void **state)
{
	struct rlimit was;
	size_t carried = 0;

	(void)state;
	two_copies();
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	struct rlimit less = {.rlim_cur = 4096, .rlim_max = was.rlim_max};

	assert_int_equal(setrlimit(RLIMIT_FSIZE, &less), 0);
	enum err e = copias_carry(&perfil, old, now, &carried);

	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	if (e != ERR_DISK_FULL && e != ERR_IO)
		fail_msg("%s", err_wire(e));
	assert_true(file_exists(path_of(old)));
	assert_int_equal(copias_carry(&perfil, old, now, &carried), OK);
	must_have_all();
}

/* A sample: each round opens two keys. */
#define STEP 29

static void test_memory_ends(void **state)
{
	long n = 1;
	long failures = 0;

	(void)state;
	assert_int_equal(key_rest(now->key), OK);
	two_copies();
	for (bool failed = true; failed && n < 20000; n += STEP) {
		size_t carried = 0;

		mem_fail_at(n);
		enum err e = copias_carry(&perfil, old, now, &carried);

		failed = mem_count() >= n;
		mem_fail_at(0);
		if (e != OK && e != ERR_NO_MEMORY)
			fail_msg("allocation %ld gives %s", n, err_wire(e));
		failures += e != OK;
		/* Here, or still there. */
		assert_true(e != OK || !file_exists(path_of(old)));
		assert_true(e == OK || file_exists(path_of(old)));
		if (e == OK && failed)
			two_copies();
	}
	assert_true(n < 20000);
	assert_true(failures > 20);
	must_have_all();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_carried, setup, teardown),
		cmocka_unit_test_setup_teardown(test_first_use, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_named, setup, teardown),
		cmocka_unit_test_setup_teardown(test_disk_full, setup, teardown),
		cmocka_unit_test_setup_teardown(test_memory_ends, setup, teardown),
	};

	ossl_mem_hook();
	if (db_setup() != OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
