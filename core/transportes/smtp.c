/*
 * Mail to a relay by SMTP (RFC 5321), whose word is the carrier's acceptance. What it says before
 * it came to the message (greeting, TLS, AUTH) is between it and the operator: tried again. What it
 * says of the message is for good where it is a 5xx.
 */
#include <stdio.h>
#include <string.h>
#include "core/correo_texto.h"
#include "core/mensajeria.h"

/* For an answer: RFC 5321 section 4.5.3.2. */
#define SILENCE_MS 110000
#define URL_BYTES 200

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static bool tls_always(const struct config *c)
{
	return begins(c->correo_rele, "smtps://") || c->correo_tls == NULL ||
	       strcmp(c->correo_tls, "obligatorio") == 0;
}

const char *transporte_smtp_falta(const struct config *c)
{
	const char *host = c->correo_rele != NULL ? strstr(c->correo_rele, "://") : NULL;

	if (host == NULL)
		return "falta rele, como smtp://rele.ejemplo.mx:587";
	if ((!begins(c->correo_rele, "smtp://") && !begins(c->correo_rele, "smtps://")) ||
		strlen(c->correo_rele) > URL_BYTES || strpbrk(host + 3, "/@ ") != NULL)
		return "rele admite smtp:// o smtps://, el nombre y el puerto, nada más";
	if (c->correo_tls != NULL && strcmp(c->correo_tls, "obligatorio") != 0 &&
		strcmp(c->correo_tls, "si-se-puede") != 0 && strcmp(c->correo_tls, "no") != 0)
		return "tls admite obligatorio, si-se-puede o no";
	if (c->correo_usuario != NULL && !tls_always(c))
		return "con usuario, tls es obligatorio: la contraseña no viaja sin cifrar";
	if (c->correo_saludo != NULL && strpbrk(c->correo_saludo, "/@ ?#") != NULL)
		return "saludo admite un nombre, como buzon.ejemplo.mx";
	return NULL;
}

/* Where it comes back to: with the message's own id, so that whoever reads it knows which. */
static const char *return_path(const struct mensaje *m)
{
	const char *to = m->de->config->correo_rebote;
	const char *at = to != NULL ? strrchr(to, '@') : NULL;

	return at != NULL ? arena_printf(m->arena, "%.*s+%s%s", (int)(at - to), to, m->id, at)
			  : m->de->correo_de;
}

enum err transporte_smtp_pide(
	const struct mensaje *m, struct http_out_request *ret, recado_aqui **ret_aqui)
{
	const struct config *c = m->de->config;
	struct bytes text;
	enum err e = correo_texto(m, &text);

	if (e != OK)
		return e;
	*ret = (struct http_out_request){
		.url = arena_printf(m->arena, "%s/%s", c->correo_rele,
			c->correo_saludo != NULL ? c->correo_saludo : m->de->dominio),
		.body = text,
		.ca_file = c->correo_ca,
		.timeout_ms = SILENCE_MS,
		.login = c->correo_usuario != NULL ? &m->de->login[VIA_CORREO] : NULL,
		.mail_to = m->destino,
		.mail_from = return_path(m),
		.starttls = tls_always(c)		       ? HTTP_OUT_TLS_NEED
			    : strcmp(c->correo_tls, "no") == 0 ? HTTP_OUT_TLS_NEVER
							       : HTTP_OUT_TLS_MAY};
	*ret_aqui = http_out_once;
	return ret->url != NULL && ret->mail_from != NULL ? OK : ERR_NO_MEMORY;
}

/* RFC 3463: x.1.x addressing, x.2.2 full, x.7.x policy. */
static const char *reason(const struct http_out_result *r)
{
	const char *detail = r->enhanced[0] != '\0' ? r->enhanced + 2 : "";

	if (strcmp(detail, "2.2") == 0 || r->status == 552)
		return "El buzón de esa dirección está lleno; haz espacio en él y pide otro "
		       "mensaje";
	if (begins(detail, "7.") || r->status == 554)
		return "El servidor de correo de esa dirección rechazó el mensaje; pide a quien la "
		       "administra que lo acepte, o usa otra dirección";
	return "Esa dirección no existe o no recibe correo; revisa que esté bien escrita, o usa "
	       "otra";
}

enum err transporte_smtp_juzga(
	struct arena *a, const struct http_out_result *r, struct veredicto *ret)
{
	*ret = (struct veredicto){.que = VEREDICTO_OTRA_VEZ, .codigo = err_wire(r->err)};
	if (r->err != OK)
		return OK;
	ret->codigo = arena_printf(
		a, "%d%s%s", r->status, r->enhanced[0] != '\0' ? " " : "", r->enhanced);
	if (r->status / 100 == 2)
		ret->que = VEREDICTO_ACEPTADO;
	else if (r->status / 100 == 5 && r->of_message) {
		ret->que = VEREDICTO_RECHAZADO;
		ret->motivo = reason(r);
	}
	return ret->codigo != NULL ? OK : ERR_NO_MEMORY;
}
