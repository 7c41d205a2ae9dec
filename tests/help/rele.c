#include "tests/help/rele.h"

#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/file.h"
#include "tests/help/alto.h"
#include "tests/help/carpeta.h"
#include "tests/help/cm.h"
#include "tests/help/e2e_servidor.h"

#define WAIT_MS 20000
#define USER "Debian-exim"

/* Behind four macros of its own. */
static const char config[] =
	"primary_hostname=localhost\nspool_directory=R_DIR/spool\nlog_file_path=R_DIR/log/%slog\n"
	"pid_file_path=R_DIR/pid\ndaemon_smtp_ports=R_PLAIN : R_STARTTLS : R_SMTPS\ntls_on_connect_ports=R_SMTPS\n"
	"local_interfaces=127.0.0.1\ntls_advertise_hosts=*\ntls_certificate=R_DIR/cert.pem\n"
	"tls_privatekey=R_DIR/key.pem\nsmtputf8_advertise_hosts=*\nkeep_environment=\n"
	"acl_smtp_mail=c_mail\nacl_smtp_rcpt=c_rcpt\nacl_smtp_data=c_data\n"
	"queue_only=false\nmessage_logs=false\nsmtp_accept_max=50\nrecipient_unqualified_hosts=\n"
	"begin acl\n"
	"c_mail:\n"
	"  deny message=530 5.7.0 Authentication required\n"
	"       condition=${if !eq{$received_port}{R_PLAIN}}\n"
	"       !authenticated=*\n"
	"  accept\n"
	"c_rcpt:\n"
	"  defer message=451 4.3.0 try later\n"
	"        condition=${if exists{R_DIR/aplaza}}\n"
	"  defer message=451 4.3.0 try later\n"
	"        local_parts=aplaza\n"
	"  deny message=550 5.1.1 no such user\n"
	"       local_parts=rechaza\n"
	"  accept local_parts=lento\n"
	"         delay=2s\n"
	"  accept\n"
	"c_data:\n"
	"  accept condition=${if match{$recipients}{medita@}}\n"
	"         delay=2s\n"
	"  accept condition=${if match{$recipients}{piensa@}}\n"
	"         delay=3s\n"
	"  defer message=451 4.3.0 try later\n"
	"        condition=${if exists{R_DIR/aplaza_datos}}\n"
	"  deny message=550 5.7.1 content refused\n"
	"        condition=${if match{$recipients}{contenido@}}\n"
	"  defer message=452 4.3.1 disk full\n"
	"        condition=${if match{$recipients}{lleno4@}}\n"
	"  deny message=552 5.2.2 mailbox full\n"
	"       condition=${if match{$recipients}{lleno5@}}\n"
	"  accept\n"
	"begin routers\n"
	"falla:\n  driver=redirect\n  local_parts=rebota\n  data=:fail: no such user\n  allow_fail\n"
	"todos:\n  driver=accept\n  transport=md\n"
	"begin transports\n"
	"md:\n  driver=appendfile\n  directory=R_DIR/Maildir\n  maildir_format\n  user=" USER "\n"
	"  return_path_add\n  envelope_to_add\n"
	"begin authenticators\n"
	"plain:\n  driver=plaintext\n  public_name=PLAIN\n  server_prompts=:\n"
	"  server_condition=${if and{{eq{$auth2}{tester}}{eq{$auth3}{secreto de prueba}}}}\n"
	"  server_advertise_condition=${if def:tls_in_cipher}\n";

static void pause_ms(long ms)
{
	nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

/* A folder or a file that exim, who is nobody else, works with. */
static void give(const char *path, mode_t mode)
{
	const struct passwd *p = getpwnam(USER);

	assert_non_null(p);
	assert_int_equal(chown(path, p->pw_uid, p->pw_gid), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static const char *at(struct arena *a, const struct rele *r, const char *name)
{
	const char *path = arena_printf(a, "%s/%s", r->dir, name);

	assert_non_null(path);
	return path;
}

bool rele_open(struct rele *r)
{
	ARENA(a, 1 << 20);
	static const char *const folders[] = {"spool", "log", "Maildir"};

	if (geteuid() != 0 || getpwnam(USER) == NULL)
		return false;
	*r = (struct rele){.plain = e2e_servidor_port(),
		.starttls = e2e_servidor_port(),
		.smtps = e2e_servidor_port()};
	/* Where another user can reach it, whatever the folders of tests are. */
	snprintf(r->dir, sizeof(r->dir), "/tmp/buzon-rele-XXXXXX");
	assert_non_null(mkdtemp(r->dir));
	assert_int_equal(chmod(r->dir, 0755), 0);
	http_tls_make(&r->tls);
	for (size_t i = 0; i < COUNT_OF(folders); i++) {
		assert_int_equal(mkdir(at(&a, r, folders[i]), 0750), 0);
		give(at(&a, r, folders[i]), 0750);
	}
	assert_int_equal(
		file_write(at(&a, r, "cert.pem"), bytes_of_text(r->tls.cert_pem), 0644), OK);
	assert_int_equal(file_write(at(&a, r, "key.pem"), bytes_of_text(r->tls.key_pem), 0600), OK);
	give(at(&a, r, "key.pem"), 0600);
	assert_int_equal(file_write(at(&a, r, "exim.conf"),
				 bytes_of_text(arena_printf(&a,
					 "R_DIR=%s\nR_PLAIN=%u\nR_STARTTLS=%u\nR_SMTPS=%u\n%s",
					 r->dir, r->plain, r->starttls, r->smtps, config)),
				 0644),
		OK);
	rele_start(r);
	return true;
}

static bool answers(unsigned port)
{
	char line[64] = "";
	int fd = http_connect((unsigned short)port);

	http_receive(fd, line, 4, 2000);
	close(fd);
	return strncmp(line, "220", 3) == 0;
}

static bool listens(const struct rele *r)
{
	ARENA(a, 65536);
	const char *probe =
		arena_printf(&a, "exec 3<>/dev/tcp/127.0.0.1/%u && exec 3<>/dev/tcp/127.0.0.1/%u",
			r->plain, r->smtps);
	const char *command = arena_printf(&a, "bash -c '%s' 2>/dev/null", probe);

	return system(command) == 0;
}

void rele_start(struct rele *r)
{
	ARENA(a, 65536);
	const char *conf = at(&a, r, "exim.conf");
	int64_t until = clock_monotonic() + WAIT_MS;
	pid_t test = getpid();

	fflush(NULL);
	r->pid = fork();
	assert_true(r->pid >= 0);
	if (r->pid == 0) {
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != test)
			_exit(126);
		/* It says of each delivery that it is not root's any more. */
		int fd = open(at(&a, r, "stderr"), O_WRONLY | O_CREAT | O_APPEND, 0600);

		if (fd < 0 || dup2(fd, 2) < 0)
			_exit(126);
		execl("/usr/sbin/exim4", "exim4", "-C", conf, "-bdf", (char *)NULL);
		_exit(127);
	}
	while (!listens(r)) {
		if (clock_monotonic() > until || waitpid(r->pid, NULL, WNOHANG) == r->pid)
			fail_msg("exim4 does not start; see %s", r->dir);
		pause_ms(20);
	}
	assert_true(answers(r->plain));
}

void rele_stop(struct rele *r)
{
	if (r->pid <= 0)
		return;
	kill(r->pid, SIGTERM);
	assert_int_equal(waitpid(r->pid, NULL, 0), r->pid);
	r->pid = 0;
}

void rele_hold(struct rele *r, bool held)
{
	assert_true(r->pid > 0);
	if (held)
		assert_true(alto(r->pid));
	else
		assert_int_equal(kill(r->pid, SIGCONT), 0);
}

void rele_defer(struct rele *r, bool deferring)
{
	ARENA(a, 65536);
	const char *path = at(&a, r, "aplaza_datos");

	if (deferring)
		assert_int_equal(file_write(path, bytes_of_text(""), 0644), OK);
	else
		assert_int_equal(unlink(path), 0);
}

void rele_close(struct rele *r)
{
	rele_stop(r);
	http_tls_drop(&r->tls);
	(void)carpeta_remove(r->dir);
}

static size_t look(struct rele *r, struct arena *a, const char *to, const char **ret_first,
	const char **ret_second)
{
	const char *folder = at(a, r, "Maildir/new");
	const char *line = arena_printf(a, "Envelope-to: %s\n", to);
	char **names;
	size_t count = 0;
	size_t found = 0;

	if (file_list(a, folder, "", &names, &count) != OK)
		return 0;
	for (size_t i = 0; i < count; i++) {
		struct bytes text;

		if (file_read(a, arena_printf(a, "%s/%s", folder, names[i]), 1 << 20, &text) !=
				OK ||
			strstr((const char *)text.data, line) == NULL)
			continue;
		if (found == 0 && ret_first != NULL)
			*ret_first = (const char *)text.data;
		if (found == 1 && ret_second != NULL)
			*ret_second = (const char *)text.data;
		found++;
	}
	return found;
}

/* Nothing that it took waits to be delivered. */
static bool drained(struct rele *r, struct arena *a)
{
	char **names;
	size_t count = 0;

	return file_list(a, at(a, r, "spool/input"), "", &names, &count) != OK || count == 0;
}

void rele_wait_taken(struct rele *r)
{
	int64_t until = clock_monotonic() + WAIT_MS;

	for (;;) {
		ARENA(mine, 1 << 20);

		if (!drained(r, &mine))
			return;
		if (clock_monotonic() > until)
			fail_msg("exim4 gets nothing");
		pause_ms(5);
	}
}

size_t rele_all(struct rele *r, struct arena *a, const char *to, const char **ret_first,
	const char **ret_second)
{
	int64_t until = clock_monotonic() + WAIT_MS;

	for (;;) {
		ARENA(mine, 16 << 20);

		if (drained(r, &mine) || clock_monotonic() > until)
			return look(r, a, to, ret_first, ret_second);
		pause_ms(10);
	}
}

size_t rele_messages(struct rele *r, struct arena *a, const char *to, size_t least,
	const char **ret_first, const char **ret_second)
{
	int64_t until = clock_monotonic() + WAIT_MS;

	for (;;) {
		ARENA(mine, 16 << 20);

		if (look(r, &mine, to, NULL, NULL) >= least || clock_monotonic() > until)
			return look(r, a, to, ret_first, ret_second);
		pause_ms(20);
	}
}
