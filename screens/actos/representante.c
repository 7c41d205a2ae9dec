/*
 * Acts on representations (Lineamientos, regla 4; A-16): naming a representative, accepting to be
 * one, and the end of it, from either side.
 */
#include "base/texto.h"
#include "screens/acto.h"
#include "screens/representacion.h"
#include "screens/view.h"

/* ---- what several of them say ---- */

static void permits(struct parrafos *p, const struct m_permiso *permisos, size_t count)
{
	const char *text = representacion_permisos(p->arena, permisos, count);

	if (text == NULL)
		p->failed = true;
	else
		parrafos_pair(p, _("Podrá"), "%s", text);
}

static void dates(struct parrafos *p, int64_t desde, int64_t hasta)
{
	parrafos_pair(
		p, _("Desde"), "%s", desde != 0 ? parrafos_hora(p, desde) : _("que se firme"));
	parrafos_pair(
		p, _("Hasta"), "%s", hasta != 0 ? parrafos_hora(p, hasta) : _("que se termine"));
}

static bool es_final(enum err err)
{
	return err == ERR_NOT_FOUND || err == ERR_REPRESENTATION_ENDED ||
	       err == ERR_ALREADY_ACCEPTED || err == ERR_PROPOSAL_EXPIRED || err == ERR_NO_MANDATE;
}

/* ---- alta ---- */

static enum err alta_sigue(const struct acto *x, struct model *m, int64_t now, int64_t *ret_expires)
{
	if (representacion_dada(m, x->representante, now) != NULL)
		return ERR_ALREADY_REPRESENTED;
	/* What would end before it arrives is nothing to sign. */
	if (x->hasta != 0 && x->hasta < *ret_expires)
		*ret_expires = x->hasta;
	return x->hasta != 0 && now > x->hasta ? ERR_REPRESENTATION_ENDED : OK;
}

static void alta_acepta(struct parrafos *p, const struct acto *x, struct model *m)
{
	(void)m;
	parrafos_pair(p, _("Aceptas"), _("que %s actúe por tu RFC"), x->representante);
	permits(p, x->permisos, x->permiso_count);
	dates(p, x->desde, x->hasta);
}

static void alta_que(struct parrafos *p, const struct acto *x, struct model *m)
{
	(void)m;
	parrafos_pair(
		p, _("Qué se firma"), _("el registro de %s como representante"), x->representante);
	if (representacion_dos_firmas(x->permisos, x->permiso_count))
		parrafos_add(p, PAGE_WARNING,
			_("Es la primera de dos firmas: no vale hasta que %s firme también, con su "
			  "e.firma y dentro de %d minutos. Que esté a la mano antes de que firmes."),
			x->representante, ALCANCE_ACEPTA_MIN);
}

/* Until when the second may come: by the list, else by the acuse's own word. */
static const char *antes_de(struct parrafos *p, struct model *m)
{
	const struct m_representacion *r = representacion_de(m, m->ultimo_acuse, NULL);
	const struct model_acuse *a = model_acuse(m, m->ultimo_acuse);

	if (r != NULL && r->acepta_antes != 0)
		return parrafos_hora(p, r->acepta_antes);
	return a == NULL ? "" : parrafos_hora(p, a->m.recibido + ALCANCE_ACEPTA_MIN * 60000);
}

/* The profile on this device in which that person signs for themselves; NULL: there is none. */
static const struct mundo_perfil *suyo(const struct acto *x, const struct model *m, size_t *ret_at)
{
	*ret_at = mundo_de(m->mundo, x->representante, "propio");
	return m->mundo != NULL && *ret_at < m->mundo->count ? &m->mundo->perfiles[*ret_at] : NULL;
}

static void second(struct parrafos *p, const struct acto *x, struct model *m)
{
	size_t at;
	const struct mundo_perfil *perfil = suyo(x, m, &at);

	parrafos_add(p, PAGE_WARNING,
		_("Falta la segunda firma: %s debe aceptar antes del %s, o habrá que registrarla de "
		  "nuevo."),
		x->representante, antes_de(p, m));
	if (perfil != NULL)
		parrafos_add(p, PAGE_NORMAL,
			_("Su perfil «%s» está en este equipo: el botón cambia a él y ahí, en "
			  "Representantes (R), Enter sobre este RFC lleva a su firma."),
			perfil->nombre);
	else
		parrafos_add(p, PAGE_NORMAL,
			_("En su equipo: entra con su e.firma, va a Representantes (R), Enter sobre "
			  "este RFC y Enter otra vez; o el comando: buzon-tui representante aceptar "
			  "%s"),
			m->ultimo_acuse);
}

static void alta_hecho(struct parrafos *p, const struct acto *x, struct model *m, int64_t now)
{
	(void)now;
	parrafos_add(p, PAGE_DONE, _("Firmado y registrado."));
	parrafos_pair(p, _("Folio"), "%s", m->ultimo_acuse);
	if (representacion_dos_firmas(x->permisos, x->permiso_count)) {
		second(p, x, m);
		return;
	}
	parrafos_add(p, PAGE_NORMAL,
		_("Quedó registrado: %s no tiene que firmar nada. Verá este RFC entre los que le "
		  "dieron acceso, y puedes terminarlo cuando quieras."),
		x->representante);
	permits(p, x->permisos, x->permiso_count);
	dates(p, x->desde, x->hasta);
}

static const char *alta_luego(const struct acto *x, struct model *m, struct effect *ret)
{
	size_t at;

	if (!representacion_dos_firmas(x->permisos, x->permiso_count) || suyo(x, m, &at) == NULL)
		return NULL;
	*ret = effect_to(EFFECT_PERFIL, SCREEN_representantes, NULL);
	ret->perfil = at;
	return _("Cambiar a su perfil");
}

static bool alta_consta(const struct acto *x, struct model *m, struct arena *a)
{
	(void)a;
	for (size_t i = 0; m->cuenta != NULL && i < m->cuenta->representantes_count; i++)
		if (strcmp(m->cuenta->representantes[i].representante, x->representante) == 0 &&
			m->cuenta->representantes[i].termino == 0)
			return true;
	return false;
}

static bool alta_cierra(enum err err)
{
	return err == ERR_ALREADY_REPRESENTED || err == ERR_SELF || err == ERR_REPRESENTATIVES_FULL;
}

static void alta_pide(const struct acto *x, union peticion *ret)
{
	/* The codec only reads them. */
	ret->representante_alta = (struct m_representante_alta){.representante = x->representante,
		.permisos = (struct m_permiso *)(uintptr_t)x->permisos,
		.permisos_count = x->permiso_count,
		.desde = x->desde,
		.hasta = x->hasta};
}

static const char *alta_clave(struct arena *a, const union peticion *rq)
{
	(void)a;
	return rq->representante_alta.representante;
}

const struct acto_clase acto_representante_alta = {
	.route = ROUTE_ID_representante_alta,
	.niveles = 2,
	.sigue = alta_sigue,
	.acepta = alta_acepta,
	.que = alta_que,
	.hecho = alta_hecho,
	.luego = alta_luego,
	.consta = alta_consta,
	.cierra = alta_cierra,
	.pide = alta_pide,
	.clave = alta_clave,
	.nombre = N_("registro del representante "),
	.borrador = "borrador/representante",
};

/* ---- aceptar ---- */

static enum err aceptar_sigue(
	const struct acto *x, struct model *m, int64_t now, int64_t *ret_expires)
{
	const struct m_representacion *r = representacion_de(m, x->folio, NULL);

	if (r == NULL || r->base_sha256 == NULL || strcmp(r->base_sha256, x->base_sha256) != 0)
		return ERR_NOT_FOUND;
	*ret_expires = r->acepta_antes;
	switch (representacion_estado(r, now)) {
	case REPRESENTACION_POR_ACEPTAR:
		return OK;
	case REPRESENTACION_CADUCADA:
		return ERR_PROPOSAL_EXPIRED;
	case REPRESENTACION_VIGENTE:
	case REPRESENTACION_FUTURA:
		return ERR_ALREADY_ACCEPTED;
	default:
		return ERR_REPRESENTATION_ENDED;
	}
}

static void aceptar_acepta(struct parrafos *p, const struct acto *x, struct model *m)
{
	const struct m_representacion *r = representacion_de(m, x->folio, NULL);

	if (r == NULL)
		return;
	parrafos_pair(p, _("Aceptas"), _("actuar por %s, %s"), r->titular,
		r->titular_nombre != NULL ? r->titular_nombre : "");
	permits(p, r->permisos, r->permisos_count);
	dates(p, r->desde, r->hasta);
}

static void aceptar_que(struct parrafos *p, const struct acto *x, struct model *m)
{
	(void)m;
	parrafos_pair(p, _("Qué se firma"), _("la representación %s: la segunda firma"), x->folio);
	parrafos_pair(p, _("SHA-256 de la primera firma"), "%s", x->base_sha256);
}

static void aceptar_hecho(struct parrafos *p, const struct acto *x, struct model *m, int64_t now)
{
	size_t at = mundo_de(m->mundo, x->titular, "representante");

	(void)now;
	parrafos_add(p, PAGE_DONE, _("Ya puedes actuar por %s."), x->titular);
	parrafos_pair(p, _("Folio"), "%s", m->ultimo_acuse);
	if (m->mundo != NULL && at < m->mundo->count)
		parrafos_add(p, PAGE_NORMAL, _("Tu perfil «%s» es para eso: el botón cambia a él."),
			m->mundo->perfiles[at].nombre);
	else
		parrafos_add(p, PAGE_NORMAL,
			_("Para trabajar en su Buzón agrega un perfil con calidad = representante: "
			  "Enter sobre ese RFC, en Representantes, muestra los renglones y los "
			  "copia (y)."));
}

static const char *aceptar_luego(const struct acto *x, struct model *m, struct effect *ret)
{
	size_t at = mundo_de(m->mundo, x->titular, "representante");

	if (m->mundo == NULL || at == m->mundo->count)
		return NULL;
	*ret = effect_of(EFFECT_PERFIL);
	ret->perfil = at;
	return _("Cambiar a ese perfil");
}

static bool aceptar_consta(const struct acto *x, struct model *m, struct arena *a)
{
	const struct m_representacion *r = representacion_de(m, x->folio, NULL);

	(void)a;
	return r != NULL && r->aceptada != 0;
}

static void aceptar_pide(const struct acto *x, union peticion *ret)
{
	ret->representante_aceptar =
		(struct m_representante_aceptar){.hat = {x->titular, "representante"},
			.folio = x->folio,
			.base_sha256 = x->base_sha256};
}

static const char *aceptar_clave(struct arena *a, const union peticion *rq)
{
	(void)a;
	return rq->representante_aceptar.folio;
}

const struct acto_clase acto_representante_aceptar = {
	.route = ROUTE_ID_representante_aceptar,
	.niveles = 1,
	.sigue = aceptar_sigue,
	.acepta = aceptar_acepta,
	.que = aceptar_que,
	.hecho = aceptar_hecho,
	.luego = aceptar_luego,
	.consta = aceptar_consta,
	.cierra = es_final,
	.pide = aceptar_pide,
	.clave = aceptar_clave,
	.nombre = N_("aceptación de la representación "),
};

/* ---- baja ---- */

static enum err baja_sigue(const struct acto *x, struct model *m, int64_t now, int64_t *ret_expires)
{
	const struct m_representacion *r = representacion_de(m, x->folio, NULL);

	(void)ret_expires;
	if (r == NULL)
		return ERR_NOT_FOUND;
	return representacion_abierta(r, now) ? OK : ERR_REPRESENTATION_ENDED;
}

static void baja_acepta(struct parrafos *p, const struct acto *x, struct model *m)
{
	bool received = false;
	const struct m_representacion *r = representacion_de(m, x->folio, &received);

	if (r == NULL)
		return;
	if (received || model_representa(m))
		parrafos_pair(p, _("Aceptas"), _("dejar de actuar por %s desde que se reciba"),
			r->titular);
	else
		parrafos_pair(p, _("Aceptas"),
			_("que %s deje de actuar por ti desde que se reciba"), r->representante);
	parrafos_add(p, PAGE_WARNING,
		_("No se deshace: para volver a darlo hay que registrarlo de nuevo. Lo que se hizo "
		  "hasta ahora sigue valiendo."));
}

static void baja_que(struct parrafos *p, const struct acto *x, struct model *m)
{
	const struct m_representacion *r = representacion_de(m, x->folio, NULL);

	parrafos_pair(p, _("Qué se firma"), _("el término de la representación %s"), x->folio);
	if (r != NULL)
		permits(p, r->permisos, r->permisos_count);
}

static bool baja_consta(const struct acto *x, struct model *m, struct arena *a)
{
	const struct m_representacion *r = representacion_de(m, x->folio, NULL);

	(void)a;
	return r != NULL && r->termino != 0;
}

static void baja_pide(const struct acto *x, union peticion *ret)
{
	ret->representante_baja = (struct m_representante_baja){.folio = x->folio};
	if (x->titular[0] != '\0')
		ret->representante_baja.hat = (struct m_hat){x->titular, "representante"};
}

static const char *baja_clave(struct arena *a, const union peticion *rq)
{
	(void)a;
	return rq->representante_baja.folio;
}

const struct acto_clase acto_representante_baja = {
	.route = ROUTE_ID_representante_baja,
	.niveles = 1,
	.sigue = baja_sigue,
	.acepta = baja_acepta,
	.que = baja_que,
	.consta = baja_consta,
	.cierra = es_final,
	.pide = baja_pide,
	.clave = baja_clave,
	.nombre = N_("término de la representación "),
};
