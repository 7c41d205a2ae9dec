/*
 * The terminal below the pages: clipboard, cells of wide and harmful characters, the delay of Esc,
 * pastes, terminals by name (experience.md, "On the line").
 */
#include "tests/help/cm.h"
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/b64.h"
#include "tests/help/vt.h"
#include "tui/copy.h"
#include "tui/partial.h"
#include "tui/paste.h"
#include "tui/surface.h"

/* ncurses' own; its header is for tui/term.c alone. */
extern int ESCDELAY;

/* ---- the clipboard ------------------------------------------------------------------------ */

static const char *sequence(struct arena *a, struct copy_env env, const char *text)
{
	const char *all = NULL;

	assert_int_equal(copy_sequence(a, &env, text, &all), OK);
	return all;
}

static void test_copy_sequence(void **state)
{
	ARENA(a, 4 * 1024 * 1024);
	const char *all;
	char *large = arena_zalloc(&a, COPY_MAX + 2);

	(void)state;
	assert_non_null(large);
	assert_string_equal(sequence(&a, (struct copy_env){.term = "xterm-256color"}, "BI-1"),
		"\033]52;c;QkktMQ==\a");
	assert_string_equal(sequence(&a, (struct copy_env){.term = "tmux-256color"}, "BI-1"),
		"\033]52;c;QkktMQ==\a\033Ptmux;\033\033]52;c;QkktMQ==\a\033\\");
	assert_string_equal(
		sequence(&a, (struct copy_env){.term = "screen-256color", .tmux = true}, "BI-1"),
		"\033]52;c;QkktMQ==\a\033Ptmux;\033\033]52;c;QkktMQ==\a\033\\");
	/* Nobody knows which of the two: neither is spoken to in the other's words. */
	assert_string_equal(
		sequence(&a, (struct copy_env){.term = "screen"}, "BI-1"), "\033]52;c;QkktMQ==\a");
	/* screen: pieces that its buffer holds, one sequence when put together again. */
	memset(large, 'x', 700);
	all = sequence(&a, (struct copy_env){.term = "screen", .screen = true}, large);
	char *joined = arena_zalloc(&a, strlen(all) + 1);
	size_t size = 0;

	assert_non_null(joined);
	for (const char *end; *all != '\0'; all = end + 2) {
		assert_memory_equal(all, "\033P", 2);
		end = strstr(all + 2, "\033\\");
		assert_non_null(end);
		assert_in_range(end - all, 3, 250);
		memcpy(joined + size, all + 2, (size_t)(end - all) - 2);
		size += (size_t)(end - all) - 2;
	}
	assert_string_equal(joined, sequence(&a, (struct copy_env){.term = "xterm"}, large));
	assert_int_equal(copy_sequence(&a, &(struct copy_env){.term = "screen"}, large, &all),
		ERR_TOO_LARGE);
	memset(large, 'x', COPY_MAX);
	assert_int_equal(
		strlen(sequence(&a, (struct copy_env){.term = "xterm"}, large)), 99992 + 8);
	large[COPY_MAX] = 'x';
	assert_int_equal(
		copy_sequence(&a, &(struct copy_env){.term = "xterm"}, large, &all), ERR_TOO_LARGE);
	static const char *const deaf[] = {"linux", "vt100", "dumb", "", "ansi", NULL};

	for (size_t i = 0; i < COUNT_OF(deaf); i++)
		assert_int_equal(copy_sequence(&a, &(struct copy_env){.term = deaf[i]}, "x", &all),
			ERR_NO_TERMINAL);
	arena_free(&a);
	a.allowance = 16;
	assert_int_equal(copy_sequence(&a, &(struct copy_env){.term = "xterm"}, "un texto", &all),
		ERR_NO_MEMORY);
}

/* ---- the program of these tests ----------------------------------------------------------- */

/* Text from a server that would turn round, hide, overwrite, ring or never end. */
static const char *const hostile[] = {
	"uno\xe2\x80\xae"
	"dos\xe2\x81\xa6tres", /* bidi override and isolate */
	"a\x1b[2J\x1b[5;5Hb\x9b"
	"2J\xc2\x9b"
	"2Jc",						  /* CSI, 7 and 8 bits, broken UTF-8 */
	"a\x1b]0;t\xc3\xadtulo\x07\x1b]52;c;eA==\x1b\\b", /* OSC */
	"\xcc\x81"
	"a\xcc\x81"
	"b\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81"
	"c",
	"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb\xef\xb8\x8f"
	"d", /* joined emoji + selector */
	"\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd"
	"e", /* an emoji with its modifier */
	"x\ty\nz\rw\x08v\x00",
};

enum { ROWS_HOSTILE = COUNT_OF(hostile) };

static void paint_wide(const struct surface *s)
{
	/* Three cells hold one wide character and the ellipsis; four hold two with none. */
	surface_fit(s, 0, 0, 3, "中文字", false, TERM_NORMAL);
	surface_fit(s, 1, 0, 4, "中文", false, TERM_NORMAL);
	surface_fit(s, 2, 0, 4, "中文字", false, TERM_NORMAL);
	surface_fit(s, 3, 0, 2, "中", false, TERM_NORMAL);
	surface_fit(s, 4, 0, 1, "中", false, TERM_NORMAL);
	surface_fit(s, 5, 0, 6, "中文", true, TERM_NORMAL);
	/* Half of it would stand outside: none of it does. */
	(void)surface_put(s, 6, s->cols - 1, "中", TERM_NORMAL);
	(void)surface_put(s, 7, s->cols - 2, "中", TERM_NORMAL);
	(void)surface_put(s, 8, s->cols - 2, "éñ", TERM_NORMAL);
	for (int i = 0; i < ROWS_HOSTILE; i++)
		surface_fit(s, 10 + i, 0, 40, hostile[i], false, TERM_NORMAL);
}

struct asked {
	bool ignore_hangup;
};

static void paint(struct term *t, const char *last)
{
	static char long_text[4000001];
	struct surface s = surface_all(t);

	memset(long_text, 'M', sizeof(long_text) - 1);
	term_erase(t);
	paint_wide(&s);
	surface_fit(&s, 18, 0, s.cols, long_text, false, TERM_NORMAL);
	surface_fit(&s, 22, 0, s.cols, last, false, TERM_NORMAL);
	term_cursor(t, 22, 0);
	term_flush(t);
}

static void answer(struct term *t, const struct key_event *e, char last[96])
{
	if (e->kind == KEY_KIND_PASTE)
		(void)snprintf(last, 96, "pegado %zu «%.10s»", e->size, e->text);
	else if (e->kind == KEY_KIND_KEY && e->key == 'd')
		(void)snprintf(last, 96, "demora %d", ESCDELAY);
	else if (e->kind == KEY_KIND_KEY && e->key == 'c')
		(void)snprintf(last, 96, "copia %d", (int)term_copy(t, "BI-20261109-101500114 Ñ"));
	else if (e->kind == KEY_KIND_KEY)
		(void)snprintf(last, 96, "tecla %x", (unsigned)e->key);
}

static int program(void *context)
{
	struct asked *asked = context;
	struct term *t = NULL;
	struct key_event e;
	char last[96] = "nada";

	setlocale(LC_ALL, "");
	if (asked->ignore_hangup)
		(void)signal(SIGHUP, SIG_IGN);
	if (term_start(&t) != OK)
		return 69;
	for (;;) {
		struct pollfd p = {.fd = term_fd(t), .events = POLLIN};

		while (term_key(t, &e)) {
			if (e.kind == KEY_KIND_EOF || (e.kind == KEY_KIND_KEY && e.key == 'q')) {
				term_stop(t);
				return e.kind == KEY_KIND_EOF ? 7 : 0;
			}
			answer(t, &e, last);
		}
		paint(t, last);
		term_idle(t);
		(void)poll(&p, 1, -1);
	}
}

static struct vt *show(const char *term, const char *more)
{
	static struct asked asked;
	char name[64];
	const char *env[] = {name, "LANG=C.UTF-8", more, NULL};

	asked.ignore_hangup = more != NULL && strcmp(more, "NOHUP=1") == 0;
	(void)snprintf(name, sizeof(name), "TERM=%s", term);
	struct vt *vt = vt_start_child(program, &asked, (char *const *)(uintptr_t)env, 24, 80);

	assert_non_null(vt);
	assert_true(vt_wait_idle(vt, VT_MS));
	return vt;
}

static void quit(struct vt *vt)
{
	assert_true(vt_send(vt, "q"));
	assert_int_equal(vt_end(vt), 0);
	assert_false(vt_altscreen(vt));
	assert_true(vt_is_cooked(vt));
	(void)vt_close(vt);
}

/* ---- tests -------------------------------------------------------------------------------- */

static void test_wide_cells(void **state)
{
	static const char *const rows[] = {"中…", "中文", "中…", "中", "…", "  中文"};
	struct vt *vt = show("xterm-256color", NULL);
	char edge[100];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		assert_string_equal(vt_row(vt, (int)i), rows[i]);
	assert_string_equal(vt_row(vt, 6), "");
	(void)snprintf(edge, sizeof(edge), "%78s中", "");
	assert_string_equal(vt_row(vt, 7), edge);
	(void)snprintf(edge, sizeof(edge), "%78séñ", "");
	assert_string_equal(vt_row(vt, 8), edge);
	quit(vt);
}

static void test_hostile_text(void **state)
{
	static const char *const rows[] = {"unodostres",
		"a[2J[5;5Hb\xef\xbf\xbd"
		"2J2Jc",
		"a]0;título]52;c;eA==\\b", NULL, "👩💻d", "👍e", "x y zwv"};
	struct vt *vt = show("xterm-256color", NULL);

	(void)state;
	for (int i = 0; i < ROWS_HOSTILE; i++)
		if (rows[i] != NULL)
			assert_string_equal(vt_row(vt, 10 + i), rows[i]);
	/* A mark that would stand alone is gone; a heap of them ends; what follows keeps its cell.
	 */
	const char *marks = vt_row(vt, 13);

	assert_memory_equal(marks,
		"a\xcc\x81"
		"b\xcc\x81",
		6);
	assert_in_range(strlen(marks), 7, 16);
	assert_int_equal(marks[strlen(marks) - 1], 'c');
	/* Four million characters without a blank are one row. */
	assert_int_equal(strlen(vt_row(vt, 18)), 79 + 3);
	assert_string_equal(vt_row(vt, 19), "");
	quit(vt);
}

static void test_copy(void **state)
{
	struct vt *vt = show("xterm-256color", NULL);
	size_t size;

	(void)state;
	assert_true(vt_key(vt, "c") > 0);
	assert_string_equal(vt_row(vt, 22), "copia 0");
	const char *raw = vt_raw(vt, &size);
	const char *at = memmem(raw, size, "\033]52;c;", 7);

	assert_non_null(at);
	ARENA(a, 4096);
	struct bytes text;
	const char *end = memchr(at, '\a', size - (size_t)(at - raw));

	assert_non_null(end);
	assert_int_equal(b64_decode(&a, bytes_of(at + 7, (size_t)(end - at) - 7), &text), OK);
	assert_true(bytes_equal(text, bytes_of_text("BI-20261109-101500114 Ñ")));
	quit(vt);
	vt = show("vt100", NULL);
	assert_true(vt_key(vt, "c") > 0);
	raw = vt_raw(vt, &size);
	assert_null(memmem(raw, size, "\033]52;", 5));
	quit(vt);
}

/* 25 ms here, 75 over SSH; and Esc alone, and Esc with more behind it, are told apart. */
static void test_escape_delay(void **state)
{
	struct vt *vt = show("xterm-256color", NULL);

	(void)state;
	assert_true(vt_key(vt, "d") > 0);
	assert_string_equal(vt_row(vt, 22), "demora 25");
	assert_true(vt_key(vt, "\033") > 0);
	assert_string_equal(vt_row(vt, 22), "tecla 110001");
	assert_true(vt_key(vt, "\033[B") > 0);
	assert_string_equal(vt_row(vt, 22), "tecla 110008");
	quit(vt);
	vt = show("xterm-256color", "SSH_CONNECTION=10.0.0.1 1 10.0.0.2 22");
	assert_true(vt_key(vt, "d") > 0);
	assert_string_equal(vt_row(vt, 22), "demora 75");
	quit(vt);
}

/* A megabyte, more than that, keys in it; and one that never ends is no key either. */
static void test_large_paste(void **state)
{
	static const size_t sizes[] = {10, 65536, PASTE_MAX + 4096};
	struct vt *vt = show("xterm-256color", NULL);
	char *text = malloc(PASTE_MAX + 8192);
	char row[96];

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		size_t kept = sizes[i] < PASTE_MAX ? sizes[i] : PASTE_MAX - 1;

		memcpy(text, "\033[200~", 6);
		memset(text + 6, 'q', sizes[i]);
		memcpy(text + 6 + sizes[i], "\033[201~", 7);
		assert_true(vt_send(vt, text));
		(void)snprintf(row, sizeof(row), "pegado %zu «qqqqqqqqqq»", kept);
		if (!vt_wait_text(vt, row, VT_MS))
			fail_msg("%zu: %s", sizes[i], vt_row(vt, 22));
		assert_true(vt_send(vt, "d"));
		assert_true(vt_wait_text(vt, "demora", VT_MS));
	}
	assert_true(vt_wait_idle(vt, VT_MS));
	assert_true(vt_key(vt, "\033[200~qqq\r") >= 0);
	assert_int_equal(vt_key(vt, "q"), 0);
	assert_true(vt_key(vt, "\033[201~") > 0);
	assert_string_equal(vt_row(vt, 22), "pegado 5 «qqq q»");
	free(text);
	quit(vt);
}

/* Every terminal of experience.md is taken, and given back as it was. */
static void test_terminals(void **state)
{
	static const char *const names[] = {"xterm-256color", "xterm", "screen", "screen-256color",
		"tmux", "tmux-256color", "linux", "vt100"};
	char first[8192] = "";

	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct vt *vt = show(names[i], NULL);

		if (i == 0)
			(void)snprintf(first, sizeof(first), "%s", vt_screen(vt));
		else
			assert_string_equal(vt_screen(vt), first);
		assert_true(vt_key(vt, "\033[6~") > 0);
		assert_string_equal(vt_row(vt, 22), "tecla 11000e");
		quit(vt);
	}
}

/* The end of input and a lost line end it; nothing spins meanwhile. */
static void test_no_spinning(void **state)
{
	struct vt *vt = show("xterm-256color", "NOHUP=1");

	(void)state;
	vt_hang_up(vt);
	assert_int_equal(vt_end(vt), 7);
	assert_in_range(vt_cpu(vt), 0, 500);
	(void)vt_close(vt);
	vt = show("xterm-256color", NULL);
	vt_hang_up(vt);
	assert_int_equal(vt_end(vt), 128 + SIGHUP);
	assert_in_range(vt_cpu(vt), 0, 500);
	(void)vt_close(vt);
}

/* Where the locale is not UTF-8, bytes become characters, whatever comes. */
static void test_partial(void **state)
{
	static const unsigned char bytes[] = {
		'a', 0xc3, 0x91, 0xff, 0xe2, 0x82, 0xac, 0xc3, 'b', 0x80, 0xf0, 0x9f, 0x98, 0x80};
	static const uint32_t want[] = {'a', 0xd1, 0x20ac, 'b', 0x1f600};
	struct partial p = {0};
	size_t n = 0;
	uint32_t c;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		if (partial_add(&p, bytes[i], &c)) {
			assert_in_range(n, 0, COUNT_OF(want) - 1);
			assert_int_equal(c, want[n++]);
		}
	assert_int_equal(n, COUNT_OF(want));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_copy_sequence),
		cmocka_unit_test(test_wide_cells),
		cmocka_unit_test(test_hostile_text),
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_escape_delay),
		cmocka_unit_test(test_large_paste),
		cmocka_unit_test(test_terminals),
		cmocka_unit_test(test_no_spinning),
		cmocka_unit_test(test_partial),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
