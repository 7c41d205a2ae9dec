/*
 * A line of 64 kbit/s that dies for 5 s in every step of one session by the screen: entering, the
 * first synchronisation, the act before and within its answer, a document of several parts, an
 * acuse, a download of many, leaving. Each goes on by itself or says what to press; nothing is done
 * twice, nothing is lost. The client's own log tells which call each cut hit. L-6.1 L-6.5 L-7.6
 */
#include "tests/help/cm.h"
#include <stdio.h>
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "tests/help/e2e_relay.h"
#include "tests/help/vt.h"

#define ROOM (32 * 1024 * 1024)
#define ENTER "\r"
#define OPENINGS "SELECT count(*) FROM acto WHERE ruta = 'notificacion_abrir' AND estado = 200"
#define ENTRIES "SELECT count(*) FROM lectura"
#define LOG ".local/state/buzon-tui/registro.log"
#define DATA "datos/buzon-tui/linea"
#define CUT_MS 5000
#define STEP_MS 60000
#define TRIES 12
#define PDF_BYTES ((size_t)400 * 1024)
#define REPEATED 3
#define PART_KB 192 /* as the server parts it */

static struct e2e world;
static struct e2e_relay relay;
static const char *small, *large; /* PDFs */
static const char *abierta[2];	  /* folios opened elsewhere, of small documents */
static const char *nueva;	  /* of the large one */

/* ---- papers ------------------------------------------------------------------------------- */

/*
 * The world's PDF with comments behind. Each line is there several times, and is a multiple of 3
 * long, so that base64 leaves it something to compress: a test has no hour for 64 kbit/s.
 */
static const char *make_large(void)
{
	ARENA(a, ROOM);
	struct buf b;
	uint32_t x = 2026;
	const char *end = strstr(small, "startxref");

	assert_non_null(end);
	buf_init(&b, &world.arena);
	buf_text(&b, small);
	while (b.size < PDF_BYTES) {
		const char *line = "%%";

		for (int i = 0; i < 9 && line != NULL; i++) {
			x = x * 1664525 + 1013904223;
			line = arena_printf(&a, "%s%07x", line, (unsigned)(x >> 4));
		}
		assert_non_null(line);
		for (int i = 0; i < REPEATED; i++)
			buf_printf(&b, "%s\n", line);
	}
	buf_text(&b, end);
	return buf_end_text(&b);
}

static const char *notify(const char *pdf)
{
	assert_int_equal(file_write(e2e_pdf(&world), bytes_of_text(pdf), 0600), OK);
	return e2e_notificar(&world, E2E_FISICA);
}

/* By another device, on a good line: this one has neither document nor acuse. */
static void open_elsewhere(const char *folio)
{
	ARENA(a, ROOM);
	struct e2e_run r =
		E2E_RUN(&world, &a, "buzon-tui", "abrir", folio, "--si", "--perfil", "fisica");

	if (r.code != 0)
		fail_msg("abrir: %d %s", r.code, r.err);
}

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
	small = e2e_file(&world, &world.arena, "documento.pdf");
	large = make_large();
	assert_non_null(large);
	for (size_t i = 0; i < COUNT_OF(abierta); i++) {
		abierta[i] = notify(small);
		open_elsewhere(abierta[i]);
	}
	nueva = notify(large);
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

/* ---- cuts --------------------------------------------------------------------------------- */

/* Of the judge that is set: answers up to the one that is cut, told by what was asked between. */
static struct {
	long long up;
	int left;
} to_cut;

static enum e2e_verdict cut_within(struct e2e_relay *r)
{
	r->judge = NULL;
	e2e_relay_cut(r, CUT_MS);
	return E2E_HALF;
}

static enum e2e_verdict judge_answer(struct e2e_relay *r)
{
	if (r->up != to_cut.up)
		to_cut.left--;
	to_cut.up = r->up;
	return to_cut.left > 0 ? E2E_FORWARD : cut_within(r);
}

/* The first piece of that answer from now on half arrives, and the line is dead. */
static void cut_answer(int number)
{
	to_cut.up = relay.up;
	to_cut.left = number;
	relay.judge = judge_answer;
}

/* The act is committed, half of its answer is lost. */
static enum e2e_verdict judge_act(struct e2e_relay *r)
{
	return e2e_number(r->world, OPENINGS) > r->number ? cut_within(r) : E2E_FORWARD;
}

/* The server knows the new reading key: what comes now is the entry's answer. */
static enum e2e_verdict judge_entry(struct e2e_relay *r)
{
	return e2e_number(r->world, ENTRIES) > r->number ? cut_within(r) : E2E_FORWARD;
}

/* The answer to what is asked behind the entry. */
static enum e2e_verdict judge_rows(struct e2e_relay *r)
{
	if (e2e_number(r->world, ENTRIES) == r->number)
		return E2E_FORWARD;
	if (to_cut.left == 1)
		return judge_answer(r);
	to_cut.left = 1;
	to_cut.up = r->up;
	return E2E_FORWARD;
}

static void judge_is(enum e2e_verdict (*judge)(struct e2e_relay *), const char *count)
{
	to_cut.left = 2;
	relay.number = e2e_number(&world, count);
	relay.judge = judge;
}

/* How often the line failed under that call, by the client's log. */
static int failures(const char *call)
{
	ARENA(a, ROOM);
	static const enum err causes[] = {ERR_CUT, ERR_NETWORK, ERR_TIMEOUT};
	const char *log = e2e_file(&world, &a, LOG);
	int n = 0;

	for (size_t i = 0; i < COUNT_OF(causes); i++) {
		const char *line = arena_printf(&a, " %s: %s en ", call, err_wire(causes[i]));

		assert_non_null(line);
		for (const char *at = log; (at = strstr(at, line)) != NULL; at++)
			n++;
	}
	return n;
}

static void must_have_failed(const char *call, int least)
{
	if (failures(call) < least)
		fail_msg("%s failed %d times, not %d: %s", call, failures(call), least,
			e2e_file(&world, &world.arena, LOG));
}

/* ---- a person ----------------------------------------------------------------------------- */

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
		came = vt_wait_text(vt, text, CUT_MS / 2);
	}
	if (!came)
		fail_msg("«%s» did not come:\n%s", text, vt_screen(vt));
}

/* What arrives meanwhile is taken. */
static void pause_a_moment(struct vt *vt)
{
	(void)vt_wait_text(vt, "\x01", 50);
}

static void go_to_row(struct vt *vt, const char *folio)
{
	persist(vt, "7", folio);
	e2e_row(vt, folio);
}

/* ---- the steps ---------------------------------------------------------------------------- */

/* Until the judge has cut. */
static void wait_for_cut(struct vt *vt)
{
	for (int64_t end = clock_monotonic() + STEP_MS;
		relay.judge != NULL && clock_monotonic() < end;)
		pause_a_moment(vt);
	if (relay.judge != NULL)
		fail_msg("nothing came to be cut:\n%s", vt_screen(vt));
}

/* The entry's answer is cut; the next one enters, and the first rows are cut. */
static void enter(struct vt *vt)
{
	judge_is(judge_entry, ENTRIES);
	e2e_focus(vt, "Validar");
	assert_true(vt_send(vt, ENTER));
	wait_for_cut(vt);
	wait_for(vt, "Sin entrar");
	wait_for(vt, "! ");
	must_have_failed("entrar", 1);
	judge_is(judge_rows, ENTRIES);
	persist(vt, ENTER, "Lo que vence primero");
	wait_for_cut(vt);
	persist(vt, "7", nueva);
	must_have_failed("sincronizar", 1);
}

/* No line when it is sent; then the act is done, and half of its answer lost. */
static void open_it(struct vt *vt)
{
	go_to_row(vt, nueva);
	persist(vt, ENTER, "Antes de abrir");
	e2e_type(vt, ENTER, "Firma con e.firma");
	e2e_focus(vt, "Validar");
	e2e_type(vt, ENTER, "Firmar ]");
	wait_for(vt, "exitosa");
	e2e_focus(vt, "Firmar");
	e2e_relay_cut(&relay, CUT_MS);
	judge_is(judge_act, OPENINGS);
	assert_true(vt_send(vt, ENTER));
	wait_for(vt, "Se envía solo");
	wait_for_cut(vt);
	e2e_type(vt, ENTER, "");
	go_to_row(vt, nueva);
	persist(vt, "a", "Acuse de notificación");
	must_have_failed("notificacion_abrir", 2);
	assert_int_equal(e2e_number(&world, OPENINGS), relay.number + 1);
}

/* Of «Recibiendo 270 de 400 KB»; 0 where nothing is told. */
static long received_kb(struct vt *vt, long *ret_total)
{
	const char *at = strstr(vt_screen(vt), "Recibiendo ");
	long kb = 0;

	at = at != NULL ? at + strcspn(at, "0123456789\n") : "";
	return sscanf(at, "%ld de %ld KB", &kb, ret_total) == 2 ? kb : 0;
}

static const char *read_file(struct arena *a, const char *folio)
{
	return e2e_file(&world, a, arena_printf(a, DATA "/documentos/%s.pdf", folio));
}

/* In its second part: what came stays, and only the rest is asked for. */
static void read_document(struct vt *vt)
{
	ARENA(a, ROOM);
	long kb = 0, total = 0;
	long long part = 0;
	bool told = false;

	relay.down = 0;
	assert_true(vt_send(vt, "o"));
	for (int64_t end = clock_monotonic() + STEP_MS;
		kb < PART_KB + 20 && clock_monotonic() < end;) {
		pause_a_moment(vt);
		kb = received_kb(vt, &total);
		told = told || (vt_contains(vt, " KB/s, faltan ") && kb < PART_KB);
		part = kb < PART_KB ? relay.down : part;
	}
	if (kb < PART_KB || !told)
		fail_msg("%ld of %ld KB:\n%s", kb, total, vt_screen(vt));
	assert_int_equal(total, (strlen(large) + 1023) / 1024);
	e2e_relay_cut(&relay, CUT_MS);
	wait_for(vt, "r lo pide desde donde se quedó");
	relay.down = 0;
	persist(vt, "r", "Comprobado");
	/* Of 208 KB that were missing, not of 400 again. */
	assert_true(relay.down < part * 3 / 2);
	must_have_failed("documento", 1);
	e2e_type(vt, "d", "Guardado");
	assert_string_equal(read_file(&a, nueva), large);
}

/* Opened elsewhere: its acuse comes by the line. */
static void read_acuse(struct vt *vt)
{
	go_to_row(vt, abierta[0]);
	cut_answer(1);
	assert_true(vt_send(vt, "a"));
	wait_for_cut(vt);
	wait_for(vt, "Acuse");
	persist(vt, "r", "Acuse de notificación");
	must_have_failed("acuse", 1);
}

static void download_all(struct vt *vt)
{
	ARENA(a, ROOM);

	go_to_row(vt, abierta[1]);
	assert_true(vt_key(vt, "*") >= 0);
	cut_answer(1);
	assert_true(vt_send(vt, "d"));
	wait_for_cut(vt);
	wait_for(vt, "(d los pide)");
	persist(vt, "d", "3 de 3 documentos y 3 acuses");
	for (size_t i = 0; i < COUNT_OF(abierta); i++)
		assert_string_equal(read_file(&a, abierta[i]), small);
	assert_string_equal(read_file(&a, nueva), large);
}

/* The acuse of each, whole and proved by the finished program. */
static void all_is_there(void)
{
	ARENA(a, ROOM);
	const char *folios[] = {abierta[0], abierta[1], nueva};

	assert_int_equal(e2e_number(&world, OPENINGS), COUNT_OF(folios));
	for (size_t i = 0; i < COUNT_OF(folios); i++) {
		const char *acuse = e2e_text(&world, &a,
			arena_printf(&a, "SELECT acuse FROM notificacion WHERE folio = '%s'",
				folios[i]));
		struct e2e_run r = E2E_RUN(&world, &a, "buzon-tui", "verificar",
			arena_printf(&a, DATA "/acuses/%s.json", acuse));

		if (r.code != 0)
			fail_msg("acuse %s: %d %s", acuse, r.code, r.err);
	}
}

static void test_every_step_is_cut(void **state)
{
	struct vt *vt = e2e_screen(&world, "linea", 24, 80);

	(void)state;
	relay.rate = 64000 / 8;
	relay.delay_ms = 50;
	enter(vt);
	open_it(vt);
	read_document(vt);
	read_acuse(vt);
	download_all(vt);
	persist(vt, "1", "Lo que vence primero");
	/* Asked of a line that is dead: leaving waits for nothing. */
	e2e_relay_cut(&relay, CUT_MS);
	assert_true(vt_send(vt, "rq"));
	assert_int_equal(vt_end(vt), 0);
	(void)vt_close(vt);
	all_is_there();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_step_is_cut),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
