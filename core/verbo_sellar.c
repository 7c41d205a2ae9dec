#include "core/sellar.h"
#include "core/verbos.h"

enum err verbo_sellar(struct verbo *v, const struct args_sellar *args)
{
	struct config c;
	enum err e = verbo_configuracion_sello(v, args->config, &c);

	return e == OK ? sellar(&c, v->arena, &v->mensaje) : e;
}
