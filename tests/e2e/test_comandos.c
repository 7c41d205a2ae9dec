/*
 * The whole job by commands against a real server, and every mistake a person makes with an
 * e.firma: its exit code and its sentence. L-4.1 L-4.2 L-6.1 L-7.1 L-7.4 L-7.6 L-7.7 L-7.9 A-01
 *
 */
#include "tests/help/cm.h"
#include "base/file.h"
#include "net/codec.h"
#include "net/messages.h"
#include "tests/help/e2e.h"
#include "tests/help/pki.h"

#define ROOM (32 * 1024 * 1024)
#define OPENINGS "SELECT count(*) FROM acto WHERE ruta = 'notificacion_abrir'"

static struct e2e world;

static int open_world(void **state)
{
	(void)state;
	e2e_open(&world);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	e2e_close(&world);
	return 0;
}

static void must_be(const struct e2e_run *r, int code)
{
	if (r->code != code)
		fail_msg("exit %d, not %d; out: %s; err: %s", r->code, code, r->out, r->err);
}

/* One line of JSON is one message of the wire. */
static void decode(struct arena *a, const struct message *m, const char *text, void *ret)
{
	struct bytes line = bytes_of(text, strcspn(text, "\n"));

	assert_int_equal(codec_decode(a, m, CODEC_TOLERANT, line, ret, NULL), OK);
}

/* Opens the folio as that profile; the folio of the acuse. */
static const char *open_one(struct arena *a, const char *perfil, const char *folio)
{
	struct e2e_run r = E2E_RUN(
		&world, a, "buzon-tui", "abrir", folio, "--si", "--json", "--perfil", perfil);

	must_be(&r, 0);
	assert_string_equal(e2e_json(a, r.out, "notificacion"), folio);
	return e2e_json(a, r.out, "folio");
}

/* L-4.1 A-01: who enters is who the certificate says, Ñ and all. */
static void test_enter(void **state)
{
	ARENA(a, ROOM);
	struct m_entrado m;

	(void)state;
	struct e2e_run r = E2E_RUN(&world, &a, "buzon-tui", "entrar", "--json");

	must_be(&r, 0);
	decode(&a, &message_entrado, r.out, &m);
	assert_string_equal(m.titular, E2E_FISICA);
	assert_string_equal(m.nombre, E2E_FISICA_NOMBRE);
	assert_string_equal(m.firmante, E2E_FISICA);
	assert_true(m.habilitado);
	assert_true(m.prueba);
	assert_non_null(strstr(r.err, "PRUEBA"));
}

/* L-7.4 L-7.6: looking does not serve; without --si nothing is signed. */
static void test_looking_never_serves(void **state)
{
	ARENA(a, ROOM);
	const char *folio = e2e_notificar(&world, E2E_FISICA);
	int64_t acts = e2e_number(&world, OPENINGS);

	(void)state;
	struct e2e_run r = E2E_RUN(&world, &a, "buzon-tui", "notificaciones");

	must_be(&r, 0);
	assert_non_null(strstr(r.out, folio));
	assert_non_null(strstr(r.out, E2E_DOCUMENTO));
	r = E2E_RUN(&world, &a, "buzon-tui", "abrir", folio);
	must_be(&r, err_exit(ERR_NEED_YES));
	assert_non_null(strstr(r.out, "quedas notificado"));
	struct e2e_run j = E2E_RUN(&world, &a, "buzon-tui", "abrir", folio, "--json");

	must_be(&j, err_exit(ERR_NEED_YES));
	assert_string_equal(e2e_json(&a, j.out, "documento"), E2E_DOCUMENTO);
	assert_non_null(strstr(j.out, "\"motivo\":\"sábado\""));
	assert_non_null(strstr(r.err, err_sentence(ERR_NEED_YES)));
	r = E2E_RUN(&world, &a, "buzon-tui", "documento", folio);
	must_be(&r, err_exit(ERR_NOT_OPENED));
	assert_non_null(strstr(r.err, err_sentence(ERR_NOT_OPENED)));
	r = E2E_RUN(&world, &a, "buzon-tui", "acuse", folio);
	must_be(&r, err_exit(ERR_NOT_FOUND));
	assert_int_equal(e2e_number(&world, OPENINGS), acts);
	assert_int_equal(e2e_number(&world, "SELECT count(abierta) FROM notificacion"), 0);
}

/* Saved without being asked for, both forms. */
static void must_be_saved(const char *acuse)
{
	static const char *const endings[] = {"pdf", "json"};
	ARENA(a, ROOM);

	for (size_t i = 0; i < COUNT_OF(endings); i++) {
		struct e2e_run r = E2E_RUN(&world, &a, "buzon-tui", "verificar",
			arena_printf(&a, "datos/buzon-tui/fisica/acuses/%s.%s", acuse, endings[i]));

		must_be(&r, 0);
	}
}

/* L-6.1 L-7.1 L-7.6 L-7.7 L-7.9: opened by signing, read, kept, proved. */
static void test_whole_job(void **state)
{
	ARENA(a, ROOM);
	const char *folio = e2e_notificar(&world, E2E_FISICA);
	const char *acuse = open_one(&a, "fisica", folio);
	struct m_acuse m;
	struct bytes sent, got;

	(void)state;
	struct e2e_run r = E2E_RUN(&world, &a, "buzon-tui", "notificaciones");

	/* What is due of one that is notified is its answer, not the lapse that can't come any
	 * more. */
	must_be(&r, 0);
	const char *row = strstr(r.out, folio);

	assert_non_null(row);
	while (row > r.out && row[-1] != '\n')
		row--;
	assert_int_equal(row[2], '/');
	assert_null(memchr(row, ':', 18));
	r = E2E_RUN(&world, &a, "buzon-tui", "acuse", folio, "--json");

	must_be(&r, 0);
	decode(&a, &message_acuse, r.out, &m);
	assert_string_equal(m.folio, acuse);
	assert_string_equal(m.titular, E2E_FISICA);
	assert_string_equal(m.titular_nombre, E2E_FISICA_NOMBRE);
	assert_true(m.legal >= world.aviso);
	r = E2E_RUN(&world, &a, "buzon-tui", "documento", folio, "-o", "bajado.pdf");
	must_be(&r, 0);
	assert_non_null(strstr(r.err, "LUIS GARCÍA IBÁÑEZ"));
	assert_int_equal(file_read(&a, e2e_pdf(&world), 1 << 20, &sent), OK);
	assert_int_equal(file_read(&a, e2e_path(&world, &a, "bajado.pdf"), 1 << 20, &got), OK);
	assert_true(bytes_equal(sent, got));
	/* A program is told what the screen tells. */
	r = E2E_RUN(&world, &a, "buzon-tui", "documento", folio, "-o", "bajado.pdf", "--json");
	must_be(&r, 0);
	assert_string_equal(e2e_json(&a, r.out, "folio"), folio);
	assert_non_null(strstr(r.out, "\"comprobado\":true,\"comprobaciones\":[{"));
	r = E2E_RUN(&world, &a, "buzon-tui", "notificaciones", "--json");
	must_be(&r, 0);
	/* What is due first comes first: its lapse, before the answer to what was opened. */
	assert_string_equal(e2e_json(&a, r.out, "estatus"), "por abrir");
	row = strstr(r.out, folio);
	assert_non_null(row);
	while (row > r.out && row[-1] != '\n')
		row--;
	assert_string_equal(e2e_json(&a, row, "estatus"), "abierta");
	assert_int_equal(strlen(e2e_json(&a, row, "ultimo_dia")), strlen("2026-12-15"));
	r = E2E_RUN(&world, &a, "buzon-tui", "abrir", folio, "--si");
	must_be(&r, err_exit(ERR_ALREADY_OPENED));
	assert_non_null(strstr(r.err, acuse));
	must_be_saved(acuse);
}

/* L-4.2: a moral acts by its own e.firma; neither sees what is the other's. */
static void test_two_profiles(void **state)
{
	ARENA(a, ROOM);
	const char *own = e2e_notificar(&world, E2E_MORAL);
	struct m_acuse m;

	(void)state;
	struct e2e_run r =
		E2E_RUN(&world, &a, "buzon-tui", "notificaciones", "--json", "--perfil", "fisica");

	must_be(&r, 0);
	assert_null(strstr(r.out, own));
	r = E2E_RUN(&world, &a, "buzon-tui", "abrir", own, "--si", "--perfil", "fisica");
	must_be(&r, err_exit(ERR_NOT_FOUND));
	const char *acuse = open_one(&a, "moral", own);

	r = E2E_RUN(&world, &a, "buzon-tui", "acuse", acuse, "--json", "--perfil", "moral");
	must_be(&r, 0);
	decode(&a, &message_acuse, r.out, &m);
	assert_string_equal(m.titular, E2E_MORAL);
	assert_string_equal(m.titular_nombre, E2E_MORAL_NOMBRE);
	r = E2E_RUN(&world, &a, "buzon-tui", "acuse", acuse, "--perfil", "fisica");
	must_be(&r, err_exit(ERR_NOT_FOUND));
}

/* ---- mistakes ----------------------------------------------------------------------------- */

static const struct mistake {
	struct e2e_perfil perfil;
	enum err err;
} mistakes[] = {
	{{.nombre = "mala_clave",
		 .certificado = "fisica.cer",
		 .llave = "fisica.key",
		 .pass = "moral.pass"},
		ERR_WRONG_PASSWORD},
	{{.nombre = "sin_clave", .certificado = "fisica.cer", .llave = "fisica.key", .pass = "-"},
		ERR_NO_PASSWORD},
	{{.nombre = "clave_rota",
		 .certificado = "fisica.cer",
		 .llave = "fisica.key",
		 .pass = "no_existe.pass"},
		ERR_PASSWORD_COMMAND},
	{{.nombre = "csd"}, ERR_CSD},
	{{.nombre = "pfx",
		 .certificado = "fisica.pfx",
		 .llave = "fisica.key",
		 .pass = "fisica.pass"},
		ERR_PFX},
	{{.nombre = "llave_por_cer",
		 .certificado = "fisica.key",
		 .llave = "fisica.key",
		 .pass = "fisica.pass"},
		ERR_SWAPPED_KEY},
	{{.nombre = "cer_por_llave",
		 .certificado = "fisica.cer",
		 .llave = "fisica.cer",
		 .pass = "fisica.pass"},
		ERR_SWAPPED_CERT},
	{{.nombre = "cer_corto",
		 .certificado = "truncada.cer",
		 .llave = "fisica.key",
		 .pass = "fisica.pass"},
		ERR_BAD_CERT},
	{{.nombre = "llave_corta",
		 .certificado = "fisica.cer",
		 .llave = "truncada.key",
		 .pass = "fisica.pass"},
		ERR_BAD_KEY},
	{{.nombre = "llave_ajena"}, ERR_KEY_MISMATCH},
	{{.nombre = "sin_eku"}, ERR_NOT_EFIRMA},
	{{.nombre = "debil"}, ERR_WEAK_KEY},
	{{.nombre = "vencida"}, ERR_CERT_EXPIRED},
	{{.nombre = "futura"}, ERR_CERT_NOT_YET},
	{{.nombre = "revocada"}, ERR_CERT_REVOKED},
	{{.nombre = "otra_ca"}, ERR_CERT_UNTRUSTED},
	{{.nombre = "ajeno",
		 .rfc = "RUSA820922TT8",
		 .certificado = "fisica.cer",
		 .llave = "fisica.key",
		 .pass = "fisica.pass"},
		ERR_RFC_MISMATCH},
	{{.nombre = "no_esta",
		 .certificado = "no_esta.cer",
		 .llave = "fisica.key",
		 .pass = "fisica.pass"},
		ERR_NO_FILE},
	{{.nombre = "sin_servidor",
		 .certificado = "fisica.cer",
		 .llave = "fisica.key",
		 .pass = "fisica.pass",
		 .port = 1},
		ERR_NETWORK},
	{{.nombre = "otra_tls",
		 .certificado = "fisica.cer",
		 .llave = "fisica.key",
		 .pass = "fisica.pass",
		 .ca = "ca.pem"},
		ERR_TLS},
};

/* L-4.2 A-01 A-17: the sentence says what is wrong and what to do; nothing is entered. */
static void test_mistakes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(mistakes); i++)
		e2e_perfil(&world, &mistakes[i].perfil);
	for (size_t i = 0; i < COUNT_OF(mistakes); i++) {
		ARENA(a, ROOM);
		const struct mistake *k = &mistakes[i];
		const char *name = k->perfil.nombre;
		struct e2e_run r = E2E_RUN(&world, &a, "buzon-tui", "entrar", "--perfil", name);

		if (r.code != err_exit(k->err) || strstr(r.err, err_sentence(k->err)) == NULL)
			fail_msg("%s: exit %d, not %d; %s", name, r.code, err_exit(k->err), r.err);
		assert_string_equal(r.out, "");
		r = E2E_RUN(&world, &a, "buzon-tui", "entrar", "--json", "--perfil", name);
		assert_int_equal(r.code, err_exit(k->err));
		/* Before it may stand what clave_comando had to say. */
		const char *line = strchr(r.err, '{');

		assert_non_null(line);
		assert_string_equal(e2e_json(&a, line, "error"), err_wire(k->err));
	}
	assert_int_equal(e2e_number(&world, "SELECT count(*) FROM lectura l JOIN certificado c ON "
					    "c.huella = l.huella WHERE c.revocado > 0"),
		0);
}

/* An RFC with a good e.firma that is not in the Buzón. */
static void test_stranger(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	e2e_perfil(&world, &(struct e2e_perfil){.nombre = "contador", .rfc = "RUSA820922TT8"});
	struct e2e_run r =
		E2E_RUN(&world, &a, "buzon-tui", "notificaciones", "--perfil", "contador");

	must_be(&r, err_exit(ERR_NOT_ENABLED));
	assert_non_null(strstr(r.err, err_sentence(ERR_NOT_ENABLED)));
}

static void test_usage(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	struct e2e_run r = E2E_RUN(&world, &a, "buzon-tui", "volar");

	must_be(&r, 64);
	assert_non_null(strstr(r.err, "volar"));
	r = E2E_RUN(&world, &a, "buzon-tui", "abrir");
	must_be(&r, 64);
	r = E2E_RUN(&world, &a, "buzon-tui", "entrar", "--perfil", "nadie");
	must_be(&r, err_exit(ERR_NO_PROFILE));
	assert_non_null(strstr(r.err, "nadie"));
	r = E2E_RUN(&world, &a, "buzon-tui", "--ayuda");
	must_be(&r, 0);
	assert_non_null(strstr(r.out, "notificaciones"));
	assert_int_equal(file_write(e2e_path(&world, &a, "mala.ini"),
				 bytes_of_text("[perfil x]\nrfcc = 1\n"), 0600),
		OK);
	r = E2E_RUN(&world, &a, "buzon-tui", "entrar", "--config", "mala.ini");
	must_be(&r, err_exit(ERR_CONFIG));
	assert_non_null(strstr(r.err, "mala.ini"));
	assert_non_null(strstr(r.err, "2"));
	/* No terminal: the screen is not tried. */
	r = E2E_RUN(&world, &a, "buzon-tui");
	must_be(&r, err_exit(ERR_NO_TERMINAL));
	r = E2E_RUN(&world, &a, "buzond", "volar");
	must_be(&r, 64);
	r = E2E_RUN(&world, &a, "buzond", "config", "--ejemplo");
	must_be(&r, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_enter),
		cmocka_unit_test(test_looking_never_serves),
		cmocka_unit_test(test_whole_job),
		cmocka_unit_test(test_two_profiles),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_stranger),
		cmocka_unit_test(test_usage),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
