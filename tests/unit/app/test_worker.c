/* The worker, and the programs that it is for. */
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "app/jobs.h"
#include "app/program.h"
#include "app/worker.h"
#include "base/clock.h"
#include "base/file.h"
#include "crypto/sha.h"
#include "tests/help/cm.h"
#include "tests/help/pki.h"

static struct job *wait_for(struct worker *w)
{
	struct pollfd fd = {worker_fd(w), POLLIN, 0};
	struct worker_job *job = NULL;

	for (int i = 0; i < 100 && job == NULL; i++) {
		assert_true(poll(&fd, 1, 10000) > 0);
		job = worker_take(w);
	}
	assert_non_null(job);
	return (struct job *)job;
}

/* A file of the PKI, or a path of the system's as it is. */
static void set_path(char *path, size_t size, const char *name)
{
	if (name[0] == '/')
		(void)snprintf(path, size, "%s", name);
	else
		(void)snprintf(path, size, "%s/%s", pki_dir(), name);
}

static struct job *unlock(const char *rfc, const char *cer, const char *key, const char *pass)
{
	AUTO(worker) w = NULL;
	SECRET(secret);
	struct job *job;
	char paths[2][512];

	set_path(paths[0], sizeof(paths[0]), cer);
	set_path(paths[1], sizeof(paths[1]), key);
	if (pass != NULL)
		assert_int_equal(secret_set(&secret, pass, strlen(pass)), OK);
	else
		pki_password("fisica", &secret);
	assert_int_equal(job_unlock(rfc, paths[0], paths[1], &secret, pki_now(), &job), OK);
	assert_null(secret.data); /* moved */
	assert_int_equal(worker_start(&w), OK);
	worker_submit(w, &job->base);
	struct job *done = wait_for(w);

	assert_ptr_equal(done, job);
	assert_null(done->password.data); /* cleared as soon as it was used */
	return done;
}

/* A-01, L-4.2: opened off the loop's thread; a fault names its field where only the job knows. */
static void test_unlock(void **state)
{
	static const struct {
		const char *cer;
		const char *key;
		const char *pass;
		enum err err;
		const char *campo;
	} rows[] = {
		{"fisica.cer", "fisica.key", NULL, OK, NULL},
		{"fisica.cer", "fisica.key", "otra", ERR_WRONG_PASSWORD, NULL},
		{"nada.cer", "fisica.key", NULL, ERR_NO_FILE, "certificado"},
		{"fisica.cer", "nada.key", NULL, ERR_NO_FILE, "llave"},
		{"", "fisica.key", NULL, ERR_UNREADABLE, "certificado"},
		{"fisica.cer", "confianza", NULL, ERR_UNREADABLE, "llave"},
		{"/dev/zero", "fisica.key", NULL, ERR_BAD_CERT, "certificado"},
		{"fisica.cer", "/dev/zero", NULL, ERR_BAD_KEY, "llave"},
		{"fisica.key", "fisica.cer", NULL, ERR_SWAPPED_KEY, NULL},
		{"fisica.cer", "fisica.cer", NULL, ERR_SWAPPED_CERT, NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct job *job = unlock("peñj-800101-ab1", rows[i].cer, rows[i].key, rows[i].pass);

		assert_int_equal(job->err, rows[i].err);
		assert_int_equal(job->efirma != NULL, rows[i].err == OK);
		assert_int_equal(job->campo != NULL, rows[i].campo != NULL);
		if (rows[i].campo != NULL)
			assert_string_equal(job->campo, rows[i].campo);
		job_free(job);
	}
	struct job *job = unlock("XAXX010101000", "fisica.cer", "fisica.key", NULL);

	assert_int_equal(job->err, ERR_RFC_MISMATCH);
	job_free(job);
}

/* A program gets all and gives all; one that hangs, fails or is not there is told apart. */
static void test_filter(void **state)
{
	static const char *const cat[] = {"cat", NULL};
	static const char *const none[] = {"/no/hay/tal", NULL};
	static const char *const hang[] = {"sleep", "30", NULL};
	static const char *const fails[] = {"false", NULL};
	ARENA(a, (size_t)8 << 20);
	size_t size = (size_t)1 << 20;
	unsigned char *big = arena_alloc(&a, size);
	struct bytes out;

	(void)state;
	assert_non_null(big);
	for (size_t i = 0; i < size; i++)
		big[i] = (unsigned char)(i * 7);
	assert_int_equal(program_filter(&a, cat, bytes_of(big, size), size, 10000, &out), OK);
	assert_true(bytes_equal(out, bytes_of(big, size)));
	assert_int_equal(program_filter(&a, cat, bytes_of(big, size), 1000, 10000, &out), OK);
	assert_int_equal(out.size, 1000);
	assert_int_equal(program_filter(&a, none, bytes_of(big, 10), 10, 10000, &out), ERR_NO_FILE);
	assert_int_equal(program_filter(&a, fails, bytes_of(big, size), 10, 10000, &out), ERR_IO);
	int64_t before = clock_monotonic();

	assert_int_equal(program_filter(&a, hang, bytes_of(big, 10), 10, 200, &out), ERR_TIMEOUT);
	assert_true(clock_monotonic() - before < 5000);
	assert_int_equal(program_detach(none), ERR_NO_FILE);
	assert_int_equal(program_detach(fails), OK);
}

struct counted {
	struct worker_job base;
	int *ran;
};

static void count(struct worker_job *base)
{
	++*((struct counted *)base)->ran;
}

static void leave_alone(struct worker_job *base)
{
	(void)base;
}

/* What was handed over before the end is done: what was kept last is on the disk. */
static void test_stop_finishes(void **state)
{
	struct counted jobs[200];
	struct worker *w;
	int ran = 0;

	(void)state;
	assert_int_equal(worker_start(&w), OK);
	for (size_t i = 0; i < COUNT_OF(jobs); i++) {
		jobs[i] = (struct counted){{.run = count, .free = leave_alone}, &ran};
		worker_submit(w, &jobs[i].base);
	}
	worker_stop(w);
	assert_int_equal(ran, COUNT_OF(jobs));
}

struct stuck {
	struct worker_job base;
	int from;
	atomic_bool ended;
};

static void read_one(struct worker_job *base)
{
	struct stuck *s = (struct stuck *)base;
	char one;

	assert_int_equal(read(s->from, &one, 1), 1);
	s->ended = true;
}

/* One that hangs holds nobody up: the thread is left behind, and what it holds stays its own. */
static void test_stop_leaves_behind(void **state)
{
	struct stuck job = {.base = {.run = read_one, .free = leave_alone}};
	struct worker *w;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	job.from = ends[0];
	assert_int_equal(worker_start(&w), OK);
	worker_submit(w, &job.base);
	worker_stop(w);
	assert_false(job.ended);
	assert_int_equal(write(ends[1], "x", 1), 1);
	for (int ms = 0; ms < 30000 && !job.ended; ms++)
		usleep(1000);
	assert_true(job.ended);
	close(ends[0]);
	close(ends[1]);
}

/* Jobs that nobody takes are freed. */
static void test_stop(void **state)
{
	struct worker *w;
	struct model_documento d = {.folio = "F"};

	(void)state;
	d.datos = (unsigned char[]){'x'};
	d.recibido = 1;
	assert_int_equal(worker_start(&w), OK);
	for (int i = 0; i < 20; i++) {
		struct job *job;

		assert_int_equal(job_read(&d, &job), OK);
		worker_submit(w, &job->base);
	}
	worker_stop(w);
}

/* L-7.7: the document is written where it is said to be. */
static void test_save(void **state)
{
	AUTO(worker) w = NULL;
	ARENA(a, 65536);
	char folder[] = "/tmp/buzon-worker-XXXXXX";
	struct model_documento d = {
		.folio = "BI-1", .datos = (unsigned char[]){'%', 'P'}, .recibido = 2};
	struct job *job;
	struct bytes file;

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_int_equal(job_save_documento(&d, folder, &job), OK);
	assert_int_equal(worker_start(&w), OK);
	worker_submit(w, &job->base);
	job = wait_for(w);
	assert_int_equal(job->err, OK);
	assert_int_equal(file_read(&a, job->path, 100, &file), OK);
	assert_true(bytes_equal(file, bytes_of_text("%P")));
	assert_int_equal(unlink(job->path), 0);
	assert_int_equal(rmdir(folder), 0);
	job_free(job);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unlock),
		cmocka_unit_test(test_filter),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_stop_finishes),
		cmocka_unit_test(test_stop_leaves_behind),
		cmocka_unit_test(test_save),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
