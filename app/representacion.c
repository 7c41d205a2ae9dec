#include "app/representacion.h"

#include <stdio.h>
#include "app/mailbox.h"
#include "app/permisos.h"
#include "base/texto.h"
#include "ley/zona.h"
#include "net/json_line.h"

static enum err print_json(struct arena *a, const struct m_representacion *m)
{
	struct json_line j;

	json_line_begin(&j, a);
	json_line_message(&j, &message_representacion, m);
	return json_line_end(&j, stdout);
}

static void print_columns(struct arena *a, const char *folio, const char *rfc, const char *estado,
	const char *hasta, const char *last)
{
	printf("%s  %s  %s  %s  %s\n", sesion_cell(a, folio, 21), sesion_cell(a, rfc, 13),
		sesion_cell(a, estado, 11), sesion_cell(a, hasta, 17), last);
}

static enum err print_row(struct arena *a, const struct m_representacion *m, bool received)
{
	const char *rfc = received ? m->titular : m->representante;
	const char *nombre = received ? m->titular_nombre : m->representante_nombre;
	const char *hasta = m->hasta != 0 ? hora_text(a, zona_centro(), m->hasta, HORA_LISTA)
					  : _("sin término");
	const char *permisos = permisos_text(a, m->permisos, m->permisos_count);

	if (hasta == NULL || permisos == NULL)
		return ERR_NO_MEMORY;
	const char *last =
		arena_printf(a, "%s  %s", sesion_clean(a, permisos), sesion_clean(a, nombre));

	if (last == NULL)
		return ERR_NO_MEMORY;
	print_columns(a, m->folio, rfc, m->estado, hasta, last);
	return OK;
}

static enum err print_all(
	struct verb_call *v, const struct m_representacion *rows, size_t count, bool received)
{
	bool json = v->opt[OPTION_json] != NULL;
	enum err e = OK;

	if (!json && count != 0)
		print_columns(v->arena, _("Folio"), _("RFC"), _("Estado"), _("Hasta (ZC)"),
			_("Permisos y nombre"));
	for (size_t i = 0; e == OK && i < count; i++)
		e = json ? print_json(v->arena, &rows[i]) : print_row(v->arena, &rows[i], received);
	return e;
}

enum err representacion_list(struct verb_call *v, bool received)
{
	SESION(s);
	const struct m_cuenta *c = NULL;
	enum err e = sesion_open(v, &s);

	if (e != OK)
		return e;
	sesion_flush(&s);
	e = mailbox_cuenta(&s, &c);
	if (e != OK)
		return e;
	size_t count = received ? c->representados_count : c->representantes_count;

	if (count == 0)
		fprintf(stderr, "%s\n",
			received ? _("Ningún RFC te ha dado acceso a su Buzón.")
				 : _("Nadie actúa por este RFC."));
	return print_all(v, received ? c->representados : c->representantes, count, received);
}
