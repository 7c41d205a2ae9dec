/*
 * Programs that get the terminal (experience.md: $PAGER, $EDITOR, clave_comando): whatever they do
 * with it, and however they end, our screen comes back whole.
 */
#include "tests/help/cm.h"
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "app/program.h"
#include "tests/help/vt.h"
#include "tui/term.h"

static char self[512];

/* ---- the program that hands its terminal over --------------------------------------------- */

/* One of these runs when p is pressed. FILE is the file that BUZON_PRUEBA names. */
static const struct {
	const char *name;
	const char *argv[4];
	const char *line; /* its stdin: 500 of these, numbered; NULL: the terminal */
} programs[] = {
	{"less", {"less"}, "renglón"},
	{"vi", {"vi", "-nu", "NONE"}, NULL},
	{"wrecker",
		{"sh", "-c",
			"printf '\\033[?25l\\033[31;44;7m\\033[5;9r\\033[?1000h\\033[?2004h\\033[9;9H'; "
			"stty raw -echo; kill -KILL $$"},
		NULL},
	{"sleeper", {"sh", "-c", "printf '\\033[Hlisto'; exec sleep 1000"}, NULL},
	{"deaf", {"sh", "-c", "trap '' TERM; printf '\\033[Hlisto'; sleep 1000"}, NULL},
	{"files", {self, "--descriptores"}, NULL},
	{"failing", {"sh", "-c", "exit 3"}, NULL},
	{"absent", {"buzon-no-existe"}, NULL},
};

static void run_program(const char *name, const char **ret_what, int *ret_status)
{
	static char lines[500 * 16];
	const char *argv[6] = {0};
	struct bytes input = {0};
	size_t i = 0;

	while (strcmp(programs[i].name, name) != 0)
		i++;
	memcpy(argv, programs[i].argv, sizeof(programs[i].argv));
	if (strcmp(name, "vi") == 0)
		argv[3] = getenv("BUZON_PRUEBA");
	for (int n = 1; programs[i].line != NULL && n <= 500; n++)
		(void)sprintf(lines + strlen(lines), "%s %d\n", programs[i].line, n);
	if (programs[i].line != NULL)
		input = bytes_of_text(lines);
	enum err e = program_foreground(argv, input, ret_status);

	*ret_what = e == OK ? "terminó" : e == ERR_NO_FILE ? "no está" : "error";
}

static int show_descriptors(void)
{
	struct sigaction pipe_signal;

	printf("\033[H<");
	for (int fd = 0; fd < 1024; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			printf(fd == 0 ? "%d" : " %d", fd);
	(void)sigaction(SIGPIPE, NULL, &pipe_signal);
	printf(pipe_signal.sa_handler == SIG_DFL ? ">" : " SIGPIPE>");
	(void)fflush(stdout);
	return getchar() == EOF;
}

static void paint(struct term *t, const char *what, int status, int keys)
{
	struct term_size size = term_size(t);
	char text[64];

	term_erase(t);
	for (int row = 0; row < size.rows - 1; row++) {
		(void)snprintf(text, sizeof(text), "Renglón nuestro %d", row);
		(void)term_put(t, row, 0, size.cols, text, row == 2 ? TERM_BOLD : TERM_NORMAL);
	}
	(void)snprintf(text, sizeof(text), "%s %d, teclas %d", what, status, keys);
	(void)term_put(t, size.rows - 1, 0, size.cols, text, TERM_NORMAL);
	term_cursor(t, 1, 1);
	term_flush(t);
}

static int host(const char *name)
{
	struct term *t = NULL;
	struct key_event e;
	const char *what = "nada";
	int status = 0;
	int keys = 0;

	setlocale(LC_ALL, "");
	(void)signal(SIGPIPE, SIG_IGN);
	if (term_start(&t) != OK)
		return 69;
	for (;;) {
		struct pollfd p = {.fd = term_fd(t), .events = POLLIN};

		while (term_key(t, &e)) {
			if (e.kind == KEY_KIND_EOF || (e.kind == KEY_KIND_KEY && e.key == 'q')) {
				term_stop(t);
				return e.kind == KEY_KIND_EOF ? 7 : 0;
			}
			keys += e.kind == KEY_KIND_KEY;
			if (e.kind != KEY_KIND_KEY || e.key != 'p')
				continue;
			term_suspend(t);
			run_program(name, &what, &status);
			term_resume(t);
		}
		paint(t, what, status, keys);
		term_idle(t);
		(void)poll(&p, 1, -1);
	}
}

/* ---- help of the tests -------------------------------------------------------------------- */

static char folder[] = "/tmp/programa-XXXXXX";
static char file[64];

static struct vt *start(const char *const argv[])
{
	char path[600];
	const char *env[] = {
		"TERM=xterm-256color", "LANG=C.UTF-8", "LESSHISTFILE=-", path, file, NULL};

	(void)snprintf(path, sizeof(path), "PATH=%s", getenv("PATH"));
	struct vt *vt =
		vt_start((char *const *)(uintptr_t)argv, (char *const *)(uintptr_t)env, 24, 80);

	assert_non_null(vt);
	return vt;
}

/* The host, painted; `before` gets its screen. */
static struct vt *show(const char *name, char before[8192])
{
	const char *const argv[] = {self, name, NULL};
	struct vt *vt = start(argv);

	assert_true(vt_wait_idle(vt, VT_MS));
	(void)snprintf(before, 8192, "%s", vt_screen(vt));
	return vt;
}

static void must_see(struct vt *vt, const char *text)
{
	if (!vt_wait_text(vt, text, VT_MS))
		fail_msg("no «%s»:\n%s", text, vt_screen(vt));
}

/*
 * Keys that may be typed again: less loses one that comes at the same instant as a signal, and
 * takes a signal that comes just before it reads only after the next key.
 */
static void press(struct vt *vt, const char *keys, const char *text)
{
	for (int i = 0; i < 100; i++) {
		assert_true(vt_send(vt, keys));
		if (vt_wait_text(vt, text, 200))
			return;
	}
	fail_msg("no «%s»:\n%s", text, vt_screen(vt));
}

/* All is as it was but for the last line. */
static void must_be_whole(struct vt *vt, const char *before, const char *last)
{
	must_see(vt, last);
	assert_true(vt_wait_idle(vt, VT_MS));
	size_t size = (size_t)(strstr(before, "nada 0") - before);

	if (strncmp(vt_screen(vt), before, size) != 0)
		fail_msg("not whole:\n%s", vt_screen(vt));
	for (int row = 0; row < 24; row++) {
		assert_false(vt_row_has(vt, row, 'c'));
		assert_false(vt_row_has(vt, row, 'r'));
	}
	assert_true(vt_row_has(vt, 2, 'b'));
	assert_true(vt_altscreen(vt));
	assert_true(vt_cursor_shown(vt));
	assert_false(vt_mouse(vt));
	assert_false(vt_is_cooked(vt));
	/* The keys are ours again, one by one and without echo. */
	int row, col;

	assert_true(vt_key(vt, "x") > 0);
	vt_cursor(vt, &row, &col);
	assert_int_equal(row, 1);
	assert_int_equal(col, 1);
}

static void quit(struct vt *vt)
{
	assert_true(vt_send(vt, "q"));
	assert_int_equal(vt_end(vt), 0);
	assert_true(vt_is_cooked(vt));
	assert_false(vt_altscreen(vt));
	assert_true(vt_cursor_shown(vt));
	(void)vt_close(vt);
}

/* ---- tests -------------------------------------------------------------------------------- */

static void test_pager(void **state)
{
	char before[8192];
	struct vt *vt = show("less", before);

	(void)state;
	assert_true(vt_send(vt, "p"));
	must_see(vt, "renglón 23");
	press(vt, "G", "renglón 500");
	assert_true(vt_send(vt, "q"));
	must_be_whole(vt, before, "terminó 0, teclas 1");
	quit(vt);
}

static void test_editor(void **state)
{
	char before[8192];
	char text[64] = "";
	FILE *f = fopen(strchr(file, '=') + 1, "w");

	(void)state;
	assert_non_null(f);
	assert_true(fputs("Promoción\n", f) >= 0);
	assert_int_equal(fclose(f), 0);
	struct vt *vt = show("vi", before);

	assert_true(vt_send(vt, "p"));
	must_see(vt, "Promoción");
	assert_true(vt_send(vt, "oÑandú\x1b:wq\r"));
	must_be_whole(vt, before, "terminó 0, teclas 1");
	quit(vt);
	f = fopen(strchr(file, '=') + 1, "r");
	assert_non_null(f);
	assert_int_equal(fread(text, 1, sizeof(text) - 1, f), strlen("Promoción\nÑandú\n"));
	(void)fclose(f);
	assert_string_equal(text, "Promoción\nÑandú\n");
}

/* It leaves the tty raw, the cursor hidden, colours, a scrolling region and the mouse on. */
static void test_wrecker(void **state)
{
	char before[8192];
	struct vt *vt = show("wrecker", before);

	(void)state;
	for (int i = 1; i <= 3; i++) {
		char last[64];

		(void)snprintf(last, sizeof(last), "terminó 137, teclas %d", 2 * i - 1);
		assert_true(vt_send(vt, "p"));
		must_be_whole(vt, before, last);
	}
	quit(vt);
}

static void test_resized_meanwhile(void **state)
{
	char before[8192];
	struct vt *vt = show("less", before);

	(void)state;
	assert_true(vt_send(vt, "p"));
	must_see(vt, "renglón 23");
	vt_resize(vt, 30, 100);
	press(vt, "G", "renglón 500");
	assert_true(vt_send(vt, "q"));
	must_see(vt, "terminó 0, teclas 1");
	assert_true(vt_wait_idle(vt, VT_MS));
	assert_string_equal(vt_row(vt, 29), "terminó 0, teclas 1");
	assert_string_equal(vt_row(vt, 28), "Renglón nuestro 28");
	quit(vt);
}

/* Ctrl-C there is for the program that has the terminal. */
static void test_interrupt(void **state)
{
	char before[8192];
	struct vt *vt = show("sleeper", before);

	(void)state;
	assert_true(vt_send(vt, "p"));
	must_see(vt, "listo");
	assert_true(vt_send(vt, "\x03"));
	must_be_whole(vt, before, "terminó 130, teclas 1");
	quit(vt);
}

/* What ends us ends it first, even where it does not listen. */
static void test_ended_meanwhile(void **state)
{
	static const char *const names[] = {"sleeper", "deaf"};
	char before[8192];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct vt *vt = show(names[i], before);

		assert_true(vt_send(vt, "p"));
		must_see(vt, "listo");
		vt_signal(vt, SIGTERM);
		assert_int_equal(vt_end(vt), 128 + SIGTERM);
		assert_true(vt_is_cooked(vt));
		assert_in_range(vt_cpu(vt), 0, 1000);
		(void)vt_close(vt);
	}
	struct vt *vt = show("sleeper", before);

	assert_true(vt_send(vt, "p"));
	must_see(vt, "listo");
	vt_hang_up(vt);
	assert_int_equal(vt_end(vt), 128 + SIGHUP);
	assert_in_range(vt_cpu(vt), 0, 1000);
	(void)vt_close(vt);
}

/* Under a shell with jobs: Ctrl-Z in the pager gives the shell its terminal, fg brings it back. */
static void test_stopped_meanwhile(void **state)
{
	const char *const argv[] = {"bash", "--norc", "--noprofile", "-i", NULL};
	char line[700];
	struct vt *vt = start(argv);

	(void)state;
	(void)snprintf(line, sizeof(line), "stty -echo; PS1='listo> '; %s less\r", self);
	assert_true(vt_send(vt, line));
	must_see(vt, "nada 0, teclas 0");
	assert_true(vt_send(vt, "p"));
	must_see(vt, "renglón 23");
	press(vt, "\x1a", "Stopped");
	assert_true(vt_send(vt, "echo si$((1))gue\r"));
	must_see(vt, "si1gue");
	assert_true(vt_send(vt, "fg\r"));
	must_see(vt, "renglón 23");
	press(vt, "G", "renglón 500");
	assert_true(vt_send(vt, "q"));
	must_see(vt, "terminó 0, teclas 1");
	/* And ours. */
	assert_true(vt_send(vt, "\x1a"));
	must_see(vt, "Stopped");
	assert_true(vt_send(vt, "echo si$((2))gue; stty -a | grep -o ' icanon'\r"));
	must_see(vt, "si2gue");
	must_see(vt, " icanon");
	assert_true(vt_send(vt, "fg\r"));
	must_see(vt, "terminó 0, teclas 1");
	assert_true(vt_send(vt, "xq"));
	must_see(vt, "listo>");
	assert_true(vt_send(vt, "exit\r"));
	assert_int_equal(vt_close(vt), 0);
}

/* Not a descriptor of ours goes along, and SIGPIPE is what it was. */
static void test_inherits_nothing(void **state)
{
	char before[8192];
	struct vt *vt = show("files", before);

	(void)state;
	assert_true(vt_send(vt, "p"));
	must_see(vt, "<0 1 2>");
	assert_true(vt_send(vt, "\r"));
	must_be_whole(vt, before, "terminó 0, teclas 1");
	quit(vt);
}

static void test_failures(void **state)
{
	char before[8192];
	struct vt *vt = show("failing", before);

	(void)state;
	assert_true(vt_send(vt, "p"));
	must_be_whole(vt, before, "terminó 3, teclas 1");
	quit(vt);
	vt = show("absent", before);
	assert_true(vt_send(vt, "p"));
	must_be_whole(vt, before, "no está 0, teclas 1");
	quit(vt);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pager),
		cmocka_unit_test(test_editor),
		cmocka_unit_test(test_wrecker),
		cmocka_unit_test(test_resized_meanwhile),
		cmocka_unit_test(test_interrupt),
		cmocka_unit_test(test_ended_meanwhile),
		cmocka_unit_test(test_stopped_meanwhile),
		cmocka_unit_test(test_inherits_nothing),
		cmocka_unit_test(test_failures),
	};

	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (n <= 0)
		return 1;
	if (argc > 1)
		return strcmp(argv[1], "--descriptores") == 0 ? show_descriptors() : host(argv[1]);
	/* What the runner left open is not ours to judge. */
	(void)close_range(3, ~0U, 0);
	if (mkdtemp(folder) == NULL)
		return 1;
	(void)snprintf(file, sizeof(file), "BUZON_PRUEBA=%s/texto", folder);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	(void)unlink(strchr(file, '=') + 1);
	(void)rmdir(folder);
	return failed;
}
