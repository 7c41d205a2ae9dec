#include "ley/documento.h"

#include "base/texto.h"
#include "crypto/key.h"
#include "ley/hora.h"
#include "ley/valores.h"

enum err documento_cadena(struct arena *a, const struct documento *d, const char **ret_text)
{
	const struct valor rows[] = {
#define DOCUMENTO(member, label) {label, d->member},
#define DOCUMENTO_ANTES(member, label)
#include "ley/documento.def"
#undef DOCUMENTO
#undef DOCUMENTO_ANTES
	};

	return valores_join(a, rows, COUNT_OF(rows), ret_text);
}

static enum err parse_now(struct arena *a, const char *text, struct documento *ret)
{
	struct valor rows[] = {
#define DOCUMENTO(member, label) {label, NULL},
#define DOCUMENTO_ANTES(member, label)
#include "ley/documento.def"
#undef DOCUMENTO
	};
	const struct valor *at = rows;
	enum err e = valores_split(a, text, rows, COUNT_OF(rows));

	if (e != OK)
		return e;
	*ret = (struct documento){0};
#define DOCUMENTO(member, label) ret->member = (at++)->value;
#include "ley/documento.def"
#undef DOCUMENTO
#undef DOCUMENTO_ANTES
	return OK;
}

static enum err parse_before(struct arena *a, const char *text, struct documento *ret)
{
	struct valor rows[] = {
#define DOCUMENTO(member, label) {label, NULL},
#define DOCUMENTO_ANTES(member, label) {label, NULL},
#include "ley/documento.def"
#undef DOCUMENTO
#undef DOCUMENTO_ANTES
	};
	const struct valor *at = rows;
	enum err e = valores_split(a, text, rows, COUNT_OF(rows));

	if (e != OK)
		return e;
#define DOCUMENTO(member, label) ret->member = (at++)->value;
#define DOCUMENTO_ANTES(member, label) ret->member = (at++)->value;
#include "ley/documento.def"
#undef DOCUMENTO
#undef DOCUMENTO_ANTES
	return OK;
}

enum err documento_parse(struct arena *a, const char *text, struct documento *ret)
{
	enum err e = parse_now(a, text, ret);

	return e == ERR_BAD_FIELD ? parse_before(a, text, ret) : e;
}

/* One proof under way: what was found, and the first lack of memory. */
struct proving {
	struct arena *arena;
	const struct documento_firmado *d;
	struct certs *certs;
	struct documento says;
	const struct cert *cert; /* NULL: not readable */
	int64_t at;
	bool readable;
	enum err memory;
};

/* OK or not; a lack of memory is neither, and is remembered. */
static bool holds(struct proving *p, enum err e)
{
	if (e == ERR_NO_MEMORY)
		p->memory = e;
	return e == OK;
}

static bool signature_holds(struct proving *p)
{
	return p->cert != NULL && holds(p, certs_check(p->certs, p->cert->der,
						   bytes_of_text(p->d->cadena), p->d->firma));
}

static bool certificate_holds(struct proving *p)
{
	return p->cert != NULL && p->readable && strcmp(p->cert->rfc, p->says.firmante) == 0 &&
	       holds(p, cert_check_efirma(p->cert, p->at));
}

static const char *who(struct proving *p)
{
	const char *text = p->cert != NULL
				   ? arena_printf(p->arena, _("Lo firmó %s (%s), certificado %s."),
					     p->cert->name, p->cert->rfc, p->cert->serial)
				   : _("El certificado de quien firma no se puede leer; vuelve a "
				       "descargar el documento.");

	if (text == NULL)
		p->memory = ERR_NO_MEMORY;
	return text;
}

/* An older cadena names the folio, too. */
static bool is_theirs(const struct proving *p)
{
	const struct documento *says = &p->says;
	bool all = p->d->publicado && strcmp(says->rfc, DOCUMENTO_PARA_VARIOS) == 0;

	return (all || strcmp(says->rfc, p->d->titular) == 0) &&
	       (says->folio == NULL || strcmp(says->folio, p->d->folio) == 0);
}

static void read_all(struct proving *p)
{
	p->readable = holds(p, documento_parse(p->arena, p->d->cadena, &p->says)) &&
		      holds(p, hora_parse(p->says.fecha, &p->at));
	if (!holds(p, certs_read(p->certs, p->d->certificado, &p->cert)))
		p->cert = NULL;
}

enum err documento_prove_with(struct arena *a, const struct documento_firmado *d,
	struct certs *certs, struct acuse_proof *ret)
{
	struct proving p = {.arena = a, .d = d, .certs = certs, .memory = OK};
	const struct trust *t = certs_trust(certs);

	read_all(&p);
	bool trusted = p.cert != NULL && p.readable &&
		       holds(&p, certs_verify(certs, p.cert->der, p.at, NULL));
	const struct acuse_check rows[] = {
		{_("El archivo es el que se firmó"),
			p.readable && strcmp(p.says.sha256, d->sha256) == 0,
			_("Su huella SHA-256 se compara con la de la cadena firmada.")},
		{d->publicado ? _("El documento se publicó para este titular, o para varios")
			      : _("El documento es de este titular"),
			p.readable && is_theirs(&p),
			_("El RFC se compara con el de la cadena firmada.")},
		{_("La firma del servidor público corresponde a la cadena"), signature_holds(&p),
			_("Se comprueba con la llave pública de su certificado.")},
		{_("El certificado es la e.firma del servidor público"), certificate_holds(&p),
			who(&p)},
		{_("El certificado lo emitió una autoridad reconocida"), trusted,
			t != NULL
				? _("Se sigue la cadena de certificados hasta una raíz de la carpeta "
				    "de "
				    "confianza, en la fecha de la firma.")
				: _("No se indicó carpeta de confianza; configura `confianza` en el "
				    "perfil.")},
	};
	struct acuse_check *checks = arena_copy(a, rows, sizeof(rows));

	if (checks == NULL || p.memory != OK)
		return ERR_NO_MEMORY;
	*ret = (struct acuse_proof){.checks = checks, .count = COUNT_OF(rows), .holds = true};
	for (size_t i = 0; i < ret->count; i++)
		ret->holds = ret->holds && checks[i].holds;
	return OK;
}

enum err documento_prove(struct arena *a, const struct documento_firmado *d, const struct trust *t,
	struct acuse_proof *ret)
{
	AUTO(certs) certs = NULL;
	enum err e = certs_open(t, &certs);

	return e == OK ? documento_prove_with(a, d, certs, ret) : e;
}
