/*
 * The systemd units that are installed (tools/servidor): systemd reads them without a word, finds
 * little exposed, and what they forbid is nothing that the programs need for a whole act. That is
 * tried twice: every system call that is made is compared with the filter, and both services do
 * their work as users of their own, without capabilities, where nothing else can be written.
 */
#include "tests/help/cm.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/file.h"
#include "tests/help/carpeta.h"
#include "tests/help/e2e_sello.h"
#include "tests/help/pki.h"
#include "tests/help/unidad.h"

#define ROOM ((size_t)64 * 1024 * 1024)
#define TRACE_MOST ((size_t)32 * 1024 * 1024)
#define SERVER "buzond@.service"
#define SEAL "buzond-sello.service"
#define MS 20000
/* As the units' users would be: no one on this machine. */
#define SERVER_UID 64001
#define SEAL_UID 64002
#define GID 64000

static struct e2e world;
static struct e2e_sello seal;
static char store[200]; /* folder of the server's state */

static const char *must(const char *text)
{
	assert_non_null(text);
	return text;
}

static const char *build(struct e2e *w, struct arena *a)
{
	const char *program = e2e_program(w, "buzond");

	return must(arena_printf(a, "%.*s", (int)(strrchr(program, '/') - program), program));
}

static void shell(const char *command)
{
	if (system(command) != 0)
		fail_msg("failed: %s", command);
}

/* ---- what systemd says of them ------------------------------------------------------------ */

static char folder[200];

static int write_units(void **state)
{
	ARENA(a, ROOM);
	struct e2e w = {0};

	(void)state;
	arena_init(&w.arena, 65536);
	if (carpeta_make(folder, sizeof(folder), "unidades") != 0)
		return -1;
	/* An instance, for a template alone is not read whole. */
	assert_int_equal(file_write(must(arena_printf(&a, "%s/buzond@1.service", folder)),
				 bytes_of_text(unidad_read(&a, SERVER, build(&w, &a))), 0644),
		OK);
	assert_int_equal(file_write(must(arena_printf(&a, "%s/" SEAL, folder)),
				 bytes_of_text(unidad_read(&a, SEAL, build(&w, &a))), 0644),
		OK);
	arena_free(&w.arena);
	return 0;
}

static int remove_units(void **state)
{
	(void)state;
	return carpeta_remove(folder);
}

static void test_verify(void **state)
{
	char command[900];
	char said[4096] = "";

	(void)state;
	snprintf(command, sizeof(command),
		"systemd-analyze verify --man=no %s/buzond@1.service %s/" SEAL " 2>&1", folder,
		folder);
	FILE *f = popen(command, "r");

	assert_non_null(f);
	size_t n = fread(said, 1, sizeof(said) - 1, f);

	said[n] = '\0';
	int status = pclose(f);

	if (status != 0 || said[0] != '\0')
		fail_msg("status %d: %s", status, said);
}

/* Of 100; what is left is the network of the one, and the socket and other users of the other. */
static void test_exposure(void **state)
{
	char command[600];

	(void)state;
	snprintf(command, sizeof(command),
		"systemd-analyze security --offline=true --no-pager --threshold=11 "
		"%s/buzond@1.service >%s/exposicion.txt",
		folder, folder);
	shell(command);
	snprintf(command, sizeof(command),
		"systemd-analyze security --offline=true --no-pager --threshold=5 "
		"%s/" SEAL " >%s/exposicion.txt",
		folder, folder);
	shell(command);
}

/* One user each, and nothing of either is the other's. */
static void test_users(void **state)
{
	ARENA(a, ROOM);
	const char *server = unidad_read(&a, SERVER, "/x");
	const char *seal_unit = unidad_read(&a, SEAL, "/x");
	const char *root = getenv("BUZON_ROOT");
	char path[4096];
	char command[5000];

	(void)state;
	assert_string_equal(unidad_values(&a, server, "User"), "buzond\n");
	assert_string_equal(unidad_values(&a, seal_unit, "User"), "buzon-sello\n");
	/* Made in a root of its own by what will make them. */
	snprintf(command, sizeof(command),
		"cd %s && mkdir -p r/etc && : >r/etc/passwd && : >r/etc/group && "
		"systemd-sysusers --root=$PWD/r %s/tools/servidor/sysusers.conf && "
		"grep -q '^buzond:.*nologin$' r/etc/passwd && "
		"grep -q '^buzon-sello:.*nologin$' r/etc/passwd && "
		"! grep -qE '^buzon[^:]*:[^:]*:0:' r/etc/passwd",
		folder, must(realpath(root != NULL ? root : ".", path)));
	shell(command);
}

/* ---- one whole act ------------------------------------------------------------------------ */

static void must_run(struct e2e_run r, const char *what)
{
	if (r.code != 0)
		fail_msg("%s: %d %s", what, r.code, r.err);
}

static void whole_act(struct arena *a)
{
	const char *folio = e2e_notificar(&world, E2E_FISICA);

	must_run(E2E_RUN(&world, a, "buzon-tui", "notificaciones"), "notificaciones");
	struct e2e_run r = E2E_RUN(&world, a, "buzon-tui", "abrir", folio, "--si", "--json");

	must_run(r, "abrir");
	const char *acuse = e2e_json(a, r.out, "folio");

	must_run(E2E_RUN(&world, a, "buzon-tui", "documento", folio, "-o", "bajado.pdf"),
		"documento");
	must_run(E2E_RUN(&world, a, "buzon-tui", "acuse", acuse, "-o", "acuse.json"), "acuse");
	must_run(E2E_RUN(&world, a, "buzon-tui", "verificar", "acuse.json"), "verificar");
	must_run(E2E_RUN(&world, a, "curl", "-sSk", "-o", "salud.txt",
			 must(arena_printf(a, "https://localhost:%u/salud", world.port))),
		"salud");
	assert_string_equal(e2e_file(&world, a, "salud.txt"), "bien\n");
}

static int close_world(void **state)
{
	(void)state;
	if (seal.service > 0)
		(void)e2e_sello_stop(&seal, SIGKILL);
	e2e_close(&world);
	if (store[0] != '\0')
		(void)carpeta_remove(store);
	store[0] = '\0';
	return 0;
}

static void start_both(void)
{
	e2e_sello_start(&seal);
	e2e_server_start(&world);
}

/* Work, the seal's restart under the server, more work, and an orderly end. */
static void live(struct arena *a)
{
	whole_act(a);
	assert_int_equal(e2e_sello_stop(&seal, SIGTERM), 0);
	e2e_sello_start(&seal);
	/* The first one after it may meet the old connection. */
	const char *folio = e2e_notificar(&world, E2E_FISICA);

	(void)E2E_RUN(&world, a, "buzon-tui", "abrir", folio, "--si");
	whole_act(a);
	assert_int_equal(e2e_server_stop(&world, SIGTERM), 0);
	assert_int_equal(e2e_sello_stop(&seal, SIGTERM), 0);
}

/* Each file is whose the units say; the test's own trust and TLS are copied beside. */
static void give_files(struct arena *a)
{
	const char *p = pki_dir();

	shell(must(arena_printf(a,
		"cd %s && chmod 711 . && mkdir conf && cp -r %s/confianza %s/tls.pem %s/sello.cer conf "
		"&& chmod -R a+rX conf && cp %s/tls.key conf && chown %d conf/tls.key && chmod 400 "
		"conf/tls.key && chown -R %d sello && chmod 700 sello && chown %d:%d run && chmod "
		"750 run && chown -R %d:%d %s && chmod 700 %s && chown root:%d buzond.ini && chmod "
		"640 buzond.ini && sed -i 's|%s|%s/conf|' buzond.ini",
		world.dir, p, p, p, p, SERVER_UID, SEAL_UID, SEAL_UID, GID, SERVER_UID, GID, store,
		store, GID, p, world.dir)));
}

/* A world whose files and state are those users' alone. */
static void open_owned(struct arena *a)
{
	static const char *const none[] = {NULL};
	static char file[260];

	assert_int_equal(carpeta_make(store, sizeof(store), "estado"), 0);
	snprintf(file, sizeof(file), "%s/buzon.db", store);
	world = (struct e2e){.store = file};
	e2e_open(&world);
	seal = (struct e2e_sello){0};
	e2e_sello_prepare(&seal, &world, none);
	give_files(a);
	/* A name instead of an address, as a responder has: the resolver's needs count, too. */
	must_run(E2E_RUN(&world, a, "sed", "-i",
			 "s|^ocsp = http://127.0.0.1|ocsp = http://localhost|", "buzond.ini"),
		"sed");
}

/* Its folder, itself, and who starts it; with a tracer, what it asks is written to that file. */
static void restrict_to(
	const char *setup[], const char *net, int uid, const char *writable, const char *trace)
{
	struct arena *a = &world.arena;
	char path[4096];
	const char *root = getenv("BUZON_ROOT");
	const char *cage =
		must(arena_printf(a, "%s/tests/help/encierro.sh", root != NULL ? root : "."));
	const char *words[] = {"sh", must(arena_strdup(a, must(realpath(cage, path)))), net,
		must(arena_printf(a, "%d:%d", uid, GID)), writable, world.dir, build(&world, a),
		"--", trace != NULL ? "strace" : NULL, "-DfqAo", trace, NULL};

	memcpy(setup, words, sizeof(words));
}

/* Both as their units' users, where all that they may write is a folder each. */
static void open_restricted(struct arena *a, const char *of_server, const char *of_seal)
{
	static const char *server[16];
	static const char *sealer[16];

	open_owned(a);
	restrict_to(server, "red", SERVER_UID, store,
		of_server != NULL ? must(arena_printf(&world.arena, "%s/%s", store, of_server))
				  : NULL);
	restrict_to(sealer, "sin-red", SEAL_UID,
		must(arena_printf(&world.arena, "%s/run", world.dir)),
		of_seal != NULL ? must(arena_printf(&world.arena, "%s/run/%s", world.dir, of_seal))
				: NULL);
	world.setup = server;
	seal.setup = sealer;
	start_both();
}

static bool can_restrict(const char *test)
{
	bool can = geteuid() == 0 && system("unshare --mount --net --ipc true") == 0;

	if (!can)
		print_message("skip %s: it takes root and namespaces\n", test);
	return can;
}

/* ---- what they ask of the kernel ---------------------------------------------------------- */

/* strace -D is nobody's child: its last line comes a moment after the program's end. */
static const char *trace_of(struct arena *a, const char *name)
{
	size_t size = 0;

	for (int ms = 0; ms < MS; ms += 50) {
		ARENA(now, TRACE_MOST);
		size_t before = size;

		size = strlen(e2e_file(&world, &now, name));
		if (size != 0 && size == before)
			break;
		usleep(200000);
	}
	return e2e_file(&world, a, name);
}

/* "PID name(args": the name, in the arena; NULL where the line is something else. */
static const char *call_of(struct arena *a, const char *line, const char **ret_args)
{
	const char *name = line + strspn(line, "0123456789 ");
	size_t size = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");

	if (size == 0 || name[size] != '(')
		return NULL;
	*ret_args =
		must(arena_printf(a, "%.*s", (int)strcspn(name + size + 1, "\n"), name + size + 1));
	return must(arena_printf(a, "%.*s", (int)size, name));
}

static bool begins(const char *name, const char *with)
{
	return strncmp(name, with, strlen(with)) == 0;
}

/* What a unit's other lines forbid by the arguments of a call. */
static void check_args(struct arena *a, const char *unit, const char *name, const char *args)
{
	const char *families = unidad_values(a, unit, "RestrictAddressFamilies");
	const char *family = must(arena_printf(a, "%.*s", (int)strcspn(args, ","), args));

	if (strcmp(name, "mmap") == 0 && strstr(args, "PROT_WRITE|PROT_EXEC") != NULL)
		fail_msg("W^X: mmap(%s", args);
	if ((strcmp(name, "mprotect") == 0 || strcmp(name, "pkey_mprotect") == 0) &&
		strstr(args, "PROT_EXEC") != NULL)
		fail_msg("W^X: %s(%s", name, args);
	if (begins(name, "clone") && strstr(args, "CLONE_NEW") != NULL)
		fail_msg("namespace: %s(%s", name, args);
	/* glibc asks netlink which families there are, and does without where it is refused. */
	if (begins(name, "socket") && begins(family, "AF_") && strcmp(family, "AF_NETLINK") != 0 &&
		strstr(families, family) == NULL)
		fail_msg("family: %s(%s", name, args);
}

static void check_trace(const char *unit_name, const char *name, size_t least)
{
	ARENA(a, 4 * ROOM);
	const char *unit = unidad_read(&a, unit_name, "/x");
	const char *allowed = unidad_calls(&a, unit);
	const char *trace = trace_of(&a, name);
	const char *seen = " ";
	size_t kinds = 0;

	for (const char *l = trace; *l != '\0'; l += strcspn(l, "\n"), l += *l == '\n') {
		ARENA(line, 65536);
		const char *args = NULL;
		const char *call = call_of(&line, l, &args);

		if (call == NULL)
			continue;
		if (!unidad_has(allowed, call))
			fail_msg("%s does not let through: %s(%s", unit_name, call, args);
		check_args(&line, unit, call, args);
		kinds += !unidad_has(seen, call);
		if (!unidad_has(seen, call))
			seen = must(arena_printf(&a, "%s%s ", seen, call));
	}
	print_message("%s:%s\n", name, seen);
	/* Else nothing was traced. */
	assert_true(kinds >= least);
}

static void test_system_calls(void **state)
{
	ARENA(a, ROOM);

	(void)state;
#ifdef __SANITIZE_ADDRESS__
	puts("skip test_system_calls: what the sanitizers ask of the kernel is not the programs'");
	skip();
#endif
	if (!can_restrict("test_system_calls"))
		skip();
	if (system("strace -o /dev/null true") != 0) {
		puts("skip test_system_calls: strace may not trace here");
		skip();
	}
	open_restricted(&a, "servir.trace", "sellar.trace");
	live(&a);
	check_trace(SERVER, must(arena_printf(&a, "%s/servir.trace", store)), 40);
	check_trace(SEAL, "run/sellar.trace", 30);
	/* A group of many is spread over the cores, which one act alone does not show. */
	assert_true(unidad_has(unidad_calls(&a, unidad_read(&a, SEAL, "/x")), "sched_setaffinity"));
}

/* ---- where they may do little ------------------------------------------------------------- */

static void status_has(pid_t pid, const char *line)
{
	ARENA(a, 65536);
	char text[8192] = "";
	const char *name = must(arena_printf(&a, "/proc/%d/status", (int)pid));
	FILE *f = fopen(name, "r");

	assert_non_null(f);
	size_t n = fread(text, 1, sizeof(text) - 1, f);

	text[n] = '\0';
	fclose(f);
	if (strstr(text, line) == NULL)
		fail_msg("no «%s» in: %s", line, text);
}

static void test_restricted(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	if (!can_restrict("test_restricted"))
		skip();
	open_restricted(&a, NULL, NULL);
	status_has(world.server, must(arena_printf(&a, "Uid:\t%d\t%d", SERVER_UID, SERVER_UID)));
	status_has(seal.service, must(arena_printf(&a, "Uid:\t%d\t%d", SEAL_UID, SEAL_UID)));
	status_has(world.server, "CapEff:\t0000000000000000");
	status_has(seal.service, "CapEff:\t0000000000000000");
	status_has(world.server, "NoNewPrivs:\t1");
	status_has(seal.service, "NoNewPrivs:\t1");
	/* The key is its user's alone. */
	shell(must(arena_printf(&a,
		"cd %s && ! setpriv --reuid %d --regid %d --clear-groups cat sello/sello.key "
		">/dev/null 2>&1 && setpriv --reuid %d --regid %d --clear-groups cat "
		"sello/sello.key >/dev/null",
		world.dir, SERVER_UID, GID, SEAL_UID, GID)));
	live(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_verify, write_units, remove_units),
		cmocka_unit_test_setup_teardown(test_exposure, write_units, remove_units),
		cmocka_unit_test_setup_teardown(test_users, write_units, remove_units),
		cmocka_unit_test_teardown(test_system_calls, close_world),
		cmocka_unit_test_teardown(test_restricted, close_world),
	};

	if (system("command -v systemd-analyze >/dev/null && command -v strace >/dev/null") != 0) {
		puts("not ok test_unidades: install systemd and strace (sh tools/deps)");
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
