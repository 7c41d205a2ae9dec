#include "core/servir.h"
#include "core/verbos.h"

enum err verbo_servir(struct verbo *v, const struct args_servir *args)
{
	struct config c;
	enum err e = verbo_configuracion(v, args->config, &c);

	return e == OK ? servir(&c) : e;
}
