/* Zones and dates: against glibc's own reading of tzdata, and without any tzdata. */
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/file.h"
#include "ley/tzif.h"
#include "tests/help/dia.h"

static const char *const NAMES[] = {"America/Mexico_City", "America/Tijuana",
	"America/Ciudad_Juarez", "America/Ojinaga", "America/Matamoros", "America/Hermosillo",
	"America/Mazatlan", "America/Chihuahua", "America/Cancun", "America/Merida",
	"America/Monterrey", "America/Bahia_Banderas"};

static int setup(void **state)
{
	(void)state;
	return zona_setup();
}

/* L-5.7 L-5.8: every hour from 1995 to 2095, all zones, agrees with glibc. */
static void test_offsets_agree_with_glibc(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
		const struct zona *z = zona_find(NAMES[i]);

		assert_non_null(z);
		assert_string_equal(zona_name(z), NAMES[i]);
		setenv("TZ", NAMES[i], 1);
		tzset();
		for (time_t t = 788918400; t < 3944678400; t += 3600) {
			struct tm local;

			localtime_r(&t, &local);
			if (zona_civil(z, t * INT64_C(1000)).offset_s != local.tm_gmtoff)
				fail_msg("%s at %lld", NAMES[i], (long long)t);
		}
	}
	setenv("TZ", "UTC", 1);
	tzset();
}

/* Each second round a change of DST: civil and back is the identity where a time is not twice. */
static void test_round_trip(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
		const struct zona *z = zona_find(NAMES[i]);

		for (int64_t t = 1772000000000; t < 1804000000000; t += 1799999) {
			struct hora_civil c = zona_civil(z, t);
			int64_t back = zona_instant(z, c.dia, c.ms);

			assert_true(c.ms >= 0 && c.ms < 86400000);
			if (back != t)
				assert_int_equal(t - back, 3600000);
		}
	}
}

static void test_gap_and_twice(void **state)
{
	(void)state;
	/* Tijuana 2026-03-08 02:00-03:00 does not exist: 03:00 PDT is 10:00Z. */
	assert_int_equal(at("America/Tijuana", "2026-03-08 02:30"), INT64_C(1772964000000));
	assert_int_equal(at("America/Tijuana", "2026-03-08 01:59:59.999"), INT64_C(1772963999999));
	assert_int_equal(at("America/Tijuana", "2026-03-08 03:00"), INT64_C(1772964000000));
	/* 2026-11-01 01:30 comes twice: the first is PDT, 08:30Z. */
	assert_int_equal(at("America/Tijuana", "2026-11-01 01:30"), INT64_C(1793521800000));
	assert_int_equal(at("America/Tijuana", "2026-11-01 02:00"), INT64_C(1793527200000));
	/* Past the table: the same dates 28 years later. */
	assert_int_equal(at("America/Tijuana", "2082-07-01 00:00"),
		dia("2082-07-01") * INT64_C(86400000) + 7 * 3600000);
	assert_int_equal(at("America/Mexico_City", "1990-07-01 00:00"),
		dia("1990-07-01") * INT64_C(86400000) + 6 * 3600000);
	/* Before 1970, ms stay in the day. */
	assert_int_equal(zona_civil(zona_centro(), -1).ms, 18 * 3600000 - 1);
	assert_int_equal(zona_civil(zona_centro(), -1).dia, -1);
}

static void test_unknown_zones(void **state)
{
	(void)state;
	assert_null(zona_find("Europe/Madrid"));
	assert_null(zona_find("UTC"));
	assert_null(zona_find(""));
	assert_null(zona_find(NULL));
	assert_ptr_equal(zona_find(ZONA_CENTRO), zona_centro());
}

/*
 * tzdata is opened through this one; the test's own is found first, and hides one folder. No
 * mount is needed, so it works in any container and for any user.
 */
static const char *hidden = "/nowhere";

static bool is_hidden(const char *path)
{
	size_t n = strlen(hidden);

	return strncmp(path, hidden, n) == 0 && (path[n] == '/' || path[n] == '\0');
}

int open(const char *path, int flags, ...);

int open(const char *path, int flags, ...)
{
	int (*real)(const char *, int, ...);

	*(void **)&real = dlsym(RTLD_NEXT, "open");
	errno = ENOENT;
	return is_hidden(path) ? -1 : real(path, flags, 0600);
}

/* What zona_setup answers in a process for which that folder is not there. */
static int setup_without(const char *folder)
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		hidden = folder;
		if (zona_setup() == OK)
			_exit(1);
		_exit(zona_centro() == NULL && zona_find("America/Cancun") == NULL ? 0 : 2);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* L-5.7: without tzdata the program refuses; it never reads times as UTC. */
static void test_missing_tzdata(void **state)
{
	(void)state;
	assert_int_equal(setup_without("/usr/share/zoneinfo"), 0);
	/* The list of zones is there, their data are not. */
	assert_int_equal(setup_without("/usr/share/zoneinfo/America"), 0);
	/* Control: hiding something else changes nothing. */
	assert_int_equal(setup_without("/usr/share/zoneinfo/Europe"), 1);
}

#define SHIFTS 160

static struct bytes tzif_file(struct arena *a, const char *name)
{
	struct bytes file;

	assert_int_equal(
		file_read(a, arena_printf(a, "/usr/share/zoneinfo/%s", name), 65536, &file), OK);
	return file;
}

static void must_agree(
	const char *zone, const struct tzif_shift *shifts, size_t count, int64_t second)
{
	time_t t = second;
	struct tm local;
	size_t k = 0;

	while (k + 1 < count && shifts[k + 1].from <= second * 1000)
		k++;
	localtime_r(&t, &local);
	if (shifts[k].offset_s != local.tm_gmtoff)
		fail_msg("%s at %lld", zone, (long long)t);
}

/*
 * Each shift to the second, and no other between: the rules behind the last time too, of both
 * hemispheres, with times and names of all forms.
 */
static void test_tzif_agrees_with_glibc(void **state)
{
	static const char *const zones[] = {"America/Tijuana", "America/New_York", "Europe/Madrid",
		"America/Santiago", "Australia/Lord_Howe", "America/Nuuk", "Asia/Kolkata",
		"Asia/Jerusalem", "Europe/Dublin", "America/Havana"};
	struct tzif_shift shifts[SHIFTS];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(zones); i++) {
		ARENA(a, 1 << 18);
		size_t count = 0;

		assert_int_equal(
			tzif_read(tzif_file(&a, zones[i]), 1995, 2060, shifts, SHIFTS, &count), OK);
		setenv("TZ", zones[i], 1);
		tzset();
		for (int64_t t = 788918400; t < 2871763200; t += 86400)
			must_agree(zones[i], shifts, count, t);
		for (size_t k = 1; k < count; k++) {
			must_agree(zones[i], shifts, count, shifts[k].from / 1000);
			must_agree(zones[i], shifts, count, shifts[k].from / 1000 - 1);
		}
	}
	setenv("TZ", "UTC", 1);
	tzset();
}

/* Cut anywhere it is refused; changed anywhere nothing is read past its end. */
static void test_tzif_of_bad_bytes(void **state)
{
	ARENA(a, 1 << 18);
	struct bytes file = tzif_file(&a, "America/Tijuana");
	struct tzif_shift shifts[SHIFTS];
	size_t count = 7;

	(void)state;
	for (size_t n = 0; n < file.size; n++) {
		char *cut = malloc(n + 1);

		memcpy(cut, file.data, n);
		assert_int_equal(tzif_read(bytes_of(cut, n), 1995, 2050, shifts, SHIFTS, &count),
			ERR_NO_ZONES);
		free(cut);
	}
	assert_int_equal(tzif_read(file, 1995, 2050, shifts, 3, &count), ERR_NO_ZONES);
	assert_int_equal(count, 7);
	unsigned char *changed = malloc(file.size);
	for (size_t n = 0; n < file.size * 8; n++) {
		memcpy(changed, file.data, file.size);
		changed[n / 8] ^= (unsigned char)(1 << n % 8);
		if (tzif_read(bytes_of(changed, file.size), 1995, 2050, shifts, SHIFTS, &count) ==
			OK)
			assert_in_range(count, 1, SHIFTS);
	}
	free(changed);
}

static void test_dates(void **state)
{
	(void)state;
	for (int32_t d = -800000; d < 3000000; d += 1) {
		int y;
		int m;
		int day;

		fecha_split(d, &y, &m, &day);
		if (fecha_of(y, m, day) != d)
			fail_msg("day %d", d);
	}
	assert_int_equal(fecha_of(1970, 1, 1), 0);
	assert_int_equal(fecha_of(2000, 2, 29), 11016);
	assert_int_equal(fecha_weekday(dia("2026-11-16")), 1);
	assert_int_equal(fecha_weekday(dia("1969-12-28")), 0);
}

/* As people write them; what is no date is none however it is written. */
static void test_fecha_escrita(void **state)
{
	static const char *const SAME[] = {"2026-12-31", "31/dic/2026", "31/DIC/2026", "31/12/2026",
		"31/diciembre/2026", "  31/dic/2026 ", "31/dici/2026"};
	static const char *const BAD[] = {"", "31/feb/2026", "31/di/2026", "31/dic/26", "31/dic",
		"31/dic/2026x", "/dic/2026", "031/dic/2026", "31//2026", "32/01/2026", "0/01/2026",
		"31/13/2026", "31/dix/2026", "31 dic 2026", "mañana", "2026-02-30",
		"31/diciembres/2026", "31/dic/20266"};
	int32_t d = 0;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(SAME); i++) {
		assert_int_equal(fecha_escrita(SAME[i], &d), OK);
		assert_int_equal(d, fecha_of(2026, 12, 31));
	}
	assert_int_equal(fecha_escrita("1/ene/2027", &d), OK);
	assert_int_equal(d, fecha_of(2027, 1, 1));
	for (size_t i = 0; i < COUNT_OF(BAD); i++)
		if (fecha_escrita(BAD[i], &d) != ERR_BAD_FIELD)
			fail_msg("a date: %s", BAD[i]);
	/* Blanks don't count, however many. */
	assert_int_equal(fecha_escrita("31/dic/2026                      ", &d), OK);
	assert_int_equal(fecha_escrita(NULL, &d), ERR_BAD_FIELD);
}

static void test_fecha_parse(void **state)
{
	static const char *const BAD[] = {"", "2026-11-1", "2026-13-01", "2026-00-10", "2026-04-31",
		"2025-02-29", "2026/11/12", "2026-11-12 ", " 2026-11-12", "2026-11-00",
		"0000-01-01", "-026-11-12", "20a6-11-12"};
	int32_t d = 7;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(BAD); i++)
		assert_int_equal(fecha_parse(BAD[i], &d), ERR_BAD_FIELD);
	assert_int_equal(fecha_parse(NULL, &d), ERR_BAD_FIELD);
	assert_int_equal(d, 7);
	assert_int_equal(fecha_parse("2024-02-29", &d), OK);
	assert_int_equal(d, fecha_of(2024, 2, 29));
}

/* dates as on the portal. */
static void test_texts(void **state)
{
	ARENA(a, 4096);
	const struct zona *c = zona_centro();
	int64_t t = zc("2024-08-08 11:42:45.999");

	(void)state;
	assert_string_equal(hora_text(&a, c, t, HORA_CUADRO), "08/08/2024 11:42");
	assert_string_equal(hora_text(&a, c, t, HORA_LISTA), "08/ago/2024 11:42");
	assert_string_equal(hora_text(&a, c, t, HORA_ACUSE), "08 de agosto de 2024 11:42:45 hrs.");
	t = zc("2026-11-12 17:52:03.114");
	assert_string_equal(hora_text(&a, c, t, HORA_DIA), "jue 12/nov/2026 17:52");
	assert_string_equal(hora_text(&a, c, t, HORA_CADENA), "2026-11-12T17:52:03.114-06:00");
	assert_string_equal(fecha_text(&a, dia("2026-11-12"), FECHA_ISO), "2026-11-12");
	assert_string_equal(fecha_text(&a, dia("2026-11-12"), FECHA_LISTA), "12/nov/2026");
	assert_string_equal(fecha_text(&a, dia("2026-11-14"), FECHA_DIA), "sáb 14/nov/2026");
	assert_string_equal(
		fecha_text(&a, dia("2026-11-12"), FECHA_LARGA), "12 de noviembre de 2026");
	ARENA(none, 0);
	assert_null(fecha_text(&none, 0, FECHA_ISO));
	for (enum hora_form f = HORA_CUADRO; f <= HORA_CADENA; f++)
		assert_null(hora_text(&none, c, 0, f));
}

static void test_hora_parse(void **state)
{
	static const char *const BAD[] = {"2026-11-12T17:52:03.114", "2026-11-12T17:52:03.114Z",
		"2026-11-12T24:00:00.000-06:00", "2026-11-12T17:60:00.000-06:00",
		"2026-11-12T17:52:60.000-06:00", "2026-11-31T17:52:03.114-06:00",
		"2026-11-12 17:52:03.114-06:00", "2026-11-12T17:52:03.114-15:00",
		"2026-11-12T17:52:03.114-06:60", "2026-11-12T17:52:03.114-06:000", ""};
	ARENA(a, 4096);
	int64_t t = 5;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(BAD); i++)
		assert_int_equal(hora_parse(BAD[i], &t), ERR_BAD_FIELD);
	assert_int_equal(t, 5);
	assert_int_equal(hora_parse("1969-12-31T18:00:00.001-06:00", &t), OK);
	assert_int_equal(t, 1);
	assert_int_equal(hora_parse("1970-01-01T05:30:00.000+05:30", &t), OK);
	assert_int_equal(t, 0);
	for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
		int64_t when = INT64_C(1772963999999);

		assert_int_equal(
			hora_parse(hora_text(&a, zona_find(NAMES[i]), when, HORA_CADENA), &t), OK);
		assert_int_equal(t, when);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_missing_tzdata),
		cmocka_unit_test(test_tzif_agrees_with_glibc),
		cmocka_unit_test(test_tzif_of_bad_bytes),
		cmocka_unit_test(test_offsets_agree_with_glibc),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_gap_and_twice),
		cmocka_unit_test(test_unknown_zones),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_fecha_parse),
		cmocka_unit_test(test_fecha_escrita),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_hora_parse),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
