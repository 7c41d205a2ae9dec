#include "core/exchange.h"

void exchange_refuse(struct exchange *x, enum err e)
{
	struct m_fallo fallo = {.error = err_wire(e), .campo = x->env.campo, .dato = x->env.dato};
	static const char plain[] = "{\"error\":\"sin-memoria\"}";

	x->status = err_http(e);
	x->retry_after_s = x->status == 503 || x->status == 429 ? 5 : 0;
	if (codec_encode(x->arena, &message_fallo, &fallo, &x->answer) == OK)
		return;
	x->status = 503;
	x->answer = bytes_of_text(plain);
}
