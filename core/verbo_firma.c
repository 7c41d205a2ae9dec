#include "core/verbo_firma.h"

#include <string.h>
#include "ley/acuse.h"
#include "ley/hora.h"
#include "net/json_line.h"

enum err verbo_firma_begin(struct verbo *v, const struct oficina_de *de, struct verbo_firma *ret)
{
	struct oficina_dicho d;
	const char *message = NULL;

	*ret = (struct verbo_firma){0};
	enum err e = oficina_open(de, v->now, &ret->oficina, &message);

	if (e != OK && message != NULL)
		return verbo_fallo(v, e, "%s", message);
	if (e == OK)
		e = oficina_linea_open(ret->oficina, NULL, &ret->linea);
	if (e != OK)
		return e;
	oficina_entrar(ret->linea, v->arena, &d);
	if (d.err == OK || d.resuelto)
		return verbo_firma_dicho(v, &d);
	return verbo_fallo(v, d.err, "%s", err_sentence(d.err));
}

void verbo_firma_end(struct verbo_firma *f)
{
	oficina_linea_close(f->linea);
	oficina_close(f->oficina);
	*f = (struct verbo_firma){0};
}

enum err verbo_firma_dicho(struct verbo *v, const struct oficina_dicho *d)
{
	if (d->err == OK)
		return OK;
	if (!d->resuelto)
		return verbo_fallo(v, d->err,
			"%s Nadie sabe si llegó: repite el comando; si ya se había hecho, se dirá.",
			err_sentence(d->err));
	if (d->campo == NULL)
		return verbo_fallo(v, d->err, "%s", err_sentence(d->err));
	return verbo_fallo(v, d->err, "%s (%s)", err_sentence(d->err), d->campo);
}

enum err verbo_firma_pedir(
	struct verbo *v, struct verbo_firma *f, enum route route, const void *message, void *answer)
{
	struct oficina_dicho d;

	oficina_pedir(f->linea, v->arena, route, message, answer, &d);
	return verbo_firma_dicho(v, &d);
}

enum err verbo_firma_acuse(struct verbo *v, bool json, const struct m_acuse *m, const char *sha256)
{
	struct json_line j;

	if (!json) {
		fprintf(v->out, "%s\n", m->folio);
		return OK;
	}
	const char *url = acuse_url(v->arena, m);

	if (url == NULL)
		return ERR_NO_MEMORY;
	json_line_begin(&j, v->arena);
	json_line_text(&j, "folio", m->folio);
	json_line_text(&j, "titular", m->titular);
	json_line_int(&j, "elaborado", m->elaborado);
	json_line_text(&j, "estatus", m->estatus);
	json_line_text(&j, "sha256", sha256);
	json_line_text(&j, "capacidad", m->capacidad);
	json_line_text(&j, "verificacion", url);
	return json_line_end(&j, v->out);
}

enum err verbo_firma_instante(struct verbo *v, const char *option, const char *text, int64_t *ret)
{
	*ret = 0;
	if (text == NULL || hora_parse(text, ret) == OK)
		return OK;
	return verbo_fallo(
		v, ERR_BAD_FIELD, "%s se escribe como 2026-11-12T17:52:03.114-06:00.", option);
}

enum err verbo_firma_texto(struct verbo *v, const char *option, const char *text, size_t max)
{
	if (text != NULL && strchr(text, '|') != NULL)
		return verbo_fallo(v, ERR_BAD_FIELD, "%s no admite el signo |.", option);
	return verbo_texto(v, option, text, max);
}
