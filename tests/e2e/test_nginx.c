/*
 * The nginx that operators are shown (tools/servidor/nginx.conf), with nothing but its names, ports
 * and paths changed, between the real client and the server: TLS 1.3 and HTTP/2 with resumption,
 * the path as it was signed, a server that dies unnoticed, and nothing of the inside outside.
 * L-6.1 L-6.5
 */
#include "tests/help/cm.h"
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "tests/help/e2e_sello.h"
#include "tests/help/pki.h"

#define ROOM (16 * 1024 * 1024)
#define OPENINGS "SELECT count(*) FROM acto WHERE ruta = 'notificacion_abrir' AND estado = 200"
#define MS 30000
#define DEATHS 12
#define ACT_US 120000 /* about as long as one act takes */

static struct e2e world;
static struct e2e_sello seal;
static unsigned front;	      /* nginx's port */
static unsigned upstreams[2]; /* of the servers, live or dead */
static pid_t nginx;
static pid_t second; /* server, where there are two */

static const char *must(const char *text)
{
	assert_non_null(text);
	return text;
}

/* ---- nginx -------------------------------------------------------------------------------- */

/* All that is replaced must be there: the example is what is tested, not what it once was. */
static const char *replace(struct arena *a, const char *text, const char *old, const char *new)
{
	const char *at = strstr(text, old);
	struct buf b;

	if (at == NULL)
		fail_msg("nginx.conf has no «%s»", old);
	buf_init(&b, a);
	for (; at != NULL; text = at + strlen(old), at = strstr(text, old))
		buf_printf(&b, "%.*s%s", (int)(at - text), text, new);
	buf_text(&b, text);
	return must(buf_end_text(&b));
}

static const char *example(struct arena *a)
{
	const char *root = getenv("BUZON_ROOT");
	struct bytes file = {0};
	const char *path =
		must(arena_printf(a, "%s/tools/servidor/nginx.conf", root != NULL ? root : "."));

	assert_int_equal(file_read(a, path, ROOM, &file), OK);
	const char *text = (const char *)file.data;
	const char *p = pki_dir();

	text = replace(a, text, "listen [::]:443", must(arena_printf(a, "listen [::1]:%u", front)));
	text = replace(a, text, "listen 443", must(arena_printf(a, "listen 127.0.0.1:%u", front)));
	text = replace(a, text, "buzon.ejemplo.mx", "localhost");
	text = replace(a, text, "/etc/nginx/buzon", p);
	text = replace(a, text, "/var/log/nginx", world.dir);
	for (int i = 0; i < 2; i++)
		text = replace(a, text, i == 0 ? "127.0.0.1:8081" : "127.0.0.1:8082",
			must(arena_printf(a, "127.0.0.1:%u", upstreams[i])));
	return text;
}

static void write_nginx(void)
{
	ARENA(a, ROOM);
	const char *text = must(arena_printf(&a,
		"daemon off; worker_processes 1; user root; pid nginx.pid; error_log stderr info;\n"
		"events {}\nhttp { client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f;\n"
		"uwsgi_temp_path u; scgi_temp_path s;\n%s}\n",
		example(&a)));

	assert_int_equal(
		file_write(e2e_path(&world, &a, "nginx.conf"), bytes_of_text(text), 0600), OK);
}

static bool answers(unsigned port)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
		.sin_port = htons((unsigned short)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool yes = connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0;

	close(fd);
	return yes;
}

static void nginx_stop(void)
{
	if (nginx > 0) {
		kill(nginx, SIGTERM);
		if (e2e_wait(nginx, MS) < 0)
			kill(nginx, SIGKILL);
	}
	nginx = 0;
}

static void nginx_start(void)
{
	ARENA(a, ROOM);

	nginx_stop();
	write_nginx();
	nginx = e2e_spawn(&world, "nginx",
		(const char *const[]){
			"nginx", "-p", world.dir, "-c", "nginx.conf", "-e", "stderr", NULL});
	for (int ms = 0; ms < MS && !answers(front); ms += 10) {
		int code = e2e_wait(nginx, 0);

		if (code >= 0)
			fail_msg("nginx %d: %s", code, e2e_file(&world, &a, "nginx.err"));
		usleep(10000);
	}
}

/* ---- the world ---------------------------------------------------------------------------- */

/* A second live server on the same store, which must be one that several share. */
static void second_start(void)
{
	ARENA(a, ROOM);
	struct e2e_run r = E2E_RUN(&world, &a, "sh", "-c",
		must(arena_printf(&a, "sed 's/^puerto = .*/puerto = %u/' buzond.ini >segundo.ini",
			upstreams[1])));

	assert_int_equal(r.code, 0);
	second = e2e_spawn(&world, "segundo",
		(const char *const[]){"buzond", "servir", "--config", "segundo.ini", NULL});
	for (int ms = 0; ms < MS && !answers(upstreams[1]); ms += 10) {
		if (e2e_wait(second, 0) >= 0)
			fail_msg("segundo: %s", e2e_file(&world, &a, "segundo.err"));
		usleep(10000);
	}
}

static void second_stop(int number)
{
	if (second > 0) {
		kill(second, number);
		assert_in_range(e2e_wait(second, MS), 0, 128 + SIGKILL);
	}
	second = 0;
}

/*
 * The one live server is upstreams[0]; the other port is closed, as of a dead one, but in the test
 * that has two.
 */
static int open_world(void **state)
{
	static const char *extra[6] = {"tls_certificado", "tls_llave", "proxies = 127.0.0.1"};

	(void)state;
	e2e_open(&world);
	close(e2e_listen(&front));
	world.front = front;
	close(e2e_listen(&upstreams[1]));
	upstreams[0] = world.port;
	extra[3] = must(arena_printf(&world.arena, "autoridades = localhost:%u", front));
	extra[4] = must(arena_printf(&world.arena, "direccion = https://localhost:%u", front));
	e2e_sello_open(&seal, &world, extra);
	e2e_perfil(&world, &(struct e2e_perfil){.nombre = "fuera",
				   .certificado = "fisica.cer",
				   .llave = "fisica.key",
				   .pass = "fisica.pass",
				   .port = front});
	nginx_start();
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	nginx_stop();
	second_stop(SIGKILL);
	if (seal.service > 0)
		(void)e2e_sello_stop(&seal, SIGKILL);
	e2e_close(&world);
	return 0;
}

static struct e2e_run open_folio(struct arena *a, const char *folio)
{
	return E2E_RUN(
		&world, a, "buzon-tui", "abrir", folio, "--si", "--json", "--perfil", "fuera");
}

static const char *curl(struct arena *a, const char *path, const char *option, const char *value)
{
	struct e2e_run r = E2E_RUN(&world, a, "curl", "-sS", "--http2", "--path-as-is", "--cacert",
		must(arena_printf(a, "%s/tls_ca.pem", pki_dir())), "-w",
		"\n%{http_code} HTTP/%{http_version}", option, value,
		must(arena_printf(a, "https://localhost:%u%s", front, path)));

	if (r.code != 0)
		fail_msg("curl %s: %d %s", path, r.code, r.err);
	return r.out;
}

static void must_say(const char *text, const char *wanted)
{
	if (strstr(text, wanted) == NULL)
		fail_msg("no «%s» in: %s", wanted, text);
}

static const char *log_text(struct arena *a)
{
	return e2e_file(&world, a, "buzond.log");
}

/* ---- what it does ------------------------------------------------------------------------- */

/* The whole act: list, open, document, acuse, proof. */
static void test_one_whole_act(void **state)
{
	ARENA(a, ROOM);
	const char *folio = e2e_notificar(&world, E2E_FISICA);
	struct e2e_run r = E2E_RUN(&world, &a, "buzon-tui", "notificaciones", "--perfil", "fuera");

	(void)state;
	if (r.code != 0)
		fail_msg("notificaciones: %d %s", r.code, r.err);
	must_say(r.out, folio);
	r = open_folio(&a, folio);
	if (r.code != 0)
		fail_msg("abrir: %d %s", r.code, r.err);
	const char *acuse = e2e_json(&a, r.out, "folio");

	r = E2E_RUN(&world, &a, "buzon-tui", "documento", folio, "-o", "bajado.pdf", "--perfil",
		"fuera");
	if (r.code != 0)
		fail_msg("documento: %d %s", r.code, r.err);
	assert_string_equal(
		e2e_file(&world, &a, "bajado.pdf"), e2e_file(&world, &a, e2e_pdf(&world)));
	r = E2E_RUN(
		&world, &a, "buzon-tui", "acuse", acuse, "-o", "acuse.json", "--perfil", "fuera");
	if (r.code != 0)
		fail_msg("acuse: %d %s", r.code, r.err);
	r = E2E_RUN(&world, &a, "buzon-tui", "verificar", "acuse.json", "--perfil", "fuera");
	if (r.code != 0)
		fail_msg("verificar: %d %s", r.code, r.err);
	must_say(log_text(&a), " POST 200 ");
	must_say(log_text(&a), " TLSv1.3 HTTP/2.0 ");
	assert_null(strstr(log_text(&a), "HTTP/1."));
}

static void test_tls(void **state)
{
	ARENA(a, ROOM);
	const char *command = must(arena_printf(&a,
		"c='openssl s_client -connect localhost:%u -servername localhost -CAfile "
		"%s/tls_ca.pem -verify_return_error -alpn h2'; (sleep 1) | $c -sess_out s.pem >1.txt "
		"2>&1; (sleep 1) | $c -sess_in s.pem >2.txt 2>&1; echo | $c -tls1_2 >3.txt 2>&1",
		front, pki_dir()));
	struct e2e_run r = E2E_RUN(&world, &a, "sh", "-c", command);

	(void)state;
	assert_int_not_equal(r.code, 0);
	must_say(e2e_file(&world, &a, "1.txt"), "New, TLSv1.3");
	must_say(e2e_file(&world, &a, "1.txt"), "ALPN protocol: h2");
	must_say(e2e_file(&world, &a, "1.txt"), "Verify return code: 0 (ok)");
	must_say(e2e_file(&world, &a, "1.txt"), "Peer signature type: ECDSA");
	must_say(e2e_file(&world, &a, "2.txt"), "Reused, TLSv1.3");
	must_say(e2e_file(&world, &a, "3.txt"), "alert protocol version");
}

/* A stand-in for a server: it keeps what it is sent, byte by byte, and answers 200 in its time. */
static void echo_once(int fd, char *text, size_t room, unsigned seconds)
{
	static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
				     "Content-Length: 5\r\nConnection: close\r\n\r\nbien\n";
	struct pollfd p = {.fd = fd, .events = POLLIN};

	assert_int_equal(poll(&p, 1, MS), 1);
	int peer = accept(fd, NULL, NULL);
	size_t n = 0;

	while (n < room - 1 && strstr(text, "\r\n\r\n") == NULL) {
		ssize_t got = recv(peer, text + n, room - 1 - n, 0);

		assert_true(got > 0);
		n += (size_t)got;
		text[n] = '\0';
	}
	sleep(seconds);
	assert_int_equal(send(peer, answer, strlen(answer), MSG_NOSIGNAL), strlen(answer));
	close(peer);
}

/* The target, the host and the client's address are what the signature and the budget need. */
static void test_path_is_unchanged(void **state)
{
	static const char *const targets[] = {
		"/v1/a%2Fb/..%2f/x//y?q=%2F&r=%C3%B1", "/v1//entrar", "/v/ABC%20D+E/%7euser"};
	ARENA(a, ROOM);
	unsigned live = upstreams[0];
	int fd = e2e_listen(&upstreams[0]);

	(void)state;
	nginx_start();
	for (size_t i = 0; i < COUNT_OF(targets); i++) {
		char text[16384] = "";
		const char *url =
			must(arena_printf(&a, "https://localhost:%u%s", front, targets[i]));
		pid_t pid = e2e_spawn(&world, "eco",
			(const char *const[]){"curl", "-sS", "--http2", "--path-as-is", "-k", "-H",
				"X-Forwarded-For: 192.0.2.7", url, NULL});

		echo_once(fd, text, sizeof(text), 0);
		assert_int_equal(e2e_wait(pid, MS), 0);
		must_say(text, must(arena_printf(&a, "GET %s HTTP/1.1\r\n", targets[i])));
		must_say(text, must(arena_printf(&a, "\r\nHost: localhost:%u\r\n", front)));
		must_say(text, "\r\nX-Forwarded-For: 192.0.2.7, ");
	}
	close(fd);
	upstreams[0] = live;
	nginx_start();
}

/* A client waits for avisos up to 50 s, and its server may be slow to write to all that wait. */
static void test_long_poll(void **state)
{
	ARENA(a, ROOM);
	char text[16384] = "";
	unsigned live = upstreams[0];
	int fd = e2e_listen(&upstreams[0]);

	(void)state;
	nginx_start();
	pid_t pid = e2e_spawn(&world, "espera",
		(const char *const[]){"curl", "-sS", "--http2", "-k", "-d", "{}",
			must(arena_printf(&a, "https://localhost:%u/v1/sincronizar", front)),
			NULL});

	echo_once(fd, text, sizeof(text), 62);
	assert_int_equal(e2e_wait(pid, MS), 0);
	assert_string_equal(e2e_file(&world, &a, "espera.out"), "bien\n");
	close(fd);
	upstreams[0] = live;
	nginx_start();
}

/* ---- deaths ------------------------------------------------------------------------------- */

/* What nginx noted from that byte on: a server failed, and no client was told. */
static void must_be_unnoticed(size_t from)
{
	ARENA(a, ROOM);
	const char *since = log_text(&a) + from;

	must_say(since, " 502, 200 ");
	assert_null(strstr(since, " POST 5"));
	assert_null(strstr(since, " POST 499"));
}

/* The first server that is asked is dead, whichever it is: nobody outside sees more than a delay.
 */
static void test_dead_upstream_is_not_noticed(void **state)
{
	ARENA(a, ROOM);
	size_t from = strlen(log_text(&a));

	(void)state;
	for (int i = 0; i < 2; i++) {
		unsigned swap = upstreams[0];

		upstreams[0] = upstreams[1];
		upstreams[1] = swap;
		/* Anew, so that it does not know yet who is dead. */
		nginx_start();
		for (int k = 0; k < 2; k++) {
			struct e2e_run r = open_folio(&a, e2e_notificar(&world, E2E_FISICA));

			if (r.code != 0)
				fail_msg("abrir: %d %s", r.code, r.err);
		}
	}
	must_be_unnoticed(from);
}

/*
 * The first server takes the whole act and dies without an answer: the same bytes reach the other.
 * A POST, so nothing but its nonce makes that right.
 */
static void test_dies_with_the_act_in_hand(void **state)
{
	ARENA(a, ROOM);
	unsigned dead = upstreams[1];
	const char *folio = e2e_notificar(&world, E2E_FISICA);
	int64_t before = e2e_number(&world, OPENINGS);
	size_t from = strlen(log_text(&a));
	int taken = 0;
	int fd = e2e_listen(&upstreams[1]);

	(void)state;
	nginx_start();
	pid_t client = e2e_spawn(&world, "cliente",
		(const char *const[]){
			"buzon-tui", "abrir", folio, "--si", "--json", "--perfil", "fuera", NULL});
	int code = -1;

	for (int ms = 0; ms < 60000 && code < 0; ms += 20) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		char text[65536];

		if (poll(&p, 1, 20) == 1) {
			int peer = accept(fd, NULL, NULL);

			taken += recv(peer, text, sizeof(text), 0) > 0 &&
				 strncmp(text, "POST /v1/", 9) == 0;
			close(peer);
		}
		code = e2e_wait(client, 0);
	}
	close(fd);
	upstreams[1] = dead;
	if (code != 0)
		fail_msg("abrir: %d %s", code, e2e_file(&world, &a, "cliente.err"));
	assert_in_range(taken, 1, 100);
	must_be_unnoticed(from);
	assert_int_equal(e2e_number(&world, OPENINGS), before + 1);
	nginx_start();
}

/* Two that live, on one store: either may be killed at any instant of an act, and nobody outside
 * sees. */
static void test_either_dies(void **state)
{
	ARENA(a, 4 * ROOM);
	unsigned seed = (unsigned)clock_monotonic();
	bool died = false;

	(void)state;
	if (world.place == NULL)
		skip();
	second_start();
	nginx_start();
	print_message("seed %u\n", seed);
	srandom(seed);
	size_t from = strlen(log_text(&a));

	for (int i = 0; i < DEATHS; i++) {
		const char *folio = e2e_notificar(&world, E2E_FISICA);
		pid_t client = e2e_spawn(&world, "cliente",
			(const char *const[]){"buzon-tui", "abrir", folio, "--si", "--json",
				"--perfil", "fuera", NULL});

		usleep((useconds_t)(random() % ACT_US));
		if (i % 2 == 0)
			(void)e2e_server_stop(&world, SIGKILL);
		else
			second_stop(SIGKILL);
		int code = e2e_wait(client, 60000);

		if (code != 0)
			fail_msg("abrir: %d %s", code, e2e_file(&world, &a, "cliente.err"));
		assert_int_equal(e2e_acuses_of(&world, folio), 1);
		if (i % 2 == 0)
			e2e_server_start(&world);
		else
			second_start();
	}
	died = strstr(log_text(&a) + from, " 502, 200 ") != NULL;
	second_stop(SIGTERM);
	nginx_start();
	assert_true(died);
	assert_null(strstr(log_text(&a) + from, " POST 5"));
}

/* Nobody lives: the client is not told that its act was not done, it keeps it, and it is done once.
 */
static void test_all_dead(void **state)
{
	ARENA(a, ROOM);
	const char *folio = e2e_notificar(&world, E2E_FISICA);
	int64_t before = e2e_number(&world, OPENINGS);

	(void)state;
	assert_int_equal(e2e_server_stop(&world, SIGKILL), 128 + SIGKILL);
	struct e2e_run r = open_folio(&a, folio);

	assert_int_equal(r.code, err_exit(ERR_TIMEOUT));
	assert_null(strstr(r.err, "no se registró"));
	must_say(curl(&a, "/v1/entrar", "-d", "{}"), "{\"error\":\"tiempo-agotado\"}\n504 HTTP/2");
	e2e_server_start(&world);
	r = open_folio(&a, folio);
	if (r.code != 0)
		fail_msg("again: %d %s", r.code, r.err);
	assert_int_equal(e2e_number(&world, OPENINGS), before + 1);
}

/* ---- what stays inside -------------------------------------------------------------------- */

static void test_nothing_of_the_inside(void **state)
{
	static const char *const targets[] = {"/salud", "/salud/", "//salud", "/%73alud",
		"/v1/../salud", "/v1/%2e%2e/salud", "/metricas", "/metrics", "/", "/salud?x=/v1/",
		"/c/../salud", "/cerrar/x", "/terminosx"};
	ARENA(a, ROOM);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(targets); i++)
		must_say(curl(&a, targets[i], "-H", "Accept: */*"),
			"{\"error\":\"ruta-desconocida\"}\n404 HTTP/2");
	/* The public pages are, with their policy. */
	static const char *const pages[] = {"/cerrar", "/terminos", "/privacidad/ejemplo-1"};

	for (size_t i = 0; i < COUNT_OF(pages); i++) {
		const char *page = curl(&a, pages[i], "-i", "--compressed");

		must_say(page, "200 HTTP/2");
		must_say(page, "content-security-policy: default-src 'none'");
	}
	/* It is there, for who is on the machine. */
	struct e2e_run r = E2E_RUN(&world, &a, "curl", "-sS",
		must(arena_printf(&a, "http://127.0.0.1:%u/salud", world.port)));

	assert_string_equal(r.out, "bien\n");
}

/* The key of an acuse is in no log, and a body past the limit gets an answer that is understood. */
static void test_logs_and_limits(void **state)
{
	ARENA(a, ROOM);
	char body[70000];

	(void)state;
	memset(body, 'x', sizeof(body) - 1);
	body[sizeof(body) - 1] = '\0';
	must_say(curl(&a, "/v/CLAVESECRETA", "-H", "Accept: */*"), "404 HTTP/2");
	must_say(curl(&a, "/c/CLAVESECRETA", "-H", "Accept: */*"), "404 HTTP/2");
	must_say(curl(&a, "/c/CLAVESECRETA", "-d", ""), "404 HTTP/2");
	/* Also where a server is dead, and nginx has a reason to complain of that request. */
	assert_int_equal(e2e_server_stop(&world, SIGTERM), 0);
	must_say(curl(&a, "/v/CLAVESECRETA", "-H", "Accept: */*"), "504 HTTP/2");
	must_say(curl(&a, "/c/CLAVESECRETA", "-d", ""), "504 HTTP/2");
	e2e_server_start(&world);
	assert_null(strstr(log_text(&a), "CLAVESECRETA"));
	assert_null(strstr(e2e_file(&world, &a, "error.log"), "CLAVESECRETA"));
	assert_null(strstr(e2e_file(&world, &a, "nginx.err"), "CLAVESECRETA"));
	assert_int_equal(file_write(e2e_path(&world, &a, "grande"), bytes_of_text(body), 0600), OK);
	must_say(curl(&a, "/v1/entrar", "--data-binary", "@grande"),
		"{\"error\":\"demasiado-grande\"}\n413 HTTP/2");
	/* A file that is asked about passes as it comes, up to what may be notified. */
	assert_int_equal(truncate(e2e_path(&world, &a, "grande"), 10000000), 0);
	must_say(curl(&a, "/v", "-F", "archivo=@grande"), "404 HTTP/2");
	assert_int_equal(truncate(e2e_path(&world, &a, "grande"), 12000000), 0);
	must_say(curl(&a, "/v", "-F", "archivo=@grande"), "413 HTTP/2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_whole_act),
		cmocka_unit_test(test_tls),
		cmocka_unit_test(test_path_is_unchanged),
		cmocka_unit_test(test_long_poll),
		cmocka_unit_test(test_dead_upstream_is_not_noticed),
		cmocka_unit_test(test_dies_with_the_act_in_hand),
		cmocka_unit_test(test_either_dies),
		cmocka_unit_test(test_all_dead),
		cmocka_unit_test(test_nothing_of_the_inside),
		cmocka_unit_test(test_logs_and_limits),
	};

	if (system("command -v nginx >/dev/null") != 0) {
		puts("not ok test_nginx: install nginx-light (sh tools/deps)");
		return 1;
	}
	return cmocka_run_group_tests(tests, open_world, close_world);
}
