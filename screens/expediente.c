#include "screens/expediente.h"

#include "base/texto.h"
#include "screens/model.h"

const char *expediente_tipo(struct parrafos *p, const struct model *m, const char *clave)
{
	const struct m_tipo_acto *tipo = model_tipo(m, clave);

	return tipo != NULL ? parrafos_printf(p, "%s, %s", clave, tipo->nombre) : clave;
}

const char *expediente_hora(struct parrafos *p, const struct model *m, int64_t instant)
{
	return parrafos_printf(p, "%s%s", parrafos_hora(p, instant),
		parrafos_domicilio(p, model_domicilio(m), instant));
}

void expediente_cambio(struct parrafos *p, const struct model *m, const struct m_notificacion *n)
{
	if (n->cambio == NULL)
		return;
	if (n->vence_antes == 0)
		parrafos_add(p, PAGE_WARNING, _("Cambió su fecha: %s"), n->cambio);
	else
		parrafos_add(p, PAGE_WARNING, _("Vencía el %s, ahora el %s: %s"),
			parrafos_hora(p, n->vence_antes), expediente_hora(p, m, n->vence),
			n->cambio);
}

static void effects(struct parrafos *p, const struct efectos_caso *caso, const char *when)
{
	parrafos_add(p, PAGE_NORMAL, _("%s: surte efectos el %s."), when,
		parrafos_dia(p, caso->e.surte));
}

void expediente_plazo(struct parrafos *p, const struct efectos *e, const struct efectos_caso *caso,
	const char *when, bool runs)
{
	if (caso->sin_efecto) {
		parrafos_add(p, PAGE_WARNING,
			_("%s: surte efectos después de donde acaba el calendario publicado; no se "
			  "adivina."),
			when);
		return;
	}
	if (caso->sin_termino) {
		effects(p, caso, when);
		parrafos_add(p, PAGE_WARNING,
			ngettext(
				"Su plazo de %d día hábil acaba después de donde acaba el calendario "
				"publicado; no se adivina.",
				"Su plazo de %d días hábiles acaba después de donde acaba el calendario "
				"publicado; no se adivina.",
				(unsigned long)e->plazo_dias),
			e->plazo_dias);
		return;
	}
	parrafos_add(p, PAGE_NORMAL,
		ngettext("%s: surte efectos el %s; el plazo de %d día hábil %s del %s al %s.",
			"%s: surte efectos el %s; el plazo de %d días hábiles %s del %s al %s.",
			(unsigned long)e->plazo_dias),
		when, parrafos_dia(p, caso->e.surte), e->plazo_dias,
		runs ? _("corre") : _("correría"), parrafos_dia(p, caso->e.primero),
		parrafos_dia(p, caso->e.ultimo));
	if (caso->prudente != 0)
		parrafos_add(p, PAGE_MUTED, _("  Fecha prudente: %s, %s."),
			parrafos_dia(p, caso->prudente), texto(caso->motivo));
}

void expediente_para(struct parrafos *p, const char *para)
{
	char first = para[0] >= 'A' && para[0] <= 'Z' ? (char)(para[0] - 'A' + 'a') : para[0];

	parrafos_add(p, PAGE_NORMAL, _("Ese plazo es para %c%s."), first,
		para[0] != '\0' ? para + 1 : "");
}

void expediente_calendario(struct parrafos *p, const struct model *m, const struct efectos *e)
{
	const struct calendario *c = model_calendario(m);

	if (c == NULL || e->estado == EFECTOS_RETIRADA)
		return;
	if (c->fuente != NULL)
		parrafos_add(p, PAGE_MUTED, _("Calendario: %s"), c->fuente);
	if (e->sin_vacaciones != 0)
		parrafos_add(p, PAGE_MUTED,
			_("Las vacaciones generales de %d no están publicadas todavía: si se "
			  "declaran, estas fechas se mueven hacia después, nunca antes."),
			(int)e->sin_vacaciones);
}
