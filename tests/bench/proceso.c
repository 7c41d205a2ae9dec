#include "tests/bench/proceso.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "net/http_in.h"
#include "tests/bench/bench.h"

static void write_config(struct mundo *m, const struct proceso_config *pc, const char *path)
{
	const struct config *c = &m->config;
	bool shared = store_shared(c->almacen);
	FILE *f = fopen(path, "w");

	if (f == NULL)
		bench_die("can't write the configuration");
	fprintf(f,
		"[servidor]\npuerto = %u\nautoridades = %s 127.0.0.1:%u\ndireccion = %s\n"
		"hilos = %u\n",
		pc->port, c->autoridades[0], pc->port, c->direccion, pc->hilos);
	fprintf(f, "presupuesto_rfc = 1000000\npresupuesto_funcionario = 1000000\n"
		   "presupuesto_direccion = 1000000\n");
	fprintf(f, "[almacen]\n%s = %s\n[confianza]\ncarpeta = %s\n",
		shared ? "almacen" : "archivo", c->almacen, c->confianza);
	fprintf(f, "[sello]\ncertificado = %s\nllave = %s\ncontrasena = %s\n", c->sello_certificado,
		c->sello_llave, c->sello_contrasena);
	fprintf(f, "[funcionario GAIL700310KL4]\nnombre = PRUEBA\ncargo = Titular\n"
		   "subdelegacion = Prueba\ntipos = todos\nactos = todos\n");
	fclose(f);
}

/* In the child. */
static _Noreturn void become_buzond(const struct proceso_config *c, const char *config, int out)
{
	const char *build = getenv("BUZON_BUILD");
	char path[512];

	snprintf(path, sizeof(path), "%s/buzond", build != NULL ? build : "build");
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	bench_pin(c->core);
	dup2(out, STDOUT_FILENO);
	dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
	if (c->preload != NULL)
		setenv("LD_PRELOAD", c->preload, 1);
	execl(path, path, "servir", "--config", config, (char *)NULL);
	_exit(127);
}

void proceso_buzond(struct mundo *m, const struct proceso_config *c, struct proceso *ret)
{
	char config[300], line[256];
	int out[2];

	snprintf(config, sizeof(config), "%s/buzond.conf", m->folder);
	write_config(m, c, config);
	if (pipe2(out, O_CLOEXEC) != 0)
		bench_die("no pipe");
	ret->pid = fork();
	if (ret->pid == 0)
		become_buzond(c, config, out[1]);
	close(out[1]);
	FILE *f = fdopen(out[0], "r");
	const char *colon = NULL;

	if (f != NULL && fgets(line, sizeof(line), f) != NULL)
		colon = strrchr(line, ':');
	if (colon == NULL)
		bench_die("buzond did not start (is it built? BUZON_BUILD says where)");
	ret->port = (unsigned short)strtoul(colon + 1, NULL, 10);
	fclose(f);
}

static void answer_at_once(void *ctx, struct http_in_request *rq)
{
	const struct bytes *body = ctx;
	struct http_in_answer a = {
		.status = 200, .content_type = "application/json", .body = *body};

	http_in_answer(rq, &a);
}

static void over(void *ctx, struct http_in_request *rq)
{
	(void)ctx;
	(void)rq;
}

/* In the child. */
static _Noreturn void become_bare(size_t size, int core, int out)
{
	char *text = malloc(size + 1);
	struct bytes body = bytes_of(text, size);
	struct http_in *in;
	struct http_in_config c = {.address = "127.0.0.1",
		.threads = 1,
		.body_limit = 65536,
		.arena_allowance = 4 * 1024 * 1024};
	struct http_in_handlers h = {.ctx = &body, .request = answer_at_once, .closed = over};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	bench_pin(core);
	if (text == NULL)
		_exit(1);
	memset(text, 'x', size);
	if (http_in_start(&c, &h, &in) != OK)
		_exit(1);
	unsigned short port = http_in_port(in);

	if (write(out, &port, sizeof(port)) != sizeof(port))
		_exit(1);
	for (;;)
		pause();
}

void proceso_bare(size_t body, int core, struct proceso *ret)
{
	int out[2];

	if (pipe2(out, O_CLOEXEC) != 0)
		bench_die("no pipe");
	ret->pid = fork();
	if (ret->pid == 0)
		become_bare(body, core, out[1]);
	close(out[1]);
	if (read(out[0], &ret->port, sizeof(ret->port)) != sizeof(ret->port))
		bench_die("the bare HTTP end did not start");
	close(out[0]);
}

void proceso_stop(struct proceso *p)
{
	kill(p->pid, SIGTERM);
	waitpid(p->pid, NULL, 0);
	p->pid = 0;
}

/* ---- trees of processes ------------------------------------------------------------------- */

struct stat_line {
	pid_t pid;
	pid_t parent;
	unsigned long ticks; /* user and system */
};

enum { PROCESSES = 4096 };

static bool read_stat(const char *name, struct stat_line *ret)
{
	char path[300], line[1024];
	unsigned long user, kernel;

	snprintf(path, sizeof(path), "/proc/%s/stat", name);
	FILE *f = isdigit((unsigned char)name[0]) ? fopen(path, "re") : NULL;
	bool there = f != NULL && fgets(line, sizeof(line), f) != NULL;
	const char *after = there ? strrchr(line, ')') : NULL;

	if (f != NULL)
		fclose(f);
	/* proc(5): state ppid, nine more, utime stime. */
	if (after == NULL ||
		sscanf(after + 1, " %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
			&ret->parent, &user, &kernel) != 3)
		return false;
	ret->pid = (pid_t)atoi(name);
	ret->ticks = user + kernel;
	return true;
}

static bool is_in(const struct stat_line *of, size_t count, pid_t pid)
{
	for (size_t i = 0; i < count; i++)
		if (of[i].pid == pid)
			return true;
	return false;
}

/* root and all below it; a child may stand before its parent in /proc. */
static size_t tree(pid_t root, struct stat_line ret[PROCESSES])
{
	static struct stat_line all[PROCESSES];
	size_t count = 0, found = 0, before;
	DIR *d = opendir("/proc");

	for (struct dirent *e; d != NULL && count < PROCESSES && (e = readdir(d)) != NULL;)
		count += read_stat(e->d_name, &all[count]);
	if (d != NULL)
		closedir(d);
	do {
		before = found;
		for (size_t i = 0; i < count; i++)
			if (!is_in(ret, found, all[i].pid) &&
				(all[i].pid == root || is_in(ret, found, all[i].parent)))
				ret[found++] = all[i];
	} while (found != before);
	return found;
}

void proceso_pin(pid_t root, int core)
{
	static struct stat_line in[PROCESSES];
	size_t count = tree(root, in);
	cpu_set_t set;

	CPU_ZERO(&set);
	for (int i = 0; i < CPU_SETSIZE; i++)
		if (core < 0 || i == core)
			CPU_SET(i, &set);
	/* One that has just ended needs no core. */
	for (size_t i = 0; i < count; i++)
		(void)sched_setaffinity(in[i].pid, sizeof(set), &set);
}

double proceso_cpu(pid_t root)
{
	static struct stat_line in[PROCESSES];
	size_t count = tree(root, in);
	unsigned long ticks = 0;

	for (size_t i = 0; i < count; i++)
		ticks += in[i].ticks;
	return (double)ticks / (double)sysconf(_SC_CLK_TCK);
}
