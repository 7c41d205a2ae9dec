#include <libintl.h>
#include <stdio.h>
#include "app/mailbox.h"
#include "ley/zona.h"

static enum err print_json(struct arena *a, const struct m_notificacion *n)
{
	struct bytes line;
	enum err e = codec_encode(a, &message_notificacion, n, &line);

	if (e == OK)
		printf("%.*s\n", (int)line.size, (const char *)line.data);
	return e;
}

static enum err print_row(struct arena *a, const struct mailbox *m, const struct m_notificacion *n)
{
	const char *vence = mailbox_vence(a, m, n);

	if (vence == NULL)
		return ERR_NO_MEMORY;
	printf("%-17s  %-21s  %-20s  %s\n", vence, sesion_clean(a, n->folio), mailbox_estatus(n),
		sesion_clean(a, n->documento));
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
	if (e == OK && !json && m.count != 0)
		printf("%-17s  %-21s  %-20s  %s\n", gettext("Vence (ZC)"), gettext("Folio"),
			gettext("Estatus"), gettext("Documento"));
	if (e == OK && m.count == 0)
		fprintf(stderr, "%s\n", gettext("No hay notificaciones."));
	for (size_t i = 0; e == OK && i < m.count; i++)
		e = json ? print_json(v->arena, &m.rows[i]) : print_row(v->arena, &m, &m.rows[i]);
	return e;
}
