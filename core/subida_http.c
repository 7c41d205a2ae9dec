#include "core/subida_http.h"

#include <inttypes.h>
#include <string.h>

#define RUTA "/v1/archivo/"
#define MEDIA "application/partial-upload"

/* One PATCH; lives in its request's arena. */
struct patch {
	struct en_piezas piezas; /* first */
	struct subida_http *h;
	struct http_in_request *rq;
	struct subida u;
	int64_t at; /* what is committed, as far as this one knows */
	struct subida_turno turno;
	enum err failed; /* SUBIDA_DE_NUEVO: why */
};

/* ---- answers ---- */

static void answer(struct http_in_request *rq, enum err e, const struct subida *u)
{
	struct http_in_upload told = {0};
	struct http_in_answer a = {.status = err_http(e),
		.content_type = "application/json",
		.retry_after_s = err_http(e) == 503 || e == ERR_TOO_MANY ? 5 : 0};
	const char *text = NULL;

	if (u != NULL) {
		told = (struct http_in_upload){
			.offset = u->recibidos, .length = u->bytes, .complete = u->completa};
		a.upload = &told;
	}
	if (e != OK && e != ERR_UPLOAD_OFFSET)
		text = arena_printf(&rq->arena, "{\"error\":\"%s\"}", err_wire(e));
	else if (e != OK)
		text = arena_printf(&rq->arena, "{\"error\":\"%s\",\"dato\":%" PRId64 "}",
			err_wire(e), told.offset);
	else
		text = arena_printf(&rq->arena,
			"{\"desde\":%" PRId64 ",\"bytes\":%" PRId64 ",\"completa\":%s}",
			told.offset, told.length, told.complete ? "true" : "false");
	a.body = bytes_of_text(text != NULL ? text : "{}");
	http_in_answer(rq, &a);
}

/* ---- finding it ---- */

bool subida_http_es(const struct http_in_request *rq)
{
	return rq->target != NULL && strncmp(rq->target, RUTA, strlen(RUTA)) == 0;
}

/* Who guesses pays; who knows does not. */
static enum err find(
	struct subida_http *h, struct http_in_request *rq, const char *peer, struct subida *ret)
{
	const struct server *s = h->server;
	unsigned budget = s->config->presupuesto_direccion;
	int64_t now = clock_now(&s->clock);
	enum err e = budget_take(s->budget, peer, budget, now);

	if (e != OK)
		return e;
	struct store *store = store_pool_take(s->readers);

	e = subida_leer(store, &rq->arena, rq->target + strlen(RUTA), ret);
	store_pool_give(s->readers, store);
	if (e == OK)
		budget_give(s->budget, peer, budget);
	return e == OK && ret->vence <= now ? ERR_NOT_FOUND : e;
}

void subida_http_responde(struct subida_http *h, struct http_in_request *rq, const char *peer)
{
	struct subida u;
	enum err e = strcmp(rq->method, "HEAD") == 0 ? find(h, rq, peer, &u) : ERR_BAD_METHOD;

	answer(rq, e, e == OK ? &u : NULL);
}

/* ---- a PATCH ---- */

static void put(struct patch *p, enum subida_obra obra)
{
	p->turno.obra = obra;
	p->turno.desde = p->at;
	p->turno.datos = p->rq->body;
	subida_cola_put(p->h->cola, &p->turno);
}

/* From the writer's thread: the piece is on disk, or nothing of it is. */
static void written(struct subida_turno *t)
{
	struct patch *p = (struct patch *)(void *)((char *)t - offsetof(struct patch, turno));

	if (t->err == ERR_UPLOAD_OFFSET) {
		answer(p->rq, t->obra == SUBIDA_DE_NUEVO ? p->failed : t->err, &t->ahora);
		return;
	}
	if (t->err != OK) {
		answer(p->rq, t->err, NULL);
		return;
	}
	switch (t->obra) {
	case SUBIDA_TROZO:
		p->at += (int64_t)t->datos.size;
		http_in_more(p->rq);
		return;
	case SUBIDA_DE_NUEVO:
		p->u.recibidos = 0;
		answer(p->rq, p->failed, &p->u);
		return;
	case SUBIDA_ENTERA:
	case SUBIDA_COMPLETA:
		p->u.recibidos = p->u.bytes;
		p->u.completa = true;
		answer(p->rq, OK, &p->u);
		return;
	}
}

/* All came: on an HTTP thread it is read once more, and proved. */
static void prove(struct patch *p)
{
	const struct server *s = p->h->server;
	struct store *store = store_pool_take(s->readers);
	enum err e = subida_comprobar(store, &p->u);

	store_pool_give(s->readers, store);
	if (e == OK) {
		put(p, SUBIDA_COMPLETA);
		return;
	}
	p->failed = e;
	if (err_http(e) >= 500)
		answer(p->rq, e, NULL);
	else
		put(p, SUBIDA_DE_NUEVO);
}

/* The whole file in one piece: it is proved before anything is written. */
static void take_whole(struct patch *p)
{
	enum err e = subida_comprobar_bytes(&p->u, p->rq->body);

	if (e == OK)
		put(p, SUBIDA_ENTERA);
	else
		answer(p->rq, e, err_http(e) < 500 ? &p->u : NULL);
}

static void end(struct patch *p)
{
	p->u.recibidos = p->at;
	if (p->rq->left)
		http_in_more(p->rq);
	else if (p->at == p->u.bytes)
		prove(p);
	else
		answer(p->rq, OK, &p->u);
}

static void piece(struct http_in_request *rq)
{
	struct patch *p = rq->user;

	if (rq->excess) {
		/* What came before it counts no more than what is behind: it is another file. */
		p->u.recibidos = p->at;
		answer(rq, ERR_TOO_LARGE, &p->u);
	} else if (rq->body.size == 0) {
		end(p);
	} else if (rq->last && p->at == 0 && (int64_t)rq->body.size == p->u.bytes) {
		take_whole(p);
	} else {
		put(p, SUBIDA_TROZO);
	}
}

static enum err read_offset(const struct http_in_request *rq, int64_t *ret)
{
	const char *text = rq->headers[HTTP_IN_UPLOAD_OFFSET];
	size_t size = text != NULL ? strlen(text) : 0;

	if (size == 0 || size > 15 || strspn(text, "0123456789") != size)
		return ERR_BAD_REQUEST;
	*ret = 0;
	for (; *text != '\0'; text++)
		*ret = *ret * 10 + (*text - '0');
	return OK;
}

static enum err check_head(const struct http_in_request *rq, int64_t *ret_offset)
{
	const char *type = rq->headers[HTTP_IN_CONTENT_TYPE];

	if (rq->repeated[HTTP_IN_UPLOAD_OFFSET] || rq->repeated[HTTP_IN_CONTENT_TYPE] ||
		rq->headers[HTTP_IN_CONTENT_ENCODING] != NULL || type == NULL ||
		strcmp(type, MEDIA) != 0)
		return ERR_BAD_REQUEST;
	return read_offset(rq, ret_offset);
}

/* May these bytes follow? Of one that is whole nothing can but nothing. */
static enum err check_offset(const struct http_in_request *rq, const struct subida *u, int64_t at)
{
	if (at != u->recibidos || (u->completa && rq->length != 0))
		return ERR_UPLOAD_OFFSET;
	return rq->length > u->bytes - at ? ERR_TOO_LARGE : OK;
}

bool subida_http_empieza(struct subida_http *h, struct http_in_request *rq, const char *peer,
	struct http_in_stream *ret)
{
	struct patch *p = arena_zalloc(&rq->arena, sizeof(*p));
	int64_t at = 0;
	bool found = false;
	enum err e = p != NULL ? check_head(rq, &at) : ERR_NO_MEMORY;

	if (e == OK)
		e = find(h, rq, peer, &p->u);
	if (e == OK) {
		found = true;
		e = check_offset(rq, &p->u, at);
	}
	if (e != OK || p->u.completa) {
		answer(rq, e, found ? &p->u : NULL);
		*ret = (struct http_in_stream){.limit = 0, .piece = SUBIDA_PIEZA};
		return true;
	}
	p->piezas.pieza = piece;
	p->h = h;
	p->rq = rq;
	p->at = at;
	p->turno = (struct subida_turno){.direccion = p->u.direccion,
		.vuelta = p->u.vuelta,
		.done = written,
		.arena = &rq->arena};
	rq->user = p;
	*ret = (struct http_in_stream){.limit = (uint64_t)(p->u.bytes - at), .piece = SUBIDA_PIEZA};
	return true;
}
