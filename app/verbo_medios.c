#include <stdio.h>
#include "app/mailbox.h"
#include "base/texto.h"
#include "ley/zona.h"
#include "net/json_line.h"
#include "screens/contacto.h"

#define CELULARES_MOST 1

enum ancho { FOLIO = 21, ESTADO = 11, CUANDO = 17, DE = 14 };

/* For programs; texto() for people. */
static const char *estado(const struct m_medio *m, int64_t now)
{
	switch (contacto_estado(m, now)) {
	case CONTACTO_VALIDADO:
		return N_("validado");
	case CONTACTO_VENCIDO:
		return N_("vencido");
	case CONTACTO_BAJA:
		return N_("baja");
	case CONTACTO_EN_PROCESO:
	default:
		return N_("por validar");
	}
}

static enum err print_json(struct arena *a, const struct m_medio *m, int64_t now)
{
	struct json_line j;

	json_line_begin(&j, a);
	json_line_message(&j, &message_medio, m);
	json_line_text(&j, "estado", estado(m, now));
	return json_line_end(&j, stdout);
}

static const char *de(struct arena *a, const struct m_medio *m)
{
	if (m->rp == NULL)
		return _("RFC");
	return strcmp(m->rp, "*") == 0 ? _("todos los RP") : sesion_clean(a, m->rp);
}

static enum err print_row(struct arena *a, const struct m_medio *m, int64_t now)
{
	int64_t when = m->baja != 0 ? m->baja : m->validado != 0 ? m->validado : m->vence;
	const char *hora = when != 0 ? hora_text(a, zona_centro(), when, HORA_LISTA) : "";

	if (hora == NULL)
		return ERR_NO_MEMORY;
	printf("%s  %s  %s  %s  %s\n", sesion_cell(a, m->folio, FOLIO),
		sesion_cell(a, texto(estado(m, now)), ESTADO), sesion_cell(a, hora, CUANDO),
		sesion_cell(a, de(a, m), DE), sesion_clean(a, m->medio));
	/* A message that did not arrive is why nothing happens. */
	if (m->baja == 0 && m->aviso != NULL && strcmp(m->aviso, "fallido") == 0)
		printf(_("    El aviso a ese medio no llegó: %s\n"),
			sesion_clean(a, m->aviso_detalle));
	return OK;
}

/* Places that are taken; `rp` NULL: those of the RFC. */
static size_t count_of(const struct model *all, const char *rp, const char *mecanismo, int64_t now)
{
	const struct m_cuenta *c = all->cuenta;
	size_t n = 0;

	for (size_t i = 0; i < c->medios_count; i++) {
		const struct m_medio *m = &c->medios[i];
		bool its = rp == NULL ? m->rp == NULL
				      : m->rp != NULL &&
						(strcmp(m->rp, rp) == 0 || strcmp(m->rp, "*") == 0);

		n += its && strcmp(m->mecanismo, mecanismo) == 0 && contacto_ocupa(all, m, now);
	}
	return n;
}

static enum err print_counters(struct arena *a, const struct m_cuenta *c, int64_t now)
{
	struct model *all = arena_zalloc(a, sizeof(*all));

	if (all == NULL)
		return ERR_NO_MEMORY;
	all->cuenta = c;
	printf(_("Del RFC: %zu de %d correos, %zu de %d celular\n"),
		count_of(all, NULL, CONTACTO_CORREO, now), CONTACTO_CORREOS,
		count_of(all, NULL, CONTACTO_CELULAR, now), CELULARES_MOST);
	for (size_t i = 0; i < c->rps_count; i++) {
		const char *rp = c->rps[i].rp;
		size_t correos = count_of(all, rp, CONTACTO_CORREO, now);
		size_t celulares = count_of(all, rp, CONTACTO_CELULAR, now);

		if (correos + celulares != 0)
			printf(_("Del RP %s: %zu de %d correos, %zu de %d celular\n"),
				sesion_clean(a, rp), correos, CONTACTO_CORREOS, celulares,
				CELULARES_MOST);
	}
	return OK;
}

static enum err print_head(struct arena *a, const struct m_cuenta *c, int64_t now)
{
	enum err e = print_counters(a, c, now);

	if (e == OK && c->medios_count != 0)
		printf("%s  %s  %s  %s  %s\n", sesion_cell(a, _("Folio"), FOLIO),
			sesion_cell(a, _("Estado"), ESTADO),
			sesion_cell(a, _("Cuándo (ZC)"), CUANDO), sesion_cell(a, _("Es de"), DE),
			_("Medio"));
	else if (e == OK)
		fprintf(stderr, "%s\n",
			_("No hay medios de contacto; registra uno con: buzon-tui medio "
			  "nuevo --correo DIRECCION"));
	return e;
}

enum err verbo_medios(struct verb_call *v)
{
	SESION(s);
	const struct m_cuenta *c = NULL;
	bool json = v->opt[OPTION_json] != NULL;
	enum err e = sesion_open(v, &s);

	if (e != OK)
		return e;
	sesion_flush(&s);
	e = mailbox_cuenta(&s, &c);
	/* What may not be seen was not told: that is not to have none. */
	if (e == OK && mailbox_nivel(c, AMBITO_MEDIOS) < NIVEL_LEER)
		e = ERR_NO_SCOPE;
	int64_t now = client_now(s.client);

	if (e == OK && !json)
		e = print_head(v->arena, c, now);
	for (size_t i = 0; e == OK && i < c->medios_count; i++)
		e = json ? print_json(v->arena, &c->medios[i], now)
			 : print_row(v->arena, &c->medios[i], now);
	return e;
}
