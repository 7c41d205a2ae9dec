/*
 * buzond's commands, from the line that was typed to what the store holds.
 * L-5.4 (2020 agreement), L-7.1 (signed by a public servant: what is looked at before it is sent;
 * what comes of it is test_oficios and e2e/test_oficina).
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

/*
 * notificar with everything right but what the caller replaces (option, value pairs), and a server
 * that is not there: whoever gets as far as to ask it has passed all that is looked at before.
 */
static int notify_with(const char *const *changes)
{
	char cer[300];
	char key[300];
	char pass[300];
	const char *words[ARGS] = {"notificar", "--rfc", "PEÑJ800101AB1", "--pdf",
		in_folder("oficio.pdf"), "--oficio", "09/2026/123", "--tipo", "R-7.3",
		"--documento", "Cédula de liquidación", "--cer", cer, "--key", key,
		"--contrasena-archivo", pass, "--plazo-dias", "15", "--servidor",
		"http://127.0.0.1:1", "--paciencia", "1"};
	size_t count = 23;

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
	return run_at(pki_now(), words);
}

#define NOTIFY(...) notify_with((const char *const[]){__VA_ARGS__, NULL})

static struct store *open_store(void)
{
	struct store *s = NULL;

	assert_int_equal(store_open(place, DB_WRITE, &s), OK);
	return s;
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

/* L-7.1: what is wrong with what was typed, or with the e.firma, is said before anything goes out.
 */
static void test_refused(void **state)
{
	static const struct {
		const char *option;
		const char *value;
		int code;
		const char *says;
	} cases[] = {
		{"--cer", "/no/hay", 66, "--cer"},
		{"--key", "/no/hay", 66, "--key"},
		{"--contrasena-archivo", "/no/hay", 66, "--contrasena-archivo"},
		{"--ca", "/no/hay", 66, "--ca"},
		{"--confianza", "/no/hay", 66, "--confianza"},
		{"--rfc", "PEÑJ801301AB1", 65, "RFC"},
		{"--oficio", "a|b", 65, "--oficio"},
		{"--oficio", "", 65, "--oficio"},
		{"--plazo-dias", "-1", 65, "--plazo-dias"},
		{"--plazo-dias", "15x", 65, "--plazo-dias"},
		{"--plazo-dias", "1001", 65, "--plazo-dias"},
		{"--aviso", "mañana", 65, "--aviso"},
		{"--servidor", "buzon.mx", 65, "--servidor"},
		{"--servidor", "http://buzon.mx", 65, "--servidor"},
		{"--paciencia", "0", 65, "--paciencia"},
		{"--paciencia", "poca", 65, "--paciencia"},
		{"--lote", "/no/hay", 66, "--lote"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int code = NOTIFY(cases[i].option, cases[i].value);

		if (code != cases[i].code ||
			(cases[i].says != NULL && strstr(err_text, cases[i].says) == NULL))
			fail_msg("%s %s: %d %s", cases[i].option, cases[i].value, code, err_text);
	}
	assert_int_equal(NOTIFY(SIGNED_BY("csd")), err_exit(ERR_CSD));
	assert_non_null(strstr(err_text, "CSD"));
	assert_int_equal(NOTIFY(SIGNED_BY("vencida")), err_exit(ERR_CERT_EXPIRED));
	assert_int_equal(NOTIFY("--key", pki_file("moral.key")), err_exit(ERR_WRONG_PASSWORD));
}

/* Nobody is there: it insists for as long as it was told, and says what to do. */
static void test_nobody_there(void **state)
{
	(void)state;
	assert_int_equal(NOTIFY("--oficio", "1"), err_exit(ERR_NETWORK));
	assert_non_null(strstr(err_text, "conexión"));
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
	assert_non_null(strstr(err_text, "Falta --servidor"));
	assert_int_equal(RUN("retirar", "--rfc", "a"), 64);
	assert_non_null(strstr(err_text, "Falta --folio"));
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
		cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nobody_there, setup, teardown),
		cmocka_unit_test_setup_teardown(test_line, setup, teardown),
	};
	struct secret_status status;

	log_open(2, LOG_ERROR);
	if (secret_setup(&status) != OK || db_setup() != OK || zona_setup() != OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
