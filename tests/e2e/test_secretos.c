/*
 * Where the secrets of a running program are: the password and the private key's numbers, looked
 * for in its memory, arguments, environment, files, terminal and log, while it works, once it is
 * locked, and when it dies.
 */
#include "tests/help/cm.h"
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/file.h"
#include "tests/help/e2e.h"
#include "tests/help/memoria.h"
#include "tests/help/pki.h"
#include "tests/help/vt.h"

#define ROOM (16 * 1024 * 1024)
#define FORGET_TRIES 500
#define PASSWORD "Inconfundible=4471+xQz"

enum { CLAVE, CLAVE_ANCHA, NUMBERS, SECRETS = NUMBERS + MEMORIA_RSA };

static struct e2e world;
static struct memoria_secret secrets[SECRETS];
static int silent = -1; /* a server that never says a word */

static const char *path(struct arena *a, const char *name)
{
	return e2e_path(&world, a, name);
}

/* The same key under a password that is nothing else's. */
static void make_key(struct arena *a)
{
	int wide[MEMORIA_BYTES / sizeof(int)];
	size_t size = strlen(PASSWORD);

	assert_int_equal(file_write(path(a, "secreta.pass"), bytes_of_text(PASSWORD), 0600), OK);
	struct e2e_run r = E2E_RUN(&world, a, "openssl", "pkcs8", "-topk8", "-inform", "DER", "-in",
		arena_printf(a, "%s/fisica.key", pki_dir()), "-passin",
		arena_printf(a, "file:%s/fisica.pass", pki_dir()), "-outform", "DER", "-out",
		"secreta.key", "-passout", "file:secreta.pass");

	if (r.code != 0)
		fail_msg("openssl: %s", r.err);
	memoria_rsa(path(a, "secreta.key"), path(a, "secreta.pass"), &secrets[NUMBERS]);
	memoria_mask(&secrets[CLAVE], "password", PASSWORD, size);
	/* As ncurses keeps keys: one int each. */
	assert_true(size <= COUNT_OF(wide));
	for (size_t i = 0; i < size; i++)
		wide[i] = PASSWORD[i];
	memoria_mask(&secrets[CLAVE_ANCHA], "typed keys", wide, size * sizeof(wide[0]));
}

static void add_perfil(struct arena *a, const char *name, const char *pass, unsigned port)
{
	e2e_perfil(&world, &(struct e2e_perfil){.nombre = name,
				   .certificado = "fisica.cer",
				   .llave = path(a, "secreta.key"),
				   .pass = pass,
				   .port = port});
}

static int open_world(void **state)
{
	ARENA(a, ROOM);
	unsigned port = 0;

	(void)state;
	e2e_open(&world);
	make_key(&a);
	silent = e2e_listen(&port);
	add_perfil(&a, "secreta", path(&a, "secreta.pass"), 0);
	add_perfil(&a, "tecleada", "-", 0);
	add_perfil(&a, "muda", path(&a, "secreta.pass"), port);
	e2e_perfil(&world, &(struct e2e_perfil){.nombre = "mala_clave",
				   .certificado = "fisica.cer",
				   .llave = "fisica.key",
				   .pass = path(&a, "secreta.pass")});
	e2e_perfil(&world, &(struct e2e_perfil){.nombre = "sin_servidor",
				   .certificado = "fisica.cer",
				   .llave = "fisica.key",
				   .pass = "fisica.pass",
				   .port = 1});
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	close(silent);
	e2e_close(&world);
	return 0;
}

/* ---- looking ------------------------------------------------------------------------------ */

/* False: the kernel keeps even us out, which is what is wanted. */
static bool look(pid_t pid, size_t first, size_t count, struct memoria_found *ret)
{
	if (memoria_search(pid, &secrets[first], count, ret)) {
		if (ret->loose != 0)
			fail_msg("%zu loose: %s", ret->loose, ret->where);
		return true;
	}
	static bool told;

	assert_true(errno == EACCES || errno == EPERM);
	assert_true(geteuid() != 0);
	if (!told)
		puts("skip test_secretos memory: only root may look, as it should be");
	told = true;
	return false;
}

/* While the e.firma is open: its key in locked memory, its password nowhere any more. */
static void must_hold_key(pid_t pid)
{
	struct memoria_found found;

	if (look(pid, CLAVE, NUMBERS - CLAVE, &found))
		assert_int_equal(found.kept, 0);
	if (look(pid, NUMBERS, MEMORIA_RSA, &found))
		assert_true(found.kept > 0);
}

/* Soon: what the worker has in hand is let go when it is done. */
static void must_hold_nothing(pid_t pid)
{
	struct memoria_found found = {.kept = 1};

	for (int tries = 0; found.kept + found.loose != 0; tries++) {
		if (!memoria_search(pid, secrets, SECRETS, &found)) {
			(void)look(pid, CLAVE, SECRETS, &found);
			return;
		}
		if (tries == FORGET_TRIES)
			fail_msg("%zu kept, %zu loose: %s", found.kept, found.loose, found.where);
		(void)poll(NULL, 0, 20);
	}
}

static bool holds(const char *text, size_t size, const char *what)
{
	return memmem(text, size, what, strlen(what)) != NULL;
}

static size_t slurp(const char *name, char *to, size_t size)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	size_t used = 0;
	ssize_t n;

	if (fd < 0)
		return 0;
	while (used < size && (n = read(fd, to + used, size - used)) > 0)
		used += (size_t)n;
	close(fd);
	return used;
}

static void must_not_tell(pid_t pid)
{
	static const char *const files[] = {"cmdline", "environ"};
	static char text[256 * 1024];
	char name[64];

	for (size_t i = 0; i < COUNT_OF(files); i++) {
		snprintf(name, sizeof(name), "/proc/%d/%s", (int)pid, files[i]);
		size_t n = slurp(name, text, sizeof(text));

		assert_true(n > 0 || geteuid() != 0);
		assert_false(holds(text, n, PASSWORD));
	}
	snprintf(name, sizeof(name), "/proc/%d/limits", (int)pid);
	size_t n = slurp(name, text, sizeof(text) - 1);

	text[n] = '\0';
	const char *core = strstr(text, "Max core file size");

	assert_non_null(core);
	assert_int_equal(strtol(core + strlen("Max core file size"), NULL, 10), 0);
}

static int look_in_file(const char *name, const struct stat *st, int kind, struct FTW *ftw)
{
	static char text[8 * 1024 * 1024];
	const char *base = name + ftw->base;

	if (kind != FTW_F || strcmp(base, "secreta.pass") == 0)
		return 0;
	assert_true(st->st_size <= (off_t)sizeof(text));
	if (strncmp(base, "core", 4) == 0)
		fail_msg("a core file: %s", name);
	if (holds(text, slurp(name, text, sizeof(text)), PASSWORD))
		fail_msg("the password is in %s", name);
	return 0;
}

/* Everything under HOME: settings, data, log, what went to stdout and stderr. */
static void must_not_be_written(void)
{
	assert_int_equal(nftw(world.dir, look_in_file, 16, FTW_PHYS), 0);
}

/* ---- the tests ---------------------------------------------------------------------------- */

/* A command that waits for the server, having signed; then it dies of a signal that dumps core. */
static void test_command(void **state)
{
	ARENA(a, ROOM);
	int status = 0;

	(void)state;
	pid_t pid = e2e_spawn(&world, "muda",
		(const char *const[]){"sh", "-c",
			arena_printf(&a,
				"ulimit -c unlimited; exec '%s' entrar --perfil muda --depurar",
				e2e_program(&world, "buzon-tui")),
			NULL});
	/* It connects with the signed request in its hand. */
	int peer = accept(silent, NULL, NULL);

	assert_true(peer >= 0);
	must_hold_key(pid);
	must_not_tell(pid);
	assert_int_equal(kill(pid, SIGQUIT), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGQUIT);
	assert_false(WCOREDUMP(status));
	close(peer);
	must_not_be_written();
}

static void type(struct vt *vt, const char *keys)
{
	if (vt_key(vt, keys) < 0)
		fail_msg("not idle after the keys:\n%s", vt_screen(vt));
}

/* Typed, used, locked away. */
static void test_screen(void **state)
{
	size_t size = 0;
	struct vt *vt = e2e_screen(&world, "tecleada", 24, 80);

	(void)state;
	e2e_focus(vt, "Contraseña");
	type(vt, PASSWORD);
	assert_false(vt_contains(vt, "Inconfundible"));
	e2e_focus(vt, "Validar");
	e2e_type(vt, "\r", "Lo que vence primero");
	type(vt, "\t");
	must_hold_key(vt_pid(vt));
	must_not_tell(vt_pid(vt));
	e2e_type(vt, "B", "la e.firma se olvidó");
	type(vt, "\t");
	must_hold_nothing(vt_pid(vt));
	const char *raw = vt_raw(vt, &size);

	assert_false(holds(raw, size, PASSWORD));
	/* Not of a sanitizer's signals, but it dumps core as they do. */
	vt_signal(vt, SIGABRT);
	assert_int_equal(vt_close(vt), 128 + SIGABRT);
	must_not_be_written();
}

/* A wrong one, pasted, leaves nothing. */
static void test_wrong(void **state)
{
	struct vt *vt = e2e_screen(&world, "fisica", 24, 80);

	(void)state;
	e2e_focus(vt, "Contraseña");
	type(vt, "\x1b[200~" PASSWORD "\x1b[201~");
	e2e_focus(vt, "Validar");
	e2e_type(vt, "\r", "correcta; escríbela");
	type(vt, "\t");
	must_hold_nothing(vt_pid(vt));
	vt_signal(vt, SIGTERM);
	(void)vt_close(vt);
}

static void run(struct arena *a, enum err expected, const char *const argv[])
{
	struct e2e_run r = e2e_run(&world, a, argv);

	if (r.code != err_exit(expected))
		fail_msg("%s: exit %d: %s", argv[1], r.code, r.err);
	assert_non_null(strstr(r.err, "Bitácora: "));
}
#define RUN(a, expected, ...)                                                                      \
	run((a), (expected), (const char *const[]){"buzon-tui", __VA_ARGS__, "--depurar", NULL})

/* A whole job with its failures, told in full; and nothing of whose it was. */
static void test_log(void **state)
{
	ARENA(a, ROOM);
	const char *folio = e2e_notificar(&world, E2E_FISICA);
	const char *const never[] = {PASSWORD, E2E_FISICA, "PEÑA", "JOSÉ", folio, E2E_DOCUMENTO,
		"PRUEBA/2026", "LUIS", "secreta", "BEGIN", "cadena", "{"};

	(void)state;
	RUN(&a, OK, "entrar", "--perfil", "secreta");
	RUN(&a, OK, "notificaciones", "--perfil", "secreta");
	RUN(&a, OK, "abrir", folio, "--si", "--perfil", "secreta");
	RUN(&a, OK, "documento", folio, "--perfil", "secreta");
	RUN(&a, OK, "acuse", folio, "--perfil", "secreta");
	RUN(&a, ERR_ALREADY_OPENED, "abrir", folio, "--si", "--perfil", "secreta");
	RUN(&a, ERR_WRONG_PASSWORD, "entrar", "--perfil", "mala_clave");
	RUN(&a, ERR_NETWORK, "entrar", "--perfil", "sin_servidor");
	RUN(&a, ERR_KEYRING_UNAVAILABLE, "llavero", "probar", "--perfil", "secreta");
	const char *log = e2e_file(&world, &a, ".local/state/buzon-tui/registro.log");

	/* The screen that died above had begun. */
	assert_non_null(strstr(log, "info buzon-tui: " BUZON_VERSION " pantalla"));
	assert_non_null(strstr(log, "debug llamada: notificacion_abrir: ok"));
	if (strstr(log, "fin: ya-notificada") == NULL)
		fail_msg("%s", log);
	assert_non_null(strstr(log, "info buzon-tui: fin: contrasena-incorrecta"));
	assert_non_null(strstr(log, "info llamada: entrar: sin-conexion"));
	assert_non_null(strstr(log, "llavero-no-disponible"));
	for (size_t i = 0; i < COUNT_OF(never); i++)
		if (strstr(log, never[i]) != NULL)
			fail_msg("«%s» is in the log:\n%s", never[i], log);
	/* Who did not ask is not told. */
	struct e2e_run r = E2E_RUN(&world, &a, "buzon-tui", "entrar", "--perfil", "secreta");

	assert_int_equal(r.code, 0);
	assert_null(strstr(r.err, "registro.log"));
	must_not_be_written();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_command),
		cmocka_unit_test(test_screen),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_log),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
