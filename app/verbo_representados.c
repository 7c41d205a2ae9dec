#include <stdio.h>
#include "app/mailbox.h"
#include "app/representacion.h"
#include "base/texto.h"

enum err verbo_representados(struct verb_call *v)
{
	SESION(s);
	const struct m_cuenta *c = NULL;
	enum err e = sesion_open(v, &s);

	if (e != OK)
		return e;
	sesion_flush(&s);
	e = mailbox_cuenta(&s, &c);
	if (e == OK && c->representados_count == 0)
		fprintf(stderr, "%s\n", _("Ningún RFC te ha dado acceso a su Buzón."));
	return e == OK ? representacion_list(v, c->representados, c->representados_count, true) : e;
}
