/*
 * kill -9 of the client at random instants of a whole session on the screen (enter, list, sign,
 * acuse, document), then the next one goes on from there: each act once, nothing lost, nothing
 * signed a second time while the first one waits.
 * L-6.1 L-6.5 L-7.6
 */
#include "tests/help/cm.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "tests/help/e2e.h"
#include "tests/help/vt.h"

#define ROOM (16 * 1024 * 1024)
#ifdef __SANITIZE_ADDRESS__
#define DEATHS 60
#else
#define DEATHS 500
#endif
/* On a machine that does much else: as many as that time has room for. */
#define DEATHS_LEAST 60
#define DEATHS_MS 90000
/* One of three or so comes to its end. */
#define TRIES 200
#define STEP_MS 20000
#define FIELDS_MOST 20
#define ENTER "\r"
#define OPENINGS "SELECT count(*) FROM acto WHERE ruta = 'notificacion_abrir' AND estado = 200"

static struct e2e world;
static unsigned seed;

static int open_world(void **state)
{
	const char *given = getenv("BUZON_SEED");

	(void)state;
	seed = given != NULL ? (unsigned)strtoul(given, NULL, 10)
			     : (unsigned)clock_monotonic() ^ (unsigned)getpid();
	print_message("BUZON_SEED=%u\n", seed);
	e2e_open(&world);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	e2e_close(&world);
	return 0;
}

/* A death of its own, so that what kills has no part in what is typed. */
static pid_t reaper(pid_t victim, long us)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	nanosleep(&(struct timespec){.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000}, NULL);
	kill(victim, SIGKILL);
	_exit(0);
}

/* False where the program died meanwhile; a program that lives and does not answer fails. */
static bool type(struct vt *vt, const char *keys, const char *text)
{
	int64_t start = clock_monotonic();

	if (!vt_send(vt, keys))
		return false;
	if (vt_wait_text(vt, text, STEP_MS))
		return true;
	if (clock_monotonic() - start >= STEP_MS)
		fail_msg("no «%s» after the keys; the screen:\n%s", text, vt_screen(vt));
	return false;
}

static bool marked(struct vt *vt, const char *text)
{
	const char *mark = strstr(vt_screen(vt), "▸");
	const char *at = mark != NULL ? strstr(mark, text) : NULL;

	return at != NULL && memchr(mark, '\n', (size_t)(at - mark)) == NULL &&
	       memchr(mark, ']', (size_t)(at - mark)) == NULL;
}

static bool press(struct vt *vt, const char *button, const char *text)
{
	for (int i = 0; i < FIELDS_MOST && !marked(vt, button); i++)
		if (vt_key(vt, "\t") < 0)
			return false;
	return marked(vt, button) && type(vt, ENTER, text);
}

static bool sign(struct vt *vt)
{
	return type(vt, ENTER, "Firma con e.firma") && press(vt, "Validar", "Firmar ]") &&
	       press(vt, "Firmar", "Acuse de notificación");
}

/* Looks for it until a synchronisation brought it: what is opened may stand far below. */
static bool find(struct vt *vt, const char *folio)
{
	char search[64];
	int64_t start = clock_monotonic();

	(void)snprintf(search, sizeof(search), "/%s" ENTER, folio);
	if (!type(vt, "7", "Mis notificaciones"))
		return false;
	while (!marked(vt, folio)) {
		if (clock_monotonic() - start >= STEP_MS)
			fail_msg("%s never came:\n%s", folio, vt_screen(vt));
		if (vt_key(vt, search) < 0)
			return false;
	}
	return true;
}

/* What a person does next about it, whatever the last death left. */
static bool finish(struct vt *vt, const char *folio)
{
	if (!find(vt, folio))
		return false;
	if (marked(vt, "por abrir"))
		return type(vt, ENTER, "Antes de abrir") && sign(vt);
	if (marked(vt, "por enviar") && !type(vt, "", "notificada"))
		return false;
	return type(vt, ENTER, "Estatus: notificada") && type(vt, "a", "Acuse de notificación");
}

/* `us` 0: nobody dies before the end. True: the acuse was in the person's hand before death came.
 */
static bool session(const char *folio, long us)
{
	char *argv[] = {(char *)(uintptr_t)e2e_program(&world, "buzon-tui"), NULL};
	struct vt *vt = vt_start(argv, e2e_env(&world), 24, 80);

	assert_non_null(vt);
	pid_t killer = us > 0 ? reaper(vt_pid(vt), us) : -1;
	/* All of the form is there before a key is aimed at one of its buttons. */
	bool done = type(vt, "", "Validación FIEL") && vt_wait_idle(vt, STEP_MS) &&
		    press(vt, "Validar", "Lo que vence primero") && finish(vt, folio);

	/* Whoever holds the acuse dies at once: the rest of the time is another session's. */
	if (done)
		kill(vt_pid(vt), SIGKILL);
	if (done && killer > 0)
		kill(killer, SIGKILL);
	if (killer > 0)
		assert_int_equal(waitpid(killer, NULL, 0), killer);
	int code = vt_end(vt);

	if (code != 128 + SIGKILL)
		fail_msg("it ended by itself, %d:\n%s", code, vt_screen(vt));
	(void)vt_close(vt);
	return done;
}

static void must_be_once(const char *folio)
{
	ARENA(a, ROOM);
	const char *acuse = e2e_text(&world, &a,
		arena_printf(&a, "SELECT acuse FROM notificacion WHERE folio = '%s'", folio));

	assert_non_null(acuse);
	/* Who saw it listed may have died before the outbox had its answer: the next start asks. */
	assert_int_equal(E2E_RUN(&world, &a, "buzon-tui", "entrar").code, 0);
	assert_int_equal(e2e_acuses_of(&world, folio), 1);
	struct e2e_run r = E2E_RUN(&world, &a, "buzon-tui", "verificar",
		arena_printf(&a, "datos/buzon-tui/fisica/acuses/%s.json", acuse));

	if (r.code != 0)
		fail_msg("acuse %s of %s: %d %s", acuse, folio, r.code, r.err);
}

static void test_dies_at_any_instant(void **state)
{
	ARENA(a, ROOM);
	const char *folio = e2e_notificar(&world, E2E_FISICA);
	int whole = 0;
	int deaths = 0;

	(void)state;
	/* An undisturbed one, to know how long there is something to disturb. */
	int64_t start = clock_monotonic();

	assert_true(session(folio, 0));
	long us = (long)(clock_monotonic() - start) * 1300;

	srandom(seed);
	int64_t until = clock_monotonic() + DEATHS_MS;

	while (deaths < DEATHS_LEAST || (deaths < DEATHS && clock_monotonic() < until)) {
		int64_t before = e2e_number(&world, OPENINGS);

		folio = e2e_notificar(&world, E2E_FISICA);
		int tries = 0;

		for (bool done = false; !done; deaths++, whole += done) {
			if (++tries > TRIES)
				fail_msg("%d sessions on %s, and none saw its acuse", TRIES, folio);
			done = session(folio, 1 + random() % us);
		}
		must_be_once(folio);
		assert_int_equal(e2e_number(&world, OPENINGS), before + 1);
	}
	print_message("%d deaths, %d sessions that saw their acuse\n", deaths, whole);
	/* Else nothing was tried, or nothing ever went on. */
	assert_in_range(whole, 1, deaths * 3 / 4);
	assert_string_equal("", e2e_file(&world, &a, "datos/buzon-tui/fisica/salida"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dies_at_any_instant),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
