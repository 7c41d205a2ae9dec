/* The outbox: death at any step loses nothing, and nothing half written is ever an act. */
#include "tests/help/cm.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "app/outbox.h"
#include "base/file.h"
#include "tests/help/pki.h"

#define MB (1 << 20)

static char folder[] = "/tmp/b-app-outbox-XXXXXX";

static struct outbox open_new(struct arena *a, const char *name)
{
	struct outbox o;
	const char *in = arena_printf(a, "%s/%s/salida", folder, name);
	const char *out = arena_printf(a, "%s/%s/rechazados", folder, name);

	assert_int_equal(outbox_open(a, in, out, &o), OK);
	return o;
}

static struct outbox_act signed_act(struct arena *a, const char *text)
{
	AUTO(key) key = NULL;
	unsigned char raw[32];
	const char *id = NULL;
	struct request r;
	struct outbox_act act;

	assert_int_equal(key_make_ed25519(&key), OK);
	assert_int_equal(key_public_ed25519(key, raw), OK);
	assert_int_equal(key_id_ed25519(a, bytes_of(raw, 32), &id), OK);
	struct request_signer s = {key, id, pki_now(), pki_now() + 86400000};

	assert_int_equal(request_sign(a, "https://buzon.mx", ROUTE_ID_notificacion_abrir,
				 bytes_of_text(text), &s, &r),
		OK);
	assert_int_equal(outbox_act_of(a, ROUTE_ID_notificacion_abrir, &r, &act), OK);
	return act;
}

static size_t count_of(const struct outbox *o, struct arena *a, char ***names)
{
	size_t n = 99;

	assert_int_equal(outbox_list(o, a, names, &n), OK);
	return n;
}

static void assert_same(const struct outbox_act *x, const struct outbox_act *y)
{
	assert_string_equal(x->name, y->name);
	assert_int_equal(x->route, y->route);
	assert_string_equal(x->url, y->url);
	assert_int_equal(x->created, y->created);
	assert_int_equal(x->expires, y->expires);
	assert_string_equal(x->content_type, y->content_type);
	assert_string_equal(x->content_digest, y->content_digest);
	assert_string_equal(x->signature_input, y->signature_input);
	assert_string_equal(x->signature, y->signature);
	assert_true(bytes_equal(x->base, y->base));
	assert_true(bytes_equal(x->body, y->body));
}

static void test_round(void **state)
{
	ARENA(a, MB);
	struct outbox o = open_new(&a, "ronda");
	struct outbox_act act = signed_act(&a, "{\"folio\":\"Ñ\\n|\"}\n\nbody 3\n");
	struct outbox_act back;
	char **names = NULL;
	struct stat st;

	(void)state;
	assert_int_equal(outbox_put(&o, &a, &act), OK);
	assert_int_equal(count_of(&o, &a, &names), 1);
	assert_string_equal(names[0], act.name);
	assert_int_equal(outbox_get(&o, &a, names[0], &back), OK);
	assert_same(&act, &back);
	assert_int_equal(stat(arena_printf(&a, "%s/%s.acto", o.folder, act.name), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(outbox_remove(&o, &a, act.name), OK);
	assert_int_equal(outbox_remove(&o, &a, act.name), OK);
	assert_int_equal(count_of(&o, &a, &names), 0);
	assert_int_equal(outbox_get(&o, &a, act.name, &back), ERR_NO_FILE);
}

static void test_rejected(void **state)
{
	ARENA(a, MB);
	struct outbox o = open_new(&a, "rechazo");
	struct outbox_act act = signed_act(&a, "{}");
	struct outbox_act *seen = NULL;
	size_t n = 0;
	char **names = NULL;

	(void)state;
	assert_int_equal(outbox_put(&o, &a, &act), OK);
	act.error = "efecto-cambiado";
	act.campo = "fecha_legal";
	act.cuando = 1234567890123;
	assert_int_equal(outbox_reject(&o, &a, &act), OK);
	assert_int_equal(count_of(&o, &a, &names), 0);
	assert_int_equal(outbox_rejected(&o, &a, &seen, &n), OK);
	assert_int_equal(n, 1);
	assert_same(&act, &seen[0]);
	assert_string_equal(seen[0].error, "efecto-cambiado");
	assert_string_equal(seen[0].campo, "fecha_legal");
	assert_int_equal(seen[0].cuando, 1234567890123);
	assert_int_equal(outbox_forget(&o, &a, act.name), OK);
	assert_int_equal(outbox_rejected(&o, &a, &seen, &n), OK);
	assert_int_equal(n, 0);
	assert_true(file_exists(arena_printf(&a, "%s/%s.visto", o.rejected, act.name)));
}

/* Every cut and every flipped byte of the file is noticed. */
static void test_damaged(void **state)
{
	ARENA(a, 64 * MB);
	struct outbox o = open_new(&a, "danada");
	struct outbox_act act = signed_act(&a, "{}");
	struct outbox_act back;
	struct bytes whole;
	const char *path = arena_printf(&a, "%s/%s.acto", o.folder, act.name);

	(void)state;
	assert_int_equal(outbox_put(&o, &a, &act), OK);
	assert_int_equal(file_read(&a, path, MB, &whole), OK);
	for (size_t n = 0; n < whole.size; n += 7) {
		ARENA(b, MB);
		unsigned char *copy = arena_copy(&b, whole.data, whole.size);

		assert_int_equal(file_write(path, bytes_of(copy, n), 0600), OK);
		assert_int_equal(outbox_get(&o, &b, act.name, &back), ERR_BAD_EVIDENCE);
		copy[n] ^= 1;
		assert_int_equal(file_write(path, bytes_of(copy, whole.size), 0600), OK);
		assert_int_equal(outbox_get(&o, &b, act.name, &back), ERR_BAD_EVIDENCE);
	}
}

/* kill -9 while putting, refusing and removing, again and again: at each look the act is whole. */
static void test_killed(void **state)
{
	ARENA(a, 16 * MB);
	struct outbox o = open_new(&a, "muerte");
	struct outbox_act act = signed_act(&a, "{\"x\":1}");
	size_t lost = 0;

	(void)state;
	assert_int_equal(outbox_put(&o, &a, &act), OK);
	for (int i = 0; i < 60; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			for (;;) {
				ARENA(b, MB);
				struct outbox_act r = act;

				r.error = "ya-notificada";
				r.campo = "";
				if (outbox_put(&o, &b, &act) != OK ||
					outbox_reject(&o, &b, &r) != OK ||
					outbox_put(&o, &b, &act) != OK)
					_exit(1);
			}
		}
		usleep((useconds_t)(300 * (i % 17) + 100));
		kill(pid, SIGKILL);
		int status = 0;

		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		ARENA(b, MB);
		struct outbox_act back;
		struct outbox_act *refused = NULL;
		size_t n = 0;
		bool waits = outbox_get(&o, &b, act.name, &back) == OK;

		assert_int_equal(outbox_rejected(&o, &b, &refused, &n), OK);
		lost += !waits && n == 0;
		if (waits)
			assert_same(&act, &back);
	}
	assert_int_equal(lost, 0);
}

/* No room: ERR_DISK_FULL, and nothing that could be sent later. */
static void test_full(void **state)
{
	ARENA(a, 4 * MB);
	struct outbox o = open_new(&a, "lleno");
	struct outbox_act act = signed_act(&a, "{\"x\":1}");
	struct rlimit before, small;
	char **names = NULL;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = before;
	small.rlim_cur = 256;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	enum err e = outbox_put(&o, &a, &act);

	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(e, ERR_DISK_FULL);
	assert_int_equal(count_of(&o, &a, &names), 0);
}

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) != NULL ? 0 : -1;
}

static int drop_folder(void **state)
{
	char command[96];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round),
		cmocka_unit_test(test_rejected),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_full),
	};

	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
