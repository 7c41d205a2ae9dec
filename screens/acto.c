#include "screens/acto.h"

#include "base/texto.h"

const struct acto_clase *acto_clase(enum route r)
{
	static const struct acto_clase *const kinds[] = {
#define ACTO(route) &acto_##route,
#include "screens/actos.def"
#undef ACTO
	};

	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (kinds[i]->route == r)
			return kinds[i];
	return NULL;
}

const char *acto_texto(struct arena *a, const struct model_acto *acto)
{
	const struct acto_clase *c = acto_clase(acto->route);

	return arena_printf(a, "%s%s", c != NULL ? _(c->nombre) : "", acto->clave);
}
