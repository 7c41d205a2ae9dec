/* Where an e.firma's private key is in memory: while it waits, after it signed, once it is gone. */
#include "tests/help/cm.h"

#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>
#include "base/secret.h"
#include "crypto/efirma.h"
#include "tests/help/memoria.h"
#include "tests/help/pki.h"

#define ROOM (1024 * 1024)

static struct memoria_secret numbers[MEMORIA_RSA];

static struct memoria_found search(void)
{
	struct memoria_found found;

	assert_true(memoria_search(getpid(), numbers, MEMORIA_RSA, &found));
	return found;
}

static void must_be_kept(const struct memoria_found *f)
{
	if (f->loose != 0)
		fail_msg("%zu loose; %s", f->loose, f->where);
	assert_true(f->kept > 0);
}

/* The search itself: it finds what lies in the ordinary heap. */
static void test_search(void **state)
{
	ARENA(a, ROOM);
	struct memoria_secret s;
	struct memoria_found f;
	char *text = arena_strdup(&a, "una marca que se busca");

	(void)state;
	memoria_mask(&s, "marca", "una marca que se busca", 22);
	assert_true(memoria_search(getpid(), &s, 1, &f));
	assert_true(f.loose >= 2);
	size_t before = f.loose;

	text[0] = 'X';
	assert_true(memoria_search(getpid(), &s, 1, &f));
	assert_int_equal(f.loose, before - 1);
}

static void test_efirma(void **state)
{
	ARENA(a, ROOM);
	struct bytes one, two;
	struct efirma *f = pki_efirma("fisica");
	struct memoria_found found = search();

	(void)state;
	must_be_kept(&found);
	assert_int_equal(key_rest(f->key), OK);
	assert_int_equal(key_rest(f->key), OK);
	assert_int_equal(key_sign(&a, f->key, bytes_of_text("a"), &one), OK);
	assert_int_equal(key_sign(&a, f->key, bytes_of_text("b"), &two), OK);
	assert_int_equal(key_matches(f->key, &f->cert), OK);
	assert_int_equal(key_verify(f->key, bytes_of_text("a"), one), OK);
	found = search();
	must_be_kept(&found);
	efirma_free(f);
	found = search();
	assert_int_equal(found.kept, 0);
	if (found.loose != 0)
		fail_msg("left behind: %s", found.where);
}

static int setup(void **state)
{
	struct secret_status status;
	char key[512], pass[512];

	(void)state;
	assert_int_equal(secret_setup(&status), OK);
	assert_true(status.heap_locked);
	assert_true(status.heap_wiped);
	/* Or none but root may look into itself. */
	assert_int_equal(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0), 0);
	snprintf(key, sizeof(key), "%s/fisica.key", pki_dir());
	snprintf(pass, sizeof(pass), "%s/fisica.pass", pki_dir());
	memoria_rsa(key, pass, numbers);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_search),
		cmocka_unit_test(test_efirma),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
