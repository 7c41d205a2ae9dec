/*
 * Issuing an act (Lineamientos 7.1): a document that the competent public servant signed becomes a
 * notification. Its folio is that of the acuse of its issue, which binds document, signature and
 * addressee under the seal. Its aviso goes out by a job, inside the window (7.2, 7.3).
 */
#include "core/avisos.h"
#include "core/evidencia.h"
#include "core/acuse_make.h"
#include "core/oficios.h"
#include "core/rules/rules.h"
#include "core/subidas.h"
#include "ley/plazo.h"
#include "ley/rp.h"

#define FUNDAMENTO                                                                                 \
	"Ley del Seguro Social, artículos 286 L y 286 M; Código Fiscal de la Federación, "      \
	"artículo 134, fracción I; Lineamientos Generales para el uso del Buzón IMSS, regla 7.1"

/* What is known of it before anything is written. */
struct emision {
	struct env *env;
	const struct m_oficio_emitir *rq;
	const struct funcionario *funcionario;
	const struct m_tipo_acto *tipo;
	const char *rp;
	const char *subdelegacion;
	const char *cadena;
	int64_t plazo_dias;
	struct plazo_aviso plazo;
};

static enum err refuse(struct env *env, const char *campo)
{
	env->campo = campo;
	return ERR_BAD_FIELD;
}

static enum err read_rp(struct env *env, const char *typed, const char **ret)
{
	enum err e = typed != NULL ? rp_normalize(env->arena, typed, ret) : OK;

	return e == ERR_BAD_FIELD ? refuse(env, "rp") : e;
}

/* One oficio to one RFC is one act: who sends it again is told. */
static enum err check_new(struct env *env, const char *oficio)
{
	struct in_oficio_repetido in = {
		.oficio = oficio, .titular = env->titular, .firmante = env->signer->rfc};
	struct out_oficio_repetido row;
	enum err e = q_oficio_repetido(env->store, &in, env->arena, &row);

	if (e == ERR_NOT_FOUND)
		return OK;
	env->campo = "oficio";
	return e == OK ? ERR_DUPLICATE_ACT : e;
}

/* Ready now; with a trust folder of tests, whenever the test says. */
static enum err count_terms(struct emision *em, int64_t aviso)
{
	struct env *env = em->env;

	if (aviso != 0 && !env->prueba)
		return refuse(env, "aviso");
	return oficios_plazo(env, em->subdelegacion, aviso != 0 ? aviso : env->now, &em->plazo);
}

static enum err check(struct emision *em)
{
	struct env *env = em->env;
	const struct m_oficio_emitir *rq = em->rq;
	struct documento d = {.oficio = rq->oficio,
		.sha256 = rq->sha256,
		.rfc = env->titular,
		.fecha = rq->fecha};
	enum err e = oficios_facultad(env, FACULTAD_EMITIR, &em->funcionario);

	if (e == OK)
		e = oficios_tipo(env, em->funcionario, rq->tipo, &em->tipo);
	if (e == OK)
		e = read_rp(env, rq->rp, &em->rp);
	if (e == OK)
		e = oficios_destinatario(env, em->rp);
	if (e == OK)
		e = check_new(env, rq->oficio);
	if (e == OK)
		e = oficios_firma(env, &d, rq->firma, &em->cadena);
	if (e != OK)
		return e;
	em->plazo_dias = rq->plazo_dias != 0 ? rq->plazo_dias : em->tipo->plazo_dias;
	em->subdelegacion = rq->subdelegacion;
	if (em->subdelegacion == NULL && *em->funcionario->subdelegacion != '\0')
		em->subdelegacion = em->funcionario->subdelegacion;
	return count_terms(em, rq->aviso);
}

static enum err make_acuse(const struct emision *em, struct m_acuse *ret)
{
	const struct m_oficio_emitir *rq = em->rq;
	struct oficios_hoja h = {.env = em->env};

	oficios_dato(&h, ACUSE_OFICIO, rq->oficio);
	oficios_dato(&h, "Tipo de acto", rq->tipo);
	oficios_dato(&h, "Nombre del tipo", em->tipo->nombre);
	oficios_dato(&h, ACUSE_DOCUMENTO, rq->documento);
	oficios_dato(&h, ACUSE_SHA256_DEL_DOCUMENTO, rq->sha256);
	oficios_dato(&h, "Servidor público que firma", em->funcionario->nombre);
	oficios_dato(&h, "Cargo", em->funcionario->cargo);
	oficios_dato(&h, "Registro patronal", em->rp);
	oficios_dato(&h, "Subdelegación", em->subdelegacion);
	oficios_dato(&h, "Periodo", rq->periodo);
	oficios_dato(&h, "Importe", rq->importe);
	if (em->plazo_dias != 0)
		oficios_hecho(&h, "Plazo que da el acto",
			arena_printf(
				em->env->arena, "%lld días hábiles", (long long)em->plazo_dias));
	oficios_instante(&h, "Su aviso sale a partir de", em->plazo.aviso);
	em->env->ambito = OFICIOS_EMISION;
	return oficios_acuse(&h, OFICIOS_ACUSE_EMISION, FUNDAMENTO, "Emitida", ret);
}

static enum err put_notification(const struct emision *em, const char *folio)
{
	struct env *env = em->env;
	const struct m_oficio_emitir *rq = em->rq;
	struct in_buzon_seq of = {.titular = env->titular};
	struct out_buzon_seq last;
	enum err e = q_buzon_seq(env->store, &of, env->arena, &last);

	if (e != OK)
		return e;
	struct in_notificacion_poner in = {.folio = folio,
		.titular = env->titular,
		.seq = last.seq + 1,
		.oficio = rq->oficio,
		.tipo = rq->tipo,
		.documento = rq->documento,
		.rp = em->rp,
		.subdelegacion = em->subdelegacion,
		.funcionario = em->funcionario->nombre,
		.cargo = em->funcionario->cargo,
		.periodo = rq->periodo,
		.importe = rq->importe,
		.plazo_dias = em->plazo_dias,
		.archivo = rq->sha256,
		.emitida = env->now,
		.sale = em->plazo.aviso,
		.firmante = env->signer->rfc};

	return store_queue(env->store, QUERY_notificacion_poner, &in, NULL);
}

static enum err put(const struct emision *em, const char *folio)
{
	struct env *env = em->env;
	const struct m_oficio_emitir *rq = em->rq;
	const struct evidencia ev = {.folio = folio, .suceso = SUCESO_EMITIDA, .prueba = folio};
	int64_t bytes = 0;
	enum err e = subida_usar(env, env->signer->rfc, rq->sha256, folio, em->cadena, rq->firma,
		env->signer->der, &bytes);

	if (e == ERR_NO_UPLOAD)
		env->campo = "sha256";
	if (e == OK)
		e = put_notification(em, folio);
	if (e == OK)
		e = evidencia_poner(env, &ev);
	if (e != OK)
		return e;
	return rq->aviso != 0 ? aviso_dar_por_enviado(env, folio, em->plazo.aviso)
			      : aviso_programar(env, folio, em->plazo.aviso);
}

enum err rule_oficio_emitir(struct env *env, const struct m_oficio_emitir *rq, struct m_acuse *ret)
{
	struct emision em = {.env = env, .rq = rq};
	struct m_acuse acuse;
	enum err e = check(&em);

	if (e == OK)
		e = make_acuse(&em, &acuse);
	if (e == OK)
		e = put(&em, acuse.folio);
	if (e == OK)
		*ret = acuse;
	return e;
}

/* ---- the same looked at beforehand ---- */

struct revision {
	struct env *env;
	struct m_oficio_revisado *ret;
	const struct funcionario *funcionario;
	enum err memory;
};

static void observe(struct revision *r, const char *campo, const char *dice)
{
	r->ret->observaciones[r->ret->observaciones_count++] = (struct m_dato){campo, dice};
}

/* What would be refused: its sentence is an observation, and it can't be issued. */
static enum err would(struct revision *r, enum err e, const char *campo)
{
	if (e == OK || err_http(e) >= 500)
		return e;
	r->ret->se_puede = false;
	observe(r, r->env->campo != NULL ? r->env->campo : campo, err_sentence(e));
	r->env->campo = NULL;
	r->env->dato = 0;
	return OK;
}

static bool has(const struct out_medios_activos *rows, size_t count, const char *mecanismo)
{
	for (size_t i = 0; i < count; i++)
		if (rows[i].validado != 0 && strcmp(rows[i].mecanismo, mecanismo) == 0)
			return true;
	return false;
}

/* Where no aviso can be sent no term runs: a proposal of estrados would come of it (7.8). */
static enum err look_at_media(struct revision *r)
{
	struct env *env = r->env;
	struct in_medios_activos in = {.titular = env->titular, .rp = ""};
	struct out_medios_activos *rows = NULL;
	size_t count = 0;
	enum err e = q_medios_activos_all(env->store, &in, 100, env->arena, &rows, &count);

	if (e != OK)
		return e;
	if (env->habilitado == 0)
		observe(r, "buzon",
			"Su Buzón no está habilitado: no correrá plazo y se propondrá notificar "
			"por estrados.");
	if (!has(rows, count, "correo"))
		observe(r, "correo",
			"No tiene un correo validado: no correrá plazo y se propondrá notificar "
			"por estrados.");
	if (!has(rows, count, "celular"))
		observe(r, "celular",
			"No tiene un celular validado: no correrá plazo y se propondrá notificar "
			"por estrados.");
	return OK;
}

static enum err look_at_time(struct revision *r, const struct m_oficio_revisar *rq)
{
	struct env *env = r->env;
	struct emision em = {
		.env = env, .funcionario = r->funcionario, .subdelegacion = rq->subdelegacion};
	int64_t ready = rq->aviso != 0 ? rq->aviso : env->now;

	if (em.subdelegacion == NULL && *r->funcionario->subdelegacion != '\0')
		em.subdelegacion = r->funcionario->subdelegacion;
	enum err e = would(r, count_terms(&em, rq->aviso), "aviso");

	if (e != OK || em.plazo.aviso == 0)
		return e;
	r->ret->sale = em.plazo.aviso;
	r->ret->vence = em.plazo.vence;
	if (em.plazo.aviso > ready)
		observe(r, "sale",
			"Está fuera del horario de notificaciones (09:30 a 18:00 de días hábiles, "
			"Zona Centro): el aviso se retiene hasta que abra.");
	return OK;
}

enum err rule_oficio_revisar(
	struct env *env, const struct m_oficio_revisar *rq, struct m_oficio_revisado *ret)
{
	struct m_oficio_revisado made = {.se_puede = true,
		.observaciones = arena_array(env->arena, 20, sizeof(*made.observaciones))};
	struct revision r = {.env = env, .ret = &made};
	const struct m_tipo_acto *tipo = NULL;
	const char *rp = NULL;

	if (made.observaciones == NULL)
		return ERR_NO_MEMORY;
	enum err e =
		would(&r, oficios_facultad(env, FACULTAD_EMITIR, &r.funcionario), "funcionario");

	/* Who may issue nothing is told nothing of anybody. */
	if (e != OK || r.funcionario == NULL) {
		*ret = made;
		return e;
	}
	if (e == OK)
		e = would(&r, oficios_tipo(env, r.funcionario, rq->tipo, &tipo), "tipo");
	if (e == OK)
		e = would(&r, read_rp(env, rq->rp, &rp), "rp");
	if (e == OK)
		e = would(&r, oficios_destinatario(env, rp), "rfc");
	if (e == OK)
		e = would(&r, check_new(env, rq->oficio), "oficio");
	if (e == OK && env->registrado)
		e = look_at_media(&r);
	if (e == OK)
		e = look_at_time(&r, rq);
	if (e == OK)
		*ret = made;
	return e;
}
