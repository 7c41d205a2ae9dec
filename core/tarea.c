#include "core/tarea.h"

#define PIDE_ALMACEN(clase) NULL
#define PIDE_RED(clase) tarea_##clase##_pide
#define START_NADA(clase) NULL
#define START_SIEMBRA(clase) tarea_##clase##_siembra
#define TAREA(name, where, of, when, start, tries, first, longest, what)                           \
	[TAREA_##name] = {.clase = #name,                                                          \
		.de = TAREA_DE_##of,                                                               \
		.si = TAREA_SI_##when,                                                             \
		.intentos = (tries),                                                               \
		.primera_ms = (first)*INT64_C(1000),                                               \
		.mayor_ms = (longest)*INT64_C(1000),                                               \
		.que = (what),                                                                     \
		.hace = tarea_##name,                                                              \
		.pide = PIDE_##where(name),                                                        \
		.siembra = START_##start(name)},
const struct tarea_fila tarea_filas[TAREA_CLASES] = {
#include "core/tareas.def"
};
#undef TAREA
#undef PIDE_ALMACEN
#undef PIDE_RED
#undef START_NADA
#undef START_SIEMBRA

enum err tarea_poner(struct store *s, struct novedades *news, enum tarea_clase clase,
	const char *clave, int64_t vence)
{
	struct in_tarea_poner in = {
		.clase = tarea_filas[clase].clase, .clave = clave, .vence = vence};
	enum err e = strlen(clave) <= TAREA_CLAVE ? OK : ERR_INTERNAL;

	if (e == OK)
		e = store_queue(s, QUERY_tarea_poner, &in, NULL);
	if (e == OK && news != NULL)
		novedades_tarea(news, vence);
	return e;
}

enum err tarea_asegurar(struct store *s, struct novedades *news, enum tarea_clase clase,
	const char *clave, int64_t vence)
{
	struct in_tarea_asegurar in = {
		.clase = tarea_filas[clase].clase, .clave = clave, .vence = vence};
	enum err e = strlen(clave) <= TAREA_CLAVE ? OK : ERR_INTERNAL;

	if (e == OK)
		e = store_queue(s, QUERY_tarea_asegurar, &in, NULL);
	if (e == OK && news != NULL)
		novedades_tarea(news, vence);
	return e;
}

static uint64_t number_of(const char *clave, int64_t n)
{
	uint64_t h = UINT64_C(14695981039346656037) + (uint64_t)n;

	for (; *clave != '\0'; clave++)
		h = (h ^ (unsigned char)*clave) * UINT64_C(1099511628211);
	return h ^ h >> 29;
}

int64_t tarea_espera(const struct tarea_fila *f, const char *clave, int64_t n)
{
	int64_t wait = f->primera_ms;

	for (int64_t i = 1; i < n && wait < f->mayor_ms; i++)
		wait *= 2;
	if (wait > f->mayor_ms)
		wait = f->mayor_ms;
	return wait - (int64_t)(number_of(clave, n) % (uint64_t)(wait / 8 + 1));
}
