/*
 * SMS to Kannel's sendsms (Kannel user guide, "Using the HTTP interface to send SMS messages"), as
 * a POST whose headers hold what its GET would have in the address: Kannel logs addresses, and a
 * password is none of the log's.
 *
 * 202 is its acceptance; what the operator's network says comes later, to /dlr/
 * (core/paginas/dlr.c).
 */
#include <string.h>
#include "core/mensajeria.h"
#include "core/sms_texto.h"

#define LINES 12
#define ANSWER_BYTES 4096
/* Delivered, failed, accepted by the network, refused by it. */
#define REPORTS "27"

const char *transporte_kannel_falta(const struct config *c)
{
	if (c->sms_kannel == NULL)
		return "falta kannel, la dirección de sendsms";
	if (strncmp(c->sms_kannel, "http://", 7) != 0 && strncmp(c->sms_kannel, "https://", 8) != 0)
		return "kannel empieza con http:// o https://";
	if (c->sms_usuario == NULL)
		return "faltan usuario y contrasena";
	if (c->sms_lada != NULL && strspn(c->sms_lada, "0123456789") != strlen(c->sms_lada))
		return "lada admite sólo cifras, como 52";
	return NULL;
}

struct lines {
	struct arena *arena;
	const char **at;
	size_t count;
	bool failed;
};

PRINTF_LIKE(2, 3)
static void add(struct lines *l, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	const char *line = arena_vprintf(l->arena, format, args);

	va_end(args);
	l->failed = l->failed || line == NULL || l->count + 1 >= LINES;
	if (!l->failed)
		l->at[l->count++] = line;
}

static void add_all(struct lines *l, const struct mensaje *m, bool ucs2)
{
	const struct config *c = m->de->config;

	add(l, "Content-Type: text/plain; charset=UTF-8");
	add(l, "X-Kannel-To: +%s%s", c->sms_lada != NULL ? c->sms_lada : "52", m->destino);
	if (c->sms_de != NULL)
		add(l, "X-Kannel-From: %s", c->sms_de);
	/* The default alphabet turns á í ó ú into question marks. */
	add(l, "X-Kannel-Coding: %d", ucs2 ? 2 : 0);
	add(l, "X-Kannel-DLR-Mask: " REPORTS);
	add(l, "X-Kannel-DLR-Url: %s/dlr/%s?type=%%d",
		c->sms_informes != NULL ? c->sms_informes : c->direccion, m->id);
}

enum err transporte_kannel_pide(
	const struct mensaje *m, struct http_out_request *ret, recado_aqui **ret_aqui)
{
	struct lines l = {m->arena, arena_array(m->arena, LINES, sizeof(char *)), 0, false};
	struct sms_texto sms;
	enum err e = sms_texto(m->arena, m->texto, &sms);

	(void)ret_aqui;
	if (e != OK || l.at == NULL)
		return e != OK ? e : ERR_NO_MEMORY;
	add_all(&l, m, sms.ucs2);
	*ret = (struct http_out_request){.url = m->de->config->sms_kannel,
		.headers = l.at,
		.body = bytes_of_text(sms.texto),
		.ca_file = m->de->config->sms_ca,
		.limit = ANSWER_BYTES,
		.login = &m->de->login[VIA_SMS]};
	return l.failed ? ERR_NO_MEMORY : OK;
}

/*
 * 400 is of this message: its number. 403 is a login that an operator corrects, 404 an address, 503
 * Kannel's own trouble: nobody's message is lost over them.
 */
enum err transporte_kannel_juzga(
	struct arena *a, const struct http_out_result *r, struct veredicto *ret)
{
	*ret = (struct veredicto){.que = VEREDICTO_OTRA_VEZ, .codigo = err_wire(r->err)};
	if (r->err != OK)
		return OK;
	ret->codigo = arena_printf(a, "%d", r->status);
	if (r->status / 100 == 2) {
		ret->que = VEREDICTO_ACEPTADO;
	} else if (r->status == 400) {
		ret->que = VEREDICTO_RECHAZADO;
		ret->motivo = "La red celular no admite ese número; revisa que sea el de un "
			      "teléfono celular, o usa otro";
	}
	return ret->codigo != NULL ? OK : ERR_NO_MEMORY;
}
