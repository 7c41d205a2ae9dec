#include <stdio.h>
#include "app/mailbox.h"
#include "base/texto.h"
#include "ley/zona.h"
#include "net/json_line.h"
#include "screens/contacto.h"

#define CELULARES 1 /* of one RFC (5.1) */

/* For programs; texto() for people. */
static const char *estado(const struct m_medio *m)
{
	if (m->baja != 0)
		return N_("baja");
	return m->validado != 0 ? N_("validado") : N_("por validar");
}

static enum err print_json(struct arena *a, const struct m_medio *m)
{
	struct json_line j;

	json_line_begin(&j, a);
	json_line_message(&j, &message_medio, m);
	json_line_text(&j, "estado", estado(m));
	return json_line_end(&j, stdout);
}

static const char *de(const struct m_medio *m)
{
	if (m->rp == NULL)
		return _("RFC");
	return strcmp(m->rp, CONTACTO_TODOS) == 0 ? _("todos los RP") : m->rp;
}

static void print_columns(struct arena *a, const char *folio, const char *state, const char *when,
	const char *whose, const char *medio)
{
	printf("%s  %s  %s  %s  %s\n", sesion_columna(a, folio, 21), sesion_columna(a, state, 11),
		sesion_columna(a, when, 17), sesion_columna(a, whose, 12), sesion_clean(a, medio));
}

static enum err print_row(struct arena *a, const struct m_medio *m)
{
	int64_t when = m->baja != 0 ? m->baja : m->validado != 0 ? m->validado : m->vence;
	const char *hora = when != 0 ? hora_text(a, zona_centro(), when, HORA_LISTA) : "";

	if (hora == NULL)
		return ERR_NO_MEMORY;
	print_columns(a, m->folio, texto(estado(m)), hora, de(m), m->medio);
	/* A message that did not arrive is why nothing happens. */
	if (m->baja != 0 || m->aviso == NULL || m->aviso_detalle == NULL)
		return OK;
	if (strcmp(m->aviso, "fallido") == 0)
		printf(_("    El aviso a ese medio no llegó: %s\n"),
			sesion_clean(a, m->aviso_detalle));
	else if (strcmp(m->aviso, "por-enviar") == 0)
		printf(_("    El aviso a ese medio está por enviarse: %s\n"),
			sesion_clean(a, m->aviso_detalle));
	return OK;
}

/* In force or being validated; `rp` NULL: those of the RFC. */
static size_t count_of(const struct m_cuenta *c, const char *rp, const char *mecanismo)
{
	size_t n = 0;

	for (size_t i = 0; i < c->medios_count; i++) {
		const struct m_medio *m = &c->medios[i];
		bool its = rp == NULL
				   ? m->rp == NULL
				   : m->rp != NULL && (strcmp(m->rp, rp) == 0 ||
							      strcmp(m->rp, CONTACTO_TODOS) == 0);

		n += its && m->baja == 0 && strcmp(m->mecanismo, mecanismo) == 0;
	}
	return n;
}

static void print_counters(struct arena *a, const struct m_cuenta *c)
{
	printf(_("Del RFC: %zu de %d correos, %zu de %d celular\n"),
		count_of(c, NULL, CONTACTO_CORREO), CONTACTO_CORREOS,
		count_of(c, NULL, CONTACTO_CELULAR), CELULARES);
	for (size_t i = 0; i < c->rps_count; i++) {
		const char *rp = c->rps[i].rp;

		if (count_of(c, rp, CONTACTO_CORREO) + count_of(c, rp, CONTACTO_CELULAR) != 0)
			printf(_("Del RP %s: %zu de %d correos, %zu de %d celular\n"),
				sesion_clean(a, rp), count_of(c, rp, CONTACTO_CORREO),
				CONTACTO_CORREOS, count_of(c, rp, CONTACTO_CELULAR), CELULARES);
	}
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
	if (e == OK && !json) {
		print_counters(v->arena, c);
		if (c->medios_count != 0)
			print_columns(v->arena, _("Folio"), _("Estado"), _("Cuándo (ZC)"),
				_("Es de"), _("Medio"));
		else
			fprintf(stderr, "%s\n",
				_("No hay medios de contacto; registra uno con: buzon-tui medio "
				  "nuevo --correo DIRECCION"));
	}
	for (size_t i = 0; e == OK && i < c->medios_count; i++)
		e = json ? print_json(v->arena, &c->medios[i]) : print_row(v->arena, &c->medios[i]);
	return e;
}
