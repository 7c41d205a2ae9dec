/* The left of the last line: what the line is doing, since when, and what a person may do. */
#include "base/texto.h"
#include "base/utf8.h"
#include "screens/model.h"

#define CELLS 60
#define DAY_MS INT64_C(86400000)

static const char *clock_text(struct arena *a, int64_t instant)
{
	int s = zona_civil(zona_centro(), instant).ms / 1000;

	return arena_printf(a, "%02d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
}

/* "17:52:04"; after a day "12/nov/2026 17:52". */
static const char *since(struct arena *a, int64_t instant, int64_t now)
{
	const char *clock = clock_text(a, instant);

	if (clock == NULL || now - instant < DAY_MS)
		return clock;
	const char *day = fecha_text(a, zona_civil(zona_centro(), instant).dia, FECHA_LISTA);

	return day == NULL ? NULL : arena_printf(a, "%s %.5s", day, clock);
}

/* `text` and behind it `more`, where both fit the line. NULL stays NULL. */
static const char *fit(struct arena *a, const char *text, const char *more)
{
	if (text == NULL || more == NULL)
		return NULL;
	return utf8_count(text) + utf8_count(more) <= CELLS ? arena_printf(a, "%s%s", text, more)
							    : text;
}

/* The cause, short enough for the last line; the whole sentence stands on Inicio. */
static const char *cause(enum err err)
{
	switch (err) {
	case ERR_NETWORK:
		return _("Sin conexión");
	case ERR_TIMEOUT:
		return _("El servidor no contesta");
	case ERR_TLS:
		return _("Servidor sin identidad comprobada (TLS)");
	case ERR_UNKNOWN_KEY:
		return _("Sesión de lectura terminada (B: entrar de nuevo)");
	default:
		return _("Sin sincronizar");
	}
}

static const char *acts_text(struct arena *a, const struct model *m)
{
	if (m->por_enviar == 0)
		return "";
	return arena_printf(a,
		ngettext(" · %zu acto por enviar", " · %zu actos por enviar", m->por_enviar),
		m->por_enviar);
}

static const char *failing(struct arena *a, const struct model *m, int64_t now)
{
	const struct model_linea *l = &m->linea;
	const char *when = since(a, l->desde, now);
	const char *again = "";

	if (when == NULL)
		return NULL;
	const char *text = arena_printf(a, "! %s", cause(l->err));

	text = fit(a, text, arena_printf(a, _(" desde %s"), when));
	text = fit(a, text, acts_text(a, m));
	if (l->fase != FASE_NADA)
		again = _("; reintentando");
	else if (l->reintento > now) {
		const char *clock = clock_text(a, l->reintento);

		again = clock == NULL ? NULL : arena_printf(a, _("; reintento %s"), clock);
	}
	return fit(a, text, again);
}

/* "120 de 480 KB"; "120 KB" of what nobody said how long it is. */
static const char *amount(struct arena *a, const struct model_linea *l)
{
	if (l->total <= 0)
		return arena_printf(a, _("%lld KB"), (long long)(l->bytes / 1024));
	return arena_printf(a, _("%lld de %lld KB"), (long long)(l->bytes / 1024),
		(long long)((l->total + 1023) / 1024));
}

/* ", 6.2 KB/s" and ", faltan 58 s"; "" before a second has told. */
static const char *rate(struct arena *a, const struct model_linea *l, int64_t now)
{
	int64_t ms = now - l->fase_desde;
	int64_t tenths = ms >= 1000 ? l->bytes * 10000 / ms / 1024 : 0;

	if (tenths <= 0)
		return "";
	return arena_printf(
		a, _(", %lld.%lld KB/s"), (long long)(tenths / 10), (long long)(tenths % 10));
}

static const char *left(struct arena *a, const struct model_linea *l, int64_t now)
{
	int64_t ms = now - l->fase_desde;

	if (ms < 1000 || l->bytes <= 0 || l->total <= l->bytes)
		return "";
	int64_t seconds = ((l->total - l->bytes) * ms / l->bytes + 999) / 1000;

	if (seconds >= 120)
		return arena_printf(a, _(", faltan %lld min"), (long long)((seconds + 59) / 60));
	return arena_printf(a, _(", faltan %lld s"), (long long)seconds);
}

/* Where the line is short, what it is of is left out, else how fast, else both. */
static const char *receiving(struct arena *a, const struct model_linea *l, int64_t now)
{
	const char *what = l->que != NULL ? arena_printf(a, "%s ", l->que) : "";
	const char *how = rate(a, l, now);
	const char *time = left(a, l, now);
	const char *much = amount(a, l);
	const char *esc = l->cancela ? _("; Esc cancela") : "";

	if (what == NULL || how == NULL || time == NULL || much == NULL)
		return NULL;
	for (unsigned without = 0; without < 4; without++) {
		const char *text =
			arena_printf(a, _("Recibiendo %s%s%s%s%s"), (without & 1) == 0 ? what : "",
				much, (without & 2) == 0 ? how : "", time, esc);

		if (text == NULL || utf8_count(text) <= CELLS)
			return text;
	}
	return fit(a, arena_printf(a, _("Recibiendo %s%s"), much, time), esc);
}

static const char *working(struct arena *a, const struct model *m, int64_t now)
{
	static const char *const words[] = {
		[FASE_CONECTANDO] = N_("Conectando"),
		[FASE_ENVIANDO] = N_("Enviando"),
		[FASE_ESPERANDO] = N_("Esperando respuesta"),
	};
	const struct model_linea *l = &m->linea;
	const char *text;

	if (l->fase == FASE_RECIBIENDO) {
		text = receiving(a, l, now);
	} else {
		const char *when = since(a, l->fase_desde, now);

		if (when == NULL)
			return NULL;
		text = arena_printf(a, _("%s desde %s"), texto(words[l->fase]), when);
		text = fit(a, text, l->cancela ? _("; Esc cancela") : "");
	}
	return fit(a, text, acts_text(a, m));
}

const char *model_estado(struct arena *a, const struct model *m, int64_t now)
{
	const char *at;
	const char *text;

	/* What a person asked for and is coming says more than that the last synchronisation
	 * failed. */
	if (m->linea.desde != 0 && !(m->linea.fase == FASE_RECIBIENDO && m->linea.cancela))
		return failing(a, m, now);
	if (m->descarga.total > 0)
		return arena_printf(a, _("Descargando %zu de %zu; Esc deja el resto"),
			m->descarga.hechas + 1, m->descarga.total);
	if (m->linea.fase != FASE_NADA)
		return working(a, m, now);
	if (m->linea.sincronizado == 0)
		return fit(a, m->entrado ? _("Sincronizando…") : _("Sin entrar"), acts_text(a, m));
	at = since(a, m->linea.sincronizado, now);
	text = at == NULL ? NULL : arena_printf(a, _("Sincronizado %s"), at);
	return fit(a, text, acts_text(a, m));
}
