/*
 * `buzond rebote`: what a mail server gives a pipe when a message came back. It exits with 75 where
 * it should be given again later, as mail servers know it (sysexits.h).
 */
#include <string.h>
#include <unistd.h>
#include "base/buf.h"
#include "core/rebote.h"
#include "core/store/store_guard.h"
#include "core/verbos.h"

/* A notification with the whole message in it. */
#define MAIL_BYTES (4 * 1024 * 1024)

static enum err read_all(struct verbo *v, struct bytes *ret)
{
	struct buf b;
	char part[8192];
	size_t n;

	buf_init(&b, v->arena);
	buf_text(&b, "");
	/* What is longer is read to its end, so that who writes it is not left with a broken pipe.
	 */
	while ((n = fread(part, 1, sizeof(part), stdin)) != 0)
		if (b.size < MAIL_BYTES)
			buf_add(&b, part, n);
	return ferror(stdin) ? ERR_IO : buf_end(&b, ret);
}

/* The detail that the user reads of a message that came back. */
static const char *detail(struct verbo *v, const struct rebote *r)
{
	const char *codigo = *r->codigo != '\0' ? r->codigo : "sin código";

	if (r->informe != INFORME_FALLIDO)
		return codigo;
	return arena_printf(v->arena,
		"El correo regresó sin entregarse (%s); revisa que la dirección esté bien escrita, o "
		"usa otra.",
		codigo);
}

static enum err keep(struct verbo *v, struct store *s, const struct rebote *r)
{
	struct novedades news = {0};
	struct env env = {.arena = v->arena, .store = s, .now = v->now, .news = &news};
	const char *text = detail(v, r);
	enum err e = text != NULL ? envio_titular(s, v->arena, r->id, "correo", &env.titular)
				  : ERR_NO_MEMORY;

	if (e == OK)
		e = store_begin(s);
	if (e != OK)
		return e;
	store_careful(s, true);
	e = store_lock(s, env.titular);
	if (e == OK)
		e = envio_informar(&env, r->id, r->informe, text);
	if (e == OK)
		e = store_tell(s, &news);
	if (e == OK)
		return store_commit(s);
	store_rollback(s);
	return e;
}

static enum err keep_in_store(struct verbo *v, const struct config *c, const struct rebote *r)
{
	AUTO(store_guard) g = NULL;
	AUTO(store) s = NULL;
	enum err e = store_guard_use(c->almacen, &g);

	if (e == OK)
		e = store_open(c->almacen, DB_WRITE, &s);
	if (e == OK)
		e = store_now(s, &v->now);
	if (e == OK)
		e = keep(v, s, r);
	if (e == ERR_NOT_FOUND)
		return verbo_fallo(v, ERR_BAD_EVIDENCE,
			"Ese aviso no es de ningún mensaje de este almacén; revisa la configuración.");
	/* Nothing of it was kept: the mail server is to come again. */
	return e == OK ? OK
		       : verbo_fallo(v, ERR_BUSY,
				 "No se pudo anotar el aviso (%s); vuelve a darlo más tarde.",
				 err_wire(e));
}

enum err verbo_rebote(struct verbo *v, const struct args_rebote *args)
{
	struct config c;
	struct bytes mail;
	struct rebote r;
	enum err e = verbo_configuracion(v, args->config, &c);

	if (e == OK)
		e = read_all(v, &mail);
	if (e != OK)
		return e;
	e = rebote_leer(v->arena, mail, args->para, &r);
	if (e == ERR_BAD_EVIDENCE)
		return verbo_fallo(v, e,
			"Eso no es un aviso de entrega (RFC 3464) de un mensaje del Buzón; revísalo a "
			"mano.");
	return e == OK ? keep_in_store(v, &c, &r) : e;
}
