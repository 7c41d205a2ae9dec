#include "tests/help/core_calendario.h"

#include <stdio.h>
#include "base/file.h"
#include "core/publicados_texto.h"
#include "tests/help/cm.h"
#include "tests/help/core_verbo.h"

const char *calendario_con(struct arena *a, const char *eventos)
{
	static const char end[] = "END:VCALENDAR\r\n";
	struct bytes text;

	assert_int_equal(publicados_texto(a, PUBLICADO_CALENDARIO, &text), OK);
	const char *all = arena_printf(a, "%.*s%s%s", (int)(text.size - (sizeof(end) - 1)),
		(const char *)text.data, eventos, end);

	assert_non_null(all);
	return all;
}

const char *calendario_evento(struct arena *a, int32_t dia, const char *ambito)
{
	int y = 0;
	int m = 0;
	int d = 0;

	fecha_split(dia, &y, &m, &d);
	const char *text = arena_printf(a,
		"BEGIN:VEVENT\r\nUID:%d-%s@prueba\r\nDTSTART;VALUE=DATE:%04d%02d%02d\r\n"
		"SUMMARY:Suspensión de labores\r\nDESCRIPTION:Acuerdo de prueba\r\n"
		"CATEGORIES:INHABIL,declarado%s%s\r\nEND:VEVENT\r\n",
		dia, ambito != NULL ? ambito : "", y, m, d, ambito != NULL ? "," : "",
		ambito != NULL ? ambito : "");

	assert_non_null(text);
	return text;
}

const char *calendario_publica(
	struct mundo *m, struct arena *a, const char *ics, const char *acuerdo, int code)
{
	char config[300];
	char out[20000];
	char err[2000];
	char path[300];

	snprintf(path, sizeof(path), "%s/publicar.ics", m->folder);
	assert_int_equal(file_write(path, bytes_of_text(ics), 0600), OK);
	core_verbo_config(config, sizeof(config), m->config.almacen);
	const char *const words[] = {
		"calendario", "--publicar", path, "--acuerdo", acuerdo, "--config", config, NULL};
	int got = core_verbo(m->now, words, out, sizeof(out), err, sizeof(err));

	if (got != code)
		fail_msg("calendario --publicar: %d %s", got, err);
	const char *said = arena_printf(a, "%s%s", out, err);

	assert_non_null(said);
	return said;
}
