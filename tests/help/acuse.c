#include "tests/help/acuse.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>
#include "base/b64.h"
#include "base/buf.h"
#include "crypto/sha.h"
#include "ley/folio.h"
#include "tests/help/pki.h"

static const char *base_of(struct arena *a, struct bytes body, const char *keyid, int64_t received)
{
	unsigned char digest[SHA256_BYTES];
	unsigned char nonce[16];

	assert_int_equal(sha256(body, digest), OK);
	assert_int_equal(random_bytes(nonce, sizeof(nonce)), OK);
	const char *text = arena_printf(a,
		"\"@method\": POST\n\"@authority\": buzon.prueba.test:8443\n"
		"\"@path\": /v1/notificacion_abrir\n\"content-type\": application/json\n"
		"\"content-digest\": sha-256=:%s:\n"
		"\"@signature-params\": (\"@method\" \"@authority\" \"@path\" \"content-type\" "
		"\"content-digest\");created=%lld;expires=%lld;nonce=\"%s\";keyid=\"%s\";"
		"alg=\"rsa-v1_5-sha256\";tag=\"buzon-imss\"",
		b64_encode(a, bytes_of(digest, sizeof(digest))), (long long)received / 1000,
		(long long)received / 1000 + 480, b64url_encode(a, bytes_of(nonce, sizeof(nonce))),
		keyid);

	assert_non_null(text);
	return text;
}

static struct m_dato *content_of(struct arena *a, size_t *ret_count)
{
	static const struct m_dato ROWS[] = {
		{"Documento", "Resolución de rectificación de la prima en el Seguro de Riesgos de "
			      "Trabajo"},
		{"Oficio", "329701150100/OC/2026/004512"},
		{"Registro patronal", "A01-23456-10-7"},
		{"Subdelegación", "Piedad Narvarte"},
		{"Funcionario", "LUIS GARCÍA IBÁÑEZ, Subdelegado"},
		{"Aviso enviado", "lun 09/nov/2026 10:15"},
		{"Surte efectos", "vie 13/nov/2026"},
		{"Plazo", "15 días hábiles: del mar 17/nov/2026 al lun 07/dic/2026"},
		{"SHA-256 del documento",
			"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
	};

	*ret_count = COUNT_OF(ROWS);
	return arena_copy(a, ROWS, sizeof(ROWS));
}

void acuse_sample_seal(struct arena *a, struct m_acuse *m)
{
	AUTO(key) key = NULL;
	SECRET(password);

	pki_password("sello", &password);
	assert_int_equal(key_load(pki_read(a, "sello.key"), &password, &key), OK);
	assert_int_equal(acuse_cadena(a, m), OK);
	assert_int_equal(key_sign(a, key, bytes_of_text(m->cadena), &m->sello), OK);
}

static void sign(struct arena *a, struct m_acuse *m)
{
	AUTO(efirma) f = pki_efirma("fisica");

	m->titular = arena_strdup(a, f->cert.rfc);
	m->titular_nombre = arena_strdup(a, f->cert.name);
	m->firmante = m->titular;
	m->firmante_nombre = m->titular_nombre;
	m->certificado =
		bytes_of(arena_copy(a, f->cert.der.data, f->cert.der.size), f->cert.der.size);
	m->cuerpo = bytes_of_text(arena_printf(a,
		"{\"titular\":\"%s\",\"calidad\":\"propio\",\"folio\":\"BI-20261109-101500114\","
		"\"fecha_legal\":\"2026-11-12\"}",
		m->titular));
	m->base = base_of(a, m->cuerpo, f->cert.thumbprint, m->recibido);
	assert_int_equal(key_sign(a, f->key, bytes_of_text(m->base), &m->firma), OK);
}

void acuse_sample(struct arena *a, int64_t received, const char *zona, struct m_acuse *ret)
{
	char folio[FOLIO_BYTES];
	struct m_acuse m = {
		.version = ACUSE_VERSION,
		.tipo = "Acuse de notificación por apertura",
		.fundamento =
			"Artículos 5, 286 L y 286 M de la Ley del Seguro Social; 17-K y 135 del "
			"Código Fiscal de la Federación; Lineamientos 6.1 y 7.6",
		.elaborado = received + 6,
		.recibido = received,
		.legal = received,
		.zona = zona,
		.calidad = "propio",
		.estatus = "Notificada",
		.revocacion = "vigente",
		.direccion = "https://buzon.prueba.test:8443",
		.capacidad = "q7Rk2xT9mZ4bW8vN1cYd",
	};

	folio_of(received, folio);
	m.folio = arena_strdup(a, folio);
	m.contenido = content_of(a, &m.contenido_count);
	sign(a, &m);
	m.certificado_sello = pki_read(a, "sello.cer");
	acuse_sample_seal(a, &m);
	*ret = m;
}

void acuse_sample_automatico(struct arena *a, int64_t received, struct m_acuse *ret)
{
	struct m_acuse m;

	acuse_sample(a, received, "America/Mexico_City", &m);
	m.tipo = "Acuse de validación de mecanismos de comunicación";
	m.firmante = ACUSE_AUTOMATICO_FIRMANTE;
	m.firmante_nombre = ACUSE_AUTOMATICO_NOMBRE;
	m.calidad = ACUSE_AUTOMATICO;
	m.revocacion = ACUSE_AUTOMATICO_REVOCACION;
	m.cuerpo = bytes_of_text(
		"{\"evento\":\"medio-validado\",\"medio\":\"BI-20261109-101500114\"}");
	m.firma = m.certificado = (struct bytes){0};
	assert_int_equal(acuse_base_automatica(a, m.cuerpo, &m.base), OK);
	acuse_sample_seal(a, &m);
	*ret = m;
}

static void add_text(struct buf *b, const char *key, const char *text)
{
	buf_printf(b, "\"%s\":\"", key);
	for (; *text != '\0'; text++) {
		if (*text == '\n')
			buf_text(b, "\\n");
		else if (*text == '"' || *text == '\\')
			buf_printf(b, "\\%c", *text);
		else
			buf_char(b, *text);
	}
	buf_text(b, "\",");
}

static void add_rows(struct buf *b, const struct m_acuse *m)
{
	buf_text(b, "\"contenido\":[");
	for (size_t i = 0; i < m->contenido_count; i++) {
		buf_text(b, i != 0 ? ",{" : "{");
		add_text(b, "etiqueta", m->contenido[i].etiqueta);
		add_text(b, "valor", m->contenido[i].valor);
		b->size--;
		buf_text(b, "}");
	}
	buf_text(b, "],");
}

struct bytes acuse_sample_json(struct arena *a, const struct m_acuse *m)
{
	struct buf b;
	struct bytes json;

	buf_init(&b, a);
	buf_char(&b, '{');
#define T(member) add_text(&b, #member, m->member)
#define I(member) buf_printf(&b, "\"%s\":%lld,", #member, (long long)m->member)
#define D(member) add_text(&b, #member, b64_encode(a, m->member))
	T(version), T(folio), T(tipo), T(fundamento), I(elaborado), I(recibido), I(legal), T(zona);
	T(titular), T(titular_nombre), T(firmante), T(firmante_nombre), T(calidad), T(estatus);
	add_rows(&b, m);
	D(cuerpo), T(base), D(firma), D(certificado), T(revocacion), T(direccion), T(capacidad);
	T(cadena), D(certificado_sello), D(sello);
#undef T
#undef I
#undef D
	b.size--;
	buf_char(&b, '}');
	assert_int_equal(buf_end(&b, &json), OK);
	return json;
}

struct trust *acuse_sample_trust(void)
{
	char folder[PATH_MAX];
	struct trust *t;

	snprintf(folder, sizeof(folder), "%s/confianza", pki_dir());
	assert_int_equal(trust_open(folder, &t), OK);
	return t;
}

unsigned acuse_sample_failing(struct arena *a, const struct m_acuse *m, const struct trust *t)
{
	struct acuse_proof p;
	unsigned bits = 0;

	assert_int_equal(acuse_prove(a, m, t, &p), OK);
	for (size_t i = 0; i < p.count; i++)
		bits |= p.checks[i].holds ? 0 : 1u << i;
	assert_int_equal(p.holds, bits == 0);
	assert_int_equal(acuse_verify(a, m, t), bits == 0 ? OK : ERR_BAD_SEAL);
	return bits;
}
