#include "core/pagina.h"

#include "base/buf.h"
#include "core/paginas/dlr.h"
#include "ley/zona.h"

static void escape(struct buf *b, const char *text)
{
	for (; *text != '\0'; text++)
		switch (*text) {
		case '<':
			buf_text(b, "&lt;");
			break;
		case '>':
			buf_text(b, "&gt;");
			break;
		case '&':
			buf_text(b, "&amp;");
			break;
		case '"':
			buf_text(b, "&quot;");
			break;
		default:
			buf_char(b, *text);
		}
}

static void row(struct buf *b, const char *label, const char *value)
{
	buf_printf(b, "<dt>%s</dt><dd>", label);
	escape(b, value != NULL ? value : "");
	buf_text(b, "</dd>\n");
}

static void finish(struct exchange *x, struct buf *b, int status)
{
	buf_text(b, "</main></body></html>\n");
	x->status = status;
	if (buf_end(b, &x->answer) != OK)
		exchange_refuse(x, ERR_NO_MEMORY);
}

static void begin(struct exchange *x, struct buf *b, const char *title)
{
	buf_init(b, x->arena);
	buf_printf(b,
		"<!DOCTYPE html>\n<html lang=\"es-MX\"><head><meta charset=\"utf-8\">"
		"<meta name=\"viewport\" content=\"width=device-width\"><title>%s</title></head>"
		"<body><main><h1>%s</h1>\n",
		title, title);
}

static void show_acuse(const struct server *s, struct exchange *x, const struct m_acuse *m)
{
	const struct zona *zc = zona_centro();
	struct buf b;

	begin(x, &b, "Verificación de acuse");
	if (trust_is_test(s->trust))
		buf_text(&b, "<p><strong>PRUEBA: sin validez oficial.</strong></p>\n");
	buf_text(&b, "<p>Este acuse consta en el Buzón con estos datos:</p><dl>\n");
	row(&b, "Folio", m->folio);
	row(&b, "Tipo", m->tipo);
	row(&b, "Fecha de elaboración", hora_text(x->arena, zc, m->elaborado, HORA_ACUSE));
	row(&b, "Fecha legal", hora_text(x->arena, zc, m->legal, HORA_ACUSE));
	row(&b, "Estatus", m->estatus);
	row(&b, "Cadena Original (Versión 3.0)", m->cadena);
	buf_text(&b,
		"</dl>\n<p>Compara estos datos con los de tu papel o archivo. Para probar también "
		"las firmas, usa <code>buzon-tui verificar</code> con el archivo.</p>\n");
	finish(x, &b, 200);
}

static bool plausible(const char *capacidad)
{
	return strlen(capacidad) == 20 &&
	       strspn(capacidad, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") == 20;
}

static enum err find_acuse(
	const struct server *s, struct exchange *x, const char *capacidad, struct m_acuse *ret)
{
	struct in_acuse_por_capacidad in = {.capacidad = capacidad};
	struct out_acuse_por_capacidad found;

	if (!plausible(capacidad))
		return ERR_NOT_FOUND;
	struct store *store = store_pool_take(s->readers);
	enum err e = q_acuse_por_capacidad(store, &in, x->arena, &found);

	store_pool_give(s->readers, store);
	if (e == OK)
		e = codec_decode(x->arena, &message_acuse, CODEC_TOLERANT, found.json, ret, NULL);
	return e;
}

static void verification(const struct server *s, struct exchange *x, const char *capacidad)
{
	struct m_acuse m;
	struct buf b;
	enum err e = budget_take(
		s->budget, x->rq.peer, s->config->presupuesto_direccion, clock_now(&s->clock));

	if (e == OK)
		e = find_acuse(s, x, capacidad, &m);
	if (e == OK) {
		show_acuse(s, x, &m);
		return;
	}
	begin(x, &b, "Verificación de acuse");
	buf_text(&b,
		e == ERR_TOO_MANY
			? "<p>Demasiadas consultas; espera un minuto e inténtalo de nuevo.</p>\n"
			: "<p>Esa clave de verificación no corresponde a ningún acuse. Revisa que "
			  "esté "
			  "completa, como aparece bajo el código QR.</p>\n");
	finish(x, &b, e == ERR_TOO_MANY ? 429 : 404);
}

/* Whoever watches this server: can it do its work? */
static void health(const struct server *s, struct exchange *x)
{
	struct store *store = store_pool_take(s->readers);
	int64_t now;
	enum err e = store_now(store, &now);

	store_pool_give(s->readers, store);
	x->status = e == OK ? 200 : 503;
	x->answer = bytes_of_text(e == OK ? "bien\n" : "sin almacén\n");
}

bool pagina_answer(const struct server *s, struct writer *w, struct exchange *x)
{
	const char *target = x->rq.target != NULL ? x->rq.target : "";
	const char *peer = x->rq.peer;

	if (strcmp(x->rq.method, "GET") != 0)
		return false;
	if (strncmp(target, "/dlr/", 5) == 0) {
		pagina_dlr(s, w, x, target + 5);
		return true;
	}
	if (strncmp(target, "/v/", 3) == 0) {
		verification(s, x, target + 3);
		x->done(x);
		return true;
	}
	if (strcmp(target, "/salud") == 0 &&
		(strcmp(peer, "127.0.0.1") == 0 || strcmp(peer, "::1") == 0)) {
		health(s, x);
		x->done(x);
		return true;
	}
	return false;
}
