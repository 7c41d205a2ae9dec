/*
 * Media, activation and representatives by commands, as a script would do them: against a real
 * server, two e.firmas, a line that fails, a server that is killed. A-16 A-10 L-4.2 L-5.1 L-5.2 R-1
 */
#include "tests/help/cm.h"

#include <signal.h>
#include <time.h>
#include "net/codec.h"
#include "net/messages.h"
#include "tests/help/e2e_correo.h"
#include "tests/help/e2e_relay.h"

#define ROOM (32 * 1024 * 1024)
#define WAIT_MS 30000
#define NUEVO "contador"
#define NUEVO_RFC "RUSA820922TT8"
#define CORREO "ana.ruiz@correo.prueba"
#define CELULAR "5512345678"
#define GIVEN "SELECT count(*) FROM acto WHERE ruta = 'representante_alta'"

static struct e2e world;
static struct e2e_relay relay;

static int open_world(void **state)
{
	(void)state;
	e2e_relay_open(&relay, &world);
	e2e_open(&world);
	/* The moral again, by a bad line; and the física acting for it. */
	e2e_perfil(&world, &(struct e2e_perfil){.nombre = "linea",
				   .rfc = E2E_MORAL,
				   .certificado = "moral.cer",
				   .llave = "moral.key",
				   .pass = "moral.pass",
				   .port = relay.port});
	e2e_perfil(&world, &(struct e2e_perfil){.nombre = "apoderado",
				   .rfc = E2E_MORAL,
				   .calidad = "representante",
				   .certificado = "fisica.cer",
				   .llave = "fisica.key",
				   .pass = "fisica.pass"});
	e2e_perfil(&world, &(struct e2e_perfil){.nombre = NUEVO, .rfc = NUEVO_RFC});
	e2e_relay_start(&relay);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	e2e_relay_close(&relay);
	e2e_close(&world);
	return 0;
}

static void must_be(const struct e2e_run *r, enum err e)
{
	if (r->code != err_exit(e) || (e != OK && strstr(r->err, err_sentence(e)) == NULL))
		fail_msg("exit %d, not %d (%s); out: %s; err: %s", r->code, err_exit(e),
			err_wire(e), r->out, r->err);
}

#define RUN(a, perfil, ...) E2E_RUN(&world, (a), "buzon-tui", "--perfil", (perfil), __VA_ARGS__)

/* The line of a list that has that member so; NULL: none. */
static const char *line_with(
	struct arena *a, const char *text, const char *member, const char *value)
{
	const char *want = arena_printf(a, "\"%s\":\"%s\"", member, value);

	assert_non_null(want);
	for (; text[0] != '\0'; text += strcspn(text, "\n") + 1) {
		const char *line = arena_printf(a, "%.*s", (int)strcspn(text, "\n"), text);

		assert_non_null(line);
		if (strstr(line, want) != NULL)
			return line;
		if (text[strcspn(text, "\n")] == '\0')
			break;
	}
	return NULL;
}

static const char *estado_of(struct arena *a, const char *perfil, const char *folio)
{
	bool own = strcmp(perfil, "moral") == 0;
	struct e2e_run r = own ? RUN(a, perfil, "representante", "lista", "--json")
			       : RUN(a, perfil, "representados", "--json");

	must_be(&r, OK);
	const char *line = line_with(a, r.out, "folio", folio);

	if (line == NULL)
		fail_msg("no %s in: %s", folio, r.out);
	return e2e_json(a, line, "estado");
}

/* Gives the física that; the folio. */
static const char *give(struct arena *a, const char *permiso)
{
	struct e2e_run r = RUN(a, "moral", "representante", "alta", E2E_FISICA, "--permiso",
		permiso, "--hasta", "31/dic/2035", "--si", "--json");

	must_be(&r, OK);
	assert_string_equal(e2e_json(a, r.out, "representante"), E2E_FISICA);
	return e2e_json(a, r.out, "folio");
}

static void end_it(struct arena *a, const char *perfil, const char *folio)
{
	struct e2e_run r = RUN(a, perfil, "representante", "baja", folio, "--si", "--json");

	must_be(&r, OK);
	assert_string_equal(e2e_json(a, r.out, "representacion"), folio);
}

/* ---- two signatures ------------------------------------------------------------------------ */

/*
 * A-16 L-4.2: the moral names the física, the física accepts, and opens a notification of the moral
 * in its name; every acuse says who signed for whom. It ends when either says so.
 */
static void test_both_signatures(void **state)
{
	ARENA(a, ROOM);
	const char *aviso = e2e_notificar(&world, E2E_MORAL);
	int64_t acts = e2e_number(&world, GIVEN);

	(void)state;
	struct e2e_run r = RUN(&a, "moral", "representante", "alta", E2E_FISICA, "--permiso",
		"notificaciones:firmar");

	/* What would be given is said, and without a yes it is not. */
	must_be(&r, ERR_NEED_YES);
	assert_non_null(strstr(r.out, E2E_FISICA));
	assert_non_null(strstr(r.out, "30 minutos"));
	assert_int_equal(e2e_number(&world, GIVEN), acts);
	const char *folio = give(&a, "notificaciones:firmar,medios:leer");

	assert_string_equal(estado_of(&a, "moral", folio), "por-aceptar");
	/* Whole days of Zona Centro: to the last ms of 31 Dec 2035. */
	r = RUN(&a, "moral", "representante", "lista", "--json");
	assert_non_null(strstr(line_with(&a, r.out, "folio", folio), "\"hasta\":2082779999999"));
	assert_string_equal(estado_of(&a, "fisica", folio), "por-aceptar");
	r = RUN(&a, "apoderado", "notificaciones");
	must_be(&r, ERR_NO_MANDATE);
	r = RUN(&a, "fisica", "representante", "aceptar", folio);
	must_be(&r, ERR_NEED_YES);
	assert_non_null(strstr(r.out, E2E_MORAL));
	r = RUN(&a, "fisica", "representante", "aceptar", folio, "--si", "--json");
	must_be(&r, OK);
	assert_string_equal(e2e_json(&a, r.out, "titular"), E2E_MORAL);
	assert_string_equal(e2e_json(&a, r.out, "firmante"), E2E_FISICA);
	assert_string_equal(e2e_json(&a, r.out, "calidad"), "representante");
	const char *acuse = e2e_json(&a, r.out, "folio");

	assert_string_equal(estado_of(&a, "fisica", folio), "vigente");
	/* Saved with the profile that signed, both forms, and proved without a line. */
	r = E2E_RUN(&world, &a, "buzon-tui", "verificar",
		arena_printf(&a, "datos/buzon-tui/fisica/acuses/%s.pdf", acuse));
	must_be(&r, OK);
	r = RUN(&a, "apoderado", "notificaciones", "--json");
	must_be(&r, OK);
	assert_non_null(line_with(&a, r.out, "folio", aviso));
	r = RUN(&a, "apoderado", "abrir", aviso, "--si", "--json");
	must_be(&r, OK);
	r = RUN(&a, "moral", "acuse", e2e_json(&a, r.out, "folio"), "--json");
	must_be(&r, OK);
	assert_string_equal(e2e_json(&a, r.out, "titular"), E2E_MORAL);
	assert_string_equal(e2e_json(&a, r.out, "firmante"), E2E_FISICA);
	assert_string_equal(e2e_json(&a, r.out, "calidad"), "representante");
	/* Naming others is the titular's alone. */
	r = RUN(&a, "apoderado", "representante", "alta", "RUSA820922TT8", "--permiso",
		"medios:leer", "--si");
	must_be(&r, ERR_NOT_YOURS);
	end_it(&a, "fisica", folio);
	assert_string_equal(estado_of(&a, "moral", folio), "terminada");
	r = RUN(&a, "apoderado", "notificaciones");
	must_be(&r, ERR_NO_MANDATE);
}

/* Up to preparar the titular's signature is enough, and nothing is opened with it. */
static void test_one_signature(void **state)
{
	ARENA(a, ROOM);
	const char *aviso = e2e_notificar(&world, E2E_MORAL);
	const char *folio = give(&a, "notificaciones:preparar");

	(void)state;
	assert_string_equal(estado_of(&a, "fisica", folio), "vigente");
	struct e2e_run r = RUN(&a, "apoderado", "notificaciones", "--json");

	must_be(&r, OK);
	assert_non_null(line_with(&a, r.out, "folio", aviso));
	r = RUN(&a, "apoderado", "abrir", aviso, "--si");
	must_be(&r, ERR_NO_SCOPE);
	/* What may not be seen was not told: not "none", not "missing". */
	r = RUN(&a, "apoderado", "medios");
	must_be(&r, ERR_NO_SCOPE);
	assert_string_equal(r.out, "");
	/* A second one beside it would say two things. */
	r = RUN(&a, "moral", "representante", "alta", E2E_FISICA, "--permiso", "medios:leer",
		"--si");
	must_be(&r, ERR_ALREADY_REPRESENTED);
	end_it(&a, "moral", folio);
	r = RUN(&a, "moral", "representante", "baja", folio, "--si");
	must_be(&r, ERR_REPRESENTATION_ENDED);
	/* Only media: the list is not empty, it is not shown. */
	folio = give(&a, "medios:leer");
	r = RUN(&a, "apoderado", "notificaciones");
	must_be(&r, ERR_NO_SCOPE);
	end_it(&a, "moral", folio);
}

static void test_mistakes(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	struct e2e_run r = RUN(&a, "moral", "representante", "alta", E2E_MORAL, "--permiso",
		"medios:leer", "--si");

	must_be(&r, ERR_SELF);
	r = RUN(&a, "moral", "representante", "alta", "nadie", "--permiso", "medios:leer", "--si");
	must_be(&r, ERR_BAD_RFC);
	r = RUN(&a, "fisica", "representante", "aceptar", "BI-20260101-000000001", "--si");
	must_be(&r, ERR_NOT_FOUND);
	r = RUN(&a, "fisica", "representante", "baja", "BI-20260101-000000001", "--si", "--json");
	assert_int_equal(r.code, err_exit(ERR_NOT_FOUND));
	const char *error = strchr(r.err, '{');

	assert_non_null(error);
	assert_string_equal(e2e_json(&a, error, "error"), err_wire(ERR_NOT_FOUND));
	r = RUN(&a, "fisica", "representante", "lista");
	must_be(&r, OK);
	assert_string_equal(r.out, "");
	assert_non_null(strstr(r.err, "Nadie"));
	/* Who reads leaves early: no fault of a disk. */
	r = E2E_RUN(&world, &a, "sh", "-c",
		"{ \"$0\" --perfil moral representante lista --json; echo \"code $?\" >&2; } | true",
		e2e_program(&world, "buzon-tui"));
	assert_null(strstr(r.err, "disco"));
}

/* ---- media and activation ------------------------------------------------------------------ */

/* The code of the last message to that medium. */
static const char *code_of(struct arena *a, bool sms)
{
	return e2e_codigo(
		a, sms ? e2e_sms(&world, a, "") : e2e_correo(&world, a, CORREO, "Valida"));
}

static const char *wrong(const char *codigo)
{
	return strcmp(codigo, "00000") == 0 ? "00001" : "00000";
}

static const char *add_medium(struct arena *a, const char *kind, const char *medio)
{
	struct e2e_run r = RUN(a, NUEVO, "medio", "nuevo", kind, medio, "--si", "--json");

	must_be(&r, OK);
	assert_string_equal(e2e_json(a, r.out, "medio"), medio);
	return e2e_json(a, r.out, "folio");
}

static void validate(struct arena *a, const char *folio, const char *codigo)
{
	struct e2e_run r = RUN(a, NUEVO, "medio", "validar", folio, codigo, "--json");

	must_be(&r, OK);
	assert_string_equal(e2e_json(a, r.out, "medio"), folio);
	r = E2E_RUN(&world, a, "buzon-tui", "verificar",
		arena_printf(
			a, "datos/buzon-tui/" NUEVO "/acuses/%s.pdf", e2e_json(a, r.out, "folio")));
	must_be(&r, OK);
}

static const char *estado_de(struct arena *a, const char *folio)
{
	struct e2e_run r = RUN(a, NUEVO, "medios", "--json");

	must_be(&r, OK);
	const char *line = line_with(a, r.out, "folio", folio);

	if (line == NULL)
		fail_msg("no %s in: %s", folio, r.out);
	return e2e_json(a, line, "estado");
}

/* Nothing is there, nothing may be done yet, and each command says what comes first. */
static void before_anything(struct arena *a)
{
	struct e2e_run r = RUN(a, NUEVO, "medios");

	must_be(&r, OK);
	assert_non_null(strstr(r.out, "0 de 5 correos, 0 de 1 celular"));
	assert_non_null(strstr(r.err, "medio nuevo --correo"));
	r = RUN(a, NUEVO, "notificaciones");
	must_be(&r, ERR_NOT_ENABLED);
	r = RUN(a, NUEVO, "activar", "--si");
	must_be(&r, ERR_NOT_READY);
	r = RUN(a, NUEVO, "activar");
	must_be(&r, ERR_NOT_READY);
	assert_non_null(strstr(r.out, "1 [hecho] Entrar"));
	assert_non_null(strstr(r.out, "2 [hecho] Autenticarte con tu e.firma"));
	assert_non_null(strstr(r.out, "correo electrónico [falta], celular [falta]"));
	/* L-T1: only its certificate speaks of it, so no term is held against it. */
	assert_non_null(strstr(r.out, "sin plazo señalado"));
}

static void bad_media(struct arena *a)
{
	struct e2e_run r = RUN(a, NUEVO, "medio", "nuevo", "--correo", CORREO);

	/* A-04: what would be registered is said; without a yes nothing is. */
	must_be(&r, ERR_NEED_YES);
	assert_non_null(strstr(r.out, "Registrar medio de contacto: " CORREO));
	r = RUN(a, NUEVO, "medio", "nuevo", "--correo", "ana@", "--si");
	must_be(&r, ERR_BAD_MAIL);
	r = RUN(a, NUEVO, "medio", "nuevo", "--correo", "ana@x.mx\nBcc: otro@x.mx", "--si");
	if (r.code == 0)
		fail_msg("%s", r.out);
	r = RUN(a, NUEVO, "medio", "nuevo", "--celular", "551234567", "--si", "--json");
	assert_int_equal(r.code, err_exit(ERR_BAD_MOBILE));
	r = RUN(a, NUEVO, "medio", "nuevo", "--correo", CORREO, "--rp", "Y9999999999", "--si");
	must_be(&r, ERR_NO_SUCH_RP);
	/* As one writes it. */
	r = RUN(a, NUEVO, "medio", "nuevo", "--correo", CORREO, "--rp", "y99-99999 99-9", "--si");
	must_be(&r, ERR_NO_SUCH_RP);
	r = RUN(a, NUEVO, "medio", "validar", "BI-20260101-000000001", "12345");
	must_be(&r, ERR_NOT_FOUND);
}

/* L-5.1: five mails at most; the sixth takes another one's place, or waits for it to go. */
static void six_mails(struct arena *a, const char *first)
{
	struct e2e_run r;

	for (int i = 2; i <= 5; i++)
		(void)add_medium(a, "--correo", arena_printf(a, "ana%d@correo.prueba", i));
	r = RUN(a, NUEVO, "medio", "nuevo", "--correo", "ana6@correo.prueba", "--si");
	must_be(&r, ERR_MEDIA_FULL);
	assert_non_null(strstr(r.err, "--reemplaza"));
	r = RUN(a, NUEVO, "medio", "nuevo", "--correo", "ana6@correo.prueba", "--reemplaza", first,
		"--si", "--json");
	must_be(&r, OK);
	/* The one it will take the place of stays until then. */
	assert_string_equal(estado_de(a, first), "validado");
	r = RUN(a, NUEVO, "medios");
	must_be(&r, OK);
	/* Until then it takes no place of its own. */
	assert_non_null(strstr(r.out, "5 de 5 correos"));
	assert_non_null(strstr(r.out, "ana5@correo.prueba"));
}

/* The second code is the one that counts. */
static const char *mobile(struct arena *a)
{
	struct e2e_run r;
	const char *celular = add_medium(a, "--celular", CELULAR);
	const char *old = code_of(a, true);

	/* Not at once: when it can be is said. */
	r = RUN(a, NUEVO, "medio", "reenviar", celular);
	must_be(&r, ERR_TOO_MANY_SENT);
	assert_non_null(strstr(r.err, "/2"));
	assert_int_equal(
		e2e_number(&world, "UPDATE envio SET creado = creado - 300000 RETURNING 1"), 1);
	r = RUN(a, NUEVO, "medio", "reenviar", celular, "--json");
	must_be(&r, OK);
	assert_string_equal(e2e_json(a, r.out, "folio"), celular);
	const char *fresh = code_of(a, true);

	for (int i = 0; i < 100 && strcmp(fresh, old) == 0; i++)
		fresh = code_of(a, true);
	validate(a, celular, fresh);
	return celular;
}

/* What is signed is the text that can be read. */
static void activate(struct arena *a)
{
	struct e2e_run r =
		RUN(a, NUEVO, "activar", "--ver", "terminos", "-o", "terminos.txt", "--json");
	must_be(&r, OK);
	const char *sha256 = e2e_json(a, r.out, "sha256");

	r = E2E_RUN(&world, a, "sha256sum", "terminos.txt");
	assert_memory_equal(r.out, sha256, 64);
	r = RUN(a, NUEVO, "activar");
	must_be(&r, ERR_NEED_YES);
	assert_non_null(strstr(r.out, sha256));
	r = RUN(a, NUEVO, "activar", "--si", "--json");
	must_be(&r, OK);
	assert_string_equal(e2e_json(a, r.out, "firmante"), NUEVO_RFC);
	r = RUN(a, NUEVO, "activar", "--si");
	must_be(&r, ERR_ALREADY_ENABLED);
	r = RUN(a, NUEVO, "notificaciones");
	must_be(&r, OK);
}

static void below_minimum(struct arena *a, const char *celular)
{
	struct e2e_run r = RUN(a, NUEVO, "medio", "baja", celular);
	must_be(&r, ERR_NEED_YES);
	r = RUN(a, NUEVO, "medio", "baja", celular, "--si");
	must_be(&r, ERR_BELOW_MINIMUM);
	assert_non_null(strstr(r.err, "--bajo-minimo"));
	assert_string_equal(estado_de(a, celular), "validado");
	r = RUN(a, NUEVO, "medio", "baja", celular, "--bajo-minimo", "--si", "--json");
	must_be(&r, OK);
	assert_string_equal(estado_de(a, celular), "baja");
	r = RUN(a, NUEVO, "medio", "baja", celular, "--bajo-minimo", "--si");
	must_be(&r, ERR_MEDIUM_GONE);
}

/*
 * L-5.1 L-5.2 A-10 R-1: from nothing to an enabled Buzón by commands, with each mistake on the way;
 * and what it takes to go below the minimum again.
 */
static void test_activation(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	before_anything(&a);
	bad_media(&a);
	const char *correo = add_medium(&a, "--correo", CORREO);
	struct e2e_run r =
		RUN(&a, NUEVO, "medio", "nuevo", "--correo", "ANA.RUIZ@correo.PRUEBA", "--si");

	must_be(&r, ERR_MEDIUM_EXISTS);
	const char *codigo = code_of(&a, false);

	r = RUN(&a, NUEVO, "medio", "validar", correo, wrong(codigo));
	must_be(&r, ERR_BAD_CODE);
	/* Told once, and not again as something old. */
	assert_null(strstr(r.err, "El servidor no aceptó"));
	/* Another's is not there for them, with the right code too. */
	r = RUN(&a, "fisica", "medio", "validar", correo, codigo);
	must_be(&r, ERR_NOT_FOUND);
	assert_string_equal(estado_de(&a, correo), "por validar");
	validate(&a, correo, codigo);
	r = RUN(&a, NUEVO, "medio", "validar", correo, codigo);
	must_be(&r, ERR_ALREADY_VALID);
	const char *celular = mobile(&a);

	six_mails(&a, correo);
	activate(&a);
	below_minimum(&a, celular);
}

/* ---- a line, a server ---------------------------------------------------------------------- */

/* The act is committed; its answer never arrives, nor does anything for a while. */
static enum e2e_verdict judge_act(struct e2e_relay *r)
{
	if (e2e_number(r->world, GIVEN) == r->number)
		return E2E_FORWARD;
	r->judge = NULL;
	e2e_relay_cut(r, 600 * 1000);
	return E2E_CUT;
}

/* Until the file of the world's folder says so. */
static void wait_said(const char *name, const char *text)
{
	bool said = false;

	for (int i = 0; i < 600 && !said; i++) {
		ARENA(a, ROOM);

		said = strstr(e2e_file(&world, &a, name), text) != NULL;
		if (!said)
			nanosleep(&(struct timespec){.tv_nsec = 50 * 1000000}, NULL);
	}
	if (!said)
		fail_msg("%s does not say «%s»", name, text);
}

/*
 * Signed, sent, committed, and then neither line nor server: the command says that the act is kept,
 * and is not waited for. Repeated when both are back, the same bytes get the acuse of the one act
 * there is; nothing is asked again (no --si).
 */
static void test_killed_and_repeated(void **state)
{
	ARENA(a, ROOM);
	static const char *const line[] = {"buzon-tui", "--perfil", "linea", "representante",
		"alta", E2E_FISICA, "--permiso", "medios:preparar", "--si", NULL};

	(void)state;
	relay.number = e2e_number(&world, GIVEN);
	relay.judge = judge_act;
	pid_t pid = e2e_spawn(&world, "alta", line);

	wait_said("alta.err", "El acto firmado está guardado");
	assert_null(relay.judge);
	assert_int_equal(kill(pid, SIGINT), 0);
	assert_int_equal(e2e_wait(pid, WAIT_MS), 128 + SIGINT);
	assert_int_equal(e2e_server_stop(&world, SIGKILL), 128 + SIGKILL);
	e2e_server_start(&world);
	relay.dead_until = 0;
	struct e2e_run r = RUN(&a, "linea", "representante", "alta", E2E_FISICA, "--permiso",
		"medios:preparar", "--json");

	must_be(&r, OK);
	const char *folio = e2e_json(&a, r.out, "folio");

	assert_int_equal(e2e_number(&world, GIVEN), relay.number + 1);
	assert_string_equal(estado_of(&a, "moral", folio), "vigente");
	r = E2E_RUN(&world, &a, "buzon-tui", "verificar",
		arena_printf(&a, "datos/buzon-tui/linea/acuses/%s.json", folio));
	must_be(&r, OK);
	end_it(&a, "moral", folio);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_signatures),
		cmocka_unit_test(test_one_signature),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_activation),
		cmocka_unit_test(test_killed_and_repeated),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
