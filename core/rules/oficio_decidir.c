/*
 * What a public servant decides of an act that they issued: withdrawing it before its aviso,
 * estrados where the system proposes them (Lineamientos 7.8), or that it was notified in person
 * (7.10). One outcome, one acuse: nothing here touches what is notified.
 *
 * Estrados: the decision and its reason are recorded, and nothing is counted from them. CFF 139
 * counts from the day on which the document is published on the authority's page, which is done
 * elsewhere and after this: the acuse says what follows, and no date is guessed.
 */
#include "core/acuse_make.h"
#include "core/avisos.h"
#include "core/evidencia.h"
#include "core/oficios.h"
#include "core/rules/rules.h"

#define FUNDAMENTO_RETIRO "Lineamientos Generales para el uso del Buzón IMSS, reglas 7.1 y 7.3"
#define FUNDAMENTO_ESTRADOS                                                                        \
	"Ley del Seguro Social, artículo 286 M, cuarto párrafo; Código Fiscal de la "           \
	"Federación, artículos 134, fracción III, y 139; Lineamientos Generales para el uso "   \
	"del Buzón IMSS, regla 7.8"
#define FUNDAMENTO_PERSONAL                                                                        \
	"Código Fiscal de la Federación, artículo 134, fracción I; Lineamientos Generales "    \
	"para el uso del Buzón IMSS, regla 7.10"

#define SIGUE_ESTRADOS                                                                             \
	"Se tendrá por notificada el décimo primer día hábil siguiente a aquél en que el "    \
	"documento se publique en los estrados, durante diez días (Código Fiscal de la "         \
	"Federación, artículo 139). El Buzón no publica estrados ni cuenta ese plazo."

/* One decision of an act. */
struct decision {
	struct env *env;
	const char *folio;
	const char *motivo;
	const char *forma; /* NULL: it goes on */
	int64_t notificada;
	enum suceso suceso;
};

static void begin(struct oficios_hoja *h, const struct decision *d, const struct out_oficio *n)
{
	h->env = d->env;
	oficios_dato(h, OFICIOS_FOLIO, d->folio);
	oficios_dato(h, ACUSE_OFICIO, n->oficio);
	oficios_dato(h, "Tipo de acto", n->tipo);
	oficios_dato(h, ACUSE_DOCUMENTO, n->documento);
	oficios_dato(h, ACUSE_SHA256_DEL_DOCUMENTO, n->archivo);
	oficios_dato(h, "Servidor público que firma", n->funcionario);
	oficios_dato(h, OFICIOS_MOTIVO, d->motivo);
}

static enum err change(const struct decision *d, const char *acuse)
{
	struct env *env = d->env;
	struct in_oficio_terminado end = {.forma = d->forma,
		.motivo = d->motivo,
		.acuse = acuse,
		.notificada = d->notificada,
		.titular = env->titular,
		.folio = d->folio};
	struct in_propuesta_negada no = {.folio = d->folio, .titular = env->titular};

	return d->forma != NULL ? store_change(env->store, QUERY_oficio_terminado, &end)
				: store_change(env->store, QUERY_propuesta_negada, &no);
}

/* Without estrados its aviso is tried again, whole and to the media that there are now. */
static enum err try_again(const struct decision *d, const struct out_oficio *n)
{
	struct plazo_aviso p;

	if (n->aviso != 0)
		return OK;
	enum err e = oficios_plazo(d->env, n->subdelegacion, d->env->now, &p);

	if (e == OK)
		e = aviso_quitar(d->env, d->folio);
	return e == OK ? aviso_programar(d->env, d->folio, p.aviso) : e;
}

static enum err put(const struct decision *d, const struct out_oficio *n, const char *acuse)
{
	const struct evidencia ev = {
		.folio = d->folio, .suceso = d->suceso, .detalle = d->motivo, .prueba = acuse};
	enum err e = change(d, acuse);

	if (e == OK)
		e = evidencia_poner(d->env, &ev);
	if (e != OK)
		return e;
	return d->forma != NULL ? aviso_quitar(d->env, d->folio) : try_again(d, n);
}

/* ---- withdrawn ---- */

/* Its titular never hears of it: the acuse is the public servant's own. */
enum err rule_oficio_retirar(
	struct env *env, const struct m_oficio_retirar *rq, struct m_acuse *ret)
{
	const struct decision d = {.env = env,
		.folio = rq->folio,
		.motivo = rq->motivo,
		.forma = OFICIOS_RETIRADA,
		.suceso = SUCESO_RETIRADA};
	struct oficios_hoja h = {0};
	struct out_oficio n;
	struct m_acuse acuse;
	enum err e = oficios_abierto(env, FACULTAD_RETIRAR, rq->folio, &n);

	if (e != OK)
		return e;
	if (n.aviso != 0 || n.correo != 0 || n.celular != 0 || n.avisos != 0)
		return ERR_NOTICE_SENT;
	begin(&h, &d, &n);
	env->ambito = OFICIOS_EMISION;
	e = oficios_acuse(&h, OFICIOS_ACUSE_RETIRO, FUNDAMENTO_RETIRO, "Retirada", &acuse);
	if (e == OK)
		e = put(&d, &n, acuse.folio);
	if (e == OK)
		*ret = acuse;
	return e;
}

/* ---- estrados ---- */

enum err rule_oficio_estrados(
	struct env *env, const struct m_oficio_estrados *rq, struct m_acuse *ret)
{
	const struct decision d = {.env = env,
		.folio = rq->folio,
		.motivo = rq->motivo,
		.forma = rq->procede ? OFICIOS_ESTRADOS : NULL,
		.suceso = rq->procede ? SUCESO_ESTRADOS : SUCESO_SIN_ESTRADOS};
	struct oficios_hoja h = {0};
	struct out_oficio n;
	struct m_acuse acuse;
	enum err e = oficios_abierto(env, FACULTAD_ESTRADOS, rq->folio, &n);

	if (e != OK)
		return e;
	if (n.propuesta == NULL)
		return ERR_NO_PROPOSAL;
	begin(&h, &d, &n);
	oficios_dato(&h, "Propuesta del sistema", n.propuesta);
	oficios_dato(&h, OFICIOS_DECISION, rq->procede ? OFICIOS_PROCEDE : OFICIOS_NO_PROCEDE);
	if (rq->procede)
		oficios_dato(&h, "Qué sigue", SIGUE_ESTRADOS);
	else
		env->ambito = OFICIOS_EMISION;
	e = oficios_acuse(&h, OFICIOS_ACUSE_ESTRADOS, FUNDAMENTO_ESTRADOS,
		rq->procede ? "Por estrados" : "Sin estrados", &acuse);
	if (e == OK)
		e = put(&d, &n, acuse.folio);
	if (e == OK)
		*ret = acuse;
	return e;
}

/* ---- in person ---- */

enum err rule_oficio_personal(
	struct env *env, const struct m_oficio_personal *rq, struct m_acuse *ret)
{
	const struct decision d = {.env = env,
		.folio = rq->folio,
		.motivo = rq->motivo,
		.forma = OFICIOS_PERSONAL,
		.notificada = rq->notificada,
		.suceso = SUCESO_PERSONAL};
	struct oficios_hoja h = {0};
	struct out_oficio n;
	struct m_acuse acuse;
	enum err e = oficios_abierto(env, FACULTAD_PERSONAL, rq->folio, &n);

	if (e != OK)
		return e;
	/* Nobody was handed what was not there yet, nor tomorrow. */
	if (rq->notificada < n.emitida || rq->notificada > env->now) {
		env->campo = "notificada";
		return ERR_BAD_FIELD;
	}
	begin(&h, &d, &n);
	oficios_instante(&h, OFICIOS_NOTIFICADA, rq->notificada);
	e = oficios_acuse(
		&h, OFICIOS_ACUSE_PERSONAL, FUNDAMENTO_PERSONAL, "Notificada en persona", &acuse);
	if (e == OK)
		e = put(&d, &n, acuse.folio);
	if (e == OK)
		*ret = acuse;
	return e;
}

/* ---- what waits for a decision ---- */

#define PROPUESTAS 100

enum err rule_propuestas(
	struct env *env, const struct m_propuestas_pedir *rq, struct m_propuestas *ret)
{
	struct in_propuestas in = {
		.firmante = env->signer->rfc, .desde = rq->desde != NULL ? rq->desde : ""};
	const struct funcionario *f = NULL;
	struct out_propuestas *rows = NULL;
	struct m_propuestas made = {0};
	size_t count = 0;
	enum err e = oficios_facultad(env, FACULTAD_ESTRADOS, &f);

	if (e == OK)
		e = q_propuestas_all(env->store, &in, PROPUESTAS + 1, env->arena, &rows, &count);
	if (e != OK)
		return e;
	made.mas = count > PROPUESTAS;
	made.propuestas_count = made.mas ? PROPUESTAS : count;
	made.propuestas = arena_array(env->arena, count + 1, sizeof(*made.propuestas));
	if (made.propuestas == NULL)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < made.propuestas_count; i++)
		made.propuestas[i] = (struct m_propuesta){.folio = rows[i].folio,
			.titular = rows[i].titular,
			.oficio = rows[i].oficio,
			.tipo = rows[i].tipo,
			.motivo = rows[i].motivo,
			.desde = rows[i].desde};
	*ret = made;
	return OK;
}
