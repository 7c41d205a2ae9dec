/* /terminos and /privacidad: the texts in force, and /terminos/<version> of any that was (L-10,
 * */
#include "core/legales.h"

#include <string.h>
#include "core/hoja.h"
#include "ley/zona.h"

/* A line that ends without a stop, and is no item, is a heading (core/legales.h). */
static bool is_heading(const char *line)
{
	size_t size = strlen(line);

	return strncmp(line, "- ", 2) != 0 && strchr(".:;,", line[size - 1]) == NULL;
}

static void show_line(struct hoja *h, const char *line, bool *list)
{
	bool item = strncmp(line, "- ", 2) == 0;

	if (item != *list)
		hoja_html(h, item ? "<ul>\n" : "</ul>\n");
	*list = item;
	hoja_html(h, item ? "<li>" : is_heading(line) ? "<h2>" : "<p>");
	hoja_escape(h, item ? line + 2 : line);
	hoja_html(h, item ? "</li>\n" : is_heading(line) ? "</h2>\n" : "</p>\n");
}

static void show_lines(struct hoja *h, char *rest)
{
	bool list = false;
	char *line;

	while ((line = strtok_r(NULL, "\n", &rest)) != NULL)
		show_line(h, line, &list);
	if (list)
		hoja_html(h, "</ul>\n");
}

static void show_version(struct hoja *h, const struct legal *l, bool old)
{
	const char *desde = hora_text(h->p->x->arena, zona_centro(), l->desde, HORA_ACUSE);

	hoja_html(h, "<hr>\n");
	hoja_datos(h);
	hoja_dato(h, "Versión", l->version);
	hoja_dato(h, "Vigente desde", desde);
	hoja_dato(h, "Huella SHA-256 del texto", l->sha256);
	hoja_datos_fin(h);
	if (old)
		hoja_parrafo(h, "Esta versión ya no es la vigente; se conserva porque hay actos "
				"hechos bajo ella.");
}

static void show(struct pagina *p, const struct legal *l, bool old)
{
	char *text = arena_copy(p->x->arena, l->texto.data, l->texto.size);
	char *rest = NULL;
	struct hoja h;

	/* A text has a line that is no blank one (legales_load). */
	const char *title = text != NULL ? strtok_r(text, "\n", &rest) : NULL;

	if (title == NULL) {
		exchange_refuse(p->x, ERR_NO_MEMORY);
		return;
	}
	hoja_begin(&h, p, title);
	show_lines(&h, rest);
	show_version(&h, l, old);
	hoja_end(&h, 200);
}

static void answer(struct pagina *p, enum legal_cual cual)
{
	const struct server *s = p->server;
	const char *version = *p->resto != '\0' ? p->resto : NULL;
	struct legal l;
	struct hoja h;

	if (!pagina_take(p))
		return;
	struct store *store = store_pool_take(s->readers);
	enum err e = legales_version(s->legales, p->x->arena, store, cual, version, &l);

	store_pool_give(s->readers, store);
	if (e == OK) {
		show(p, &l, strcmp(l.version, legales_vigente(s->legales, cual)->version) != 0);
		return;
	}
	hoja_begin(&h, p, "Texto no encontrado");
	hoja_parrafo(&h, e == ERR_NOT_FOUND
				 ? "Esa versión nunca estuvo vigente; revisa la dirección."
				 : "En este momento no se puede consultar. Espera un "
				   "minuto e inténtalo de nuevo.");
	hoja_end(&h, e == ERR_NOT_FOUND ? 404 : 503);
}

void pagina_terminos(struct pagina *p)
{
	answer(p, LEGAL_TERMINOS);
}

void pagina_privacidad(struct pagina *p)
{
	answer(p, LEGAL_PRIVACIDAD);
}
