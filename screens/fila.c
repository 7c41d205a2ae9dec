#include "screens/fila.h"

#include <string.h>
#include "base/texto.h"
#include "base/utf8.h"
#include "ley/plazo.h"

#define DAY_MS 86400000
/* Past every instant (MAX_MS), so that what is not due comes last. */
#define NEVER (INT64_C(1) << 60)

/*
 * End of the last day of the response's term, where it still runs on `today`. Counted from the
 * legal instant of notification, whatever gave it.
 */
static void count_term(struct fila *f, const struct calendario *c, int32_t today)
{
	const struct plazo_aviso desde = {.vence = f->notificada};
	struct plazo_efecto efecto;

	if (c == NULL || f->m.plazo_dias <= 0 || f->notificada == 0 ||
		plazo_de_apertura(c, &desde, 0, (int)f->m.plazo_dias, &efecto) != OK)
		return;
	if (efecto.ultimo < today)
		return;
	f->ultimo = efecto.ultimo;
	f->due = zona_instant(zona_centro(), efecto.ultimo, DAY_MS - 1);
}

static bool by(const struct fila *f, const char *forma)
{
	return f->m.forma != NULL && strcmp(f->m.forma, forma) == 0;
}

static enum fila_estado outcome(const struct fila *f)
{
	if (by(f, "estrados"))
		return FILA_ESTRADOS;
	if (by(f, "personal"))
		return FILA_PERSONAL;
	return f->m.abierta != 0 && f->m.abierta < f->m.vence ? FILA_NOTIFICADA : FILA_POR_PLAZO;
}

void fila_judge(struct fila *f, const struct calendario *c, int64_t now)
{
	f->due = 0;
	f->ultimo = 0;
	f->notificada = f->m.notificada;
	if (by(f, "retirada")) {
		f->estado = FILA_RETIRADA;
		return;
	}
	if (f->notificada == 0 && f->m.vence != 0 && now >= f->m.vence)
		f->notificada = f->m.vence;
	if (f->notificada == 0) {
		f->estado = FILA_POR_ABRIR;
		f->due = f->m.vence;
		return;
	}
	f->estado = outcome(f);
	count_term(f, c, zona_civil(zona_centro(), now).dia);
}

int64_t fila_mascara(enum fila_filtro filtro)
{
	return INT64_C(1) << (filtro <= FILTRO_SIN_LEER ? filtro : filtro + FILA_BITS);
}

static int64_t class_of_estado(enum fila_estado estado)
{
	switch (estado) {
	case FILA_POR_ABRIR:
		return fila_mascara(FILTRO_POR_ABRIR);
	case FILA_POR_PLAZO:
		return fila_mascara(FILTRO_NOTIFICADAS) | fila_mascara(FILTRO_POR_PLAZO);
	case FILA_ESTRADOS:
		return fila_mascara(FILTRO_NOTIFICADAS) | fila_mascara(FILTRO_ESTRADOS);
	case FILA_PERSONAL:
		return fila_mascara(FILTRO_NOTIFICADAS) | fila_mascara(FILTRO_PERSONALES);
	case FILA_RETIRADA:
		return fila_mascara(FILTRO_RETIRADAS);
	default:
		return fila_mascara(FILTRO_NOTIFICADAS);
	}
}

int64_t fila_clase(const struct fila *f)
{
	int64_t clase = fila_mascara(FILTRO_TODAS) | class_of_estado(f->estado);
	bool concluida = f->estado != FILA_POR_ABRIR && f->estado != FILA_RETIRADA;

	if (f->ultimo != 0)
		clase |= fila_mascara(FILTRO_CON_PLAZO);
	if (f->m.abierta == 0 && !f->leida && f->estado != FILA_RETIRADA)
		clase |= fila_mascara(FILTRO_SIN_LEER);
	if (f->m.cambio != NULL)
		clase |= fila_mascara(FILTRO_CAMBIADAS);
	if (f->due != 0)
		clase |= FILA_VENCE;
	if (concluida && (f->m.plazo_dias > 0 || f->m.notificada == 0))
		clase |= FILA_REVISABLE;
	return clase;
}

int32_t fila_dia(const struct fila *f)
{
	int64_t at = f->m.aviso != 0 ? f->m.aviso : f->notificada;

	return at != 0 ? zona_civil(zona_centro(), at).dia : 0;
}

bool fila_cerrada(const struct fila *f)
{
	return f->m.abierta != 0 || f->estado != FILA_POR_ABRIR;
}

int64_t fila_orden(const struct fila *f)
{
	return f->due != 0 ? f->due : NEVER - (f->notificada != 0 ? f->notificada : f->m.aviso);
}

const char *fila_estatus(const struct fila *f)
{
	switch (f->estado) {
	case FILA_POR_ABRIR:
		return f->m.cambio != NULL ? N_("abrir, movida") : N_("por abrir");
	case FILA_NOTIFICADA:
		return N_("notificada");
	case FILA_ESTRADOS:
		return N_("por estrados");
	case FILA_PERSONAL:
		return N_("en persona");
	case FILA_RETIRADA:
		return N_("retirada");
	default:
		return f->m.abierta != 0 || f->leida ? N_("por plazo") : N_("por plazo, leer");
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

static const char *or_none(const char *text)
{
	return text != NULL ? text : "";
}

char *fila_plegado(struct arena *a, const struct fila *f)
{
	const struct m_notificacion *n = &f->m;
	const char *text = arena_printf(a, "%s %s %s %s%s %s %s %s %s", n->folio, n->documento,
		n->oficio, f->estado == FILA_POR_ABRIR && n->cambio != NULL ? "por " : "",
		fila_estatus(f), or_none(n->rp), n->funcionario, or_none(n->periodo),
		or_none(n->importe));

	return text != NULL ? fila_fold(a, text) : NULL;
}
