#include "app/publicados.h"

enum err verbo_documentos(struct verb_call *v)
{
	return publicados_run(v, CARTELERA_DOCUMENTOS);
}
