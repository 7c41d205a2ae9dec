/*
 * Acts issued by the manifest: the finished `buzond notificar --lote` against the finished server,
 * both on both cores, by the limit of sealing on one: what an RSA-2048 signature and its proof
 * take. Each row is a PDF of its own, three signatures of the functionary's (upload, document,
 * act), one journal entry that is synced, and a seal.
 *
 * A round is 1,000 rows: the figure does not depend on how many there are (`BUZON_LOTE=10000 bench
 * oficina` is the whole of it).
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "tests/bench/lote.h"
#include "tests/bench/proceso.h"
#include "tests/help/cm.h"
#include "tests/help/pki.h"

#define ROWS 1000
#define ROUNDS 3
#define LIMIT_TIMES 400
/* Of one core's sealing limit: of the many things a row is, its seal is one. */
#define TARGET 0.10

struct scene {
	struct mundo m;
	struct key *reading;
	struct proceso server;
	unsigned short port;
	size_t rows;
	double client_cpu; /* of all rounds, seconds */
	double server_cpu;
};

static unsigned short free_port(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0 ||
		getsockname(fd, (struct sockaddr *)&at, &size) != 0)
		bench_die("no free port");
	close(fd);
	return ntohs(at.sin_port);
}

/* One page, as different from the others as its number. */
static void write_pdf(const struct scene *s, unsigned number)
{
	static const char *const objects[] = {"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 %u] >>"};
	char path[400];
	char object[200];
	long at[COUNT_OF(objects)];

	snprintf(path, sizeof(path), "%s/lote-%u.pdf", s->m.folder, number);
	FILE *f = fopen(path, "w");

	if (f == NULL)
		bench_die("can't write a PDF");
	fprintf(f, "%%PDF-1.4\n");
	for (size_t i = 0; i < COUNT_OF(objects); i++) {
		at[i] = ftell(f);
		snprintf(object, sizeof(object), "%s", objects[i]);
		if (i == 2)
			snprintf(object, sizeof(object),
				"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 %u] >>",
				1000 + number);
		fprintf(f, "%zu 0 obj\n%s\nendobj\n", i + 1, object);
	}
	long start = ftell(f);

	fprintf(f, "xref\n0 4\n0000000000 65535 f \n");
	for (size_t i = 0; i < COUNT_OF(objects); i++)
		fprintf(f, "%010ld 00000 n \n", at[i]);
	fprintf(f, "trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n%ld\n%%%%EOF\n", start);
	fclose(f);
}

static void write_manifest(const struct scene *s, unsigned round)
{
	char path[400];

	snprintf(path, sizeof(path), "%s/lote%u.csv", s->m.folder, round);
	FILE *f = fopen(path, "w");

	if (f == NULL)
		bench_die("can't write the manifest");
	fprintf(f, "rfc,oficio,tipo,documento,pdf\n");
	for (unsigned i = 0; i < s->rows; i++) {
		unsigned number = round * (unsigned)s->rows + i;

		write_pdf(s, number);
		fprintf(f, "%s,LOTE/%u,R-7.1,Resolución,lote-%u.pdf\n",
			i % 2 == 0 ? s->m.fisica->cert.rfc : s->m.moral->cert.rfc, number, number);
	}
	fclose(f);
}

/* In the child. */
static _Noreturn void become_lot(const struct scene *s, unsigned round)
{
	const char *build = getenv("BUZON_BUILD");
	ARENA(a, 65536);
	const char *program = arena_printf(&a, "%s/buzond", build != NULL ? build : "build");

	execl(program, program, "notificar", "--lote",
		arena_printf(&a, "%s/lote%u.csv", s->m.folder, round), "--servidor",
		arena_printf(&a, "http://127.0.0.1:%u", s->port), "--cer",
		arena_printf(&a, "%s/funcionario.cer", pki_dir()), "--key",
		arena_printf(&a, "%s/funcionario.key", pki_dir()), "--contrasena-archivo",
		arena_printf(&a, "%s/funcionario.pass", pki_dir()), "--informe",
		arena_printf(&a, "%s/informe%u.csv", s->m.folder, round), (char *)NULL);
	_exit(127);
}

/* Seconds of a core that children which have ended used. */
static double ended_cpu(void)
{
	struct rusage u;

	if (getrusage(RUSAGE_CHILDREN, &u) != 0)
		bench_die("no times of children");
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

/* Seconds of one row. */
static double run(struct scene *s, unsigned round)
{
	int status = 1;

	write_manifest(s, round);
	double client = ended_cpu();
	double server = proceso_cpu(s->server.pid);
	double start = bench_now();
	pid_t pid = fork();

	if (pid == 0)
		become_lot(s, round);
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
		bench_die("buzond notificar --lote did not end well");
	double took = bench_now() - start;

	s->client_cpu += ended_cpu() - client;
	s->server_cpu += proceso_cpu(s->server.pid) - server;
	return took / (double)s->rows;
}

/* Seconds of one RSA-2048 sign and one verify, on one core. */
static double limit_time(struct scene *s)
{
	static const char cadena[1000];
	const struct cert *c = &s->m.fisica->cert;
	struct bytes text = bytes_of(cadena, sizeof(cadena));
	struct bytes signature;
	AUTO(key) public = NULL;

	assert_int_equal(key_from_rsa(c->rsa_n, c->rsa_e, &public), OK);
	double start = bench_cpu();

	for (int i = 0; i < LIMIT_TIMES; i++) {
		ARENA(a, 65536);
		assert_int_equal(key_sign(&a, s->m.fisica->key, text, &signature), OK);
		assert_int_equal(key_verify(public, text, signature), OK);
	}
	return (bench_cpu() - start) / LIMIT_TIMES;
}

void bench_oficina(void)
{
	static struct scene s;
	const char *wanted = getenv("BUZON_LOTE");
	double figures[ROUNDS], limits[ROUNDS], ratios[ROUNDS];
	char figure[32], limit[32];
	struct firma_de by;

	s.rows = wanted != NULL ? strtoul(wanted, NULL, 10) : ROWS;
	s.port = free_port();
	s.reading = lote_open(&s.m, LOTE_SQLITE, &by);
	lote_moral(&s.m);
	proceso_buzond(
		&s.m, &(struct proceso_config){.core = -1, .hilos = 4, .port = s.port}, &s.server);
	for (unsigned i = 0; i < ROUNDS; i++) {
		limits[i] = limit_time(&s);
		figures[i] = run(&s, i);
		ratios[i] = limits[i] / figures[i];
	}
	snprintf(figure, sizeof(figure), "%.0f/s", 1 / bench_median(figures, ROUNDS));
	snprintf(limit, sizeof(limit), "%.0f/s", 1 / bench_median(limits, ROUNDS));
	bench_row("issued by the manifest, two cores", figure, limit, bench_median(ratios, ROUNDS),
		BENCH_AT_LEAST, TARGET);
	double rows = (double)s.rows * ROUNDS;

	bench_say("%zu rows a round, each with a PDF of its own; 10,000 take %.0f s", s.rows,
		bench_median(figures, ROUNDS) * 10000);
	bench_say("a row costs %.0f us of a core in the server, %.0f us in the verb",
		s.server_cpu / rows * 1e6, s.client_cpu / rows * 1e6);
	proceso_stop(&s.server);
	key_free(s.reading);
	mundo_close(&s.m);
}
