/*
 * Who may what: every route as every kind of caller, each answer against the table below, which is
 * written by hand and knows nothing of routes.def. A route without a row here fails.
 * L-2 L-3 L-4.2 L-5.2 L-7.1 L-7.8 L-7.10 L-8 L-10 A-16
 */
#include "base/secret.h"
#include "tests/help/cm.h"
#include "tests/help/core_lote.h"
#include "tests/help/core_minimas.h"
#include "tests/help/core_representa.h"
#include "tests/help/pki.h"

/*
 * A letter an answer:
 *   .  it got as far as the rule, whatever that said of what was asked
 *   a  rfc-ajeno             s  sin-representacion    f  fuera-de-alcance
 *   h  buzon-no-habilitado   e  requiere-efirma       r  sin-facultades
 */
struct fila {
	const char *ruta;
	const char *propio; /* for themselves: activated · under the 2020 agreement · not */
	const char
		*notificaciones; /* representative in that menu: leer · preparar · abrir · firmar */
	const char *medios;
	const char *activacion;
	const char *inactivo; /* the same of somebody not activated, firmar in all three */
	const char *tiempo; /* representation to be accepted · to begin · past its date · ended */
	const char *extrano; /* who is none, as representative */
	const char *lectura; /* the titular's reading key */
	/* A functionary as such: of that RFC · of their own · of that RFC, with no faculty · with
	 * every other faculty · their reading key; and who is none, of that RFC and of their own.
	 */
	const char *funcionario;
};

static const struct fila filas[] = {
	/* clang-format off */
	/*                        propio  notif.  medios  activ.  inact. tiempo  extraño lectura funcion. */
	{"entrar",                "...",  "....", "....", "....", ".",   "ssss", "s",    "e",   "a.aaenn"},
	{"sincronizar",           "...",  "....", "....", "....", ".",   "ssss", "s",    ".",   "aaaaaaa"},
	{"notificacion_abrir",    "..h",  "ff..", "ffff", "ffff", "h",   "ssss", "s",    "e",   "aaaaeaa"},
	/* Its rule alone knows of which menu it is: test_publicaciones. */
	{"documento",             "..h",  "....", "ffff", "ffff", "h",   "ssss", "s",    ".",   "aaaaaaa"},
	{"acuse",                 "...",  "....", "....", "....", ".",   "ssss", "s",    ".",   "aaaaaaa"},
	{"texto",                 "...",  "....", "....", "....", ".",   "ssss", "s",    ".",   "aaaaaaa"},
	{"medio_registrar",       "...",  "ffff", "fff.", "ffff", ".",   "ssss", "s",    "e",   "aaaaeaa"},
	{"medio_validar",         "...",  "ffff", "fff.", "ffff", ".",   "ssss", "s",    "e",   "aaaaeaa"},
	{"medio_reenviar",        "...",  "ffff", "fff.", "ffff", ".",   "ssss", "s",    "e",   "aaaaeaa"},
	{"medio_baja",            "...",  "ffff", "fff.", "ffff", ".",   "ssss", "s",    "e",   "aaaaeaa"},
	{"activar",               "...",  "ffff", "ffff", "fff.", ".",   "ssss", "s",    "e",   "aaaaeaa"},
	{"representante_alta",    "...",  "aaaa", "aaaa", "aaaa", "a",   "aaaa", "a",    "e",   "aaaaeaa"},
	{"representante_aceptar", "aaa",  "....", "....", "....", ".",   "...s", "s",    "e",   "aaaaeaa"},
	{"representante_baja",    "...",  "....", "....", "....", ".",   "...s", "s",    "e",   "aaaaeaa"},
	{"historia",              "...",  "....", "ffff", "ffff", ".",   "ssss", "s",    ".",   ".....nn"},
	{"archivo_crear",         "aaa",  "aaaa", "aaaa", "aaaa", "a",   "aaaa", "a",    "e",   "a.aaenn"},
	{"oficio_revisar",        "aaa",  "aaaa", "aaaa", "aaaa", "a",   "aaaa", "a",    "a",   ".....nn"},
	{"oficio_emitir",         "aaa",  "aaaa", "aaaa", "aaaa", "a",   "aaaa", "a",    "e",   "..rrenn"},
	{"oficio_retirar",        "aaa",  "aaaa", "aaaa", "aaaa", "a",   "aaaa", "a",    "e",   "..rrenn"},
	{"oficio_estrados",       "aaa",  "aaaa", "aaaa", "aaaa", "a",   "aaaa", "a",    "e",   "..rrenn"},
	{"oficio_personal",       "aaa",  "aaaa", "aaaa", "aaaa", "a",   "aaaa", "a",    "e",   "..rrenn"},
	{"propuestas",            "aaa",  "aaaa", "aaaa", "aaaa", "a",   "aaaa", "a",    "a",   "a.aa.nn"},
	{"publicar",              "aaa",  "aaaa", "aaaa", "aaaa", "a",   "aaaa", "a",    "e",   "a.aaenn"},
	/* clang-format on */
};

static const char *const ambitos[] = {"notificaciones", "medios", "activacion"};
static const char *const niveles[] = {"leer", "preparar", "abrir", "firmar"};

static const char *wire_of(char letter)
{
	switch (letter) {
	case 'a':
		return "rfc-ajeno";
	case 's':
		return "sin-representacion";
	case 'f':
		return "fuera-de-alcance";
	case 'h':
		return "buzon-no-habilitado";
	case 'e':
		return "requiere-efirma";
	case 'r':
		return "sin-facultades";
	case 'n':
		return "no-es-funcionario";
	default:
		return ".";
	}
}

/* ---- callers ---- */

struct quien {
	const char *nombre;
	const struct efirma *efirma;
	const struct firma_de *lectura; /* its reading key signs instead */
	const char *titular;
	const char *calidad;
};

static size_t wrong;

/* "." where the answer is none of an authorisation that failed. */
static const char *outcome(struct arena *a, const struct exchange *x)
{
	static const char *const refusals[] = {"rfc-ajeno", "sin-representacion",
		"fuera-de-alcance", "buzon-no-habilitado", "requiere-efirma", "no-es-funcionario",
		"sin-facultades", "llave-desconocida", "firma-invalida"};
	struct m_fallo f = {0};

	if (x->status == 200)
		return ".";
	assert_int_equal(codec_decode(a, &message_fallo, CODEC_TOLERANT, x->answer, &f, NULL), OK);
	for (size_t i = 0; i < COUNT_OF(refusals); i++)
		if (strcmp(f.error, refusals[i]) == 0)
			return refusals[i];
	if (f.campo != NULL && (strcmp(f.campo, "titular") == 0 || strcmp(f.campo, "calidad") == 0))
		return arena_printf(a, "%s %s", f.error, f.campo);
	/* Nothing else may stand in the way of the rule. */
	assert_true(x->status < 500);
	return ".";
}

static void ask(const struct quien *q, enum route r, const char *want)
{
	ARENA(a, 8 << 20);
	union minima m = minima(r, (struct m_hat){q->titular, q->calidad}, q->efirma);
	struct firma_de by = q->lectura != NULL ? *q->lectura : mundo_efirma(q->efirma);
	const char *got = outcome(&a, titular_call(&a, r, &m, &by));

	if (strcmp(got, want) == 0)
		return;
	print_message(
		"%s: %s as %s: %s, not %s\n", route_row(r)->name, q->nombre, q->calidad, got, want);
	wrong++;
}

static enum route route_of(const char *name)
{
	unsigned r = 0;

	while (r < ROUTE_COUNT && strcmp(route_row((enum route)r)->name, name) != 0)
		r++;
	return (enum route)r;
}

/* All routes; the column's n-th letter says what is to come. */
static void ask_all(const struct quien *q, size_t column, size_t n)
{
	for (size_t i = 0; i < COUNT_OF(filas); i++) {
		const char *const *cell =
			(const char *const *)(const void *)((const char *)&filas[i] + column);

		ask(q, route_of(filas[i].ruta), wire_of((*cell)[n]));
	}
}

static void ask_all_want(const struct quien *q, const char *want)
{
	for (size_t i = 0; i < COUNT_OF(filas); i++)
		ask(q, route_of(filas[i].ruta), want);
}

static void assert_none_wrong(void)
{
	assert_int_equal(wrong, 0);
}

static void enable(int64_t since)
{
	lote_do(&mundo, "UPDATE particular SET habilitado = NULLIF(%lld, 0) WHERE rfc = '%s'",
		(long long)since, rfc);
}

/* Nobody represents anybody, and the titular is activated; what was found wrong stays so. */
static void afresh(void)
{
	representa_clear(NULL);
	enable(mundo.now);
}

static int begin(void **state)
{
	(void)state;
	wrong = 0;
	afresh();
	return 0;
}

static struct quien as(
	const char *nombre, const struct efirma *f, const char *titular, const char *calidad)
{
	return (struct quien){
		.nombre = nombre, .efirma = f, .titular = titular, .calidad = calidad};
}

/* ---- the table is whole ---- */

static void test_every_route_has_a_row(void **state)
{
	(void)state;
	for (unsigned r = 0; r < ROUTE_COUNT; r++) {
		const char *name = route_row((enum route)r)->name;
		size_t rows = 0;

		for (size_t i = 0; i < COUNT_OF(filas); i++)
			rows += strcmp(filas[i].ruta, name) == 0;
		if (rows != 1)
			fail_msg("%s: %zu rows in the table of who may what", name, rows);
	}
	assert_int_equal(COUNT_OF(filas), ROUTE_COUNT);
}

/* ---- for themselves ---- */

static void test_titular(void **state)
{
	/* 1 June 2021; now; never. */
	const int64_t since[] = {mundo.now, INT64_C(1622527200000), 0};
	static const char *const names[] = {"activated", "activated in 2020", "not activated"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(since); i++) {
		struct quien q = as(names[i], mundo.fisica, rfc, "propio");

		enable(since[i]);
		ask_all(&q, offsetof(struct fila, propio), i);
	}
	assert_none_wrong();
}

/* Somebody no row speaks of has an own Buzón that is not activated. */
static void test_unknown_rfc(void **state)
{
	struct quien q = as("unknown", representa_ana, representa_ana->cert.rfc, "propio");

	(void)state;
	lote_do(&mundo, "DELETE FROM particular WHERE rfc = '%s'", q.titular);
	ask_all(&q, offsetof(struct fila, propio), 2);
	assert_none_wrong();
}

static void test_reading_key(void **state)
{
	struct quien q = as("reading key", mundo.fisica, rfc, "propio");

	(void)state;
	q.lectura = &by_reading;
	ask_all(&q, offsetof(struct fila, lectura), 0);
	assert_none_wrong();
}

/* ---- for others ---- */

static void let_in(const struct efirma *whom, const char *permisos)
{
	ARENA(a, 8 << 20);
	struct representa r = {mundo.fisica, whom, permisos, 0, 0};

	representa_vigente(&a, &r);
}

static void test_representatives(void **state)
{
	static const size_t columns[] = {offsetof(struct fila, notificaciones),
		offsetof(struct fila, medios), offsetof(struct fila, activacion)};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(ambitos); i++) {
		for (size_t n = 0; n < COUNT_OF(niveles); n++) {
			ARENA(a, 4096);
			const char *words = arena_printf(&a, "%s:%s", ambitos[i], niveles[n]);
			struct quien q = as(words, representa_maria, rfc, "representante");

			afresh();
			let_in(q.efirma, words);
			ask_all(&q, columns[i], n);
			/* It is no hat of another kind. */
			if (n == 3) {
				q.calidad = "propio";
				ask_all_want(&q, "rfc-ajeno");
				q.calidad = "funcionario";
				ask_all(&q, offsetof(struct fila, funcionario), 5);
			}
		}
	}
	assert_none_wrong();
}

static void test_representative_of_the_not_activated(void **state)
{
	struct quien q = as("all three", representa_maria, rfc, "representante");

	(void)state;
	let_in(q.efirma, "notificaciones:firmar medios:firmar activacion:firmar");
	enable(0);
	ask_all(&q, offsetof(struct fila, inactivo), 0);
	assert_none_wrong();
}

/* With all the levels, each alone in its menu: they are of no use out of their time. */
static void test_out_of_time(void **state)
{
	ARENA(a, 8 << 20);
	struct representa r = {mundo.fisica, representa_maria,
		"notificaciones:firmar medios:firmar activacion:firmar", 0, 0};
	struct quien q = as("to be accepted", r.a, rfc, "representante");

	(void)state;
	assert_string_equal(mundo_error(&a, representa_alta(&a, &r)), "");
	ask_all(&q, offsetof(struct fila, tiempo), 0);
	afresh();
	q.nombre = "to begin";
	r.desde = mundo.now + 60000;
	representa_vigente(&a, &r);
	ask_all(&q, offsetof(struct fila, tiempo), 1);
	mundo_at(&mundo, r.desde - 1);
	ask_all(&q, offsetof(struct fila, tiempo), 1);
	afresh();
	q.nombre = "past its date";
	r.desde = 0;
	r.hasta = mundo.now + 1000;
	representa_vigente(&a, &r);
	mundo_at(&mundo, r.hasta + 1);
	ask_all(&q, offsetof(struct fila, tiempo), 2);
	afresh();
	q.nombre = "ended";
	r.hasta = 0;
	representa_baja(&a, &r, r.titular, representa_vigente(&a, &r));
	ask_all(&q, offsetof(struct fila, tiempo), 3);
	assert_none_wrong();
}

/* A proposal of one signature opens no door by the level that it has already. */
static void test_pending_gives_nothing(void **state)
{
	ARENA(a, 8 << 20);
	struct representa r = {
		mundo.fisica, representa_maria, "medios:leer notificaciones:abrir", 0, 0};
	struct quien q = as("half of it could be had", r.a, rfc, "representante");

	(void)state;
	assert_string_equal(mundo_error(&a, representa_alta(&a, &r)), "");
	ask_all(&q, offsetof(struct fila, tiempo), 0);
	assert_none_wrong();
}

/* ---- strangers ---- */

static void ask_as_stranger(const struct quien *q)
{
	struct quien as_is = *q;

	as_is.calidad = "propio";
	ask_all_want(&as_is, "rfc-ajeno");
	as_is.calidad = "funcionario";
	ask_all(&as_is, offsetof(struct fila, funcionario), 5);
	as_is.calidad = "representante";
	ask_all(&as_is, offsetof(struct fila, extrano), 0);
}

static void test_strangers(void **state)
{
	const struct quien them[] = {
		as("stranger", representa_ana, rfc, NULL),
		/* The second RFC in the moral's certificate names who went to get it, no more. */
		as("the moral's certificate, for its representative", mundo.moral,
			representa_maria->cert.rfc, NULL),
		as("the representative's own, for the moral", representa_maria,
			mundo.moral->cert.rfc, NULL),
		as("whoever gave access, for the other side", mundo.fisica,
			representa_maria->cert.rfc, NULL),
		as("another's representative", representa_maria, mundo.moral->cert.rfc, NULL),
		as("an RFC that no row speaks of", representa_ana, "XAXX800101AB1", NULL),
	};

	(void)state;
	let_in(representa_maria, "notificaciones:firmar medios:firmar activacion:firmar");
	for (size_t i = 0; i < COUNT_OF(them); i++)
		ask_as_stranger(&them[i]);
	assert_none_wrong();
}

/* ---- functionaries ---- */

/* What that route's rule asks for, by itself. */
static unsigned faculty_of(enum route r)
{
	switch (r) {
	case ROUTE_ID_oficio_emitir:
	case ROUTE_ID_oficio_revisar:
		return 1U << FACULTAD_EMITIR;
	case ROUTE_ID_oficio_retirar:
		return 1U << FACULTAD_RETIRAR;
	case ROUTE_ID_oficio_estrados:
	case ROUTE_ID_propuestas:
		return 1U << FACULTAD_ESTRADOS;
	case ROUTE_ID_oficio_personal:
		return 1U << FACULTAD_PERSONAL;
	case ROUTE_ID_publicar:
		return 1U << FACULTAD_PUBLICAR;
	default:
		return 0;
	}
}

/* All routes, with all faculties but (`without`) those that each asks for. */
static void ask_with(const struct quien *q, unsigned actos, bool without, size_t n)
{
	struct funcionario *f = &mundo.config.funcionarios[0];

	for (size_t i = 0; i < COUNT_OF(filas); i++) {
		enum route r = route_of(filas[i].ruta);

		f->actos = without ? actos & ~faculty_of(r) : actos;
		ask(q, r, wire_of(filas[i].funcionario[n]));
	}
	f->actos = FACULTADES_TODAS;
}

/* L-7.1, L-7.8, L-7.10, L-8: by what is listed, of what is listed; for themselves what is theirs.
 */
static void test_functionary(void **state)
{
	struct quien q = as("functionary", mundo.funcionario, rfc, "funcionario");
	struct firma_de lectura = {0};
	struct key *reading = mundo_enter(&mundo, mundo.funcionario, &lectura.keyid);

	(void)state;
	lectura.key = reading;
	ask_with(&q, FACULTADES_TODAS, false, 0);
	q.titular = mundo.funcionario->cert.rfc;
	q.nombre = "functionary, of their own RFC";
	ask_with(&q, FACULTADES_TODAS, false, 1);
	q.titular = rfc;
	q.nombre = "functionary without faculties";
	ask_with(&q, 0, false, 2);
	q.nombre = "functionary with every other faculty";
	ask_with(&q, FACULTADES_TODAS, true, 3);
	q.nombre = "functionary's reading key";
	q.titular = mundo.funcionario->cert.rfc;
	q.lectura = &lectura;
	ask_with(&q, FACULTADES_TODAS, false, 4);
	key_free(reading);
	assert_none_wrong();
}

/* Of publishing and of the list of proposals, which are theirs: by their own RFC. */
static void test_functionary_without_faculty_of_their_own(void **state)
{
	static const enum route own[] = {ROUTE_ID_publicar, ROUTE_ID_propuestas};
	struct quien q = as("functionary, without the faculty", mundo.funcionario,
		mundo.funcionario->cert.rfc, "funcionario");
	struct firma_de lectura = {0};
	struct key *reading = mundo_enter(&mundo, mundo.funcionario, &lectura.keyid);

	(void)state;
	lectura.key = reading;
	for (size_t i = 0; i < COUNT_OF(own); i++) {
		q.lectura = route_row(own[i])->signer == ROUTE_READ ? &lectura : NULL;
		mundo.config.funcionarios[0].actos = FACULTADES_TODAS & ~faculty_of(own[i]);
		ask(&q, own[i], "sin-facultades");
	}
	mundo.config.funcionarios[0].actos = FACULTADES_TODAS;
	key_free(reading);
	assert_none_wrong();
}

/* Who is listed nowhere is none, whatever they are to that RFC. */
static void test_no_functionary(void **state)
{
	struct quien them[] = {as("the titular as functionary", mundo.fisica, rfc, "funcionario"),
		as("a representative as functionary", representa_maria, rfc, "funcionario"),
		as("a stranger as functionary", representa_ana, rfc, "funcionario")};

	(void)state;
	let_in(representa_maria, "notificaciones:firmar medios:firmar activacion:firmar");
	for (size_t i = 0; i < COUNT_OF(them); i++) {
		ask_all(&them[i], offsetof(struct fila, funcionario), 5);
		them[i].titular = them[i].efirma->cert.rfc;
		ask_all(&them[i], offsetof(struct fila, funcionario), 6);
	}
	assert_none_wrong();
}

/* By another hat they are a stranger to that RFC, and have a Buzón of their own like anybody. */
static void test_functionary_by_another_hat(void **state)
{
	struct quien q = as("functionary", mundo.funcionario, rfc, NULL);
	const char *keyid;

	(void)state;
	key_free(mundo_enter(&mundo, mundo.funcionario, &keyid));
	q.calidad = "propio";
	ask_all_want(&q, "rfc-ajeno");
	q.calidad = "representante";
	ask_all(&q, offsetof(struct fila, extrano), 0);
	q.titular = mundo.funcionario->cert.rfc;
	q.calidad = "propio";
	ask_all(&q, offsetof(struct fila, propio), 2);
	assert_none_wrong();
}

/* ---- hats that are none ---- */

/* The first of them on every route, the others on one of each kind. */
static void ask_forged(const struct quien *q, bool all, const char *want)
{
	static const enum route some[] = {ROUTE_ID_entrar, ROUTE_ID_notificacion_abrir,
		ROUTE_ID_sincronizar, ROUTE_ID_representante_baja};

	if (all)
		ask_all_want(q, want);
	for (size_t i = 0; !all && i < COUNT_OF(some); i++)
		ask(q, some[i], want);
}

static void test_forged_hats(void **state)
{
	static const char *const calidades[] = {
		"Propio", "PROPIO", "propio ", " propio", "titular", "", "representant", "ropio"};
	static const char *const titulares[] = {"peñj800101ab1", "PEÑJ800101AB1 ",
		"PEÑJ-800101-AB1", "", "*", "PEÑJ800101AB1PEÑJ", "PEÑJ800101AB1%", "PENJ800199AB1"};

	(void)state;
	let_in(representa_maria, "notificaciones:firmar medios:firmar activacion:firmar");
	for (size_t i = 0; i < COUNT_OF(calidades); i++) {
		struct quien q = as(
			"forged", i % 2 == 0 ? mundo.fisica : representa_maria, rfc, calidades[i]);

		ask_forged(&q, i == 0, "campo-invalido calidad");
	}
	for (size_t i = 0; i < COUNT_OF(titulares); i++) {
		struct quien q = as(titulares[i], i % 2 == 0 ? mundo.fisica : representa_maria,
			titulares[i], i % 2 == 0 ? "propio" : "representante");

		ask_forged(&q, i == 0, "campo-invalido titular");
	}
	assert_none_wrong();
}

#define TEST(f) cmocka_unit_test_setup(f, begin)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_every_route_has_a_row),
		TEST(test_titular),
		TEST(test_unknown_rfc),
		TEST(test_reading_key),
		TEST(test_representatives),
		TEST(test_representative_of_the_not_activated),
		TEST(test_out_of_time),
		TEST(test_pending_gives_nothing),
		TEST(test_strangers),
		TEST(test_functionary),
		TEST(test_functionary_without_faculty_of_their_own),
		TEST(test_no_functionary),
		TEST(test_functionary_by_another_hat),
		TEST(test_forged_hats),
	};
	struct secret_status status;

	if (secret_setup(&status) != OK)
		return 1;
	return cmocka_run_group_tests(tests, representa_set_up, representa_tear_down);
}
