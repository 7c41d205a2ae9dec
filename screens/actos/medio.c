/* Acts on contact media (Lineamientos 5.1, 5.2; ). */
#include "base/texto.h"
#include "screens/acto.h"
#include "screens/contacto.h"

/* ---- what several of them say ---- */

static void que_es(struct parrafos *p, const char *mecanismo, const char *medio, const char *rp)
{
	parrafos_pair(p, _("Mecanismo de Comunicación"), "%s", contacto_mecanismo(mecanismo));
	parrafos_pair(p, _("Medio de Contacto"), "%s", medio);
	parrafos_pair(p, _("Para"), "%s", contacto_de(p, rp));
}

/* Of one that is on the board. */
static void que_medio(struct parrafos *p, const struct model *m, const char *folio)
{
	const struct m_medio *x = model_medio(m, folio);

	if (x != NULL)
		que_es(p, x->mecanismo, x->medio, x->rp);
	parrafos_pair(p, _("Folio"), "%s", folio);
}

/* Why one that is to be validated can't be; the act must arrive while it can. */
static enum err por_validar(
	const struct model *m, const char *folio, int64_t now, int64_t *ret_expires)
{
	const struct m_medio *x = model_medio(m, folio);

	if (x == NULL)
		return ERR_NOT_FOUND;
	switch (contacto_estado(x, now)) {
	case CONTACTO_VALIDADO:
		return ERR_ALREADY_VALID;
	case CONTACTO_VENCIDO:
		return ERR_MEDIUM_EXPIRED;
	case CONTACTO_BAJA:
		return ERR_MEDIUM_GONE;
	case CONTACTO_EN_PROCESO:
	default:
		if (x->vence != 0 && x->vence < *ret_expires)
			*ret_expires = x->vence;
		return OK;
	}
}

static bool es_final(enum err err)
{
	return err == ERR_NOT_FOUND || err == ERR_ALREADY_VALID || err == ERR_MEDIUM_EXPIRED ||
	       err == ERR_MEDIUM_GONE;
}

/* Folio, date and hour of the acuse, as in the portal's boxes. */
static void cuadro(struct parrafos *p, struct model *m)
{
	const struct model_acuse *a = model_acuse(m, m->ultimo_acuse);
	const char *hora =
		a != NULL ? hora_text(p->arena, zona_centro(), a->m.recibido, HORA_CUADRO) : "";

	if (hora == NULL)
		p->failed = true;
	parrafos_pair(p, _("Folio"), "%s", m->ultimo_acuse);
	parrafos_pair(p, _("Fecha y hora"), _("%s (Zona Centro)"), hora != NULL ? hora : "");
}

/* When there was too much of it: from when on it can be asked again. */
static const char *otra_vez(struct parrafos *p, enum err err, int64_t dato)
{
	return err == ERR_TOO_MANY_SENT && dato > 0 ? parrafos_printf(p, _("Otra vez desde el %s."),
							      parrafos_hora(p, hora_arriba(dato)))
						    : NULL;
}

/* ---- a new one ---- */

static enum err registrar_sigue(
	const struct acto *x, struct model *m, int64_t now, int64_t *ret_expires)
{
	const struct m_medio *old = model_medio(m, x->reemplaza);

	(void)ret_expires;
	if (contacto_repetido(m, x->mecanismo, x->medio, x->rp, now) != NULL)
		return ERR_MEDIUM_EXISTS;
	if (x->reemplaza[0] == '\0')
		return OK;
	if (old == NULL || old->baja != 0)
		return ERR_MEDIUM_GONE;
	return contacto_estado(old, now) == CONTACTO_VENCIDO ? ERR_MEDIUM_EXPIRED : OK;
}

static void registrar_acepta(struct parrafos *p, const struct acto *x, struct model *m)
{
	const struct m_medio *old = model_medio(m, x->reemplaza);

	parrafos_pair(p, _("Aceptas"), _("registrar %s para %s"), x->medio, contacto_de(p, x->rp));
	if (old != NULL)
		contacto_reemplazo(p, m, old);
}

static void registrar_que(struct parrafos *p, const struct acto *x, struct model *m)
{
	(void)m;
	que_es(p, x->mecanismo, x->medio, x->rp);
}

/* */
static void registrar_hecho(struct parrafos *p, const struct acto *x, struct model *m, int64_t now)
{
	bool correo = strcmp(x->mecanismo, CONTACTO_CORREO) == 0;

	(void)now;
	parrafos_add(p, PAGE_DONE, _("El medio de contacto se registró; falta validarlo."));
	cuadro(p, m);
	parrafos_blank(p);
	if (correo)
		parrafos_add(p, PAGE_NORMAL,
			_("Qué sigue: abre el correo que llega a %s y sigue su enlace, o escribe aquí "
			  "su código de cinco dígitos con «Validar medio de contacto» (v). Tienes %d "
			  "horas desde su registro, días inhábiles incluidos; después se cancela y hay "
			  "que registrarlo de nuevo."),
			x->medio, CONTACTO_HORAS);
	else
		parrafos_add(p, PAGE_NORMAL,
			_("Qué sigue: al %s llega un SMS con un código de cinco dígitos; escríbelo con "
			  "«Validar medio de contacto» (v). Tienes %d horas desde que sale el SMS, días "
			  "inhábiles incluidos; después se cancela y hay que registrarlo de nuevo."),
			x->medio, CONTACTO_HORAS);
	parrafos_add(p, PAGE_NORMAL,
		correo ? _("Si el correo no llega en 24 horas, revisa el correo no deseado y presenta "
			   "una aclaración en el portal del IMSS (servicio Aclaraciones u "
			   "Orientaciones, fuera de este programa), con el asunto «Activación Buzón "
			   "IMSS».")
		       : _("Si el SMS no llega en 24 horas, presenta una aclaración en el portal del "
			   "IMSS (servicio Aclaraciones u Orientaciones, fuera de este programa), con el asunto «Activación Buzón IMSS»."));
}

static bool registrar_consta(const struct acto *x, struct model *m, struct arena *a)
{
	(void)a;
	return contacto_repetido(m, x->mecanismo, x->medio, x->rp, 0) != NULL;
}

static bool registrar_cierra(enum err err)
{
	return err == ERR_BAD_MAIL || err == ERR_BAD_MOBILE || err == ERR_MEDIUM_EXISTS ||
	       err == ERR_MEDIA_FULL || err == ERR_NO_SUCH_RP || err == ERR_MEDIUM_GONE ||
	       err == ERR_MEDIUM_EXPIRED || err == ERR_NOT_FOUND || err == ERR_TOO_MANY_SENT ||
	       err == ERR_DAY_FULL;
}

static const char *or_absent(const char *text)
{
	return text[0] != '\0' ? text : NULL;
}

static void registrar_pide(const struct acto *x, union peticion *ret)
{
	ret->medio_registrar = (struct m_medio_registrar){.mecanismo = x->mecanismo,
		.medio = x->medio,
		.rp = or_absent(x->rp),
		.reemplaza = or_absent(x->reemplaza)};
}

/* The same address may serve the RFC and a Registro Patronal: those are two acts. */
static const char *registrar_clave(struct arena *a, const union peticion *rq)
{
	const struct m_medio_registrar *m = &rq->medio_registrar;
	struct parrafos p;

	if (m->rp == NULL)
		return m->medio;
	parrafos_init(&p, a);
	const char *de = contacto_de(&p, m->rp);

	return p.failed ? NULL : arena_printf(a, _("%s para %s"), m->medio, de);
}

const struct acto_clase acto_medio_registrar = {
	.route = ROUTE_ID_medio_registrar,
	.titulo = N_("Registrar medio de contacto"),
	.directo = true,
	.boton = N_("Aceptar"),
	.regresar = N_("Cancelar"),
	.niveles = 2,
	.sigue = registrar_sigue,
	.acepta = registrar_acepta,
	.que = registrar_que,
	.hecho = registrar_hecho,
	.consta = registrar_consta,
	.cierra = registrar_cierra,
	.pide = registrar_pide,
	.clave = registrar_clave,
	.nombre = N_("registro de "),
	.borrador = CONTACTO_BORRADOR,
	.detalle = otra_vez,
};

/* ---- its code ---- */

static enum err validar_sigue(
	const struct acto *x, struct model *m, int64_t now, int64_t *ret_expires)
{
	return por_validar(m, x->folio, now, ret_expires);
}

static void validar_que(struct parrafos *p, const struct acto *x, struct model *m)
{
	parrafos_pair(p, _("Qué se firma"), _("la validación con el código %s"), x->codigo);
	que_medio(p, m, x->folio);
}

static void validar_hecho(struct parrafos *p, const struct acto *x, struct model *m, int64_t now)
{
	const struct m_medio *medio = model_medio(m, x->folio);

	(void)now;
	parrafos_add(p, PAGE_DONE, _("El medio de contacto quedó validado."));
	if (medio != NULL)
		parrafos_pair(p, _("Medio de Contacto"), "%s", medio->medio);
	cuadro(p, m);
	if (!model_habilitado(m))
		parrafos_add(p, PAGE_NORMAL,
			_("Qué sigue: Activación Buzón IMSS (0) dice lo que falta para habilitar tu "
			  "Buzón."));
}

static bool validar_consta(const struct acto *x, struct model *m, struct arena *a)
{
	const struct m_medio *medio = model_medio(m, x->folio);

	(void)a;
	return medio != NULL && medio->validado != 0;
}

static bool validar_cierra(enum err err)
{
	return err == ERR_BAD_CODE || err == ERR_CODE_SPENT || es_final(err);
}

static const char *validar_detalle(struct parrafos *p, enum err err, int64_t dato)
{
	if (err != ERR_BAD_CODE || dato <= 0)
		return NULL;
	return parrafos_printf(p,
		ngettext("Queda %lld intento.", "Quedan %lld intentos.", (unsigned long)dato),
		(long long)dato);
}

static void validar_pide(const struct acto *x, union peticion *ret)
{
	ret->medio_validar = (struct m_medio_validar){.folio = x->folio, .codigo = x->codigo};
}

static const char *validar_clave(struct arena *a, const union peticion *rq)
{
	(void)a;
	return rq->medio_validar.folio;
}

const struct acto_clase acto_medio_validar = {
	.route = ROUTE_ID_medio_validar,
	.titulo = N_("Validar medio de contacto"),
	.directo = true,
	.niveles = 2,
	.sigue = validar_sigue,
	.que = validar_que,
	.hecho = validar_hecho,
	.consta = validar_consta,
	.cierra = validar_cierra,
	.pide = validar_pide,
	.clave = validar_clave,
	.nombre = N_("validación de "),
	.detalle = validar_detalle,
};

/* ---- the code again ---- */

static void reenviar_acepta(struct parrafos *p, const struct acto *x, struct model *m)
{
	const struct m_medio *medio = model_medio(m, x->folio);

	parrafos_pair(p, _("Aceptas"),
		_("que se envíe otro código a %s; el anterior deja de servir"),
		medio != NULL ? medio->medio : x->folio);
	parrafos_add(p, PAGE_NORMAL,
		_("Las %d horas para validarlo siguen corriendo: no empiezan de "
		  "nuevo."),
		CONTACTO_HORAS);
}

static void reenviar_que(struct parrafos *p, const struct acto *x, struct model *m)
{
	que_medio(p, m, x->folio);
}

static void reenviar_hecho(struct parrafos *p, const struct acto *x, struct model *m, int64_t now)
{
	const struct m_medio *medio = model_medio(m, x->folio);
	long long quedan = (long long)m->reenviado.quedan;

	parrafos_add(p, PAGE_DONE, _("Va en camino otro código a %s."),
		medio != NULL ? medio->medio : x->folio);
	if (m->reenviado.vence != 0)
		parrafos_pair(p, _("Puede validarse"), _("hasta el %s; %s"),
			parrafos_hora(p, m->reenviado.vence),
			contacto_restan(p, m->reenviado.vence, now, NULL));
	if (quedan > 0)
		parrafos_add(p, PAGE_NORMAL,
			ngettext("Hoy puedes pedirlo %lld vez más.",
				"Hoy puedes pedirlo %lld veces más.", (unsigned long)quedan),
			quedan);
	else
		parrafos_add(p, PAGE_WARNING, _("Hoy ya no se puede pedir otra vez."));
}

static bool reenviar_cierra(enum err err)
{
	return err == ERR_TOO_MANY_SENT || err == ERR_DAY_FULL || es_final(err);
}

static void reenviar_pide(const struct acto *x, union peticion *ret)
{
	ret->medio_reenviar = (struct m_medio_reenviar){.folio = x->folio};
}

static const char *reenviar_clave(struct arena *a, const union peticion *rq)
{
	(void)a;
	return rq->medio_reenviar.folio;
}

const struct acto_clase acto_medio_reenviar = {
	.route = ROUTE_ID_medio_reenviar,
	.titulo = N_("Reenviar código de verificación"),
	.directo = true,
	.boton = N_("Reenviar"),
	.niveles = 1,
	.sigue = validar_sigue,
	.acepta = reenviar_acepta,
	.que = reenviar_que,
	.hecho = reenviar_hecho,
	.cierra = reenviar_cierra,
	.pide = reenviar_pide,
	.clave = reenviar_clave,
	.nombre = N_("reenvío del código de "),
	.detalle = otra_vez,
};

/* ---- removing one ---- */

/* What it does to the minimum must be what was accepted. */
static enum err baja_sigue(const struct acto *x, struct model *m, int64_t now, int64_t *ret_expires)
{
	const struct m_medio *medio = model_medio(m, x->folio);

	(void)ret_expires;
	if (medio == NULL)
		return ERR_NOT_FOUND;
	if (contacto_estado(medio, now) == CONTACTO_VENCIDO)
		return ERR_MEDIUM_EXPIRED;
	if (medio->baja != 0)
		return ERR_MEDIUM_GONE;
	return contacto_bajo_minimo(m, medio) && !x->bajo_minimo ? ERR_BELOW_MINIMUM : OK;
}

static void baja_acepta(struct parrafos *p, const struct acto *x, struct model *m)
{
	const struct m_medio *medio = model_medio(m, x->folio);

	if (medio == NULL)
		return;
	parrafos_pair(p, _("Aceptas"), _("eliminar %s (para %s); no se puede deshacer"),
		medio->medio, contacto_de(p, medio->rp));
	if (x->bajo_minimo)
		parrafos_add(p, PAGE_WARNING, "%s",
			model_habilitado(m)
				? _("Sin él no te quedan un correo y un celular validados: el Instituto "
				    "podría notificarte por estrados (Lineamientos 5.6). Mejor registra y "
				    "valida antes otro.")
				: _("Sin él no te quedan un correo y un celular validados, y sin ellos no "
				    "se puede activar tu Buzón."));
}

static void baja_que(struct parrafos *p, const struct acto *x, struct model *m)
{
	que_medio(p, m, x->folio);
}

static bool baja_consta(const struct acto *x, struct model *m, struct arena *a)
{
	const struct m_medio *medio = model_medio(m, x->folio);

	(void)a;
	return medio != NULL && medio->baja != 0;
}

static bool baja_cierra(enum err err)
{
	return err == ERR_BELOW_MINIMUM || err == ERR_NOT_FOUND || err == ERR_MEDIUM_GONE ||
	       err == ERR_MEDIUM_EXPIRED;
}

static void baja_pide(const struct acto *x, union peticion *ret)
{
	ret->medio_baja = (struct m_medio_baja){.folio = x->folio, .bajo_minimo = x->bajo_minimo};
}

static const char *baja_clave(struct arena *a, const union peticion *rq)
{
	(void)a;
	return rq->medio_baja.folio;
}

const struct acto_clase acto_medio_baja = {
	.route = ROUTE_ID_medio_baja,
	.titulo = N_("Eliminar medio de contacto"),
	.boton = N_("Eliminar"),
	.regresar = N_("Cancelar"),
	.niveles = 1,
	.sigue = baja_sigue,
	.acepta = baja_acepta,
	.que = baja_que,
	.consta = baja_consta,
	.cierra = baja_cierra,
	.pide = baja_pide,
	.clave = baja_clave,
	.nombre = N_("baja de "),
};
