#include "tests/help/kannel.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/file.h"
#include "tests/help/carpeta.h"
#include "tests/help/cm.h"
#include "tests/help/e2e_servidor.h"
#include "tests/help/http.h"
#include "tests/help/pki.h"

#define WAIT_MS 20000

/* Numbers that begin with 999 go to the operator that the test plays. */
static const char config[] =
	"group=core\nadmin-port=%u\nadmin-interface=127.0.0.1\nsmsbox-interface=127.0.0.1\n"
	"ssl-trusted-ca-file=\"%s/tls_ca.pem\"\n"
	"admin-password=x\nsmsbox-port=%u\nstore-type=spool\nstore-location=\"%s/spool\"\n"
	"dlr-storage=internal\nsms-resend-freq=1\nsms-resend-retry=1\n\n"
	"group=smsc\nsmsc=fake\nsmsc-id=FAKE\nport=%u\nconnect-allow-ip=\"127.0.0.1\"\n"
	"denied-prefix=\"+52999\"\n\n"
	"group=smsc\nsmsc=http\nsystem-type=generic\nsmsc-id=RECHAZA\nport=%u\n"
	"connect-allow-ip=\"127.0.0.1\"\nallowed-prefix=\"+52999\"\n"
	"send-url=\"http://127.0.0.1:%u/enviar?a=%%p\"\nstatus-success-regex=\"aceptado\"\n"
	"status-permfail-regex=\"rechazado\"\n\n\n"
	"group=smsbox\nbearerbox-host=127.0.0.1\nsendsms-port=%u\nsendsms-interface=127.0.0.1\n\n"
	"group=sendsms-user\nusername=buzon\npassword=\"clave de sms\"\nmax-messages=3\n"
	"concatenation=true\n";

static void pause_ms(long ms)
{
	nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

static const char *at(struct arena *a, const struct kannel *k, const char *name)
{
	const char *path = arena_printf(a, "%s/%s", k->dir, name);

	assert_non_null(path);
	return path;
}

static pid_t spawn(struct kannel *k, const char *name, int in, const char *const argv[])
{
	ARENA(a, 65536);
	const char *out = at(&a, k, arena_printf(&a, "%s.out", name));
	pid_t test = getpid();

	fflush(NULL);
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid != 0)
		return pid;
	int fd = open(out, O_WRONLY | O_CREAT | O_APPEND, 0600);

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != test || fd < 0 ||
		dup2(fd, 1) < 0 || dup2(fd, 2) < 0 || dup2(in, 0) < 0 || chdir(k->dir) != 0)
		_exit(126);
	execvp(argv[0], (char *const *)(const void *)argv);
	_exit(127);
}

/* Until somebody listens there, while the process lives. */
static void wait_port(struct kannel *k, unsigned port, pid_t pid, const char *name)
{
	ARENA(a, 16 << 20);
	int64_t until = clock_monotonic() + WAIT_MS;
	const char *probe =
		arena_printf(&a, "bash -c 'exec 3<>/dev/tcp/127.0.0.1/%u' 2>/dev/null", port);

	while (system(probe) != 0) {
		if (clock_monotonic() > until || waitpid(pid, NULL, WNOHANG) == pid)
			fail_msg("%s does not start: %s", name, kannel_log(k, &a, name));
		pause_ms(10);
	}
}

static void end(pid_t *pid)
{
	if (*pid <= 0)
		return;
	kill(*pid, SIGKILL);
	assert_int_equal(waitpid(*pid, NULL, 0), *pid);
	*pid = 0;
}

/* Its first line, once all of it is there. */
static void read_head(int fd, char *to, size_t room)
{
	size_t size = 0;
	ssize_t n;

	to[0] = '\0';
	while (strstr(to, "\r\n\r\n") == NULL && (n = read(fd, to + size, room - 1 - size)) > 0) {
		size += (size_t)n;
		to[size] = '\0';
	}
	to[strcspn(to, "\r")] = '\0';
}

/* The operator that refuses numbers which end in 0. */
static void *operate(void *arg)
{
	struct kannel *k = arg;

	for (;;) {
		char request[4096];
		char answer[256];
		int fd = accept(k->listener, NULL, NULL);

		if (fd < 0)
			return NULL;
		read_head(fd, request, sizeof(request));
		const char *end = strstr(request, " HTTP/");
		char last = end != NULL && end > request ? end[-1] : '9';
		const char *word = last == '0' ? "rechazado" : "aceptado";

		snprintf(answer, sizeof(answer),
			"HTTP/1.1 200 OK\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
			strlen(word), word);
		(void)!write(fd, answer, strlen(answer));
		close(fd);
	}
}

void kannel_open(struct kannel *k)
{
	ARENA(a, 65536);

	*k = (struct kannel){.admin = e2e_servidor_port(),
		.box = e2e_servidor_port(),
		.smsc = e2e_servidor_port(),
		.sendsms = e2e_servidor_port()};
	assert_int_equal(carpeta_make(k->dir, sizeof(k->dir), "kannel"), 0);
	assert_int_equal(mkdir(at(&a, k, "spool"), 0700), 0);
	k->listener = e2e_listen(&k->operator);
	assert_int_equal(pthread_create(&k->thread, NULL, operate, k), 0);
	const char *text = arena_printf(&a, config, k->admin, pki_dir(), k->box, k->dir, k->smsc,
		e2e_servidor_port(), k->operator, k->sendsms);

	assert_int_equal(file_write(at(&a, k, "kannel.conf"), bytes_of_text(text), 0600), OK);
	kannel_start(k);
}

void kannel_start(struct kannel *k)
{
	ARENA(a, 65536);
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	const char *port = arena_printf(&a, "%u", k->smsc);
	int in[2];

	k->bearerbox = spawn(k, "bearerbox", null,
		(const char *const[]){"/usr/sbin/bearerbox", "kannel.conf", NULL});
	wait_port(k, k->box, k->bearerbox, "bearerbox");
	k->smsbox = spawn(
		k, "smsbox", null, (const char *const[]){"/usr/sbin/smsbox", "kannel.conf", NULL});
	wait_port(k, k->sendsms, k->smsbox, "smsbox");
	wait_port(k, k->smsc, k->bearerbox, "bearerbox");
	/* It ends with its input. */
	assert_int_equal(pipe2(in, O_CLOEXEC), 0);
	k->fakesmsc = spawn(k, "fakesmsc", in[0],
		(const char *const[]){
			"/usr/lib/kannel/test/fakesmsc", "-H", "127.0.0.1", "-r", port, NULL});
	close(in[0]);
	close(null);
	k->fakesmsc_in = in[1];
}

void kannel_stop(struct kannel *k)
{
	end(&k->fakesmsc);
	end(&k->smsbox);
	end(&k->bearerbox);
	close(k->fakesmsc_in);
}

void kannel_close(struct kannel *k)
{
	kannel_stop(k);
	shutdown(k->listener, SHUT_RDWR);
	pthread_join(k->thread, NULL);
	close(k->listener);
	(void)carpeta_remove(k->dir);
}

const char *kannel_log(struct kannel *k, struct arena *a, const char *name)
{
	struct bytes text;

	if (file_read(a, at(a, k, arena_printf(a, "%s.out", name)), 8 << 20, &text) != OK)
		return "";
	return (const char *)text.data;
}

const char *kannel_phones(struct kannel *k, struct arena *a, const char *text)
{
	int64_t until = clock_monotonic() + WAIT_MS;

	for (;;) {
		ARENA(mine, 16 << 20);

		if (strstr(kannel_log(k, &mine, "fakesmsc"), text) != NULL)
			return kannel_log(k, a, "fakesmsc");
		if (clock_monotonic() > until)
			fail_msg("no phone got «%s»: %s", text, kannel_log(k, &mine, "fakesmsc"));
		pause_ms(20);
	}
}
