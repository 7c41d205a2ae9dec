#include <stdio.h>
#include "app/sesion.h"
#include "base/texto.h"
#include "ley/zona.h"
#include "net/json_line.h"
#include "screens/cronologia.h"

/* An object an event: the folio, and the members of the wire's `evento` with its name. */
static enum err print_json(struct arena *a, const char *folio, const struct m_evento *e)
{
	struct json_line j;

	json_line_begin(&j, a);
	json_line_text(&j, "notificacion", folio);
	json_line_message(&j, &message_evento, e);
	json_line_text(&j, "nombre", cronologia_suceso(e->suceso));
	return json_line_end(&j, stdout);
}

static enum err print_event(struct arena *a, const struct m_evento *e)
{
	const char *when = hora_text(a, zona_centro(), e->instante, HORA_ACUSE);

	if (when == NULL)
		return ERR_NO_MEMORY;
	printf("%s  %s · %s", when, sesion_clean(a, texto(cronologia_suceso(e->suceso))),
		sesion_clean(a, e->actor));
	if (e->detalle != NULL)
		printf(" · %s", sesion_clean(a, e->detalle));
	if (e->prueba != NULL)
		printf(_(" · prueba: %s"), sesion_clean(a, e->prueba));
	putchar('\n');
	return OK;
}

enum err verbo_historia(struct verb_call *v)
{
	SESION(s);
	const struct m_historia_pedir rq = {.folio = v->args[0]};
	struct m_historia h;
	enum err e = sesion_open(v, &s);

	if (e != OK)
		return e;
	sesion_flush(&s);
	e = sesion_call(&s, v->arena, ROUTE_ID_historia, &rq, &h, NULL);
	if (e == ERR_NOT_FOUND)
		v->detail = v->args[0];
	for (size_t i = 0; e == OK && i < h.eventos_count; i++)
		e = v->opt[OPTION_json] != NULL ? print_json(v->arena, h.folio, &h.eventos[i])
						: print_event(v->arena, &h.eventos[i]);
	return e;
}
