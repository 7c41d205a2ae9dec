#include "core/catalogo.h"

#include <string.h>
#include "core/publicados.h"
#include "net/codec.h"

static enum err version(struct store *s, struct arena *a, int64_t *ret)
{
	struct in_catalogo_version in = {0};
	struct out_catalogo_version row;
	enum err e = q_catalogo_version(s, &in, a, &row);

	if (e == OK)
		*ret = row.version;
	return e;
}

static enum err row_in_force(struct store *s, struct arena *a, struct publicado_fila *ret)
{
	struct in_catalogo_vigente in = {0};
	struct out_catalogo_vigente row;
	enum err e = q_catalogo_vigente(s, &in, a, &row);

	if (e == OK)
		*ret = (struct publicado_fila){
			.version = row.version, .publicado = row.publicado, .texto = row.json};
	return e;
}

/* ---- a file ---- */

static enum err refuse(struct arena *a, const char **ret_message, const char *format, ...)
	PRINTF_LIKE(3, 4);

static enum err refuse(struct arena *a, const char **ret_message, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	*ret_message = arena_vprintf(a, format, args);
	va_end(args);
	return *ret_message != NULL ? ERR_BAD_FIELD : ERR_NO_MEMORY;
}

static bool good_clave(const char *clave)
{
	size_t size = strlen(clave);

	return size > 2 && strncmp(clave, "R-", 2) == 0 &&
	       strspn(clave + 2, "0123456789.") == size - 2;
}

static enum err check(struct arena *a, const struct m_catalogo *c, const char **ret_message)
{
	if (c->tipos_count == 0)
		return refuse(a, ret_message,
			"El catálogo no trae ningún tipo de acto; agrégalos en «tipos».");
	for (size_t i = 0; i < c->tipos_count; i++) {
		const struct m_tipo_acto *t = &c->tipos[i];

		if (!good_clave(t->clave))
			return refuse(a, ret_message, "«%s» no es una clave como R-7.1; corrígela.",
				t->clave);
		if (catalogo_tipo(c, t->clave) != t)
			return refuse(a, ret_message, "%s está dos veces en el catálogo; deja una.",
				t->clave);
		if (*t->nombre == '\0' || *t->fundamento == '\0' || *t->consecuencia == '\0')
			return refuse(a, ret_message,
				"A %s le falta nombre, fundamento o consecuencia; complétalo.",
				t->clave);
		if ((t->plazo_dias != 0) != (t->plazo_para != NULL))
			return refuse(a, ret_message,
				"A %s le falta plazo_dias o plazo_para; van los dos o ninguno.",
				t->clave);
	}
	return OK;
}

enum err catalogo_leer(
	struct arena *a, struct bytes json, struct m_catalogo *ret, const char **ret_message)
{
	const char *field = "";
	enum err e = codec_decode(a, &message_catalogo, CODEC_STRICT, json, ret, &field);

	if (e == ERR_BAD_FIELD)
		return refuse(a, ret_message,
			"En el catálogo, %s falta, es demasiado largo o no se conoce; corrígelo "
			"(buzond catalogo --json muestra uno).",
			field);
	if (e == ERR_BAD_JSON)
		return refuse(a, ret_message,
			"El catálogo no es JSON válido; revisa comas, comillas y que ningún nombre "
			"se repita.");
	return e == OK ? check(a, ret, ret_message) : e;
}

static enum err read_row(
	struct arena *a, const struct publicado_fila *row, void *ret, const char **ret_message)
{
	struct m_catalogo *c = ret;
	enum err e = catalogo_leer(a, row->texto, c, ret_message);

	c->version = row->version;
	return e;
}

static const struct publicado_clase catalogue = {.which = PUBLICADO_CATALOGO,
	.nombre = "catalogo",
	.size = sizeof(struct m_catalogo),
	.version = version,
	.fila = row_in_force,
	.lee = read_row};

/* One and the same object under a name that no calendar has. */
static struct publicados *of(struct catalogos *cs)
{
	return (struct publicados *)(void *)cs;
}

enum err catalogos_open(struct store *s, struct catalogos **ret, const char **ret_message)
{
	struct publicados *p;
	enum err e = publicados_open(&catalogue, s, &p, ret_message);

	if (e == OK)
		*ret = (struct catalogos *)(void *)p;
	return e;
}

void catalogos_free(struct catalogos *cs)
{
	publicados_free(of(cs));
}

const struct m_catalogo *catalogos_vigente(const struct catalogos *cs)
{
	return publicados_vigente((const struct publicados *)(const void *)cs);
}

enum err catalogos_refresh(struct catalogos *cs, struct store *s)
{
	return publicados_refresh(of(cs), s);
}

enum err catalogo_vigente_en(
	struct store *s, struct arena *a, struct m_catalogo *ret, const char **ret_message)
{
	struct publicado_fila row = {0};
	enum err e = row_in_force(s, a, &row);

	if (e == ERR_NOT_FOUND)
		e = publicados_texto(a, PUBLICADO_CATALOGO, &row.texto);
	return e == OK ? read_row(a, &row, ret, ret_message) : e;
}

/* ---- a kind ---- */

const struct m_tipo_acto *catalogo_tipo(const struct m_catalogo *c, const char *clave)
{
	for (size_t i = 0; i < c->tipos_count; i++)
		if (strcmp(c->tipos[i].clave, clave) == 0)
			return &c->tipos[i];
	return NULL;
}

bool catalogo_disponible(const struct m_tipo_acto *t, int64_t now)
{
	return t != NULL && t->disponible != 0 && t->disponible <= now;
}
