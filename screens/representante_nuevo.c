#include "screens/representante_nuevo.h"

#include <stdio.h>
#include "base/texto.h"
#include "crypto/rfc.h"
#include "screens/parrafos.h"
#include "screens/representacion.h"

#define DRAFT "borrador/representante"
#define DRAFT_BYTES ((size_t)16 << 10)
#define TYPED 64 /* bytes of what is typed into a field */

enum campo { CAMPO_RFC, CAMPO_DESDE, CAMPO_HASTA, CAMPO_PERMISOS, CAMPOS };

struct nuevo {
	char rfc[TYPED];
	enum nivel nivel[AMBITOS];
	char desde[TYPED];
	char hasta[TYPED];
	const char *fault[CAMPOS];
	struct acto acto;
	char draft[DRAFT_BYTES / 16];
	const char *status;
};

static const char *const keys[CAMPOS] = {"rfc", "desde", "hasta", "permisos"};

/* ---- the draft ---- */

/* A line a value: "rfc=…", "notificaciones=leer". */
static void write_draft(struct nuevo *s)
{
	int n = snprintf(s->draft, sizeof(s->draft), "rfc=%s\ndesde=%s\nhasta=%s\n", s->rfc,
		s->desde, s->hasta);

	for (unsigned i = 0; i < AMBITOS; i++)
		if (s->nivel[i] != NIVEL_NADA && n > 0 && (size_t)n < sizeof(s->draft))
			n += snprintf(s->draft + n, sizeof(s->draft) - (size_t)n, "%s=%s\n",
				ambito_word((enum ambito)i), nivel_word(s->nivel[i]));
}

static void take(struct nuevo *s, const char *key, const char *value)
{
	enum ambito ambito = ambito_of(key);

	if (strcmp(key, "rfc") == 0)
		(void)snprintf(s->rfc, sizeof(s->rfc), "%s", value);
	else if (strcmp(key, "desde") == 0)
		(void)snprintf(s->desde, sizeof(s->desde), "%s", value);
	else if (strcmp(key, "hasta") == 0)
		(void)snprintf(s->hasta, sizeof(s->hasta), "%s", value);
	else if (ambito < AMBITOS)
		s->nivel[ambito] = nivel_of(value);
}

static void read_draft(struct nuevo *s, const struct model *m)
{
	ARENA(a, DRAFT_BYTES);
	const char *kept = model_borrador(m, &a, DRAFT);
	char *text = kept != NULL ? arena_strdup(&a, kept) : NULL;
	char *rest = NULL;

	for (char *l = text != NULL ? strtok_r(text, "\n", &rest) : NULL; l != NULL;
		l = strtok_r(NULL, "\n", &rest)) {
		char *equal = strchr(l, '=');

		if (equal == NULL)
			continue;
		*equal = '\0';
		take(s, l, equal + 1);
	}
}

static struct effect keep(struct nuevo *s)
{
	struct effect effect = effect_to(EFFECT_KEEP, SCREEN_acceso, DRAFT);

	write_draft(s);
	effect.text = s->draft;
	return effect;
}

/* What was typed is there the next time. */
static struct effect leave(struct nuevo *s)
{
	struct effect effect = keep(s);

	effect.levels = 1;
	return effect;
}

/* ---- what was typed ---- */

static size_t permits(const struct nuevo *s, struct m_permiso list[AMBITOS])
{
	size_t n = 0;

	for (unsigned i = 0; i < AMBITOS; i++)
		if (s->nivel[i] != NIVEL_NADA)
			list[n++] = (struct m_permiso){.ambito = ambito_word((enum ambito)i),
				.nivel = nivel_word(s->nivel[i])};
	return n;
}

static bool both(const struct nuevo *s)
{
	struct m_permiso list[AMBITOS];

	return representacion_dos_firmas(list, permits(s, list));
}

static void check_rfc(struct nuevo *s, const struct model *m)
{
	ARENA(a, 4096);
	const char *rfc = NULL;

	s->fault[CAMPO_RFC] = NULL;
	if (rfc_normalize(&a, s->rfc, &rfc) != OK)
		s->fault[CAMPO_RFC] = err_sentence(ERR_BAD_RFC);
	else if (m->entrado && strcmp(rfc, m->e.titular) == 0)
		s->fault[CAMPO_RFC] = err_sentence(ERR_SELF);
	else if (rfc_kind(rfc) == RFC_MORAL && both(s))
		s->fault[CAMPO_RFC] =
			_("Una persona moral puede leer y preparar; abrir y firmar por otro "
			  "es de una persona física.");
}

/* Whole days of Zona Centro: the first from its first instant, the last to its last. 0: none said.
 */
static int64_t day_of(struct nuevo *s, enum campo which, const char *text, bool last)
{
	int32_t dia = 0;

	s->fault[which] = NULL;
	if (text[strspn(text, " ")] == '\0')
		return 0;
	if (fecha_escrita(text, &dia) != OK) {
		s->fault[which] = _("No es una fecha; escríbela como 31/dic/2026.");
		return 0;
	}
	return last ? zona_instant(zona_centro(), dia + 1, 0) - 1
		    : zona_instant(zona_centro(), dia, 0);
}

static void check_dates(struct nuevo *s, int64_t now)
{
	int64_t desde = day_of(s, CAMPO_DESDE, s->desde, false);
	int64_t hasta = day_of(s, CAMPO_HASTA, s->hasta, true);

	if (hasta != 0 && hasta < now)
		s->fault[CAMPO_HASTA] = _("Ese día ya pasó.");
	else if (hasta != 0 && hasta < desde)
		s->fault[CAMPO_HASTA] = _("Es antes del primer día.");
}

static void check_permits(struct nuevo *s)
{
	struct m_permiso list[AMBITOS];

	s->fault[CAMPO_PERMISOS] =
		permits(s, list) == 0 ? _("Di qué puede hacer al menos en un menú.") : NULL;
}

/* ---- what is done ---- */

static void changed(struct nuevo *s, const char *key, const char *value)
{
	enum ambito ambito = ambito_of(key);

	s->status = NULL;
	for (unsigned i = 0; i < CAMPOS; i++)
		if (strcmp(keys[i], key) == 0 || ambito < AMBITOS)
			s->fault[i] = NULL;
	if (ambito == AMBITOS) {
		take(s, key, value);
		return;
	}
	s->nivel[ambito] = NIVEL_NADA;
	for (unsigned n = 1; n < NIVELES; n++)
		if (strcmp(texto(nivel_nombre((enum nivel)n)), value) == 0)
			s->nivel[ambito] = (enum nivel)n;
}

static struct effect guardar(struct nuevo *s, const struct model *m, int64_t now)
{
	ARENA(a, 4096);
	struct effect sign = effect_to(EFFECT_OPEN, SCREEN_firmar, NULL);
	const char *rfc = NULL;

	check_rfc(s, m);
	check_permits(s);
	check_dates(s, now);
	for (unsigned i = 0; i < CAMPOS; i++)
		if (s->fault[i] != NULL) {
			s->status = _("Falta corregir lo que se señala.");
			return effect_of(EFFECT_NONE);
		}
	if (rfc_normalize(&a, s->rfc, &rfc) != OK)
		return effect_of(EFFECT_NONE);
	s->acto = (struct acto){.route = ROUTE_ID_representante_alta};
	(void)snprintf(s->acto.representante, sizeof(s->acto.representante), "%s", rfc);
	s->acto.permiso_count = permits(s, s->acto.permisos);
	s->acto.desde = day_of(s, CAMPO_DESDE, s->desde, false);
	s->acto.hasta = day_of(s, CAMPO_HASTA, s->hasta, true);
	if (model_acto(m, ROUTE_ID_representante_alta, rfc) != NULL) {
		s->status = _("Ya firmaste su registro y está por enviar: no se firma dos veces.");
		return effect_of(EFFECT_NONE);
	}
	sign.acto = &s->acto;
	return sign;
}

static void left(struct nuevo *s, const struct model *m, const struct event *e)
{
	if (strcmp(e->key, "rfc") == 0 && s->rfc[0] != '\0')
		check_rfc(s, m);
	if (strcmp(e->key, "desde") == 0 || strcmp(e->key, "hasta") == 0)
		check_dates(s, e->now);
}

static struct effect act(void *state, struct model *m, const struct event *e)
{
	struct nuevo *s = state;

	switch (e->kind) {
	case EVENT_CHANGED:
		changed(s, e->key, e->value);
		return keep(s);
	case EVENT_LEFT:
		left(s, m, e);
		return keep(s);
	case EVENT_PRESSED:
		if (strcmp(e->key, "guardar") == 0)
			return guardar(s, m, e->now);
		return leave(s);
	case EVENT_ACTION:
		if (e->action == ACTION_back)
			return leave(s);
		break;
	default:
		break;
	}
	return effect_of(EFFECT_NONE);
}

static struct effect open(
	void *state, struct model *m, const struct effect *from, const struct event *e)
{
	struct nuevo *s = state;

	(void)from;
	(void)e;
	read_draft(s, m);
	return effect_of(EFFECT_NONE);
}

/* ---- the page ---- */

static void above(struct parrafos *p, const struct nuevo *s)
{
	parrafos_add(p, PAGE_NORMAL,
		_("Leer y Preparar no abren nada y basta tu firma. Abrir y Firmar necesitan la de los "
		  "dos."));
	if (both(s))
		parrafos_add(p, PAGE_WARNING,
			_("Firma de los dos: primero la tuya; después la suya, con su e.firma y dentro de "
			  "%d minutos. Si no llega a tiempo, se registra de nuevo."),
			ALCANCE_ACEPTA_MIN);
	if (s->rfc[0] != '\0' && s->fault[CAMPO_RFC] == NULL && rfc_kind(s->rfc) != RFC_NONE &&
		!rfc_check_digit_ok(s->rfc))
		parrafos_add(p, PAGE_WARNING,
			_("El último carácter de ese RFC no es el que se calcula; revísalo antes de "
			  "firmar."));
}

static const char *const *choices(struct arena *a)
{
	const char **list = arena_array(a, NIVELES, sizeof(*list));

	if (list == NULL)
		return NULL;
	list[0] = _("Nada");
	for (unsigned n = 1; n < NIVELES; n++)
		list[n] = texto(nivel_nombre((enum nivel)n));
	return list;
}

#define FIELDS (AMBITOS + 5)

static enum err page(void *state, struct model *m, struct arena *a, int64_t now, struct page *ret)
{
	const struct nuevo *s = state;
	struct page_field *f = arena_array(a, FIELDS, sizeof(*f));
	const char *const *levels = choices(a);
	struct parrafos p;
	size_t n = 0;

	(void)m;
	(void)now;
	parrafos_init(&p, a);
	above(&p, s);
	if (f == NULL || levels == NULL || p.failed)
		return ERR_NO_MEMORY;
	f[n++] = (struct page_field){.kind = PAGE_FIELD_TEXT,
		.key = "rfc",
		.label = _("RFC del representante"),
		.value = s->rfc,
		.error = s->fault[CAMPO_RFC],
		.required = true,
		.limit = 20};
	for (unsigned i = 0; i < AMBITOS; i++)
		f[n++] = (struct page_field){.kind = PAGE_FIELD_CHOICE,
			.key = ambito_word((enum ambito)i),
			.label = texto(ambito_nombre((enum ambito)i)),
			.value = levels[s->nivel[i]],
			.error = i == 0 ? s->fault[CAMPO_PERMISOS] : NULL,
			.help = _("Espacio o flechas cambian; cada nivel incluye los anteriores"),
			.choices = levels,
			.choice_count = NIVELES};
	f[n++] = (struct page_field){.kind = PAGE_FIELD_TEXT,
		.key = "desde",
		.label = _("Desde (Zona Centro)"),
		.value = s->desde,
		.error = s->fault[CAMPO_DESDE],
		.help = _("El primer día, como 31/dic/2026; vacío: desde que se firme"),
		.limit = 20};
	f[n++] = (struct page_field){.kind = PAGE_FIELD_TEXT,
		.key = "hasta",
		.label = _("Hasta (Zona Centro)"),
		.value = s->hasta,
		.error = s->fault[CAMPO_HASTA],
		.help = _("El último día completo, como 31/dic/2026; vacío: hasta que se termine"),
		.limit = 20};
	f[n++] = (struct page_field){
		.kind = PAGE_FIELD_BUTTON, .key = "guardar", .label = _("Guardar")};
	f[n++] = (struct page_field){
		.kind = PAGE_FIELD_BUTTON, .key = "regresar", .label = _("Regresar")};
	ret->kind = PAGE_FORM;
	ret->title = _("Nuevo representante");
	ret->status = s->status;
	ret->form = (struct page_form){
		.above = p.rows, .above_count = p.count, .fields = f, .count = n};
	return OK;
}

const struct view view_representante_nuevo = {
	.screen = SCREEN_representante_nuevo,
	.size = sizeof(struct nuevo),
	.open = open,
	.act = act,
	.page = page,
};
