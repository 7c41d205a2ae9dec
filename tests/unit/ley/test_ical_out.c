/*
 * The .ics file as libical and Python's icalendar read it: what went in comes out, whatever
 * the letters; lines are as RFC 5545 wants them; a second file updates what the first one made.
 */
#include "tests/help/cm.h"

#include <libical/ical.h>
#include <stdlib.h>
#include "base/utf8.h"
#include "ley/ical_out.h"
#include "tests/help/dia.h"
#include "tests/help/python.h"

#define MB ((size_t)1 << 20)

static const char longest[] =
	"Resolución de rectificación de la prima en el Seguro de Riesgos de Trabajo, ejercicio 2026; "
	"Ñandú \\ «comillas», \"inglesas\" y emojis 🧾🧾🧾🧾🧾🧾🧾🧾🧾🧾🧾🧾🧾🧾🧾🧾🧾🧾🧾🧾🧾";

static void events(struct ical_evento rows[3])
{
	rows[0] = (struct ical_evento){
		.uid = "BI-20261109-101500114.abrir.0123456789abcdef@buzon-tui",
		.dia = dia("2026-11-12"),
		.titulo = longest,
		.descripcion = "Uno\nDos, con coma; y punto y coma\n\tTabulador\x01\x7f fin",
		.categoria = "NOTIFICACION"};
	rows[1] = (struct ical_evento){
		.uid = "B@buzon-tui", .instante = zc("2026-11-13 09:30"), .titulo = "Se notifica"};
	rows[2] = (struct ical_evento){
		.uid = "C@buzon-tui", .dia = dia("2028-02-29"), .titulo = "", .descripcion = ""};
}

static struct bytes written(struct arena *a, const char *now)
{
	struct ical_evento rows[3];
	struct bytes made;

	events(rows);
	assert_int_equal(ical_out(a, zc(now), "Buzón IMSS", rows, 3, &made), OK);
	return made;
}

/* 3.1: every line ends by CR LF, has at most 75 octets, and is whole characters. */
static void test_lines(void **state)
{
	ARENA(a, MB);
	struct bytes made = written(&a, "2026-11-12 17:52");
	const char *at = (const char *)made.data;
	size_t folded = 0;

	(void)state;
	while (*at != '\0') {
		const char *end = strstr(at, "\r\n");

		assert_non_null(end);
		size_t size = (size_t)(end - at);

		assert_true(size >= 1 && size <= 75);
		assert_null(memchr(at, '\n', size));
		assert_null(memchr(at, '\x01', size));
		assert_true(utf8_valid(at, size));
		folded += *at == ' ';
		at = end + 2;
	}
	assert_true(folded >= 4);
}

static icalcomponent *read(struct bytes ics)
{
	icalcomponent *c = icalparser_parse_string((const char *)ics.data);

	assert_non_null(c);
	assert_int_equal(icalcomponent_count_errors(c), 0);
	assert_true(icalrestriction_check(c));
	assert_int_equal(icalcomponent_isa(c), ICAL_VCALENDAR_COMPONENT);
	return c;
}

static icalcomponent *event(icalcomponent *c, size_t n)
{
	icalcomponent *e = icalcomponent_get_first_component(c, ICAL_VEVENT_COMPONENT);

	while (n-- > 0)
		e = icalcomponent_get_next_component(c, ICAL_VEVENT_COMPONENT);
	assert_non_null(e);
	return e;
}

/* The n-th alarm's trigger: seconds from the beginning. */
static int trigger(icalcomponent *e, int n)
{
	icalcomponent *alarm = icalcomponent_get_first_component(e, ICAL_VALARM_COMPONENT);

	while (n-- > 0)
		alarm = icalcomponent_get_next_component(e, ICAL_VALARM_COMPONENT);
	icalproperty *p = icalcomponent_get_first_property(alarm, ICAL_TRIGGER_PROPERTY);
	icalproperty *action = icalcomponent_get_first_property(alarm, ICAL_ACTION_PROPERTY);

	assert_int_equal(icalproperty_get_action(action), ICAL_ACTION_DISPLAY);
	assert_non_null(icalcomponent_get_first_property(alarm, ICAL_DESCRIPTION_PROPERTY));
	return icaldurationtype_as_int(icalproperty_get_trigger(p).duration);
}

static void test_libical(void **state)
{
	ARENA(a, MB);
	icalcomponent *c = read(written(&a, "2026-11-12 17:52"));
	icalcomponent *day = event(c, 0);
	icalcomponent *instant = event(c, 1);
	struct icaltimetype start = icalcomponent_get_dtstart(day);
	struct icaltimetype end = icalcomponent_get_dtend(day);

	(void)state;
	assert_int_equal(icalcomponent_count_components(c, ICAL_VEVENT_COMPONENT), 3);
	assert_string_equal(icalcomponent_get_uid(day),
		"BI-20261109-101500114.abrir.0123456789abcdef@buzon-tui");
	assert_string_equal(icalcomponent_get_summary(day), longest);
	assert_string_equal(icalcomponent_get_description(day),
		"Uno\nDos, con coma; y punto y coma\nTabulador fin");
	assert_true(start.is_date && end.is_date);
	assert_int_equal(start.day, 12);
	assert_int_equal(end.day, 13);
	assert_int_equal(trigger(day, 0), -15 * 3600);
	assert_int_equal(trigger(day, 1), 21 * 3600);
	start = icalcomponent_get_dtstart(instant);
	assert_false(start.is_date);
	assert_true(icaltime_is_utc(start));
	assert_int_equal((int64_t)icaltime_as_timet(start) * 1000, zc("2026-11-13 09:30"));
	assert_int_equal(trigger(instant, 0), -86400);
	assert_int_equal(trigger(instant, 1), -3 * 3600);
	end = icalcomponent_get_dtend(event(c, 2));
	assert_int_equal(end.month * 100 + end.day, 301);
	icalcomponent_free(c);
}

/* A reader that takes only what is newer takes the second file, for the same events. */
static void test_update(void **state)
{
	ARENA(a, MB);
	icalcomponent *first = read(written(&a, "2026-11-12 17:52"));
	icalcomponent *second = read(written(&a, "2026-11-12 17:53"));

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		icalcomponent *x = event(first, i);
		icalcomponent *y = event(second, i);

		assert_string_equal(icalcomponent_get_uid(x), icalcomponent_get_uid(y));
		assert_true(icalcomponent_get_sequence(x) < icalcomponent_get_sequence(y));
		assert_true(icaltime_compare(icalcomponent_get_dtstamp(x),
				    icalcomponent_get_dtstamp(y)) < 0);
	}
	icalcomponent_free(first);
	icalcomponent_free(second);
}

static void test_python(void **state)
{
	ARENA(a, 4 * MB);
	static const char script[] =
		"import sys, icalendar\n"
		"c = icalendar.Calendar.from_ical(sys.stdin.buffer.read())\n"
		"for e in c.walk('VEVENT'):\n"
		"    print(e['UID'], e['DTSTART'].dt, len(e.subcomponents), e.get('SUMMARY', ''))\n";

	/* The module is Debian's, and Debian's Python knows it. */
	assert_int_equal(setenv("PATH", "/usr/bin:/bin", 1), 0);
	const char *said = python_run(&a, script, written(&a, "2026-11-12 17:52"));

	(void)state;
	const char *want = arena_printf(&a,
		"BI-20261109-101500114.abrir.0123456789abcdef@buzon-tui 2026-11-12 2 %s\n"
		"B@buzon-tui 2026-11-13 15:30:00+00:00 2 Se notifica\n"
		"C@buzon-tui 2028-02-29 2 \n",
		longest);

	assert_string_equal(said, want);
}

static void test_refused(void **state)
{
	ARENA(a, MB);
	struct ical_evento e = {.uid = "Ñ@x", .dia = 20000, .titulo = "x"};
	struct bytes made;

	(void)state;
	assert_int_equal(ical_out(&a, 0, "x", &e, 1, &made), ERR_BAD_FIELD);
	e.uid = "";
	assert_int_equal(ical_out(&a, 0, "x", &e, 1, &made), ERR_BAD_FIELD);
	e.uid = "a\r\nb";
	assert_int_equal(ical_out(&a, 0, "x", &e, 1, &made), ERR_BAD_FIELD);
	e.uid = "a";
	e.dia = INT32_MAX;
	assert_int_equal(ical_out(&a, 0, "x", &e, 1, &made), ERR_BAD_FIELD);
	e.dia = dia("9999-12-31");
	assert_int_equal(ical_out(&a, 0, "x", &e, 1, &made), ERR_BAD_FIELD);
	e.instante = INT64_MIN;
	assert_int_equal(ical_out(&a, 0, "x", &e, 1, &made), ERR_BAD_FIELD);
	assert_int_equal(ical_out(&a, INT64_MAX, "x", &e, 0, &made), ERR_BAD_FIELD);
}

static void test_no_memory(void **state)
{
	enum err err = ERR_NO_MEMORY;
	size_t n = 0;

	(void)state;
	for (; err == ERR_NO_MEMORY && n < 2000; n++) {
		ARENA(a, n * 64);
		struct ical_evento rows[3];
		struct bytes made;

		events(rows);
		err = ical_out(&a, 0, "x", rows, 3, &made);
	}
	assert_int_equal(err, OK);
	assert_true(n > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_libical),
		cmocka_unit_test(test_update),
		cmocka_unit_test(test_python),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_no_memory),
	};

	if (zona_setup() != OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
