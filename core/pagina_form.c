#include "core/pagina_form.h"

#include "core/formulario.h"

#define PIEZA ((size_t)64 * 1024)

struct form {
	struct en_piezas piezas; /* first */
	const struct server *server;
	struct exchange *x;
	struct formulario f;
};

static void piece(struct http_in_request *rq)
{
	struct form *f = rq->user;

	formulario_add(&f->f, rq->body);
	f->f.grande = f->f.grande || rq->excess;
	if (rq->left || !rq->last) {
		http_in_more(rq);
		return;
	}
	formulario_end(&f->f, f->x->arena);
	pagina_answer_form(f->server, f->x, &f->f);
}

static void closes(struct http_in_request *rq)
{
	struct form *f = rq->user;

	formulario_free(&f->f);
}

/* Nobody makes the server hash for nothing. */
static bool begin(struct form *f, const struct http_in_request *rq)
{
	struct pagina p = {.server = f->server, .x = f->x};

	f->x->received = clock_now(&f->server->clock);
	if (!pagina_take(&p)) {
		f->x->done(f->x);
		return false;
	}
	if (formulario_begin(&f->f, rq->headers[HTTP_IN_CONTENT_TYPE]) == OK)
		return true;
	f->f.malo = true;
	pagina_answer_form(f->server, f->x, &f->f);
	return false;
}

bool pagina_form_empieza(const struct server *s, struct exchange *x, struct http_in_request *rq,
	struct http_in_stream *ret)
{
	if (!pagina_recibe(&x->rq))
		return false;
	struct form *f = arena_zalloc(&rq->arena, sizeof(*f));

	*ret = (struct http_in_stream){.limit = FORMULARIO_TODO, .piece = PIEZA};
	if (f == NULL) {
		exchange_refuse(x, ERR_NO_MEMORY);
		x->done(x);
		return true;
	}
	*f = (struct form){.piezas = {.pieza = piece, .cierra = closes}, .server = s, .x = x};
	rq->user = f;
	(void)begin(f, rq);
	return true;
}
