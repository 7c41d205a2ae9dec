/* Accepting the terms: the Buzón is enabled (Lineamientos 5.3; A-12). */
#include "base/texto.h"
#include "screens/acto.h"
#include "screens/contacto.h"

/* What was read is what is in force, and what is signed. */
static enum err sigue(const struct acto *x, struct model *m, int64_t now, int64_t *ret_expires)
{
	const struct m_texto *terms = model_texto(m, MODEL_TERMINOS);
	const struct m_texto *privacy = model_texto(m, MODEL_PRIVACIDAD);

	(void)now;
	(void)ret_expires;
	if (model_habilitado(m))
		return ERR_ALREADY_ENABLED;
	if (!contacto_listo(m))
		return ERR_NOT_READY;
	return terms == NULL || privacy == NULL || strcmp(terms->sha256, x->terminos_sha256) != 0 ||
			       strcmp(privacy->sha256, x->privacidad_sha256) != 0
		       ? ERR_TERMS_CHANGED
		       : OK;
}

static void acepta(struct parrafos *p, const struct acto *x, struct model *m)
{
	parrafos_pair(p, _("Aceptas"),
		_("los términos y condiciones, versión %s, y que tu Buzón quede habilitado"),
		x->terminos);
	if (m->cuenta != NULL && m->cuenta->rps_count == 0)
		parrafos_add(p, PAGE_WARNING,
			_("No constan Registros Patronales de este RFC. Puedes seguir; si debería "
			  "haberlos, acláralo antes en tu subdelegación."));
}

static void que(struct parrafos *p, const struct acto *x, struct model *m)
{
	(void)m;
	parrafos_pair(p, _("Qué se firma"), _("los términos, SHA-256 %s"), x->terminos_sha256);
	parrafos_pair(p, _("Aviso de privacidad"), _("versión %s, SHA-256 %s; se te mostró"),
		x->privacidad, x->privacidad_sha256);
}

static bool consta(const struct acto *x, struct model *m, struct arena *a)
{
	(void)x;
	(void)a;
	return model_habilitado(m);
}

static bool cierra(enum err err)
{
	return err == ERR_TERMS_CHANGED || err == ERR_ALREADY_ENABLED || err == ERR_NOT_READY;
}

static void pide(const struct acto *x, union peticion *ret)
{
	ret->activar = (struct m_activar){.terminos = x->terminos,
		.terminos_sha256 = x->terminos_sha256,
		.privacidad = x->privacidad,
		.privacidad_sha256 = x->privacidad_sha256};
}

static const char *clave(struct arena *a, const union peticion *rq)
{
	(void)a;
	return rq->activar.terminos;
}

const struct acto_clase acto_activar = {
	.route = ROUTE_ID_activar,
	.niveles = 2,
	.sigue = sigue,
	.acepta = acepta,
	.que = que,
	.consta = consta,
	.cierra = cierra,
	.pide = pide,
	.clave = clave,
	.nombre = N_("activación con los términos "),
};
