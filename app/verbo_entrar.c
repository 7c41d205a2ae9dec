#include <stdio.h>
#include "app/sesion.h"
#include "base/texto.h"
#include "ley/zona.h"

static enum err print_json(struct arena *a, const struct m_entrado *m)
{
	struct bytes line;
	enum err e = codec_encode(a, &message_entrado, m, &line);

	if (e == OK)
		printf("%.*s\n", (int)line.size, (const char *)line.data);
	return e;
}

enum err verbo_entrar(struct verb_call *v)
{
	SESION(s);
	struct arena *a = v->arena;
	enum err e = sesion_open(v, &s);

	if (e != OK)
		return e;
	const struct m_entrado *m = &s.entrado;
	const char *until = hora_text(a, zona_centro(), m->certificado_vence, HORA_LISTA);

	sesion_flush(&s);
	if (v->opt[OPTION_json] != NULL)
		return print_json(a, m);
	if (until == NULL)
		return ERR_NO_MEMORY;
	printf("%s · %s\n", sesion_clean(a, m->nombre), sesion_clean(a, m->titular));
	if (strcmp(m->firmante, m->titular) != 0)
		printf(_("Firma por él: %s\n"), sesion_clean(a, m->firmante));
	printf(_("Buzón IMSS: %s\n"), m->habilitado ? _("habilitado") : _("sin habilitar"));
	printf(_("Tu e.firma vence el %s (ZC)\n"), until);
	return OK;
}
