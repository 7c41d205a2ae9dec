#include "core/legales.h"
#include "core/mensajeria.h"
#include "core/verbos.h"

enum err verbo_config(struct verbo *v, const struct args_config *args)
{
	struct config c;
	struct legales texts;
	struct mensajeria m = {0};

	if (args->ejemplo) {
		fputs(config_example(), v->out);
		return OK;
	}
	enum err e = verbo_configuracion(v, args->config, &c);

	if (e == OK)
		e = legales_load(v->arena, &c, &texts, &v->mensaje);
	if (e == OK)
		e = mensajeria_open(v->arena, &c, false, &m, &v->mensaje);
	mensajeria_close(&m);
	if (e == OK)
		fputs("La configuración es correcta.\n", v->out);
	return e;
}
