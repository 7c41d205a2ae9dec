/*
 * Representatives (Lineamientos, regla 4; A-16): named by the titular's e.firma, accepted by their
 * own where they will open or sign, and ended by either side. A representation is a matter between
 * two people: it takes effect when it was signed, día inhábil or not.
 */
#include "core/acuse_make.h"
#include "core/cuenta.h"
#include "core/representaciones.h"
#include "core/rules/rules.h"
#include "crypto/rfc.h"
#include "crypto/sha.h"

#define FUNDAMENTO                                                                                 \
	"Código Fiscal de la Federación, artículo 19; Lineamientos Generales para el uso del "  \
	"Buzón IMSS, regla 4"

/* ---- the acuses ---- */

/* Values of an acuse as they are gathered; NULL values tell that memory ended. */
struct hoja {
	struct env *env;
	struct m_dato datos[AMBITOS + 10];
	size_t count;
	bool full; /* of memory */
};

static void put(struct hoja *h, const char *etiqueta, const char *valor)
{
	h->full = h->full || valor == NULL;
	h->datos[h->count++] = (struct m_dato){etiqueta, valor};
}

static void put_time(struct hoja *h, const char *etiqueta, int64_t instant)
{
	put(h, etiqueta, hora_text(h->env->arena, zona_centro(), instant, HORA_ACUSE));
}

/* What a representation is: the same in the acuse of each of its acts. */
static void put_terms(struct hoja *h, const char *representante, const struct alcance *alcance,
	const struct representacion_fechas *f, const char *base_sha256)
{
	put(h, "Titular", h->env->titular);
	put(h, "Representante", representante);
	for (unsigned i = 0; i < AMBITOS; i++)
		if (alcance->nivel[i] != NIVEL_NADA)
			put(h, ambito_nombre((enum ambito)i), nivel_nombre(alcance->nivel[i]));
	put_time(h, "Desde", representaciones_desde(f));
	if (f->hasta != 0)
		put_time(h, "Hasta", f->hasta);
	else
		put(h, "Hasta", "Sin fecha de término");
	if (base_sha256 != NULL)
		put(h, REPRESENTACIONES_BASE, base_sha256);
}

static enum err make(struct hoja *h, const char *tipo, const char *estatus, struct m_acuse *ret)
{
	struct acuse_de de = {.tipo = tipo,
		.fundamento = FUNDAMENTO,
		.estatus = estatus,
		.legal = h->env->now,
		.contenido = h->datos,
		.contenido_count = h->count};

	return h->full ? ERR_NO_MEMORY : acuse_make(h->env, &de, ret);
}

static enum err refuse(struct env *env, const char *campo)
{
	env->campo = campo;
	return ERR_BAD_FIELD;
}

/* ---- alta ---- */

static enum err read_who(
	struct env *env, const struct m_representante_alta *rq, struct alcance *ret)
{
	enum rfc_kind kind = rfc_kind(rq->representante);

	if (kind == RFC_NONE)
		return refuse(env, "representante");
	if (strcmp(rq->representante, env->titular) == 0)
		return ERR_SELF;
	if (representaciones_alcance(rq->permisos, rq->permisos_count, ret) != OK)
		return refuse(env, "permisos");
	return kind == RFC_MORAL && representaciones_dos_firmas(ret) ? refuse(env, "representante")
								     : OK;
}

/* From now on at the earliest: nobody gives power over what was. */
static enum err read_dates(struct env *env, const struct m_representante_alta *rq, bool both,
	struct representacion_fechas *ret)
{
	*ret = (struct representacion_fechas){.desde = rq->desde > env->now ? rq->desde : env->now,
		.hasta = rq->hasta,
		.acepta_antes = both ? env->now + REPRESENTACIONES_ACEPTA_MS : 0};
	return rq->hasta != 0 && rq->hasta < ret->desde ? refuse(env, "hasta") : OK;
}

static struct in_representacion_abierta pair_of(
	const struct env *env, const struct m_representante_alta *rq)
{
	return (struct in_representacion_abierta){
		.titular = env->titular, .representante = rq->representante, .ahora = env->now};
}

enum err ahead_representante_alta(struct env *env, const struct m_representante_alta *rq)
{
	struct in_representacion_abierta in = pair_of(env, rq);

	return store_ahead(env->store, QUERY_representacion_abierta, &in);
}

static enum err check_room(struct env *env, const struct m_representante_alta *rq)
{
	struct in_representacion_abierta pair = pair_of(env, rq);
	const struct zona *zc = zona_centro();
	struct in_representaciones_abiertas all = {.titular = env->titular,
		.ahora = env->now,
		.dia = zona_instant(zc, zona_civil(zc, env->now).dia, 0),
		.representante = rq->representante};
	struct out_representacion_abierta same;
	struct out_representaciones_abiertas open;
	enum err e = q_representacion_abierta(env->store, &pair, env->arena, &same);

	if (e != ERR_NOT_FOUND)
		return e == OK ? ERR_ALREADY_REPRESENTED : e;
	e = q_representaciones_abiertas(env->store, &all, env->arena, &open);
	if (e == OK && open.cuantas >= REPRESENTACIONES_MAS)
		return ERR_REPRESENTATIVES_FULL;
	/* Whoever is named did not ask for it: named and removed again and again is no use of it.
	 */
	return e == OK && (open.hoy >= REPRESENTACIONES_DIA ||
				  open.hoy_a_uno >= REPRESENTACIONES_DIA_UNO)
		       ? ERR_DAY_FULL
		       : e;
}

static enum err make_alta(
	struct env *env, const struct representacion_nueva *n, struct m_acuse *ret)
{
	struct hoja h = {.env = env};
	const struct representacion_fechas *f = &n->fechas;

	put_terms(&h, n->representante, &n->alcance, f, n->base_sha256);
	if (f->acepta_antes != 0)
		put_time(&h, "Se acepta a más tardar", f->acepta_antes);
	return make(&h, "Acuse de registro de representante",
		f->acepta_antes != 0  ? "Por aceptar"
		: f->desde > env->now ? "Por iniciar"
				      : "Vigente",
		ret);
}

enum err rule_representante_alta(
	struct env *env, const struct m_representante_alta *rq, struct m_acuse *ret)
{
	struct representacion_nueva n = {.representante = rq->representante};
	struct m_acuse acuse;
	enum err e = read_who(env, rq, &n.alcance);

	if (e == OK)
		e = read_dates(env, rq, representaciones_dos_firmas(&n.alcance), &n.fechas);
	if (e == OK)
		e = check_room(env, rq);
	if (e == OK)
		e = sha256_hex(env->arena, env->sig->base, &n.base_sha256);
	if (e == OK)
		e = make_alta(env, &n, &acuse);
	if (e != OK)
		return e;
	n.folio = acuse.folio;
	e = representaciones_poner(env, &n);
	if (e == OK)
		*ret = acuse;
	return e;
}

/* ---- one that is there ---- */

static enum err ask_ahead(struct env *env, const char *folio)
{
	struct in_representacion in = {.folio = folio, .titular = env->titular};

	return store_ahead(env->store, QUERY_representacion, &in);
}

/* One that the signer is a side of; of others' nothing is told. */
static enum err find(struct env *env, const char *folio, struct out_representacion *ret,
	struct representacion_fechas *ret_fechas)
{
	struct in_representacion in = {.folio = folio, .titular = env->titular};
	enum err e = q_representacion(env->store, &in, env->arena, ret);

	if (e != OK)
		return e;
	if (strcmp(env->signer->rfc, env->titular) != 0 &&
		strcmp(env->signer->rfc, ret->representante) != 0)
		return ERR_NOT_FOUND;
	*ret_fechas = representaciones_fechas(ret);
	return OK;
}

static enum err make_later(struct env *env, const char *folio, const struct out_representacion *row,
	const struct representacion_fechas *f, struct hoja *h)
{
	struct alcance alcance;

	if (!representaciones_lee(row->permisos, &alcance))
		return ERR_STORE;
	*h = (struct hoja){.env = env};
	put(h, REPRESENTACIONES_FOLIO, folio);
	put_terms(h, row->representante, &alcance, f, row->base_sha256);
	return OK;
}

/* ---- aceptar ---- */

enum err ahead_representante_aceptar(struct env *env, const struct m_representante_aceptar *rq)
{
	return ask_ahead(env, rq->folio);
}

/* One right after the other: the last instant counts. */
static enum err check_open(struct env *env, const struct m_representante_aceptar *rq,
	const struct out_representacion *row, const struct representacion_fechas *f)
{
	if (f->termino != 0 || (f->hasta != 0 && f->hasta < env->now))
		return ERR_REPRESENTATION_ENDED;
	if (f->acepta_antes == 0 || f->aceptada != 0)
		return ERR_ALREADY_ACCEPTED;
	if (f->acepta_antes < env->now)
		return ERR_PROPOSAL_EXPIRED;
	return row->base_sha256 == NULL || strcmp(row->base_sha256, rq->base_sha256) != 0
		       ? refuse(env, "base_sha256")
		       : OK;
}

enum err rule_representante_aceptar(
	struct env *env, const struct m_representante_aceptar *rq, struct m_acuse *ret)
{
	struct out_representacion row;
	struct representacion_fechas f;
	struct hoja h;
	struct m_acuse acuse;
	enum err e = find(env, rq->folio, &row, &f);

	if (e == OK)
		e = check_open(env, rq, &row, &f);
	if (e != OK)
		return e;
	f.aceptada = env->now;
	e = make_later(env, rq->folio, &row, &f, &h);
	if (e == OK)
		e = make(&h, "Acuse de aceptación de representación",
			f.desde > env->now ? "Por iniciar" : "Vigente", &acuse);
	if (e == OK)
		e = representaciones_aceptar(env, rq->folio, &row, acuse.folio);
	if (e == OK)
		*ret = acuse;
	return e;
}

/* ---- baja ---- */

enum err ahead_representante_baja(struct env *env, const struct m_representante_baja *rq)
{
	return ask_ahead(env, rq->folio);
}

enum err rule_representante_baja(
	struct env *env, const struct m_representante_baja *rq, struct m_acuse *ret)
{
	struct out_representacion row;
	struct representacion_fechas f;
	struct hoja h;
	struct m_acuse acuse;
	enum err e = find(env, rq->folio, &row, &f);

	if (e == OK && !representaciones_abierta(&f, env->now))
		e = ERR_REPRESENTATION_ENDED;
	if (e == OK)
		e = make_later(env, rq->folio, &row, &f, &h);
	if (e != OK)
		return e;
	put(&h, "Terminada por", env->signer->rfc);
	put_time(&h, "Fecha de término", env->now);
	e = make(&h, "Acuse de baja de representante", "Terminada", &acuse);
	if (e == OK)
		e = representaciones_terminar(env, rq->folio, &row, acuse.folio);
	if (e == OK)
		*ret = acuse;
	return e;
}
