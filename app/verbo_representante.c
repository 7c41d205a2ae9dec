#include <stdio.h>
#include "app/mailbox.h"
#include "app/mandado.h"
#include "app/permisos.h"
#include "app/representacion.h"
#include "app/subverbo.h"
#include "base/texto.h"
#include "crypto/rfc.h"
#include "ley/zona.h"
#include "screens/representacion.h"

static enum err lista(struct verb_call *v)
{
	return representacion_list(v, false);
}

static const char *folio_of(const struct mandado *m)
{
	return m->route == ROUTE_ID_representante_aceptar
		       ? ((const struct m_representante_aceptar *)m->request)->folio
		       : ((const struct m_representante_baja *)m->request)->folio;
}

static enum err hecho(struct sesion *s, const struct mandado *m, const struct mandado_hecho *h)
{
	return mandado_print(s, h, "representacion", folio_of(m));
}

/* ---- alta ---- */

static bool needs_both(const struct m_representante_alta *rq)
{
	return representacion_dos_firmas(rq->permisos, rq->permisos_count);
}

static void print_permits(struct arena *a, const struct m_permiso *permisos, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *ambito = ambito_nombre(ambito_of(permisos[i].ambito));
		const char *nivel = nivel_nombre(nivel_of(permisos[i].nivel));

		/* A server may know more words than this program. */
		printf("  %s: %s\n",
			ambito != NULL ? texto(ambito) : sesion_clean(a, permisos[i].ambito),
			nivel != NULL ? texto(nivel) : sesion_clean(a, permisos[i].nivel));
	}
}

static enum err print_dates(struct arena *a, int64_t desde, int64_t hasta)
{
	const struct zona *zc = zona_centro();
	const char *from = desde != 0 ? hora_text(a, zc, desde, HORA_DIA) : _("ahora");
	const char *to = hasta != 0 ? hora_text(a, zc, hasta, HORA_DIA) : _("que se termine");

	if (from == NULL || to == NULL)
		return ERR_NO_MEMORY;
	printf(_("  Desde %s hasta %s (ZC)\n"), from, to);
	return OK;
}

static enum err antes_alta(struct sesion *s, struct mandado *m)
{
	const struct m_representante_alta *rq = m->request;

	if (rq->hasta != 0 && rq->hasta < client_now(s->client)) {
		s->v->detail = _("El día de --hasta ya pasó");
		return ERR_USAGE;
	}
	if (!mandado_speaks(s))
		return OK;
	printf(_("%s podrá actuar por %s:\n"), rq->representante, s->perfil->rfc);
	print_permits(s->v->arena, rq->permisos, rq->permisos_count);
	enum err e = print_dates(s->v->arena, rq->desde, rq->hasta);

	if (needs_both(rq))
		printf(_("Hace falta la firma de los dos: la tuya ahora, y la suya dentro de %d "
			 "minutos.\n"),
			ALCANCE_ACEPTA_MIN);
	else
		printf("%s\n", _("Basta tu firma. No podrá abrir ni firmar nada."));
	return e;
}

static enum err hecho_alta(struct sesion *s, const struct mandado *m, const struct mandado_hecho *h)
{
	const struct m_representante_alta *rq = m->request;
	enum err e = mandado_print(s, h, "representante", rq->representante);

	if (e == OK && s->v->opt[OPTION_json] == NULL && needs_both(rq))
		printf(_("Falta la firma de %s, dentro de %d minutos y con un perfil suyo: buzon-tui "
			 "representante aceptar %s\n"),
			rq->representante, ALCANCE_ACEPTA_MIN,
			sesion_clean(s->v->arena, h->acuse.folio));
	return e;
}

/* Whole days of Zona Centro: the first from its first instant, the last to its last. */
static enum err read_dates(struct verb_call *v, struct m_representante_alta *rq)
{
	const char *desde = v->opt[OPTION_desde];
	const char *hasta = v->opt[OPTION_hasta];
	int32_t dia = 0;

	v->detail = _("--desde lleva una fecha, como 2026-12-31 o 31/dic/2026");
	if (desde != NULL && fecha_escrita(desde, &dia) != OK)
		return ERR_USAGE;
	rq->desde = desde != NULL ? zona_instant(zona_centro(), dia, 0) : 0;
	v->detail = _("--hasta lleva una fecha, como 2026-12-31 o 31/dic/2026");
	if (hasta != NULL && fecha_escrita(hasta, &dia) != OK)
		return ERR_USAGE;
	rq->hasta = hasta != NULL ? zona_instant(zona_centro(), dia + 1, 0) - 1 : 0;
	v->detail = _("--hasta no puede ser antes que --desde");
	if (rq->hasta != 0 && rq->hasta <= rq->desde)
		return ERR_USAGE;
	v->detail = NULL;
	return OK;
}

/* Menus and levels as they are written, each list from its first word on. */
static const char *not_a_permit(struct arena *a, const char *wrong)
{
	const char *menus = "";
	const char *levels = "";

	for (unsigned i = 0; i < AMBITOS; i++)
		menus = arena_printf(
			a, "%s%s%s", menus, i != 0 ? ", " : "", ambito_word((enum ambito)i));
	for (unsigned n = 1; n < NIVELES; n++)
		levels = arena_printf(
			a, "%s%s%s", levels, n != 1 ? ", " : "", nivel_word((enum nivel)n));
	return arena_printf(a,
		_("«%s» no es un permiso, o repite un ámbito; es AMBITO:NIVEL, con ámbito %s y "
		  "nivel %s"),
		wrong, menus, levels);
}

static enum err alta(struct verb_call *v)
{
	struct m_representante_alta rq = {0};
	struct mandado m = {.route = ROUTE_ID_representante_alta,
		.request = &rq,
		.antes = antes_alta,
		.pregunta = _(
			"Escribe SI para darle ese acceso con tu e.firma; cualquier otra cosa no hace "
			"nada: "),
		.hecho = hecho_alta};

	v->detail = v->args[1];
	enum err e = rfc_normalize(v->arena, v->args[1], &rq.representante);

	if (e == OK) {
		v->detail = _("Falta --permiso AMBITO:NIVEL, por ejemplo notificaciones:leer");
		e = v->opt[OPTION_permiso] != NULL ? OK : ERR_USAGE;
	}
	if (e == OK)
		e = permisos_parse(v->arena, v->opt[OPTION_permiso], &rq.permisos,
			&rq.permisos_count, &v->detail);
	if (e == ERR_BAD_FIELD) {
		v->detail = not_a_permit(v->arena, v->detail);
		e = ERR_USAGE;
	}
	if (e == OK)
		e = read_dates(v, &rq);
	return e == OK ? mandado(v, &m) : e;
}

/* ---- aceptar ---- */

/* Who gave it is the titular of the act: the hat is not the profile's. */
static enum err antes_aceptar(struct sesion *s, struct mandado *m)
{
	struct m_representante_aceptar *rq = m->ctx;
	struct arena *a = s->v->arena;
	const struct m_cuenta *c = NULL;
	enum err e = mailbox_cuenta(s, &c);
	const struct m_representacion *r =
		e == OK ? representacion_find(c->representados, c->representados_count, rq->folio)
			: NULL;

	if (e != OK)
		return e;
	s->v->detail = rq->folio;
	if (r == NULL || r->base_sha256 == NULL)
		return ERR_NOT_FOUND;
	rq->hat = (struct m_hat){r->titular, "representante"};
	rq->base_sha256 = r->base_sha256;
	s->v->detail = NULL;
	if (!mandado_speaks(s))
		return OK;
	printf(_("%s · %s te da acceso a su Buzón:\n"), sesion_clean(a, r->titular),
		sesion_clean(a, r->titular_nombre));
	print_permits(a, r->permisos, r->permisos_count);
	e = print_dates(a, r->desde, r->hasta);
	printf(_("Tu firma completa la suya, que tiene la huella %s\n"),
		sesion_clean(a, r->base_sha256));
	return e;
}

static enum err aceptar(struct verb_call *v)
{
	struct m_representante_aceptar rq = {.folio = v->args[1], .base_sha256 = ""};
	struct mandado m = {.route = ROUTE_ID_representante_aceptar,
		.request = &rq,
		.incompleta = true,
		.antes = antes_aceptar,
		.pregunta = _(
			"Escribe SI para aceptarlo con tu e.firma; cualquier otra cosa no hace nada: "),
		.hecho = hecho,
		.ctx = &rq};

	return mandado(v, &m);
}

/* ---- baja ---- */

static enum err antes_baja(struct sesion *s, struct mandado *m)
{
	struct m_representante_baja *rq = m->ctx;
	struct arena *a = s->v->arena;
	const struct m_cuenta *c = NULL;
	enum err e = mailbox_cuenta(s, &c);

	if (e != OK)
		return e;
	const struct m_representacion *r =
		representacion_find(c->representantes, c->representantes_count, rq->folio);

	if (r == NULL) {
		r = representacion_find(c->representados, c->representados_count, rq->folio);
		if (r != NULL)
			rq->hat = (struct m_hat){r->titular, "representante"};
	}
	if (r == NULL) {
		s->v->detail = rq->folio;
		return ERR_NOT_FOUND;
	}
	if (mandado_speaks(s)) {
		printf(_("Termina la representación %s: %s ya no podrá actuar por %s.\n"),
			sesion_clean(a, r->folio), sesion_clean(a, r->representante),
			sesion_clean(a, r->titular));
		print_permits(a, r->permisos, r->permisos_count);
	}
	return OK;
}

static enum err baja(struct verb_call *v)
{
	struct m_representante_baja rq = {.folio = v->args[1]};
	struct mandado m = {.route = ROUTE_ID_representante_baja,
		.request = &rq,
		.incompleta = true,
		.antes = antes_baja,
		.pregunta = _(
			"Escribe SI para terminarla con tu e.firma; cualquier otra cosa no hace nada: "),
		.hecho = hecho,
		.ctx = &rq};

	return mandado(v, &m);
}

enum err verbo_representante(struct verb_call *v)
{
	static const struct subverbo table[] = {
		{"lista", "", 0, 0, lista},
		{"alta", "RFC --permiso AMBITO:NIVEL [--desde FECHA] [--hasta FECHA]", 1,
			WITH(permiso) | WITH(desde) | WITH(hasta) | WITH(si), alta},
		{"aceptar", "FOLIO", 1, WITH(si), aceptar},
		{"baja", "FOLIO", 1, WITH(si), baja},
	};

	return subverbo_run(v, table, COUNT_OF(table));
}
