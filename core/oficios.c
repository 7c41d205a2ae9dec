#include "core/oficios.h"

#include "core/acuse_make.h"
#include "core/catalogo.h"
#include "ley/hora.h"
#include "ley/plazo.h"

/* A clock that is a little ahead of ours. */
#define SKEW_MS (5 * INT64_C(60000))

/* ---- acuses ---- */

void oficios_dato(struct oficios_hoja *h, const char *etiqueta, const char *valor)
{
	if (valor == NULL || *valor == '\0')
		return;
	h->full = h->full || h->count == COUNT_OF(h->datos);
	if (!h->full)
		h->datos[h->count++] = (struct m_dato){etiqueta, valor};
}

void oficios_hecho(struct oficios_hoja *h, const char *etiqueta, const char *valor)
{
	h->full = h->full || valor == NULL;
	oficios_dato(h, etiqueta, valor);
}

void oficios_instante(struct oficios_hoja *h, const char *etiqueta, int64_t instante)
{
	oficios_hecho(h, etiqueta, hora_text(h->env->arena, zona_centro(), instante, HORA_ACUSE));
}

enum err oficios_acuse(struct oficios_hoja *h, const char *tipo, const char *fundamento,
	const char *estatus, struct m_acuse *ret)
{
	struct acuse_de de = {.tipo = tipo,
		.fundamento = fundamento,
		.estatus = estatus,
		.legal = h->env->now,
		.contenido = h->datos,
		.contenido_count = h->count};

	return h->full ? ERR_NO_MEMORY : acuse_make(h->env, &de, ret);
}

/* ---- who, what, to whom ---- */

enum err oficios_facultad(const struct env *env, enum facultad que, const struct funcionario **ret)
{
	const struct funcionario *f = config_funcionario(env->config, env->signer->rfc);

	if (!config_faculta(f, que))
		return ERR_NO_ROLE;
	*ret = f;
	return OK;
}

enum err oficios_tipo(struct env *env, const struct funcionario *f, const char *clave,
	const struct m_tipo_acto **ret)
{
	const struct m_tipo_acto *t =
		env->catalogo != NULL ? catalogo_tipo(env->catalogo, clave) : NULL;

	env->campo = "tipo";
	if (t == NULL)
		return ERR_UNKNOWN_KIND;
	if (!config_faculta_tipo(f, clave))
		return ERR_NO_ROLE;
	if (!catalogo_disponible(t, env->now)) {
		env->dato = t->disponible;
		return ERR_KIND_UNAVAILABLE;
	}
	env->campo = NULL;
	*ret = t;
	return OK;
}

enum err oficios_destinatario(struct env *env, const char *rp)
{
	struct in_medio_rps in = {.rfc = env->titular, .rp = rp};
	struct out_medio_rps row;

	if (!env->registrado)
		return ERR_NOT_REGISTERED;
	if (rp == NULL)
		return OK;
	/* "*" names them all. */
	enum err e = *rp != '*' ? q_medio_rps(env->store, &in, env->arena, &row) : ERR_NO_SUCH_RP;

	if (e == OK && row.cuantos == 0)
		e = ERR_NO_SUCH_RP;
	if (e == ERR_NO_SUCH_RP)
		env->campo = "rp";
	return e;
}

/* ---- when ---- */

enum err oficios_plazo(
	struct env *env, const char *subdelegacion, int64_t listo, struct plazo_aviso *ret)
{
	struct calendario view;
	enum err e =
		calendario_para(env->arena, env->calendario, env->estado, subdelegacion, &view);

	return e == OK ? plazo_de_aviso(&view, listo, ret) : e;
}

/* ---- what is signed ---- */

static enum err refuse(struct env *env, const char *campo)
{
	env->campo = campo;
	return ERR_BAD_FIELD;
}

enum err oficios_firma(
	struct env *env, struct documento *d, struct bytes firma, const char **ret_cadena)
{
	const struct signer *s = env->signer;
	AUTO(key) key = NULL;
	int64_t at = 0;
	const char *cadena = NULL;

	if (hora_parse(d->fecha, &at) != OK || at > env->now + SKEW_MS || at < s->desde ||
		at > s->hasta)
		return refuse(env, "fecha");
	d->firmante = s->rfc;
	enum err e = documento_cadena(env->arena, d, &cadena);

	if (e == OK)
		e = key_from_rsa(s->n, (uint64_t)s->e, &key);
	if (e == OK)
		e = key_verify(key, bytes_of_text(cadena), firma);
	if (e == ERR_BAD_SIGNATURE)
		return refuse(env, "firma");
	if (e == OK)
		*ret_cadena = cadena;
	return e;
}

/* ---- an act that was issued ---- */

static bool withdrawn(const struct out_oficio *n)
{
	return n->forma != NULL && strcmp(n->forma, OFICIOS_RETIRADA) == 0;
}

/* The instant of a lapse stands, whether or not its job has run. */
bool oficios_se_conoce(const struct out_oficio *n, int64_t now)
{
	return !withdrawn(n) && (n->notificada != 0 || n->abierta != 0 || n->forma != NULL ||
					(n->vence != 0 && n->vence <= now));
}

enum err oficios_abierto(
	struct env *env, enum facultad que, const char *folio, struct out_oficio *ret)
{
	struct in_oficio in = {.folio = folio, .titular = env->titular};
	const struct funcionario *f = NULL;
	struct out_oficio n;
	enum err e = oficios_facultad(env, que, &f);

	if (e == OK)
		e = q_oficio(env->store, &in, env->arena, &n);
	if (e != OK)
		return e;
	if (n.firmante == NULL || strcmp(n.firmante, env->signer->rfc) != 0)
		return ERR_NO_ROLE;
	if (withdrawn(&n))
		return ERR_WITHDRAWN;
	if (oficios_se_conoce(&n, env->now))
		return ERR_ALREADY_NOTIFIED;
	*ret = n;
	return OK;
}
