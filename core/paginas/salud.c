/* /salud, for whoever watches this server. */
#include "core/pagina.h"

void pagina_salud(struct pagina *p)
{
	struct exchange *x = p->x;
	struct store *store = store_pool_take(p->server->readers);
	int64_t now;
	enum err e = store_now(store, &now);

	store_pool_give(p->server->readers, store);
	x->status = e == OK ? 200 : 503;
	x->content_type = "text/plain; charset=utf-8";
	x->answer = bytes_of_text(e == OK ? "bien\n" : "sin almacén\n");
}
