/* L-4.2: a revoked e.firma doesn't sign; what `openssl ocsp` says is judged, and only if it may. */
#include "tests/help/cm.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/file.h"
#include "crypto/ocsp.h"
#include "tests/help/pki.h"

#define ROOM (4 * 1024 * 1024)
#define MINUTE (60 * INT64_C(1000))

struct world {
	struct arena arena;
	struct trust *trust;
	struct bytes issuer;
	char folder[64]; /* scratch */
};

static struct bytes cert_of(struct world *w, const char *file)
{
	struct cert c;

	assert_int_equal(cert_read(&w->arena, pki_read(&w->arena, file), &c), OK);
	return c.der;
}

static int setup(void **state)
{
	static struct world w;
	char path[512];

	w = (struct world){.folder = "/tmp/buzon-ocsp-XXXXXX"};
	arena_init(&w.arena, ROOM);
	snprintf(path, sizeof(path), "%s/confianza", pki_dir());
	assert_int_equal(trust_open(path, &w.trust), OK);
	w.issuer = cert_of(&w, "ca.pem");
	assert_non_null(mkdtemp(w.folder));
	*state = &w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;
	char command[128];

	snprintf(command, sizeof(command), "rm -r %s", w->folder);
	assert_int_equal(system(command), 0);
	trust_free(w->trust);
	arena_free(&w->arena);
	return 0;
}

/* What `openssl ocsp` answers about the certificate, without a socket. */
static struct bytes answer(struct world *w, const char *file, const char *options)
{
	struct arena *a = &w->arena;
	struct bytes request;
	struct bytes der = {0};

	assert_int_equal(ocsp_request(a, cert_of(w, file), w->issuer, &request), OK);
	assert_int_equal(file_write(arena_printf(a, "%s/q", w->folder), request, 0600), OK);

	const char *command = arena_printf(a,
		"P='%s'; cd %s && : >empty && openssl ocsp -CA $P/ca.pem -reqin q -respout r %s "
		">log 2>&1",
		pki_dir(), w->folder, options);

	assert_int_equal(system(command), 0);
	assert_int_equal(file_read(a, arena_printf(a, "%s/r", w->folder), ROOM, &der), OK);
	return der;
}

#define GOOD_SIGNER "-index $P/index.txt -rsigner $P/ocsp.pem -rkey $P/ocsp.clave.pem "

static enum err judge_at(
	struct world *w, struct bytes der, const char *file, int64_t at, struct ocsp_verdict *v)
{
	return ocsp_judge(w->trust, der, cert_of(w, file), w->issuer, at, v);
}

static enum err judge(struct world *w, struct bytes der, const char *file, struct ocsp_verdict *v)
{
	return judge_at(w, der, file, pki_now(), v);
}

static void test_statuses(void **state)
{
	struct world *w = *state;
	struct ocsp_verdict v;
	int64_t now = pki_now();
	const char *nobody = "-index empty -rsigner $P/ocsp.pem -rkey $P/ocsp.clave.pem -ndays 1";

	assert_int_equal(
		judge(w, answer(w, "fisica.cer", GOOD_SIGNER "-ndays 1"), "fisica.cer", &v), OK);
	assert_int_equal(v.status, OCSP_GOOD);
	assert_int_equal(v.revoked_at, 0);
	assert_in_range(v.this_update, now - 2000, now + 10000);
	assert_int_equal(v.next_update - v.this_update, 24 * 60 * MINUTE);
	assert_int_equal(
		judge(w, answer(w, "revocada.cer", GOOD_SIGNER "-ndays 1"), "revocada.cer", &v),
		OK);
	assert_int_equal(v.status, OCSP_REVOKED);
	assert_true(v.revoked_at > INT64_C(1600000000000) && v.revoked_at <= now);
	assert_int_equal(judge(w, answer(w, "fisica.cer", nobody), "fisica.cer", &v), OK);
	assert_int_equal(v.status, OCSP_UNKNOWN);
}

/* L-6.5: long after its time it still proves what it said then, and nothing when altered. */
static void test_as_evidence(void **state)
{
	struct world *w = *state;
	struct ocsp_verdict v = {0};
	struct bytes der = answer(w, "fisica.cer", GOOD_SIGNER "-ndays 1");
	struct bytes cer = cert_of(w, "fisica.cer");
	unsigned char *altered = arena_copy(&w->arena, der.data, der.size);

	assert_int_equal(judge_at(w, der, "fisica.cer", pki_now() + 3000 * MINUTE, &v), ERR_OCSP);
	assert_int_equal(ocsp_prove(w->trust, der, cer, w->issuer, &v), OK);
	assert_int_equal(v.status, OCSP_GOOD);
	assert_int_equal(v.next_update - v.this_update, 24 * 60 * MINUTE);
	assert_int_equal(
		ocsp_prove(w->trust, der, cert_of(w, "moral.cer"), w->issuer, &v), ERR_OCSP);
	altered[der.size / 2] ^= 1;
	assert_int_equal(
		ocsp_prove(w->trust, bytes_of(altered, der.size), cer, w->issuer, &v), ERR_OCSP);
}

/* Signed by the issuer itself, by its delegate (above), by one of FOLDER/ocsp; by nobody else. */
static void test_signers(void **state)
{
	struct world *w = *state;
	struct ocsp_verdict v;
	struct trust *with = NULL;
	struct bytes by_person = answer(w, "fisica.cer",
		"-index $P/index.txt -rsigner $P/obra/moral.pem -rkey $P/obra/moral.clave -ndays "
		"1");
	struct bytes by_issuer = answer(w, "fisica.cer",
		"-index $P/index.txt -rsigner $P/ca.pem -rkey $P/obra/ac.clave -ndays 1");
	struct bytes by_namesake = answer(w, "fisica.cer",
		"-index $P/index.txt -rsigner $P/obra/otra_ac.pem -rkey $P/obra/otra_ac.clave "
		"-ndays 1");

	struct bytes by_stranger = answer(w, "fisica.cer",
		"-index $P/index.txt -rsigner $P/obra/ocsp_ajeno.pem -rkey $P/obra/todo.clave "
		"-ndays 1");
	struct bytes by_expired = answer(w, "fisica.cer",
		"-index $P/index.txt -rsigner $P/obra/ocsp_vencido.pem -rkey $P/obra/todo.clave "
		"-ndays 1");

	assert_int_equal(judge(w, by_stranger, "fisica.cer", &v), ERR_OCSP);
	assert_int_equal(judge(w, by_expired, "fisica.cer", &v), ERR_OCSP);
	assert_int_equal(judge(w, by_issuer, "fisica.cer", &v), OK);
	assert_int_equal(judge(w, by_person, "fisica.cer", &v), ERR_OCSP);
	assert_int_equal(judge(w, by_namesake, "fisica.cer", &v), ERR_OCSP);

	/* The same person's answer holds where the folder names them. */
	const char *made =
		arena_printf(&w->arena, "cp -r '%s/confianza' %s/t && cp '%s/moral.cer' %s/t/ocsp/",
			pki_dir(), w->folder, pki_dir(), w->folder);

	assert_int_equal(system(made), 0);
	assert_int_equal(trust_open(arena_printf(&w->arena, "%s/t", w->folder), &with), OK);
	assert_int_equal(
		ocsp_judge(with, by_person, cert_of(w, "fisica.cer"), w->issuer, pki_now(), &v),
		OK);
	assert_int_equal(v.status, OCSP_GOOD);
	trust_free(with);
}

/* By key hash instead of by name. */
static void test_responder_by_key(void **state)
{
	struct world *w = *state;
	struct ocsp_verdict v;
	struct bytes der = answer(w, "fisica.cer", GOOD_SIGNER "-ndays 1 -resp_key_id");

	assert_int_equal(judge(w, der, "fisica.cer", &v), OK);
	assert_int_equal(v.status, OCSP_GOOD);
}

static void test_times(void **state)
{
	struct world *w = *state;
	struct ocsp_verdict v;
	int64_t now = pki_now();
	struct bytes day = answer(w, "fisica.cer", GOOD_SIGNER "-ndays 1");
	struct bytes open = answer(w, "fisica.cer", GOOD_SIGNER);

	assert_int_equal(judge_at(w, day, "fisica.cer", now - 4 * MINUTE, &v), OK);
	assert_int_equal(judge_at(w, day, "fisica.cer", now - 6 * MINUTE, &v), ERR_OCSP);
	assert_int_equal(
		judge_at(w, day, "fisica.cer", now + 24 * 60 * MINUTE + 4 * MINUTE, &v), OK);
	assert_int_equal(
		judge_at(w, day, "fisica.cer", now + 24 * 60 * MINUTE + 6 * MINUTE, &v), ERR_OCSP);
	/* Without nextUpdate it lives a minute. */
	assert_int_equal(judge_at(w, open, "fisica.cer", now + 5 * MINUTE, &v), OK);
	assert_int_equal(v.next_update - v.this_update, MINUTE);
	assert_int_equal(judge_at(w, open, "fisica.cer", now + 7 * MINUTE, &v), ERR_OCSP);
}

static void test_not_an_answer(void **state)
{
	static const unsigned char try_later[] = {0x30, 0x03, 0x0a, 0x01, 0x03};
	struct world *w = *state;
	struct ocsp_verdict v = {.this_update = 7};
	struct bytes good = answer(w, "fisica.cer", GOOD_SIGNER "-ndays 1");

	assert_int_equal(
		judge(w, bytes_of(try_later, sizeof(try_later)), "fisica.cer", &v), ERR_OCSP);
	assert_int_equal(judge(w, bytes_of_text("<html>no</html>"), "fisica.cer", &v), ERR_OCSP);
	assert_int_equal(judge(w, bytes_of(NULL, 0), "fisica.cer", &v), ERR_OCSP);
	/* About another certificate. */
	assert_int_equal(judge(w, good, "moral.cer", &v), ERR_OCSP);
	for (size_t n = 0; n < good.size; n += 13)
		assert_int_equal(judge(w, bytes_of(good.data, n), "fisica.cer", &v), ERR_OCSP);
	assert_int_equal(v.this_update, 7);
}

/* A turned bit anywhere in a "revoked" never makes another verdict of it. */
static void test_altered(void **state)
{
	struct world *w = *state;
	struct bytes der = answer(w, "revocada.cer", GOOD_SIGNER "-ndays 1");
	struct bytes cert = cert_of(w, "revocada.cer");
	unsigned char *bad = arena_copy(&w->arena, der.data, der.size);
	size_t refused = 0;

	for (size_t i = 0; i < der.size; i++) {
		struct ocsp_verdict v;

		bad[i] ^= 1;

		enum err e = ocsp_judge(
			w->trust, bytes_of(bad, der.size), cert, w->issuer, pki_now(), &v);

		bad[i] ^= 1;
		assert_true(e == ERR_OCSP || (e == OK && v.status == OCSP_REVOKED));
		refused += e == ERR_OCSP;
	}
	assert_true(refused > der.size * 9 / 10);
}

static unsigned free_port(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(to);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0 && bind(fd, (struct sockaddr *)&to, size) == 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&to, &size), 0);
	close(fd);
	return ntohs(to.sin_port);
}

static int reach(unsigned port)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons((uint16_t)port)};

	for (int tries = 0; tries < 250; tries++) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);

		assert_true(fd >= 0);
		if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
			return fd;
		close(fd);
		usleep(20 * 1000);
	}
	fail_msg("openssl ocsp does not listen");
	return -1;
}

/* POST and the answer's body: HTTP/1.0, closed by the server. */
static struct bytes post(struct arena *a, unsigned port, struct bytes request)
{
	struct buf b;
	struct bytes all;
	char chunk[4096];
	int fd = reach(port);

	buf_init(&b, a);
	buf_printf(&b,
		"POST / HTTP/1.0\r\nContent-Type: application/ocsp-request\r\n"
		"Content-Length: %zu\r\n\r\n",
		request.size);
	buf_add(&b, request.data, request.size);
	assert_int_equal(buf_end(&b, &all), OK);
	assert_int_equal(write(fd, all.data, all.size), all.size);
	buf_init(&b, a);
	for (ssize_t n; (n = read(fd, chunk, sizeof(chunk))) > 0;)
		buf_add(&b, chunk, (size_t)n);
	close(fd);
	assert_int_equal(buf_end(&b, &all), OK);

	const unsigned char *body = memmem(all.data, all.size, "\r\n\r\n", 4);

	assert_non_null(body);
	return bytes_of(body + 4, all.size - (size_t)(body + 4 - all.data));
}

static pid_t start_responder(unsigned port)
{
	char number[16];
	pid_t child;

	snprintf(number, sizeof(number), "%u", port);
	child = fork();
	assert_true(child >= 0);
	if (child != 0)
		return child;
	if (chdir(pki_dir()) == 0 && freopen("/dev/null", "w", stderr) != NULL &&
		freopen("/dev/null", "w", stdout) != NULL)
		execlp("openssl", "openssl", "ocsp", "-index", "index.txt", "-port", number,
			"-rsigner", "ocsp.pem", "-rkey", "ocsp.clave.pem", "-CA", "ca.pem",
			"-ndays", "1", "-ignore_err", (char *)NULL);
	_exit(127);
}

/* A real responder process, over loopback. */
static void test_real_responder(void **state)
{
	static const struct {
		const char *file;
		enum ocsp_status status;
	} cases[] = {{"fisica.cer", OCSP_GOOD}, {"revocada.cer", OCSP_REVOKED},
		{"moral.cer", OCSP_GOOD}};
	struct world *w = *state;
	unsigned port = free_port();
	pid_t child = start_responder(port);

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct bytes request;
		struct ocsp_verdict v;

		assert_int_equal(
			ocsp_request(&w->arena, cert_of(w, cases[i].file), w->issuer, &request),
			OK);

		struct bytes der = post(&w->arena, port, request);

		assert_int_equal(judge(w, der, cases[i].file, &v), OK);
		assert_int_equal(v.status, cases[i].status);
	}
	kill(child, SIGTERM);
	waitpid(child, NULL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_statuses, setup, teardown),
		cmocka_unit_test_setup_teardown(test_as_evidence, setup, teardown),
		cmocka_unit_test_setup_teardown(test_signers, setup, teardown),
		cmocka_unit_test_setup_teardown(test_responder_by_key, setup, teardown),
		cmocka_unit_test_setup_teardown(test_times, setup, teardown),
		cmocka_unit_test_setup_teardown(test_not_an_answer, setup, teardown),
		cmocka_unit_test_setup_teardown(test_altered, setup, teardown),
		cmocka_unit_test_setup_teardown(test_real_responder, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
