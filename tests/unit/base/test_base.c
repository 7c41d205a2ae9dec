/*
 * The foundations: arena and its allowance, buf, base64, UTF-8, INI, files, secrets, errors, log.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <openssl/crypto.h>
#include <cmocka.h>
#include "base/arena.h"
#include "base/b64.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/ini.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/utf8.h"

static char folder[64];

static int setup(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/buzon-base-XXXXXX");
	return mkdtemp(folder) != NULL ? 0 : -1;
}

static int teardown(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

static const char *in_folder(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

/* ---- arena ---- */

static void test_arena(void **state)
{
	ARENA(a, 10000);
	char *first = arena_strdup(&a, "uno");

	(void)state;
	for (int i = 0; i < 100; i++) {
		void *p = arena_alloc(&a, 1);

		assert_non_null(p);
		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
	}
	assert_string_equal(first, "uno");
	assert_null(arena_alloc(&a, 10000));
	assert_null(arena_alloc(&a, SIZE_MAX));
	assert_null(arena_copy(&a, "", SIZE_MAX));
	assert_null(arena_array(&a, SIZE_MAX / 2, 3));
	/* A refusal costs nothing: what fits still fits. */
	assert_non_null(arena_alloc(&a, 4000));
	arena_free(&a);
	assert_int_equal(a.used, 0);
	char *zeros = arena_zalloc(&a, 9000);

	assert_non_null(zeros);
	assert_int_equal(zeros[8999], 0);
	arena_free(&a);
	assert_string_equal(arena_printf(&a, "%d-%s", 7, "ñ"), "7-ñ");
	mem_fail_at(1);
	assert_null(arena_alloc(&a, 5000));
	mem_fail_at(0);
}

static void test_buf(void **state)
{
	ARENA(a, 100000);
	struct buf b;
	struct bytes all;

	(void)state;
	buf_init(&b, &a);
	assert_int_equal(buf_end(&b, &all), OK);
	assert_int_equal(all.size, 0);
	assert_string_equal((const char *)all.data, "");
	for (int i = 0; i < 1000; i++)
		buf_printf(&b, "%d,", i % 10);
	buf_char(&b, '.');
	buf_add(&b, "\0z", 2);
	assert_int_equal(buf_end(&b, &all), OK);
	assert_int_equal(all.size, 2003);
	assert_memory_equal(all.data + 1996, "8,9,.\0z", 7);
	ARENA(small, 600);
	buf_init(&b, &small);
	for (int i = 0; i < 1000; i++)
		buf_text(&b, "xxxxxxxxxx");
	assert_int_equal(buf_end(&b, &all), ERR_NO_MEMORY);
	assert_null(buf_end_text(&b));
	/* And it stays failed, though a little would fit again. */
	arena_free(&small);
	buf_char(&b, 'x');
	assert_int_equal(buf_end(&b, &all), ERR_NO_MEMORY);
}

/* ---- encodings ---- */

/* RFC 4648 section 10. */
static void test_b64_vectors(void **state)
{
	static const char *const vectors[][2] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="},
		{"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="},
		{"foobar", "Zm9vYmFy"}};
	ARENA(a, 100000);
	struct bytes raw;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(vectors); i++) {
		struct bytes plain = bytes_of_text(vectors[i][0]);
		char *text = b64url_encode(&a, plain);

		assert_string_equal(b64_encode(&a, plain), vectors[i][1]);
		assert_int_equal(b64_decode(&a, bytes_of_text(vectors[i][1]), &raw), OK);
		assert_true(bytes_equal(raw, plain));
		assert_null(strchr(text, '='));
		assert_int_equal(b64url_decode(&a, bytes_of_text(text), &raw), OK);
		assert_true(bytes_equal(raw, plain));
	}
	assert_string_equal(b64_encode(&a, bytes_of("\xfb\xff\xbf", 3)), "+/+/");
	assert_string_equal(b64url_encode(&a, bytes_of("\xfb\xff\xbf", 3)), "-_-_");
	assert_string_equal(hex_encode(&a, bytes_of("\x00\xfe\x10", 3)), "00fe10");
}

static void test_encodings_are_strict(void **state)
{
	static const char *const bad64[] = {"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "=",
		"====", "A===", "Zm 9", "Zm9v\n", "Zm9v====", "Z-==", "Zg==Zg=="};
	static const char *const bad_url[] = {"Zg==", "Zh", "A", "Zm+v", "Zm9v=", "Zm9 "};
	static const char *const bad_hex[] = {"0", "0g", "AB", "00 ", "0x"};
	ARENA(a, 100000);
	struct bytes raw = {.size = 99};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad64); i++)
		if (b64_decode(&a, bytes_of_text(bad64[i]), &raw) != ERR_BAD_FIELD)
			fail_msg("%s", bad64[i]);
	for (size_t i = 0; i < COUNT_OF(bad_url); i++)
		if (b64url_decode(&a, bytes_of_text(bad_url[i]), &raw) != ERR_BAD_FIELD)
			fail_msg("%s", bad_url[i]);
	for (size_t i = 0; i < COUNT_OF(bad_hex); i++)
		if (hex_decode(&a, bytes_of_text(bad_hex[i]), &raw) != ERR_BAD_FIELD)
			fail_msg("%s", bad_hex[i]);
	assert_int_equal(b64_decode(&a, bytes_of("Zm\0v", 4), &raw), ERR_BAD_FIELD);
	assert_int_equal(raw.size, 99);
	assert_int_equal(hex_decode(&a, bytes_of_text("00fe"), &raw), OK);
	assert_true(bytes_equal(raw, bytes_of("\x00\xfe", 2)));
}

/* As one types what one looks for; every character is stepped over once. */
static void test_utf8_fold(void **state)
{
	static const char text[] = "ÁéÜÑñZ9ß×÷ç€\xff😀";
	static const uint32_t as[] = {'a', 'e', 'u', 0xf1, 0xf1, 'z', '9', 0xdf, 0xd7, 0xf7, 'c',
		0x20ac, 0xfffd, 0x1f600, 0, 0};
	const char *at = text;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(as); i++)
		assert_int_equal(utf8_fold(&at), as[i]);
	assert_ptr_equal(at, text + sizeof(text) - 1);
	assert_true(utf8_begins("Situación fiscal", "situacion F"));
	assert_true(utf8_begins("x", ""));
	assert_false(utf8_begins("sit", "situ"));
	assert_true(utf8_contains("Situación fiscal", "CION f"));
	assert_true(utf8_contains("x", ""));
	assert_false(utf8_contains("año", "ano"));
	assert_false(utf8_begins("Años", "ano"));
}

static void test_utf8(void **state)
{
	static const char *const bad[] = {"\x80", "\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf",
		"\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xc3", "\xe2\x82",
		"a\xff"};
	ARENA(a, 100000);
	char mixed[] = "peña ÁÉ ü ÷ ß 7";
	unsigned char latin[16];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		if (utf8_valid(bad[i], strlen(bad[i])))
			fail_msg("case %zu", i);
	assert_true(utf8_valid("ñ€😀", 9));
	assert_int_equal(utf8_count("ñ€😀"), 3);
	for (uint32_t c = 0; c <= 0x110000; c += 7) {
		char to[4];
		uint32_t back = 0;
		size_t n = utf8_encode(c, to);

		assert_int_equal(n == 0, c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff));
		if (n != 0) {
			assert_int_equal(utf8_decode(to, n, &back), n);
			assert_int_equal(back, c);
		}
	}
	utf8_upper(mixed);
	assert_string_equal(mixed, "PEÑA ÁÉ Ü ÷ ß 7");
	assert_int_equal(utf8_to_cp1252("ñ€", 5, latin), 2);
	assert_memory_equal(latin, "\xf1\x80", 2);
	assert_int_equal(utf8_to_cp1252("Ж", 2, latin), -1);
	/* What a peer wrote can't move the cursor, hide text or turn it round. */
	assert_string_equal(utf8_clean(&a, "a\x1b[2Jb\tc\nd\xff"
					   "e\xe2\x80\xae"
					   "f\xc2\x9bg"),
		"a[2Jb c d\xef\xbf\xbd"
		"efg");
}

static void test_harmful(void **state)
{
	static const uint32_t bad[] = {0, 7, 0x1b, 0x7f, 0x90, 0x9b, 0x9d, 0xad, 0x34f, 0x61c,
		0x1160, 0x180e, 0x200b, 0x200d, 0x200e, 0x2028, 0x202a, 0x202e, 0x2066, 0x2069,
		0x3164, 0xfe00, 0xfe0f, 0xfeff, 0xfff9, 0xffff, 0x1f3fb, 0x1fffe, 0xe0001, 0xe0100};
	static const uint32_t good[] = {' ', '~', 0xa0, 0xd1, 0x301, 0x2014, 0x2026, 0x20ac, 0x2500,
		0x25b8, 0x4e2d, 0xfffd, 0x1f600};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		if (!utf8_harmful(bad[i]))
			fail_msg("U+%04X passes", (unsigned)bad[i]);
	for (size_t i = 0; i < COUNT_OF(good); i++)
		if (utf8_harmful(good[i]))
			fail_msg("U+%04X is dropped", (unsigned)good[i]);
}

/* ---- INI ---- */

struct seen {
	char text[400];
};

static enum err note(void *ctx, const struct ini_line *line, const char **ret_allowed)
{
	struct seen *s = ctx;
	size_t n = strlen(s->text);

	*ret_allowed = "se admite: rfc";
	if (line->key != NULL && strcmp(line->key, "malo") == 0)
		return ERR_CONFIG;
	snprintf(s->text + n, sizeof(s->text) - n, "%s/%s/%s=%s;", line->section, line->name,
		line->key != NULL ? line->key : "*", line->value != NULL ? line->value : "*");
	return OK;
}

static void test_ini(void **state)
{
	static const struct {
		const char *text;
		const char *says;
	} bad[] = {
		{"a = 1\n\nmalo = 2\n", "x.conf, línea 3: se admite: rfc."},
		{"[abierta\n", "línea 1: se espera [sección]"},
		{"[]\n", "línea 1: se espera [sección]"},
		{"\nsuelta\n", "línea 2: se espera clave = valor"},
		{"a = \xff\n", "UTF-8"},
	};
	ARENA(a, 100000);
	struct seen s = {{0}};
	const char *message = NULL;

	(void)state;
	assert_int_equal(
		ini_parse(&a, "x.conf",
			bytes_of_text("# nota\na=1\n; otra\n [ perfil  ana ] \r\n b = c = d \n"
				      "vacío =\n[solo]"),
			note, &s, &message),
		OK);
	assert_string_equal(s.text, "//a=1;perfil/ana/*=*;perfil/ana/b=c = d;perfil/ana/vacío=;"
				    "solo//*=*;");
	assert_null(message);
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		message = "";
		assert_int_equal(
			ini_parse(&a, "x.conf", bytes_of_text(bad[i].text), note, &s, &message),
			ERR_CONFIG);
		if (strstr(message, bad[i].says) == NULL)
			fail_msg("case %zu says: %s", i, message);
	}
	assert_int_equal(
		ini_parse(&a, "x.conf", bytes_of("a=1\0b", 5), note, &s, &message), ERR_CONFIG);
}

/* ---- files ---- */

static void test_files(void **state)
{
	ARENA(a, 100000);
	struct bytes content;
	struct stat st;
	char **names = NULL;
	size_t count = 0;

	(void)state;
	assert_int_equal(file_read(&a, in_folder("no"), 10, &content), ERR_NO_FILE);
	assert_int_equal(file_read(&a, folder, 10, &content), ERR_NO_FILE);
	assert_int_equal(file_write(in_folder("b.cer"), bytes_of_text("12345"), 0600), OK);
	assert_int_equal(file_write(in_folder("a.cer"), bytes_of_text("x"), 0644), OK);
	assert_int_equal(file_write(in_folder("c.txt"), bytes_of_text(""), 0600), OK);
	assert_int_equal(stat(in_folder("b.cer"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(file_read(&a, in_folder("b.cer"), 4, &content), ERR_TOO_LARGE);
	assert_int_equal(file_read(&a, in_folder("b.cer"), 5, &content), OK);
	assert_string_equal((const char *)content.data, "12345");
	assert_int_equal(file_read(&a, in_folder("c.txt"), 5, &content), OK);
	assert_int_equal(content.size, 0);
	assert_int_equal(file_list(&a, folder, ".cer", &names, &count), OK);
	assert_int_equal(count, 2);
	assert_string_equal(names[0], "a.cer");
	assert_int_equal(file_list(&a, in_folder("no"), "", &names, &count), ERR_NO_FILE);
	assert_int_equal(file_write(in_folder("no/x"), bytes_of_text("x"), 0600), ERR_NO_FILE);
	assert_int_equal(file_make_folder(in_folder("u/v/w")), OK);
	assert_int_equal(file_make_folder(in_folder("u/v/w")), OK);
	assert_int_equal(stat(in_folder("u/v"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
}

/* The old content stays whole, and nothing is left beside it. */
static void test_file_disk_full(void **state)
{
	static char block[20000];
	ARENA(a, 100000);
	struct bytes content;
	struct rlimit was;
	char **names = NULL;
	size_t count = 0;

	(void)state;
	assert_int_equal(file_write(in_folder("f"), bytes_of_text("old"), 0600), OK);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	struct rlimit less = {.rlim_cur = 10000, .rlim_max = was.rlim_max};

	assert_int_equal(setrlimit(RLIMIT_FSIZE, &less), 0);
	enum err e = file_write(in_folder("f"), bytes_of(block, sizeof(block)), 0600);

	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	assert_int_equal(e, ERR_DISK_FULL);
	assert_int_equal(file_read(&a, in_folder("f"), 100, &content), OK);
	assert_string_equal((const char *)content.data, "old");
	assert_int_equal(file_list(&a, folder, "", &names, &count), OK);
	assert_int_equal(count, 1);
}

/* ---- secrets ---- */

static void test_secret(void **state)
{
	SECRET(s);

	(void)state;
	assert_int_equal(secret_set(&s, "abc", 3), OK);
	for (int i = 0; i < 100; i++)
		assert_int_equal(secret_append(&s, "0123456789", 10), OK);
	assert_int_equal(s.size, 1003);
	assert_memory_equal(s.data, "abc0123", 7);
	assert_true(CRYPTO_secure_allocated(s.data));
	unsigned char *gone = s.data + 1000;

	secret_chop(&s, 3);
	assert_int_equal(s.size, 1000);
	assert_memory_equal(gone, "\0\0\0", 3);
	secret_chop(&s, 5000);
	assert_int_equal(s.size, 0);
	assert_int_equal(s.data[0], 0);
	secret_clear(&s);
	secret_clear(&s);
	assert_null(s.data);
	/* More than the secure heap: refused, never taken from the common one. */
	assert_int_equal(secret_make(&s, 16 << 20), ERR_NO_MEMORY);
}

static void test_no_dumps(void **state)
{
	struct rlimit core;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_CORE, &core), 0);
	assert_int_equal(core.rlim_cur, 0);
	assert_int_equal(prctl(PR_GET_DUMPABLE), 0);
}

/* ---- the rest ---- */

static void test_errors(void **state)
{
	(void)state;
	for (enum err e = OK; e < ERR_COUNT; e++) {
		assert_true(err_http(e) >= 200 && err_http(e) < 600);
		assert_true(err_exit(e) >= 0 && err_exit(e) < 126);
		assert_true(utf8_valid(err_sentence(e), strlen(err_sentence(e))));
		assert_int_equal(err_from_wire(err_wire(e)), e);
		assert_int_equal(err_exit(e) == 0, e == OK);
	}
	assert_int_equal(err_from_wire("otra cosa"), ERR_BAD_ANSWER);
	assert_int_equal(err_http((enum err)9999), 500);
}

static void test_log_lines_cant_be_forged(void **state)
{
	int pipes[2];
	char line[2048] = "";

	(void)state;
	assert_int_equal(pipe(pipes), 0);
	log_open(pipes[1], LOG_INFO);
	log_write(LOG_DEBUG, "x", "unseen");
	log_write(LOG_INFO, "area", "a\nb\x1b[0m %s", "c");
	log_open(2, LOG_INFO);
	ssize_t n = read(pipes[0], line, sizeof(line) - 1);

	assert_true(n > 0);
	assert_null(strstr(line, "unseen"));
	assert_non_null(strstr(line, "Z info area: a?b?[0m c\n"));
	assert_ptr_equal(strchr(line, '\n'), line + n - 1);
	close(pipes[0]);
	close(pipes[1]);
}

static void test_clock(void **state)
{
	struct clock fixed = clock_fixed(123);
	struct clock now = clock_system(0);
	struct clock later = clock_system(3600000);

	(void)state;
	assert_int_equal(clock_now(&fixed), 123);
	assert_true(clock_now(&later) - clock_now(&now) > 3590000);
	assert_true(clock_now(&now) > INT64_C(1700000000000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arena),
		cmocka_unit_test(test_buf),
		cmocka_unit_test(test_b64_vectors),
		cmocka_unit_test(test_encodings_are_strict),
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_utf8_fold),
		cmocka_unit_test(test_harmful),
		cmocka_unit_test(test_ini),
		cmocka_unit_test_setup_teardown(test_files, setup, teardown),
		cmocka_unit_test_setup_teardown(test_file_disk_full, setup, teardown),
		cmocka_unit_test(test_secret),
		cmocka_unit_test(test_no_dumps),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_log_lines_cant_be_forged),
		cmocka_unit_test(test_clock),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
