#include <stdio.h>
#include "app/mailbox.h"
#include "base/texto.h"
#include "ley/zona.h"
#include "net/json_line.h"

/* As the wire has it, and what the list says of it besides. */
static enum err print_json(struct arena *a, const struct mailbox *m, const struct m_notificacion *n)
{
	struct json_line j;
	int32_t ultimo;

	json_line_begin(&j, a);
	json_line_message(&j, &message_notificacion, n);
	json_line_text(&j, "estatus", mailbox_estatus(n));
	if (mailbox_ultimo(m, n, &ultimo)) {
		const char *dia = fecha_text(a, ultimo, FECHA_ISO);

		if (dia == NULL)
			return ERR_NO_MEMORY;
		json_line_text(&j, "ultimo_dia", dia);
	}
	return json_line_end(&j, stdout);
}

static void print_columns(struct arena *a, const char *vence, const char *folio,
	const char *estatus, const char *documento)
{
	printf("%s  %s  %s  %s\n", sesion_cell(a, vence, 17), sesion_cell(a, folio, 21),
		sesion_cell(a, estatus, 20), sesion_clean(a, documento));
}

static enum err print_row(struct arena *a, const struct mailbox *m, const struct m_notificacion *n)
{
	const char *vence = mailbox_vence(a, m, n);

	if (vence == NULL)
		return ERR_NO_MEMORY;
	print_columns(a, vence, n->folio, texto(mailbox_estatus(n)), n->documento);
	return OK;
}

enum err verbo_notificaciones(struct verb_call *v)
{
	SESION(s);
	struct mailbox m;
	bool json = v->opt[OPTION_json] != NULL;
	enum err e = sesion_open(v, &s);

	if (e != OK)
		return e;
	sesion_flush(&s);
	e = mailbox_fetch(&s, &m);
	if (e == OK)
		e = mailbox_visible(&m);
	if (e == OK && !json && m.count != 0)
		print_columns(v->arena, _("Vence (ZC)"), _("Folio"), _("Estatus"), _("Documento"));
	if (e == OK && m.count == 0)
		fprintf(stderr, "%s\n", _("No hay notificaciones."));
	for (size_t i = 0; e == OK && i < m.count; i++)
		e = json ? print_json(v->arena, &m, &m.rows[i])
			 : print_row(v->arena, &m, &m.rows[i]);
	return e;
}
