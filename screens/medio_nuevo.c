#include "screens/medio_nuevo.h"

#include <stdio.h>
#include "base/texto.h"
#include "ley/correo.h"
#include "ley/rp.h"
#include "screens/contacto.h"
#include "screens/medio_borrador.h"
#include "screens/parrafos.h"

#define RPS_CHOICE 20 /* more of them are written, not chosen from */
#define FIELDS 7
#define CORREO_ROOM ((size_t)64 << 10)

struct medio_nuevo {
	struct medio_borrador b;
	enum err err_medio;
	enum err err_rp;
	enum err err_reemplaza;
	struct acto acto; /* what the signing dialogue is given */
	char draft[MEDIO_BORRADOR_BYTES];
};

/* ---- what the words of the form are ---- */

static const char *pestana(bool rps)
{
	return rps ? _("Medio de Contacto de Registros Patronales") : _("Medio de Contacto de RFC");
}

static const char *todos(void)
{
	return _("Seleccionar todos los Registros Patronales");
}

static const char *mecanismo(const struct medio_nuevo *s)
{
	return s->b.celular ? CONTACTO_CELULAR : CONTACTO_CORREO;
}

/* "" on the tab of the RFC. */
static const char *rp(const struct medio_nuevo *s)
{
	return s->b.rps ? s->b.rp : "";
}

static size_t rps_count(const struct model *m)
{
	return m->cuenta != NULL ? m->cuenta->rps_count : 0;
}

static bool chosen(const struct model *m)
{
	return rps_count(m) <= RPS_CHOICE;
}

static bool known_rp(const struct model *m, const char *text)
{
	for (size_t i = 0; i < rps_count(m); i++)
		if (strcmp(m->cuenta->rps[i].rp, text) == 0)
			return true;
	return strcmp(text, CONTACTO_TODOS) == 0 && rps_count(m) != 0;
}

/* Five mails are there: the new one has to take the place of one of them. */
static bool full(const struct medio_nuevo *s, const struct model *m, int64_t now)
{
	return !s->b.celular &&
	       contacto_lugar(m, CONTACTO_CORREO, rp(s), now, CONTACTO_CORREOS - 1) != NULL;
}

/* What the new one takes the place of; NULL: of nothing, or it is not chosen yet. */
static const struct m_medio *replaced(
	const struct medio_nuevo *s, const struct model *m, int64_t now)
{
	if (s->b.celular)
		return contacto_celular(m, rp(s), now);
	return full(s, m, now) ? model_medio(m, s->b.reemplaza) : NULL;
}

/* ---- faults ---- */

/* As it is sent to and shown (ley/correo.h). */
static enum err read_medio(struct medio_nuevo *s, struct arena *a, const char **ret)
{
	struct correo c;

	*ret = s->b.medio;
	if (s->b.celular)
		return celular_valid(s->b.medio) ? OK : ERR_BAD_MOBILE;
	enum err err = correo_read(a, s->b.medio, &c);

	if (err == OK)
		*ret = c.valor;
	return err;
}

static enum err check_medio(struct medio_nuevo *s, const struct model *m, int64_t now)
{
	ARENA(a, CORREO_ROOM);
	const char *medio;
	enum err err = read_medio(s, &a, &medio);

	if (err != OK)
		return err;
	return contacto_repetido(m, mecanismo(s), medio, rp(s), now) != NULL ? ERR_MEDIUM_EXISTS
									     : OK;
}

static enum err check_reemplaza(const struct medio_nuevo *s, const struct model *m, int64_t now)
{
	const struct m_medio *x = replaced(s, m, now);

	if (!full(s, m, now))
		return OK;
	return x != NULL && x->baja == 0 && contacto_es(x, CONTACTO_CORREO, rp(s)) ? OK
										   : ERR_MEDIA_FULL;
}

/* As one leaves the field; what is empty is said when it is to be saved. */
static void left(struct medio_nuevo *s, const struct model *m, const struct event *e)
{
	if (strcmp(e->key, "medio") == 0 && s->b.medio[0] != '\0')
		s->err_medio = check_medio(s, m, e->now);
	if (strcmp(e->key, "rp") == 0 && s->b.rp[0] != '\0')
		s->err_rp = known_rp(m, s->b.rp) ? OK : ERR_NO_SUCH_RP;
}

/* ---- what is done ---- */

static struct effect keep(struct medio_nuevo *s)
{
	struct effect effect = effect_to(EFFECT_KEEP, SCREEN_acceso, CONTACTO_BORRADOR);

	medio_borrador_text(&s->b, s->draft, sizeof(s->draft));
	effect.text = s->draft;
	return effect;
}

static void set(char *to, size_t size, const char *text)
{
	(void)snprintf(to, size, "%s", text != NULL ? text : "");
}

static void choose_replaced(
	struct medio_nuevo *s, const struct model *m, const char *medio, int64_t now)
{
	const struct m_medio *x;

	s->b.reemplaza[0] = '\0';
	for (size_t i = 0; (x = contacto_lugar(m, CONTACTO_CORREO, rp(s), now, i)) != NULL; i++)
		if (strcmp(x->medio, medio) == 0)
			set(s->b.reemplaza, sizeof(s->b.reemplaza), x->folio);
}

/* A choice, or as one writes it: A01-23456-10-7. */
static void take_rp(struct medio_nuevo *s, const char *text)
{
	ARENA(a, 1024);
	const char *plain = NULL;

	if (strcmp(text, todos()) == 0)
		set(s->b.rp, sizeof(s->b.rp), CONTACTO_TODOS);
	else
		set(s->b.rp, sizeof(s->b.rp), rp_normalize(&a, text, &plain) == OK ? plain : text);
}

static struct effect changed(struct medio_nuevo *s, const struct model *m, const struct event *e)
{
	const char *value = e->value != NULL ? e->value : "";

	if (strcmp(e->key, "pestana") == 0) {
		s->b.rps = strcmp(value, pestana(true)) == 0;
		s->err_medio = s->err_rp = s->err_reemplaza = OK;
	} else if (strcmp(e->key, "mecanismo") == 0) {
		s->b.celular = strcmp(value, contacto_mecanismo(CONTACTO_CELULAR)) == 0;
		s->err_medio = OK;
	} else if (strcmp(e->key, "medio") == 0) {
		set(s->b.medio, sizeof(s->b.medio), value);
		s->err_medio = OK;
	} else if (strcmp(e->key, "rp") == 0) {
		take_rp(s, value);
		s->err_rp = OK;
	} else if (strcmp(e->key, "reemplaza") == 0) {
		choose_replaced(s, m, value, e->now);
		s->err_reemplaza = OK;
	}
	return keep(s);
}

/* All of it is looked at; what is wrong stands beside its field. */
static struct effect guardar(struct medio_nuevo *s, const struct model *m, int64_t now)
{
	struct effect effect = effect_to(EFFECT_OPEN, SCREEN_firmar, NULL);
	const struct m_medio *old = replaced(s, m, now);
	ARENA(a, CORREO_ROOM);
	const char *medio;

	s->err_medio = check_medio(s, m, now);
	s->err_rp = !s->b.rps || known_rp(m, s->b.rp) ? OK : ERR_NO_SUCH_RP;
	s->err_reemplaza = check_reemplaza(s, m, now);
	if (s->err_medio == OK)
		s->err_medio = read_medio(s, &a, &medio);
	if (s->err_medio != OK || s->err_rp != OK || s->err_reemplaza != OK)
		return effect_of(EFFECT_NONE);
	s->acto = (struct acto){.route = ROUTE_ID_medio_registrar};
	set(s->acto.mecanismo, sizeof(s->acto.mecanismo), mecanismo(s));
	set(s->acto.medio, sizeof(s->acto.medio), medio);
	set(s->acto.rp, sizeof(s->acto.rp), rp(s));
	set(s->acto.reemplaza, sizeof(s->acto.reemplaza), old != NULL ? old->folio : "");
	effect.acto = &s->acto;
	return effect;
}

static struct effect act(void *state, struct model *m, const struct event *e)
{
	struct medio_nuevo *s = state;

	switch (e->kind) {
	case EVENT_CHANGED:
		return changed(s, m, e);
	case EVENT_LEFT:
		left(s, m, e);
		break;
	case EVENT_PRESSED:
		return strcmp(e->key, "guardar") == 0 ? guardar(s, m, e->now)
						      : effect_of(EFFECT_BACK);
	case EVENT_ACTION:
		if (e->action == ACTION_back)
			return effect_of(EFFECT_BACK);
		break;
	default:
		break;
	}
	return effect_of(EFFECT_NONE);
}

static struct effect open(
	void *state, struct model *m, const struct effect *from, const struct event *e)
{
	struct medio_nuevo *s = state;

	(void)from;
	(void)e;
	medio_borrador_read(&s->b, m);
	/* One alone is the one that is meant. */
	if (s->b.rp[0] == '\0' && rps_count(m) == 1)
		set(s->b.rp, sizeof(s->b.rp), m->cuenta->rps[0].rp);
	return effect_of(EFFECT_NONE);
}

/* ---- the page ---- */

struct campos {
	struct arena *arena;
	struct page_field rows[FIELDS];
	size_t count;
	bool failed;
};

static struct page_field *add(struct campos *c, enum page_field_kind kind, const char *key,
	const char *label, const char *value)
{
	struct page_field *field = &c->rows[c->count++];

	*field = (struct page_field){.kind = kind,
		.key = key,
		.label = label,
		.value = value,
		.required = kind != PAGE_FIELD_BUTTON};
	return field;
}

static void fault(struct page_field *field, enum err err)
{
	field->error = err != OK ? err_sentence(err) : NULL;
}

static const char **choices(struct campos *c, struct page_field *field, size_t most)
{
	const char **list = arena_array(c->arena, most + 1, sizeof(*list));

	if (list == NULL)
		c->failed = true;
	field->choices = list;
	return list;
}

static void two(struct campos *c, const char *key, const char *label, const char *first,
	const char *second, bool is_second)
{
	struct page_field *field =
		add(c, PAGE_FIELD_CHOICE, key, label, is_second ? second : first);
	const char **list = choices(c, field, 2);

	if (list == NULL)
		return;
	list[field->choice_count++] = first;
	list[field->choice_count++] = second;
}

static const char *rp_shown(struct campos *c, const char *rp)
{
	const char *text = rp[0] != '\0' ? rp_text(c->arena, rp) : "";

	c->failed = c->failed || text == NULL;
	return text;
}

/* All of them, or one: chosen where they are few, else written. */
static void add_rp(struct campos *c, const struct medio_nuevo *s, const struct model *m)
{
	bool few = chosen(m);
	const char *value = strcmp(s->b.rp, CONTACTO_TODOS) == 0 ? todos() : rp_shown(c, s->b.rp);
	struct page_field *field = add(c, few ? PAGE_FIELD_CHOICE : PAGE_FIELD_TEXT, "rp",
		_("Registro Patronal"), few ? value : s->b.rp);

	fault(field, s->err_rp);
	if (!few) {
		field->limit = sizeof(s->b.rp) - 1;
		field->help = _("Uno de los tuyos, o * para todos los Registros Patronales");
		return;
	}
	const char **list = choices(c, field, rps_count(m) + 1);

	if (list == NULL)
		return;
	list[field->choice_count++] = todos();
	for (size_t i = 0; i < rps_count(m); i++)
		list[field->choice_count++] = rp_shown(c, m->cuenta->rps[i].rp);
}

static void add_replaced(
	struct campos *c, const struct medio_nuevo *s, const struct model *m, int64_t now)
{
	const struct m_medio *old = model_medio(m, s->b.reemplaza);
	struct page_field *field = add(c, PAGE_FIELD_CHOICE, "reemplaza", _("Reemplaza a"),
		old != NULL ? old->medio : NULL);
	const char **list = choices(c, field, m->cuenta->medios_count);
	const struct m_medio *x;

	fault(field, s->err_reemplaza);
	field->help = _("Ya hay cinco correos: el nuevo toma el lugar de uno; Espacio cambia cuál");
	if (list == NULL)
		return;
	for (size_t i = 0; (x = contacto_lugar(m, CONTACTO_CORREO, rp(s), now, i)) != NULL; i++)
		list[field->choice_count++] = x->medio;
}

static void add_all(
	struct campos *c, const struct medio_nuevo *s, const struct model *m, int64_t now)
{
	struct page_field *field;

	two(c, "pestana", _("Pestaña"), pestana(false), pestana(true), s->b.rps);
	if (s->b.rps && rps_count(m) != 0)
		add_rp(c, s, m);
	two(c, "mecanismo", _("Mecanismo de Comunicación"), contacto_mecanismo(CONTACTO_CORREO),
		contacto_mecanismo(CONTACTO_CELULAR), s->b.celular);
	field = add(c, PAGE_FIELD_TEXT, "medio", _("Medio de Contacto"), s->b.medio);
	field->limit = s->b.celular ? 0 : sizeof(s->b.medio) - 1;
	field->help = s->b.celular ? _("Los 10 dígitos del celular, sin lada internacional")
				   : _("La dirección completa, como nombre@dominio.mx");
	fault(field, s->err_medio);
	if (full(s, m, now))
		add_replaced(c, s, m, now);
	(void)add(c, PAGE_FIELD_BUTTON, "guardar", _("Guardar"), NULL);
	(void)add(c, PAGE_FIELD_BUTTON, "regresar", _("Regresar"), NULL);
}

/* What saving it does, before it is done. */
static void above(
	struct parrafos *p, const struct medio_nuevo *s, const struct model *m, int64_t now)
{
	const struct m_medio *old = replaced(s, m, now);

	if (s->b.rps && rps_count(m) == 0)
		parrafos_add(p, PAGE_WARNING,
			_("No constan Registros Patronales de este RFC: registra un medio del RFC o, si "
			  "debería haberlos, acláralo en tu subdelegación."));
	if (old != NULL)
		contacto_reemplazo(p, m, old);
}

static enum err page(void *state, struct model *m, struct arena *a, int64_t now, struct page *ret)
{
	const struct medio_nuevo *s = state;
	struct campos *c = arena_zalloc(a, sizeof(*c));
	struct parrafos p;

	if (c == NULL)
		return ERR_NO_MEMORY;
	c->arena = a;
	parrafos_init(&p, a);
	above(&p, s, m, now);
	add_all(c, s, m, now);
	if (p.failed || c->failed)
		return ERR_NO_MEMORY;
	ret->kind = PAGE_FORM;
	ret->title = _("Nuevo medio de contacto");
	ret->form = (struct page_form){
		.above = p.rows, .above_count = p.count, .fields = c->rows, .count = c->count};
	return OK;
}

const struct view view_medio_nuevo = {
	.screen = SCREEN_medio_nuevo,
	.size = sizeof(struct medio_nuevo),
	.open = open,
	.act = act,
	.page = page,
};
