#include "screens/contacto.h"

#include "base/texto.h"
#include "ley/correo.h"
#include "ley/rp.h"

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS INT64_C(3600000)
#define CORREO_ROOM ((size_t)64 << 10)

enum contacto_estado contacto_estado(const struct m_medio *x, int64_t now)
{
	if (x->baja != 0)
		return x->motivo != NULL && strcmp(x->motivo, "vencido") == 0 ? CONTACTO_VENCIDO
									      : CONTACTO_BAJA;
	if (x->validado != 0)
		return CONTACTO_VALIDADO;
	return x->vence != 0 && now > x->vence ? CONTACTO_VENCIDO : CONTACTO_EN_PROCESO;
}

const char *contacto_estatus(enum contacto_estado e)
{
	static const char *const words[] = {
		[CONTACTO_EN_PROCESO] = N_("En proceso"),
		[CONTACTO_VALIDADO] = N_("Validado"),
		[CONTACTO_VENCIDO] = N_("Vencido"),
		[CONTACTO_BAJA] = N_("Baja"),
	};

	return texto(words[e]);
}

const char *contacto_mecanismo(const char *word)
{
	return strcmp(word, CONTACTO_CORREO) == 0 ? _("Correo Electrónico") : _("Teléfono");
}

const char *contacto_de(struct parrafos *p, const char *rp)
{
	if (rp == NULL || rp[0] == '\0')
		return _("el RFC");
	if (strcmp(rp, CONTACTO_TODOS) == 0)
		return _("todos los Registros Patronales");
	const char *text = rp_text(p->arena, rp);

	if (text == NULL)
		p->failed = true;
	return parrafos_printf(p, _("el Registro Patronal %s"), text != NULL ? text : "");
}

static bool same_rp(const char *a, const char *b)
{
	return strcmp(a != NULL ? a : "", b != NULL ? b : "") == 0;
}

bool contacto_es(const struct m_medio *x, const char *mecanismo, const char *rp)
{
	return strcmp(x->mecanismo, mecanismo) == 0 && same_rp(x->rp, rp);
}

static size_t count_of(const struct model *m)
{
	return m->cuenta != NULL ? m->cuenta->medios_count : 0;
}

static bool serves(const struct m_medio *x, const char *rp)
{
	return same_rp(x->rp, rp) ||
	       (rp != NULL && rp[0] != '\0' && x->rp != NULL && strcmp(x->rp, CONTACTO_TODOS) == 0);
}

size_t contacto_validados(const struct model *m, const char *mecanismo, const char *rp)
{
	size_t n = 0;

	for (size_t i = 0; i < count_of(m); i++) {
		const struct m_medio *x = &m->cuenta->medios[i];

		n += x->validado != 0 && x->baja == 0 && strcmp(x->mecanismo, mecanismo) == 0 &&
		     serves(x, rp);
	}
	return n;
}

bool contacto_visibles(const struct model *m)
{
	return model_nivel(m, AMBITO_MEDIOS) >= NIVEL_LEER;
}

bool contacto_listo(const struct model *m)
{
	return !contacto_visibles(m) || (contacto_validados(m, CONTACTO_CORREO, NULL) > 0 &&
						contacto_validados(m, CONTACTO_CELULAR, NULL) > 0);
}

bool contacto_bajo_minimo(const struct model *m, const struct m_medio *without)
{
	return without->rp == NULL && without->validado != 0 && without->baja == 0 &&
	       contacto_validados(m, without->mecanismo, NULL) == 1;
}

static bool en_uso(const struct m_medio *x, int64_t now)
{
	enum contacto_estado e = contacto_estado(x, now);

	return e == CONTACTO_VALIDADO || e == CONTACTO_EN_PROCESO;
}

/* The same mailbox, or the same number. */
static bool same(const char *a, const char *b)
{
	ARENA(room, CORREO_ROOM);
	struct correo left;
	struct correo right;

	if (strcmp(a, b) == 0)
		return true;
	return correo_read(&room, a, &left) == OK && correo_read(&room, b, &right) == OK &&
	       strcmp(left.clave, right.clave) == 0;
}

const struct m_medio *contacto_repetido(const struct model *m, const char *mecanismo,
	const char *medio, const char *rp, int64_t now)
{
	for (size_t i = 0; i < count_of(m); i++) {
		const struct m_medio *x = &m->cuenta->medios[i];

		if (en_uso(x, now) && contacto_es(x, mecanismo, rp) && same(x->medio, medio))
			return x;
	}
	return NULL;
}

/* It sits in the place of another, which is still in use. */
static bool hereda(const struct model *m, const struct m_medio *x, int64_t now)
{
	const struct m_medio *old = x->reemplaza != NULL ? model_medio(m, x->reemplaza) : NULL;

	return x->validado == 0 && old != NULL && en_uso(old, now);
}

bool contacto_ocupa(const struct model *m, const struct m_medio *x, int64_t now)
{
	return en_uso(x, now) && !hereda(m, x, now);
}

const struct m_medio *contacto_lugar(
	const struct model *m, const char *mecanismo, const char *rp, int64_t now, size_t i)
{
	for (size_t at = 0; at < count_of(m); at++) {
		const struct m_medio *x = &m->cuenta->medios[at];

		if (contacto_ocupa(m, x, now) && contacto_es(x, mecanismo, rp) && i-- == 0)
			return x;
	}
	return NULL;
}

const struct m_medio *contacto_heredero(const struct model *m, const char *folio, int64_t now)
{
	for (size_t i = 0; i < count_of(m); i++) {
		const struct m_medio *x = &m->cuenta->medios[i];

		if (contacto_estado(x, now) == CONTACTO_EN_PROCESO && x->reemplaza != NULL &&
			strcmp(x->reemplaza, folio) == 0)
			return x;
	}
	return NULL;
}

const struct m_medio *contacto_celular(const struct model *m, const char *rp, int64_t now)
{
	const struct m_medio *found = NULL;
	const struct m_medio *x;

	for (size_t i = 0; (x = contacto_lugar(m, CONTACTO_CELULAR, rp, now, i)) != NULL; i++)
		if (found == NULL || (found->validado == 0 && x->validado != 0))
			found = x;
	return found;
}

int64_t contacto_hasta(const struct model *m)
{
	int64_t first = 0;

	for (size_t i = 0; i < count_of(m); i++) {
		const struct m_medio *x = &m->cuenta->medios[i];

		if (x->validado == 0 && x->baja == 0 && x->vence != 0 &&
			(first == 0 || x->vence + 1 < first))
			first = x->vence + 1;
	}
	return first;
}

const char *contacto_restan(struct parrafos *p, int64_t vence, int64_t now, int64_t *ret_until)
{
	int64_t left = vence - now;
	int64_t unit = left >= HOUR_MS ? HOUR_MS : MINUTE_MS;
	int64_t n = left / unit;
	int64_t until = vence - n * unit + 1;

	if (ret_until != NULL && (*ret_until == 0 || until < *ret_until))
		*ret_until = until;
	if (n == 0)
		return _("queda menos de un minuto");
	if (unit == HOUR_MS)
		return parrafos_printf(p,
			ngettext("queda %lld hora", "quedan %lld horas", (unsigned long)n),
			(long long)n);
	return parrafos_printf(p,
		ngettext("queda %lld minuto", "quedan %lld minutos", (unsigned long)n),
		(long long)n);
}

void contacto_plazo(struct parrafos *p, const struct model *m, const struct m_medio *x, int64_t now,
	int64_t *ret_until)
{
	if (contacto_estado(x, now) != CONTACTO_EN_PROCESO)
		return;
	if (x->vence == 0) {
		parrafos_pair(p, _("Puede validarse"),
			_("en las %d horas que corren desde que salga el SMS"), CONTACTO_HORAS);
		return;
	}
	parrafos_pair(p, _("Puede validarse"), _("hasta el %s%s; %s"), parrafos_hora(p, x->vence),
		parrafos_domicilio(p, model_domicilio(m), x->vence),
		contacto_restan(p, x->vence, now, ret_until));
}

void contacto_aviso(struct parrafos *p, const struct m_medio *x)
{
	const char *what = x->aviso != NULL ? x->aviso : "";
	const char *when = x->aviso_desde != 0 ? parrafos_hora(p, x->aviso_desde) : "";

	if (what[0] == '\0')
		return;
	if (strcmp(what, "por-enviar") == 0 && x->aviso_detalle != NULL)
		parrafos_add(p, PAGE_WARNING, _("Último mensaje por enviar. %s"), x->aviso_detalle);
	else if (strcmp(what, "por-enviar") == 0)
		parrafos_pair(p, _("Último mensaje"), _("por enviar; sale en un momento"));
	else if (strcmp(what, "enviado") == 0)
		parrafos_pair(p, _("Último mensaje"), _("enviado, %s"), when);
	else if (strcmp(what, "entregado") == 0)
		parrafos_pair(p, _("Último mensaje"), _("entregado, %s"), when);
	else
		parrafos_add(p, PAGE_WARNING, _("El último mensaje no se pudo entregar (%s)%s%s"),
			when, x->aviso_detalle != NULL ? ": " : "",
			x->aviso_detalle != NULL ? x->aviso_detalle : "");
}

void contacto_reemplazo(struct parrafos *p, const struct model *m, const struct m_medio *old)
{
	const struct m_medio *heir = contacto_heredero(m, old->folio, 0);

	if (old->validado == 0) {
		parrafos_add(p, PAGE_WARNING,
			_("Toma el lugar de %s, que está por validarse: ese se da de baja al registrar el "
			  "nuevo."),
			old->medio);
		return;
	}
	parrafos_add(p, PAGE_WARNING,
		_("Reemplaza a %s, que sigue en uso hasta que valides el nuevo y entonces se da de "
		  "baja."),
		old->medio);
	if (heir != NULL)
		parrafos_add(p, PAGE_WARNING,
			_("%s, que estaba por reemplazarlo, se da de baja al registrar el nuevo."),
			heir->medio);
}
