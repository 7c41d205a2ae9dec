#include "ley/zona.h"

#include <libical/ical.h>
#include <stdbool.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)

/*
 * What is read of tzdata. Mexico's DST began in 1996; its shortest period without a change was 31
 * days (Chihuahua's border, November 2022), so samples 28 days apart miss none. Changes fall on
 * quarters of an hour.
 */
#define FROM_YEAR 1995
#define TO_YEAR 2050
#define STEP_S (28 * 86400)
#define QUARTER_S 900
/* The calendar of 1901-2099 repeats every 28 years: dates and weekdays both. */
#define CYCLE_MS ((28 * 365 + 7) * DAY_MS)
#define MAX_SHIFTS 160

/* From this instant on, that offset. */
struct shift {
	int64_t from;
	int32_t offset_s;
};

struct zona {
	const char *name;
	size_t count;
	struct shift shifts[MAX_SHIFTS];
};

static struct zona zones[] = {
	{.name = ZONA_CENTRO},
	{.name = "America/Bahia_Banderas"},
	{.name = "America/Cancun"},
	{.name = "America/Chihuahua"},
	{.name = "America/Ciudad_Juarez"},
	{.name = "America/Hermosillo"},
	{.name = "America/Matamoros"},
	{.name = "America/Mazatlan"},
	{.name = "America/Merida"},
	{.name = "America/Monterrey"},
	{.name = "America/Ojinaga"},
	{.name = "America/Tijuana"},
};
static bool loaded;

static int32_t offset_at(icaltimezone *z, int64_t second)
{
	struct icaltimetype t =
		icaltime_from_timet_with_zone(second, 0, icaltimezone_get_utc_timezone());

	return icaltimezone_get_utc_offset_of_utc_time(z, &t, NULL);
}

/* libical answers 0 (UTC) for a zone whose file it could not read; Mexico stays in -8..-4 h. */
static bool plausible(int32_t offset_s)
{
	return offset_s >= -8 * 3600 && offset_s <= -4 * 3600;
}

static bool add_shift(struct zona *z, int64_t second, int32_t offset_s)
{
	if (z->count == MAX_SHIFTS || !plausible(offset_s))
		return false;
	z->shifts[z->count++] = (struct shift){.from = second * 1000, .offset_s = offset_s};
	return true;
}

/* The first quarter of an hour in (before, after] with the offset of `after`. */
static int64_t find_shift(icaltimezone *from, int64_t before, int64_t after, int32_t offset_s)
{
	while (after - before > QUARTER_S) {
		int64_t quarters = (after - before) / QUARTER_S;
		int64_t middle = before + quarters / 2 * QUARTER_S;

		if (offset_at(from, middle) == offset_s)
			after = middle;
		else
			before = middle;
	}
	return after;
}

static bool load(struct zona *z)
{
	icaltimezone *from = icaltimezone_get_builtin_timezone(z->name);
	int64_t second = fecha_of(FROM_YEAR, 1, 1) * INT64_C(86400);
	int64_t end = fecha_of(TO_YEAR + 1, 1, 1) * INT64_C(86400);

	z->count = 0;
	/* Asked for the end first, libical expands its rules once instead of year after year. */
	if (from != NULL)
		(void)offset_at(from, end);
	if (from == NULL || icaltimezone_get_component(from) == NULL ||
		!add_shift(z, second, offset_at(from, second)))
		return false;
	for (; second < end; second += STEP_S) {
		int32_t offset = offset_at(from, second + STEP_S);

		if (offset != z->shifts[z->count - 1].offset_s &&
			!add_shift(z, find_shift(from, second, second + STEP_S, offset), offset))
			return false;
	}
	return true;
}

enum err zona_setup(void)
{
	bool ok = true;

	for (size_t i = 0; i < COUNT_OF(zones) && ok; i++)
		ok = load(&zones[i]);
	icaltimezone_free_builtin_timezones();
	icaltimezone_release_zone_tab();
	icalmemory_free_ring();
	loaded = ok;
	return ok ? OK : ERR_NO_ZONES;
}

const struct zona *zona_find(const char *name)
{
	for (size_t i = 0; loaded && name != NULL && i < COUNT_OF(zones); i++)
		if (strcmp(zones[i].name, name) == 0)
			return &zones[i];
	return NULL;
}

const struct zona *zona_centro(void)
{
	return loaded ? &zones[0] : NULL;
}

const char *zona_name(const struct zona *z)
{
	return z->name;
}

/* The last shift at or before the instant; what was before the first one counts as the first. */
static const struct shift *shift_at(const struct zona *z, int64_t instant)
{
	size_t low = 0;
	size_t high = z->count;

	while (high - low > 1) {
		size_t middle = (low + high) / 2;

		if (z->shifts[middle].from <= instant)
			low = middle;
		else
			high = middle;
	}
	return &z->shifts[low];
}

/* How far to go back so that the instant falls where tzdata was read. */
static int64_t cycles(int64_t instant)
{
	int64_t end = fecha_of(TO_YEAR + 1, 1, 1) * DAY_MS;

	return instant < end ? 0 : ((instant - end) / CYCLE_MS + 1) * CYCLE_MS;
}

static int64_t floor_div(int64_t n, int64_t by)
{
	return n / by - (n % by < 0 ? 1 : 0);
}

struct hora_civil zona_civil(const struct zona *z, int64_t instant)
{
	int32_t offset = shift_at(z, instant - cycles(instant))->offset_s;
	int64_t local = instant + offset * INT64_C(1000);
	int64_t dia = floor_div(local, DAY_MS);

	return (struct hora_civil){
		.dia = (int32_t)dia,
		.ms = (int32_t)(local - dia * DAY_MS),
		.offset_s = offset,
	};
}

int64_t zona_instant(const struct zona *z, int32_t dia, int32_t ms)
{
	int64_t local = dia * DAY_MS + ms;
	int64_t back = cycles(local);
	/* Changes are weeks apart, so a day to either side sees at most one. */
	const struct shift *before = shift_at(z, local - back - DAY_MS);
	const struct shift *after = shift_at(z, local - back + DAY_MS);
	int64_t early = local - back - before->offset_s * INT64_C(1000);
	int64_t late = local - back - after->offset_s * INT64_C(1000);

	if (before == after || early < after->from)
		return early + back;
	return (late >= after->from ? late : after->from) + back;
}
