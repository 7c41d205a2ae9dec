#include <stdio.h>
#include "app/mandado.h"
#include "app/subverbo.h"
#include "base/texto.h"
#include "ley/correo.h"
#include "ley/rp.h"
#include "ley/zona.h"
#include "screens/contacto.h"

/* ---- nuevo ---- */

/* what is about to be registered, before it is. */
static enum err antes_nuevo(struct sesion *s, struct mandado *m)
{
	const struct m_medio_registrar *rq = m->request;
	struct arena *a = s->v->arena;

	if (!mandado_speaks(s))
		return OK;
	printf(_("Registrar medio de contacto: %s\n"), sesion_clean(a, rq->medio));
	if (rq->rp == NULL)
		printf(_("Para el RFC %s\n"), s->perfil->rfc);
	else if (strcmp(rq->rp, CONTACTO_TODOS) == 0)
		printf(_("Para todos los registros patronales de %s\n"), s->perfil->rfc);
	else
		printf(_("Para el registro patronal %s\n"), sesion_clean(a, rq->rp));
	if (rq->reemplaza != NULL)
		printf(_("Al validarse se da de baja el medio %s\n"),
			sesion_clean(a, rq->reemplaza));
	return OK;
}

static enum err hecho_nuevo(
	struct sesion *s, const struct mandado *m, const struct mandado_hecho *h)
{
	const struct m_medio_registrar *rq = m->request;
	enum err e = mandado_print(s, h, "medio", rq->medio);

	if (e != OK || s->v->opt[OPTION_json] != NULL)
		return e;
	if (strcmp(rq->mecanismo, CONTACTO_CORREO) == 0)
		printf("%s\n",
			_("Se le envían un enlace y un código; basta uno. El plazo es de 72 horas desde "
			  "el registro."));
	else
		printf("%s\n",
			_("Se le envía un código. El plazo es de 72 horas desde que sale el SMS."));
	printf(_("Para validarlo con el código: buzon-tui medio validar %s CODIGO\n"),
		sesion_clean(s->v->arena, h->acuse.folio));
	return OK;
}

/* As it is sent to and shown (ley/correo.h). */
static enum err read_correo(struct verb_call *v, const char *text, const char **ret)
{
	struct correo c;
	enum err e = correo_read(v->arena, text, &c);

	if (e == OK)
		*ret = c.valor;
	return e;
}

/* As one writes it, A01-23456-10-7, or all of them. */
static enum err read_rp(struct verb_call *v, const char **ret)
{
	const char *text = v->opt[OPTION_rp];

	*ret = text != NULL && strcmp(text, "todos") == 0 ? "*" : NULL;
	if (text == NULL || *ret != NULL || rp_normalize(v->arena, text, ret) == OK)
		return OK;
	v->detail = _("--rp lleva un registro patronal, como A01-23456-10-7, o todos");
	return ERR_USAGE;
}

static enum err nuevo(struct verb_call *v)
{
	const char *correo = v->opt[OPTION_correo];
	const char *celular = v->opt[OPTION_celular];
	struct m_medio_registrar rq = {
		.mecanismo = correo != NULL ? CONTACTO_CORREO : CONTACTO_CELULAR,
		.medio = celular,
		.reemplaza = v->opt[OPTION_reemplaza]};
	struct mandado m = {.route = ROUTE_ID_medio_registrar,
		.request = &rq,
		.antes = antes_nuevo,
		.pregunta = _(
			"Escribe SI para registrarlo con tu e.firma; cualquier otra cosa no hace nada: "),
		.hecho = hecho_nuevo};

	if ((correo == NULL) == (celular == NULL)) {
		v->detail = _("Di el medio, uno solo: --correo DIRECCION o --celular NUMERO");
		return ERR_USAGE;
	}
	enum err e = correo != NULL ? read_correo(v, correo, &rq.medio) : OK;

	if (celular != NULL && !celular_valid(celular))
		e = ERR_BAD_MOBILE;
	if (e == OK)
		e = read_rp(v, &rq.rp);
	if (e == OK)
		e = mandado(v, &m);
	if (e == ERR_MEDIA_FULL)
		v->detail = _("--reemplaza FOLIO dice a cuál; buzon-tui medios los lista");
	return e;
}

/* ---- validar, reenviar ---- */

static enum err hecho_validar(
	struct sesion *s, const struct mandado *m, const struct mandado_hecho *h)
{
	return mandado_print(s, h, "medio", ((const struct m_medio_validar *)m->request)->folio);
}

/* To have typed the code that came is to want it. */
static enum err validar(struct verb_call *v)
{
	struct m_medio_validar rq = {.folio = v->args[1], .codigo = v->args[2]};
	struct mandado m = {
		.route = ROUTE_ID_medio_validar, .request = &rq, .hecho = hecho_validar};

	if (strlen(rq.codigo) != 5 || strspn(rq.codigo, "0123456789") != 5) {
		v->detail = _(
			"El código son cinco dígitos, como llegaron: buzon-tui medio validar FOLIO CODIGO");
		return ERR_USAGE;
	}
	return mandado(v, &m);
}

static enum err hecho_reenviar(
	struct sesion *s, const struct mandado *m, const struct mandado_hecho *h)
{
	struct arena *a = s->v->arena;
	const struct m_medio_reenviado *r = &h->reenviado;
	const char *vence = r->vence != 0 ? hora_text(a, zona_centro(), r->vence, HORA_DIA) : "";
	struct json_line j;

	(void)m;
	if (vence == NULL)
		return ERR_NO_MEMORY;
	if (s->v->opt[OPTION_json] != NULL) {
		json_line_begin(&j, a);
		json_line_message(&j, &message_medio_reenviado, r);
		return json_line_end(&j, stdout);
	}
	printf("%s\n", _("Se envió otro código; el anterior ya no sirve."));
	if (r->vence != 0)
		printf(_("El plazo para validarlo no cambia: hasta el %s (ZC)\n"), vence);
	printf(ngettext("Hoy queda %lld envío más\n", "Hoy quedan %lld envíos más\n",
		       (unsigned long)r->quedan),
		(long long)r->quedan);
	return OK;
}

static enum err reenviar(struct verb_call *v)
{
	struct m_medio_reenviar rq = {.folio = v->args[1]};
	struct mandado m = {
		.route = ROUTE_ID_medio_reenviar, .request = &rq, .hecho = hecho_reenviar};

	return mandado(v, &m);
}

/* ---- baja ---- */

static enum err antes_baja(struct sesion *s, struct mandado *m)
{
	const struct m_medio_baja *rq = m->request;

	if (!mandado_speaks(s))
		return OK;
	printf(_("Eliminar el medio de contacto %s: ya no se le enviará nada.\n"),
		sesion_clean(s->v->arena, rq->folio));
	if (rq->bajo_minimo)
		printf("%s\n", err_sentence(ERR_BELOW_MINIMUM));
	return OK;
}

static enum err hecho_baja(struct sesion *s, const struct mandado *m, const struct mandado_hecho *h)
{
	return mandado_print(s, h, "medio", ((const struct m_medio_baja *)m->request)->folio);
}

static enum err baja(struct verb_call *v)
{
	struct m_medio_baja rq = {
		.folio = v->args[1], .bajo_minimo = v->opt[OPTION_bajo_minimo] != NULL};
	struct mandado m = {.route = ROUTE_ID_medio_baja,
		.request = &rq,
		.antes = antes_baja,
		.pregunta = _("Escribe SI para darlo de baja; cualquier otra cosa no hace nada: "),
		.hecho = hecho_baja};
	enum err e = mandado(v, &m);

	if (e == ERR_BELOW_MINIMUM)
		v->detail = _("--bajo-minimo lo confirma");
	return e;
}

enum err verbo_medio(struct verb_call *v)
{
	static const struct subverbo table[] = {
		{"nuevo",
			"--correo DIRECCION | --celular NUMERO [--rp RP|todos] [--reemplaza FOLIO]",
			0, WITH(correo) | WITH(celular) | WITH(rp) | WITH(reemplaza) | WITH(si),
			nuevo},
		{"validar", "FOLIO CODIGO", 2, 0, validar},
		{"reenviar", "FOLIO", 1, 0, reenviar},
		{"baja", "FOLIO [--bajo-minimo]", 1, WITH(bajo_minimo) | WITH(si), baja},
	};

	return subverbo_run(v, table, COUNT_OF(table));
}
