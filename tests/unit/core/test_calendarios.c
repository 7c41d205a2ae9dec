/*
 * Calendars as data (R-2, L-4.6): ours, what it says and what it can't say; files of other hands,
 * read whole or refused with a sentence that names the event.
 */
#include <stdio.h>
#include <stdlib.h>
#include "base/buf.h"
#include "base/mem.h"
#include "core/calendarios.h"
#include "core/ical.h"
#include "core/publicados_texto.h"
#include "ley/estado.h"
#include "tests/help/cm.h"
#include "tests/help/dia.h"

#define ROOM (16 << 20)

static struct bytes our_text(struct arena *a)
{
	struct bytes text;

	assert_int_equal(publicados_texto(a, PUBLICADO_CALENDARIO, &text), OK);
	return text;
}

static struct calendario_publicado ours(struct arena *a)
{
	struct calendario_publicado p;
	const char *message = NULL;

	if (calendarios_leer(a, our_text(a), &p, &message) != OK)
		fail_msg("ours: %s", message);
	return p;
}

/* Ours with `head` in place of its horizon (NULL: its own) and `events` behind the others. */
static const char *with(struct arena *a, const char *head, const char *events)
{
	struct bytes text = our_text(a);
	const char *from = strstr((const char *)text.data, "BEGIN:VEVENT");
	const char *end = strstr(from, "END:VCALENDAR");

	return arena_printf(a, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n%s\r\n%.*s%sEND:VCALENDAR\r\n",
		head != NULL ? head : "X-BUZON-DESDE:20240101\r\nX-BUZON-HASTA:20321231",
		(int)(end - from), from, events);
}

static enum err try(
	struct arena *a, const char *text, struct calendario_publicado *ret, const char **message)
{
	*message = "";
	assert_non_null(text);
	return calendarios_leer(a, bytes_of_text(text), ret, message);
}

static struct calendario_publicado read_it(struct arena *a, const char *text)
{
	struct calendario_publicado p;
	const char *message;

	if (try(a, text, &p, &message) != OK)
		fail_msg("refused: %s", message);
	return p;
}

/* ---- ours ---- */

/* CFF 12 of 2024-2032, the handovers among them, exactly as ley/ makes it. */
static void test_ours_is_the_law(void **state)
{
	ARENA(a, ROOM);
	struct calendario_publicado p = ours(&a);
	struct calendario law;

	(void)state;
	assert_int_equal(calendario_make(&a, 2024, 2032, NULL, 0, &law), OK);
	assert_int_equal(p.c.desde, law.desde);
	assert_int_equal(p.c.hasta, law.hasta);
	assert_int_equal(p.c.count, law.count);
	for (size_t i = 0; i < law.count; i++) {
		assert_int_equal(p.c.rows[i].dia, law.rows[i].dia);
		assert_string_equal(p.c.rows[i].motivo, law.rows[i].motivo);
		assert_null(p.c.rows[i].ambito);
		assert_false(p.c.rows[i].declarado);
	}
}

/* Past its horizon nothing is guessed, and no vacations are claimed to be in it. */
static void test_ours_says_what_it_lacks(void **state)
{
	ARENA(a, ROOM);
	struct calendario_publicado p = ours(&a);
	const char *motivo = NULL;
	bool habil = false;

	(void)state;
	assert_int_equal(calendario_habil(&p.c, dia("2032-12-31"), &habil, &motivo), OK);
	assert_int_equal(calendario_habil(&p.c, dia("2033-01-03"), &habil, &motivo), ERR_HORIZON);
	assert_int_equal(calendario_habil(&p.c, dia("2023-12-29"), &habil, &motivo), ERR_HORIZON);
	assert_int_equal(p.c.vacaciones_hasta, 0);
}

static const struct m_obligacion *due(
	const struct calendario_publicado *p, const char *fecha, const char *nombre)
{
	for (size_t i = 0; i < p->obligacion_count; i++)
		if (strcmp(p->obligaciones[i].fecha, fecha) == 0 &&
			strstr(p->obligaciones[i].nombre, nombre) != NULL)
			return &p->obligaciones[i];
	fail_msg("no %s due on %s", nombre, fecha);
	return NULL;
}

/* by hand from the law: LSS 39, 15-A, 74 (RACERF 32), each prorogued by CFF 12. */
static void test_obligations(void **state)
{
	static const struct {
		const char *fecha;
		const char *nombre;
		const char *vence;
		const char *periodo;
	} cases[] = {
		/* A Tuesday. */
		{"2026-11-17", "cuotas obrero patronales", "2026-11-17", "octubre de 2026"},
		/* Saturday, to Monday. */
		{"2026-01-17", "cuotas obrero patronales", "2026-01-19", "diciembre de 2025"},
		{"2026-01-17", "bimestral", "2026-01-19", "noviembre a diciembre de 2025"},
		{"2026-01-17", "ICSOE", "2026-01-19", "septiembre a diciembre de 2025"},
		/* Friday stays a Friday: no bank is asked here. */
		{"2026-04-17", "cuotas obrero patronales", "2026-04-17", "marzo de 2026"},
		{"2026-05-17", "ICSOE", "2026-05-18", "enero a abril de 2026"},
		{"2024-02-29", "prima", "2024-02-29", "2023"},
		{"2026-02-28", "prima", "2026-03-02", "2025"},
		/* Sunday 17 March 2030; Monday 18 is the third Monday of March. */
		{"2030-03-17", "bimestral", "2030-03-19", "enero a febrero de 2030"},
	};
	ARENA(a, ROOM);
	struct calendario_publicado p = ours(&a);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct m_obligacion *o = due(&p, cases[i].fecha, cases[i].nombre);

		assert_string_equal(o->vence, cases[i].vence);
		assert_string_equal(o->periodo, cases[i].periodo);
		assert_non_null(o->fundamento);
		assert_non_null(strstr(o->prorroga, "artículo 12"));
	}
	/* Nine years of 12 + 6 + 3 + 1. */
	assert_int_equal(p.obligacion_count, 9 * 22);
	for (size_t i = 1; i < p.obligacion_count; i++)
		assert_true(strcmp(p.obligaciones[i - 1].vence, p.obligaciones[i].vence) <= 0);
}

/* ---- of other hands ---- */

#define EV(uid, more)                                                                              \
	"BEGIN:VEVENT\r\nUID:" uid "\r\n" more "DESCRIPTION:Acuerdo de prueba\r\nEND:VEVENT\r\n"
#define DAY(date) "DTSTART;VALUE=DATE:" date "\r\n"
#define INHABIL "CATEGORIES:INHABIL,declarado\r\nSUMMARY:Vacaciones\r\n"

static const struct inhabil *row_of(const struct calendario *c, const char *iso, const char *ambito)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->rows[i].dia == dia(iso) &&
			(ambito == NULL ? c->rows[i].ambito == NULL
					: c->rows[i].ambito != NULL &&
						  strcmp(c->rows[i].ambito, ambito) == 0))
			return &c->rows[i];
	return NULL;
}

/* Vacations over the change of the year, with a day worked in between and one more. */
static void test_declared_days(void **state)
{
	ARENA(a, ROOM);
	struct calendario_publicado p = read_it(&a,
		with(&a,
			"X-BUZON-DESDE:20240101\r\nX-BUZON-HASTA:20321231\r\n"
			"X-BUZON-VACACIONES:2027",
			EV("v@x", DAY("20261221") "DTEND;VALUE=DATE:20270106\r\n" INHABIL) EV("w@x",
				DAY("20270325") "RRULE:FREQ=YEARLY;COUNT=3\r\n"
						"EXDATE;VALUE=DATE:20280325\r\n"
						"RDATE;VALUE=DATE:20280413\r\n" INHABIL)));

	(void)state;
	assert_int_equal(p.c.vacaciones_hasta, 2027);
	assert_true(row_of(&p.c, "2026-12-21", NULL)->declarado);
	assert_non_null(row_of(&p.c, "2027-01-05", NULL));
	assert_null(row_of(&p.c, "2027-01-06", NULL));
	/* A weekend is no row; what is by law gives its own reason first. */
	assert_null(row_of(&p.c, "2026-12-26", NULL));
	assert_string_equal(row_of(&p.c, "2026-12-25", NULL)->motivo, "CFF 12: 25 de diciembre");
	assert_non_null(row_of(&p.c, "2027-03-25", NULL));
	assert_null(row_of(&p.c, "2028-03-25", NULL));
	assert_non_null(row_of(&p.c, "2028-04-13", NULL));
	/* An obligation is prorogued by them: 5 January is not, 17 January is a Sunday. */
	assert_string_equal(due(&p, "2027-01-17", "cuotas")->vence, "2027-01-18");
}

/* Scopes: a state's and a subdelegación's days are nobody else's (L-5.8), and prorogue nothing. */
static void test_scopes(void **state)
{
	ARENA(a, ROOM);
	struct calendario_publicado p = read_it(&a,
		with(&a, NULL,
			EV("j@x", DAY("20261117") "CATEGORIES:INHABIL,estado:JAL\r\nSUMMARY:J\r\n")
				EV("s@x", DAY("20261118") "CATEGORIES:INHABIL\r\nCATEGORIES:"
							  "subdelegacion:Reforma\\, Libertad\r\n"
							  "SUMMARY:S\r\n")));
	struct calendario view;
	const char *motivo = NULL;
	bool habil = false;

	(void)state;
	assert_non_null(row_of(&p.c, "2026-11-17", "estado:JAL"));
	assert_string_equal(due(&p, "2026-11-17", "cuotas")->vence, "2026-11-17");
	assert_int_equal(calendario_para(&a, &p.c, "JAL", NULL, &view), OK);
	assert_int_equal(calendario_habil(&view, dia("2026-11-17"), &habil, &motivo), OK);
	assert_false(habil);
	assert_int_equal(calendario_para(&a, &p.c, "BCN", "Reforma, Libertad", &view), OK);
	assert_int_equal(calendario_habil(&view, dia("2026-11-17"), &habil, &motivo), OK);
	assert_true(habil);
	assert_int_equal(calendario_habil(&view, dia("2026-11-18"), &habil, &motivo), OK);
	assert_false(habil);
}

static void test_rules_of_obligations(void **state)
{
	ARENA(a, ROOM);
	struct calendario_publicado p = read_it(&a,
		with(&a, NULL,
			EV("f@x", DAY("20260417") "CATEGORIES:OBLIGACION\r\nSUMMARY:Al banco\r\n"
						  "X-BUZON-PERIODO:ninguno\r\n"
						  "X-BUZON-PRORROGA:siguiente-viernes\r\n")
				EV("n@x",
					DAY("20260418") "CATEGORIES:OBLIGACION\r\nSUMMARY:Fija\r\n"
							"X-BUZON-PERIODO:mes\r\n"
							"X-BUZON-PRORROGA:ninguna\r\n")));

	(void)state;
	/* Friday, to Monday, by CFF 12's rule of banks. */
	assert_string_equal(due(&p, "2026-04-17", "Al banco")->vence, "2026-04-20");
	assert_null(due(&p, "2026-04-17", "Al banco")->periodo);
	assert_string_equal(due(&p, "2026-04-18", "Fija")->vence, "2026-04-18");
	assert_null(due(&p, "2026-04-18", "Fija")->prorroga);
}

/* A reform may take a day of CFF 12 away, if the file says which. */
static void test_reform(void **state)
{
	static const char head[] = "BEGIN:VCALENDAR\nVERSION:2.0\nX-BUZON-DESDE:20270101\n"
				   "X-BUZON-HASTA:20271231\n";
	static const char day[] =
		"BEGIN:VEVENT\nUID:u\nDTSTART;VALUE=DATE:20270101\nSUMMARY:s\nDESCRIPTION:d\n"
		"CATEGORIES:INHABIL\nEND:VEVENT\nEND:VCALENDAR\n";
	ARENA(a, ROOM);
	struct calendario_publicado p;
	const char *message;

	(void)state;
	assert_int_equal(
		try(&a, arena_printf(&a, "%s%s", head, day), &p, &message), ERR_BAD_CALENDAR);
	assert_non_null(strstr(message, "2027-02-01"));
	assert_non_null(strstr(message, "primer lunes de febrero"));
	p = read_it(
		&a, arena_printf(&a, "%sX-BUZON-REFORMA:Decreto del 1 de enero\n%s", head, day));
	assert_int_equal(p.c.count, 1);
}

/* ---- refused, by name ---- */

#define FAR "X-BUZON-DESDE:20240101\r\nX-BUZON-HASTA:20321231\r\n"

static const struct contradiction {
	const char *head;
	const char *events;
	const char *says;
} contradictions[] = {
	{NULL, EV("u@x", DAY("20261117") INHABIL) EV("u@x", DAY("20261118") INHABIL),
		"Evento «u@x»: su UID está en dos eventos"},
	{NULL, EV("a@x", DAY("20261117") INHABIL) EV("b@x", DAY("20261117") INHABIL),
		"Evento «b@x»: el 2026-11-17 ya lo da el evento «a@x»"},
	{NULL, EV("b@x", DAY("20261225") INHABIL), "ya lo da el evento «cff12-diciembre"},
	{NULL, EV("b@x", DAY("20330103") INHABIL), "Evento «b@x»: queda fuera"},
	{NULL, EV("b@x", DAY("20321230") "DTEND;VALUE=DATE:20330105\r\n" INHABIL), "queda fuera"},
	{NULL, EV("b@x", DAY("20231229") INHABIL), "queda fuera"},
	{NULL, EV("b@x", DAY("20261117") "DTEND;VALUE=DATE:20261117\r\n" INHABIL),
		"DTEND es el día después"},
	{NULL, EV("b@x", "DTSTART:20261117T090000\r\n" INHABIL), "DTSTART es una fecha sin hora"},
	{NULL, EV("b@x", DAY("20260230") INHABIL), "DTSTART no es una fecha"},
	{NULL, EV("b@x", INHABIL), "Evento «b@x»: le falta DTSTART"},
	{NULL, EV("b@x", DAY("20261117") "RRULE:FREQ=YEARLY;BYMONTH=2\r\n" INHABIL),
		"su DTSTART no cumple su RRULE"},
	{NULL, EV("b@x", DAY("20261117") "RRULE:FREQ=SECONDLY\r\n" INHABIL),
		"YEARLY, MONTHLY o WEEKLY"},
	{NULL, EV("b@x", DAY("20261117") "RRULE:FREQ=YEARLY;BYHOUR=1,2,3\r\n" INHABIL),
		"sin horas"},
	{NULL, EV("b@x", DAY("20261117") "RRULE:FREQ=NUNCA\r\n" INHABIL), "Evento «b@x»"},
	{NULL, EV("b@x", DAY("20261117") "EXDATE;VALUE=DATE:20261118\r\n" INHABIL),
		"su EXDATE quita un día en que no ocurre"},
	{NULL, EV("b@x", DAY("20261117") "CATEGORIES:INHABIL,OBLIGACION\r\nSUMMARY:s\r\n"),
		"una de las dos"},
	{NULL, EV("b@x", DAY("20261117") "CATEGORIES:declarado\r\nSUMMARY:s\r\n"),
		"una de las dos"},
	{NULL, EV("b@x", DAY("20261117") "CATEGORIES:INHABIL,estado:XXX\r\nSUMMARY:s\r\n"),
		"ISO 3166-2:MX"},
	{NULL,
		EV("b@x", DAY("20261117") "CATEGORIES:INHABIL,estado:JAL,estado:COL\r\n"
					  "SUMMARY:s\r\n"),
		"dos ámbitos"},
	{NULL, EV("b@x", DAY("20261117") "CATEGORIES:INHABIL\r\n"), "le falta SUMMARY"},
	{NULL, "BEGIN:VEVENT\r\nUID:b@x\r\n" DAY("20261117") INHABIL "END:VEVENT\r\n",
		"Evento «b@x»: le falta DESCRIPTION"},
	{NULL, EV("b@x", DAY("20261117") "CATEGORIES:INHABIL\r\nSUMMARY:EJEMPLO: x\r\n"),
		"es un ejemplo"},
	{NULL, EV("b@x", DAY("20261117") "CATEGORIES:INHABIL\r\nSUMMARY:a\\nb\r\n"),
		"en un renglón"},
	{NULL,
		EV("b@x", DAY("20260417") "CATEGORIES:OBLIGACION\r\nSUMMARY:s\r\n"
					  "X-BUZON-PERIODO:mes\r\n"),
		"falta X-BUZON-PRORROGA"},
	{NULL,
		EV("b@x", DAY("20260417") "CATEGORIES:OBLIGACION\r\nSUMMARY:s\r\n"
					  "X-BUZON-PERIODO:semana\r\n"
					  "X-BUZON-PRORROGA:ninguna\r\n"),
		"X-BUZON-PERIODO es mes"},
	{NULL,
		EV("b@x", DAY("20260417") "CATEGORIES:OBLIGACION,estado:JAL\r\n"
					  "SUMMARY:s\r\n"),
		"no lleva ámbito"},
	{NULL, "BEGIN:VEVENT\r\n" DAY("20261117") INHABIL "END:VEVENT\r\n", "sin UID"},
	{"X-BUZON-HASTA:20321231", "", "Le falta X-BUZON-DESDE"},
	{"X-BUZON-DESDE:20240101", "", "Le falta X-BUZON-HASTA"},
	{"X-BUZON-DESDE:20240102\r\nX-BUZON-HASTA:20321231", "", "es un 1 de enero"},
	{"X-BUZON-DESDE:20240101\r\nX-BUZON-HASTA:20231231", "", "es anterior"},
	{"X-BUZON-DESDE:20240101\r\nX-BUZON-HASTA:pronto", "", "X-BUZON-HASTA no es una fecha"},
	{FAR "X-BUZON-HASTA:20331231", "", "X-BUZON-HASTA está dos veces"},
	{FAR "X-BUZON-VACACIONES:2026", "", "no hay ningún evento declarado de ese año"},
	{FAR "X-BUZON-VACACIONES:2040", "", "es un año del calendario"},
	/* A year with nothing in it: a rule that ends too soon. */
	{"X-BUZON-DESDE:20230101\r\nX-BUZON-HASTA:20321231", "",
		"Al año 2023 le faltan sus días inhábiles"},
};

static void test_contradictions_are_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(contradictions); i++) {
		ARENA(a, ROOM);
		struct calendario_publicado p;
		const char *message;
		enum err e = try(&a, with(&a, contradictions[i].head, contradictions[i].events), &p,
			&message);

		if (e != ERR_BAD_CALENDAR || strstr(message, contradictions[i].says) == NULL)
			fail_msg("case %zu, \"%s\": %s, %s", i, contradictions[i].says, err_wire(e),
				message);
	}
}

static void test_files_that_are_none(void **state)
{
	static const struct {
		const char *text;
		const char *says;
	} cases[] = {
		{"", "no es iCalendar"},
		{"hola", "Renglón 1: no es NOMBRE:valor"},
		{"BEGIN:VCALENDAR\r\n", "le falta su END"},
		{"BEGIN:VEVENT\r\nEND:VEVENT\r\n", "Renglón 1: BEGIN:VEVENT sobra ahí"},
		{"BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\n", "Renglón 2: BEGIN:VTIMEZONE sobra ahí"},
		{"BEGIN:VCALENDAR\nEND:VEVENT\n", "Renglón 2: END:VEVENT no cierra nada"},
		{"BEGIN:VCALENDAR\nEND:VCALENDAR\nBEGIN:VCALENDAR\n", "Renglón 3"},
		{"BEGIN:VCALENDAR\nDTSTART:20260101\n", "Renglón 2: DTSTART no va ahí"},
		{"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nUID:b\n", "Renglón 4: UID está dos veces"},
		{"BEGIN:VCALENDAR\nATTACH:x\n", "Renglón 2: ATTACH no se admite"},
		{"BEGIN:VCALENDAR\nX-A:\x01\n", "Renglón 2: tiene un tabulador o un carácter"},
		{"BEGIN:VCALENDAR\nX-A:\xe2\x80\xae\n",
			"Renglón 2: tiene un tabulador o un carácter"},
		{"BEGIN:VCALENDAR\nX-A:\xff\n", "Renglón 2: no es UTF-8"},
		{"BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR\n", "Le falta X-BUZON-DESDE"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		ARENA(a, ROOM);
		struct calendario_publicado p;
		const char *message;

		if (try(&a, cases[i].text, &p, &message) != ERR_BAD_CALENDAR ||
			strstr(message, cases[i].says) == NULL)
			fail_msg("case %zu says: %s", i, message);
	}
}

/* ---- more than anybody needs ---- */

static void test_too_much(void **state)
{
	ARENA(a, 64 << 20);
	struct calendario_publicado p;
	const char *message;
	struct buf b;

	(void)state;
	/* Every Monday to Friday for nine years. */
	assert_int_equal(
		try(&a,
			with(&a, NULL,
				EV("b@x", DAY("20240102") "RRULE:FREQ=WEEKLY;BYDAY=TU,WE,TH"
							  "\r\n" INHABIL)),
			&p, &message),
		ERR_BAD_CALENDAR);
	assert_non_null(strstr(message, "más de 1000 días inhábiles"));
	/* A rule without an end that fits nothing after its first day. */
	p = read_it(&a,
		with(&a, NULL,
			EV("b@x", DAY("20240229") "RRULE:FREQ=YEARLY;INTERVAL=400\r\n" INHABIL)));
	assert_non_null(row_of(&p.c, "2024-02-29", NULL));
	buf_init(&b, &a);
	for (int i = 0; i < 400; i++)
		buf_printf(&b,
			EV("e%d@x", DAY("20261117") "RRULE:FREQ=MONTHLY;BYMONTHDAY=17;COUNT=2\r\n"
						    "CATEGORIES:INHABIL,subdelegacion:S%d\r\n"
						    "SUMMARY:s\r\n"),
			i, i);
	const char *many = buf_end_text(&b);

	assert_int_equal(try(&a, with(&a, NULL, many), &p, &message), ERR_BAD_CALENDAR);
	assert_non_null(strstr(message, "RRULE; júntalos"));
	buf_init(&b, &a);
	for (int i = 0; i < 20000; i++)
		buf_text(&b, "X-RELLENO-DE-RENGLONES:0123456789\r\n");
	many = buf_end_text(&b);
	assert_int_equal(try(&a, with(&a, many, ""), &p, &message), ERR_BAD_CALENDAR);
	assert_non_null(strstr(message, "pasa de 512 KiB"));
}

static void test_memory_ends(void **state)
{
	ARENA(kept, ROOM);
	const char *text = with(&kept, NULL, EV("v@x", DAY("20261117") INHABIL));
	enum err e;
	size_t room = 1000;

	(void)state;
	do {
		ARENA(a, room);
		struct calendario_publicado p;
		const char *message = NULL;

		e = calendarios_leer(&a, bytes_of_text(text), &p, &message);
		if (e != OK)
			assert_int_equal(e, ERR_NO_MEMORY);
		room += room / 8;
	} while (e != OK && room < ROOM);
	assert_int_equal(e, OK);
	long n = 0;

	do {
		ARENA(a, ROOM);
		struct calendario_publicado p;
		const char *message = NULL;

		mem_fail_at(++n);
		e = calendarios_leer(&a, bytes_of_text(text), &p, &message);
		mem_fail_at(0);
		if (e != OK)
			assert_int_equal(e, ERR_NO_MEMORY);
	} while (e != OK && n < 10000);
	assert_int_equal(e, OK);
	assert_true(n > 1);
}

static void test_states(void **state)
{
	(void)state;
	assert_string_equal(estado_nombre("JAL"), "Jalisco");
	assert_string_equal(estado_nombre("CMX"), "Ciudad de México");
	assert_null(estado_nombre("jal"));
	assert_null(estado_nombre(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ours_is_the_law),
		cmocka_unit_test(test_ours_says_what_it_lacks),
		cmocka_unit_test(test_obligations),
		cmocka_unit_test(test_declared_days),
		cmocka_unit_test(test_scopes),
		cmocka_unit_test(test_rules_of_obligations),
		cmocka_unit_test(test_reform),
		cmocka_unit_test(test_contradictions_are_named),
		cmocka_unit_test(test_files_that_are_none),
		cmocka_unit_test(test_too_much),
		cmocka_unit_test(test_memory_ends),
		cmocka_unit_test(test_states),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
