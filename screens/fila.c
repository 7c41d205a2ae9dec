#include "screens/fila.h"

#include <string.h>
#include "base/texto.h"
#include "base/utf8.h"
#include "ley/plazo.h"

#define DAY_MS 86400000
/* Past every instant (MAX_MS), so that what is not due comes last. */
#define NEVER (INT64_C(1) << 60)

/* End of the last day of the response's term, where it still runs on `today`. */
static void count_term(struct fila *f, const struct calendario *c, int32_t today)
{
	struct plazo_aviso aviso;
	struct plazo_efecto efecto;

	if (c == NULL || f->m.plazo_dias <= 0 || plazo_de_aviso(c, f->m.aviso, &aviso) != OK ||
		plazo_de_apertura(c, &aviso, f->m.abierta, (int)f->m.plazo_dias, &efecto) != OK)
		return;
	if (efecto.ultimo < today)
		return;
	f->ultimo = efecto.ultimo;
	f->due = zona_instant(zona_centro(), efecto.ultimo, DAY_MS - 1);
}

void fila_judge(struct fila *f, const struct calendario *c, int64_t now)
{
	f->due = 0;
	f->ultimo = 0;
	f->notificada = f->m.notificada != 0 ? f->m.notificada : now >= f->m.vence ? f->m.vence : 0;
	if (f->m.notificada == 0 && now < f->m.vence) {
		f->estado = FILA_POR_ABRIR;
		f->due = f->m.vence;
		return;
	}
	f->estado =
		f->m.abierta != 0 && f->m.abierta < f->m.vence ? FILA_NOTIFICADA : FILA_POR_PLAZO;
	count_term(f, c, zona_civil(zona_centro(), now).dia);
}

int64_t fila_clase(const struct fila *f)
{
	int64_t clase = 1 << FILTRO_TODAS;

	clase |= 1 << (f->estado == FILA_POR_ABRIR ? FILTRO_POR_ABRIR : FILTRO_NOTIFICADAS);
	if (f->ultimo != 0)
		clase |= 1 << FILTRO_CON_PLAZO;
	if (f->m.abierta == 0)
		clase |= 1 << FILTRO_SIN_LEER;
	if (f->due != 0)
		clase |= FILA_VENCE;
	if (f->estado != FILA_POR_ABRIR && (f->m.plazo_dias > 0 || f->m.notificada == 0))
		clase |= FILA_REVISABLE;
	return clase;
}

int64_t fila_orden(const struct fila *f)
{
	return f->due != 0 ? f->due : NEVER - f->notificada;
}

const char *fila_estatus(const struct fila *f)
{
	switch (f->estado) {
	case FILA_POR_ABRIR:
		return N_("por abrir");
	case FILA_NOTIFICADA:
		return N_("notificada");
	default:
		return f->m.abierta != 0 ? N_("notif. por plazo") : N_("por plazo, leer");
	}
}

/* Room for what an invalid byte becomes, U+FFFD. */
#define FOLDED_BYTES 3

char *fila_fold(struct arena *a, const char *text)
{
	char *made = arena_alloc(a, strlen(text) * FOLDED_BYTES + 1);
	char *to = made;
	uint32_t c;

	if (made == NULL)
		return NULL;
	while ((c = utf8_fold(&text)) != 0)
		to += utf8_encode(c, to);
	*to = '\0';
	return made;
}

char *fila_plegado(struct arena *a, const struct fila *f)
{
	const char *text = arena_printf(
		a, "%s %s %s %s", f->m.folio, f->m.documento, f->m.oficio, fila_estatus(f));

	return text != NULL ? fila_fold(a, text) : NULL;
}
