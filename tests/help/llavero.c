#include "tests/help/llavero.h"

#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/file.h"
#include "tests/help/cm.h"

#define ROOM (1024 * 1024)
#define START_MS 20000
#define ARGS_MOST 24
#define SERVICE "org.freedesktop.secrets"

static void put(struct llavero_mundo *k, struct arena *a, const char *name, const char *text)
{
	assert_int_equal(file_write(e2e_path(k->w, a, name), bytes_of_text(text), 0600), OK);
}

static void end(pid_t *pid)
{
	if (*pid <= 0)
		return;
	/* One that is stopped dies too. */
	kill(*pid, SIGKILL);
	(void)waitpid(*pid, NULL, 0);
	*pid = 0;
}

static void pause_ms(long ms)
{
	nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

void llavero_open(struct llavero_mundo *k, struct e2e *w)
{
	ARENA(a, ROOM);
	const char *line = "";

	*k = (struct llavero_mundo){.w = w, .runtime = "/tmp/llavero.XXXXXX"};
	assert_non_null(mkdtemp(k->runtime));
	snprintf(k->runtime_env, sizeof(k->runtime_env), "XDG_RUNTIME_DIR=%s", k->runtime);
	put(k, &a, "bus.conf",
		arena_printf(&a,
			"<busconfig><type>session</type><listen>unix:path=%s/socket</listen>"
			"<auth>EXTERNAL</auth><policy context=\"default\">"
			"<allow send_destination=\"*\" eavesdrop=\"true\"/>"
			"<allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>\n",
			k->runtime));
	k->bus = e2e_spawn(w, "bus",
		(const char *const[]){"dbus-daemon", "--config-file=bus.conf", "--nofork",
			"--print-address", NULL});
	for (int ms = 0; strchr(line, '\n') == NULL; ms += 5) {
		if (ms >= START_MS || waitpid(k->bus, NULL, WNOHANG) == k->bus)
			fail_msg("dbus-daemon: %s", e2e_file(w, &a, "bus.err"));
		pause_ms(5);
		line = e2e_file(w, &w->arena, "bus.out");
	}
	snprintf(k->address, sizeof(k->address), "DBUS_SESSION_BUS_ADDRESS=%.*s",
		(int)strcspn(line, "\n"), line);
}

static int forget(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

void llavero_close(struct llavero_mundo *k)
{
	end(&k->daemon);
	end(&k->bus);
	if (k->runtime[0] != '\0')
		(void)nftw(k->runtime, forget, 8, FTW_DEPTH | FTW_PHYS);
}

struct e2e_run llavero_run(struct llavero_mundo *k, struct arena *a, const char *const argv[])
{
	const char *all[ARGS_MOST] = {"env", k->address, k->runtime_env};
	size_t n = 3;

	all[n++] = e2e_program(k->w, argv[0]);
	for (size_t i = 1; argv[i] != NULL; i++) {
		assert_true(n + 1 < ARGS_MOST);
		all[n++] = argv[i];
	}
	return e2e_run(k->w, a, all);
}

static bool answers(struct llavero_mundo *k)
{
	ARENA(a, ROOM);
	struct e2e_run r = LLAVERO_RUN(k, &a, "dbus-send", "--session", "--print-reply",
		"--dest=org.freedesktop.DBus", "/org/freedesktop/DBus",
		"org.freedesktop.DBus.NameHasOwner", "string:" SERVICE);

	return r.code == 0 && strstr(r.out, "true") != NULL;
}

void llavero_start(struct llavero_mundo *k)
{
	ARENA(a, ROOM);

	put(k, &a, "llavero.clave", "llave");
	k->daemon = e2e_spawn(k->w, "llavero",
		(const char *const[]){"env", k->address, k->runtime_env, "sh", "-c",
			"exec gnome-keyring-daemon --unlock --components=secrets --foreground "
			"<llavero.clave",
			NULL});
	for (int ms = 0; !answers(k); ms += 5) {
		if (ms >= START_MS || waitpid(k->daemon, NULL, WNOHANG) == k->daemon)
			fail_msg("gnome-keyring: %s", e2e_file(k->w, &a, "llavero.err"));
		pause_ms(5);
	}
}

void llavero_stop(struct llavero_mundo *k)
{
	end(&k->daemon);
	/* Until the bus knows. */
	for (int ms = 0; answers(k); ms += 5) {
		assert_true(ms < START_MS);
		pause_ms(5);
	}
}

void llavero_lock(struct llavero_mundo *k)
{
	ARENA(a, ROOM);
	struct e2e_run r =
		LLAVERO_RUN(k, &a, "dbus-send", "--session", "--print-reply", "--dest=" SERVICE,
			"/org/freedesktop/secrets", "org.freedesktop.Secret.Service.Lock",
			"array:objpath:/org/freedesktop/secrets/collection/login");

	if (r.code != 0)
		fail_msg("lock: %s", r.err);
}
