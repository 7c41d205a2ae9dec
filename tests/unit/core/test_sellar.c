/*
 * The sealing service behind its socket, in real processes: who asks it gets what a server's own
 * sealing process gives; death of either side costs one group; what a peer writes costs that peer;
 * and its socket is nobody else's (L-6.5, L-7.9).
 */
#include "core/sellar.h"

#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/secret.h"
#include "core/sealer_wire.h"
#include "ley/zona.h"
#include "tests/help/carpeta.h"
#include "tests/help/cm.h"
#include "tests/help/core_sello.h"
#include "tests/help/pki.h"

#define MS 30000
/* Nothing waits for a time limit where somebody is there to tell. */
#define SOON 3000

static char folder[200];
static char path[260];
static char said[4096];
static pid_t service;

static void nap(void)
{
	usleep(5000);
}

static struct config seals(void)
{
	struct config c = sello_config("sello");

	c.sello_socket = path;
	return c;
}

/* What a server that asks the service has: no key. */
static struct config asks(void)
{
	struct config c = seals();

	c.sello_llave = NULL;
	c.sello_contrasena = NULL;
	return c;
}

static pid_t spawn(const struct config *c)
{
	int out[2];

	fflush(NULL);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		ARENA(a, 65536);
		const char *message = "";

		/* A test that fails leaves nothing running. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(out[1], 1);
		enum err e = sellar(c, &a, &message);

		printf("%s\n", message);
		fflush(stdout);
		_exit(e == OK ? 0 : (int)e);
	}
	close(out[1]);
	ssize_t n = read(out[0], said, sizeof(said) - 1);

	said[n > 0 ? n : 0] = '\0';
	close(out[0]);
	return pid;
}

/* Its exit code, 128 + signal; -1 where it lives on. */
static int ends(pid_t pid, int ms)
{
	int status = 0;

	for (; ms > 0; ms -= 5, nap())
		if (waitpid(pid, &status, WNOHANG) == pid)
			return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	return -1;
}

static void start(void)
{
	struct config c = seals();

	service = spawn(&c);
	if (strncmp(said, "buzond sella en /", 17) != 0)
		fail_msg("it said: %s", said);
}

static int stop(int number)
{
	kill(service, number);
	int code = ends(service, MS);

	service = 0;
	return code;
}

static int set_up(void **state)
{
	(void)state;
	if (carpeta_make(folder, sizeof(folder), "sellar") != 0)
		return -1;
	snprintf(path, sizeof(path), "%s/sello.sock", folder);
	start();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	if (service > 0)
		(void)stop(SIGKILL);
	return carpeta_remove(folder);
}

static struct sealer *connect_sealer(void)
{
	struct config c = asks();
	struct sealer *s = NULL;

	assert_int_equal(sealer_start(&c, &s), OK);
	return s;
}

static void must_be_gone(pid_t pid)
{
	for (int i = 0; i < MS / 5 && kill(pid, 0) == 0; i++)
		nap();
	assert_int_not_equal(kill(pid, 0), 0);
}

/* ---- what it does ------------------------------------------------------------------------- */

static void test_seals_without_a_key(void **state)
{
	AUTO(sealer) s = connect_sealer();

	(void)state;
	assert_int_equal(sello_try(s), OK);
	assert_int_not_equal(sealer_pid(s), service);
	int64_t start = clock_monotonic();

	assert_int_equal(stop(SIGTERM), 0);
	assert_in_range(clock_monotonic() - start, 0, SOON);
	/* It leaves nothing behind. */
	assert_false(file_exists(path));
}

/* As sd_notify(3) says it, to the manager that asked. */
static void test_tells_the_service_manager(void **state)
{
	char name[300];
	char text[64] = "";

	(void)state;
	assert_int_equal(stop(SIGTERM), 0);
	snprintf(name, sizeof(name), "%s/aviso", folder);
	struct sockaddr_un at = sealer_wire_address(name);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(setenv("NOTIFY_SOCKET", name, 1), 0);
	start();
	assert_int_equal(unsetenv("NOTIFY_SOCKET"), 0);
	/* The line is first, the manager is told right behind it. */
	for (int i = 0; i < MS / 5 && recv(fd, text, sizeof(text) - 1, 0) < 0; i++)
		nap();
	assert_string_equal(text, "READY=1");
	close(fd);
}

/* The checks are the sealing process's, by whatever door one came. */
static void test_refuses(void **state)
{
	ARENA(a, 1 << 20);
	AUTO(sealer) s = connect_sealer();
	int64_t now = pki_now();
	const char *cadenas[] = {
		SELLO_HASH, sello_cadena(&a, s, now - 6 * 60 * 1000), sello_cadena(&a, s, now)};
	struct bytes sellos[COUNT_OF(cadenas)];

	(void)state;
	assert_int_equal(sealer_seal(s, &a, cadenas, COUNT_OF(cadenas), sellos), OK);
	assert_null(sellos[0].data);
	assert_null(sellos[1].data);
	sello_check(s, cadenas[2], sellos[2]);
}

/* Several servers, each its own process; the end of one is nothing to the other. */
static void test_two_servers(void **state)
{
	enum { ROUNDS = 20 };
	AUTO(sealer) here = connect_sealer();
	int gate[2];
	char byte = 0;

	(void)state;
	assert_int_equal(pipe2(gate, O_CLOEXEC), 0);
	fflush(NULL);
	pid_t other = fork();

	if (other == 0) {
		struct sealer *s = connect_sealer();

		for (int i = 0; i < ROUNDS; i++)
			if (sello_try(s) != OK)
				_exit(1);
		/* Killed with a group in flight. */
		if (write(gate[1], &byte, 1) == 1)
			for (;;)
				(void)sello_try(s);
		_exit(2);
	}
	for (int i = 0; i < ROUNDS; i++)
		assert_int_equal(sello_try(here), OK);
	assert_int_equal(read(gate[0], &byte, 1), 1);
	kill(other, SIGKILL);
	assert_int_equal(ends(other, MS), 128 + SIGKILL);
	assert_int_equal(sello_try(here), OK);
	close(gate[0]);
	close(gate[1]);
}

/* ---- deaths ------------------------------------------------------------------------------- */

static void test_sealing_process_dies(void **state)
{
	AUTO(sealer) s = connect_sealer();

	(void)state;
	for (int i = 0; i < 3; i++) {
		pid_t pid = sealer_pid(s);
		int64_t start = clock_monotonic();

		assert_int_equal(kill(pid, SIGSTOP), 0);
		assert_int_equal(kill(pid, SIGKILL), 0);
		assert_int_equal(sello_try(s), ERR_SEAL);
		assert_int_equal(sello_try(s), OK);
		assert_int_not_equal(sealer_pid(s), pid);
		assert_in_range(clock_monotonic() - start, 0, SOON);
	}
}

/* It dies, its processes with it; a new one takes the socket that it left, under a live server. */
static void test_service_dies(void **state)
{
	AUTO(sealer) s = connect_sealer();
	pid_t pid = sealer_pid(s);

	(void)state;
	assert_int_equal(stop(SIGKILL), 128 + SIGKILL);
	must_be_gone(pid);
	assert_int_equal(sello_try(s), ERR_SEAL);
	assert_int_equal(sello_try(s), ERR_SEAL);
	assert_true(file_exists(path));
	start();
	assert_int_equal(sello_try(s), OK);
	assert_int_equal(sello_try(s), OK);
}

static void test_service_restarts(void **state)
{
	AUTO(sealer) s = connect_sealer();

	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(stop(SIGTERM), 0);
		start();
		/* The old connection is found dead once; the next group has a new one. */
		enum err e = sello_try(s);

		assert_true(e == OK || e == ERR_SEAL);
		assert_int_equal(sello_try(s), OK);
	}
}

/* What was sent when it was told to stop is answered. */
static void test_stops_after_what_is_in_flight(void **state)
{
	ARENA(a, 64 << 20);
	AUTO(sealer) s = connect_sealer();
	const char *cadenas[SEALER_PARTS * SEALER_PART];
	struct bytes sellos[SEALER_PART];
	pid_t pid = sealer_pid(s);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cadenas); i++)
		cadenas[i] = sello_cadena(&a, s, pki_now());
	/* Stopped, so that all of it is surely in flight. */
	assert_int_equal(kill(pid, SIGSTOP), 0);
	for (size_t i = 0; i < COUNT_OF(cadenas); i += SEALER_PART)
		assert_int_equal(sealer_send(s, &a, cadenas + i, SEALER_PART), OK);
	kill(service, SIGTERM);
	while (file_exists(path))
		nap();
	assert_int_equal(kill(pid, SIGCONT), 0);
	for (size_t i = 0; i < COUNT_OF(cadenas); i += SEALER_PART) {
		assert_int_equal(sealer_receive(s, &a, SEALER_PART, sellos), OK);
		for (size_t k = 0; k < SEALER_PART; k++)
			sello_check(s, cadenas[i + k], sellos[k]);
	}
	assert_int_equal(ends(service, MS), 0);
	service = 0;
}

/* A peer's process that is stuck does not hold the end for ever. */
static void test_stops_past_who_never_reads(void **state)
{
	AUTO(sealer) s = connect_sealer();

	(void)state;
	assert_int_equal(kill(sealer_pid(s), SIGSTOP), 0);
	assert_int_equal(stop(SIGTERM), 0);
	must_be_gone(sealer_pid(s));
}

/* ---- the socket --------------------------------------------------------------------------- */

static void refused(const struct config *c, enum err e, const char *sentence)
{
	pid_t pid = spawn(c);

	assert_int_equal(ends(pid, MS), e);
	if (strstr(said, sentence) == NULL)
		fail_msg("it said: %s", said);
}

static void test_live_socket_is_kept(void **state)
{
	AUTO(sealer) s = connect_sealer();
	struct config c = seals();
	struct stat st;

	(void)state;
	refused(&c, ERR_UNAVAILABLE, "contesta ya en");
	assert_int_equal(sello_try(s), OK);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0660);
}

static void test_other_things_are_kept(void **state)
{
	struct config c = seals();
	char other[300];

	(void)state;
	snprintf(other, sizeof(other), "%s/notas.txt", folder);
	assert_int_equal(file_write(other, bytes_of_text("mías"), 0600), OK);
	c.sello_socket = other;
	refused(&c, ERR_CONFIG, "no es un socket");
	assert_true(file_exists(other));
	snprintf(other, sizeof(other), "%s/no-hay/sello.sock", folder);
	refused(&c, ERR_NO_FILE, "carpeta");
}

/* The key is tried before anyone can ask. */
static void test_says_what_is_wrong_with_the_key(void **state)
{
	struct config c = seals();
	char other[300];

	(void)state;
	assert_int_equal(stop(SIGTERM), 0);
	c.sello_contrasena = NULL;
	refused(&c, ERR_WRONG_PASSWORD, "");
	c = seals();
	c.sello_llave = "/no/hay";
	refused(&c, ERR_NO_FILE, "");
	snprintf(other, sizeof(other), "%s/fisica.cer", pki_dir());
	c = seals();
	c.sello_certificado = other;
	refused(&c, ERR_KEY_MISMATCH, "");
	assert_false(file_exists(path));
}

static void test_server_without_service(void **state)
{
	struct config c = asks();
	struct sealer *s = NULL;
	char other[300];

	(void)state;
	/* A server that would print another certificate's number on what this one seals. */
	snprintf(other, sizeof(other), "%s/fisica.cer", pki_dir());
	c.sello_certificado = other;
	assert_int_equal(sealer_start(&c, &s), ERR_KEY_MISMATCH);
	assert_int_equal(stop(SIGTERM), 0);
	c = asks();
	assert_int_equal(sealer_start(&c, &s), ERR_SEAL);
	assert_null(s);
}

static unsigned user_of(pid_t pid)
{
	char name[64];
	char line[200];
	unsigned uid = 0;

	snprintf(name, sizeof(name), "/proc/%d/status", (int)pid);
	FILE *f = fopen(name, "r");

	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL && sscanf(line, "Uid: %u", &uid) != 1)
		;
	fclose(f);
	return uid;
}

/* Started as root neither it nor its processes stay root, and that user has the socket. */
static void test_own_user(void **state)
{
	struct passwd *nobody = getpwnam("nobody");
	struct stat st;

	(void)state;
	if (geteuid() != 0 || nobody == NULL)
		skip();
	assert_int_equal(stop(SIGTERM), 0);
	/* The tests' own folder may be below one that only root enters. */
	char own[] = "/tmp/buzon-sello-XXXXXX";
	char command[64];

	assert_non_null(mkdtemp(own));
	snprintf(path, sizeof(path), "%s/sello.sock", own);
	struct config c = sello_config_of("sello", own, "nobody");

	c.sello_usuario = "nobody";
	c.sello_socket = path;
	service = spawn(&c);
	AUTO(sealer) s = connect_sealer();

	assert_int_equal(sello_try(s), OK);
	assert_int_equal(user_of(service), nobody->pw_uid);
	assert_int_equal(user_of(sealer_pid(s)), nobody->pw_uid);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_uid, nobody->pw_uid);
	assert_int_equal(st.st_gid, nobody->pw_gid);
	/* Its processes die with it all the same. */
	pid_t pid = sealer_pid(s);

	assert_int_equal(stop(SIGKILL), 128 + SIGKILL);
	must_be_gone(pid);
	c.sello_usuario = "nadie-con-este-nombre";
	refused(&c, ERR_CONFIG, "");
	snprintf(command, sizeof(command), "rm -rf %s", own);
	assert_int_equal(system(command), 0);
}

/* ---- what a peer writes ------------------------------------------------------------------- */

static void say(const void *bytes, size_t size, bool half_closed)
{
	struct sealer_hello hello;
	char rest[4096];
	int fd = -1;

	assert_int_equal(sealer_wire_connect(path, &fd), OK);
	assert_int_equal(sealer_wire_read(fd, &hello, sizeof(hello), 0), OK);
	assert_int_equal(hello.err, OK);
	enum err sent = sealer_wire_write(fd, bytes_of(bytes, size), 0);

	/* It may have been shown the door before its last byte. */
	assert_true(sent == OK || sent == ERR_SEAL);
	if (half_closed)
		shutdown(fd, SHUT_WR);
	/* It is shown the door: an end, never an answer. */
	assert_int_equal(sealer_wire_read(fd, rest, 1, 0), ERR_SEAL);
	close(fd);
	must_be_gone(hello.pid);
}

static void test_garbage(void **state)
{
	static const uint32_t none[] = {0}, many[] = {SEALER_GROUP + 1}, huge[] = {UINT32_MAX},
			      large_one[] = {1, SEALER_CADENA_BYTES + 1}, cut[] = {1, 100, 0, 0},
			      nul[] = {1, 4, 0};
	static char noise[65536];
	AUTO(sealer) s = connect_sealer();
	uint32_t x = 2026;

	(void)state;
	for (size_t i = 0; i < sizeof(noise); i++) {
		x = x * 1664525 + 1013904223;
		noise[i] = (char)(x >> 24);
	}
	say(none, sizeof(none), false);
	say(many, sizeof(many), false);
	say(huge, sizeof(huge), false);
	say(large_one, sizeof(large_one), false);
	say(cut, sizeof(cut), true);
	say(nul, sizeof(nul), false);
	say(noise, sizeof(noise), false);
	say("", 0, true);
	/* And one that comes and goes, many times. */
	for (int i = 0; i < 50; i++) {
		int fd = -1;

		assert_int_equal(sealer_wire_connect(path, &fd), OK);
		close(fd);
	}
	assert_int_equal(sello_try(s), OK);
}

/* Who takes every place is refused the next, and costs nobody that has one. */
static void test_too_many(void **state)
{
	enum { MOST = 80 };
	AUTO(sealer) s = connect_sealer();
	int fd[MOST];
	int taken = 0;

	(void)state;
	for (int i = 0; i < MOST; i++) {
		struct sealer_hello hello;

		assert_int_equal(sealer_wire_connect(path, &fd[i]), OK);
		taken += sealer_wire_read(fd[i], &hello, sizeof(hello), 0) == OK;
	}
	assert_int_equal(taken, 63);
	assert_int_equal(sello_try(s), OK);
	for (int i = 0; i < MOST; i++)
		close(fd[i]);
	AUTO(sealer) late = NULL;

	for (int i = 0; i < MS / 5 && late == NULL; i++, nap()) {
		struct config c = asks();

		if (sealer_start(&c, &late) != OK)
			late = NULL;
	}
	assert_non_null(late);
	assert_int_equal(sello_try(late), OK);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_seals_without_a_key),
		TEST(test_tells_the_service_manager),
		TEST(test_refuses),
		TEST(test_two_servers),
		TEST(test_sealing_process_dies),
		TEST(test_service_dies),
		TEST(test_service_restarts),
		TEST(test_stops_after_what_is_in_flight),
		TEST(test_stops_past_who_never_reads),
		TEST(test_live_socket_is_kept),
		TEST(test_other_things_are_kept),
		TEST(test_says_what_is_wrong_with_the_key),
		TEST(test_server_without_service),
		TEST(test_own_user),
		TEST(test_garbage),
		TEST(test_too_many),
	};
	struct secret_status status;

	log_open(2, LOG_ERROR);
	if (secret_setup(&status) != OK || zona_setup() != OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
