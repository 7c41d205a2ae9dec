/*
 * Bad lines: slow and far, cut in every step, hung. The whole job is done by commands and by the
 * screen, nothing twice and nothing lost; keys are answered while the network is not.
 * L-6.1 L-6.5 L-7.6
 */
#include "tests/help/cm.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/err.h"
#include "tests/help/e2e_relay.h"
#include "tests/help/vt.h"

#define ROOM (32 * 1024 * 1024)
#define ENTER "\r"
#define DOWN_KEY "\x1b[B"
#define OPENINGS "SELECT count(*) FROM acto WHERE ruta = 'notificacion_abrir' AND estado = 200"
#define CUT_MS 5000
/* A step of a person on the worst line; the client's own limit of a request is 30 s. */
#define STEP_MS 60000
#define TRIES 12

static struct e2e world;
static struct e2e_relay relay;

static int open_world(void **state)
{
	(void)state;
	e2e_relay_open(&relay, &world);
	e2e_open(&world);
	e2e_perfil(&world, &(struct e2e_perfil){.nombre = "linea",
				   .certificado = "fisica.cer",
				   .llave = "fisica.key",
				   .pass = "fisica.pass",
				   .port = relay.port});
	e2e_relay_start(&relay);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	e2e_relay_close(&relay);
	e2e_close(&world);
	return 0;
}

static void line_is(int bits_per_second, int round_trip_ms)
{
	relay.judge = NULL;
	relay.held = false;
	relay.rate = bits_per_second / 8;
	relay.delay_ms = round_trip_ms / 2;
}

/* ---- the line itself ---------------------------------------------------------------------- */

#define MUCH 20000

struct other_end {
	int listener;
	pthread_t thread;
};

/* Answers each byte with 20 kB, connection after connection, until the listener is shut. */
static void *answer_much(void *ctx)
{
	static char much[MUCH];
	struct other_end *o = ctx;

	for (int fd; (fd = accept(o->listener, NULL, NULL)) >= 0; close(fd)) {
		char one;

		while (recv(fd, &one, 1, 0) == 1)
			if (send(fd, much, sizeof(much), MSG_NOSIGNAL) != MUCH)
				break;
	}
	return NULL;
}

static int call(unsigned port)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	return fd;
}

/* How long it takes to ask and to hear `size` bytes; -1 where the line ended before. */
static int64_t hear(int fd, size_t size)
{
	char chunk[4096];
	int64_t start = clock_monotonic();

	if (send(fd, "?", 1, MSG_NOSIGNAL) != 1)
		return -1;
	while (size > 0) {
		ssize_t n = recv(fd, chunk, size < sizeof(chunk) ? size : sizeof(chunk), 0);

		if (n <= 0)
			return -1;
		size -= (size_t)n;
	}
	return clock_monotonic() - start;
}

static bool is_silent(int fd, int ms)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	return poll(&p, 1, ms) == 0;
}

/* Only lower bounds: a machine may be busy, a line never faster than told. */
static void test_the_line_is_as_bad_as_told(void **state)
{
	struct e2e there = {0};
	struct e2e_relay r;
	struct other_end other;

	(void)state;
	e2e_relay_open(&r, &there);
	other.listener = e2e_listen(&there.port);
	assert_int_equal(pthread_create(&other.thread, NULL, answer_much, &other), 0);
	e2e_relay_start(&r);
	int fd = call(r.port);

	assert_true(hear(fd, MUCH) >= 0);
	assert_int_equal(r.up, 1);
	assert_int_equal(r.down, MUCH);
	r.delay_ms = 150;
	assert_true(hear(fd, MUCH) >= 300);
	r.delay_ms = 0;
	r.rate = 64000 / 8;
	assert_true(hear(fd, MUCH) >= 2400);
	r.rate = 0;
	r.held = true;
	assert_int_equal(send(fd, "?", 1, MSG_NOSIGNAL), 1);
	int late = call(r.port);

	assert_true(is_silent(fd, 200));
	assert_int_equal(r.up, 3);
	r.held = false;
	assert_false(is_silent(fd, 10000));
	e2e_relay_cut(&r, 200);
	/* What was on its way may still be heard, then the line ends. */
	while (hear(fd, MUCH) >= 0)
		;
	close(fd);
	close(late);
	int64_t cut = clock_monotonic();
	while ((fd = call(r.port)) >= 0 && hear(fd, 1) < 0)
		close(fd);
	assert_true(r.cuts >= 1);
	assert_true(clock_monotonic() - cut < 10000);
	close(fd);
	e2e_relay_close(&r);
	shutdown(other.listener, SHUT_RDWR);
	pthread_join(other.thread, NULL);
	close(other.listener);
}

/* ---- what must come of it ----------------------------------------------------------------- */

/* Opened once, one acuse, and the client has it and proves it. */
static void must_be_once(struct arena *a, const char *folio, int64_t before)
{
	const char *acuse = e2e_text(&world, a,
		arena_printf(a, "SELECT acuse FROM notificacion WHERE folio = '%s'", folio));

	assert_non_null(acuse);
	assert_int_equal(e2e_number(&world, OPENINGS), before + 1);
	struct e2e_run r = E2E_RUN(&world, a, "buzon-tui", "verificar",
		arena_printf(a, "datos/buzon-tui/linea/acuses/%s.json", acuse));

	if (r.code != 0)
		fail_msg("acuse %s of %s: %d %s", acuse, folio, r.code, r.err);
	assert_non_null(strstr(r.out, acuse));
}

/* ---- by commands -------------------------------------------------------------------------- */

/* The next that the server says is lost, and the line with it. */
static enum e2e_verdict cut_next(struct e2e_relay *r)
{
	r->judge = NULL;
	e2e_relay_cut(r, CUT_MS);
	return E2E_CUT;
}

/* The act is committed, its answer is lost. */
static enum e2e_verdict cut_act(struct e2e_relay *r)
{
	return e2e_number(r->world, OPENINGS) > r->number ? cut_next(r) : E2E_FORWARD;
}

/* The one that is not opened yet, else a new one. */
static const char *unopened(struct arena *a)
{
	const char *folio =
		e2e_text(&world, a, "SELECT folio FROM notificacion WHERE abierta IS NULL");

	return folio != NULL ? folio : e2e_notificar(&world, E2E_FISICA);
}

/* As a script does: again while the command says that the line is what failed. */
static struct e2e_run insist(struct arena *a, const char *const argv[])
{
	struct e2e_run r = {.code = -1};

	for (int64_t end = clock_monotonic() + STEP_MS; r.code != 0 && clock_monotonic() < end;) {
		r = e2e_run(&world, a, argv);
		if (r.code != 0 && r.code != err_exit(ERR_NETWORK) && r.code != err_exit(ERR_CUT))
			break;
	}
	return r;
}

static struct e2e_run command(
	struct arena *a, enum e2e_verdict (*judge)(struct e2e_relay *), const char *const argv[])
{
	relay.judge = judge;
	return insist(a, argv);
}

/* Each command enters by itself, and opening brings the acuse. */
static void job_by_commands(enum e2e_verdict (*judge)(struct e2e_relay *),
	enum e2e_verdict (*judge_act)(struct e2e_relay *))
{
	ARENA(a, ROOM);
	const char *folio = unopened(&a);
	int64_t before = e2e_number(&world, OPENINGS);
	struct e2e_run r = command(&a, judge,
		(const char *const[]){"buzon-tui", "notificaciones", "--perfil", "linea", NULL});

	assert_int_equal(r.code, 0);
	assert_non_null(strstr(r.out, folio));
	relay.number = before;
	r = command(&a, judge_act,
		(const char *const[]){
			"buzon-tui", "abrir", folio, "--si", "--perfil", "linea", NULL});
	/* Where only the answer was lost, a script that asks again is told that it is done. */
	if (r.code != 0 && strstr(r.err, err_sentence(ERR_ALREADY_OPENED)) == NULL)
		fail_msg("abrir: %d %s", r.code, r.err);
	must_be_once(&a, folio, before);
}

static void test_slow_line_by_commands(void **state)
{
	(void)state;
	line_is(9600, 600);
	job_by_commands(NULL, NULL);
}

static void test_cut_line_by_commands(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	line_is(64000, 100);
	struct e2e_run r = command(&a, cut_next,
		(const char *const[]){"buzon-tui", "entrar", "--perfil", "linea", NULL});

	assert_int_equal(r.code, 0);
	job_by_commands(cut_next, cut_act);
	r = command(&a, cut_next,
		(const char *const[]){"buzon-tui", "acuse",
			e2e_text(&world, &a,
				"SELECT acuse FROM notificacion WHERE acuse IS NOT NULL"),
			"--perfil", "linea", NULL});
	if (r.code != 0)
		fail_msg("acuse: %d %s", r.code, r.err);
	assert_null(relay.judge);
}

/* ---- by the screen ------------------------------------------------------------------------ */

static void wait_for(struct vt *vt, const char *text)
{
	if (!vt_wait_text(vt, text, STEP_MS))
		fail_msg("no «%s» on the screen:\n%s", text, vt_screen(vt));
}

/* A person's keys, again each few seconds where nothing came of them. */
static void persist(struct vt *vt, const char *keys, const char *text)
{
	bool came = false;

	for (int i = 0; i < TRIES && !came; i++) {
		assert_true(vt_send(vt, keys));
		came = vt_wait_text(vt, text, CUT_MS);
	}
	if (!came)
		fail_msg("«%s» did not come:\n%s", text, vt_screen(vt));
}

static void enter(struct vt *vt)
{
	bool came = false;

	for (int i = 0; i < TRIES && !came; i++) {
		e2e_focus(vt, "Validar");
		assert_true(vt_send(vt, ENTER));
		came = vt_wait_text(vt, "Lo que vence primero", 2 * CUT_MS);
	}
	if (!came)
		fail_msg("not entered:\n%s", vt_screen(vt));
}

static void job_by_screen(enum e2e_verdict (*judge)(struct e2e_relay *),
	enum e2e_verdict (*judge_act)(struct e2e_relay *))
{
	ARENA(a, ROOM);
	const char *folio = unopened(&a);
	int64_t before = e2e_number(&world, OPENINGS);
	struct vt *vt = e2e_screen(&world, "linea", 24, 80);

	relay.judge = judge;
	enter(vt);
	relay.judge = judge;
	persist(vt, "7", folio);
	e2e_row(vt, folio);
	persist(vt, ENTER, "Antes de abrir");
	e2e_type(vt, ENTER, "Firma con e.firma");
	e2e_focus(vt, "Validar");
	e2e_type(vt, ENTER, "Firmar ]");
	wait_for(vt, "exitosa");
	relay.number = before;
	relay.judge = judge_act;
	e2e_focus(vt, "Firmar");
	/* Once: what was signed is sent again by itself. */
	assert_true(vt_send(vt, ENTER));
	if (judge_act != NULL) {
		wait_for(vt, "Se envía solo");
		e2e_type(vt, ENTER, "");
		persist(vt, "7", "Mis notificaciones");
		persist(vt, "a", "Acuse de notificación");
	}
	wait_for(vt, "Acuse de notificación");
	assert_true(vt_send(vt, "\x03"));
	assert_true(vt_end(vt) >= 0);
	(void)vt_close(vt);
	must_be_once(&a, folio, before);
}

static void test_slow_line_by_screen(void **state)
{
	(void)state;
	line_is(9600, 600);
	job_by_screen(NULL, NULL);
}

static void test_cut_line_by_screen(void **state)
{
	(void)state;
	line_is(64000, 100);
	job_by_screen(cut_next, cut_act);
	assert_null(relay.judge);
}

/* ---- keys while it hangs ------------------------------------------------------------------ */

/* No answer exists while the relay holds it: what the screen says, it says without the network. */
static void keys_are_answered(struct vt *vt, const char *before)
{
	long long up = relay.up, down = relay.down;

	assert_true(vt_key(vt, DOWN_KEY) >= 0);
	assert_true(vt_key(vt, "\x1b[A") >= 0);
	e2e_type(vt, "?", "Ayuda");
	assert_true(vt_wait_idle(vt, STEP_MS));
	assert_true(vt_key(vt, "q") >= 0);
	assert_true(vt_contains(vt, before));
	assert_int_equal(relay.up, up);
	assert_int_equal(relay.down, down);
}

static void test_keys_while_the_server_hangs(void **state)
{
	ARENA(a, ROOM);
	const char *folio = unopened(&a);
	struct vt *vt = e2e_screen(&world, "linea", 24, 80);

	(void)state;
	line_is(0, 0);
	enter(vt);
	e2e_type(vt, "7", folio);
	relay.held = true;
	/* Reads it again: asked of a server that says nothing. */
	assert_true(vt_key(vt, "r") >= 0);
	keys_are_answered(vt, folio);
	/* Leaving does not wait for it either. */
	assert_true(vt_send(vt, "\x03"));
	assert_true(vt_end(vt) >= 0);
	(void)vt_close(vt);
	relay.held = false;
}

static void test_keys_while_entering_hangs(void **state)
{
	struct vt *vt = e2e_screen(&world, "linea", 24, 80);

	(void)state;
	line_is(0, 0);
	relay.held = true;
	e2e_focus(vt, "Validar");
	assert_true(vt_key(vt, ENTER) >= 0);
	long long up = relay.up;

	for (int i = 0; i < 4; i++)
		assert_true(vt_key(vt, "\t") >= 0);
	assert_int_equal(relay.up, up);
	assert_true(vt_send(vt, "\x03"));
	assert_true(vt_end(vt) >= 0);
	(void)vt_close(vt);
	relay.held = false;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_line_is_as_bad_as_told),
		cmocka_unit_test(test_keys_while_entering_hangs),
		cmocka_unit_test(test_keys_while_the_server_hangs),
		cmocka_unit_test(test_slow_line_by_commands),
		cmocka_unit_test(test_cut_line_by_commands),
		cmocka_unit_test(test_slow_line_by_screen),
		cmocka_unit_test(test_cut_line_by_screen),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
