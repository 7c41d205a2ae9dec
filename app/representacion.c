#include "app/representacion.h"

#include <stdio.h>
#include "app/permisos.h"
#include "app/sesion.h"
#include "base/texto.h"
#include "ley/zona.h"
#include "net/json_line.h"

enum ancho { FOLIO = 21, RFC = 13, ESTADO = 11, HASTA = 17 };

static enum err print_json(struct arena *a, const struct m_representacion *m)
{
	struct json_line j;

	json_line_begin(&j, a);
	json_line_message(&j, &message_representacion, m);
	return json_line_end(&j, stdout);
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
	printf("%s  %s  %s  %s  %s  %s\n", sesion_cell(a, m->folio, FOLIO),
		sesion_cell(a, rfc, RFC), sesion_cell(a, m->estado, ESTADO),
		sesion_cell(a, hasta, HASTA), sesion_clean(a, permisos), sesion_clean(a, nombre));
	return OK;
}

enum err representacion_list(
	struct verb_call *v, const struct m_representacion *rows, size_t count, bool received)
{
	bool json = v->opt[OPTION_json] != NULL;
	struct arena *a = v->arena;
	enum err e = OK;

	if (!json && count != 0)
		printf("%s  %s  %s  %s  %s\n", sesion_cell(a, _("Folio"), FOLIO),
			sesion_cell(a, _("RFC"), RFC), sesion_cell(a, _("Estado"), ESTADO),
			sesion_cell(a, _("Hasta (ZC)"), HASTA), _("Permisos y nombre"));
	for (size_t i = 0; e == OK && i < count; i++)
		e = json ? print_json(v->arena, &rows[i]) : print_row(v->arena, &rows[i], received);
	return e;
}
