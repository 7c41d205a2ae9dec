/*
 * The form of a public page on its way: hashed as it comes, never kept (core/formulario.h).
 */
#ifndef CORE_PAGINA_FORM_H
#define CORE_PAGINA_FORM_H

#include "core/en_piezas.h"
#include "core/pagina.h"

/* False where the request is none. x->rq is filled; x->done is called once it is answered. */
bool pagina_form_empieza(const struct server *s, struct exchange *x, struct http_in_request *rq,
	struct http_in_stream *ret);

#endif
