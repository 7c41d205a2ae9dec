#include "core/calendarios.h"

#include "core/publicados.h"

static enum err version(struct store *s, struct arena *a, int64_t *ret)
{
	struct in_calendario_version in = {0};
	struct out_calendario_version row;
	enum err e = q_calendario_version(s, &in, a, &row);

	if (e == OK)
		*ret = row.version;
	return e;
}

static enum err row_in_force(struct store *s, struct arena *a, struct publicado_fila *ret)
{
	struct in_calendario_vigente in = {0};
	struct out_calendario_vigente row;
	enum err e = q_calendario_vigente(s, &in, a, &row);

	if (e == OK)
		*ret = (struct publicado_fila){.version = row.version,
			.publicado = row.publicado,
			.acuerdo = row.acuerdo,
			.texto = row.ics};
	return e;
}

static enum err read_row(
	struct arena *a, const struct publicado_fila *row, void *ret, const char **ret_message)
{
	struct calendario_publicado *c = ret;
	enum err e = calendarios_leer(a, row->texto, c, ret_message);

	c->c.version = row->version;
	c->c.fuente = row->acuerdo;
	c->publicado = row->publicado;
	return e;
}

static const struct publicado_clase calendar = {.which = PUBLICADO_CALENDARIO,
	.nombre = "calendario",
	.size = sizeof(struct calendario_publicado),
	.version = version,
	.fila = row_in_force,
	.lee = read_row};

/* One and the same object under a name that no catalogue has. */
static struct publicados *of(struct calendarios *cs)
{
	return (struct publicados *)(void *)cs;
}

enum err calendarios_open(struct store *s, struct calendarios **ret, const char **ret_message)
{
	struct publicados *p;
	enum err e = publicados_open(&calendar, s, &p, ret_message);

	if (e == OK)
		*ret = (struct calendarios *)(void *)p;
	return e;
}

void calendarios_free(struct calendarios *cs)
{
	publicados_free(of(cs));
}

const struct calendario_publicado *calendarios_vigente(const struct calendarios *cs)
{
	return publicados_vigente((const struct publicados *)(const void *)cs);
}

enum err calendarios_refresh(struct calendarios *cs, struct store *s)
{
	return publicados_refresh(of(cs), s);
}

enum err calendarios_vigente_en(struct store *s, struct arena *a, struct calendario_publicado *ret,
	const char **ret_message)
{
	struct publicado_fila row = {0};
	enum err e = row_in_force(s, a, &row);

	if (e == ERR_NOT_FOUND)
		e = publicados_texto(a, PUBLICADO_CALENDARIO, &row.texto);
	return e == OK ? read_row(a, &row, ret, ret_message) : e;
}
