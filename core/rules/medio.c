/*
 * Contact media of an RFC and of its Registros Patronales (Lineamientos 5.1, 5.2, 5.6,
 * Each change is an act with its acuse; the code and the link go out with it.
 */
#include "core/acuse_make.h"
#include "core/cuenta.h"
#include "core/medio.h"
#include "core/medios.h"
#include "core/rules/rules.h"
#include "ley/correo.h"

/* ---- a new one ---- */

struct alta {
	struct env *env;
	const struct m_medio_registrar *rq;
	const char *rp;
	const char *valor;
	const char *clave;
	int64_t vence; /* 0: of a mobile */
	struct medio_plan plan;
	struct medio_secreto secreto;
};

static enum err bad_field(struct env *env, const char *campo, enum err e)
{
	env->campo = campo;
	return e;
}

static enum err read_value(struct alta *n)
{
	struct env *env = n->env;
	struct correo c = {0};

	if (strcmp(n->rq->mecanismo, MEDIO_CELULAR) == 0) {
		n->valor = n->clave = n->rq->medio;
		return celular_valid(n->valor) ? OK : bad_field(env, "medio", ERR_BAD_MOBILE);
	}
	if (!medio_es_correo(n->rq->mecanismo))
		return bad_field(env, "mecanismo", ERR_BAD_FIELD);
	enum err e = correo_read(env->arena, n->rq->medio, &c);

	n->valor = c.valor;
	n->clave = c.clave;
	n->vence = env->now + MEDIO_PLAZO_MS;
	return e == ERR_BAD_MAIL ? bad_field(env, "medio", e) : e;
}

static enum err check_rp(struct alta *n)
{
	struct in_medio_rps in = {.rfc = n->env->titular, .rp = n->rp};
	struct out_medio_rps row;

	if (strcmp(n->rp, MEDIO_RFC) == 0)
		return OK;
	enum err e = q_medio_rps(n->env->store, &in, n->env->arena, &row);

	if (e == OK && row.cuantos == 0)
		e = bad_field(n->env, "rp", ERR_NO_SUCH_RP);
	return e;
}

static enum err plan(struct alta *n)
{
	struct in_medios_activos in = {.titular = n->env->titular, .rp = n->rp};
	const struct medio_nuevo nuevo = {
		.mecanismo = n->rq->mecanismo, .clave = n->clave, .reemplaza = n->rq->reemplaza};
	struct out_medios_activos *rows;
	size_t count = 0;
	enum err e = q_medios_activos_all(n->env->store, &in, 100, n->env->arena, &rows, &count);

	if (e == OK)
		e = medio_planea(rows, count, n->env->now, &nuevo, &n->plan);
	if (e == ERR_NOT_FOUND || e == ERR_MEDIUM_EXPIRED)
		n->env->campo = "reemplaza";
	return e;
}

static enum err acuse_of(struct alta *n, struct m_acuse *ret)
{
	const struct out_medios_activos *gone = n->plan.sustituye;
	struct medio_dicho d = {.mecanismo = n->rq->mecanismo,
		.valor = n->valor,
		.rp = n->rp,
		.vence = n->vence,
		.reemplaza = n->plan.reemplaza,
		.sustituido = gone != NULL ? gone->folio : NULL,
		.sustituido_valor = gone != NULL ? gone->valor : NULL};

	return medio_acuse_registro(n->env, &d, ret);
}

static enum err put(const struct alta *n, const char *folio)
{
	struct in_medio_poner in = {.folio = folio,
		.titular = n->env->titular,
		.rp = n->rp,
		.mecanismo = n->rq->mecanismo,
		.valor = n->valor,
		.clave = n->clave,
		.registrado = n->env->now,
		.vence = n->vence,
		.reemplaza = n->plan.reemplaza,
		.sal = bytes_of(n->secreto.sal, sizeof(n->secreto.sal)),
		.codigo = bytes_of(n->secreto.codigo_sha256, 32),
		.enlace = {0}};

	if (medio_es_correo(in.mecanismo))
		in.enlace = bytes_of(n->secreto.enlace_sha256, 32);
	return store_queue(n->env->store, QUERY_medio_poner, &in, NULL);
}

/* The pending one whose place it takes at once. */
static enum err end_pending(const struct alta *n, const char *acuse)
{
	struct in_medio_baja in = {.baja = n->env->now,
		.acuse = acuse,
		.motivo = MEDIO_SUSTITUIDO,
		.titular = n->env->titular};

	if (n->plan.sustituye == NULL)
		return OK;
	in.folio = n->plan.sustituye->folio;
	return store_change(n->env->store, QUERY_medio_baja, &in);
}

static enum err write_alta(struct alta *n, const char *folio)
{
	struct env *env = n->env;
	enum err e = cuenta_asegurar(env);

	if (e == OK)
		e = put(n, folio);
	if (e == OK)
		e = end_pending(n, folio);
	if (e == OK && n->vence != 0)
		e = medio_vigilar(env, folio, n->vence);
	if (e == OK)
		e = medio_mandar(env,
			&(struct medio_destino){
				folio, n->rq->mecanismo, n->valor, n->clave, n->vence},
			&n->secreto);
	return e == OK ? cuenta_cambio(env, env->titular) : e;
}

enum err rule_medio_registrar(
	struct env *env, const struct m_medio_registrar *rq, struct m_acuse *ret)
{
	struct alta n = {.env = env, .rq = rq, .rp = rq->rp != NULL ? rq->rp : MEDIO_RFC};
	struct m_acuse acuse;
	int64_t left;
	enum err e = read_value(&n);

	if (e == OK)
		e = check_rp(&n);
	if (e == OK)
		e = plan(&n);
	if (e == OK)
		e = medio_cuota(env, n.clave, false, &left);
	if (e == OK)
		e = medio_secreto_make(&n.secreto);
	if (e == OK)
		e = acuse_of(&n, &acuse);
	if (e == OK)
		e = write_alta(&n, acuse.folio);
	if (e == OK)
		*ret = acuse;
	return e;
}

/* ---- its code ---- */

static enum err read_row(struct env *env, const char *folio, struct out_medio *ret)
{
	struct in_medio in = {.folio = folio, .titular = env->titular};

	return q_medio(env->store, &in, env->arena, ret);
}

/* What a change names is looked at again by the statement itself. */
static enum err row_ahead(struct env *env, const char *folio)
{
	struct in_medio in = {.folio = folio, .titular = env->titular};

	return store_ahead(env->store, QUERY_medio, &in);
}

enum err ahead_medio_validar(struct env *env, const struct m_medio_validar *rq)
{
	return row_ahead(env, rq->folio);
}

/* The refusal stays, and so does the count: how many are left goes with it; the fifth says that the
 * code is spent. */
static enum err wrong_code(struct env *env, const struct out_medio *m)
{
	struct in_medio_fallo *in = arena_alloc(env->arena, sizeof(*in));

	if (in == NULL)
		return ERR_NO_MEMORY;
	*in = (struct in_medio_fallo){.folio = m->folio,
		.titular = env->titular,
		.codigo = m->codigo,
		.fallos = m->fallos};
	env->conserva = QUERY_medio_fallo;
	env->conserva_in = in;
	env->dato = MEDIO_FALLOS - 1 - m->fallos;
	return m->fallos + 1 < MEDIO_FALLOS ? ERR_BAD_CODE : ERR_CODE_SPENT;
}

static bool is_code(const char *text)
{
	return strlen(text) == MEDIO_CODIGO && strspn(text, "0123456789") == MEDIO_CODIGO;
}

enum err rule_medio_validar(struct env *env, const struct m_medio_validar *rq, struct m_acuse *ret)
{
	struct out_medio m = {0};
	bool right = false;
	enum err e = is_code(rq->codigo) ? OK : bad_field(env, "codigo", ERR_BAD_FIELD);

	if (e == OK)
		e = read_row(env, rq->folio, &m);
	if (e == OK)
		e = medio_pendiente(&m, env->now);
	if (e == OK && m.fallos >= MEDIO_FALLOS)
		e = ERR_CODE_SPENT;
	if (e == OK)
		e = medio_codigo_is(&m, rq->codigo, &right);
	if (e == OK && !right)
		e = wrong_code(env, &m);
	return e == OK ? medio_validar(env, &m, NULL, ret) : e;
}

/* ---- the same, sent again ---- */

enum err ahead_medio_reenviar(struct env *env, const struct m_medio_reenviar *rq)
{
	return row_ahead(env, rq->folio);
}

static enum err renew(struct env *env, const struct out_medio *m, const struct medio_secreto *s)
{
	struct in_medio_reenviado in = {.sal = bytes_of(s->sal, sizeof(s->sal)),
		.nuevo = bytes_of(s->codigo_sha256, 32),
		.folio = m->folio,
		.titular = env->titular,
		.codigo = m->codigo};

	if (medio_es_correo(m->mecanismo))
		in.enlace = bytes_of(s->enlace_sha256, 32);
	return store_change(env->store, QUERY_medio_reenviado, &in);
}

enum err rule_medio_reenviar(
	struct env *env, const struct m_medio_reenviar *rq, struct m_medio_reenviado *ret)
{
	struct out_medio m = {0};
	struct medio_secreto s;
	int64_t left = 0;
	enum err e = read_row(env, rq->folio, &m);

	if (e == OK)
		e = medio_pendiente(&m, env->now);
	if (e == OK)
		e = medio_cuota(env, m.clave, true, &left);
	if (e == OK)
		e = medio_secreto_make(&s);
	if (e == OK)
		e = renew(env, &m, &s);
	if (e == OK)
		e = medio_mandar(env,
			&(struct medio_destino){m.folio, m.mecanismo, m.valor, m.clave, m.vence},
			&s);
	if (e == OK)
		e = cuenta_cambio(env, env->titular);
	if (e == OK)
		*ret = (struct m_medio_reenviado){
			.folio = m.folio, .vence = m.vence, .quedan = left};
	return e;
}

/* ---- its end ---- */

enum err ahead_medio_baja(struct env *env, const struct m_medio_baja *rq)
{
	return row_ahead(env, rq->folio);
}

/* Would the RFC be left without a validated one of that kind (Lineamientos 5.1, 5.6)? */
static enum err is_last(struct env *env, const struct out_medio *m, bool *ret)
{
	struct in_medios_activos in = {.titular = env->titular, .rp = MEDIO_RFC};
	struct out_medios_activos *rows;
	size_t count = 0;

	*ret = false;
	if (m->validado == 0 || strcmp(m->rp, MEDIO_RFC) != 0)
		return OK;
	enum err e = q_medios_activos_all(env->store, &in, 100, env->arena, &rows, &count);
	size_t others = 0;

	for (size_t i = 0; e == OK && i < count; i++)
		others += rows[i].validado != 0 && strcmp(rows[i].folio, m->folio) != 0 &&
			  strcmp(rows[i].mecanismo, m->mecanismo) == 0;
	*ret = others == 0;
	return e;
}

static enum err end_it(struct env *env, const struct out_medio *m, bool last, struct m_acuse *ret)
{
	struct medio_dicho d = {.folio = m->folio,
		.mecanismo = m->mecanismo,
		.valor = m->valor,
		.rp = m->rp,
		.motivo = "Lo eliminó su titular",
		.bajo_minimo = last};
	enum err e = medio_acuse_baja(env, &d, NULL, ret);

	if (e != OK)
		return e;
	struct in_medio_baja in = {.baja = env->now,
		.acuse = ret->folio,
		.motivo = MEDIO_ELIMINADO,
		.folio = m->folio,
		.titular = env->titular,
		.validado = m->validado};

	e = store_change(env->store, QUERY_medio_baja, &in);
	if (e == OK)
		e = medios_avisar_baja(env, m->valor);
	return e == OK ? cuenta_cambio(env, env->titular) : e;
}

enum err rule_medio_baja(struct env *env, const struct m_medio_baja *rq, struct m_acuse *ret)
{
	struct out_medio m = {0};
	struct m_acuse acuse;
	bool last = false;
	enum err e = read_row(env, rq->folio, &m);

	if (e == OK && m.baja != 0)
		return ERR_MEDIUM_GONE;
	if (e == OK && medio_pendiente(&m, env->now) == ERR_MEDIUM_EXPIRED)
		return ERR_MEDIUM_EXPIRED;
	if (e == OK)
		e = is_last(env, &m, &last);
	if (e == OK && last && !rq->bajo_minimo)
		e = ERR_BELOW_MINIMUM;
	if (e == OK)
		e = end_it(env, &m, last, &acuse);
	if (e == OK)
		*ret = acuse;
	return e;
}
