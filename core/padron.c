#include "core/padron.h"

#include <string.h>
#include "core/cuenta.h"
#include "core/particular.h"
#include "core/representaciones.h"
#include "ley/plazo_activar.h"
#include "ley/rp.h"

/* Bytes of an acuse's value that a list of them may take (messages.def, dato). */
#define RPS_TEXTO 900

/* ---- what the rules ask ---- */

static enum err read_rps(
	struct env *env, const char *rfc, struct out_registros_patronales **ret, size_t *ret_count)
{
	struct in_registros_patronales in = {.rfc = rfc};

	return q_registros_patronales_all(env->store, &in, PADRON_RPS, env->arena, ret, ret_count);
}

static enum err tell_rps(struct env *env, struct m_cuenta *m)
{
	struct out_registros_patronales *rows;
	size_t count;
	enum err e = read_rps(env, env->titular, &rows, &count);

	if (e != OK)
		return e;
	m->rps = arena_array(env->arena, count, sizeof(*m->rps));
	if (m->rps == NULL)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < count; i++)
		m->rps[m->rps_count++] = (struct m_registro_patronal){
			.rp = rows[i].rp, .subdelegacion = rows[i].subdelegacion};
	return OK;
}

enum err padron_cuenta(struct env *env, struct m_cuenta *m)
{
	int64_t vigor = plazo_activar_vigor();

	m->convenio_2020 = env->habilitado != 0 && env->habilitado < vigor;
	/* Whom the padrón knows without a date was there before it had dates; of whom only a
	 * certificate speaks no term is held against anybody. */
	enum err e = env->inscrito != 0 || env->padron
			     ? particular_plazo(env, env->inscrito != 0 ? env->inscrito : vigor - 1,
				       &m->plazo)
			     : OK;

	return e == OK ? tell_rps(env, m) : e;
}

enum err padron_rps_texto(struct env *env, const char **ret)
{
	struct out_registros_patronales *rows;
	const char *text = "";
	size_t count = 0;
	size_t i = 0;
	enum err e = read_rps(env, env->titular, &rows, &count);

	for (; e == OK && text != NULL && i < count && strlen(text) < RPS_TEXTO; i++)
		text = arena_printf(env->arena, "%s%s%s", text, i != 0 ? ", " : "",
			rp_text(env->arena, rows[i].rp));
	if (e == OK && text != NULL && i < count)
		text = arena_printf(env->arena, "%s y %zu más", text, count - i);
	if (e == OK && text == NULL)
		e = ERR_NO_MEMORY;
	if (e == OK)
		*ret = count != 0 ? text : "No constan";
	return e;
}

/* ---- what the Institute says ---- */

const char *padron_campo_word(enum padron_campo c)
{
	static const char *const words[PADRON_CAMPOS] = {[PADRON_NOMBRE] = "nombre",
		[PADRON_ZONA] = "zona",
		[PADRON_DOMICILIO] = "domicilio",
		[PADRON_ESTADO] = "estado",
		[PADRON_INSCRITO] = "inscrito",
		[PADRON_CONVENIO_2020] = "convenio_2020",
		[PADRON_PADRON] = "padron"};

	return words[c];
}

enum err padron_ahead(struct env *env, const struct padron_ficha *f)
{
	struct in_padron_particular who = {.rfc = f->rfc};
	struct in_registros_patronales rps = {.rfc = f->rfc};
	struct in_padron_representaciones of = {.titular = f->rfc};
	enum err e = store_ahead(env->store, QUERY_padron_particular, &who);

	if (e == OK && f->con_rps)
		e = store_ahead(env->store, QUERY_registros_patronales, &rps);
	if (e == OK && f->con_representantes)
		e = store_ahead(env->store, QUERY_padron_representaciones, &of);
	return e;
}

static bool same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool add(struct env *env, struct padron_lista *l, size_t most, const char *text)
{
	if (l->rows == NULL)
		l->rows = arena_array(env->arena, most, sizeof(*l->rows));
	if (l->rows != NULL)
		l->rows[l->count++] = text;
	return l->rows != NULL;
}

struct change {
	struct env *env;
	const struct padron_ficha *ficha;
	struct padron_cambios *to;
	const char *zona; /* as it is in the end */
};

static enum err put_identity(struct change *c)
{
	const struct padron_ficha *f = c->ficha;
	struct env *env = c->env;
	struct in_padron_particular at = {.rfc = f->rfc};
	struct out_padron_particular had = {0};
	struct in_particular_poner in = {.rfc = f->rfc,
		.nombre = f->nombre,
		.domicilio = f->domicilio,
		.estado = f->estado,
		.inscrito = f->inscrito,
		.habilitado = f->convenio_2020 ? plazo_activar_vigor() - 1 : 0,
		.padron = 1};
	enum err e = q_padron_particular(env->store, &at, env->arena, &had);
	bool *campos = c->to->campos;

	if (e != OK && e != ERR_NOT_FOUND)
		return e;
	c->to->nuevo = e == ERR_NOT_FOUND;
	c->zona = f->zona != NULL ? f->zona : c->to->nuevo ? ZONA_CENTRO : had.zona;
	in.zona = c->zona;
	campos[PADRON_NOMBRE] = !same(had.nombre, f->nombre);
	campos[PADRON_ZONA] = !same(had.zona, in.zona);
	campos[PADRON_DOMICILIO] = f->domicilio != NULL && !same(had.domicilio, f->domicilio);
	campos[PADRON_ESTADO] = f->estado != NULL && !same(had.estado, f->estado);
	campos[PADRON_INSCRITO] = f->inscrito != 0 && had.inscrito != f->inscrito;
	campos[PADRON_CONVENIO_2020] = f->convenio_2020 && had.habilitado == 0;
	campos[PADRON_PADRON] = had.padron == 0;
	for (size_t i = 0; i < PADRON_CAMPOS; i++)
		c->to->alguno = c->to->alguno || campos[i];
	return c->to->alguno ? store_queue(env->store, QUERY_particular_poner, &in, NULL) : OK;
}

/* ---- its Registros Patronales ---- */

static enum err put_rp(struct change *c, const struct m_registro_patronal *rp,
	const struct out_registros_patronales *had, size_t had_count)
{
	struct in_registro_patronal_poner in = {
		.rfc = c->ficha->rfc, .rp = rp->rp, .subdelegacion = rp->subdelegacion};
	struct padron_lista *to = &c->to->rps_agregados;

	for (size_t i = 0; i < had_count; i++) {
		if (strcmp(had[i].rp, rp->rp) != 0)
			continue;
		if (same(had[i].subdelegacion, rp->subdelegacion))
			return OK;
		to = &c->to->rps_cambiados;
	}
	c->to->alguno = true;
	if (!add(c->env, to, c->ficha->rps_count, rp->rp))
		return ERR_NO_MEMORY;
	return store_queue(c->env->store, QUERY_registro_patronal_poner, &in, NULL);
}

static enum err drop_rp(struct change *c, const char *rp, size_t had_count)
{
	struct in_registro_patronal_quitar in = {.rfc = c->ficha->rfc, .rp = rp};

	for (size_t i = 0; i < c->ficha->rps_count; i++)
		if (strcmp(c->ficha->rps[i].rp, rp) == 0)
			return OK;
	c->to->alguno = true;
	if (!add(c->env, &c->to->rps_quitados, had_count, rp))
		return ERR_NO_MEMORY;
	return store_queue(c->env->store, QUERY_registro_patronal_quitar, &in, NULL);
}

static enum err put_rps(struct change *c)
{
	struct out_registros_patronales *had;
	size_t count;
	enum err e = read_rps(c->env, c->ficha->rfc, &had, &count);

	for (size_t i = 0; e == OK && i < c->ficha->rps_count; i++)
		e = put_rp(c, &c->ficha->rps[i], had, count);
	for (size_t i = 0; e == OK && i < count; i++)
		e = drop_rp(c, had[i].rp, count);
	return e;
}

/* ---- its representatives ---- */

static int64_t begins(const struct change *c, const struct padron_representante *r)
{
	return zona_instant(zona_find(c->zona), r->desde, 0);
}

/* Its last instant; 0: none. */
static int64_t ends(const struct change *c, const struct padron_representante *r)
{
	return r->hasta != 0 ? zona_instant(zona_find(c->zona), r->hasta + 1, 0) - 1 : 0;
}

struct given {
	struct out_padron_representaciones *rows;
	size_t count;
};

static enum err read_given(struct change *c, struct given *ret)
{
	struct in_padron_representaciones in = {.titular = c->ficha->rfc};

	return q_padron_representaciones_all(c->env->store, &in, 2 * PADRON_REPRESENTANTES,
		c->env->arena, &ret->rows, &ret->count);
}

static const struct out_padron_representaciones *find_given(
	const struct given *g, const char *representante)
{
	for (size_t i = 0; i < g->count; i++)
		if (strcmp(g->rows[i].representante, representante) == 0)
			return &g->rows[i];
	return NULL;
}

/* Is what the padrón gave exactly what the ficha says? */
static bool as_given(const struct change *c, const struct given *had)
{
	bool all = had->count == c->ficha->representantes_count;

	for (size_t i = 0; all && i < had->count; i++) {
		const struct padron_representante *r = &c->ficha->representantes[i];
		const struct out_padron_representaciones *row = find_given(had, r->rfc);
		struct alcance alcance;

		all = row != NULL && row->desde == begins(c, r) && row->hasta == ends(c, r) &&
		      representaciones_lee(row->permisos, &alcance) &&
		      memcmp(&alcance, &r->alcance, sizeof(alcance)) == 0;
	}
	return all;
}

static bool in_ficha(const struct padron_ficha *f, const char *representante)
{
	for (size_t i = 0; i < f->representantes_count; i++)
		if (strcmp(f->representantes[i].rfc, representante) == 0)
			return true;
	return false;
}

static enum err put_representative(struct change *c, const struct padron_representante *r)
{
	return representaciones_padron(
		c->env, c->ficha->rfc, r->rfc, &r->alcance, begins(c, r), ends(c, r));
}

/* What became of them is read, not supposed: it is the representations' own to say. */
static enum err compare_given(struct change *c, const struct given *had, const struct given *now)
{
	struct padron_cambios *to = c->to;
	bool good = true;

	for (size_t i = 0; i < now->count; i++) {
		const struct out_padron_representaciones *n = &now->rows[i];
		const struct out_padron_representaciones *h = find_given(had, n->representante);

		if (h == NULL)
			good = add(c->env, &to->representantes_agregados, now->count,
				       n->representante) &&
			       good;
		else if (h->desde != n->desde || h->hasta != n->hasta ||
			 !same(h->permisos, n->permisos))
			good = add(c->env, &to->representantes_cambiados, now->count,
				       n->representante) &&
			       good;
	}
	for (size_t i = 0; i < had->count; i++)
		if (find_given(now, had->rows[i].representante) == NULL)
			good = add(c->env, &to->representantes_terminados, had->count,
				       had->rows[i].representante) &&
			       good;
	to->alguno = to->alguno || to->representantes_agregados.count != 0 ||
		     to->representantes_cambiados.count != 0 ||
		     to->representantes_terminados.count != 0;
	return good ? OK : ERR_NO_MEMORY;
}

static enum err put_representatives(struct change *c)
{
	const struct padron_ficha *f = c->ficha;
	struct given had = {0};
	struct given now = {0};
	enum err e = read_given(c, &had);

	if (e != OK || as_given(c, &had))
		return e;
	for (size_t i = 0; e == OK && i < f->representantes_count; i++)
		e = put_representative(c, &f->representantes[i]);
	for (size_t i = 0; e == OK && i < had.count; i++)
		if (!in_ficha(f, had.rows[i].representante))
			e = representaciones_padron_quitar(
				c->env, f->rfc, had.rows[i].representante);
	/* What was asked ahead stands until then. */
	store_forget(c->env->store);
	if (e == OK)
		e = read_given(c, &now);
	return e == OK ? compare_given(c, &had, &now) : e;
}

enum err padron_poner(struct env *env, const struct padron_ficha *f, struct padron_cambios *ret)
{
	struct change c = {.env = env, .ficha = f, .to = ret};

	*ret = (struct padron_cambios){0};
	enum err e = put_identity(&c);

	env->titular = f->rfc;
	env->titular_nombre = f->nombre;
	env->zona = c.zona;
	if (e == OK && f->con_rps)
		e = put_rps(&c);
	if (e == OK && f->con_representantes)
		e = put_representatives(&c);
	return e == OK && ret->alguno ? cuenta_cambio(env, f->rfc) : e;
}
