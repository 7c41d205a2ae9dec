/*
 * `buzond respaldar` and `buzond restaurar` as programs of their own, on the store of a server that
 * writes in this process: one moment of it, whole; and the store is the old or the restored one,
 * whatever instant the program dies at. L-6.1 L-6.5
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/file.h"
#include "base/secret.h"
#include "core/copia.h"
#include "core/store/store_guard.h"
#include "tests/help/carpeta.h"
#include "tests/help/cm.h"
#include "tests/help/core_sql.h"
#include "tests/help/core_titular.h"
#include "tests/help/pki.h"

#define ROOM (64 << 20)
#define KILLS 40
/* So many that a copy takes many steps. */
#define LARGE 6
#define LARGE_BYTES (8 << 20)

static const char *store;
static char out_text[8192];
static char err_text[8192];

/* ---- the program -------------------------------------------------------------------------- */

static const char *in_folder(struct arena *a, const char *name)
{
	return arena_printf(a, "%s/%s", mundo.folder, name);
}

static void put_config(const char *name, const char *archivo)
{
	ARENA(a, 65536);
	const char *p = pki_dir();

	assert_int_equal(
		file_write(in_folder(&a, name),
			bytes_of_text(arena_printf(&a,
				"[servidor]\nautoridades = localhost\ndireccion = "
				"http://localhost\n[almacen]\narchivo = %s\n[confianza]\ncarpeta = "
				"%s/confianza\n[sello]\ncertificado = %s/sello.cer\nllave = "
				"%s/sello.key\n[calendario]\ndesde = 2024\nhasta = 2034\n",
				archivo, p, p, p)),
			0600),
		OK);
}

static void to_file(const char *name, int to)
{
	ARENA(a, 4096);
	int fd = open(in_folder(&a, name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || dup2(fd, to) < 0)
		_exit(126);
}

static rlim_t file_limit; /* of the next program; 0: none */

static pid_t start(const char *const *words)
{
	ARENA(a, 65536);
	const char *build = getenv("BUZON_BUILD");
	const char *program =
		arena_printf(&a, "%s/buzond", build != NULL && *build != '\0' ? build : "build");
	const char *argv[12] = {program};

	for (size_t i = 0; words[i] != NULL; i++)
		argv[i + 1] = words[i];
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid != 0)
		return pid;
	const struct rlimit limit = {.rlim_cur = file_limit, .rlim_max = RLIM_INFINITY};

	to_file("out", 1);
	to_file("err", 2);
	signal(SIGXFSZ, SIG_IGN);
	if (file_limit != 0)
		setrlimit(RLIMIT_FSIZE, &limit);
	execv(program, (char *const *)(const void *)argv);
	_exit(127);
}

static int finish(pid_t pid)
{
	ARENA(a, 65536);
	struct bytes text = {0};
	int status = 0;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(file_read(&a, in_folder(&a, "out"), 8000, &text), OK);
	snprintf(out_text, sizeof(out_text), "%s", (const char *)text.data);
	assert_int_equal(file_read(&a, in_folder(&a, "err"), 8000, &text), OK);
	snprintf(err_text, sizeof(err_text), "%s", (const char *)text.data);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int run_words(const char *const *words)
{
	return finish(start(words));
}

#define RUN(...) run_words((const char *const[]){__VA_ARGS__, NULL})

static const char *config(struct arena *a)
{
	return in_folder(a, "buzond.conf");
}

static int back_up(const char *to)
{
	ARENA(a, 4096);

	return RUN("respaldar", "--a", to, "--config", config(&a));
}

static int restore_from(const char *from)
{
	ARENA(a, 4096);

	return RUN("restaurar", "--de", from, "--si", "--config", config(&a));
}

/* verificar-almacen of any file. */
static void must_prove(const char *archivo)
{
	ARENA(a, 4096);

	put_config("otro.conf", archivo);
	int code = RUN("verificar-almacen", "--config", in_folder(&a, "otro.conf"));

	if (code != 0)
		fail_msg("%s: exit %d\n%s%s", archivo, code, out_text, err_text);
}

static long acts_in(const char *archivo)
{
	ARENA(a, 4096);

	return strtol(sql_ask(&a, archivo, "SELECT COUNT(*) FROM acto"), NULL, 10);
}

/* With what readers left beside it. */
static void forget(const char *path)
{
	ARENA(a, 4096);

	unlink(path);
	unlink(arena_printf(&a, "%s-wal", path));
	unlink(arena_printf(&a, "%s-shm", path));
}

static size_t files_like(const char *ending)
{
	ARENA(a, 65536);
	char **names = NULL;
	size_t count = 0;

	assert_int_equal(file_list(&a, mundo.folder, ending, &names, &count), OK);
	return count;
}

/* Everything in the folder: nothing may be left behind. */
static size_t all_files(void)
{
	return files_like("");
}

/* ---- the world ---------------------------------------------------------------------------- */

static void act_once(void)
{
	ARENA(a, 4 << 20);
	int64_t ready = mundo_ready(&mundo);
	struct m_notificacion_abrir m = titular_opening(&a, mundo_aviso(&mundo, rfc, ready), ready);

	assert_int_equal(
		titular_call(&a, ROUTE_ID_notificacion_abrir, &m, &by_fisica)->status, 200);
}

/* A whole document of many megabytes, signed. */
static void put_large(void)
{
	ARENA(a, 4096);
	const char *folio = mundo_aviso(&mundo, rfc, mundo_ready(&mundo));

	/* Nobody asks for it: only its size counts here, and it is taken away again. */
	sql_run(store,
		arena_printf(&a, "UPDATE archivo SET datos = zeroblob(%d) WHERE folio = '%s'",
			LARGE_BYTES, folio));
}

static void drop_large(const char *archivo)
{
	sql_run(archivo, "DELETE FROM notificacion WHERE folio IN (SELECT folio FROM archivo WHERE "
			 "length(datos) > 1000); DELETE FROM archivo WHERE length(datos) > 1000;");
}

static int set_up(void **state)
{
	titular_set_up(state);
	store = mundo.config.almacen;
	put_config("buzond.conf", store);
	for (int i = 0; i < 5; i++)
		act_once();
	return 0;
}

/* Nobody in this process has the store open meanwhile. */
static void let_go(void)
{
	writer_close(mundo.writer);
	store_close(mundo.hand);
	store_pool_close(mundo.server.readers);
	llaves_close(mundo.server.llaves);
	budget_close(mundo.server.budget);
}

static void take_again(void)
{
	struct writer_config wc = {.server = &mundo.server,
		.place = store,
		.sealer = mundo.sealer,
		.most = mundo.config.cola};

	assert_int_equal(writer_open(&wc, &mundo.writer), OK);
	assert_int_equal(store_open(store, DB_WRITE, &mundo.hand), OK);
	assert_int_equal(store_pool_open(store, 3, &mundo.server.readers), OK);
	assert_int_equal(llaves_open(1000, &mundo.server.llaves), OK);
	assert_int_equal(budget_open(&mundo.server.budget), OK);
}

/* ---- respaldar ---------------------------------------------------------------------------- */

static void test_backup(void **state)
{
	ARENA(a, ROOM);
	const char *to = in_folder(&a, "copia.db");
	struct copia c;
	struct stat st;

	(void)state;
	int code = back_up(to);

	if (code != 0)
		fail_msg("%d %s", code, err_text);
	assert_int_equal(stat(to, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(copia_check(&a, to, true, &c), OK);
	assert_int_equal(c.actos, acts_in(store));
	assert_true(c.ultimo <= mundo.now && c.ultimo > mundo.now - 600000);
	assert_non_null(strstr(out_text, c.sha256));
	assert_non_null(strstr(
		out_text, arena_printf(&a, "%ld actos, el último recibido el ", (long)c.actos)));
	/* The same as everybody else finds. */
	assert_int_equal(system(arena_printf(&a, "sha256sum %s | grep -q ^%s", to, c.sha256)), 0);
	/* One file: nothing that must be kept with it. */
	assert_int_equal(files_like("copia.db-wal") + files_like("copia.db-shm"), 0);
	must_prove(to);
	forget(to);
}

static void test_never_overwrites(void **state)
{
	ARENA(a, ROOM);
	const char *to = in_folder(&a, "copia.db");
	struct bytes text;

	(void)state;
	assert_int_equal(file_write(to, bytes_of_text("lo de antes"), 0644), OK);
	size_t before = all_files();

	assert_int_equal(back_up(to), 65);
	assert_non_null(strstr(err_text, "--sobrescribir"));
	/* One that somebody makes while it is copied. */
	assert_int_equal(file_rename(config(&a), to, false), ERR_EXISTS);
	assert_int_equal(file_read(&a, to, 100, &text), OK);
	assert_true(bytes_equal(text, bytes_of_text("lo de antes")));
	assert_int_equal(RUN("respaldar", "--a", to, "--sobrescribir", "--config", config(&a)), 0);
	assert_int_equal(all_files(), before);
	must_prove(to);
	assert_int_equal(back_up(store), 64);
	assert_int_equal(
		RUN("respaldar", "--a", store, "--sobrescribir", "--config", config(&a)), 64);
	assert_non_null(strstr(err_text, "el almacén mismo"));
	assert_int_equal(back_up("/no/hay/copia.db"), 66);
	assert_non_null(strstr(err_text, "carpeta"));
	must_prove(store);
	forget(to);
}

static atomic_bool writing;
static atomic_long written;

static void *write_acts(void *unused)
{
	(void)unused;
	while (atomic_load(&writing)) {
		act_once();
		atomic_fetch_add(&written, 1);
	}
	return NULL;
}

/* Constant writes: the copy ends, and holds all that was acknowledged before it began. */
static void test_under_load(void **state)
{
	ARENA(a, ROOM);
	const char *to = in_folder(&a, "copia.db");
	pthread_t thread;

	(void)state;
	for (int i = 0; i < LARGE; i++)
		put_large();
	atomic_store(&writing, true);
	assert_int_equal(pthread_create(&thread, NULL, write_acts, NULL), 0);
	while (atomic_load(&written) < 20)
		usleep(1000);
	for (int i = 0; i < 3; i++) {
		int64_t began = clock_monotonic();
		long before = acts_in(store);
		long at = atomic_load(&written);
		int code = RUN("respaldar", "--a", to, "--sobrescribir", "--config", config(&a));
		long meanwhile = atomic_load(&written) - at;

		if (code != 0)
			fail_msg("%d %s", code, err_text);
		assert_true(clock_monotonic() - began < 60000);
		assert_true(acts_in(to) >= before);
		/* Else there was no load. */
		assert_true(meanwhile > 5);
		drop_large(to);
		must_prove(to);
	}
	atomic_store(&writing, false);
	assert_int_equal(pthread_join(thread, NULL), 0);
	drop_large(store);
	must_prove(store);
	forget(to);
}

static void test_disk_full(void **state)
{
	ARENA(a, ROOM);
	size_t before = all_files();

	(void)state;
	file_limit = 65536;
	int code = back_up(in_folder(&a, "copia.db"));

	file_limit = 0;
	assert_int_equal(code, 74);
	assert_non_null(strstr(err_text, "No cabe la copia"));
	assert_int_equal(all_files(), before);
}

/* Ctrl-C, and a death: the first leaves nothing, the second nothing by that name. */
static void test_interrupted(void **state)
{
	ARENA(a, ROOM);
	const char *to = in_folder(&a, "copia.db");
	size_t before;
	int interrupted = 0;

	(void)state;
	for (int i = 0; i < LARGE; i++)
		put_large();
	before = all_files();
	for (int i = 0; i < 30 && interrupted < 3; i++) {
		pid_t pid = start((const char *const[]){
			"respaldar", "--a", to, "--config", config(&a), NULL});

		usleep(10000 + (unsigned)i * 4000);
		kill(pid, SIGINT);
		int code = finish(pid);

		/* Before it listens it dies of it. */
		if (code == err_exit(ERR_CANCELLED)) {
			assert_non_null(strstr(err_text, "no se hizo ninguna copia"));
			interrupted++;
		}
		assert_true(code == 0 || code == 1 || code == 128 + SIGINT);
		if (code == 0)
			forget(to);
		assert_int_equal(all_files(), before);
	}
	assert_true(interrupted > 0);
	drop_large(store);
}

/* ---- restaurar ---------------------------------------------------------------------------- */

static void test_restore(void **state)
{
	ARENA(a, ROOM);
	const char *copy = in_folder(&a, "copia.db");
	long then = acts_in(store);

	(void)state;
	assert_int_equal(back_up(copy), 0);
	act_once();
	act_once();
	let_go();
	assert_int_equal(acts_in(store), then + 2);
	/* Without --si it only says so. */
	assert_int_equal(RUN("restaurar", "--de", copy, "--config", config(&a)), 64);
	assert_non_null(strstr(out_text, "Se restauraría"));
	assert_non_null(strstr(err_text, "--si"));
	assert_int_equal(acts_in(store), then + 2);
	int code = restore_from(copy);

	if (code != 0)
		fail_msg("%d %s", code, err_text);
	/* The old one is named, and whole. */
	const char *at = strstr(out_text, "quedó en ");

	assert_non_null(at);
	at += strlen("quedó en ");
	const char *kept = arena_printf(&a, "%.*s", (int)strcspn(at, ":"), at);

	assert_int_equal(strncmp(kept, store, strlen(store)), 0);
	assert_int_equal(acts_in(store), then);
	must_prove(store);
	assert_int_equal(acts_in(kept), then + 2);
	must_prove(kept);
	take_again();
	act_once();
	assert_int_equal(acts_in(store), then + 1);
	must_prove(store);
	forget(kept);
	forget(copy);
}

/* Whoever has it: a server, another program. */
static void test_not_while_used(void **state)
{
	ARENA(a, ROOM);
	const char *copy = in_folder(&a, "copia.db");
	struct store_guard *server = NULL;
	struct store_guard *second = NULL;

	(void)state;
	assert_int_equal(back_up(copy), 0);
	assert_int_equal(store_guard_server(store, &server), OK);
	assert_int_equal(store_guard_server(store, &second), ERR_STORE_TAKEN);
	assert_int_equal(restore_from(copy), 75);
	assert_non_null(strstr(err_text, "systemctl stop buzond"));
	store_guard_drop(server);
	size_t before = all_files();

	/* This process has it open. */
	assert_int_equal(restore_from(copy), 75);
	assert_non_null(strstr(err_text, "Otro programa"));
	assert_int_equal(all_files(), before);
	act_once();
	must_prove(store);
	forget(copy);
}

/* A verb that waits for its turn writes to the restored one, never to the one that was put away. */
static void test_verbs_wait(void **state)
{
	ARENA(a, ROOM);
	const char *other = in_folder(&a, "otro.db");
	struct store_guard *alone = NULL;

	(void)state;
	assert_int_equal(back_up(other), 0);
	let_go();
	assert_int_equal(store_guard_alone(store, &alone), OK);
	pid_t pid = start((const char *const[]){
		"alta", "--rfc", "RUSA820922TT8", "--nombre", "ANA", "--config", config(&a), NULL});

	usleep(300000);
	assert_int_equal(waitpid(pid, NULL, WNOHANG), 0);
	assert_int_equal(file_exchange(other, store), OK);
	store_guard_drop(alone);
	assert_int_equal(finish(pid), 0);
	static const char ask[] = "SELECT nombre FROM particular WHERE rfc = 'RUSA820922TT8'";

	assert_string_equal(sql_ask(&a, store, ask), "ANA");
	assert_string_equal(sql_ask(&a, other, ask), "");
	take_again();
	forget(other);
}

static void refused(const char *copy, int code, const char *says)
{
	ARENA(a, 4096);
	long acts = acts_in(store);
	size_t before = all_files();
	int got = restore_from(copy);

	if (got != code || strstr(err_text, says) == NULL)
		fail_msg("%s: %d %s", says, got, err_text);
	assert_int_equal(all_files(), before);
	assert_int_equal(acts_in(store), acts);
}

/* What is no copy of ours, or not whole, takes nobody's place. */
static void test_bad_copies(void **state)
{
	static const struct {
		const char *sql;
		int code;
		const char *says;
	} cases[] = {
		{"PRAGMA user_version = 58983300", 78, "versión más nueva"},
		{"PRAGMA user_version = 0", 65, "no es un almacén"},
		{"DROP TABLE acuse", 65, "no es un almacén"},
		{"DELETE FROM archivo", 65, "no es un almacén"},
		{"DELETE FROM certificado", 65, "no es un almacén"},
	};
	ARENA(a, ROOM);
	const char *copy = in_folder(&a, "copia.db");
	const char *wal = in_folder(&a, "copia.db-wal");

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(back_up(copy), 0);
		sql_run(copy, cases[i].sql);
		refused(copy, cases[i].code, cases[i].says);
		forget(copy);
	}
	refused(in_folder(&a, "nada.db"), 66, "--de");
	refused(mundo.folder, 65, "no es un almacén");
	refused(store, 64, "el almacén mismo");
	assert_int_equal(file_write(copy, bytes_of_text("hola"), 0600), OK);
	refused(copy, 65, "no es un almacén");
	forget(copy);
	/* An index that says another thing than its table. */
	assert_int_equal(back_up(copy), 0);
	long root = strtol(sql_ask(&a, copy,
				   "SELECT CAST(rootpage AS TEXT) FROM sqlite_schema WHERE name = "
				   "'notificacion_titular'"),
		NULL, 10);
	int index = open(copy, O_WRONLY);

	assert_int_equal(pwrite(index, "0000", 4, root * 16384 - 30), 4);
	close(index);
	refused(copy, 65, "no es un almacén");
	forget(copy);
	/* A page in the middle; the end. */
	assert_int_equal(back_up(copy), 0);
	int fd = open(copy, O_WRONLY);

	for (off_t at = 16384 * 4; at < 16384 * 8; at += 512)
		assert_int_equal(pwrite(fd, "dañado", 6, at), 6);
	close(fd);
	refused(copy, 65, "no es un almacén");
	forget(copy);
	assert_int_equal(back_up(copy), 0);
	assert_int_equal(truncate(copy, 16384 * 6), 0);
	refused(copy, 65, "no es un almacén");
	forget(copy);
	assert_int_equal(back_up(copy), 0);
	assert_int_equal(file_write(wal, bytes_of_text("x"), 0600), OK);
	refused(copy, 65, "buzond respaldar");
	forget(copy);
	unlink(wal);
	must_prove(store);
}

/* The case it is for: the store itself is broken, its WAL beside it. */
static void test_damaged_store(void **state)
{
	ARENA(a, ROOM);
	const char *copy = in_folder(&a, "copia.db");
	const char *wal = arena_printf(&a, "%s-wal", store);
	long then = acts_in(store);
	struct bytes log;

	(void)state;
	assert_int_equal(back_up(copy), 0);
	/* A WAL that SQLite would believe, beside whatever file has the name. */
	act_once();
	assert_int_equal(file_read(&a, wal, ROOM / 2, &log), OK);
	assert_true(log.size > 16384);
	let_go();
	int fd = open(store, O_WRONLY);

	for (off_t at = 0; at < 16384 * 4; at += 64)
		assert_int_equal(pwrite(fd, "no es", 5, at), 5);
	close(fd);
	assert_int_equal(file_write(wal, log, 0600), OK);
	int code = restore_from(copy);

	if (code != 0)
		fail_msg("%d %s", code, err_text);
	assert_non_null(strstr(out_text, "que estaba dañado"));
	assert_int_equal(acts_in(store), then);
	must_prove(store);
	assert_true(files_like("-wal") <= 1); /* the old one's, with its own name */
	take_again();
	act_once();
	assert_int_equal(system(arena_printf(&a, "rm %s.20*", store)), 0);
	forget(copy);
}

static void test_no_room_to_restore(void **state)
{
	ARENA(a, ROOM);
	const char *copy = in_folder(&a, "copia.db");

	(void)state;
	assert_int_equal(back_up(copy), 0);
	let_go();
	file_limit = 65536;
	refused(copy, 74, "libera espacio");
	file_limit = 0;
	take_again();
	forget(copy);
}

static void test_where_there_is_none(void **state)
{
	ARENA(a, ROOM);
	const char *copy = in_folder(&a, "copia.db");
	const char *empty = in_folder(&a, "nuevo.db");

	(void)state;
	assert_int_equal(back_up(copy), 0);
	put_config("nuevo.conf", empty);
	assert_int_equal(
		RUN("restaurar", "--de", copy, "--si", "--config", in_folder(&a, "nuevo.conf")), 0);
	assert_null(strstr(out_text, "almacén anterior"));
	assert_int_equal(acts_in(empty), acts_in(copy));
	must_prove(empty);
	forget(empty);
	forget(copy);
}

/* ---- death at any instant ----------------------------------------------------------------- */

static long whole_us(const char *copy)
{
	int64_t began = clock_monotonic();

	assert_int_equal(restore_from(copy), 0);
	return (long)(clock_monotonic() - began) * 1000;
}

static void test_killed_at_any_instant(void **state)
{
	ARENA(a, ROOM);
	const char *one = in_folder(&a, "uno.db");
	const char *two = in_folder(&a, "dos.db");
	const char *copies[] = {one, two};
	long acts[2];
	int killed = 0;
	int changed = 0;

	(void)state;
	assert_int_equal(back_up(one), 0);
	act_once();
	assert_int_equal(back_up(two), 0);
	let_go();
	acts[0] = acts_in(one);
	acts[1] = acts_in(two);
	long whole = whole_us(one);

	for (int i = 0; i < KILLS; i++) {
		long before = acts_in(store);
		int to = before == acts[0] ? 1 : 0;
		pid_t pid = start((const char *const[]){
			"restaurar", "--de", copies[to], "--si", "--config", config(&a), NULL});

		usleep((unsigned)(whole * i / KILLS * 11 / 10));
		kill(pid, SIGKILL);
		killed += finish(pid) == 128 + SIGKILL;
		long after = acts_in(store);

		assert_true(after == before || after == acts[to]);
		changed += after != before;
		assert_string_equal(sql_ask(&a, store, "PRAGMA integrity_check"), "ok");
		/* The lock went with it, and nothing that it left is in the way. */
		if (i % 8 == 0)
			must_prove(store);
	}
	assert_true(killed > KILLS / 2);
	assert_int_equal(restore_from(two), 0);
	assert_true(changed >= 0);
	must_prove(store);
	take_again();
	act_once();
	must_prove(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_backup),
		cmocka_unit_test(test_never_overwrites),
		cmocka_unit_test(test_under_load),
		cmocka_unit_test(test_disk_full),
		cmocka_unit_test(test_interrupted),
		cmocka_unit_test(test_restore),
		cmocka_unit_test(test_not_while_used),
		cmocka_unit_test(test_verbs_wait),
		cmocka_unit_test(test_bad_copies),
		cmocka_unit_test(test_damaged_store),
		cmocka_unit_test(test_no_room_to_restore),
		cmocka_unit_test(test_where_there_is_none),
		cmocka_unit_test(test_killed_at_any_instant),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, set_up, titular_tear_down);
}
