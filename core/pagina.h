/*
 * Public pages: plain HTML that a text browser shows, no script (wire.md, Public pages). Which
 * there are is core/paginas.def; each is a function of core/paginas/.
 */
#ifndef CORE_PAGINA_H
#define CORE_PAGINA_H

#include "core/writer.h"

/* A request of a page. */
struct pagina {
	const struct server *server;
	struct exchange *x;
	const struct formulario *formulario; /* RECIBIR: what was sent; NULL: no such form */
	const char *resto;    /* of the path, behind its slash; "" where there is none */
	const char *consulta; /* of the target, behind its question mark; "" where there is none */
	/* Of one that is being written: as a rule has it, without signer, request and titular. */
	struct env env;
	struct writer_group *group;
};

/*
 * LEER: answers p->x, on an HTTP thread. ESCRIBIR, INFORMAR: answers it and gives false, or gives
 * true; then pagina_<name>_escribe answers it, in a transaction of the writer and a savepoint of
 * its own: it may run again. What it refuses (4xx) it answers itself, after undoing what it wrote:
 * ERR_* of the store only, and a 503 is what people see. RECIBIR: as LEER; its budget was taken
 * when its form began.
 */
#define PAGINA_LEER(name) void pagina_##name(struct pagina *p);
#define PAGINA_RECIBIR(name) PAGINA_LEER(name)
#define PAGINA_ESCRIBIR(name)                                                                      \
	bool pagina_##name(struct pagina *p);                                                      \
	enum err pagina_##name##_escribe(struct pagina *p) MUST_CHECK;
#define PAGINA_INFORMAR(name) PAGINA_ESCRIBIR(name)
#define PAGINA(name, method, ...) PAGINA_##method(name)
#include "core/paginas.def"
#undef PAGINA
#undef PAGINA_LEER
#undef PAGINA_RECIBIR
#undef PAGINA_ESCRIBIR
#undef PAGINA_INFORMAR

/* One of an unverified address' budget. False: the page that says to wait was answered. */
bool pagina_take(struct pagina *p);

/*
 * Answers the request of a page: x->done, now or from the writer's thread when it is written. False
 * where that target is none.
 */
bool pagina_answer(const struct server *s, struct writer *w, struct exchange *x);

/* Is it a page that reads a form with a file? By method, target and type of its request. */
bool pagina_recibe(const struct received *rq);
/* The same when its form has come. */
void pagina_answer_form(const struct server *s, struct exchange *x, const struct formulario *f);

#endif
