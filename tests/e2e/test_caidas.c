/*
 * Death at any instant: of the server between receipt and answer, of the client, of the line, of
 * the disk's space. The same act sent again gives the same acuse, once; nothing is lost.
 * L-6.1 L-6.5 L-7.6
 */
#include "tests/help/cm.h"
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "tests/help/e2e_relay.h"

#define ROOM (32 * 1024 * 1024)
#define RUNS 30
#define OPENINGS "SELECT count(*) FROM acto WHERE ruta = 'notificacion_abrir' AND estado = 200"
#define ENTRIES "SELECT count(*) FROM lectura"

static struct e2e world;
static struct e2e_relay relay;

static void open_with(const char *store, const char *const *setup)
{
	world = (struct e2e){.store = store, .setup = setup};
	e2e_relay_open(&relay, &world);
	e2e_open(&world);
	e2e_perfil(&world, &(struct e2e_perfil){.nombre = "corte",
				   .certificado = "fisica.cer",
				   .llave = "fisica.key",
				   .pass = "fisica.pass",
				   .port = relay.port});
	e2e_relay_start(&relay);
}

static int open_world(void **state)
{
	/* A limit on a file's size stands for a full disk: then its signal must not kill. */
	static const char *const setup[] = {"env", "--ignore-signal=XFSZ", NULL};

	(void)state;
	open_with(NULL, setup);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	e2e_relay_close(&relay);
	e2e_close(&world);
	return 0;
}

static struct e2e_run open_folio(struct arena *a, const char *perfil, const char *folio)
{
	return E2E_RUN(
		&world, a, "buzon-tui", "abrir", folio, "--si", "--json", "--perfil", perfil);
}

/* Once and the same everywhere: store, client's folder, what the client proves of it. */
static void must_be_once(struct arena *a, const char *perfil, const char *folio)
{
	const char *acuse = e2e_text(&world, a,
		arena_printf(a, "SELECT acuse FROM notificacion WHERE folio = '%s'", folio));

	assert_non_null(acuse);
	assert_int_equal(e2e_acuses_of(&world, folio), 1);
	assert_int_equal(
		e2e_number(&world, arena_printf(a, OPENINGS " AND folio = '%s'", acuse)), 1);
	struct e2e_run r = E2E_RUN(&world, a, "buzon-tui", "verificar",
		arena_printf(a, "datos/buzon-tui/%s/acuses/%s.json", perfil, acuse));

	if (r.code != 0)
		fail_msg("acuse %s of %s: %d %s", acuse, folio, r.code, r.err);
	assert_non_null(strstr(r.out, acuse));
}

static void must_be_sound(void)
{
	ARENA(a, ROOM);

	if (world.place == NULL)
		assert_string_equal("ok", e2e_text(&world, &a, "PRAGMA integrity_check"));
}

/* Again after the mishap: the first that answers has opened it, or says that it was. */
static void retry(struct arena *a, const char *perfil, const char *folio)
{
	struct e2e_run r = open_folio(a, perfil, folio);

	if (r.code != 0 && strstr(r.err, err_wire(ERR_ALREADY_OPENED)) == NULL)
		fail_msg("again: %d %s", r.code, r.err);
	must_be_once(a, perfil, folio);
}

/* ---- the line ----------------------------------------------------------------------------- */

/* The act is committed when its answer begins to arrive. */
static bool is_act_answer(struct e2e_relay *r)
{
	return e2e_number(r->world, OPENINGS) > r->number;
}

static enum e2e_verdict kill_before_answer(struct e2e_relay *r)
{
	if (!is_act_answer(r))
		return E2E_FORWARD;
	kill(r->world->server, SIGKILL);
	return E2E_CUT;
}

static enum e2e_verdict kill_within_answer(struct e2e_relay *r)
{
	if (!is_act_answer(r))
		return E2E_FORWARD;
	kill(r->world->server, SIGKILL);
	return E2E_HALF;
}

static enum e2e_verdict cut_answer(struct e2e_relay *r)
{
	return is_act_answer(r) ? E2E_CUT : E2E_FORWARD;
}

static void mishap(enum e2e_verdict (*judge)(struct e2e_relay *), bool dies)
{
	ARENA(a, ROOM);
	const char *folio = e2e_notificar(&world, E2E_FISICA);

	relay.number = e2e_number(&world, OPENINGS);
	relay.judge = judge;
	struct e2e_run r = open_folio(&a, "corte", folio);

	relay.judge = NULL;
	/* It happened: the act is in the store, the client has no acuse and says what becomes of
	 * it. */
	assert_int_equal(e2e_number(&world, OPENINGS), relay.number + 1);
	if (dies) {
		assert_int_equal(e2e_server_stop(&world, SIGKILL), 128 + SIGKILL);
		if (r.code != err_exit(ERR_CUT) && r.code != err_exit(ERR_NETWORK))
			fail_msg("exit %d: %s", r.code, r.err);
		assert_non_null(strstr(r.err, "Se reintenta durante unos 15 s"));
		assert_non_null(strstr(r.err, "se reenviará sin duplicarse"));
		assert_string_equal(r.out, "");
		e2e_server_start(&world);
	}
	r = open_folio(&a, "corte", folio);
	if (dies && r.code != 0)
		fail_msg("again: %d %s", r.code, r.err);
	must_be_once(&a, "corte", folio);
	assert_int_equal(e2e_number(&world, OPENINGS), relay.number + 1);
}

static void test_server_dies_between_receipt_and_answer(void **state)
{
	(void)state;
	mishap(kill_before_answer, true);
}

static void test_server_dies_within_answer(void **state)
{
	(void)state;
	mishap(kill_within_answer, true);
}

/* The server lives: the client may send again by itself. */
static void test_line_cut(void **state)
{
	(void)state;
	mishap(cut_answer, false);
}

/* ---- death at any instant ----------------------------------------------------------------- */

static void pause_us(long us)
{
	nanosleep(&(struct timespec){.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000}, NULL);
}

/* How long an undisturbed opening takes, in microseconds. */
static long whole_opening(void)
{
	ARENA(a, ROOM);
	const char *folio = e2e_notificar(&world, E2E_FISICA);
	int64_t start = clock_monotonic();

	assert_int_equal(open_folio(&a, "fisica", folio).code, 0);
	return (long)(clock_monotonic() - start) * 1000;
}

static pid_t begin(const char *folio)
{
	return e2e_spawn(&world, "abrir",
		(const char *const[]){"buzon-tui", "abrir", folio, "--si", "--json", NULL});
}

static void test_client_dies_at_any_instant(void **state)
{
	long whole = whole_opening();
	int killed = 0;

	(void)state;
	for (int i = 0; i < RUNS; i++) {
		ARENA(a, ROOM);
		const char *folio = e2e_notificar(&world, E2E_FISICA);
		pid_t pid = begin(folio);

		pause_us(whole * i / RUNS);
		kill(pid, SIGKILL);
		killed += e2e_wait(pid, 10000) == 128 + SIGKILL;
		retry(&a, "fisica", folio);
	}
	/* Else nothing was tried. */
	assert_in_range(killed, 1, RUNS);
}

static void test_server_dies_at_any_instant(void **state)
{
	long whole = whole_opening();
	int64_t before = e2e_number(&world, OPENINGS);
	int at_work = 0;

	(void)state;
	for (int i = 0; i < RUNS; i++) {
		ARENA(a, ROOM);
		const char *folio = e2e_notificar(&world, E2E_FISICA);
		pid_t pid = begin(folio);

		pause_us(whole * i / RUNS);
		assert_int_equal(e2e_server_stop(&world, SIGKILL), 128 + SIGKILL);
		int code = e2e_wait(pid, 0);

		at_work += code < 0;
		e2e_server_start(&world);
		/* Alone it either finds the server again or says why not; it never hangs or dies.
		 */
		if (code < 0)
			code = e2e_wait(pid, 60000);
		assert_true(code >= 0 && code < 128);
		retry(&a, "fisica", folio);
	}
	assert_in_range(at_work, 1, RUNS);
	assert_int_equal(e2e_number(&world, OPENINGS), before + RUNS);
	must_be_sound();
}

/* ---- no space ----------------------------------------------------------------------------- */

static const char *disk; /* a small file system, or NULL */

static void take_space(void)
{
	ARENA(a, 1 << 20);
	char block[4096] = {0};
	struct rlimit none = {.rlim_cur = 4096, .rlim_max = RLIM_INFINITY};

	if (disk == NULL) {
		(void)prlimit(world.server, RLIMIT_FSIZE, &none, NULL);
		return;
	}
	int fd = open(arena_printf(&a, "%s/lastre", disk), O_WRONLY | O_CREAT, 0600);

	while (write(fd, block, sizeof(block)) > 0)
		;
	close(fd);
}

static void give_space(void)
{
	ARENA(a, 1 << 20);
	struct rlimit all = {.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};

	if (disk == NULL)
		assert_int_equal(prlimit(world.server, RLIMIT_FSIZE, &all, NULL), 0);
	else
		assert_int_equal(unlink(arena_printf(&a, "%s/lastre", disk)), 0);
}

/* When the client has entered, and before it knows. */
static enum e2e_verdict fill_after_entry(struct e2e_relay *r)
{
	if (e2e_number(r->world, ENTRIES) > r->number) {
		r->judge = NULL;
		take_space();
	}
	return E2E_FORWARD;
}

static void must_say_full(const struct e2e_run *r)
{
	if (strstr(r->err, err_wire(ERR_DISK_FULL)) == NULL &&
		strstr(r->err, err_wire(ERR_STORE)) == NULL &&
		strstr(r->err, err_wire(ERR_IO)) == NULL)
		fail_msg("exit %d: %s", r->code, r->err);
	assert_true(r->code == err_exit(ERR_DISK_FULL) || r->code == err_exit(ERR_STORE));
}

static void full_disk(void)
{
	ARENA(a, ROOM);
	const char *folio = e2e_notificar(&world, E2E_FISICA);
	int64_t before = e2e_number(&world, OPENINGS);

	relay.number = e2e_number(&world, ENTRIES);
	relay.judge = fill_after_entry;
	struct e2e_run r = open_folio(&a, "corte", folio);

	must_say_full(&r);
	/* Entering writes too. */
	r = open_folio(&a, "corte", folio);
	must_say_full(&r);
	assert_int_equal(kill(world.server, 0), 0);
	give_space();
	r = open_folio(&a, "corte", folio);
	if (r.code != 0)
		fail_msg("with space again: %d %s", r.code, r.err);
	must_be_once(&a, "corte", folio);
	assert_int_equal(e2e_number(&world, OPENINGS), before + 1);
	must_be_sound();
	assert_int_equal(e2e_server_stop(&world, SIGTERM), 0);
	e2e_server_start(&world);
}

static void test_file_limit(void **state)
{
	(void)state;
	if (world.place != NULL) /* its files are not the server's */
		skip();
	full_disk();
}

/* ERR_DISK_FULL itself needs a file system, and that a privilege. */
static void test_disk_full(void **state)
{
	static char folder[200];
	static char store[256];
	const char *tmp = getenv("BUZON_TMP");

	(void)state;
	snprintf(folder, sizeof(folder), "%s/disco.XXXXXX", tmp != NULL ? tmp : "/tmp");
	assert_non_null(mkdtemp(folder));
	/* In a name space of our own the mount goes with us, however we end. */
	if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
		mount("none", folder, "tmpfs", 0, "size=8m") != 0) {
		rmdir(folder);
		skip();
	}
	close_world(NULL);
	snprintf(store, sizeof(store), "%s/buzon.db", folder);
	disk = folder;
	open_with(store, NULL);
	full_disk();
	disk = NULL;
	e2e_server_stop(&world, SIGTERM);
	assert_int_equal(umount(folder), 0);
	rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_server_dies_between_receipt_and_answer),
		cmocka_unit_test(test_server_dies_within_answer), cmocka_unit_test(test_line_cut),
		cmocka_unit_test(test_client_dies_at_any_instant),
		cmocka_unit_test(test_server_dies_at_any_instant),
		cmocka_unit_test(test_file_limit),
		cmocka_unit_test(test_disk_full), /* the last: it opens a world of its own */
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
