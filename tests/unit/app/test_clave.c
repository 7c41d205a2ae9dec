/* The password's ladder: descriptor, command, and a prompt on a real terminal without echo. */
#include "tests/help/cm.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include "app/clave.h"
#include "base/file.h"

static void assert_secret(const struct secret *s, const char *text)
{
	assert_int_equal(s->size, strlen(text));
	assert_memory_equal(s->data, text, s->size);
}

static enum err from_text(const char *text, size_t size, struct secret *s)
{
	struct perfil p = {0};
	bool asked = true;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], text, size), (ssize_t)size);
	close(ends[1]);
	enum err e = clave_get(&p, ends[0], "", s, &asked);

	assert_false(asked);
	close(ends[0]);
	return e;
}

static void test_descriptor(void **state)
{
	SECRET(s);
	static char huge[2000];

	(void)state;
	memset(huge, 'x', sizeof(huge));
	assert_int_equal(from_text("contraseña-1\r\nmás", 20, &s), OK);
	assert_secret(&s, "contraseña-1");
	assert_int_equal(from_text("sin fin", 7, &s), OK);
	assert_secret(&s, "sin fin");
	assert_int_equal(from_text("", 0, &s), ERR_NO_PASSWORD);
	assert_int_equal(from_text("\nx", 2, &s), ERR_NO_PASSWORD);
	assert_int_equal(from_text(huge, sizeof(huge), &s), ERR_TOO_LARGE);
	assert_secret(&s, "sin fin");
}

static void test_command(void **state)
{
	static const char *const good[] = {"printf", "%s\nusuario: x\n", "a b|c", NULL};
	static const char *const fails[] = {"sh", "-c", "echo x; exit 3", NULL};
	static const char *const silent[] = {"true", NULL};
	static const char *const none[] = {"/no/hay/programa", NULL};
	static const char *const endless[] = {"sh", "-c", "seq 1 100000", NULL};
	static const char *const piped[] = {
		"bash", "-c", "(kill -PIPE $BASHPID; :); kill -l $?", NULL};
	SECRET(s);

	(void)state;
	assert_int_equal(clave_command(good, &s), OK);
	assert_secret(&s, "a b|c");
	assert_int_equal(clave_command(fails, &s), ERR_PASSWORD_COMMAND);
	assert_int_equal(clave_command(silent, &s), ERR_PASSWORD_COMMAND);
	assert_int_equal(clave_command(none, &s), ERR_PASSWORD_COMMAND);
	assert_int_equal(clave_command(NULL, &s), ERR_PASSWORD_COMMAND);
	assert_int_equal(clave_command(endless, &s), OK);
	assert_secret(&s, "1");
	/* Our ignored SIGPIPE is not the command's. */
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(clave_command(piped, &s), OK);
	assert_secret(&s, "PIPE");
	signal(SIGPIPE, SIG_DFL);
}

/* In a child whose terminal is a pty: asks, and exits 0 when `expect` came, else the error. */
static pid_t ask_in_child(const char *expect, int *ret_master)
{
	pid_t pid = forkpty(ret_master, NULL, NULL, NULL);

	assert_true(pid >= 0);
	if (pid != 0)
		return pid;
	SECRET(s);
	struct perfil p = {0};
	bool asked = false;
	enum err e = clave_get(&p, -1, "Clave: ", &s, &asked);
	struct termios t;

	if (tcgetattr(0, &t) != 0 || (t.c_lflag & ECHO) == 0 || !asked)
		_exit(200);
	if (e == OK && (s.size != strlen(expect) || memcmp(s.data, expect, s.size) != 0))
		_exit(201);
	_exit(e == OK ? 0 : (int)e);
}

/* Everything the terminal showed until the prompt (or for `ms`). */
static size_t shown(int master, char *to, size_t room, int ms, const char *until)
{
	size_t n = 0;
	struct pollfd p = {.fd = master, .events = POLLIN};

	to[0] = '\0';
	while (n + 1 < room && poll(&p, 1, ms) > 0) {
		ssize_t got = read(master, to + n, room - n - 1);

		if (got <= 0)
			break;
		n += (size_t)got;
		to[n] = '\0';
		if (until != NULL && strstr(to, until) != NULL)
			break;
	}
	return n;
}

static int typed(const char *keys, const char *expect, int kill_with, char *seen, size_t room)
{
	int master = -1;
	int status = 0;
	pid_t pid = ask_in_child(expect, &master);

	shown(master, seen, room, 5000, "Clave: ");
	assert_non_null(strstr(seen, "Clave: "));
	if (kill_with != 0)
		kill(pid, kill_with);
	else
		assert_int_equal(write(master, keys, strlen(keys)), (ssize_t)strlen(keys));
	shown(master, seen, room, 2000, NULL);
	close(master);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static void test_prompt(void **state)
{
	char seen[512];

	(void)state;
	assert_int_equal(typed("abcñ\177\177d\r", "abd", 0, seen, sizeof(seen)), 0);
	/* Nothing typed was shown. */
	assert_null(strpbrk(seen, "abcd"));
	assert_int_equal(typed("mal\025bien\n", "bien", 0, seen, sizeof(seen)), 0);
	assert_int_equal(typed("abc\003", "", 0, seen, sizeof(seen)), ERR_CANCELLED);
	assert_int_equal(typed("\r", "", 0, seen, sizeof(seen)), ERR_CANCELLED);
	/* Death by signal is death, with the echo given back before it. */
	assert_int_equal(typed("", "", SIGTERM, seen, sizeof(seen)), -SIGTERM);
}

static void test_no_terminal(void **state)
{
	int status = 0;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		SECRET(s);
		struct perfil p = {0};
		bool asked = false;

		setsid();
		_exit((int)clave_get(&p, -1, "", &s, &asked));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), ERR_NO_PASSWORD);
}

/* The order of the steps; one that the profile has and that fails is not passed over. */
static void test_ladder(void **state)
{
	static const char *const command[] = {"printf", "del comando", NULL};
	char folder[] = "/tmp/clave.XXXXXX";
	char path[128];
	struct perfil p = {.nombre = "ana b", .certificado = "/no/hay.cer"};
	SECRET(s);
	bool tried = true;

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", folder, 1), 0);
	snprintf(path, sizeof(path), "%s/buzon-tui.ana b", folder);
	assert_int_equal(clave_step(&p, -1), CLAVE_PREGUNTA);
	assert_int_equal(clave_unattended(&p, -1, &tried, &s), ERR_NO_PASSWORD);
	assert_false(tried);
	p.llavero = true;
	assert_int_equal(clave_step(&p, -1), CLAVE_LLAVERO);
	/* Its secret is named by a certificate, which is not there. */
	assert_int_equal(clave_unattended(&p, -1, &tried, &s), ERR_NO_FILE);
	assert_true(tried);
	p.clave_comando = command;
	assert_int_equal(clave_step(&p, -1), CLAVE_COMANDO);
	assert_int_equal(clave_unattended(&p, -1, &tried, &s), OK);
	assert_secret(&s, "del comando");
	assert_int_equal(file_write(path, bytes_of_text("de systemd\n"), 0600), OK);
	assert_int_equal(clave_step(&p, -1), CLAVE_CREDENCIAL);
	assert_int_equal(clave_unattended(&p, -1, &tried, &s), OK);
	assert_secret(&s, "de systemd");
	assert_int_equal(file_write(path, bytes_of_text("\nx"), 0600), OK);
	assert_int_equal(clave_unattended(&p, -1, &tried, &s), ERR_CREDENTIAL);
	assert_int_equal(clave_step(&p, 0), CLAVE_DESCRIPTOR);
	unlink(path);
	rmdir(folder);
	unsetenv("CREDENTIALS_DIRECTORY");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_descriptor),
		cmocka_unit_test(test_command),
		cmocka_unit_test(test_prompt),
		cmocka_unit_test(test_ladder),
		cmocka_unit_test(test_no_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
