/* The client against a server that plays every mishap: nothing lost, nothing done twice. */
#include "tests/help/cm.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "net/answer.h"
#include "app/client.h"
#include "app/evidence.h"
#include "base/file.h"
#include "base/mem.h"
#include "ley/zona.h"
#include "tests/help/app_server.h"
#include "tests/help/http.h"
#include "tests/help/pki.h"

#define MB (1 << 20)

static char folder[64];

struct world {
	struct app_server server;
	struct perfil perfil;
	struct http_out *out;
	struct client *client;
	char confianza[512];
	char rfc[32];
};

static int open_world(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	struct efirma *f = pki_efirma("fisica");

	snprintf(folder, sizeof(folder), "/tmp/b-app-client-XXXXXX");
	assert_non_null(mkdtemp(folder));
	setenv("XDG_DATA_HOME", folder, 1);
	app_server_start(&w->server, NULL, 0);
	snprintf(w->confianza, sizeof(w->confianza), "%s/confianza", pki_dir());
	snprintf(w->rfc, sizeof(w->rfc), "%s", f->cert.rfc);
	w->perfil = (struct perfil){.nombre = "ana",
		.rfc = w->rfc,
		.calidad = "propio",
		.servidor = w->server.url,
		.confianza = w->confianza};
	assert_int_equal(http_out_open(&w->out), OK);
	assert_int_equal(client_open(&w->perfil, w->out, &w->client), OK);
	client_unlock(w->client, f);
	*state = w;
	return 0;
}

static int close_world(void **state)
{
	struct world *w = *state;
	char command[96];

	assert_int_equal(w->server.unsigned_requests, 0);
	client_close(w->client);
	http_out_close(w->out);
	app_server_stop(&w->server);
	free(w);
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

#define SCRIPT(w, ...)                                                                             \
	static const enum app_mishap script_[] = {__VA_ARGS__};                                    \
	app_server_script(&(w)->server, script_, COUNT_OF(script_))

static enum err open_wait(struct world *w, struct arena *a, struct m_acuse *m)
{
	struct m_notificacion_abrir rq = {
		.folio = "BI-20261109-101500114", .fecha_legal = "2026-11-12"};

	return client_call_wait(w->client, a, ROUTE_ID_notificacion_abrir, &rq, 0, m, NULL, NULL);
}

static void assert_saved(struct arena *a, const struct m_acuse *m)
{
	static const char *const endings[] = {"json", "pdf"};

	for (int i = 0; i < 2; i++) {
		struct evidence ev;

		assert_int_equal(evidence_read(a,
					 arena_printf(a, "%s/buzon-tui/ana/acuses/%s.%s", folder,
						 m->folio, endings[i]),
					 &ev),
			OK);
		assert_string_equal(ev.acuse.cadena, m->cadena);
	}
}

/* A read enters by itself, once; the second uses the same reading key. */
static void test_read(void **state)
{
	struct world *w = *state;
	ARENA(a, 16 * MB);
	struct m_sincronizar rq = {0};
	struct m_sincronizado m;

	SCRIPT(w, APP_WELL, APP_WELL, APP_UNKNOWN_KEY, APP_WELL, APP_CLOCK, APP_WELL,
		APP_UNKNOWN_KEY);
	for (int i = 0; i < 2; i++)
		assert_int_equal(client_call_wait(w->client, &a, ROUTE_ID_sincronizar, &rq, 0, &m,
					 NULL, NULL),
			OK);
	assert_int_equal(w->server.entries, 1);
	/* llave-desconocida: enters again. */
	assert_int_equal(
		client_call_wait(w->client, &a, ROUTE_ID_sincronizar, &rq, 0, &m, NULL, NULL), OK);
	assert_int_equal(w->server.entries, 2);
	/* reloj-desfasado: signed again with the server's hour. */
	assert_int_equal(
		client_call_wait(w->client, &a, ROUTE_ID_sincronizar, &rq, 0, &m, NULL, NULL), OK);
	assert_true(w->server.created[w->server.seen - 1] - w->server.created[w->server.seen - 2] >
		    3500);
	assert_true(client_now(w->client) - pki_now() > 3500 * 1000);
	/* Locked, the reading key goes on; when it ends, nothing is asked of the e.firma. */
	client_unlock(w->client, NULL);
	assert_int_equal(
		client_call_wait(w->client, &a, ROUTE_ID_sincronizar, &rq, 0, &m, NULL, NULL),
		ERR_UNKNOWN_KEY);
	assert_int_equal(open_wait(w, &a, &(struct m_acuse){0}), ERR_UNKNOWN_KEY);
	assert_int_equal(client_outbox_count(w->client), 0);
}

/* L-7.6: the act goes again with its own bytes until it is answered; acuse proved and saved. */
static void test_act_retried(void **state)
{
	struct world *w = *state;
	ARENA(a, 16 * MB);
	struct m_acuse m;

	SCRIPT(w, APP_UNAVAILABLE, APP_TOO_MANY, APP_WELL);
	assert_int_equal(open_wait(w, &a, &m), OK);
	assert_int_equal(w->server.seen, 3);
	assert_string_equal(w->server.signatures[0], w->server.signatures[1]);
	assert_string_equal(w->server.signatures[0], w->server.signatures[2]);
	assert_int_equal(client_outbox_count(w->client), 0);
	assert_saved(&a, &m);
}

/* What a proxy says of a server that died is no word on the act: it goes again, as to a busy one.
 */
static void test_act_through_proxy(void **state)
{
	static const enum app_mishap once[] = {APP_BAD_GATEWAY};
	struct world *w = *state;
	ARENA(a, 16 * MB);
	struct m_acuse m;

	SCRIPT(w, APP_BAD_GATEWAY, APP_BUSY, APP_WELL);
	assert_int_equal(open_wait(w, &a, &m), OK);
	assert_int_equal(w->server.seen, 3);
	assert_string_equal(w->server.signatures[0], w->server.signatures[2]);
	assert_saved(&a, &m);
	app_server_script(&w->server, once, 1);
	client_patience(w->client, 1, NULL, NULL);
	/* "Nothing was registered" is not known. */
	assert_int_equal(open_wait(w, &a, &m), ERR_TIMEOUT);
	assert_int_equal(client_outbox_count(w->client), 1);
}

/* The server does not know the certificate yet: enters, and sends the same act. */
static void test_act_enters(void **state)
{
	struct world *w = *state;
	ARENA(a, 16 * MB);
	struct m_acuse m;

	SCRIPT(w, APP_UNKNOWN_KEY, APP_WELL);
	assert_int_equal(open_wait(w, &a, &m), OK);
	assert_int_equal(w->server.seen, 3);
	assert_int_equal(w->server.routes[1], ROUTE_ID_entrar);
	assert_string_equal(w->server.signatures[0], w->server.signatures[2]);
}

static void test_act_clock(void **state)
{
	struct world *w = *state;
	ARENA(a, 16 * MB);
	struct m_acuse m;

	SCRIPT(w, APP_CLOCK, APP_WELL);
	assert_int_equal(open_wait(w, &a, &m), OK);
	assert_int_equal(w->server.seen, 2);
	assert_string_not_equal(w->server.signatures[0], w->server.signatures[1]);
	assert_int_equal(client_outbox_count(w->client), 0);
}

/* A refusal for good leaves the outbox and is recorded for the person. */
static void test_act_refused(void **state)
{
	struct world *w = *state;
	ARENA(a, 16 * MB);
	struct m_notificacion_abrir rq = {.folio = "BI-1", .fecha_legal = "2026-11-12"};
	struct m_acuse m;
	struct outbox_act *refused = NULL;
	size_t n = 0;
	const char *campo = NULL;

	SCRIPT(w, APP_REFUSED);
	assert_int_equal(client_call_wait(w->client, &a, ROUTE_ID_notificacion_abrir, &rq, 0, &m,
				 NULL, &campo),
		ERR_EFFECT_CHANGED);
	assert_string_equal(campo, "fecha_legal");
	assert_int_equal(client_outbox_count(w->client), 0);
	assert_int_equal(outbox_rejected(client_outbox(w->client), &a, &refused, &n), OK);
	assert_int_equal(n, 1);
	assert_string_equal(refused[0].error, "efecto-cambiado");
	assert_non_null(strstr((const char *)refused[0].body.data, "BI-1"));
}

/* Pages of proxies, half answers and false acuses prove nothing: the act stays and is answered. */
static void test_act_kept(void **state)
{
	static const enum app_mishap mishaps[] = {
		APP_PROXY_PAGE, APP_GARBLED, APP_FALSE_SEAL, APP_OTHER_BODY};
	static const enum err errs[] = {ERR_BAD_ANSWER, ERR_BAD_ANSWER, ERR_BAD_SEAL, ERR_BAD_SEAL};
	static const enum app_mishap well[] = {APP_WELL};
	struct world *w = *state;

	for (size_t i = 0; i < COUNT_OF(mishaps); i++) {
		ARENA(a, 16 * MB);
		struct m_acuse m;
		char **names = NULL;
		size_t n = 0;

		app_server_script(&w->server, &mishaps[i], 1);
		assert_int_equal(open_wait(w, &a, &m), errs[i]);
		assert_int_equal(outbox_list(client_outbox(w->client), &a, &names, &n), OK);
		assert_int_equal(n, 1);
		assert_true(file_exists(arena_printf(
			&a, "%s/%s.respuesta", client_outbox(w->client)->folder, names[0])));
		/* The server's own answer at last, by the same bytes. */
		char first[700];

		snprintf(first, sizeof(first), "%s", w->server.signatures[0]);
		app_server_script(&w->server, well, 1);
		assert_int_equal(client_send_wait(w->client, &a, names[0], &m, NULL, NULL), OK);
		assert_string_equal(first, w->server.signatures[0]);
		assert_int_equal(client_outbox_count(w->client), 0);
		assert_saved(&a, &m);
	}
}

struct told {
	int times;
	enum err err;
	int64_t most_ms;
};

static void on_told(void *ctx, enum err e, int64_t most_ms)
{
	struct told *t = ctx;

	t->times++;
	t->err = e;
	t->most_ms = most_ms;
}

/* Who waits is told at once and for how long; who is in a hurry tries once, and the act stays. */
static void test_patience(void **state)
{
	static const enum app_mishap cut[] = {APP_UNAVAILABLE, APP_UNAVAILABLE};
	static const enum app_mishap once[] = {APP_UNAVAILABLE, APP_WELL};
	struct world *w = *state;
	ARENA(a, 16 * MB);
	struct told told = {0};
	struct m_acuse m;

	app_server_script(&w->server, cut, 2);
	client_patience(w->client, 1, on_told, &told);
	assert_int_not_equal(open_wait(w, &a, &m), OK);
	assert_int_equal(told.times, 0);
	assert_int_equal(w->server.seen, 1);
	assert_int_equal(client_outbox_count(w->client), 1);
	app_server_script(&w->server, once, 2);
	client_patience(w->client, CLIENT_TRIES, on_told, &told);
	assert_int_equal(open_wait(w, &a, &m), OK);
	assert_int_equal(told.times, 1);
	assert_true(answer_retries(told.err));
	assert_true(told.most_ms > 1000 && told.most_ms <= 30000);
	assert_int_equal(client_outbox_count(w->client), 1);
}

static void on_flush(void *ctx, const struct client_result *r)
{
	size_t *answered = ctx;

	assert_int_equal(r->err, OK);
	assert_false(r->pending);
	(*answered)++;
}

static void on_pending(void *ctx, const struct client_result *r)
{
	bool *called = ctx;

	assert_int_equal(r->err, ERR_NETWORK);
	assert_true(r->pending);
	*called = true;
}

/* No line: kept, and another process sends it, locked, when there is one. */
static void test_offline_then_flush(void **state)
{
	struct world *w = *state;
	char dead[64];
	struct m_notificacion_abrir rq = {.folio = "BI-1", .fecha_legal = "2026-11-12"};
	bool called = false;

	SCRIPT(w, APP_WELL);
	w->perfil.servidor = w->server.url;
	snprintf(dead, sizeof(dead), "http://127.0.0.1:%u", http_dead_port());
	struct perfil away = w->perfil;

	away.servidor = dead;
	struct client *c = NULL;

	assert_int_equal(client_open(&away, w->out, &c), OK);
	client_unlock(c, pki_efirma("fisica"));
	assert_int_equal(
		client_call(c, ROUTE_ID_notificacion_abrir, &rq, 0, on_pending, &called), OK);
	assert_int_equal(client_outbox_count(c), 1);
	while (!called)
		assert_int_equal(http_out_wait(w->out, NULL, 0, 1000), OK);
	assert_int_equal(client_outbox_count(c), 1);
	client_close(c);
	/* Signed for that address: it is not sent to another behind the person. */
	client_flush_outbox(w->client, on_pending, &called);
	called = false;
	while (!called)
		assert_int_equal(http_out_wait(w->out, NULL, 0, 1000), OK);
	assert_int_equal(w->server.seen, 0);
}

/* A process that dies once its act is sent: the next one flushes it and gets the acuse. */
static void test_died_then_flush(void **state)
{
	struct world *w = *state;
	struct m_notificacion_abrir rq = {.folio = "BI-1", .fecha_legal = "2026-11-12"};
	bool called = false;
	size_t answered = 0;

	SCRIPT(w, APP_WELL, APP_WELL);
	assert_int_equal(
		client_call(w->client, ROUTE_ID_notificacion_abrir, &rq, 0, on_pending, &called),
		OK);
	/* Cancelled as death would: no callback, the act stays. */
	client_cancel(w->client);
	assert_int_equal(client_outbox_count(w->client), 1);
	client_unlock(w->client, NULL);
	client_flush_outbox(w->client, on_flush, &answered);
	while (answered == 0)
		assert_int_equal(http_out_wait(w->out, NULL, 0, 1000), OK);
	assert_int_equal(client_outbox_count(w->client), 0);
	assert_false(called);
}

/* Locked, what an act needs can't be had now: it stays and is neither refused nor signed again. */
static void test_kept_while_locked(void **state)
{
	struct world *w = *state;
	ARENA(a, 16 * MB);
	struct m_notificacion_abrir rq = {.folio = "BI-1", .fecha_legal = "2026-11-12"};
	struct m_acuse m;
	bool called = false;
	char **names = NULL;
	size_t n = 0;

	assert_int_equal(
		client_call(w->client, ROUTE_ID_notificacion_abrir, &rq, 0, on_pending, &called),
		OK);
	client_cancel(w->client);
	client_unlock(w->client, NULL);
	SCRIPT(w, APP_UNKNOWN_KEY, APP_CLOCK, APP_WELL);
	assert_int_equal(outbox_list(client_outbox(w->client), &a, &names, &n), OK);
	assert_int_equal(
		client_send_wait(w->client, &a, names[0], &m, NULL, NULL), ERR_UNKNOWN_KEY);
	assert_int_equal(client_outbox_count(w->client), 1);
	assert_int_equal(client_send_wait(w->client, &a, names[0], &m, NULL, NULL), ERR_CLOCK_OFF);
	assert_int_equal(client_outbox_count(w->client), 1);
	assert_int_equal(client_send_wait(w->client, &a, names[0], &m, NULL, NULL), OK);
	assert_string_equal(w->server.signatures[0], w->server.signatures[2]);
	assert_int_equal(client_outbox_count(w->client), 0);
	assert_false(called);
}

/* Without a trust folder nothing is signed: its acuse could not be proved. */
static void test_no_trust(void **state)
{
	struct world *w = *state;
	struct perfil p = w->perfil;
	struct client *c = NULL;
	struct m_notificacion_abrir rq = {.folio = "BI-1", .fecha_legal = "2026-11-12"};
	bool called = false;

	p.confianza = NULL;
	assert_int_equal(client_open(&p, w->out, &c), OK);
	client_unlock(c, pki_efirma("fisica"));
	assert_int_equal(client_call(c, ROUTE_ID_notificacion_abrir, &rq, 0, on_pending, &called),
		ERR_NO_TRUST);
	assert_int_equal(client_outbox_count(c), 0);
	client_close(c);
	p.confianza = "/tmp/no/existe";
	assert_int_equal(client_open(&p, w->out, &c), ERR_NO_TRUST);
}

struct ended {
	bool called;
	enum err err;
	bool pending;
};

static void on_ended(void *ctx, const struct client_result *r)
{
	struct ended *e = ctx;

	*e = (struct ended){true, r->err, r->pending};
}

/* A server in a process of its own: the allocations that fail here are the client's alone. */
static pid_t fork_server(char *ret_url, size_t size)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	pid_t pid = fork();

	if (pid == 0) {
		static struct app_server s;

		app_server_start(&s, NULL, 0);
		if (write(ends[1], s.url, sizeof(s.url)) < 0)
			_exit(1);
		for (;;)
			pause();
	}
	assert_int_equal(read(ends[0], ret_url, size), (ssize_t)size);
	close(ends[0]);
	close(ends[1]);
	return pid;
}

/* One act with the n-th allocation failing: true once none failed. */
static bool act_failing(struct world *w, long n)
{
	ARENA(a, 16 * MB);
	struct m_notificacion_abrir rq = {.folio = "BI-1", .fecha_legal = "2026-11-12"};
	struct ended end = {0};

	mem_fail_at(n);
	enum err e = client_call(w->client, ROUTE_ID_notificacion_abrir, &rq, 0, on_ended, &end);

	while (e == OK && !end.called)
		assert_int_not_equal(http_out_wait(w->out, NULL, 0, 1000), ERR_INTERNAL);
	bool whole = mem_count() < n;

	mem_fail_at(0);
	/* Told at once: nothing was left to go. Told later: kept, or done and saved. */
	if (e != OK)
		assert_int_equal(client_outbox_count(w->client), 0);
	else
		assert_int_equal(client_outbox_count(w->client), end.pending ? 1 : 0);
	if (e == OK && !end.pending)
		assert_int_equal(end.err, OK);
	if (end.pending) {
		char **names = NULL;
		size_t count = 0;

		assert_int_equal(outbox_list(client_outbox(w->client), &a, &names, &count), OK);
		assert_int_equal(outbox_remove(client_outbox(w->client), &a, names[0]), OK);
	}
	return whole;
}

static void test_act_no_memory(void **state)
{
	struct world *w = *state;
	char url[sizeof(w->server.url)];
	pid_t pid = fork_server(url, sizeof(url));
	long n = 1;

	w->perfil.servidor = url;
	while (!act_failing(w, n))
		n++;
	assert_true(n > 20);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static int setup(void **state)
{
	(void)state;
	return zona_setup() == OK && http_out_setup() == OK ? 0 : -1;
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(test_read),
		IN_WORLD(test_act_retried),
		IN_WORLD(test_act_through_proxy),
		IN_WORLD(test_act_enters),
		IN_WORLD(test_act_clock),
		IN_WORLD(test_act_refused),
		IN_WORLD(test_act_kept),
		IN_WORLD(test_patience),
		IN_WORLD(test_offline_then_flush),
		IN_WORLD(test_died_then_flush),
		IN_WORLD(test_kept_while_locked),
		IN_WORLD(test_no_trust),
		IN_WORLD(test_act_no_memory),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
