#include "core/mensajeria.h"

#include <string.h>
#include "core/secret_file.h"
#include "net/codec.h"

#define PRUEBA "PRUEBA sin validez oficial."

static const struct transporte transportes[] = {
#define TRANSPORTE(id, how, name, ms, user, password)                                              \
	{.via = VIA_##how,                                                                         \
		.nombre = (name),                                                                  \
		.plazo_ms = (ms),                                                                  \
		.usuario_en = (user),                                                              \
		.contrasena_en = (password),                                                       \
		.falta = transporte_##id##_falta,                                                  \
		.pide = transporte_##id##_pide,                                                    \
		.juzga = transporte_##id##_juzga},
#include "core/transportes.def"
#undef TRANSPORTE
};

/* What of the configuration belongs to a way. */
static const struct {
	const char *seccion;
	size_t transporte;
	size_t usuario;
	size_t contrasena;
} partes[VIAS] = {
	[VIA_CORREO] = {"correo", offsetof(struct config, correo_transporte),
		offsetof(struct config, correo_usuario),
		offsetof(struct config, correo_contrasena)},
	[VIA_SMS] = {"sms", offsetof(struct config, sms_transporte),
		offsetof(struct config, sms_usuario), offsetof(struct config, sms_contrasena)},
};

static const char *text_at(const struct config *c, size_t offset)
{
	return *(const char *const *)(const void *)((const char *)c + offset);
}

/* ---- opening ---- */

static const struct transporte *find(enum via via, const char *nombre)
{
	for (size_t i = 0; i < COUNT_OF(transportes); i++)
		if (transportes[i].via == via &&
			(nombre == NULL || strcmp(transportes[i].nombre, nombre) == 0))
			return &transportes[i];
	return NULL;
}

static enum err complain(struct arena *a, const char **ret_message, const char *what, enum via via)
{
	*ret_message = arena_printf(
		a, "En [%s], %s; consulta buzond config --ejemplo.", partes[via].seccion, what);
	return *ret_message != NULL ? ERR_CONFIG : ERR_NO_MEMORY;
}

static enum err read_password(
	struct arena *a, struct mensajeria *m, enum via via, const char **ret_message)
{
	const char *path = text_at(m->config, partes[via].contrasena);
	const char *user = text_at(m->config, partes[via].usuario);
	struct secret *to = &m->contrasena[via];

	if ((path == NULL) != (user == NULL))
		return complain(a, ret_message, "usuario y contrasena van juntas, o ninguna", via);
	if (path == NULL)
		return OK;
	enum err e = secret_file_password(path, to);

	if (e == ERR_NO_MEMORY)
		return e;
	if (e != OK)
		return complain(a, ret_message, "el archivo de contrasena no se puede leer", via);
	if (to->size == 0 || memchr(to->data, '\0', to->size) != NULL ||
		memchr(to->data, '\n', to->size) != NULL)
		return complain(a, ret_message,
			"el archivo de contrasena debe tener un solo renglón, no vacío", via);
	m->login[via] = (struct http_out_login){.user = user,
		.password = to,
		.user_header = m->por[via]->usuario_en,
		.password_header = m->por[via]->contrasena_en};
	return secret_append(to, "", 1);
}

static enum err open_via(
	struct arena *a, struct mensajeria *m, enum via via, const char **ret_message)
{
	const struct transporte *t = find(via, text_at(m->config, partes[via].transporte));

	if (t == NULL)
		return complain(a, ret_message,
			via == VIA_CORREO ? "transporte admite carpeta o smtp"
					  : "transporte admite carpeta o kannel",
			via);
	const char *lacking = t->falta(m->config);

	m->por[via] = t;
	return lacking != NULL ? complain(a, ret_message, lacking, via)
			       : read_password(a, m, via, ret_message);
}

/* The host of the server's public address: where nothing else is said. */
static const char *public_host(struct arena *a, const struct config *c)
{
	const char *host = strstr(c->direccion, "://");

	host = host != NULL ? host + 3 : c->direccion;
	return arena_printf(a, "%.*s", (int)strcspn(host, ":/"), host);
}

static bool is_address(const char *text)
{
	const char *at = strrchr(text, '@');

	return at != NULL && at != text && at[1] != '\0' && strpbrk(text, " <>\"\t") == NULL;
}

static enum err take_names(struct arena *a, struct mensajeria *m, const char **ret_message)
{
	const struct config *c = m->config;
	const char *host = public_host(a, c);

	if (host == NULL)
		return ERR_NO_MEMORY;
	m->correo_de = c->correo_de != NULL ? c->correo_de : arena_printf(a, "buzon@%s", host);
	if (m->correo_de == NULL)
		return ERR_NO_MEMORY;
	if (!is_address(m->correo_de) ||
		(c->correo_rebote != NULL && !is_address(c->correo_rebote)))
		return complain(a, ret_message,
			"de y rebote admiten una dirección, como buzon@ejemplo.mx", VIA_CORREO);
	m->dominio = strrchr(m->correo_de, '@') + 1;
	return OK;
}

enum err mensajeria_open(struct arena *a, const struct config *c, bool prueba,
	struct mensajeria *ret, const char **ret_message)
{
	struct plantillas *p = arena_zalloc(a, sizeof(*p));
	enum err e = p != NULL ? plantillas_read(a, c->correo_plantillas, p, ret_message)
			       : ERR_NO_MEMORY;

	*ret = (struct mensajeria){.config = c, .plantillas = p, .prueba = prueba};
	if (e == OK)
		e = take_names(a, ret, ret_message);
	for (enum via via = 0; e == OK && via < VIAS; via++)
		e = open_via(a, ret, via, ret_message);
	if (e != OK)
		mensajeria_close(ret);
	return e;
}

void mensajeria_close(struct mensajeria *m)
{
	for (enum via via = 0; via < VIAS; via++)
		secret_clear(&m->contrasena[via]);
}

/* ---- a message ---- */

/* The row's values, and those that are there by themselves. */
static enum err values_of(struct arena *a, const struct mensajeria *m, struct bytes datos,
	const struct m_dato **ret, size_t *ret_count)
{
	struct m_envio_datos row = {0};
	enum err e = codec_decode(a, &message_envio_datos, CODEC_TOLERANT, datos, &row, NULL);

	if (e != OK)
		return e;
	struct m_dato *all = arena_array(a, row.datos_count + 2, sizeof(*all));

	if (all == NULL)
		return ERR_NO_MEMORY;
	all[0] = (struct m_dato){.etiqueta = "prueba", .valor = m->prueba ? PRUEBA : ""};
	all[1] = (struct m_dato){.etiqueta = "buzon", .valor = m->config->direccion};
	if (row.datos_count != 0)
		memcpy(all + 2, row.datos, row.datos_count * sizeof(*all));
	*ret = all;
	*ret_count = row.datos_count + 2;
	return OK;
}

/* The end of a file's last line is nothing that an SMS pays for. */
static const char *without_end(struct arena *a, const char *text)
{
	size_t n = strlen(text);

	while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == '\r'))
		n--;
	return arena_printf(a, "%.*s", (int)n, text);
}

enum err mensaje_hacer(
	const struct mensajeria *m, const char *plantilla, struct bytes datos, struct mensaje *ret)
{
	struct arena *a = ret->arena;
	enum plantilla p = plantilla_find(plantilla);
	const struct plantilla_textos *t = &m->plantillas->de[p];
	const struct m_dato *values;
	size_t count;

	if (p == PLANTILLAS)
		return ERR_NOT_FOUND;
	enum err e = values_of(a, m, datos, &values, &count);

	if (e != OK)
		return e;
	const char *asunto = plantilla_llenar(a, t->asunto, PLANTILLA_PLANO, values, count);

	ret->de = m;
	ret->asunto = m->prueba && asunto != NULL ? arena_printf(a, "[PRUEBA] %s", asunto) : asunto;
	ret->texto = plantilla_llenar(a, t->texto, PLANTILLA_PLANO, values, count);
	if (t->sms && ret->texto != NULL)
		ret->texto = without_end(a, ret->texto);
	ret->html = t->html != NULL ? plantilla_llenar(a, t->html, PLANTILLA_HTML, values, count)
				    : NULL;
	return ret->asunto != NULL && ret->texto != NULL && (ret->html != NULL) == (t->html != NULL)
		       ? OK
		       : ERR_NO_MEMORY;
}

enum err transporte_de_disco(
	struct arena *a, const struct http_out_result *r, struct veredicto *ret)
{
	(void)a;
	*ret = r->err == OK ? (struct veredicto){VEREDICTO_ACEPTADO, "en la carpeta", NULL}
			    : (struct veredicto){VEREDICTO_OTRA_VEZ, err_wire(r->err), NULL};
	return OK;
}
