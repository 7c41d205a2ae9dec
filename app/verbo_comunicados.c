#include "app/publicados.h"

enum err verbo_comunicados(struct verb_call *v)
{
	return publicados_run(v, CARTELERA_COMUNICADOS);
}
