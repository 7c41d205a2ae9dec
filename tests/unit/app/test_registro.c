/* The log: where it is, who may read it, what it keeps, and that no line is lost when it turns. */
#include "tests/help/cm.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "app/registro.h"
#include "base/file.h"
#include "base/log.h"

#define MB ((size_t)1 << 20)
#define THREADS 4
#define LINES 4000 /* of each: 1.5 MiB in all */

static char folder[] = "/tmp/registro.XXXXXX";

static const char *in(struct arena *a, const char *name)
{
	return arena_printf(a, "%s/buzon-tui/%s", folder, name);
}

static const char *text_of(struct arena *a, const char *path)
{
	struct bytes text = {0};

	return file_read(a, path, 8 * MB, &text) == OK ? (const char *)text.data : "";
}

static void test_levels(void **state)
{
	ARENA(a, 16 * MB);
	struct stat st;

	(void)state;
	registro_open(false);
	assert_string_equal(registro_path(), in(&a, "registro.log"));
	log_write(LOG_DEBUG, "prueba", "no se ve");
	log_write(LOG_INFO, "prueba", "se ve");
	registro_open(true);
	log_write(LOG_DEBUG, "prueba", "ahora sí");
	const char *text = text_of(&a, registro_path());

	assert_null(strstr(text, "no se ve"));
	assert_non_null(strstr(text, "info prueba: se ve\n"));
	assert_non_null(strstr(text, "debug prueba: ahora sí\n"));
	assert_int_equal(stat(registro_path(), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void *write_lines(void *ctx)
{
	(void)ctx;
	for (int i = 0; i < LINES; i++)
		log_write(LOG_INFO, "hilo",
			"renglón %d de los que llenan la bitácora hasta el borde", i);
	return NULL;
}

static size_t lines_of(const char *text)
{
	size_t n = 0;

	for (const char *at = text; (at = strstr(at, " hilo: ")) != NULL; at++)
		n++;
	return n;
}

static void test_turns(void **state)
{
	ARENA(a, 32 * MB);
	pthread_t threads[THREADS];

	(void)state;
	registro_open(false);
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, write_lines, NULL), 0);
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	const char *now = text_of(&a, in(&a, "registro.log"));
	const char *before = text_of(&a, in(&a, "registro.log.1"));

	assert_true(strlen(before) >= MB);
	/* How many lines still went where they were going is the scheduler's. */
	assert_true(strlen(now) < MB);
	assert_int_equal(lines_of(now) + lines_of(before), THREADS * LINES);
}

/* No log, then, and nothing on the terminal in its place. */
static void test_nowhere(void **state)
{
	char kept[64] = "";
	int out[2];
	int saved = dup(STDERR_FILENO);

	(void)state;
	assert_int_equal(pipe2(out, O_NONBLOCK | O_CLOEXEC), 0);
	assert_int_equal(setenv("XDG_STATE_HOME", "/proc/no/hay", 1), 0);
	assert_true(dup2(out[1], STDERR_FILENO) >= 0);
	registro_open(true);
	log_write(LOG_ERROR, "prueba", "a ninguna parte");
	assert_true(dup2(saved, STDERR_FILENO) >= 0);
	assert_string_equal(registro_path(), "");
	assert_true(read(out[0], kept, sizeof(kept)) < 0);
	close(saved);
	close(out[0]);
	close(out[1]);
}

static int setup(void **state)
{
	(void)state;
	return mkdtemp(folder) != NULL && setenv("XDG_STATE_HOME", folder, 1) == 0 ? 0 : -1;
}

static int teardown(void **state)
{
	ARENA(a, MB);

	(void)state;
	(void)unlink(in(&a, "registro.log"));
	(void)unlink(in(&a, "registro.log.1"));
	(void)rmdir(in(&a, ""));
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_levels),
		cmocka_unit_test(test_turns),
		cmocka_unit_test(test_nowhere),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
