/*
 * buzond's commands, from the line that was typed to what the store holds.
 * L-5.4 (2020 agreement), L-7.1 (signed by a public servant), L-7.2 L-7.3 L-7.4 L-7.5 (window and
 * term), L-7.9 (authorship can be verified), A-05 (folio).
 */
#include "core/verbos.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <signal.h>
#include <unistd.h>
#include "base/b64.h"
#include "base/db_mem.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "core/store/store.h"
#include "crypto/key.h"
#include "crypto/sha.h"
#include "ley/folio.h"
#include "tests/help/cm.h"
#include "tests/help/core_verbo.h"
#include "tests/help/dia.h"
#include "tests/help/pg.h"
#include "tests/help/pki.h"
#include "tests/help/carpeta.h"

static char folder[200];
static char place[300]; /* of the store */
static char out_text[16384];
static char err_text[4096];

static const char *in_folder(const char *name)
{
	static char paths[8][400];
	static unsigned next;
	char *path = paths[next++ % COUNT_OF(paths)];

	snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
	return path;
}

static void put(const char *name, const char *text)
{
	assert_int_equal(file_write(in_folder(name), bytes_of_text(text), 0600), OK);
}

static void put_config(const char *trust, const char *functionary)
{
	char text[2048];
	const char *pki = pki_dir();

	snprintf(text, sizeof(text),
		"[servidor]\nautoridades = localhost\ndireccion = http://localhost\n"
		"[almacen]\n%s = %s\n[confianza]\ncarpeta = %s\n"
		"[sello]\ncertificado = %s/sello.cer\nllave = %s/sello.key\n"
		"[funcionario %s]\nnombre = Luis García Ibáñez\ncargo = Titular\n"
		"subdelegacion = Subdelegación Norte\n",
		pg_wanted() ? "almacen" : "archivo", place, trust, pki, pki, functionary);
	put("buzond.conf", text);
}

static int setup(void **state)
{
	ARENA(a, 65536);
	char trust[300];
	const char *shared = pg_database(&a);

	(void)state;
	if (carpeta_make(folder, sizeof(folder), "verbos") != 0)
		return -1;
	snprintf(place, sizeof(place), "%s", shared != NULL ? shared : in_folder("buzon.db"));
	snprintf(trust, sizeof(trust), "%s/confianza", pki_dir());
	put_config(trust, "GAIL700310KL4");
	put("oficio.pdf", "%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	return carpeta_remove(folder);
}

#define ARGS 40

/* Runs `buzond ...` at that instant; words end with NULL. */
static int run_at(int64_t now, const char *const *words)
{
	return core_verbo(now, words, out_text, sizeof(out_text), err_text, sizeof(err_text));
}

#define RUN(...) run_at(pki_now(), (const char *const[]){__VA_ARGS__, NULL})

static void register_one(const char *rfc, bool enabled)
{
	assert_int_equal(RUN("alta", "--rfc", rfc, "--nombre", "JOSÉ PEÑA ÑANDÚ", "--config",
				 in_folder("buzond.conf"), enabled ? "--habilitado-2020" : NULL),
		0);
}

static int64_t notify_now; /* 0: the system's */

/* notificar with everything right but what the caller replaces (option, value pairs). */
static int notify_with(const char *const *changes)
{
	char cer[300];
	char key[300];
	char pass[300];
	const char *words[ARGS] = {"notificar", "--rfc", "PEÑJ800101AB1", "--pdf",
		in_folder("oficio.pdf"), "--oficio", "09/2026/123", "--tipo", "R-7.3",
		"--documento", "Cédula de liquidación", "--cer", cer, "--key", key,
		"--contrasena-archivo", pass, "--plazo-dias", "15", "--config",
		in_folder("buzond.conf")};
	size_t count = 21;

	snprintf(cer, sizeof(cer), "%s/funcionario.cer", pki_dir());
	snprintf(key, sizeof(key), "%s/funcionario.key", pki_dir());
	snprintf(pass, sizeof(pass), "%s/funcionario.pass", pki_dir());
	for (; changes != NULL && *changes != NULL; changes += 2) {
		size_t at = 1;

		while (at < count && strcmp(words[at], changes[0]) != 0)
			at++;
		if (at == count)
			count += 2;
		words[at] = changes[0];
		words[at + 1] = changes[1];
	}
	return run_at(notify_now != 0 ? notify_now : pki_now(), words);
}

#define NOTIFY(...) notify_with((const char *const[]){__VA_ARGS__, NULL})

static struct store *open_store(void)
{
	struct store *s = NULL;

	assert_int_equal(store_open(place, DB_WRITE, &s), OK);
	return s;
}

static size_t list_at(struct arena *a, int64_t now, struct out_notificaciones_desde **rows)
{
	AUTO(store) s = open_store();
	struct in_notificaciones_desde in = {.titular = "PEÑJ800101AB1", .ahora = now};
	size_t count = 0;

	assert_int_equal(q_notificaciones_desde_all(s, &in, 200, a, rows, &count), OK);
	return count;
}

/* L-5.4, L-4.1 */
static void test_alta(void **state)
{
	ARENA(a, 65536);
	struct in_particular at = {.rfc = "PEÑJ800101AB1"};
	struct out_particular row;

	(void)state;
	/* Typed small and with hyphens: the same RFC. */
	register_one("peñj-800101-ab1", true);
	AUTO(store) s = open_store();

	assert_int_equal(q_particular(s, &at, &a, &row), OK);
	assert_string_equal(row.nombre, "JOSÉ PEÑA ÑANDÚ");
	assert_string_equal(row.zona, "America/Mexico_City");
	assert_true(row.habilitado == zc("2024-08-05 23:59:59.999"));
	assert_int_equal(RUN("alta", "--rfc", "PEÑJ800101AB", "--nombre", "X", "--config",
				 in_folder("buzond.conf")),
		65);
	assert_int_equal(RUN("alta", "--rfc", "PEÑJ800101AB1", "--nombre", "X", "--zona",
				 "Europe/Paris", "--config", in_folder("buzond.conf")),
		65);
	assert_non_null(strstr(err_text, "America/Tijuana"));
	assert_int_equal(RUN("alta", "--rfc", "PEÑJ800101AB1", "--nombre", "X\ny", "--config",
				 in_folder("buzond.conf")),
		65);
}

/* L-7.1 L-7.9: what is stored proves itself with the public servant's certificate. */
static void test_notify(void **state)
{
	ARENA(a, 1 << 20);
	struct out_notificaciones_desde *rows = NULL;
	struct out_archivo_parte part;
	struct cert cert;
	const char *hex = NULL;
	AUTO(key) public = NULL;

	(void)state;
	register_one("PEÑJ800101AB1", true);
	assert_int_equal(NOTIFY("--aviso", "2026-11-12T17:52:03.114-06:00"), 0);
	out_text[strcspn(out_text, "\n")] = '\0';
	assert_true(folio_valid(out_text));
	assert_int_equal(list_at(&a, zc("2026-11-12 17:52:03.113"), &rows), 0);
	assert_int_equal(list_at(&a, zc("2026-11-12 17:52:03.114"), &rows), 1);
	assert_string_equal(rows[0].folio, out_text);
	assert_string_equal(rows[0].funcionario, "Luis García Ibáñez");
	assert_string_equal(rows[0].subdelegacion, "Subdelegación Norte");
	assert_int_equal(rows[0].plazo_dias, 15);
	assert_int_equal(rows[0].abierta, 0);
	/* Thu 12; Fri 13, (Mon 16 holiday) Tue 17, Wed 18; lapse on Thu 19 at 09:30. */
	assert_true(rows[0].vence == zc("2026-11-19 09:30"));
	AUTO(store) s = open_store();
	struct in_archivo_parte at_file = {
		.desde = 1, .folio = out_text, .titular = "PEÑJ800101AB1"};

	assert_int_equal(q_archivo_parte(s, &at_file, &a, &part), OK);
	assert_int_equal(sha256_hex(&a, part.datos, &hex), OK);
	assert_string_equal(hex, rows[0].archivo);
	assert_non_null(strstr(part.cadena, hex));
	assert_non_null(strstr(part.cadena, out_text));
	assert_non_null(strstr(part.cadena, "|RFC:PEÑJ800101AB1|Firmante:GAIL700310KL4|"));
	assert_int_equal(cert_read(&a, part.certificado, &cert), OK);
	assert_string_equal(cert.rfc, "GAIL700310KL4");
	assert_int_equal(key_of_cert(&cert, &public), OK);
	assert_int_equal(key_verify(public, bytes_of_text(part.cadena), part.firma), OK);
}

/* L-7.2 L-7.3: ready outside the window, the aviso is held; inside, it is that instant. */
static void test_window(void **state)
{
	static const struct {
		const char *ready;
		const char *aviso;
	} cases[] = {
		{"2026-11-12T09:29:59.999-06:00", "2026-11-12 09:30"},
		{"2026-11-12T09:30:00.000-06:00", "2026-11-12 09:30"},
		{"2026-11-12T18:00:00.000-06:00", "2026-11-12 18:00"},
		{"2026-11-12T18:00:00.001-06:00", "2026-11-13 09:30"},
		{"2026-11-13T20:00:00.000-06:00", "2026-11-17 09:30"},
	};

	(void)state;
	register_one("PEÑJ800101AB1", true);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		ARENA(a, 1 << 20);
		struct out_notificaciones_desde *rows = NULL;

		assert_int_equal(NOTIFY("--aviso", cases[i].ready), 0);
		size_t count = list_at(&a, zc("2030-01-01 00:00"), &rows);

		assert_int_equal(count, i + 1);
		assert_int_equal(rows[i].seq, i + 1);
		assert_true(rows[i].aviso == zc(cases[i].aviso));
		/* made within the same second, each has its own. */
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(rows[j].folio, rows[i].folio);
	}
}

/* two at the same instant; the folio identifies, it is not the legal time. */
static void test_same_instant(void **state)
{
	ARENA(a, 1 << 20);
	struct out_notificaciones_desde *rows = NULL;

	(void)state;
	register_one("PEÑJ800101AB1", true);
	notify_now = pki_now();
	int one = NOTIFY("--aviso", "2026-11-12T12:00:00.000-06:00");
	int two = NOTIFY("--aviso", "2026-11-12T12:00:00.000-06:00");

	notify_now = 0;
	assert_int_equal(one, 0);
	assert_int_equal(two, 0);
	assert_int_equal(list_at(&a, zc("2040-01-01 00:00"), &rows), 2);
	assert_string_not_equal(rows[0].folio, rows[1].folio);
	assert_true(rows[0].aviso == rows[1].aviso);
}

static void test_json(void **state)
{
	char wanted[64];

	(void)state;
	register_one("PEÑJ800101AB1", true);
	char cer[300];
	char key[300];
	char pass[300];

	snprintf(cer, sizeof(cer), "--cer=%s/funcionario.cer", pki_dir());
	snprintf(key, sizeof(key), "--key=%s/funcionario.key", pki_dir());
	snprintf(pass, sizeof(pass), "--contrasena-archivo=%s/funcionario.pass", pki_dir());
	assert_int_equal(
		RUN("notificar", "--json", "--rfc=PEÑJ800101AB1", "--pdf", in_folder("oficio.pdf"),
			"--oficio=1", "--tipo=R-7.18", "--documento=d", cer, key, pass, "--config",
			in_folder("buzond.conf"), "--aviso=2026-11-12T10:00:00.000-06:00"),
		0);
	snprintf(wanted, sizeof(wanted), "\"aviso\":%lld,", (long long)zc("2026-11-12 10:00"));
	assert_non_null(strstr(out_text, wanted));
	assert_non_null(strstr(out_text, "{\"folio\":\"BI-"));
}

static const char *pki_file(const char *name)
{
	static char paths[4][300];
	static unsigned next;
	char *path = paths[next++ % COUNT_OF(paths)];

	snprintf(path, sizeof(paths[0]), "%s/%s", pki_dir(), name);
	return path;
}

#define SIGNED_BY(who)                                                                             \
	"--cer", pki_file(who ".cer"), "--key", pki_file(who ".key"), "--contrasena-archivo",      \
		pki_file(who ".pass")

/* L-7.1: nobody else's signature, nothing that is not a document, and nothing is left behind. */
static void test_refused(void **state)
{
	ARENA(a, 1 << 20);
	struct out_notificaciones_desde *rows = NULL;

	(void)state;
	assert_int_equal(NOTIFY("--oficio", "1"), err_exit(ERR_NOT_FOUND));
	assert_non_null(strstr(err_text, "buzond alta"));
	register_one("PEÑJ800101AB1", false);
	assert_int_equal(NOTIFY("--oficio", "1"), err_exit(ERR_NOT_ENABLED));
	register_one("PEÑJ800101AB1", true);
	assert_int_equal(NOTIFY(SIGNED_BY("fisica")), err_exit(ERR_NOT_FUNCTIONARY));
	assert_non_null(strstr(err_text, err_sentence(ERR_NOT_FUNCTIONARY)));
	assert_int_equal(NOTIFY(SIGNED_BY("csd")), err_exit(ERR_CSD));
	assert_non_null(strstr(err_text, "CSD"));
	assert_int_equal(NOTIFY(SIGNED_BY("vencida")), err_exit(ERR_CERT_EXPIRED));
	assert_int_equal(NOTIFY("--key", pki_file("moral.key")), err_exit(ERR_WRONG_PASSWORD));
	assert_int_equal(NOTIFY("--cer", "/no/hay"), err_exit(ERR_NO_FILE));
	assert_non_null(strstr(err_text, "--cer"));
	assert_int_equal(NOTIFY("--contrasena-archivo", "/no/hay"), err_exit(ERR_NO_FILE));
	assert_non_null(strstr(err_text, "--contrasena-archivo"));
	assert_int_equal(NOTIFY("--rfc", "PEÑJ801301AB1"), err_exit(ERR_BAD_RFC));
	put("texto.pdf", "hola");
	assert_int_equal(NOTIFY("--pdf", in_folder("texto.pdf")), 65);
	assert_non_null(strstr(err_text, "no es un PDF"));
	assert_int_equal(NOTIFY("--pdf", in_folder("nada.pdf")), err_exit(ERR_NO_FILE));
	assert_int_equal(NOTIFY("--oficio", "a|b"), 65);
	assert_int_equal(NOTIFY("--oficio", ""), 65);
	assert_int_equal(NOTIFY("--plazo-dias", "-1"), 65);
	assert_int_equal(NOTIFY("--plazo-dias", "15x"), 65);
	assert_int_equal(NOTIFY("--aviso", "mañana"), 65);
	assert_int_equal(NOTIFY("--aviso", "2039-01-05T10:00:00.000-06:00"), err_exit(ERR_HORIZON));
	assert_int_equal(list_at(&a, zc("2040-01-01 00:00"), &rows), 0);
}

static void test_kinds(void **state)
{
	static const char *const bad[] = {
		"R-7.0", "R-7.19", "R-7.", "R-7.1x", "R-7.01", "R-8.1", "r-7.1", "R-7.111", ""};

	(void)state;
	register_one("PEÑJ800101AB1", true);
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_int_equal(NOTIFY("--tipo", bad[i]), 65);
	assert_int_equal(NOTIFY("--tipo", "R-7.1"), 0);
	assert_int_equal(NOTIFY("--tipo", "R-7.18"), 0);
}

static void test_too_large(void **state)
{
	(void)state;
	register_one("PEÑJ800101AB1", true);
	put("grande.pdf", "%PDF-1.4\n");
	assert_int_equal(truncate(in_folder("grande.pdf"), 10 * 1024 * 1024 + 1), 0);
	assert_int_equal(NOTIFY("--pdf", in_folder("grande.pdf")), err_exit(ERR_TOO_LARGE));
	assert_int_equal(truncate(in_folder("grande.pdf"), 10 * 1024 * 1024), 0);
	assert_int_equal(NOTIFY("--pdf", in_folder("grande.pdf")), 0);
}

/* Certificates that nobody here trusts, and a functionary who is not in the list. */
static void test_trust(void **state)
{
	char trust[300];

	(void)state;
	register_one("PEÑJ800101AB1", true);
	snprintf(trust, sizeof(trust), "%s/confianza", pki_dir());
	put_config(trust, "RUSA820922TT8");
	assert_int_equal(NOTIFY("--oficio", "1"), err_exit(ERR_NOT_FUNCTIONARY));
	put_config(trust, "PEÑJ800101AB1");
	assert_int_equal(NOTIFY(SIGNED_BY("otra_ca")), err_exit(ERR_CERT_UNTRUSTED));
	put_config("/no/hay", "GAIL700310KL4");
	assert_int_equal(NOTIFY("--oficio", "1"), err_exit(ERR_CONFIG));
	assert_non_null(strstr(err_text, "/no/hay"));
}

/* With production's roots an aviso is sent when it is sent. */
static void test_aviso_is_for_tests(void **state)
{
	char command[900];
	char trust[300];
	char cer[300];
	char key[300];
	char pass[300];

	(void)state;
	register_one("PEÑJ800101AB1", true);
	snprintf(command, sizeof(command),
		"sed 's/Autoridad Raíz de PRUEBA/Autoridad Raíz/' tools/pki.sh >%s/pki.sh && "
		"sh %s/pki.sh %s/real",
		folder, folder, folder);
	assert_int_equal(system(command), 0);
	snprintf(trust, sizeof(trust), "%s/real/confianza", folder);
	snprintf(cer, sizeof(cer), "%s/real/funcionario.cer", folder);
	snprintf(key, sizeof(key), "%s/real/funcionario.key", folder);
	snprintf(pass, sizeof(pass), "%s/real/funcionario.pass", folder);
	put_config(trust, "GAIL700310KL4");
	assert_int_equal(NOTIFY("--cer", cer, "--key", key, "--contrasena-archivo", pass, "--aviso",
				 "2026-11-12T12:00:00.000-06:00"),
		err_exit(ERR_USAGE));
	assert_non_null(strstr(err_text, "PRUEBA"));
	assert_int_equal(NOTIFY("--cer", cer, "--key", key, "--contrasena-archivo", pass), 0);
}

/* The disk ends in the middle: a clear sentence, nothing half done, and then it goes on. */
static void test_disk_full(void **state)
{
	ARENA(a, 1 << 20);
	struct out_notificaciones_desde *rows = NULL;
	struct rlimit was;

	(void)state;
	if (pg_wanted()) /* its files are not this process's */
		skip();
	register_one("PEÑJ800101AB1", true);
	put("grande.pdf", "%PDF-1.4\n");
	assert_int_equal(truncate(in_folder("grande.pdf"), 4 * 1024 * 1024), 0);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	struct rlimit less = {.rlim_cur = 1024 * 1024, .rlim_max = was.rlim_max};

	assert_int_equal(setrlimit(RLIMIT_FSIZE, &less), 0);
	int code = NOTIFY("--pdf", in_folder("grande.pdf"));

	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	assert_int_equal(code, err_exit(ERR_DISK_FULL));
	assert_non_null(strstr(err_text, err_sentence(ERR_DISK_FULL)));
	assert_int_equal(list_at(&a, zc("2040-01-01 00:00"), &rows), 0);
	assert_int_equal(NOTIFY("--pdf", in_folder("grande.pdf")), 0);
	assert_int_equal(list_at(&a, zc("2040-01-01 00:00"), &rows), 1);
}

/*
 * Any allocation fails, OpenSSL's too: the sentence about memory, and no half of a notification. Of
 * the many, as many as leave a list of one page.
 */
static void test_memory_ends(void **state)
{
	int64_t made = 0;
	int code = 1;
	bool failed = true;

	(void)state;
	register_one("PEÑJ800101AB1", true);
	for (long n = 1; failed; n += n < 200 ? 1 : 397) {
		ARENA(a, 1 << 20);
		struct out_notificaciones_desde *rows = NULL;

		mem_fail_at(n);
		code = NOTIFY("--oficio", "1");
		failed = mem_count() >= n;
		mem_fail_at(0);
		assert_true(code == 0 || code == err_exit(ERR_NO_MEMORY));
		made += code == 0;
		if (n % 50 == 0 || !failed)
			assert_int_equal(list_at(&a, zc("2040-01-01 00:00"), &rows), made);
	}
	assert_int_equal(code, 0);
}

static void test_line(void **state)
{
	(void)state;
	assert_int_equal(RUN("--ayuda"), 0);
	assert_non_null(strstr(out_text, "buzond notificar"));
	assert_non_null(strstr(out_text, "--contrasena-archivo ARCHIVO"));
	assert_int_equal(RUN("notificar", "--ayuda"), 0);
	assert_null(strstr(out_text, "buzond alta"));
	assert_int_equal(RUN("--version"), 0);
	assert_int_equal(RUN(NULL), 64);
	assert_non_null(strstr(err_text, "--ayuda"));
	assert_int_equal(RUN("borrar"), 64);
	assert_non_null(strstr(err_text, "«borrar»"));
	assert_int_equal(RUN("alta", "--sueldo", "1"), 64);
	assert_non_null(strstr(err_text, "«--sueldo»"));
	assert_int_equal(RUN("alta", "--rfc"), 64);
	assert_int_equal(RUN("alta", "--rfc", "a", "--rfc", "b"), 64);
	assert_non_null(strstr(err_text, "dos veces"));
	assert_int_equal(RUN("notificar", "--rfc", "a"), 64);
	assert_non_null(strstr(err_text, "Falta --pdf"));
	assert_int_equal(RUN("alta", "--habilitado-2020=si"), 64);
	assert_int_equal(RUN("config", "--ejemplo"), 0);
	assert_string_equal(out_text, config_example());
	assert_int_equal(RUN("config", "--config", in_folder("buzond.conf")), 0);
	assert_int_equal(RUN("config", "--config", "/no/hay"), 78);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_alta, setup, teardown),
		cmocka_unit_test_setup_teardown(test_notify, setup, teardown),
		cmocka_unit_test_setup_teardown(test_window, setup, teardown),
		cmocka_unit_test_setup_teardown(test_same_instant, setup, teardown),
		cmocka_unit_test_setup_teardown(test_aviso_is_for_tests, setup, teardown),
		cmocka_unit_test_setup_teardown(test_json, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_kinds, setup, teardown),
		cmocka_unit_test_setup_teardown(test_too_large, setup, teardown),
		cmocka_unit_test_setup_teardown(test_trust, setup, teardown),
		cmocka_unit_test_setup_teardown(test_disk_full, setup, teardown),
		cmocka_unit_test_setup_teardown(test_memory_ends, setup, teardown),
		cmocka_unit_test_setup_teardown(test_line, setup, teardown),
	};
	struct secret_status status;

	log_open(2, LOG_ERROR);
	if (secret_setup(&status) != OK || db_setup() != OK || zona_setup() != OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
