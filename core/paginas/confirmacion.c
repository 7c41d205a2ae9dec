/*
 * /c/<token>: where the link of a validation message leads. A GET never confirms, since mail
 * scanners follow links; its button does, by POST. The token is the link's own text, random, kept
 * as its SHA-256 only; a wrong one tells nothing, and no page shows an address or an RFC.
 */
#include <string.h>
#include <strings.h>
#include "core/hoja.h"
#include "core/medios.h"
#include "crypto/sha.h"
#include "ley/zona.h"

/* 128 bits in base64url, and what a longer one may take. */
#define TOKEN_LEAST 22
#define TOKEN_MOST 64

#define CERRAR "<p><a href=\"../cerrar\">Cerrar</a></p>\n"

static enum err hash_of(const struct pagina *p, unsigned char ret[SHA256_BYTES])
{
	size_t size = strlen(p->resto);

	if (size < TOKEN_LEAST || size > TOKEN_MOST ||
		strspn(p->resto,
			"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != size)
		return ERR_NOT_FOUND;
	return sha256(bytes_of_text(p->resto), ret);
}

static enum err look(struct pagina *p, struct medios_confirmado *ret)
{
	unsigned char hash[SHA256_BYTES];
	enum err e = hash_of(p, hash);

	if (e != OK)
		return e;
	struct store *store = store_pool_take(p->server->readers);

	e = medios_por_enlace(store, p->x->arena, hash, p->x->received, ret);
	store_pool_give(p->server->readers, store);
	return e;
}

/* ---- the pages ---- */

static void show_medium(struct hoja *h, const struct medios_confirmado *m)
{
	struct arena *a = h->p->x->arena;
	const struct zona *zc = zona_centro();

	hoja_datos(h);
	hoja_dato(h, "Folio", m->folio);
	hoja_dato(h, "Mecanismo de Comunicación",
		strcmp(m->mecanismo, "correo") == 0 ? "Correo Electrónico" : "Teléfono");
	hoja_dato(h, "Fecha de Registro", hora_text(a, zc, m->registrado, HORA_ACUSE));
	if (m->validado != 0)
		hoja_dato(h, "Fecha de Validación", hora_text(a, zc, m->validado, HORA_ACUSE));
	hoja_datos_fin(h);
}

/*
 * Without an action: it goes to this very address, whatever stands before it. With a field, though
 * nobody reads it: lynx makes a GET of a form that has none.
 */
static void show_button(struct pagina *p, const struct medios_confirmado *m)
{
	struct hoja h;

	hoja_begin(&h, p, "Confirma tu correo");
	hoja_parrafo(&h,
		"Este correo se registró como medio de contacto en el Buzón IMSS. Para que "
		"el Instituto te avise en él, confírmalo con el botón.");
	show_medium(&h, m);
	hoja_html(&h,
		"<form method=\"post\"><p><input type=\"hidden\" name=\"confirmar\" value=\"si\">"
		"<input type=\"submit\" value=\"Confirmar correo\"></p></form>\n");
	hoja_parrafo(&h,
		"Si no fuiste tú, cierra esta página sin confirmar: el registro se cancela "
		"solo a las 72 horas. El Instituto nunca pide contraseñas ni pagos por correo.");
	hoja_html(&h, CERRAR);
	hoja_end(&h, 200);
}

static void show_confirmed(struct pagina *p, const struct medios_confirmado *m)
{
	struct hoja h;

	hoja_begin(&h, p, m->antes ? "Este correo ya estaba validado" : "Tu correo quedó validado");
	hoja_parrafo(
		&h, m->antes ? "Se validó en la fecha que aparece abajo; no hace falta nada más."
			     : "Recibirás otro mensaje que lo confirma. En Medios de contacto ya "
			       "aparece como validado, con su acuse.");
	show_medium(&h, m);
	hoja_html(&h, CERRAR);
	hoja_end(&h, 200);
}

static void show_refusal(struct pagina *p, enum err why)
{
	static const struct {
		enum err why;
		int status;
		const char *title;
		const char *text;
	} refusals[] = {
		{ERR_MEDIUM_EXPIRED, 410, "El enlace venció",
			"Pasaron las 72 horas para validar ese medio y su registro se canceló. Entra al "
			"Buzón, regístralo de nuevo en Medios de contacto y usa el enlace que te llegue."},
		{ERR_MEDIUM_GONE, 410, "Ese medio se dio de baja",
			"El registro de ese medio ya no existe, así que no hay nada que confirmar. Si lo "
			"necesitas, entra al Buzón y regístralo de nuevo en Medios de contacto."},
		{ERR_NOT_FOUND, 404, "Ese enlace no sirve",
			"Revisa que esté completo, como vino en el correo. Si pediste otro, sólo sirve el "
			"del último mensaje. Si sigue sin servir, entra al Buzón y, en Medios de contacto, "
			"usa «Reenviar código de verificación» o registra el medio de nuevo."},
		{ERR_COUNT, 503, "En este momento no se puede consultar",
			"Espera un minuto e inténtalo de nuevo; el enlace sigue sirviendo."},
	};
	size_t i = 0;
	struct hoja h;

	while (refusals[i].why != why && refusals[i].why != ERR_COUNT)
		i++;
	hoja_begin(&h, p, refusals[i].title);
	hoja_parrafo(&h, refusals[i].text);
	hoja_html(&h, CERRAR);
	hoja_end(&h, refusals[i].status);
}

void pagina_confirmacion(struct pagina *p)
{
	struct medios_confirmado m = {0};

	if (!pagina_take(p))
		return;
	enum err e = look(p, &m);

	if (e != OK)
		show_refusal(p, e);
	else if (m.antes)
		show_confirmed(p, &m);
	else
		show_button(p, &m);
}

/* ---- confirming ---- */

static bool is_form(const struct pagina *p)
{
	static const char form[] = "application/x-www-form-urlencoded";
	const char *type = p->x->rq.content_type;
	size_t size = sizeof(form) - 1;

	return type != NULL && strncasecmp(type, form, size) == 0 &&
	       (type[size] == '\0' || type[size] == ';' || type[size] == ' ');
}

bool pagina_confirmar(struct pagina *p)
{
	struct medios_confirmado m = {0};
	struct hoja h;

	if (!pagina_take(p))
		return false;
	if (!is_form(p)) {
		hoja_begin(&h, p, "Solicitud no reconocida");
		hoja_parrafo(&h, "Abre el enlace del correo y usa su botón.");
		hoja_end(&h, 415);
		return false;
	}
	/* Only a link that is one, and not done with, takes the writer's time. */
	enum err e = look(p, &m);

	if (e != OK)
		show_refusal(p, e);
	else if (m.antes)
		show_confirmed(p, &m);
	return e == OK && !m.antes;
}

static enum err confirm(struct pagina *p, struct medios_confirmado *ret)
{
	unsigned char hash[SHA256_BYTES];
	enum err e = hash_of(p, hash);

	return e == OK ? medios_confirmar(&p->env, p->group, hash, ret) : e;
}

enum err pagina_confirmar_escribe(struct pagina *p)
{
	struct medios_confirmado m = {0};
	enum err e = confirm(p, &m);

	if (e == OK) {
		show_confirmed(p, &m);
		return OK;
	}
	if (err_http(e) >= 500)
		return e;
	show_refusal(p, e);
	return store_rollback_to(p->env.store);
}
