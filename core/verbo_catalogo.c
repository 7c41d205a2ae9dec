/*
 * `buzond catalogo`: the kinds of act that are notified (R-7.1 to, L-4.3, L-4.4, L-T2):
 * shown, another version published, a kind switched on.
 */
#include <inttypes.h>
#include <string.h>
#include "base/file.h"
#include "core/catalogo.h"
#include "core/publicado_poner.h"
#include "core/store/store_guard.h"
#include "core/verbos.h"
#include "ley/zona.h"
#include "net/codec.h"

#define FILE_BYTES (512 * 1024)

struct work {
	struct verbo *v;
	const struct args_catalogo *args;
	struct config config;
	struct store_guard *guard;
	struct store *store;
	struct m_catalogo nuevo; /* of the file that was given */
	int64_t desde;		 /* of --disponible */
};

static enum err print_json(struct work *w, const struct m_catalogo *c)
{
	struct bytes json;
	enum err e = codec_encode(w->v->arena, &message_catalogo, c, &json);

	if (e == OK) {
		fwrite(json.data, 1, json.size, w->v->out);
		fputc('\n', w->v->out);
	}
	return e;
}

static const char *since(struct work *w, const struct m_tipo_acto *t)
{
	const char *day = t->disponible != 0 ? fecha_text(w->v->arena,
						       zona_civil(zona_centro(), t->disponible).dia,
						       FECHA_LISTA)
					     : NULL;

	return day == NULL		   ? "por ofrecerse"
	       : t->disponible > w->v->now ? arena_printf(w->v->arena, "desde el %s", day)
					   : day;
}

static enum err show(struct work *w)
{
	struct m_catalogo c;
	enum err e = verbo_configuracion(w->v, w->args->config, &w->config);

	if (e == OK)
		e = verbo_almacen(w->v, &w->config, &w->store);
	if (e == OK)
		e = catalogo_vigente_en(w->store, w->v->arena, &c, &w->v->mensaje);
	if (e != OK || w->args->json)
		return e != OK ? e : print_json(w, &c);
	if (c.version == 0)
		fputs("En vigor: el de este programa; no se ha publicado ninguno.\n", w->v->out);
	else
		fprintf(w->v->out, "En vigor: versión %" PRId64 "\n", c.version);
	if (c.aprobacion != NULL)
		fprintf(w->v->out, "%s\n", c.aprobacion);
	if (c.dof != NULL)
		fprintf(w->v->out, "%s\n", c.dof);
	for (size_t i = 0; i < c.tipos_count; i++) {
		const char *text = since(w, &c.tipos[i]);

		fprintf(w->v->out, "  %-7s %-18s %s\n", c.tipos[i].clave, text != NULL ? text : "",
			c.tipos[i].nombre);
	}
	return OK;
}

/* ---- another version ---- */

static enum err read_file(struct work *w)
{
	const char *path = w->args->publicar;
	struct bytes text;
	enum err e = file_read(w->v->arena, path, FILE_BYTES, &text);

	if (e == ERR_NO_MEMORY)
		return e;
	if (e != OK)
		return verbo_fallo(w->v, ERR_NO_FILE,
			"No se pudo leer %s, o pasa de %d KiB; revisa --publicar.", path,
			FILE_BYTES / 1024);
	return catalogo_leer(w->v->arena, text, &w->nuevo, &w->v->mensaje);
}

/* Acts of it may run: a kind that was published stays named. */
static enum err keeps_all(struct work *w, const struct m_catalogo *had)
{
	for (size_t i = 0; i < had->tipos_count; i++)
		if (catalogo_tipo(&w->nuevo, had->tipos[i].clave) == NULL)
			return verbo_fallo(w->v, ERR_BAD_FIELD,
				"Al catálogo le falta %s, que está en vigor y puede tener actos en "
				"curso; déjalo.",
				had->tipos[i].clave);
	return OK;
}

static enum err switch_on(struct work *w, struct m_catalogo *c)
{
	for (size_t i = 0; i < c->tipos_count; i++)
		if (strcmp(c->tipos[i].clave, w->args->disponible) == 0) {
			c->tipos[i].disponible = w->desde;
			return OK;
		}
	return ERR_UNKNOWN_KIND;
}

/* Inside the transaction: after what is in force then. */
static enum err text_of(void *ctx, struct arena *a, struct bytes *ret)
{
	struct work *w = ctx;
	struct m_catalogo c;
	enum err e = catalogo_vigente_en(w->store, w->v->arena, &c, &w->v->mensaje);

	if (e == OK && w->args->publicar != NULL)
		e = keeps_all(w, &c);
	else if (e == OK)
		e = switch_on(w, &c);
	return e == OK ? codec_encode(a, &message_catalogo,
				 w->args->publicar != NULL ? &w->nuevo : &c, ret)
		       : e;
}

static enum err read_since(struct work *w)
{
	int32_t dia = 0;

	if (w->args->desde == NULL || fecha_escrita(w->args->desde, &dia) != OK)
		return verbo_fallo(w->v, w->args->desde == NULL ? ERR_USAGE : ERR_BAD_FIELD,
			"--disponible lleva --desde FECHA, desde cuándo se ofrece, como "
			"2027-01-04.");
	w->desde = zona_instant(zona_centro(), dia, 0);
	return OK;
}

static enum err publish(struct work *w)
{
	const struct publicado_nuevo n = {
		.which = PUBLICADO_CATALOGO, .now = w->v->now, .texto = text_of, .ctx = w};
	struct publicado_nuevo with = n;
	int64_t version = 0;
	enum err e = w->args->publicar != NULL ? read_file(w) : read_since(w);

	if (e == OK)
		e = verbo_configuracion(w->v, w->args->config, &w->config);
	if (e == OK)
		e = store_guard_use(w->config.almacen, &w->guard);
	if (e == OK)
		e = store_open(w->config.almacen, DB_WRITE, &w->store);
	with.store = w->store;
	if (e == OK)
		e = publicado_poner(&with, &version);
	if (e == ERR_BUSY)
		return verbo_fallo(w->v, e,
			"Otros están escribiendo en el almacén; inténtalo en unos segundos. No se "
			"publicó nada.");
	if (e != OK)
		return e;
	if (w->args->json)
		fprintf(w->v->out, "{\"publicado\":true,\"version\":%" PRId64 "}\n", version);
	else
		fprintf(w->v->out, "Publicado: versión %" PRId64 " del catálogo.\n", version);
	return OK;
}

enum err verbo_catalogo(struct verbo *v, const struct args_catalogo *args)
{
	struct work w = {.v = v, .args = args};
	bool one = args->publicar == NULL || args->disponible == NULL;
	enum err e = OK;

	if (!one || (args->desde != NULL && args->disponible == NULL))
		e = verbo_fallo(v, ERR_USAGE,
			"--publicar va sola, y --desde con --disponible; consulta buzond catalogo "
			"--ayuda.");
	else
		e = args->publicar != NULL || args->disponible != NULL ? publish(&w) : show(&w);
	if (w.store != NULL)
		store_close(w.store);
	if (w.guard != NULL)
		store_guard_drop(w.guard);
	return e;
}
