#include "app/representacion.h"

enum err verbo_representados(struct verb_call *v)
{
	return representacion_list(v, true);
}
