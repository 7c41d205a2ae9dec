#include "screens/saved.h"

#include <stdio.h>
#include <string.h>
#include "base/texto.h"

bool saved_event(struct saved *s, const struct event *e)
{
	if (e->kind == EVENT_OPENED)
		s->shown = e->err;
	if (e->kind != EVENT_SAVED)
		return e->kind == EVENT_OPENED;
	s->err = e->err;
	s->shown = OK;
	(void)snprintf(s->path, sizeof(s->path), "%s", e->err == OK ? e->value : "");
	return true;
}

void saved_status(const struct saved *s, char *to, size_t size)
{
	const char *slash = strrchr(s->path, '/');

	if (s->err != OK)
		(void)snprintf(to, size, _("No se guardó; el motivo, al inicio (g)."));
	else if (s->path[0] != '\0')
		(void)snprintf(to, size, _("Guardado: %s (la ruta, al inicio: g)"),
			slash != NULL ? slash + 1 : s->path);
	if (s->shown != OK)
		(void)snprintf(to, size, _("No se pudo mostrar; el motivo, al inicio (g)."));
}

void saved_say(struct parrafos *p, const struct saved *s)
{
	if (s->err != OK)
		parrafos_add(p, PAGE_WARNING, _("No se guardó. %s"), err_sentence(s->err));
	if (s->path[0] != '\0')
		parrafos_pair(p, _("Guardado en"), "%s", s->path);
	if (s->shown != OK)
		parrafos_add(p, PAGE_WARNING,
			_("No hay con qué abrirlo aquí: instala xdg-utils, o di tu "
			  "programa en la variable BUZON_ABRIR."));
}
