/*
 * Contact media while what carries their messages is down, slow, or says no; while somebody sends
 * what no client would; while two do the same at once. Each from the user's side: registered by
 * buzon-tui, read where it was delivered, told by medios and the board; and what is stored can be
 * proved afterwards. L-5.1 L-5.2 L-7.3 A-05 A-06 A-07 A-10
 */
#include "tests/help/cm.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "base/err.h"
#include "base/file.h"
#include "tests/help/carga_acto.h"
#include "tests/help/e2e_correo.h"
#include "tests/help/e2e_envio.h"
#include "tests/help/e2e_filas.h"
#include "tests/help/e2e_medios.h"
#include "tests/help/e2e_servidor.h"
#include "tests/help/persona.h"
#include "tests/help/pki.h"
#include "tests/help/python.h"

#define ROOM (64 << 20)
#define CORREO "--correo"
#define CELULAR "--celular"
#define SIGUE "se sigue intentando"
#define CLIENTES 40

static struct e2e world;
static struct e2e_servidor segundo = {.name = "segundo"};
static struct rele rele;
static struct kannel kannel;

static struct carga_persona contador;

static void enter(void)
{
	ARENA(a, ROOM);
	struct carga_acto act;
	struct carga_respuesta r;

	assert_int_equal(carga_persona_open(&contador, "fisica", E2E_FISICA), OK);
	assert_int_equal(carga_firmar_entrada(&a, &contador, &act), OK);
	carga_enviar(&contador, &a, world.port, &act, 20000, &r);
	assert_int_equal(r.status, 200);
}

static int open_world(void **state)
{
	static char authority[64];

	*state = &world;
	kannel_open(&kannel);
	segundo.port = e2e_servidor_port();
	snprintf(authority, sizeof(authority), "localhost:%u " CARGA_AUTORIDAD, segundo.port);
	world.authority = authority;
	e2e_open(&world);
	e2e_medios_config(&world, &rele, &kannel);
	e2e_medios_padron(&world);
	enter();
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	(void)e2e_servidor_stop(&segundo, SIGKILL);
	carga_persona_close(&contador);
	e2e_close(&world);
	kannel_close(&kannel);
	rele_close(&rele);
	return 0;
}

#define RUN(a, perfil, ...) E2E_RUN(&world, (a), "buzon-tui", "--perfil", (perfil), __VA_ARGS__)

static void must_be(const struct e2e_run *r, enum err e)
{
	if (r->code != err_exit(e) || (e != OK && strstr(r->err, err_sentence(e)) == NULL))
		fail_msg("exit %d, not %d (%s); out: %s; err: %s", r->code, err_exit(e),
			err_wire(e), r->out, r->err);
}

static void hurry(const char *folio)
{
	e2e_envio_hurry(&world, e2e_medio_envio(&world, folio));
}

/* The one mail that the address got; there must be no other. */
static const char *only_mail(struct arena *a, const char *address)
{
	const char *mail = NULL;

	assert_int_equal(rele_messages(&rele, a, address, 1, &mail, NULL), 1);
	assert_int_equal(rele_all(&rele, a, address, &mail, NULL), 1);
	return e2e_legible(a, mail);
}

/* The code of the one SMS that the number got: UCS-2, as fakesmsc shows it. */
static const char *only_sms(struct arena *a, const char *number)
{
	static const char before[] = "%00c%00%F3%00d%00i%00g%00o%00+";
	const char *to = arena_printf(a, "+52%s ", number);
	const char *phones = kannel_phones(&kannel, a, to);
	const char *at = strstr(strstr(phones, to), before);
	unsigned d[5];

	assert_int_equal(e2e_veces(phones, to), 1);
	assert_non_null(at);
	assert_int_equal(sscanf(at + strlen(before), "%%00%1u%%00%1u%%00%1u%%00%1u%%00%1u", &d[0],
				 &d[1], &d[2], &d[3], &d[4]),
		5);
	return arena_printf(a, "%u%u%u%u%u", d[0], d[1], d[2], d[3], d[4]);
}

/* ---- the relay ---------------------------------------------------------------------------- */

/* The acuse is given all the same; why nothing came is said; it comes once, and validates. */
static void test_relay_down(void **state)
{
	ARENA(a, ROOM);
	const char *yo = e2e_cliente_perfil(&world, 0);

	(void)state;
	rele_stop(&rele);
	const char *folio = e2e_medio_nuevo(&world, yo, CORREO, "caido@correo.prueba");

	e2e_medio_aviso(&world, yo, folio, "por-enviar", "(sin-conexion); " SIGUE);
	struct e2e_run r = RUN(&a, yo, "medios");

	must_be(&r, OK);
	assert_non_null(strstr(r.out, "está por enviarse: Todavía no se pudo entregar"));
	r = E2E_RUN(&world, &a, "buzond", "tareas", "--config", "buzond.ini");
	assert_non_null(strstr(r.out, "falló 1 vez: sin-conexion"));
	rele_start(&rele);
	hurry(folio);
	e2e_medio_aviso(&world, yo, folio, "enviado", NULL);
	e2e_medio_valida(&world, yo, folio, e2e_codigo(&a, only_mail(&a, "caido@correo.prueba")));
}

/* It has taken the connection and says nothing: nobody else waits for it. */
static void test_relay_slow(void **state)
{
	ARENA(a, ROOM);
	const char *yo = e2e_cliente_perfil(&world, 0);

	(void)state;
	rele_hold(&rele, true);
	const char *folio = e2e_medio_nuevo(&world, yo, CORREO, "lenta@correo.prueba");
	const char *sms = e2e_medio_nuevo(&world, yo, CELULAR, "5510000001");

	e2e_medio_valida(&world, yo, sms, only_sms(&a, "5510000001"));
	e2e_medio_aviso(&world, yo, folio, "por-enviar", NULL);
	rele_hold(&rele, false);
	e2e_medio_aviso(&world, yo, folio, "enviado", NULL);
	e2e_medio_valida(&world, yo, folio, e2e_codigo(&a, only_mail(&a, "lenta@correo.prueba")));
}

/* 451 when it had all of the message: it was not taken, and is sent again. */
static void test_deferred_after_data(void **state)
{
	ARENA(a, ROOM);
	const char *yo = e2e_cliente_perfil(&world, 0);

	(void)state;
	rele_defer(&rele, true);
	const char *folio = e2e_medio_nuevo(&world, yo, CORREO, "espera@correo.prueba");

	e2e_medio_aviso(&world, yo, folio, "por-enviar", "(451 4.3.0); " SIGUE);
	rele_defer(&rele, false);
	hurry(folio);
	e2e_medio_aviso(&world, yo, folio, "enviado", NULL);
	e2e_medio_valida(&world, yo, folio, e2e_codigo(&a, only_mail(&a, "espera@correo.prueba")));
}

/* 550 behind DATA: for good, said on the board, and the way on is open. */
static void test_refused_after_data(void **state)
{
	ARENA(a, ROOM);
	const char *yo = e2e_cliente_perfil(&world, 0);

	(void)state;
	const char *folio = e2e_medio_nuevo(&world, yo, CORREO, "contenido@correo.prueba");

	e2e_medio_aviso(&world, yo, folio, "fallido", "rechazó el mensaje (550 5.7.1); pide a");
	struct vt *vt = persona_start(&world, &(struct persona){.perfil = yo, .rows = 40});

	persona_to(vt, "", "Validación FIEL");
	persona_to(vt, E2E_FISICA, E2E_FISICA);
	e2e_focus(vt, "Validar");
	persona_to(vt, "\r", "Sincronizado");
	persona_to(vt, "4", "contenido@correo.prueba");
	persona_to(vt, "\r", "El último mensaje no se pudo entregar");
	persona_shows(vt, "(550 5.7.1)");
	persona_leave(vt);
	struct e2e_run r = RUN(&a, yo, "medio", "nuevo", CORREO, "bien@correo.prueba",
		"--reemplaza", folio, "--si", "--json");

	must_be(&r, OK);
	const char *other = e2e_json(&a, r.out, "folio");

	assert_string_equal(e2e_json(&a, e2e_medio_fila(&world, &a, yo, folio), "estado"), "baja");
	e2e_medio_valida(&world, yo, other, e2e_codigo(&a, only_mail(&a, "bien@correo.prueba")));
	assert_int_equal(rele_all(&rele, &a, "contenido@correo.prueba", NULL, NULL), 0);
}

/* Taken, and then it comes back. */
static void test_bounced(void **state)
{
	ARENA(a, ROOM);
	const char *yo = e2e_cliente_perfil(&world, 0);
	const char *dsn = NULL;

	(void)state;
	const char *folio = e2e_medio_nuevo(&world, yo, CORREO, "rebota@correo.prueba");
	const char *back =
		arena_printf(&a, "rebote+%s@buzon.prueba", e2e_medio_envio(&world, folio));

	e2e_medio_aviso(&world, yo, folio, "enviado", NULL);
	assert_int_equal(rele_messages(&rele, &a, back, 1, &dsn, NULL), 1);
	assert_int_equal(file_write(e2e_path(&world, &a, "dsn"), bytes_of_text(dsn), 0600), OK);
	struct e2e_run r = E2E_RUN(&world, &a, "sh", "-c",
		arena_printf(&a, "%s rebote --config buzond.ini --para %s <dsn",
			e2e_program(&world, "buzond"), back));

	assert_int_equal(r.code, 0);
	e2e_medio_aviso(&world, yo, folio, "fallido", "regresó sin entregarse (5.0.0); revisa");
	r = RUN(&a, yo, "medios");
	assert_non_null(strstr(r.out, "El aviso a ese medio no llegó: El correo regresó"));
}

/* ---- the gateway -------------------------------------------------------------------------- */

/* its 72 hours have not begun while it can't be sent. */
static void test_gateway_down(void **state)
{
	ARENA(a, ROOM);
	const char *yo = e2e_cliente_perfil(&world, 0);

	(void)state;
	kannel_stop(&kannel);
	const char *folio = e2e_medio_nuevo(&world, yo, CELULAR, "5510000002");

	e2e_medio_aviso(&world, yo, folio, "por-enviar", "(sin-conexion); " SIGUE);
	assert_null(strstr(e2e_medio_fila(&world, &a, yo, folio), "\"vence\""));
	kannel_start(&kannel);
	hurry(folio);
	e2e_medio_aviso(&world, yo, folio, "entregado", NULL);
	assert_non_null(strstr(e2e_medio_fila(&world, &a, yo, folio), "\"vence\""));
	e2e_medio_valida(&world, yo, folio, only_sms(&a, "5510000002"));
}

/* The gateway takes it, the network does not. */
static void test_refused_by_the_network(void **state)
{
	ARENA(a, ROOM);
	const char *yo = e2e_cliente_perfil(&world, 0);
	const char *folio = e2e_medio_nuevo(&world, yo, CELULAR, "9991234560");

	(void)state;
	e2e_medio_aviso(&world, yo, folio, "fallido", "rechazó el mensaje (informe 16); revisa");
	/* The right one takes its place at once. */
	const char *other = e2e_medio_nuevo(&world, yo, CELULAR, "5510000003");

	assert_string_equal(e2e_json(&a, e2e_medio_fila(&world, &a, yo, folio), "estado"), "baja");
	e2e_medio_valida(&world, yo, other, only_sms(&a, "5510000003"));
}

/* ---- codes and links ---------------------------------------------------------------------- */

static const char *wrong(const char *codigo)
{
	return strcmp(codigo, "00000") == 0 ? "00001" : "00000";
}

static const char *page(struct arena *a, const char *enlace)
{
	struct e2e_run r = E2E_RUN(&world, a, "curl", "-ksS", "-d", "", enlace);

	assert_int_equal(r.code, 0);
	return r.out;
}

/* Five wrong ones spend it; a new one is asked for, and nothing of the old one serves. */
static void test_spent(void **state)
{
	ARENA(a, ROOM);
	const char *yo = e2e_cliente_perfil(&world, 0);
	const char *folio = e2e_medio_nuevo(&world, yo, CORREO, "gastado@correo.prueba");
	const char *old = only_mail(&a, "gastado@correo.prueba");
	struct e2e_run r;

	(void)state;
	for (int left = 4; left > 0; left--) {
		r = RUN(&a, yo, "medio", "validar", folio, wrong(e2e_codigo(&a, old)));
		must_be(&r, ERR_BAD_CODE);
	}
	r = RUN(&a, yo, "medio", "validar", folio, wrong(e2e_codigo(&a, old)));
	must_be(&r, ERR_CODE_SPENT);
	r = RUN(&a, yo, "medio", "validar", folio, e2e_codigo(&a, old));
	must_be(&r, ERR_CODE_SPENT);
	e2e_sql(&world,
		arena_printf(
			&a, "UPDATE envio SET creado = creado - 60000 WHERE medio = '%s';", folio));
	r = RUN(&a, yo, "medio", "reenviar", folio);
	must_be(&r, OK);
	const char *first = NULL, *second = NULL;

	assert_int_equal(rele_messages(&rele, &a, "gastado@correo.prueba", 2, &first, &second), 2);
	first = e2e_legible(&a, first);
	const char *new = strcmp(e2e_enlace(&a, first), e2e_enlace(&a, old)) == 0
				  ? e2e_legible(&a, second)
				  : first;

	assert_non_null(strstr(page(&a, e2e_enlace(&a, old)), "<h1>"));
	assert_null(strstr(page(&a, e2e_enlace(&a, old)), "validado</h1>"));
	assert_string_equal(
		e2e_json(&a, e2e_medio_fila(&world, &a, yo, folio), "estado"), "por validar");
	e2e_medio_valida(&world, yo, folio, e2e_codigo(&a, new));
	/* Used: the code says so, the link is harmless. */
	r = RUN(&a, yo, "medio", "validar", folio, e2e_codigo(&a, new));
	must_be(&r, ERR_ALREADY_VALID);
	assert_non_null(strstr(page(&a, e2e_enlace(&a, new)), "ya estaba validado"));
}

/* The end of the 72 hours, seen by a code, a link, the job and its mail. */
static void test_expired(void **state)
{
	ARENA(a, ROOM);
	const char *yo = e2e_cliente_perfil(&world, 0);
	const char *good = e2e_medio_nuevo(&world, yo, CORREO, "vigente@correo.prueba");

	(void)state;
	e2e_medio_valida(&world, yo, good, e2e_codigo(&a, only_mail(&a, "vigente@correo.prueba")));
	const char *folio = e2e_medio_nuevo(&world, yo, CORREO, "vencido@correo.prueba");
	const char *mail = only_mail(&a, "vencido@correo.prueba");

	e2e_sql(&world, arena_printf(&a, "UPDATE medio SET vence = 1 WHERE folio = '%s';", folio));
	struct e2e_run r = RUN(&a, yo, "medio", "validar", folio, e2e_codigo(&a, mail));

	must_be(&r, ERR_MEDIUM_EXPIRED);
	assert_non_null(strstr(page(&a, e2e_enlace(&a, mail)), "El enlace venció"));
	e2e_tareas_ya(&world, arena_printf(&a, "clave LIKE '%% %s'", folio));
	e2e_espera(&world,
		arena_printf(&a,
			"SELECT count(*) FROM medio WHERE folio = '%s' AND motivo = 'vencido'",
			folio),
		1);
	r = RUN(&a, yo, "medio", "validar", folio, e2e_codigo(&a, mail));
	must_be(&r, ERR_MEDIUM_EXPIRED);
	assert_int_equal(rele_messages(&rele, &a, "vigente@correo.prueba", 3, NULL, NULL), 3);
	/* And who has it can register it again. */
	(void)e2e_medio_nuevo(&world, yo, CORREO, "vencido@correo.prueba");
}

/* ---- two at once -------------------------------------------------------------------------- */

/* On two devices and, where the store is shared, at two servers. */
static void test_two_clients(void **state)
{
	ARENA(a, ROOM);

	(void)state;
	if (world.place != NULL)
		e2e_servidor_start(&world, &segundo);
	const char *yo = e2e_cliente_perfil(&world, 0);
	const char *other =
		e2e_otro_equipo(&world, yo, world.place != NULL ? segundo.port : world.port);

	for (int round = 0; round < 4; round++) {
		const char *medio = arena_printf(&a, "ambos%d@correo.prueba", round);
		const char *const one[] = {
			"buzon-tui", "--perfil", yo, "medio", "nuevo", CORREO, medio, "--si", NULL};
		const char *const two[] = {"buzon-tui", "--perfil", other, "medio", "nuevo", CORREO,
			medio, "--si", NULL};
		pid_t pids[] = {e2e_spawn(&world, "uno", one), e2e_spawn(&world, "dos", two)};
		int codes[] = {e2e_wait(pids[0], 60000), e2e_wait(pids[1], 60000)};
		bool first = codes[0] == 0;
		struct e2e_run lost = {.code = codes[first],
			.out = "",
			.err = e2e_file(&world, &a, first ? "dos.err" : "uno.err")};

		if (codes[!first] != 0)
			fail_msg("%s\n%s", e2e_file(&world, &a, "uno.err"),
				e2e_file(&world, &a, "dos.err"));
		must_be(&lost, ERR_MEDIUM_EXISTS);
		(void)only_mail(&a, medio);
	}
	(void)e2e_servidor_stop(&segundo, SIGTERM);
}

/* ---- sent by hand ------------------------------------------------------------------------- */

/* The accountant signs for that client: those bytes. */
static int registers(struct arena *a, const char *rfc, const char *mecanismo, const char *medio,
	const char **ret_answer)
{
	struct carga_acto act;
	struct carga_respuesta r;
	const char *body = arena_printf(a,
		"{\"titular\":\"%s\",\"calidad\":\"representante\",\"mecanismo\":\"%s\","
		"\"medio\":\"%s\"}",
		rfc, mecanismo, medio);

	assert_int_equal(carga_firmar_cuerpo(
				 a, &contador, ROUTE_ID_medio_registrar, bytes_of_text(body), &act),
		OK);
	carga_enviar(&contador, a, world.port, &act, 20000, &r);
	assert_int_equal(r.err, OK);
	*ret_answer = arena_printf(a, "%.*s", (int)r.body.size, (const char *)r.body.data);
	return r.status;
}

/* What a client would never let through, inside JSON's strings. */
static void test_injection(void **state)
{
	static const char *const bad[] = {"ana@correo.prueba\\r\\nBcc: victima@correo.prueba",
		"ana@correo.prueba\\n", "ana\\r\\n@correo.prueba", "ana@correo.prueba\\u0000",
		"\\\"a\\r\\nBcc: victima@correo.prueba\\\"@correo.prueba",
		"\\\"a\\u0085b\\\"@correo.prueba", "ana@correo.prueba\\u2028Bcc: v@correo.prueba",
		"ana@correo.prueba\\t", "ana@correo.prueba,victima@correo.prueba",
		"ana@correo.prueba victima@correo.prueba", "<ana@correo.prueba>",
		"ana@correo.prueba>", "ana@correo.prueba> SIZE=1", "Ana <ana@correo.prueba>",
		"ana@[127.0.0.1]", "ana@correo.prueba:25", "@correo.prueba:ana@x.prueba",
		"ana@correo.prueba\\u202e", "ana\\ud800@correo.prueba", ""};
	ARENA(a, ROOM);
	const char *rfc = e2e_cliente(&world, E2E_CLIENTES - 1);
	int64_t before = e2e_number(&world, "SELECT count(*) FROM envio");
	const char *answer;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		if (registers(&a, rfc, "correo", bad[i], &answer) != 400)
			fail_msg("%s: %s", bad[i], answer);
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		if (registers(&a, rfc, "celular", bad[i], &answer) != 400)
			fail_msg("%s: %s", bad[i], answer);
	assert_int_equal(registers(&a, rfc, "celular", "5512345678\\r\\n&to=1", &answer), 400);
	assert_int_equal(registers(&a, rfc, "celular", "٥٥١٢٣٤٥٦٧٨", &answer), 400);
	assert_int_equal(registers(&a, rfc, "fax", "ana@correo.prueba", &answer), 400);
	assert_int_equal(e2e_number(&world, "SELECT count(*) FROM envio"), before);
	assert_int_equal(
		e2e_number(&world,
			arena_printf(&a, "SELECT count(*) FROM medio WHERE titular = '%s'", rfc)),
		0);
}

/* What RFC 5321 allows and looks like an attack is one address to everybody on the way. */
static void test_odd_addresses(void **state)
{
	static const struct {
		const char *json, *address;
	} odd[] = {{"\\\"Bcc: victima@correo.prueba\\\"@correo.prueba",
			   "\"Bcc: victima@correo.prueba\"@correo.prueba"},
		{"\\\"a\\\\\\\"b,c>d;e\\\"@correo.prueba", "\"a\\\"b,c>d;e\"@correo.prueba"},
		{"ana%0d%0aBcc=victima@correo.prueba", "ana%0d%0aBcc=victima@correo.prueba"},
		{"ana+buzon@correo.prueba", "ana+buzon@correo.prueba"},
		{"$%7bvictima%7d`id`@correo.prueba", "$%7bvictima%7d`id`@correo.prueba"}};
	ARENA(a, ROOM);
	const char *rfc = e2e_cliente(&world, E2E_CLIENTES - 2);
	const char *answer;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(odd); i++) {
		if (registers(&a, rfc, "correo", odd[i].json, &answer) != 200)
			fail_msg("%s: %s", odd[i].json, answer);
		const char *mail = NULL;

		if (rele_messages(&rele, &a, odd[i].address, 1, &mail, NULL) != 1)
			fail_msg("%s got nothing", odd[i].address);
		const char *heard = python_run(&a,
			"import sys, email, email.policy\n"
			"m = email.message_from_binary_file(sys.stdin.buffer, "
			"policy=email.policy.default)\n"
			"assert not m.defects, m.defects\n"
			"assert 'Bcc' not in m and 'Cc' not in m and len(m.get_all('To')) == 1\n"
			"assert len(m['To'].addresses) == 1, m['To']\n"
			"assert not m['To'].defects, m['To'].defects\n"
			"print(m['To'].addresses[0].addr_spec)\n",
			bytes_of_text(mail));

		assert_memory_equal(heard, odd[i].address, strlen(odd[i].address));
	}
	assert_int_equal(rele_all(&rele, &a, "victima@correo.prueba", NULL, NULL), 0);
}

/* The gateway's word comes before its operator's log does. */
static void must_be_phoned(const char *to, size_t count)
{
	size_t seen = 0;

	for (int i = 0; i < 500 && seen < count; i++) {
		ARENA(a, ROOM);

		seen = e2e_veces(kannel_phones(&kannel, &a, to), to);
		if (seen < count)
			nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
	}
	assert_int_equal(seen, count);
}

/*
 * forty clients of one accountant, whose address and number serve them all, within minutes:
 * every message is sent, once, with a code of its own.
 */
static void test_forty_clients(void **state)
{
	ARENA(a, 4 * ROOM);
	const char *answer;
	const char **ids;

	(void)state;
	for (unsigned n = 0; n < CLIENTES; n++) {
		const char *rfc = e2e_cliente(&world, E2E_CLIENTES - 3 - n);

		if (registers(&a, rfc, "correo", "contador@correo.prueba", &answer) != 200 ||
			registers(&a, rfc, "celular", "5510000040", &answer) != 200)
			fail_msg("%s: %s", rfc, answer);
	}
	e2e_espera(&world,
		"SELECT count(*) FROM envio WHERE destino = 'contador@correo.prueba' AND estado = "
		"'aceptado'",
		CLIENTES);
	e2e_espera(&world,
		"SELECT count(*) FROM envio WHERE destino = '5510000040' AND estado = 'entregado'",
		CLIENTES);
	assert_int_equal(
		rele_messages(&rele, &a, "contador@correo.prueba", CLIENTES, NULL, NULL), CLIENTES);
	assert_int_equal(rele_all(&rele, &a, "contador@correo.prueba", NULL, NULL), CLIENTES);
	must_be_phoned("+525510000040 ", CLIENTES);
	/* Nobody's code is another's. */
	assert_int_equal(e2e_filas(&world, &a,
				 "SELECT DISTINCT encode(enlace, 'hex') FROM medio WHERE valor = "
				 "'contador@correo.prueba'",
				 &ids),
		CLIENTES);
}

/* Behind a test that failed, too: the next one finds both peers up. */
static int mend(void **state)
{
	ARENA(a, 65536);

	if (rele.pid <= 0)
		rele_start(&rele);
	rele_hold(&rele, false);
	(void)unlink(arena_printf(&a, "%s/aplaza_datos", rele.dir));
	if (kannel.bearerbox <= 0)
		kannel_start(&kannel);
	return e2e_almacen_limpio(state);
}

#define EACH(f) cmocka_unit_test_teardown(f, mend)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(test_relay_down),
		EACH(test_relay_slow),
		EACH(test_deferred_after_data),
		EACH(test_refused_after_data),
		EACH(test_bounced),
		EACH(test_gateway_down),
		EACH(test_refused_by_the_network),
		EACH(test_spent),
		EACH(test_expired),
		EACH(test_two_clients),
		EACH(test_injection),
		EACH(test_odd_addresses),
		EACH(test_forty_clients),
	};

	if (!rele_open(&rele)) {
		printf("skip medios_fallas: exim4 takes root\n");
		return 0;
	}
	return cmocka_run_group_tests(tests, open_world, close_world);
}
