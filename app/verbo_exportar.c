/*
 * `buzon-tui exportar`: what the Buzón keeps of one RFC and period, in one archive that its owner
 * keeps for longer than the Buzón must (Lineamientos 6.1, 7.7).
 */
#include <stdio.h>
#include "app/archivo.h"
#include "base/file.h"
#include "base/texto.h"
#include "net/json_line.h"

struct periodo {
	int32_t desde; /* civil days, Zona Centro; 0: from the beginning */
	int32_t hasta;
};

static enum err read_day(struct verb_call *v, enum option o, int32_t missing, int32_t *ret)
{
	*ret = missing;
	if (v->opt[o] == NULL)
		return OK;
	v->detail = v->opt[o];
	enum err e = fecha_escrita(v->opt[o], ret);

	if (e == OK)
		v->detail = NULL;
	return e;
}

/* What was not said is INT32_MAX: today, by the server's clock. */
static enum err read_period(struct verb_call *v, struct periodo *ret)
{
	enum err e = read_day(v, OPTION_desde, 0, &ret->desde);

	if (e == OK)
		e = read_day(v, OPTION_hasta, INT32_MAX, &ret->hasta);
	if (e == OK && ret->desde > ret->hasta) {
		v->detail = _("--desde no puede ser posterior a --hasta");
		e = ERR_USAGE;
	}
	return e;
}

static bool within(const struct periodo *p, int64_t instant)
{
	int32_t dia = zona_civil(zona_centro(), instant).dia;

	return instant != 0 && dia >= p->desde && dia <= p->hasta;
}

static enum err add_if(struct archivo *x, const struct periodo *p, int64_t when, const char *folio)
{
	return folio != NULL && *folio != '\0' && within(p, when) ? archivo_acuse(x, folio) : OK;
}

/* Registration, validation and baja of each medium, and of each representation; the activation. */
static enum err add_account(struct archivo *x, const struct periodo *p, const struct m_cuenta *c)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < c->papeles_count; i++)
		e = add_if(x, p, c->papeles[i].fecha, c->papeles[i].folio);
	for (size_t i = 0; e == OK && i < c->medios_count; i++) {
		const struct m_medio *m = &c->medios[i];

		e = add_if(x, p, m->registrado, m->folio);
		if (e == OK)
			e = add_if(x, p, m->validado, m->acuse_validacion);
		if (e == OK)
			e = add_if(x, p, m->baja, m->acuse_baja);
	}
	for (size_t i = 0; e == OK && i < c->representantes_count; i++) {
		const struct m_representacion *r = &c->representantes[i];

		/* What the padrón told has no acuse. */
		if (strcmp(r->origen, "buzon") != 0)
			continue;
		e = add_if(x, p, r->desde, r->folio);
		if (e == OK)
			e = add_if(x, p, r->aceptada, r->acuse_aceptacion);
		if (e == OK)
			e = add_if(x, p, r->termino, r->acuse_baja);
	}
	return e;
}

static enum err add_all(struct archivo *x, const struct periodo *p, const struct mailbox *m)
{
	enum err e = m->cuenta != NULL ? add_account(x, p, m->cuenta) : OK;
	size_t done = 0;

	for (size_t i = 0; e == OK && i < m->count; i++) {
		if (!within(p, m->rows[i].aviso))
			continue;
		e = archivo_notificacion(x, m, &m->rows[i]);
		if (e == OK && ++done % 50 == 0)
			fprintf(stderr, _("%zu notificaciones…\n"), done);
	}
	return e;
}

static const char *name_of(struct arena *a, const char *rfc, const struct periodo *p)
{
	const char *hasta = fecha_text(a, p->hasta, FECHA_ISO);
	const char *desde = p->desde != 0 ? fecha_text(a, p->desde, FECHA_ISO) : _("inicio");

	return desde != NULL && hasta != NULL
		       ? arena_printf(a, "buzon-%s-%s-%s.zip", rfc, desde, hasta)
		       : NULL;
}

static enum err tell(struct verb_call *v, const struct archivo *x, const char *to)
{
	struct json_line j;

	fprintf(stderr,
		_("Guardado en %s: %zu archivos. Compruébalo con: buzon-tui verificar %s\n"), to,
		archivo_entradas(x), to);
	if (archivo_faltas(x) != 0)
		fprintf(stderr,
			ngettext("Falta %zu cosa que el servidor no dio; el índice dice cuál y por "
				 "qué.\n",
				"Faltan %zu cosas que el servidor no dio; el índice dice cuáles y "
				"por qué.\n",
				(unsigned long)archivo_faltas(x)),
			archivo_faltas(x));
	if (v->opt[OPTION_json] == NULL)
		return OK;
	json_line_begin(&j, v->arena);
	json_line_text(&j, "guardado", to);
	json_line_int(&j, "archivos", (int64_t)archivo_entradas(x));
	json_line_int(&j, "faltas", (int64_t)archivo_faltas(x));
	return json_line_end(&j, stdout);
}

static enum err export_to(struct sesion *s, const struct periodo *p, const char *to)
{
	AUTO(archivo) x = NULL;
	struct verb_call *v = s->v;
	struct mailbox m;
	const char *folder = arena_printf(v->arena, "%s.partes", to);
	enum err e = folder != NULL ? mailbox_fetch(s, &m) : ERR_NO_MEMORY;

	if (e == OK)
		e = archivo_empezar(s, folder, &x);
	if (e == OK)
		e = add_all(x, p, &m);
	if (e == OK)
		e = archivo_cerrar(x, to, p->desde, p->hasta);
	if (e != OK && folder != NULL && x != NULL)
		fprintf(stderr,
			_("Lo que ya se bajó queda en %s; el mismo comando sigue desde ahí.\n"),
			folder);
	return e == OK ? tell(v, x, to) : e;
}

enum err verbo_exportar(struct verb_call *v)
{
	SESION(s);
	struct periodo p = {0};
	const char *to = v->opt[OPTION_salida];
	enum err e = read_period(v, &p);

	if (e == OK)
		e = sesion_open(v, &s);
	if (e == OK && client_trust(s.client) == NULL)
		e = ERR_NO_TRUST;
	if (e != OK)
		return e;
	sesion_flush(&s);
	if (p.hasta == INT32_MAX)
		p.hasta = zona_civil(zona_centro(), client_now(s.client)).dia;
	if (to == NULL)
		to = name_of(v->arena, s.entrado.titular, &p);
	if (to == NULL)
		return ERR_NO_MEMORY;
	v->detail = to;
	return file_exists(to) ? ERR_EXISTS : export_to(&s, &p, to);
}
