#include "ley/zona.h"

#include <stdbool.h>
#include <string.h>
#include "base/file.h"
#include "ley/tzif.h"

#define TZDATA "/usr/share/zoneinfo/"
/* Of one file; the largest has 4 KB. */
#define FILE_MOST (64 * 1024)
#define DAY_MS INT64_C(86400000)

/* What is read of tzdata; Mexico's DST began in 1996. */
#define FROM_YEAR 1995
#define TO_YEAR 2050
/* The calendar of 1901-2099 repeats every 28 years: dates and weekdays both. */
#define CYCLE_MS ((28 * 365 + 7) * DAY_MS)
#define MAX_SHIFTS 160

struct zona {
	const char *name;
	size_t count;
	struct tzif_shift shifts[MAX_SHIFTS];
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

/* Mexico stays in -8..-4 h: what says otherwise is no zone of ours under its name. */
static bool plausible(const struct zona *z)
{
	for (size_t i = 0; i < z->count; i++)
		if (z->shifts[i].offset_s < -8 * 3600 || z->shifts[i].offset_s > -4 * 3600)
			return false;
	return true;
}

static enum err load(struct zona *z)
{
	ARENA(a, 2 * FILE_MOST);
	struct bytes file;
	const char *path = arena_printf(&a, TZDATA "%s", z->name);

	if (path == NULL)
		return ERR_NO_MEMORY;
	enum err e = file_read(&a, path, FILE_MOST, &file);
	if (e == ERR_NO_MEMORY)
		return e;
	z->count = 0;
	if (e != OK || tzif_read(file, FROM_YEAR, TO_YEAR, z->shifts, MAX_SHIFTS, &z->count) != OK)
		return ERR_NO_ZONES;
	return plausible(z) ? OK : ERR_NO_ZONES;
}

enum err zona_setup(void)
{
	enum err e = OK;

	for (size_t i = 0; i < COUNT_OF(zones) && e == OK; i++)
		e = load(&zones[i]);
	loaded = e == OK;
	return e;
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
static const struct tzif_shift *shift_at(const struct zona *z, int64_t instant)
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
	const struct tzif_shift *before = shift_at(z, local - back - DAY_MS);
	const struct tzif_shift *after = shift_at(z, local - back + DAY_MS);
	int64_t early = local - back - before->offset_s * INT64_C(1000);
	int64_t late = local - back - after->offset_s * INT64_C(1000);

	if (before == after || early < after->from)
		return early + back;
	return (late >= after->from ? late : after->from) + back;
}
