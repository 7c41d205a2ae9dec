/*
 * The keyring with the finished programs and a real gnome-keyring: open, locked, empty, not there,
 * and hanging; each is told apart, and none keeps a person waiting.
 */
#include "tests/help/cm.h"
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include "base/file.h"
#include "crypto/cert.h"
#include "tests/help/alto.h"
#include "tests/help/llavero.h"
#include "tests/help/pki.h"
#include "tests/help/vt.h"

#define ROOM (16 * 1024 * 1024)
#define SCREEN_MS 20000

static struct e2e world;
static struct llavero_mundo keyring;

/* A profile whose password nobody gives but the keyring. */
static void add_perfil(void)
{
	ARENA(a, ROOM);
	const char *path = e2e_path(&world, &a, "config/buzon-tui/config.ini");

	e2e_perfil(&world, &(struct e2e_perfil){.nombre = "guardada",
				   .certificado = "fisica.cer",
				   .llave = "fisica.key",
				   .pass = "-"});
	const char *text = arena_printf(
		&a, "%sllavero = si\n", e2e_file(&world, &a, "config/buzon-tui/config.ini"));

	assert_int_equal(file_write(path, bytes_of_text(text), 0600), OK);
}

static int open_world(void **state)
{
	(void)state;
	e2e_open(&world);
	llavero_open(&keyring, &world);
	add_perfil();
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	llavero_close(&keyring);
	e2e_close(&world);
	return 0;
}

/* The exit code, and the sentence that says what to do. */
static void must_be(const struct e2e_run *r, enum err e)
{
	if (r->code != err_exit(e) || (e != OK && strstr(r->err, err_sentence(e)) == NULL))
		fail_msg("exit %d, not %s; out: %s err: %s", r->code, err_wire(e), r->out, r->err);
}

static void must_probe(enum err e)
{
	ARENA(a, ROOM);
	struct e2e_run r =
		LLAVERO_RUN(&keyring, &a, "buzon-tui", "llavero", "probar", "--perfil", "guardada");

	must_be(&r, e);
	if (e == OK)
		assert_non_null(strstr(r.out, "tiene la contraseña"));
}

static void must_enter(enum err e)
{
	ARENA(a, ROOM);
	struct e2e_run r = LLAVERO_RUN(&keyring, &a, "buzon-tui", "entrar", "--perfil", "guardada");

	must_be(&r, e);
	if (e == OK)
		assert_non_null(strstr(r.out, E2E_FISICA_NOMBRE));
}

static struct e2e_run store(struct arena *a, const char *pass)
{
	return LLAVERO_RUN(&keyring, a, "sh", "-c",
		arena_printf(a,
			"exec '%s' llavero guardar --perfil guardada --clave-fd 3 3<'%s/%s'",
			e2e_program(&world, "buzon-tui"), pki_dir(), pass));
}

static void test_no_service(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	must_probe(ERR_KEYRING_UNAVAILABLE);
	must_enter(ERR_KEYRING_UNAVAILABLE);
	/* No bus either. */
	struct e2e_run r =
		E2E_RUN(&world, &a, "buzon-tui", "llavero", "probar", "--perfil", "guardada");

	must_be(&r, ERR_KEYRING_UNAVAILABLE);
	r = E2E_RUN(&world, &a, "buzon-tui", "llavero", "probar", "--perfil", "guardada", "--json");
	assert_non_null(strchr(r.err, '{'));
	assert_string_equal(
		e2e_json(&a, strchr(r.err, '{'), "error"), err_wire(ERR_KEYRING_UNAVAILABLE));
}

static void test_stored(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	llavero_start(&keyring);
	must_probe(ERR_KEYRING_EMPTY);
	must_enter(ERR_KEYRING_EMPTY);
	/* What does not open the key is not kept. */
	struct e2e_run r = store(&a, "moral.pass");

	must_be(&r, ERR_WRONG_PASSWORD);
	must_probe(ERR_KEYRING_EMPTY);
	r = store(&a, "fisica.pass");
	must_be(&r, OK);
	must_probe(OK);
	must_enter(OK);
	/* On disk, not for this process alone. */
	llavero_stop(&keyring);
	must_enter(ERR_KEYRING_UNAVAILABLE);
	llavero_start(&keyring);
	must_enter(OK);
}

/* Locked: said, never prompted for by the desktop; at a terminal the password is typed. */
static void test_locked(void **state)
{
	ARENA(a, ROOM);
	char *const argv[] = {(char *)(uintptr_t) "env", keyring.address, keyring.runtime_env,
		(char *)(uintptr_t)e2e_program(&world, "buzon-tui"), (char *)(uintptr_t) "entrar",
		(char *)(uintptr_t) "--perfil", (char *)(uintptr_t) "guardada", NULL};
	struct bytes pass = pki_read(&a, "fisica.pass");

	(void)state;
	llavero_lock(&keyring);
	must_probe(ERR_KEYRING_LOCKED);
	must_enter(ERR_KEYRING_LOCKED);
	struct e2e_run r = store(&a, "fisica.pass");

	must_be(&r, ERR_KEYRING_LOCKED);
	r = LLAVERO_RUN(&keyring, &a, "buzon-tui", "llavero", "borrar", "--perfil", "guardada");
	must_be(&r, ERR_KEYRING_LOCKED);
	struct vt *vt = vt_start(argv, e2e_env(&world), 24, 80);

	assert_non_null(vt);
	if (!vt_wait_text(vt, "Contraseña de la llave privada", SCREEN_MS))
		fail_msg("no prompt:\n%s", vt_screen(vt));
	assert_true(vt_contains(vt, "El llavero está bloqueado"));
	assert_true(
		vt_send(vt, arena_printf(&a, "%.*s\r", (int)pass.size, (const char *)pass.data)));
	if (!vt_wait_text(vt, E2E_FISICA_NOMBRE, SCREEN_MS))
		fail_msg("not entered:\n%s", vt_screen(vt));
	assert_int_equal(vt_close(vt), 0);
	llavero_stop(&keyring);
	llavero_start(&keyring);
	must_probe(OK);
}

/* What answers neither yes nor no is left after its time, whoever it is that hangs. */
static void test_wedged(void **state)
{
	(void)state;
	assert_true(alto(keyring.daemon));
	must_probe(ERR_KEYRING_TIMEOUT);
	must_enter(ERR_KEYRING_TIMEOUT);
	assert_int_equal(kill(keyring.daemon, SIGCONT), 0);
	assert_true(alto(keyring.bus));
	must_probe(ERR_KEYRING_TIMEOUT);
	assert_int_equal(kill(keyring.bus, SIGCONT), 0);
	must_enter(OK);
}

static struct vt *screen(void)
{
	char *const argv[] = {(char *)(uintptr_t) "env", keyring.address, keyring.runtime_env,
		(char *)(uintptr_t)e2e_program(&world, "buzon-tui"), (char *)(uintptr_t) "--perfil",
		(char *)(uintptr_t) "guardada", NULL};
	struct vt *vt = vt_start(argv, e2e_env(&world), 24, 80);

	assert_non_null(vt);
	return vt;
}

static void leave(struct vt *vt)
{
	vt_signal(vt, SIGTERM);
	(void)vt_close(vt);
}

/* The screen opens by itself with an open keyring; else says why not, and takes what is typed. */
static void test_screen(void **state)
{
	ARENA(a, ROOM);
	struct bytes pass = pki_read(&a, "fisica.pass");
	const char *typed = arena_printf(&a, "%.*s", (int)pass.size, (const char *)pass.data);
	struct vt *vt = screen();

	(void)state;
	e2e_type(vt, "", "Lo que vence primero");
	leave(vt);
	llavero_lock(&keyring);
	vt = screen();
	e2e_type(vt, "", "El llavero está bloqueado");
	e2e_focus(vt, "Contraseña");
	assert_true(vt_key(vt, typed) >= 0);
	e2e_focus(vt, "Validar");
	e2e_type(vt, "\r", "Lo que vence primero");
	leave(vt);
	llavero_stop(&keyring);
	llavero_start(&keyring);
}

/* The first page is there and the keys answer while it hangs. */
static void test_screen_wedged(void **state)
{
	(void)state;
	assert_true(alto(keyring.daemon));
	struct vt *vt = screen();

	e2e_type(vt, "", "Validación FIEL");
	/* Wherever it got to, the person is told, and goes on by hand. */
	assert_true(vt_key(vt, "\t") >= 0);
	e2e_type(vt, "", "El llavero no contestó");
	leave(vt);
	assert_int_equal(kill(keyring.daemon, SIGCONT), 0);
}

static struct e2e_run helper(struct arena *a, const char *act, const char *given)
{
	struct cert cert;

	assert_int_equal(cert_read(a, pki_read(a, "fisica.cer"), &cert), OK);
	return LLAVERO_RUN(&keyring, a, "sh", "-c",
		arena_printf(a, "printf %%s '%s' | '%s-llavero' %s %s", given,
			/* beside buzon-tui */
			arena_printf(a, "%.*s", (int)strlen(e2e_program(&world, "buzon-tui")) - 4,
				e2e_program(&world, "buzon-tui")),
			act, cert.thumbprint));
}

/* The e.firma's password was changed elsewhere: nobody mistyped. */
static void test_stale(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	struct e2e_run r = helper(&a, "guardar", "la de antes");

	assert_int_equal(r.code, 0);
	r = helper(&a, "buscar", "");
	assert_string_equal(r.out, "la de antes");
	must_enter(ERR_KEYRING_STALE);
	struct vt *vt = screen();

	e2e_type(vt, "", "ya no abre tu llave");
	leave(vt);
	r = store(&a, "fisica.pass");
	must_be(&r, OK);
	must_enter(OK);
	r = LLAVERO_RUN(&keyring, &a, "buzon-tui", "llavero", "borrar", "--perfil", "guardada");
	must_be(&r, OK);
	must_probe(ERR_KEYRING_EMPTY);
	r = LLAVERO_RUN(&keyring, &a, "buzon-tui", "llavero", "borrar", "--perfil", "guardada");
	must_be(&r, ERR_KEYRING_EMPTY);
	r = LLAVERO_RUN(&keyring, &a, "buzon-tui", "llavero", "regalar", "--perfil", "guardada");
	must_be(&r, ERR_USAGE);
}

/* ---- the helper in other hands ------------------------------------------------------------ */

static const char *copy_beside(struct arena *a, const char *script)
{
	const char *copy = e2e_path(&world, a, "aparte/buzon-tui");
	const char *beside = e2e_path(&world, a, "aparte/buzon-llavero");
	struct e2e_run r = E2E_RUN(&world, a, "cp", e2e_program(&world, "buzon-tui"), copy);

	assert_int_equal(r.code, 0);
	(void)unlink(beside);
	if (script != NULL)
		assert_int_equal(file_write(beside, bytes_of_text(script), 0700), OK);
	return copy;
}

/* It gets no terminal, no group of ours, and of the environment only what finds the bus. */
static void test_helper_alone(void **state)
{
	ARENA(a, ROOM);
	const char *copy;

	(void)state;
	assert_int_equal(file_make_folder(e2e_path(&world, &a, "aparte")), OK);
	copy = copy_beside(&a,
		"#!/bin/sh\nexec >visto.tmp\nenv\necho \"$# $1 $2\"\n"
		"ps -o sid= -p $$ | tr -d ' ' | sed 's/^/sid /'\necho \"pid $$\"\n"
		"(: </dev/tty) 2>/dev/null && echo terminal\nls /proc/$$/fd | wc -l\n"
		"mv visto.tmp visto\nexit 103\n");
	struct e2e_run r = LLAVERO_RUN(&keyring, &a, "env", "SECRETO=no", copy, "llavero", "probar",
		"--perfil", "guardada");

	must_be(&r, ERR_KEYRING_EMPTY);
	const char *seen = e2e_file(&world, &a, "visto");

	assert_non_null(strstr(seen, "DBUS_SESSION_BUS_ADDRESS="));
	assert_non_null(strstr(seen, "XDG_RUNTIME_DIR="));
	assert_non_null(strstr(seen, "2 probar "));
	assert_null(strstr(seen, "SECRETO"));
	assert_null(strstr(seen, "XDG_DATA_HOME"));
	assert_null(strstr(seen, "terminal"));
	const char *sid = strstr(seen, "sid ");
	const char *pid = strstr(seen, "pid ");

	assert_non_null(sid);
	assert_non_null(pid);
	assert_int_equal(atoi(sid + 4), atoi(pid + 4));
}

/* Gone, or dead and waiting for init to say so. */
static bool is_dead(pid_t pid)
{
	char text[512] = "";
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	FILE *f = fopen(path, "r");

	if (f == NULL)
		return true;
	(void)!fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	const char *state = strrchr(text, ')');

	return state == NULL || state[2] == 'Z' || state[2] == 'X';
}

/* With the helper goes what it started, and it is not waited for. */
static void test_helper_hangs(void **state)
{
	ARENA(a, ROOM);
	const char *copy;

	(void)state;
	assert_int_equal(file_make_folder(e2e_path(&world, &a, "aparte")), OK);
	copy = copy_beside(&a, "#!/bin/sh\nsleep 1000 &\necho $! >hijo\nwait\n");
	struct e2e_run r =
		LLAVERO_RUN(&keyring, &a, copy, "llavero", "probar", "--perfil", "guardada");

	must_be(&r, ERR_KEYRING_TIMEOUT);
	pid_t child = atoi(e2e_file(&world, &a, "hijo"));

	assert_true(child > 1);
	/* A signal that was sent is not yet one that arrived. */
	for (int i = 0; i < 500 && !is_dead(child); i++)
		nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
	assert_true(is_dead(child));
	/* One that shouts more than a password. */
	copy = copy_beside(&a, "#!/bin/sh\nexec yes\n");
	r = LLAVERO_RUN(&keyring, &a, copy, "entrar", "--perfil", "guardada");
	must_be(&r, ERR_KEYRING_UNAVAILABLE);
	/* Without a helper there is no keyring. */
	copy = copy_beside(&a, NULL);
	if (access("/usr/local/libexec/buzon-llavero", F_OK) == 0)
		return;
	r = LLAVERO_RUN(&keyring, &a, copy, "llavero", "probar", "--perfil", "guardada");
	must_be(&r, ERR_KEYRING_UNAVAILABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_service),
		cmocka_unit_test(test_stored),
		cmocka_unit_test(test_locked),
		cmocka_unit_test(test_wedged),
		cmocka_unit_test(test_screen),
		cmocka_unit_test(test_screen_wedged),
		cmocka_unit_test(test_stale),
		cmocka_unit_test(test_helper_alone),
		cmocka_unit_test(test_helper_hangs),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
