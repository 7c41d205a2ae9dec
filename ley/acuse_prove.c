#include "ley/acuse.h"

#include "base/b64.h"
#include "base/texto.h"
#include "crypto/key.h"
#include "crypto/sha.h"
#include "ley/plazo.h"
#include "ley/zona.h"

#define DIGEST_LINE "\"content-digest\": sha-256=:"
#define PARAMS_LINE "\"@signature-params\": "

struct proof {
	struct arena *a;
	const struct m_acuse *m;
	struct certs *certs;
	const struct trust *t;	 /* that of the certificates */
	const struct cert *cert; /* the signer's; NULL: not readable */
	bool memory_ended;
};

/* Notes lost memory; tells whether the step went well. */
static bool good(struct proof *p, enum err e)
{
	if (e == ERR_NO_MEMORY)
		p->memory_ended = true;
	return e == OK;
}

static const char *say(struct proof *p, const char *text)
{
	if (text == NULL)
		p->memory_ended = true;
	return text;
}

/* What follows `start` up to the end of its line, where exactly one line starts so; else NULL. */
static const char *only_line(struct proof *p, const char *start)
{
	const char *found = NULL;
	size_t n = strlen(start);

	for (const char *line = p->m->base; line != NULL && *line != '\0';) {
		const char *end = strchr(line, '\n');

		if (strncmp(line, start, n) == 0) {
			if (found != NULL)
				return NULL;
			size_t size = end != NULL ? (size_t)(end - line) : strlen(line);

			found = say(p, arena_copy(p->a, line + n, size - n));
		}
		line = end != NULL ? end + 1 : NULL;
	}
	return found;
}

static bool prove_body(struct proof *p, const char **ret_detail)
{
	unsigned char digest[SHA256_BYTES];

	*ret_detail =
		_("La huella SHA-256 del cuerpo no es la que se firmó: el cuerpo o lo firmado se "
		  "alteraron. Pide el acuse de nuevo al Buzón.");
	if (p->m->base == NULL || !good(p, sha256(p->m->cuerpo, digest)))
		return false;
	const char *b64 = say(p, b64_encode(p->a, bytes_of(digest, sizeof(digest))));
	const char *line = only_line(p, DIGEST_LINE);

	if (b64 == NULL || line == NULL)
		return false;
	size_t n = strlen(b64);

	if (strncmp(line, b64, n) != 0 || strcmp(line + n, ":") != 0)
		return false;
	*ret_detail = _("La huella SHA-256 del cuerpo conservado es la que aparece en lo firmado.");
	return true;
}

/* The codec writes the hat first, so the body of an act begins with whom it is for. */
static bool prove_hat(struct proof *p, const char **ret_detail)
{
	const struct m_acuse *m = p->m;

	*ret_detail =
		_("Lo firmado no es de este titular en esta calidad: no uses este acuse y consulta "
		  "el acto en el Buzón.");
	if (m->titular == NULL || m->calidad == NULL)
		return false;
	const char *hat = say(p, arena_printf(p->a, "{\"titular\":\"%s\",\"calidad\":\"%s\"",
					 m->titular, m->calidad));

	if (hat == NULL)
		return false;
	size_t n = strlen(hat);

	if (m->cuerpo.size <= n || memcmp(m->cuerpo.data, hat, n) != 0 ||
		(m->cuerpo.data[n] != ',' && m->cuerpo.data[n] != '}'))
		return false;
	*ret_detail = say(p, arena_printf(p->a, _("El acto firmado es de %s, en calidad de %s."),
				     m->titular, m->calidad));
	return true;
}

static bool prove_signature(struct proof *p, const char **ret_detail)
{
	const struct cert *c = p->cert;

	*ret_detail =
		_("La firma no corresponde a lo firmado con ese certificado: el acuse se alteró. "
		  "Pide el acuse de nuevo al Buzón.");
	if (c == NULL || p->m->base == NULL ||
		!good(p, certs_check(p->certs, c->der, bytes_of_text(p->m->base), p->m->firma)))
		return false;
	*ret_detail = _("La firma electrónica se comprobó con la llave pública del certificado.");
	return true;
}

/* What was signed names the certificate in its keyid (RFC 9421 section 2.3). */
static bool names_key(struct proof *p, const struct cert *c)
{
	const char *params = only_line(p, PARAMS_LINE);
	const char *keyid = say(p, arena_printf(p->a, ";keyid=\"%s\"", c->thumbprint));

	return params != NULL && keyid != NULL && strstr(params, keyid) != NULL;
}

static bool prove_holder(struct proof *p, const char **ret_detail)
{
	const struct m_acuse *m = p->m;
	const struct cert *c = p->cert;

	if (c == NULL) {
		*ret_detail = _(
			"El certificado del firmante no se puede leer: el acuse está dañado. Pide "
			"el acuse de nuevo al Buzón.");
		return false;
	}
	enum err e = cert_check_efirma(c, m->recibido);

	if (e != OK) {
		*ret_detail = _(
			"El certificado no es una e.firma vigente cuando se recibió el acto: pide "
			"al Instituto que revise el acto.");
		return false;
	}
	if (m->firmante == NULL || strcmp(c->rfc, m->firmante) != 0 || !names_key(p, c)) {
		*ret_detail =
			_("El certificado no es el del firmante que dice el acuse: no uses este "
			  "acuse y consulta el acto en el Buzón.");
		return false;
	}
	*ret_detail = say(
		p, arena_printf(p->a,
			   _("e.firma de %s (%s), número %s, vigente cuando se recibió el acto."),
			   c->name, c->rfc, c->serial));
	return true;
}

static bool prove_chain(struct proof *p, const char **ret_detail)
{
	if (p->t == NULL) {
		*ret_detail = _(
			"No se indicó una carpeta de confianza, así que no se sabe quién emitió el "
			"certificado: repite la comprobación con ella.");
		return false;
	}
	if (!good(p, certs_verify(p->certs, p->m->certificado, p->m->recibido, NULL))) {
		*ret_detail =
			_("El certificado no lo emitió una autoridad de la carpeta de confianza: "
			  "revisa que la carpeta sea la correcta.");
		return false;
	}
	*ret_detail =
		_("La cadena de certificados llega a una raíz de la carpeta de confianza en la "
		  "fecha del acto.");
	return true;
}

static bool prove_content(struct proof *p, const char **ret_detail)
{
	struct cadena c;
	const char *hex;

	*ret_detail =
		_("Los datos que muestra el acuse no son los que se sellaron: el acuse se alteró. "
		  "Pide el acuse de nuevo al Buzón.");
	if (!good(p, cadena_parse(p->a, p->m->cadena, &c)) ||
		!good(p, acuse_contenido_sha256(p->a, p->m, &hex)) ||
		strcmp(c.contenido_sha256, hex) != 0)
		return false;
	*ret_detail = _("La huella SHA-256 de los datos mostrados es la de la cadena original.");
	return true;
}

static bool prove_cadena(struct proof *p, const char **ret_detail)
{
	struct m_acuse again = *p->m;

	*ret_detail =
		_("La cadena original no es la que resulta de los datos del acuse: el acuse se "
		  "alteró. Pide el acuse de nuevo al Buzón.");
	if (p->m->cadena == NULL || !good(p, acuse_cadena(p->a, &again)) ||
		strcmp(again.cadena, p->m->cadena) != 0)
		return false;
	*ret_detail = _("Se reconstruyó con los datos del acuse y es idéntica.");
	return true;
}

static bool prove_seal_cert(struct proof *p, const char **ret_detail)
{
	const char *thumbprint;
	struct cert c;

	if (p->t == NULL) {
		*ret_detail = _(
			"No se indicó una carpeta de confianza, así que no se sabe si el sello es "
			"del Instituto: repite la comprobación con ella.");
		return false;
	}
	if (!good(p, sha256_b64url(p->a, p->m->certificado_sello, &thumbprint)) ||
		!good(p, trust_seal(p->t, thumbprint, p->m->elaborado, p->a, &c))) {
		*ret_detail =
			_("El certificado del sello no está en la carpeta de confianza o no estaba "
			  "vigente en esa fecha: revisa que la carpeta sea la correcta.");
		return false;
	}
	*ret_detail = say(
		p, arena_printf(p->a,
			   _("Certificado %s, en la carpeta de confianza y vigente en la fecha del "
			     "acuse."),
			   c.serial));
	return true;
}

static bool prove_seal(struct proof *p, const char **ret_detail)
{
	const struct m_acuse *m = p->m;

	*ret_detail =
		_("El sello no corresponde a la cadena original: el acuse se alteró o no es del "
		  "Instituto. Pide el acuse de nuevo al Buzón.");
	if (m->cadena == NULL || !good(p, certs_check(p->certs, m->certificado_sello,
						  bytes_of_text(m->cadena), m->sello)))
		return false;
	*ret_detail =
		_("El sello digital se comprobó con la llave pública del certificado del sello.");
	return true;
}

/* ---- what nobody signed ---- */

static bool is(const char *text, const char *right)
{
	return text != NULL && strcmp(text, right) == 0;
}

/* Nothing of a signer, so that a signed acuse can't pass for one of these. */
static bool prove_unsigned(struct proof *p, const char **ret_detail)
{
	const struct m_acuse *m = p->m;

	if (m->firma.size != 0 || m->certificado.size != 0 ||
		!is(m->firmante, ACUSE_AUTOMATICO_FIRMANTE) ||
		!is(m->firmante_nombre, ACUSE_AUTOMATICO_NOMBRE) ||
		!is(m->revocacion, ACUSE_AUTOMATICO_REVOCACION)) {
		*ret_detail = _(
			"Dice ser una constancia automática y lleva datos de un firmante: no uses "
			"este acuse y consulta el acto en el Buzón.");
		return false;
	}
	*ret_detail = _("Nadie firmó este acto: es una constancia que el Buzón hace por sí mismo y "
			"que sólo ampara su sello.");
	return true;
}

static bool prove_event(struct proof *p, const char **ret_detail)
{
	const char *base;

	*ret_detail = _("La huella SHA-256 del evento no es la de la constancia: el evento o la "
			"constancia se alteraron. Pide el acuse de nuevo al Buzón.");
	if (!good(p, acuse_base_automatica(p->a, p->m->cuerpo, &base)) || !is(p->m->base, base))
		return false;
	*ret_detail =
		_("La huella SHA-256 del evento conservado es la que aparece en la constancia.");
	return true;
}

/* ---- its dates ---- */

static bool has_derivation(const struct m_acuse *m)
{
	for (size_t i = 0; i < m->contenido_count; i++)
		if (plazo_es_fila(&m->contenido[i]))
			return true;
	return false;
}

/* Counted again from its own rows: the legal instant is the acuse's, and so is the opening. */
static bool prove_dates(struct proof *p, const char **ret_detail)
{
	const struct m_acuse *m = p->m;
	struct plazo_contado c;

	*ret_detail = _("Las fechas no se pueden contar de nuevo: su derivación se alteró. Pide el "
			"acuse de nuevo al Buzón.");
	if (!good(p, plazo_recontar(p->a, m->contenido, m->contenido_count, &c)))
		return false;
	if (!c.holds) {
		*ret_detail = c.detalle;
		return false;
	}
	if (c.efecto.notificada != m->legal ||
		c.abierta != (acuse_is_automatico(m) ? 0 : m->recibido)) {
		*ret_detail = _("La derivación es de otra apertura o de otra notificación: pide el "
				"acuse de nuevo al Buzón.");
		return false;
	}
	*ret_detail = c.detalle != NULL
			      ? c.detalle
			      : _("Se contaron de nuevo con los días inhábiles que el acuse trae, "
				  "y son las que dice.");
	return true;
}

/* ---- all of it ---- */

struct row {
	const char *what;
	bool (*prove)(struct proof *p, const char **ret_detail);
};

static const struct row rows_signed[] = {
	{N_("El cuerpo del acto es el que se firmó"), prove_body},
	{N_("Lo firmado es de este titular y en esta calidad"), prove_hat},
	{N_("La firma corresponde a lo firmado"), prove_signature},
	{N_("El certificado es la e.firma del firmante"), prove_holder},
	{N_("El certificado lo emitió una autoridad reconocida"), prove_chain},
};

static const struct row rows_automatic[] = {
	{N_("Es una constancia automática: nadie la firmó"), prove_unsigned},
	{N_("El evento es el de la constancia"), prove_event},
};

/* Behind either of these. */
static const struct row rows_sealed[] = {
	{N_("El contenido es el que se selló"), prove_content},
	{N_("La cadena original corresponde a los datos"), prove_cadena},
	{N_("El certificado del sello es del Instituto"), prove_seal_cert},
	{N_("El sello corresponde a la cadena original"), prove_seal},
};

/* Behind those, where it keeps how its dates were counted. */
static const struct row rows_dates[] = {
	{N_("Las fechas son las que resultan de contarlas de nuevo"), prove_dates},
};

static void prove_rows(
	struct proof *p, const struct row *rows, size_t count, struct acuse_proof *to)
{
	for (size_t i = 0; i < count; i++) {
		struct acuse_check *c = &to->checks[to->count++];

		c->what = texto(rows[i].what);
		c->holds = rows[i].prove(p, &c->detail);
		to->holds = to->holds && c->holds;
	}
}

enum err acuse_prove_with(
	struct arena *a, const struct m_acuse *m, struct certs *certs, struct acuse_proof *ret)
{
	struct proof p = {.a = a, .m = m, .certs = certs, .t = certs_trust(certs)};

	struct acuse_proof proof = {.holds = true,
		.checks = arena_array(a,
			COUNT_OF(rows_signed) + COUNT_OF(rows_sealed) + COUNT_OF(rows_dates),
			sizeof(*proof.checks))};
	const struct cert *signer = NULL;

	if (proof.checks == NULL)
		return ERR_NO_MEMORY;
	if (acuse_is_automatico(m)) {
		prove_rows(&p, rows_automatic, COUNT_OF(rows_automatic), &proof);
	} else {
		p.cert = good(&p, certs_read(certs, m->certificado, &signer)) ? signer : NULL;
		prove_rows(&p, rows_signed, COUNT_OF(rows_signed), &proof);
	}
	prove_rows(&p, rows_sealed, COUNT_OF(rows_sealed), &proof);
	if (has_derivation(m))
		prove_rows(&p, rows_dates, COUNT_OF(rows_dates), &proof);
	if (p.memory_ended)
		return ERR_NO_MEMORY;
	*ret = proof;
	return OK;
}

enum err acuse_prove(
	struct arena *a, const struct m_acuse *m, const struct trust *t, struct acuse_proof *ret)
{
	AUTO(certs) certs = NULL;
	enum err e = certs_open(t, &certs);

	return e == OK ? acuse_prove_with(a, m, certs, ret) : e;
}

enum err acuse_verify(struct arena *a, const struct m_acuse *m, const struct trust *t)
{
	struct acuse_proof proof;
	enum err e = acuse_prove(a, m, t, &proof);

	if (e != OK)
		return e;
	return proof.holds ? OK : ERR_BAD_SEAL;
}
