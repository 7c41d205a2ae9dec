#include "core/servir.h"
#include "core/verbos.h"

/* What the sentences of err.def can't know: the seal is another service's. */
static enum err explain(struct verbo *v, const struct config *c, enum err e)
{
	if (e == ERR_SEAL && c->sello_socket != NULL)
		return verbo_fallo(v, e,
			"Nadie sella en %s; arranca buzond sellar (systemctl start buzond-sello), y "
			"revisa que este usuario pueda usar ese socket.",
			c->sello_socket);
	if (e == ERR_KEY_MISMATCH && c->sello_socket != NULL)
		return verbo_fallo(v, e,
			"Quien sella en %s usa otro certificado que %s, o su llave no corresponde; "
			"pon el mismo certificado en las dos configuraciones.",
			c->sello_socket, c->sello_certificado);
	return e;
}

enum err verbo_servir(struct verbo *v, const struct args_servir *args)
{
	struct config c;
	enum err e = verbo_configuracion(v, args->config, &c);

	return e == OK ? explain(v, &c, servir(&c)) : e;
}
