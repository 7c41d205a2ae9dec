#include "core/calendario_config.h"

#include <string.h>
#include "base/file.h"
#include "base/ini.h"
#include "base/utf8.h"

/* Most días inhábiles of a calendar: what the wire carries (messages.def, calendario). */
#define DAYS 400
#define FILE_LIMIT (256 * 1024)
/* Of a reason: what the wire carries (messages.def, inhabil). */
#define MOTIVO_CHARS 200

struct reading {
	struct arena *arena;
	const struct config *config;
	struct inhabil *days;
	size_t count;
};

static enum err take_day(void *ctx, const struct ini_line *line, const char **ret_allowed)
{
	struct reading *r = ctx;
	struct inhabil *day = &r->days[r->count];
	int year = 0;
	int month = 0;
	int of_month = 0;

	*ret_allowed = "se admite la sección [inhabiles]";
	if (strcmp(line->section, "inhabiles") != 0 || *line->name != '\0')
		return ERR_CONFIG;
	if (line->key == NULL)
		return OK;
	*ret_allowed = "se espera una fecha y su motivo: 2026-12-24 = Vacaciones generales";
	if (fecha_parse(line->key, &day->dia) != OK || *line->value == '\0' ||
		utf8_count(line->value) > MOTIVO_CHARS)
		return ERR_CONFIG;
	fecha_split(day->dia, &year, &month, &of_month);
	*ret_allowed = "la fecha queda fuera de los años de [calendario]";
	if (year < r->config->calendario_desde || year > r->config->calendario_hasta)
		return ERR_CONFIG;
	*ret_allowed = "esa fecha ya está más arriba";
	for (size_t i = 0; i < r->count; i++)
		if (r->days[i].dia == day->dia)
			return ERR_CONFIG;
	*ret_allowed = "son demasiados días inhábiles para un solo archivo";
	if (r->count + 1 == DAYS)
		return ERR_CONFIG;
	day->motivo = arena_strdup(r->arena, line->value);
	r->count++;
	return day->motivo != NULL ? OK : ERR_NO_MEMORY;
}

static enum err read_days(struct reading *r, const char **ret_message)
{
	const char *path = r->config->inhabiles;
	struct bytes text;
	enum err e = file_read(r->arena, path, FILE_LIMIT, &text);

	if (e == ERR_NO_MEMORY)
		return e;
	if (e != OK) {
		*ret_message = arena_printf(r->arena,
			"No se pudo leer %s, el archivo de días inhábiles; corrige inhabiles en "
			"[calendario].",
			path);
		return *ret_message != NULL ? ERR_CONFIG : ERR_NO_MEMORY;
	}
	return ini_parse(r->arena, path, text, take_day, r, ret_message);
}

enum err calendario_load(
	struct arena *a, const struct config *c, struct calendario *ret, const char **ret_message)
{
	struct reading r = {.arena = a, .config = c, .days = arena_array(a, DAYS, sizeof(*r.days))};

	if (r.days == NULL)
		return ERR_NO_MEMORY;
	struct calendario made;
	enum err e = c->inhabiles != NULL ? read_days(&r, ret_message) : OK;

	if (e == OK)
		e = calendario_make(
			a, c->calendario_desde, c->calendario_hasta, r.days, r.count, &made);
	if (e != OK)
		return e;
	if (made.count > DAYS) {
		*ret_message = "El calendario pasa de 400 días inhábiles; acorta desde y hasta en "
			       "[calendario].";
		return ERR_CONFIG;
	}
	*ret = made;
	return OK;
}
