/*
 * `buzond alta`: who an RFC is (L-4.1), and whether its Buzón was already active under the 2020
 * agreement (L-5.4). What buzond padron does with a file, for one.
 */
#include <string.h>
#include "core/padron_carga.h"
#include "core/padron_obra.h"
#include "core/store/store_guard.h"
#include "core/verbos.h"
#include "crypto/rfc.h"

struct work {
	struct verbo *v;
	const struct args_alta *args;
	const struct padron_ficha *ficha;
	bool given;
};

/* The option that a field of the padrón is here. */
static void hear(void *ctx, const struct padron_queja *q)
{
	struct verbo *v = ctx;

	if (q->aviso)
		fprintf(v->err, "%s\n", q->dice);
	else if (v->mensaje == NULL)
		v->mensaje = arena_printf(
			v->arena, "--%s: %s", q->campo != NULL ? q->campo : "rfc", q->dice);
}

static enum err take_rps(struct padron_obra *o, const struct args_alta *args)
{
	char *words = args->rp != NULL ? arena_strdup(o->arena, args->rp) : NULL;
	char *rest = NULL;
	enum err e = args->rp == NULL || words != NULL ? OK : ERR_NO_MEMORY;

	o->ficha.con_rps = args->rp != NULL;
	for (char *w = words != NULL ? strtok_r(words, ",", &rest) : NULL; e == OK && w != NULL;
		w = strtok_r(NULL, ",", &rest)) {
		const struct m_registro_patronal rp = {.rp = w};

		e = padron_obra_rp(o, 0, "", &rp);
	}
	return e;
}

/* ERR_BAD_FIELD with v->mensaje. */
static enum err make(struct work *w)
{
	const struct padron_oido oido = {.oye = hear, .ctx = w->v};
	const struct m_padron_ficha raw = {.rfc = w->args->rfc,
		.nombre = w->args->nombre,
		.zona = w->args->zona,
		.estado = w->args->estado,
		.inscrito = w->args->inscrito,
		.convenio_2020 = w->args->habilitado_2020};
	struct padron_obra o;

	padron_obra_begin(&o, w->v->arena, &oido, w->v->now, 0);
	enum err e = padron_obra_identidad(&o, 0, &raw);

	if (e == OK)
		e = take_rps(&o, w->args);
	if (e == OK)
		e = padron_obra_end(&o, &w->ficha);
	return e == OK && w->ficha == NULL ? ERR_BAD_FIELD : e;
}

static enum err begin(void *ctx)
{
	((struct work *)ctx)->given = false;
	return OK;
}

static enum err give(void *ctx, struct arena *a, const struct padron_ficha **ret)
{
	struct work *w = ctx;

	(void)a;
	if (w->given)
		return ERR_NOT_FOUND;
	w->given = true;
	*ret = w->ficha;
	return OK;
}

static enum err changed(
	void *ctx, struct arena *a, const struct padron_ficha *f, const struct padron_cambios *c)
{
	(void)ctx;
	(void)a;
	(void)f;
	(void)c;
	return OK;
}

enum err verbo_alta(struct verbo *v, const struct args_alta *args)
{
	AUTO(store_guard) g = NULL;
	AUTO(store) s = NULL;
	struct work w = {.v = v, .args = args};
	struct config c;
	enum err e = make(&w);

	if (e == OK)
		e = verbo_configuracion(v, args->config, &c);
	if (e == OK)
		e = store_guard_use(c.almacen, &g);
	if (e == OK)
		e = store_open(c.almacen, DB_WRITE, &s);
	if (e != OK)
		return e;
	const struct padron_carga load = {.store = s,
		.config = &c,
		.now = v->now,
		.empieza = begin,
		.siguiente = give,
		.uno = changed,
		.ctx = &w};

	e = padron_carga(&load);
	if (e == OK)
		fprintf(v->out, "%s registrado.\n", w.ficha->rfc);
	return e;
}
