/*
 * SMS into a folder, a text file each: where no operator carries them (the demo, tests).
 */
#include "base/file.h"
#include "core/mensajeria.h"
#include "core/sms_texto.h"
#include "ley/zona.h"

const char *transporte_carpeta_falta(const struct config *c)
{
	(void)c;
	return NULL;
}

static void leave(
	const struct http_out_request *rq, const atomic_bool *stop, struct http_out_result *ret)
{
	ARENA(a, 65536);
	char *path = arena_printf(&a, "%s/%s", rq->url, rq->headers[0]);
	enum err e = path != NULL ? file_make_folder(rq->url) : ERR_NO_MEMORY;

	(void)stop;
	ret->err = e == OK ? file_write(path, rq->body, 0600) : e;
}

enum err transporte_carpeta_pide(
	const struct mensaje *m, struct http_out_request *ret, recado_aqui **ret_aqui)
{
	struct arena *a = m->arena;
	const char **name = arena_array(a, 2, sizeof(*name));
	struct sms_texto sms;
	enum err e = sms_texto(a, m->texto, &sms);

	if (e != OK || name == NULL)
		return e != OK ? e : ERR_NO_MEMORY;
	const char *fecha = hora_text(a, zona_centro(), m->creado, HORA_CADENA);
	const char *text = arena_printf(
		a, "Para: %s\nFecha: %s\nID: %s\n\n%s\n", m->destino, fecha, m->id, sms.texto);

	name[0] = arena_printf(a, "%lld-%s.txt", (long long)m->creado, m->id);
	if (fecha == NULL || text == NULL || name[0] == NULL)
		return ERR_NO_MEMORY;
	*ret = (struct http_out_request){
		.url = m->de->config->sms_carpeta, .headers = name, .body = bytes_of_text(text)};
	*ret_aqui = leave;
	return OK;
}

enum err transporte_carpeta_juzga(
	struct arena *a, const struct http_out_result *r, struct veredicto *ret)
{
	return transporte_de_disco(a, r, ret);
}
