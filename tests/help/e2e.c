#include "tests/help/e2e.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cjson/cJSON.h>
#include <sqlite3.h>
#include "base/buf.h"
#include "base/file.h"
#include "crypto/sha.h"
#include "tests/help/cm.h"
#include "tests/help/e2e_oficina.h"
#include "tests/help/pg.h"
#include "tests/help/pki.h"
#include "tests/help/vt.h"

#define FILE_MOST (8 * 1024 * 1024)
#define RUN_MS 150000
#define START_MS 20000
#define STOP_MS VT_MS
#define STARTS 10

static void pause_ms(long ms)
{
	nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

static const char *must(const char *text)
{
	assert_non_null(text);
	return text;
}

const char *e2e_path(struct e2e *w, struct arena *a, const char *name)
{
	return must(
		name[0] == '/' ? arena_strdup(a, name) : arena_printf(a, "%s/%s", w->dir, name));
}

const char *e2e_file(struct e2e *w, struct arena *a, const char *name)
{
	struct bytes text = {0};

	if (file_read(a, e2e_path(w, a, name), FILE_MOST, &text) != OK)
		return "";
	return (const char *)text.data;
}

static void put(struct e2e *w, const char *name, const char *text)
{
	assert_int_equal(file_write(e2e_path(w, &w->arena, name), bytes_of_text(text), 0600), OK);
}

/* ---- processes ---------------------------------------------------------------------------- */

const char *e2e_program(struct e2e *w, const char *name)
{
	const char *build = getenv("BUZON_BUILD");
	char real[PATH_MAX];

	if (strcmp(name, "buzon-tui") != 0 && strcmp(name, "buzond") != 0)
		return name;
	assert_non_null(realpath(build != NULL && build[0] != '\0' ? build : "build", real));
	return must(arena_printf(&w->arena, "%s/%s", real, name));
}

char *const *e2e_env(struct e2e *w)
{
	static const char *const kept[] = {"PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"};
	char **env = arena_array(&w->arena, COUNT_OF(kept) + 6, sizeof(*env));
	size_t n = 0;

	assert_non_null(env);
	env[n++] = arena_printf(&w->arena, "HOME=%s", w->dir);
	env[n++] = arena_printf(&w->arena, "XDG_CONFIG_HOME=%s/config", w->dir);
	env[n++] = arena_printf(&w->arena, "XDG_DATA_HOME=%s/datos", w->dir);
	env[n++] = arena_strdup(&w->arena, "LC_ALL=C.UTF-8");
	env[n++] = arena_strdup(&w->arena, "TERM=xterm-256color");
	for (size_t i = 0; i < COUNT_OF(kept); i++)
		if (getenv(kept[i]) != NULL)
			env[n++] = arena_printf(&w->arena, "%s=%s", kept[i], getenv(kept[i]));
	return env;
}

static void redirect(const char *path, int flags, int to)
{
	int fd = open(path, flags, 0600);

	if (fd < 0 || dup2(fd, to) < 0)
		_exit(126);
	close(fd);
}

pid_t e2e_spawn(struct e2e *w, const char *name, const char *const argv[])
{
	ARENA(a, 64 * 1024);
	const char *program = e2e_program(w, argv[0]);
	const char *out = must(arena_printf(&a, "%s/%s.out", w->dir, name));
	const char *err = must(arena_printf(&a, "%s/%s.err", w->dir, name));
	char *const *env = e2e_env(w);

	/* Before the fork: a child may be slow to begin, and old words would be read for new. */
	(void)unlink(out);
	(void)unlink(err);
	fflush(NULL);
	pid_t test = getpid();
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid != 0)
		return pid;
	/* A test that is killed leaves nothing running. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != test)
		_exit(126);
	redirect("/dev/null", O_RDONLY, 0);
	redirect(out, O_WRONLY | O_CREAT | O_TRUNC, 1);
	redirect(err, O_WRONLY | O_CREAT | O_TRUNC, 2);
	if (chdir(w->dir) != 0)
		_exit(126);
	execvpe(program, (char *const *)(const void *)argv, env);
	_exit(127);
}

int e2e_wait(pid_t pid, int ms)
{
	int status = 0;

	for (int left = ms; left >= 0; left -= 2) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		pause_ms(2);
	}
	return -1;
}

static void end(pid_t *pid)
{
	if (*pid <= 0)
		return;
	kill(*pid, SIGKILL);
	(void)waitpid(*pid, NULL, 0);
	*pid = 0;
}

struct e2e_run e2e_run(struct e2e *w, struct arena *a, const char *const argv[])
{
	static unsigned number;
	const char *name = must(arena_printf(a, "run%u", ++number));
	pid_t pid = e2e_spawn(w, name, argv);
	struct e2e_run r = {.code = e2e_wait(pid, RUN_MS)};

	if (r.code < 0)
		end(&pid);
	r.out = e2e_file(w, a, must(arena_printf(a, "%s.out", name)));
	r.err = e2e_file(w, a, must(arena_printf(a, "%s.err", name)));
	return r;
}

int e2e_listen(unsigned *ret_port)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
	assert_int_equal(listen(fd, 16), 0);
	*ret_port = ntohs(at.sin_port);
	return fd;
}

/* Until the file has the line, while the process lives. */
static bool wait_line(struct e2e *w, const char *file, const char *line, pid_t *pid)
{
	for (int ms = 0; ms < START_MS; ms += 5) {
		ARENA(a, FILE_MOST);
		const char *at = strstr(e2e_file(w, &a, file), line);

		if (at != NULL && strchr(at, '\n') != NULL)
			return true;
		if (waitpid(*pid, NULL, WNOHANG) == *pid) {
			*pid = 0;
			return false;
		}
		pause_ms(5);
	}
	return false;
}

/* ---- the Institute ------------------------------------------------------------------------ */

void e2e_ocsp_start(struct e2e *w)
{
	ARENA(a, FILE_MOST);
	const char *p = pki_dir();
	const char *index =
		w->ocsp_index != NULL ? w->ocsp_index : must(arena_printf(&a, "%s/index.txt", p));
	const char *port = must(arena_printf(&a, "%u", w->ocsp_port));
	const char *signer = must(arena_printf(&a, "%s/ocsp.pem", p));
	const char *key = must(arena_printf(&a, "%s/ocsp.clave.pem", p));
	const char *ca = must(arena_printf(&a, "%s/ca.pem", p));

	w->ocsp = e2e_spawn(w, "ocsp",
		(const char *const[]){"openssl", "ocsp", "-index", index, "-port", port, "-rsigner",
			signer, "-rkey", key, "-CA", ca, "-ndays", "1", "-ignore_err", NULL});
	if (!wait_line(w, "ocsp.out", "ACCEPT", &w->ocsp))
		fail_msg("openssl ocsp: %s", e2e_file(w, &a, "ocsp.err"));
	const char *text = strstr(e2e_file(w, &a, "ocsp.out"), " PID");

	assert_non_null(text);
	while (text[-1] >= '0' && text[-1] <= '9')
		text--;
	w->ocsp_port = (unsigned)atoi(text);
}

void e2e_ocsp_stop(struct e2e *w)
{
	end(&w->ocsp);
}

static void write_server(struct e2e *w)
{
	ARENA(a, 64 * 1024);
	const char *p = pki_dir();

	put(w, "buzond.ini",
		must(arena_printf(&a,
			"[servidor]\nescucha = 127.0.0.1\npuerto = %u\ntls_certificado = "
			"%s/tls.pem\n"
			"tls_llave = %s/tls.key\nautoridades = localhost:%u 127.0.0.1:%u %s\n"
			"direccion = https://localhost:%u\npresupuesto_rfc = 100000\n"
			"presupuesto_funcionario = 100000\n"
			"presupuesto_direccion = 100000\n[almacen]\n%s = %s\n"
			"[confianza]\ncarpeta = %s/confianza\nocsp = http://127.0.0.1:%u\n"
			"[sello]\ncertificado = %s/sello.cer\nllave = %s/sello.key\n"
			"contrasena = %s/sello.pass\n"
			"[funcionario GAIL700310KL4]\nnombre = LUIS GARCÍA IBÁÑEZ\n"
			"cargo = Titular de PRUEBA\ntipos = todos\nactos = todos\n",
			w->port, p, p, w->port, w->port, w->authority != NULL ? w->authority : "",
			w->port, w->place != NULL ? "almacen" : "archivo",
			w->place != NULL ? w->place : w->store, p, w->ocsp_port, p, p, p)));
}

static bool try_start(struct e2e *w)
{
	const char *argv[16] = {0};
	size_t n = 0;

	for (; w->setup != NULL && w->setup[n] != NULL; n++)
		argv[n] = w->setup[n];
	argv[n++] = w->setup != NULL ? e2e_program(w, "buzond") : "buzond";
	argv[n++] = "servir";
	argv[n++] = "--config";
	argv[n++] = "buzond.ini";
	w->server = e2e_spawn(w, "buzond", argv);
	return wait_line(w, "buzond.out", "buzond listo en", &w->server);
}

void e2e_server_start(struct e2e *w)
{
	ARENA(a, FILE_MOST);

	if (!try_start(w))
		fail_msg("buzond: %s", e2e_file(w, &a, "buzond.err"));
}

int e2e_server_stop(struct e2e *w, int number)
{
	if (w->server <= 0)
		return -1;
	kill(w->server, number);
	int code = e2e_wait(w->server, STOP_MS);

	if (code < 0)
		end(&w->server);
	w->server = 0;
	return code;
}

/* A free port may be taken by another world before the server has it. */
static void first_start(struct e2e *w)
{
	ARENA(a, FILE_MOST);
	bool up = false;

	for (int i = 0; i < STARTS && !up; i++) {
		close(e2e_listen(&w->port));
		write_server(w);
		up = try_start(w);
	}
	if (!up)
		fail_msg("buzond: %s", e2e_file(w, &a, "buzond.err"));
}

static void alta(struct e2e *w, const char *rfc, const char *nombre)
{
	ARENA(a, FILE_MOST);
	struct e2e_run r = E2E_RUN(w, &a, "buzond", "alta", "--rfc", rfc, "--nombre", nombre,
		"--config", "buzond.ini", w->sin_activar ? NULL : "--habilitado-2020");

	if (r.code != 0)
		fail_msg("alta: %s", r.err);
}

/* ---- the person --------------------------------------------------------------------------- */

static const char *in_pki(struct arena *a, const char *file, const char *name, const char *ending)
{
	if (file == NULL)
		return must(arena_printf(a, "%s/%s%s", pki_dir(), name, ending));
	return file[0] == '/' ? file : must(arena_printf(a, "%s/%s", pki_dir(), file));
}

void e2e_perfil(struct e2e *w, const struct e2e_perfil *p)
{
	ARENA(a, FILE_MOST);
	const char *before = e2e_file(w, &a, "config/buzon-tui/config.ini");
	bool asked = p->pass != NULL && strcmp(p->pass, "-") == 0;
	const char *command = asked ? ""
				    : must(arena_printf(&a, "clave_comando = cat \"%s\"\n",
					      in_pki(&a, p->pass, p->nombre, ".pass")));

	put(w, "config/buzon-tui/config.ini",
		must(arena_printf(&a,
			"%s[perfil %s]\nrfc = %s\ncalidad = %s\ncertificado = %s\nllave = %s\n%s"
			"servidor = https://localhost:%u\nca = %s\nconfianza = %s/confianza\n",
			before, p->nombre, p->rfc != NULL ? p->rfc : E2E_FISICA,
			p->calidad != NULL ? p->calidad : "propio",
			in_pki(&a, p->certificado, p->nombre, ".cer"),
			in_pki(&a, p->llave, p->nombre, ".key"), command,
			p->port != 0 ? p->port : w->port,
			in_pki(&a, p->ca != NULL ? p->ca : "tls_ca.pem", "", ""), pki_dir())));
}

/* ---- the screen --------------------------------------------------------------------------- */

#define FIELDS_MOST 20
#define ROWS_TRIED (5 * FIELDS_MOST)

struct vt *e2e_screen(struct e2e *w, const char *perfil, int rows, int cols)
{
	char *argv[] = {(char *)(uintptr_t)e2e_program(w, "buzon-tui"),
		perfil != NULL ? (char *)(uintptr_t) "--perfil" : NULL, (char *)(uintptr_t)perfil,
		NULL};
	struct vt *vt = vt_start(argv, e2e_env(w), rows, cols);

	assert_non_null(vt);
	e2e_type(vt, "", "Validación FIEL");
	assert_true(vt_wait_idle(vt, VT_MS));
	return vt;
}

void e2e_forget_copy(struct e2e *w, const char *perfil)
{
	ARENA(a, 64 * 1024);
	const char *folder = e2e_path(w, &a, must(arena_printf(&a, "datos/buzon-tui/%s", perfil)));
	static const char *const endings[] = {".db", ".db-wal", ".db-shm"};

	for (size_t i = 0; i < COUNT_OF(endings); i++) {
		char **names = NULL;
		size_t count = 0;

		if (file_list(&a, folder, endings[i], &names, &count) != OK)
			continue;
		for (size_t n = 0; n < count; n++)
			assert_int_equal(
				remove(must(arena_printf(&a, "%s/%s", folder, names[n]))), 0);
	}
}

void e2e_type(struct vt *vt, const char *keys, const char *text)
{
	assert_true(vt_send(vt, keys));
	if (!vt_wait_text(vt, text, VT_MS))
		fail_msg("no «%s» after the keys; the screen:\n%s", text, vt_screen(vt));
}

static bool marked(struct vt *vt, const char *text)
{
	const char *mark = strstr(vt_screen(vt), "▸");
	const char *at = mark != NULL ? strstr(mark, text) : NULL;

	/* Buttons side by side: the mark stands right before its own. */
	return at != NULL && memchr(mark, '\n', (size_t)(at - mark)) == NULL &&
	       memchr(mark, ']', (size_t)(at - mark)) == NULL;
}

void e2e_focus(struct vt *vt, const char *text)
{
	for (int i = 0; i < FIELDS_MOST && !marked(vt, text); i++)
		assert_true(vt_key(vt, "\t") >= 0);
	if (!marked(vt, text))
		fail_msg("Tab does not lead to «%s»:\n%s", text, vt_screen(vt));
}

void e2e_row(struct vt *vt, const char *text)
{
	/* From the top again and again: rows that arrive meanwhile may come above. */
	for (int i = 0; i < ROWS_TRIED && !marked(vt, text); i++)
		assert_true(vt_key(vt, i % FIELDS_MOST == 0 ? "g" : "\x1b[B") >= 0);
	if (!marked(vt, text))
		fail_msg("no row of «%s»:\n%s", text, vt_screen(vt));
}

/* ---- the store ---------------------------------------------------------------------------- */

/* The queries ask for rows by their shard (core/store/migraciones.def). */
static void parte_de(sqlite3_context *context, int count, sqlite3_value **values)
{
	unsigned char hash[32];

	(void)count;
	assert_int_equal(
		sha256(bytes_of_text((const char *)sqlite3_value_text(values[0])), hash), OK);
	sqlite3_result_int(context, hash[0]);
}

static const char *text_of_file(struct e2e *w, struct arena *a, const char *sql)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *st = NULL;
	const char *found = NULL;

	assert_int_equal(
		sqlite3_open_v2(e2e_path(w, a, w->store), &db, SQLITE_OPEN_READWRITE, NULL),
		SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	assert_int_equal(
		sqlite3_create_function(db, "parte_de", 1, SQLITE_UTF8, NULL, parte_de, NULL, NULL),
		SQLITE_OK);
	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	if (sqlite3_step(st) == SQLITE_ROW && sqlite3_column_text(st, 0) != NULL)
		found = must(arena_strdup(a, (const char *)sqlite3_column_text(st, 0)));
	sqlite3_finalize(st);
	sqlite3_close(db);
	return found;
}

const char *e2e_text(struct e2e *w, struct arena *a, const char *sql)
{
	if (w->place == NULL)
		return text_of_file(w, a, sql);
	const char *rows = pg_ask(a, w->place, sql);

	return *rows != '\0' ? must(arena_printf(a, "%.*s", (int)strcspn(rows, "|\n"), rows))
			     : NULL;
}

int64_t e2e_acuses_of(struct e2e *w, const char *folio)
{
	ARENA(a, 65536);
	const char *text =
		w->place != NULL ? "strpos(convert_from(json, 'UTF8')" : "instr(CAST(json AS TEXT)";

	return e2e_number(
		w, must(arena_printf(&a,
			   "SELECT count(*) FROM acuse WHERE %s, '%s') > 0 AND folio <> '%s'", text,
			   folio, folio)));
}

int64_t e2e_number(struct e2e *w, const char *sql)
{
	ARENA(a, 1024 * 1024);
	const char *text = e2e_text(w, &a, sql);

	return text != NULL ? strtoll(text, NULL, 10) : 0;
}

const char *e2e_json(struct arena *a, const char *line, const char *member)
{
	cJSON *object = cJSON_Parse(line);
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, member);
	const char *text = cJSON_IsString(item) ? arena_strdup(a, item->valuestring) : NULL;

	cJSON_Delete(object);
	if (text == NULL)
		fail_msg("no text «%s» in: %s", member, line);
	return text;
}

/* ---- the world ---------------------------------------------------------------------------- */

void e2e_open(struct e2e *w)
{
	ARENA(a, 64 * 1024);
	const char *tmp = getenv("BUZON_TMP");

	arena_init(&w->arena, 64 * 1024 * 1024);
	snprintf(w->dir, sizeof(w->dir), "%s/e2e.XXXXXX", tmp != NULL ? tmp : "/tmp");
	assert_non_null(mkdtemp(w->dir));
	if (w->store == NULL) {
		w->store = "buzon.db";
		w->place = w->place != NULL ? w->place : pg_database(&w->arena);
	}
	assert_int_equal(file_make_folder(e2e_path(w, &a, "config/buzon-tui")), OK);
	assert_int_equal(file_make_folder(e2e_path(w, &a, "datos")), OK);
	e2e_oficina_set_up(w);
	e2e_ocsp_start(w);
	first_start(w);
	alta(w, E2E_FISICA, E2E_FISICA_NOMBRE);
	alta(w, E2E_MORAL, E2E_MORAL_NOMBRE);
	e2e_perfil(w, &(struct e2e_perfil){.nombre = "fisica"});
	e2e_perfil(w, &(struct e2e_perfil){.nombre = "moral", .rfc = E2E_MORAL});
}

static int forget(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

void e2e_close(struct e2e *w)
{
	end(&w->server);
	end(&w->ocsp);
	if (getenv("BUZON_KEEP") == NULL && w->dir[0] != '\0')
		(void)nftw(w->dir, forget, 16, FTW_DEPTH | FTW_PHYS);
	arena_free(&w->arena);
}
