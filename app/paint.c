#include "app/paint.h"

#include "app/effects.h"
#include "app/perfiles.h"
#include "base/texto.h"

#define ALLOWANCE ((size_t)16 << 20)

void paint_init(struct paint *p)
{
	*p = (struct paint){0};
	arena_init(&p->arena, ALLOWANCE);
}

void paint_free(struct paint *p)
{
	arena_free(&p->arena);
}

static bool is_test(const struct model *m)
{
	return (m->entrado && m->e.prueba) || (m->trust != NULL && trust_is_test(m->trust));
}

/* NULL: no memory. */
static const char *clock_text(struct arena *a, int64_t now)
{
	const char *hora = hora_text(a, zona_centro(), now, HORA_DIA);

	return hora == NULL ? NULL : arena_printf(a, "%s ZC", hora);
}

/* Before entering, and while locked, nothing tells whose mail this is. */
static enum err make_frame(struct paint *p, struct app *app, enum screen screen, int64_t now)
{
	const struct model *m = &app->actual->model;
	const char *clock = clock_text(&p->arena, now);

	if (clock == NULL)
		return ERR_NO_MEMORY;
	p->frame = (struct page_frame){
		.program = "Buzón IMSS", .banner = is_test(m) ? _("PRUEBA") : NULL, .clock = clock};
	if (!m->entrado || screen == SCREEN_bloqueo || screen == SCREEN_acceso)
		return OK;
	p->frame.who = m->e.nombre;
	p->frame.rfc = m->e.titular;
	return action_menu(&p->arena, app->depth > 1 ? app->stack[1].view->screen : screen,
		model_habilitado(m), &p->frame.menu, &p->frame.menu_count, &p->frame.menu_current);
}

static enum err make_page(struct paint *p, struct app *app, int64_t now)
{
	struct level *top = effects_top(app);
	enum err err = make_frame(p, app, top->view->screen, now);

	if (err == OK)
		err = top->view->page(top->state, &app->actual->model, &p->arena, now, &p->page);
	if (err == OK)
		err = action_hints(&p->arena, top->view->screen, &p->page);
	if (err == OK && app->notice[0] != '\0')
		p->page.status = app->notice;
	if (err == OK && p->page.status == NULL)
		p->page.status = model_estado(&p->arena, &app->actual->model, now);
	return err;
}

void paint_make(struct paint *p, struct app *app)
{
	struct level *top = effects_top(app);

	arena_free(&p->arena);
	perfiles_fill(app);
	p->page = (struct page){0};
	p->frame = (struct page_frame){.program = "Buzón IMSS"};
	enum err err = make_page(p, app, app_now(app));

	app->until = p->page.until != 0 ? p->page.until : INT64_MAX;
	if (err == OK)
		err = widget_sync(&top->widget, &p->page);
	if (err == OK)
		return;
	p->sorry = (struct page_paragraph){.style = PAGE_WARNING, .text = err_sentence(err)};
	p->page = (struct page){.kind = PAGE_TEXT, .title = "", .text = {&p->sorry, 1}};
	/* A text needs no memory to be synced. */
	(void)!widget_sync(&top->widget, &p->page);
}

void paint(struct paint *p, struct app *app, struct term *term)
{
	paint_make(p, app);
	draw_page(term, &p->frame, &p->page, &effects_top(app)->widget);
	/* Rows are read as they are drawn: a copy that is found damaged is left at once. */
	if (!keep_mend(app->actual))
		return;
	paint_make(p, app);
	draw_page(term, &p->frame, &p->page, &effects_top(app)->widget);
}

void paint_clock(struct paint *p, struct app *app, struct term *term)
{
	const char *clock = clock_text(&p->arena, app_now(app));

	/* Without it the last one stands until the next paint. */
	if (clock == NULL || p->frame.clock == NULL)
		return;
	p->frame.clock = clock;
	draw_clock(term, &p->frame, &effects_top(app)->widget);
}
