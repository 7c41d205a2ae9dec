/*
 * The local copies' keys: one master by certificate, a key by profile; made once; damaged,
 * another's and full disk.
 */
#include "tests/help/cm.h"
#include "app/cache_key.h"
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/db.h"
#include "base/db_mem.h"
#include "base/file.h"
#include "base/mem.h"
#include "tests/help/carpeta.h"
#include "tests/help/ossl_mem.h"
#include "tests/help/pki.h"

#define ROOM (4 * 1024 * 1024)

static char folder[200];

static int setup(void **state)
{
	(void)state;
	return carpeta_make(folder, sizeof(folder), "llaves");
}

static int teardown(void **state)
{
	(void)state;
	return carpeta_remove(folder);
}

static const char *path_of(struct arena *a, const struct efirma *f)
{
	const char *path = arena_printf(a, "%s/%s.llave", folder, f->cert.thumbprint);

	assert_non_null(path);
	return path;
}

static void open_key(const struct efirma *f, const char *perfil, struct secret *ret)
{
	assert_int_equal(cache_key_open(f, folder, perfil, ret), OK);
	assert_int_equal(ret->size, 32);
}

static bool same(const struct secret *s, const struct secret *t)
{
	return s->size == t->size && memcmp(s->data, t->data, s->size) == 0;
}

static size_t files(void)
{
	ARENA(a, ROOM);
	char **names = NULL;
	size_t count = 0;

	assert_int_equal(file_list(&a, folder, "", &names, &count), OK);
	return count;
}

static void test_made_once(void **state)
{
	ARENA(a, ROOM);
	AUTO(efirma) f = pki_efirma("contador");
	AUTO(efirma) other = pki_efirma("fisica");
	SECRET(one);
	SECRET(again);
	SECRET(two);
	SECRET(others);
	struct stat st;

	(void)state;
	assert_false(cache_key_exists(&f->cert, folder));
	open_key(f, "uno", &one);
	assert_true(cache_key_exists(&f->cert, folder));
	assert_int_equal(stat(path_of(&a, f), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	open_key(f, "uno", &again);
	open_key(f, "dos", &two);
	open_key(other, "uno", &others);
	assert_true(same(&one, &again));
	assert_false(same(&one, &two));
	assert_false(same(&one, &others));
	assert_int_equal(files(), 2);
	/* It is a key for the copy. */
	AUTO(db) d = NULL;
	const char *path = arena_printf(&a, "%s/uno.db", folder);

	assert_int_equal(db_open_sealed(path, DB_WRITE, &one, NULL, 0, &d), OK);
	db_close(STEAL(d));
	assert_int_equal(db_open_sealed(path, DB_WRITE, &two, NULL, 0, &d), ERR_BAD_CACHE);
	assert_int_equal(db_open_sealed(path, DB_WRITE, &again, NULL, 0, &d), OK);
}

static void test_damaged(void **state)
{
	ARENA(a, ROOM);
	AUTO(efirma) f = pki_efirma("fisica");
	AUTO(efirma) other = pki_efirma("moral");
	SECRET(key);
	SECRET(kept);
	struct bytes file;
	struct bytes foreign;
	const char *path = path_of(&a, f);

	(void)state;
	open_key(f, "p", &kept);
	open_key(other, "p", &key);
	secret_clear(&key);
	assert_int_equal(file_read(&a, path, 4096, &file), OK);
	assert_int_equal(file_read(&a, path_of(&a, other), 4096, &foreign), OK);
	for (size_t i = 0; i < file.size; i += 11) {
		unsigned char *bad = arena_copy(&a, file.data, file.size);

		assert_non_null(bad);
		bad[i] ^= 4;
		assert_int_equal(file_write(path, bytes_of(bad, file.size), 0600), OK);
		assert_int_equal(cache_key_open(f, folder, "p", &key), ERR_BAD_CACHE);
		assert_int_equal(file_write(path, bytes_of(file.data, i), 0600), OK);
		assert_int_equal(cache_key_open(f, folder, "p", &key), ERR_BAD_CACHE);
	}
	assert_int_equal(file_write(path, foreign, 0600), OK);
	assert_int_equal(cache_key_open(f, folder, "p", &key), ERR_BAD_CACHE);
	assert_int_equal(file_write(path, bytes_of(arena_zalloc(&a, 9000), 9000), 0600), OK);
	assert_int_equal(cache_key_open(f, folder, "p", &key), ERR_BAD_CACHE);
	assert_int_equal(cache_key_open(f, "/no/hay", "p", &key), ERR_NO_FILE);
	assert_null(key.data);
	assert_int_equal(file_write(path, file, 0600), OK);
	open_key(f, "p", &key);
	assert_true(same(&key, &kept));
	assert_int_equal(files(), 2);
}

#define RACERS 8
#define ROUNDS 5

/* All start when the pipe's end is closed, and tell the key that they got. */
static void race(const struct efirma *f, int gate, int to)
{
	SECRET(key);
	char none;

	if (read(gate, &none, 1) != 0 || cache_key_open(f, folder, "p", &key) != OK ||
		write(to, key.data, key.size) != (ssize_t)key.size)
		_exit(1);
	_exit(0);
}

static void test_at_once(void **state)
{
	ARENA(a, ROOM);
	AUTO(efirma) f = pki_efirma("fisica");

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		int gate[2], answers[2];
		unsigned char first[32], key[32];

		unlink(path_of(&a, f));
		assert_int_equal(pipe(gate), 0);
		assert_int_equal(pipe(answers), 0);
		for (int i = 0; i < RACERS; i++)
			if (fork() == 0) {
				close(gate[1]);
				race(f, gate[0], answers[1]);
			}
		close(gate[0]);
		close(gate[1]);
		close(answers[1]);
		assert_int_equal(read(answers[0], first, 32), 32);
		for (int i = 1; i < RACERS; i++) {
			assert_int_equal(read(answers[0], key, 32), 32);
			assert_memory_equal(key, first, 32);
		}
		close(answers[0]);
		for (int i = 0; i < RACERS; i++) {
			int status = -1;

			assert_true(wait(&status) > 0);
			assert_int_equal(status, 0);
		}
		assert_int_equal(files(), 1);
	}
}

static void test_disk_full(void **state)
{
	AUTO(efirma) f = pki_efirma("fisica");
	SECRET(key);
	struct rlimit was;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	struct rlimit less = {.rlim_cur = 100, .rlim_max = was.rlim_max};

	assert_int_equal(setrlimit(RLIMIT_FSIZE, &less), 0);
	enum err e = cache_key_open(f, folder, "p", &key);

	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	assert_int_equal(e, ERR_DISK_FULL);
	assert_null(key.data);
	assert_int_equal(files(), 0);
	open_key(f, "p", &key);
}

/* The sanitizers look for leaks, ten times slower: a sample is enough for them. */
#if defined(__SANITIZE_ADDRESS__)
#define STEP 7
#else
#define STEP 1
#endif

static void test_memory_ends(void **state)
{
	ARENA(a, ROOM);
	AUTO(efirma) f = pki_efirma("fisica");
	long failures = 0;
	long n = 1;

	(void)state;
	/* As the client keeps it. */
	assert_int_equal(key_rest(f->key), OK);
	for (bool failed = true; failed && n < 20000; n += STEP) {
		SECRET(key);

		unlink(path_of(&a, f));
		mem_fail_at(n);

		enum err e = cache_key_open(f, folder, "p", &key);

		failed = mem_count() >= n;
		mem_fail_at(0);
		if (e != OK && e != ERR_NO_MEMORY)
			fail_msg("allocation %ld gives %s", n, err_wire(e));
		failures += e != OK;
		/* A file that was made is a good one. */
		assert_true(files() <= 1);
		if (cache_key_exists(&f->cert, folder))
			open_key(f, "p", &key);
	}
	assert_true(n < 20000);
	assert_true(failures > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_made_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_damaged, setup, teardown),
		cmocka_unit_test_setup_teardown(test_at_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_disk_full, setup, teardown),
		cmocka_unit_test_setup_teardown(test_memory_ends, setup, teardown),
	};

	ossl_mem_hook();
	if (db_setup() != OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
