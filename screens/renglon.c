#include "screens/renglon.h"

#include "base/texto.h"

const char *renglon_estatus(const struct model *m, const struct fila *row)
{
	if (row->m.abierta == 0 && model_acto(m, ROUTE_ID_notificacion_abrir, row->m.folio) != NULL)
		return _("por enviar");
	return texto(fila_estatus(row));
}

const char *renglon_vence(struct arena *a, int64_t due, int64_t now)
{
	struct hora_civil h = zona_civil(zona_centro(), due);
	int32_t today = zona_civil(zona_centro(), now).dia;
	int year, this_year, month, day;
	int minutes = h.ms / 60000;

	if (due == 0)
		return "";
	if (h.dia == today || h.dia == today + 1)
		return arena_printf(a, "%s %02d:%02d", h.dia == today ? _("HOY") : _("MAÑANA"),
			minutes / 60, minutes % 60);
	fecha_split(h.dia, &year, &month, &day);
	fecha_split(today, &this_year, &month, &day);
	const char *text = fecha_text(a, h.dia, FECHA_DIA);

	if (text == NULL || year != this_year || strlen(text) < 5)
		return text;
	return arena_printf(
		a, "%.*s %02d:%02d", (int)strlen(text) - 5, text, minutes / 60, minutes % 60);
}

enum page_style renglon_style(int64_t due, int64_t now)
{
	if (due == 0)
		return PAGE_MUTED;
	return zona_civil(zona_centro(), due).dia <= zona_civil(zona_centro(), now).dia
		       ? PAGE_URGENT
		       : PAGE_NORMAL;
}
