#include "core/evidencia.h"

const char *evidencia_word(enum suceso s)
{
	static const char *const words[SUCESOS] = {
#define SUCESO(id, word, text) [SUCESO_##id] = word,
#include "ley/sucesos.def"
#undef SUCESO
	};

	return words[s];
}

enum err evidencia_poner(struct env *env, const struct evidencia *ev)
{
	const char *signer = env->signer != NULL ? env->signer->rfc : EVIDENCIA_BUZON;
	struct in_evento_poner in = {.folio = ev->folio,
		.instante = ev->instante != 0 ? ev->instante : env->now,
		.suceso = evidencia_word(ev->suceso),
		.actor = ev->actor != NULL ? ev->actor : signer,
		.detalle = ev->detalle,
		.prueba = ev->prueba,
		.titular = env->titular};

	return store_queue(env->store, QUERY_evento_poner, &in, NULL);
}
