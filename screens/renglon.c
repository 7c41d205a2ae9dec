#include "screens/renglon.h"

#include "base/texto.h"

const struct page_column renglon_columns[RENGLON_COLUMNS] = {
	{.label = N_("Vence"), .key = "vence", .min = 16},
	{.label = N_("Folio"), .key = "folio", .min = 21, .drop = 1},
	{.label = N_("Documento"), .key = "documento", .min = 19, .weight = 1},
	{.label = N_("Estatus"), .key = "estatus", .min = 15, .drop = 2},
	{.label = N_("Tipo"), .key = "tipo", .min = 7, .drop = 3},
	{.label = N_("Oficio"), .key = "oficio", .min = 16, .drop = 4},
	{.label = N_("RP"), .key = "rp", .min = 11, .drop = 5},
	{.label = N_("Periodo"), .key = "periodo", .min = 10, .drop = 6},
	{.label = N_("Importe"), .key = "importe", .min = 12, .right = true, .drop = 7},
	{.label = N_("Subdelegación"), .key = "subdelegacion", .min = 14, .drop = 8},
	{.label = N_("Firmado por"), .key = "funcionario", .min = 20, .drop = 9},
};

enum err renglon_cells(struct arena *a, const struct model *m, const struct fila *row, int64_t now,
	const char *const **ret_cells)
{
	const struct m_notificacion *n = &row->m;
	const char *const made[RENGLON_COLUMNS] = {renglon_vence(a, row->due, now), n->folio,
		n->documento, renglon_estatus(m, row), n->tipo, n->oficio, n->rp, n->periodo,
		n->importe, n->subdelegacion, n->funcionario};
	const char *const *cells = arena_copy(a, made, sizeof(made));

	if (cells == NULL || made[0] == NULL)
		return ERR_NO_MEMORY;
	*ret_cells = cells;
	return OK;
}

const char *renglon_estatus(const struct model *m, const struct fila *row)
{
	if (!fila_cerrada(row) && model_acto(m, ROUTE_ID_notificacion_abrir, row->m.folio) != NULL)
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
