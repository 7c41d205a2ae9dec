#include "app/consulta.h"

#include "base/clock.h"

#define ANSWER_BYTES ((size_t)16 << 20)
#define PAGES_MOST 2000

void consulta_close(struct consulta *c)
{
	if (c->v == NULL)
		return;
	model_free(&c->model);
	keep_close(&c->keep);
	sesion_close(&c->sesion);
	efirma_free(c->efirma);
	*c = (struct consulta){0};
}

/* One answer, written before the next is asked for: a line that breaks loses none of them. */
static enum err one(struct consulta *c, bool *ret_more)
{
	ARENA(a, ANSWER_BYTES);
	struct m_sincronizado answer;
	struct m_sincronizar rq = {0};
	char cursor[LOCAL_CURSOR];
	bool mas;
	enum err e = local_cursor(c->keep.writer, cursor, &mas);

	if (e != OK)
		return e;
	rq.cursor = cursor[0] != '\0' ? cursor : NULL;
	e = sesion_call(&c->sesion, &a, ROUTE_ID_sincronizar, &rq, &answer, NULL);
	if (e == OK)
		e = local_take_sincronizado(c->keep.writer, &answer, answer.ahora);
	*ret_more = e == OK && answer.mas;
	return e;
}

static enum err synchronise(struct consulta *c)
{
	bool more = true;
	enum err e = sesion_open_with(c->v, c->perfil, c->efirma, &c->sesion);

	for (int i = 0; e == OK && more; i++)
		e = i < PAGES_MOST ? one(c, &more) : ERR_BAD_ANSWER;
	if (c->sesion.client != NULL)
		c->ahora = client_now(c->sesion.client);
	return e;
}

static enum err open_copy(struct consulta *c)
{
	struct clock system = clock_system(0);
	bool online = c->v->opt[OPTION_sin_conexion] == NULL;

	c->ahora = clock_now(&system);
	enum err e = keep_open(c->perfil, c->efirma, c->ahora, &c->keep);

	if (e != OK)
		return e;
	/* Nothing that stands there is lost by a line that is down. */
	c->linea = online ? synchronise(c) : OK;
	if (c->linea == ERR_NO_MEMORY)
		return c->linea;
	e = local_judge(c->keep.writer, c->ahora);
	if (e != OK)
		return e;
	c->model.perfil =
		(struct model_perfil){.rfc = c->perfil->rfc, .calidad = c->perfil->calidad};
	model_attach(&c->model, c->keep.reader);
	return c->model.tabla.err;
}

static void begin(struct verb_call *v, const struct perfil *p, struct consulta *c)
{
	*c = (struct consulta){.v = v, .perfil = p};
	model_init(&c->model);
}

enum err consulta_open(struct verb_call *v, const struct perfil *p, struct consulta *ret)
{
	begin(v, p, ret);
	enum err e = sesion_efirma(v, p, false, &ret->efirma);

	return e == OK ? open_copy(ret) : e;
}

enum err consulta_open_with(
	struct verb_call *v, const struct perfil *p, const struct efirma *f, struct consulta *ret)
{
	begin(v, p, ret);
	enum err e = efirma_share(f, &ret->efirma);

	return e == OK ? open_copy(ret) : e;
}

bool consulta_reciente(const struct consulta *c)
{
	return c->model.recibido != 0 && c->ahora - c->model.recibido < CONSULTA_VIEJA_MS;
}
