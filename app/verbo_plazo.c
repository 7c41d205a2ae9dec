#include <stdio.h>
#include "app/mailbox.h"
#include "base/texto.h"
#include "net/json_line.h"
#include "screens/efectos.h"
#include "screens/razones.h"
#include "tui/plain.h"

/* All that the answer is made of. */
struct plazo {
	const struct m_notificacion *n;
	struct calendario c;
	const struct zona *domicilio; /* NULL: Zona Centro's */
	struct efectos e;
	int64_t ahora;
};

static enum err fetch(struct sesion *s, const char *folio, struct plazo *ret)
{
	struct arena *a = s->v->arena;
	struct mailbox *box = arena_zalloc(a, sizeof(*box));
	struct fila f = {0};
	struct plazo p = {.ahora = client_now(s->client)};

	if (box == NULL)
		return ERR_NO_MEMORY;
	enum err e = mailbox_fetch(s, box);

	if (e == OK)
		e = mailbox_visible(box);
	if (e != OK)
		return e;
	p.n = mailbox_find(box, folio);
	if (p.n == NULL) {
		s->v->detail = folio;
		return ERR_NOT_FOUND;
	}
	p.domicilio = mailbox_domicilio(box);
	e = mailbox_calendario(box, a, p.n, &p.c);
	if (e == OK) {
		f.m = *p.n;
		fila_judge(&f, &p.c, p.ahora);
		e = efectos_contar(
			&p.c, p.domicilio, &f, mailbox_tipo(box, p.n->tipo), p.ahora, &p.e);
	}
	if (e == OK)
		*ret = p;
	return e;
}

static enum err print_text(struct arena *a, const struct plazo *p)
{
	static const struct plain_options options = {.utf8 = true};
	struct page page = {.title = p->n->folio};
	struct parrafos text;

	parrafos_init(&text, a);
	parrafos_pair(&text, _("Documento"), "%s", p->n->documento);
	if (p->n->cambio != NULL && p->n->vence_antes != 0)
		parrafos_add(&text, PAGE_WARNING, _("Vencía el %s, ahora el %s: %s"),
			parrafos_hora(&text, p->n->vence_antes), parrafos_hora(&text, p->n->vence),
			p->n->cambio);
	parrafos_blank(&text);
	razones_parrafos(&text, &p->c, p->domicilio, &p->e, p->ahora);
	if (p->e.sin_vacaciones != 0)
		parrafos_add(&text, PAGE_NORMAL,
			_("Las vacaciones generales de %d no están publicadas todavía: si se "
			  "declaran, estas fechas se mueven hacia después, nunca antes."),
			(int)p->e.sin_vacaciones);
	enum err e = parrafos_text(&text, &page);

	return e == OK ? plain_page(stdout, NULL, &page, &options) : e;
}

/* ---- JSON ---- */

static const char *word_of(enum derivacion_paso_clase clase)
{
	static const char *const words[] = {
		[DERIVACION_AVISO] = "aviso",
		[DERIVACION_ABRIR] = "abrir",
		[DERIVACION_CUARTO] = "cuarto",
		[DERIVACION_NOTIFICADA] = "notificada",
		[DERIVACION_SURTE] = "surte",
		[DERIVACION_PRIMERO] = "primero",
		[DERIVACION_ULTIMO] = "ultimo",
		[DERIVACION_RECEPCION] = "recepcion",
		[DERIVACION_PRUDENTE] = "prudente",
	};

	return words[clase];
}

static const char *iso(struct json_line *j, struct arena *a, int32_t dia)
{
	const char *text = fecha_text(a, dia, FECHA_ISO);

	j->buf.failed = j->buf.failed || text == NULL;
	return text != NULL ? text : "";
}

/* An object a step: what it gives, its rule, how many días inhábiles it skipped and which. */
static void json_steps(
	struct json_line *j, struct arena *a, const char *key, const struct derivacion *d)
{
	json_line_list(j, key);
	for (size_t i = 0; i < d->count; i++) {
		const struct derivacion_paso *p = &d->pasos[i];

		json_line_object(j);
		json_line_text(j, "paso", word_of(p->clase));
		if (p->instante != 0)
			json_line_int(j, "instante", p->instante);
		json_line_text(j, "fecha", iso(j, a, p->dia));
		json_line_text(j, "regla", p->regla);
		json_line_text(j, "que", p->que);
		json_line_list(j, "saltos");
		for (size_t k = 0; k < p->salto_count; k++) {
			json_line_object(j);
			json_line_text(j, "fecha", iso(j, a, p->saltos[k].dia));
			json_line_text(j, "motivo", p->saltos[k].motivo);
			json_line_object_end(j);
		}
		json_line_list_end(j);
		json_line_object_end(j);
	}
	json_line_list_end(j);
}

/* One of the two ways; past the calendar it holds what could be counted. */
static enum err json_case(struct json_line *j, struct arena *a, const char *key,
	const struct plazo *p, int64_t opened, bool *ret_whole)
{
	struct derivacion d = {.arena = a};
	enum err e = efectos_derivar(&p->c, p->domicilio, &p->e, opened, &d);

	if (e != OK && e != ERR_HORIZON)
		return e;
	*ret_whole = *ret_whole && e == OK;
	json_steps(j, a, key, &d);
	return OK;
}

static enum err print_json(struct arena *a, const struct plazo *p)
{
	static const char *const words[] = {
		[EFECTOS_CAMBIA] = "por abrir",
		[EFECTOS_IGUAL] = "por abrir, sin cambio",
		[EFECTOS_NOTIFICADA] = "notificada",
		[EFECTOS_RETIRADA] = "retirada",
	};
	struct json_line j;
	bool whole = true;
	enum err e = OK;

	json_line_begin(&j, a);
	json_line_text(&j, "notificacion", p->n->folio);
	json_line_text(&j, "estado", words[p->e.estado]);
	json_line_int(&j, "plazo_dias", p->e.plazo_dias);
	json_line_text(&j, "zona", p->domicilio != NULL ? zona_name(p->domicilio) : NULL);
	if (p->e.estado == EFECTOS_CAMBIA)
		e = json_case(&j, a, "si_abre", p, p->ahora, &whole);
	if (e == OK && p->e.estado != EFECTOS_RETIRADA)
		e = json_case(&j, a, p->e.estado == EFECTOS_NOTIFICADA ? "pasos" : "si_no", p,
			p->e.abierta, &whole);
	if (e != OK)
		return e;
	json_line_bool(&j, "completo", whole);
	if (p->e.sin_vacaciones != 0)
		json_line_int(&j, "vacaciones_sin_publicar", p->e.sin_vacaciones);
	return json_line_end(&j, stdout);
}

enum err verbo_plazo(struct verb_call *v)
{
	SESION(s);
	struct plazo p;
	enum err e = sesion_open(v, &s);

	if (e != OK)
		return e;
	sesion_flush(&s);
	e = fetch(&s, v->args[0], &p);
	if (e != OK)
		return e;
	return v->opt[OPTION_json] != NULL ? print_json(v->arena, &p) : print_text(v->arena, &p);
}
