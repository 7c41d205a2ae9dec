#include "ley/acuse.h"

#include "base/b64.h"
#include "base/buf.h"
#include "base/texto.h"
#include "crypto/sha.h"
#include "ley/zona.h"

/* One row of what the content's hash covers. */
static enum err add_row(struct buf *b, const char *label, const char *value)
{
	if (label == NULL || value == NULL)
		return ERR_BAD_FIELD;
	for (const char *p = label; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7F || *p == ':')
			return ERR_BAD_FIELD;
	for (const char *p = value; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7F)
			return ERR_BAD_FIELD;
	buf_printf(b, "%s: %s\n", label, value);
	return OK;
}

enum err acuse_contenido_sha256(struct arena *a, const struct m_acuse *m, const char **ret_hex)
{
	const struct m_dato printed[] = {
		{.etiqueta = "Fundamento", .valor = m->fundamento},
		{.etiqueta = "Zona", .valor = m->zona},
		{.etiqueta = "Nombre del titular", .valor = m->titular_nombre},
		{.etiqueta = "Nombre del firmante", .valor = m->firmante_nombre},
		{.etiqueta = "Estatus", .valor = m->estatus},
		{.etiqueta = "Revocación", .valor = m->revocacion},
		{.etiqueta = "Dirección", .valor = m->direccion},
		{.etiqueta = "Capacidad", .valor = m->capacidad},
	};
	struct buf b;
	struct bytes all;
	enum err e = OK;

	buf_init(&b, a);
	for (size_t i = 0; e == OK && i < COUNT_OF(printed); i++)
		e = add_row(&b, printed[i].etiqueta, printed[i].valor);
	for (size_t i = 0; e == OK && i < m->contenido_count; i++)
		e = add_row(&b, m->contenido[i].etiqueta, m->contenido[i].valor);
	if (e == OK)
		e = buf_end(&b, &all);
	return e == OK ? sha256_hex(a, all, ret_hex) : e;
}

/* The values that are hashes. */
static enum err fill_hashes(struct arena *a, const struct m_acuse *m, struct cadena *c)
{
	if (m->base == NULL || m->certificado_sello.size == 0)
		return ERR_BAD_FIELD;
	enum err e = sha256_hex(a, bytes_of_text(m->base), &c->base_sha256);

	if (e == OK)
		e = acuse_contenido_sha256(a, m, &c->contenido_sha256);
	if (e == OK)
		e = sha256_b64url(a, m->certificado_sello, &c->certificado_sello);
	return e;
}

enum err acuse_cadena(struct arena *a, struct m_acuse *m)
{
	const struct zona *zc = zona_centro();
	struct cadena c = {
		.version = m->version,
		.tipo = m->tipo,
		.folio = m->folio,
		.titular = m->titular,
		.firmante = m->firmante,
		.calidad = m->calidad,
	};

	if (m->version == NULL || strcmp(m->version, ACUSE_VERSION) != 0)
		return ERR_BAD_FIELD;
	if (zc == NULL)
		return ERR_NO_ZONES;
	c.elaborado = hora_text(a, zc, m->elaborado, HORA_CADENA);
	c.recibido = hora_text(a, zc, m->recibido, HORA_CADENA);
	c.legal = hora_text(a, zc, m->legal, HORA_CADENA);
	if (c.elaborado == NULL || c.recibido == NULL || c.legal == NULL)
		return ERR_NO_MEMORY;
	enum err e = fill_hashes(a, m, &c);

	return e == OK ? cadena_build(a, &c, &m->cadena) : e;
}

bool acuse_is_automatico(const struct m_acuse *m)
{
	return m->calidad != NULL && strcmp(m->calidad, ACUSE_AUTOMATICO) == 0;
}

static bool one_object(struct bytes line)
{
	if (line.size < 2 || line.data[0] != '{' || line.data[line.size - 1] != '}')
		return false;
	for (size_t i = 0; i < line.size; i++)
		if (line.data[i] < 0x20 || line.data[i] == 0x7F)
			return false;
	return true;
}

enum err acuse_base_automatica(struct arena *a, struct bytes evento, const char **ret_base)
{
	const char *hex = NULL;
	enum err e = one_object(evento) ? sha256_hex(a, evento, &hex) : ERR_BAD_FIELD;

	if (e != OK)
		return e;
	const char *base = arena_printf(a,
		"Constancia automática del Buzón IMSS: nadie firmó este acto.\n"
		"SHA-256 del evento: %s\n",
		hex);

	if (base == NULL)
		return ERR_NO_MEMORY;
	*ret_base = base;
	return OK;
}

const char *acuse_url(struct arena *a, const struct m_acuse *m)
{
	return arena_printf(a, "%s/v/%s", m->direccion, m->capacidad);
}

const char *acuse_texto_privacidad(void)
{
	return N_(
		"Aviso de privacidad simplificado (redacción de este programa): los datos se usan "
		"para operar el Buzón, notificar y conservar evidencia, y no se transfieren salvo por "
		"ley. El aviso integral lo publica el Instituto.");
}

const char *acuse_texto_contacto(void)
{
	return N_("Contacto: 800 623 23 23, opción 5 y después opción 5, lunes a viernes de 9:00 a "
		  "18:00 "
		  "(Zona Centro), o Aclaraciones u Orientaciones, asunto Activación Buzón IMSS.");
}

const char *acuse_texto_confidencialidad(void)
{
	return N_(
		"Información confidencial del titular; quien no sea su destinatario no debe usarla "
		"ni "
		"difundirla.");
}

static const struct {
	const char *etiqueta;
	const char *(*ours)(void);
} pies[ACUSE_PIES] = {
	[ACUSE_PIE_CONFIDENCIALIDAD] = {"Confidencialidad", acuse_texto_confidencialidad},
	[ACUSE_PIE_CONTACTO] = {"Contacto del Instituto", acuse_texto_contacto},
	[ACUSE_PIE_PRIVACIDAD] = {"Aviso de privacidad", acuse_texto_privacidad},
};

const char *acuse_pie_etiqueta(enum acuse_pie which)
{
	return pies[which].etiqueta;
}

const char *acuse_pie(const struct m_acuse *m, enum acuse_pie which)
{
	for (size_t i = 0; i < m->contenido_count; i++)
		if (strcmp(m->contenido[i].etiqueta, pies[which].etiqueta) == 0)
			return m->contenido[i].valor;
	return pies[which].ours();
}

bool acuse_is_pie(const struct m_dato *row)
{
	for (size_t i = 0; i < ACUSE_PIES; i++)
		if (strcmp(row->etiqueta, pies[i].etiqueta) == 0)
			return true;
	return false;
}
