#include "screens/representante.h"

#include <stdio.h>
#include "base/texto.h"
#include "screens/parrafos.h"

struct representante {
	char folio[MODEL_FOLIO];
	char acuse[MODEL_FOLIO];
	char de[MODEL_RFC];
	struct acto acto;
	struct arena arena; /* of what is copied */
	const char *status;
};

/* ---- what the list does of it, too ---- */

static const char *newest(const struct m_representacion *r)
{
	if (r->acuse_baja != NULL)
		return r->acuse_baja;
	return r->acuse_aceptacion != NULL ? r->acuse_aceptacion : r->folio;
}

struct effect representante_acuse(const struct model *m, const char *folio,
	char ret_folio[MODEL_FOLIO], char ret_de[MODEL_RFC])
{
	bool received = false;
	const struct m_representacion *r = representacion_de(m, folio, &received);
	struct effect effect = effect_to(EFFECT_OPEN, SCREEN_acuse, ret_folio);

	if (r == NULL)
		return effect_of(EFFECT_NONE);
	(void)snprintf(ret_folio, MODEL_FOLIO, "%s", newest(r));
	(void)snprintf(ret_de, MODEL_RFC, "%s", r->titular);
	/* Of another's Buzón: asked for as their representative. */
	effect.de = received ? ret_de : NULL;
	return effect;
}

static struct effect to_sign(struct acto *x)
{
	struct effect effect = effect_to(EFFECT_OPEN, SCREEN_firmar, NULL);

	effect.acto = x;
	return effect;
}

struct effect representante_terminar(
	const struct model *m, const char *folio, int64_t now, struct acto *x, const char **ret_why)
{
	bool received = false;
	const struct m_representacion *r = representacion_de(m, folio, &received);

	if (r == NULL)
		return effect_of(EFFECT_NONE);
	if (model_acto(m, ROUTE_ID_representante_baja, folio) != NULL)
		*ret_why = _("Ya firmaste su término y está por enviar: no se firma dos veces.");
	else if (!representacion_abierta(r, now))
		*ret_why = _("Ya no está en vigor: no hay nada que terminar.");
	if (*ret_why != NULL)
		return effect_of(EFFECT_NONE);
	*x = (struct acto){.route = ROUTE_ID_representante_baja};
	(void)snprintf(x->folio, sizeof(x->folio), "%s", folio);
	if (received)
		(void)snprintf(x->titular, sizeof(x->titular), "%s", r->titular);
	return to_sign(x);
}

/* ---- what is done ---- */

static struct effect accept(struct representante *s, const struct model *m, int64_t now)
{
	bool received = false;
	const struct m_representacion *r = representacion_de(m, s->folio, &received);

	if (r == NULL || !received || representacion_estado(r, now) != REPRESENTACION_POR_ACEPTAR ||
		r->base_sha256 == NULL) {
		s->status = _("Aquí no falta ninguna firma tuya.");
		return effect_of(EFFECT_NONE);
	}
	if (model_acto(m, ROUTE_ID_representante_aceptar, s->folio) != NULL) {
		s->status = _("Ya la firmaste y está por enviar: no se firma dos veces.");
		return effect_of(EFFECT_NONE);
	}
	s->acto = (struct acto){.route = ROUTE_ID_representante_aceptar};
	(void)snprintf(s->acto.folio, sizeof(s->acto.folio), "%s", s->folio);
	(void)snprintf(s->acto.titular, sizeof(s->acto.titular), "%s", r->titular);
	(void)snprintf(s->acto.base_sha256, sizeof(s->acto.base_sha256), "%s", r->base_sha256);
	return to_sign(&s->acto);
}

/* A name for the section: the RFC in small ASCII letters and digits. */
static const char *section(struct arena *a, const char *rfc)
{
	char *name = arena_alloc(a, strlen(rfc) + 1);
	size_t n = 0;

	for (const char *c = rfc; name != NULL && *c != '\0'; c++) {
		if (*c >= 'A' && *c <= 'Z')
			name[n++] = (char)(*c - 'A' + 'a');
		else if (*c >= '0' && *c <= '9')
			name[n++] = *c;
		else if ((unsigned char)*c == 0xc3) /* Ñ */
			name[n++] = 'n';
	}
	if (name != NULL)
		name[n] = '\0';
	return name;
}

static const char *line(struct arena *a, const char *before, const char *key, const char *value)
{
	if (before == NULL || value == NULL)
		return before;
	return arena_printf(a, "%s%s = %s\n", before, key, value);
}

/* The section of the configuration with which one acts for that RFC. NULL: no memory. */
static const char *config_lines(struct arena *a, const struct model *m, const char *rfc)
{
	const struct model_perfil *p = &m->perfil;
	const char *name = section(a, rfc);
	const char *text = name != NULL ? arena_printf(a, "[perfil %s]\n", name) : NULL;

	text = line(a, text, "rfc", rfc);
	text = line(a, text, "calidad", "representante");
	text = line(a, text, "certificado", p->certificado);
	text = line(a, text, "llave", p->llave);
	text = line(a, text, "llavero", p->llavero ? "si" : NULL);
	text = line(a, text, "servidor", p->servidor);
	text = line(a, text, "ca", p->ca);
	return line(a, text, "confianza", p->confianza);
}

/* One that was given to us, is not over, and has no profile yet; NULL: it is none of these. */
static const struct m_representacion *to_add(const struct model *m, const char *folio, int64_t now)
{
	bool received = false;
	const struct m_representacion *r = representacion_de(m, folio, &received);

	if (r == NULL || !received || !representacion_abierta(r, now) ||
		representacion_estado(r, now) == REPRESENTACION_POR_ACEPTAR)
		return NULL;
	return m->mundo == NULL ||
			       mundo_de(m->mundo, r->titular, "representante") == m->mundo->count
		       ? r
		       : NULL;
}

static struct effect copy(struct representante *s, const struct model *m, int64_t now)
{
	const struct m_representacion *r = to_add(m, s->folio, now);
	struct effect effect = effect_of(EFFECT_COPY);

	arena_free(&s->arena);
	effect.text = r != NULL ? config_lines(&s->arena, m, r->titular) : s->folio;
	if (effect.text == NULL)
		return effect_of(EFFECT_NONE);
	s->status =
		r != NULL
			? _("Copiado; pégalo en tu configuración (:configurar) y vuelve a entrar.")
			: _("Se copió el folio.");
	return effect;
}

static struct effect end(struct representante *s, const struct model *m, int64_t now)
{
	return representante_terminar(m, s->folio, now, &s->acto, &s->status);
}

static struct effect act(void *state, struct model *m, const struct event *e)
{
	struct representante *s = state;

	if (e->kind != EVENT_ACTION)
		return effect_of(EFFECT_NONE);
	s->status = NULL;
	switch (e->action) {
	case ACTION_representative_accept:
		return accept(s, m, e->now);
	case ACTION_representative_end:
		return end(s, m, e->now);
	case ACTION_receipt:
		return representante_acuse(m, s->folio, s->acuse, s->de);
	case ACTION_copy:
		return copy(s, m, e->now);
	case ACTION_refresh:
		return effect_of(EFFECT_SYNC);
	case ACTION_lock:
		return effect_of(EFFECT_LOCK);
	case ACTION_back:
		return effect_of(EFFECT_BACK);
	default:
		return effect_of(EFFECT_NONE);
	}
}

static struct effect open(
	void *state, struct model *m, const struct effect *from, const struct event *e)
{
	struct representante *s = state;

	(void)m;
	(void)e;
	arena_init(&s->arena, 64 << 10);
	(void)snprintf(s->folio, sizeof(s->folio), "%s", from->folio);
	return effect_of(EFFECT_NONE);
}

static void close(void *state)
{
	struct representante *s = state;

	arena_free(&s->arena);
}

/* ---- the page ---- */

static void person(struct parrafos *p, const char *label, const char *rfc, const char *nombre)
{
	parrafos_pair(
		p, label, "%s%s%s", rfc, nombre != NULL ? ", " : "", nombre != NULL ? nombre : "");
}

/* What waits, before anything else: on a small screen the rest is below the fold. */
static void first(struct parrafos *p, const struct model *m, const struct m_representacion *r,
	bool received, int64_t now)
{
	const struct model_acto *kept = model_acto(m, ROUTE_ID_representante_aceptar, r->folio);

	if (kept == NULL)
		kept = model_acto(m, ROUTE_ID_representante_baja, r->folio);
	if (kept != NULL)
		parrafos_add(p, PAGE_WARNING,
			_("Tu firma está guardada y por enviar; vale hasta el %s."),
			parrafos_hora(p, kept->cuando));
	else if (representacion_estado(r, now) != REPRESENTACION_POR_ACEPTAR)
		return;
	else if (received)
		parrafos_add(p, PAGE_URGENT,
			_("Falta tu firma, antes del %s: Enter pasa a ella. Si no quieres actuar por "
			  "este RFC, no hagas nada: caduca sola."),
			parrafos_hora(p, r->acepta_antes));
	else
		parrafos_add(p, PAGE_URGENT,
			_("Falta la firma de %s, antes del %s; la hace con su e.firma, en su propio "
			  "perfil. Mientras tanto no puede nada."),
			r->representante, parrafos_hora(p, r->acepta_antes));
}

static void facts(struct parrafos *p, const struct m_representacion *r, int64_t now)
{
	const char *permisos = representacion_permisos(p->arena, r->permisos, r->permisos_count);

	if (permisos == NULL)
		p->failed = true;
	parrafos_pair(p, _("Estado"), "%s", representacion_estatus(representacion_estado(r, now)));
	person(p, _("Titular"), r->titular, r->titular_nombre);
	person(p, _("Representante"), r->representante, r->representante_nombre);
	parrafos_pair(p, _("Puede"), "%s", permisos != NULL ? permisos : "");
	parrafos_pair(p, _("Desde"), "%s", parrafos_hora(p, r->desde));
	parrafos_pair(p, _("Hasta"), "%s",
		r->hasta != 0 ? parrafos_hora(p, r->hasta) : _("que se termine"));
	parrafos_pair(p, _("Origen"), "%s",
		strcmp(r->origen, "padron") == 0 ? _("el padrón del Instituto")
						 : _("registrada en el Buzón"));
	parrafos_pair(p, _("Folio y acuse de registro"), "%s", r->folio);
	if (r->base_sha256 != NULL)
		parrafos_pair(p, _("SHA-256 de la primera firma"), "%s", r->base_sha256);
	if (r->acepta_antes != 0 && r->aceptada == 0)
		parrafos_pair(
			p, _("Se acepta a más tardar"), "%s", parrafos_hora(p, r->acepta_antes));
	if (r->aceptada != 0)
		parrafos_pair(p, _("Aceptada"), "%s", parrafos_hora(p, r->aceptada));
	if (r->acuse_aceptacion != NULL)
		parrafos_pair(p, _("Acuse de aceptación"), "%s", r->acuse_aceptacion);
	if (r->termino != 0)
		parrafos_pair(p, _("Terminó"), _("%s; la terminó %s"), parrafos_hora(p, r->termino),
			r->termino_por != NULL ? r->termino_por : _("el Instituto"));
	if (r->acuse_baja != NULL)
		parrafos_pair(p, _("Acuse de término"), "%s", r->acuse_baja);
}

static void profile(struct parrafos *p, const struct model *m, const struct m_representacion *r,
	bool received, int64_t now)
{
	size_t at = mundo_de(m->mundo, r->titular, "representante");
	const char *lines;

	if (!received)
		return;
	if (m->mundo != NULL && at < m->mundo->count) {
		parrafos_blank(p);
		parrafos_add(p, PAGE_NORMAL, _("Para trabajar por este RFC: P, perfil «%s»."),
			m->mundo->perfiles[at].nombre);
		return;
	}
	if (to_add(m, r->folio, now) == NULL)
		return;
	lines = config_lines(p->arena, m, r->titular);
	if (lines == NULL) {
		p->failed = true;
		return;
	}
	parrafos_blank(p);
	parrafos_add(p, PAGE_HEADING, _("Para trabajar por este RFC, agrega este perfil"));
	parrafos_add(p, PAGE_NORMAL,
		_("y lo copia; :configurar abre tu configuración. La contraseña se toma como en tu "
		  "perfil: agrega su clave_comando si lo usas."));
	parrafos_add(p, PAGE_MONO, "%s", lines);
}

static enum err page(void *state, struct model *m, struct arena *a, int64_t now, struct page *ret)
{
	struct representante *s = state;
	bool received = false;
	const struct m_representacion *r = representacion_de(m, s->folio, &received);
	struct parrafos p;

	parrafos_init(&p, a);
	ret->title = _("Representación");
	ret->status = s->status;
	if (r == NULL) {
		parrafos_add(&p, PAGE_WARNING, "%s", err_sentence(ERR_NOT_FOUND));
		return parrafos_text(&p, ret);
	}
	if (!received || representacion_estado(r, now) != REPRESENTACION_POR_ACEPTAR)
		ret->mute[0] = "aceptar-representacion";
	if (representacion_estado(r, now) == REPRESENTACION_POR_ACEPTAR)
		ret->until = r->acepta_antes + 1;
	if (!representacion_abierta(r, now))
		ret->mute[1] = "terminar";
	first(&p, m, r, received, now);
	facts(&p, r, now);
	profile(&p, m, r, received, now);
	return parrafos_text(&p, ret);
}

const struct view view_representante = {
	.screen = SCREEN_representante,
	.size = sizeof(struct representante),
	.open = open,
	.act = act,
	.page = page,
	.close = close,
};
