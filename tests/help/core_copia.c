#include "tests/help/core_copia.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/file.h"
#include "tests/help/cm.h"
#include "tests/help/core_sql.h"
#include "tests/help/core_verbo.h"

#define LARGE_BYTES (8 << 20)

char core_copia_out[8192];
char core_copia_err[8192];
char core_copia_config[400];
rlim_t core_copia_limit;

/* ---- the program -------------------------------------------------------------------------- */

const char *core_copia_path(struct arena *a, const char *name)
{
	return arena_printf(a, "%s/%s", mundo.folder, name);
}

static void to_file(const char *name, int to)
{
	ARENA(a, 4096);
	int fd = open(core_copia_path(&a, name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || dup2(fd, to) < 0)
		_exit(126);
}

pid_t core_copia_start(const char *const *words)
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
	const struct rlimit limit = {.rlim_cur = core_copia_limit, .rlim_max = RLIM_INFINITY};

	/* A test that is killed leaves nothing running. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	to_file("out", 1);
	to_file("err", 2);
	signal(SIGXFSZ, SIG_IGN);
	if (core_copia_limit != 0)
		setrlimit(RLIMIT_FSIZE, &limit);
	execv(program, (char *const *)(const void *)argv);
	_exit(127);
}

int core_copia_finish(pid_t pid)
{
	ARENA(a, 65536);
	struct bytes text = {0};
	int status = 0;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(file_read(&a, core_copia_path(&a, "out"), 8000, &text), OK);
	snprintf(core_copia_out, sizeof(core_copia_out), "%s", (const char *)text.data);
	assert_int_equal(file_read(&a, core_copia_path(&a, "err"), 8000, &text), OK);
	snprintf(core_copia_err, sizeof(core_copia_err), "%s", (const char *)text.data);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int core_copia_run(const char *const *words)
{
	return core_copia_finish(core_copia_start(words));
}

int core_copia_back_up(const char *to)
{
	return CORE_COPIA_RUN("respaldar", "--a", to, "--config", core_copia_config);
}

int core_copia_restore(const char *from)
{
	return CORE_COPIA_RUN("restaurar", "--de", from, "--si", "--config", core_copia_config);
}

void core_copia_must_prove(const char *archivo)
{
	char path[400];

	core_verbo_config(path, sizeof(path), archivo);
	int code = CORE_COPIA_RUN("verificar-almacen", "--config", path);

	if (code != 0)
		fail_msg("%s: exit %d\n%s%s", archivo, code, core_copia_out, core_copia_err);
}

long core_copia_acts(const char *archivo)
{
	ARENA(a, 4096);

	return strtol(sql_ask(&a, archivo, "SELECT COUNT(*) FROM acto"), NULL, 10);
}

void core_copia_forget(const char *path)
{
	ARENA(a, 4096);

	unlink(path);
	unlink(arena_printf(&a, "%s-wal", path));
	unlink(arena_printf(&a, "%s-shm", path));
}

size_t core_copia_files(const char *ending)
{
	ARENA(a, 65536);
	char **names = NULL;
	size_t count = 0;

	assert_int_equal(file_list(&a, mundo.folder, ending, &names, &count), OK);
	return count;
}

/* ---- the world ---------------------------------------------------------------------------- */

void core_copia_act(void)
{
	ARENA(a, 4 << 20);
	int64_t ready = mundo_ready(&mundo);
	struct m_notificacion_abrir m = titular_opening(&a, mundo_aviso(&mundo, rfc, ready), ready);

	assert_int_equal(
		titular_call(&a, ROUTE_ID_notificacion_abrir, &m, &by_fisica)->status, 200);
}

/* A whole document of many megabytes, signed. */
void core_copia_large(void)
{
	ARENA(a, 4096);
	const char *folio = mundo_aviso(&mundo, rfc, mundo_ready(&mundo));

	/* Nobody asks for it: only its size counts here, and it is taken away again. */
	sql_run(mundo.config.almacen,
		arena_printf(&a, "UPDATE archivo SET datos = zeroblob(%d) WHERE folio = '%s'",
			LARGE_BYTES, folio));
}

void core_copia_small(const char *archivo)
{
	sql_run(archivo, "DELETE FROM notificacion WHERE folio IN (SELECT folio FROM archivo WHERE "
			 "length(datos) > 1000); DELETE FROM archivo WHERE length(datos) > 1000;");
}

int core_copia_set_up(void **state)
{
	titular_set_up(state);
	core_verbo_config(core_copia_config, sizeof(core_copia_config), mundo.config.almacen);
	for (int i = 0; i < 5; i++)
		core_copia_act();
	return 0;
}
