/* The first read of a key, its certificate stored: rebuilt from the row, nothing parsed. */
#include <dlfcn.h>
#include <openssl/x509.h>
#include <stdio.h>
#include "tests/bench/lote.h"
#include "tests/help/cm.h"

#define READS 300 /* a round, of each kind */
#define TARGET 2.0

static size_t parses;

/* Stands before libcrypto's, for our archives: each parse of a certificate is counted. */
X509 *d2i_X509(X509 **to, const unsigned char **in, long size)
{
	static X509 *(*real)(X509 **, const unsigned char **, long);

	/* As dlsym(3) does it: ISO C has no cast from object to function. */
	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "d2i_X509");
	parses++;
	return real(to, in, size);
}

struct scene {
	struct mundo m;
	struct key *reading;
	struct firma_de by;
	const char *cursor;
};

/* Seconds of one read by serve_check. */
static double read_once(struct scene *s, bool cold)
{
	ARENA(a, 1 << 20);
	struct m_sincronizar rq = {.hat = {s->m.fisica->cert.rfc, "propio"}, .cursor = s->cursor};
	struct exchange x = {.arena = &a, .rq = lote_sync(&s->m, &a, &rq, &s->by)};

	if (cold) {
		llaves_drop(s->m.server.llaves, s->by.keyid);
		llaves_drop(s->m.server.llaves, s->m.fisica->cert.thumbprint);
	}
	double start = bench_now();

	if (serve_check(&s->m.server, &x) != SERVE_ANSWER || x.status != 200)
		bench_die("a read was refused");
	return bench_now() - start;
}

static void round_of(struct scene *s, double *ret_warm, double *ret_cold)
{
	double warm[READS], cold[READS];

	for (int i = 0; i < READS; i++) {
		cold[i] = read_once(s, true);
		warm[i] = read_once(s, false);
	}
	*ret_warm = bench_quantile(warm, READS, 0.5);
	*ret_cold = bench_quantile(cold, READS, 0.5);
}

/* The counter counts: one parse by our own code makes it one. */
static void check_counter(struct scene *s)
{
	ARENA(a, 65536);
	struct cert cert;
	size_t before = parses;

	if (cert_read(&a, s->m.fisica->cert.der, &cert) != OK || parses == before)
		bench_die("the parses of certificates are not counted");
}

void bench_cold(void)
{
	static struct scene s;
	ARENA(a, 4 << 20);
	double warm[BENCH_ROUNDS], cold[BENCH_ROUNDS], ratio[BENCH_ROUNDS];
	char figure[32], limit[32], count[32];

	s.reading = lote_open(&s.m, LOTE_SQLITE, &s.by);
	lote_avisos(&s.m, &a, s.m.fisica->cert.rfc, 5, NULL);
	s.cursor = lote_cursor(&s.m, &a, s.m.fisica->cert.rfc, &s.by);
	check_counter(&s);
	size_t before = parses;

	for (int i = 0; i < BENCH_ROUNDS; i++) {
		round_of(&s, &warm[i], &cold[i]);
		ratio[i] = cold[i] / warm[i];
	}
	size_t parsed = parses - before;

	snprintf(figure, sizeof(figure), "%.0f us", bench_median(cold, BENCH_ROUNDS) * 1e6);
	snprintf(limit, sizeof(limit), "%.0f us", bench_median(warm, BENCH_ROUNDS) * 1e6);
	bench_row("first read, certificate stored", figure, limit,
		bench_median(ratio, BENCH_ROUNDS), BENCH_AT_MOST, TARGET);
	snprintf(count, sizeof(count), "%zu", parsed);
	bench_row(
		"certificates parsed in those reads", count, "0", (double)parsed, BENCH_AT_MOST, 0);
	key_free(s.reading);
	mundo_close(&s.m);
}
