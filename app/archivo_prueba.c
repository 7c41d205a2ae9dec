#include <stdlib.h>
#include <string.h>
#include "app/archivo.h"
#include "app/evidence.h"
#include "base/texto.h"
#include "crypto/sha.h"
#include "ley/documento.h"
#include "ley/folio.h"
#include "ley/plazo.h"

#define INDICE_MOST (64 * 1024 * 1024)
#define ENTRADA_MOST (12 * 1024 * 1024)
#define COSA_MOST (64 * 1024 * 1024)
/* Rows about what does not hold: the first ones are enough to know where to look. */
#define FALLAS_MOST 100
#define CERTS_MOST 64

struct prueba {
	struct arena *arena; /* of the rows */
	struct paquete *zip;
	struct certs *certs;
	const struct trust *trust;
	struct m_archivo_indice indice;
	const struct m_archivo_entrada **por_nombre; /* sorted */
	struct acuse_check *rows;
	size_t count;
	bool holds;
	struct archivo_cuenta cuenta;
};

static enum err row(struct prueba *p, const char *what, bool holds, const char *detail)
{
	p->holds = p->holds && holds;
	if (p->count == FALLAS_MOST && !holds)
		return OK;
	if (detail == NULL)
		return ERR_NO_MEMORY;
	p->rows[p->count++] = (struct acuse_check){what, holds, detail};
	return OK;
}

static enum err fails(struct prueba *p, const char *what, const char *nombre, const char *detail)
{
	return row(p, what, false,
		arena_printf(p->arena, "%s%s%s", nombre, *detail != '\0' ? ": " : "", detail));
}

/* ---- the index ---- */

static int by_name(const void *l, const void *r)
{
	const struct m_archivo_entrada *const *x = l;
	const struct m_archivo_entrada *const *y = r;

	return strcmp((*x)->nombre, (*y)->nombre);
}

static const struct m_archivo_entrada *find(const struct prueba *p, const char *nombre)
{
	const struct m_archivo_entrada key = {.nombre = nombre};
	const struct m_archivo_entrada *at = &key;
	const struct m_archivo_entrada **got =
		p->indice.entradas_count != 0
			? bsearch(&at, p->por_nombre, p->indice.entradas_count, sizeof(*got),
				  by_name)
			: NULL;

	return got != NULL ? *got : NULL;
}

static enum err read_index(struct prueba *p, struct bytes *ret)
{
	enum err e = paquete_leer(p->zip, p->arena, ARCHIVO_INDICE, INDICE_MOST, ret);

	if (e == OK)
		e = codec_decode(
			p->arena, &message_archivo_indice, CODEC_TOLERANT, *ret, &p->indice, NULL);
	if (e != OK)
		return e == ERR_NO_MEMORY ? e : ERR_BAD_EVIDENCE;
	p->por_nombre = arena_array(p->arena, p->indice.entradas_count + 1, sizeof(*p->por_nombre));
	if (p->por_nombre == NULL)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < p->indice.entradas_count; i++)
		p->por_nombre[i] = &p->indice.entradas[i];
	qsort(p->por_nombre, p->indice.entradas_count, sizeof(*p->por_nombre), by_name);
	return OK;
}

static enum err prove_signature(struct prueba *p, struct bytes indice)
{
	struct bytes json;
	struct m_archivo_firma m = {0};
	struct acuse_proof proof = {0};
	struct documento says = {0};
	enum err e = paquete_leer(p->zip, p->arena, ARCHIVO_FIRMA, ENTRADA_MOST, &json);

	if (e == OK)
		e = codec_decode(p->arena, &message_archivo_firma, CODEC_TOLERANT, json, &m, NULL);
	if (e == OK)
		e = documento_parse(p->arena, m.cadena, &says);
	struct documento_firmado d = {.folio = "indice",
		.titular = p->indice.titular,
		.cadena = m.cadena,
		.firma = m.firma,
		.certificado = m.certificado};

	if (e == OK)
		e = sha256_hex(p->arena, indice, &d.sha256);
	if (e == OK)
		e = documento_prove_with(p->arena, &d, p->certs, &proof);
	if (e == ERR_NO_MEMORY)
		return e;
	bool holds = e == OK && proof.holds && strcmp(says.oficio, ARCHIVO_DOCUMENTO) == 0;

	return row(p, _("El índice lo firmó con su e.firma quien hizo el archivo"), holds,
		holds ? proof.checks[DOCUMENTO_FIRMANTE].detail
		      : _("La firma no corresponde: el índice se alteró, o falta la carpeta de "
			  "confianza."));
}

/* Every entry of the ZIP is named by the index, once; the index's own two are known. */
static enum err prove_names(struct prueba *p)
{
	size_t n = paquete_cuantas(p->zip);
	enum err e = OK;
	bool whole = n == p->indice.entradas_count + 2;

	for (size_t i = 0; e == OK && i < n; i++) {
		const char *name = paquete_nombre(p->zip, i);

		if (name == NULL ||
			(strcmp(name, ARCHIVO_INDICE) != 0 && strcmp(name, ARCHIVO_FIRMA) != 0 &&
				find(p, name) == NULL)) {
			whole = false;
			e = fails(p, _("Todo lo que trae está en el índice"),
				name != NULL ? name : "?", _("no está en el índice"));
		}
	}
	for (size_t i = 1; e == OK && i < p->indice.entradas_count; i++)
		whole = whole && by_name(&p->por_nombre[i - 1], &p->por_nombre[i]) != 0;
	return e == OK ? row(p, _("El índice nombra todo lo que trae, y nada más"), whole,
				 whole ? "" : _("el número de archivos no coincide"))
		       : e;
}

/* ---- what is inside ---- */

static enum err read_entry(
	struct prueba *p, struct arena *a, const struct m_archivo_entrada *in, struct bytes *ret)
{
	const char *hash = "";
	enum err e = paquete_leer(p->zip, a, in->nombre, ENTRADA_MOST, ret);

	if (e == OK)
		e = sha256_hex(a, *ret, &hash);
	if (e == OK && ((int64_t)ret->size != in->bytes || strcmp(hash, in->sha256) != 0))
		e = ERR_BAD_EVIDENCE;
	return e;
}

static enum err tell_proof(
	struct prueba *p, const char *what, const char *nombre, const struct acuse_proof *proof)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < proof->count; i++)
		if (!proof->checks[i].holds)
			e = fails(p, what, nombre, proof->checks[i].what);
	return e;
}

static enum err prove_acuse(
	struct prueba *p, struct arena *a, const struct m_archivo_entrada *in, struct bytes json)
{
	struct evidence ev = {.json = json};
	struct acuse_proof proof;
	const char *paper = archivo_nombre(a, ARCHIVO_ACUSE_PDF, in->folio);
	const struct m_archivo_entrada *pdf = paper != NULL ? find(p, paper) : NULL;
	enum err e = codec_decode(a, &message_acuse, CODEC_TOLERANT, json, &ev.acuse, NULL);

	if (e == OK && (strcmp(ev.acuse.folio, in->folio) != 0 ||
			       strcmp(ev.acuse.titular, p->indice.titular) != 0))
		e = ERR_BAD_EVIDENCE;
	if (e == OK && pdf != NULL)
		e = read_entry(p, a, pdf, &ev.pdf);
	if (e == ERR_NO_MEMORY)
		return e;
	if (e != OK || pdf == NULL)
		return fails(p, _("Cada acuse se comprueba"), in->nombre,
			_("no es el acuse de ese folio y titular, o falta su PDF"));
	e = evidence_prove(a, &ev, p->trust, &proof);
	p->cuenta.acuses++;
	return e == OK ? tell_proof(p, _("Cada acuse se comprueba"), in->nombre, &proof) : e;
}

static enum err prove_document(
	struct prueba *p, struct arena *a, const struct m_archivo_entrada *in, struct bytes json)
{
	struct m_documento m;
	struct bytes whole;
	struct acuse_proof proof;
	const char *file = archivo_nombre(a, ARCHIVO_DOCUMENTO_PDF, in->folio);
	const struct m_archivo_entrada *pdf = file != NULL ? find(p, file) : NULL;
	enum err e = codec_decode(a, &message_documento, CODEC_TOLERANT, json, &m, NULL);
	struct documento_firmado d = {.folio = in->folio, .titular = p->indice.titular};

	if (e == OK)
		e = pdf != NULL ? read_entry(p, a, pdf, &whole) : ERR_BAD_EVIDENCE;
	if (e == OK)
		e = sha256_hex(a, whole, &d.sha256);
	if (e == ERR_NO_MEMORY)
		return e;
	if (e != OK)
		return fails(p, _("Cada documento se comprueba"), in->nombre,
			_("falta su PDF o no se puede leer"));
	d.cadena = m.cadena;
	d.firma = m.firma;
	d.certificado = m.certificado;
	e = documento_prove_with(a, &d, p->certs, &proof);
	p->cuenta.documentos++;
	return e == OK ? tell_proof(p, _("Cada documento se comprueba"), in->nombre, &proof) : e;
}

static bool told_missing(const struct prueba *p, enum archivo_clase c, const char *folio)
{
	for (size_t i = 0; i < p->indice.faltas_count; i++)
		if (strcmp(p->indice.faltas[i].folio, folio) == 0 &&
			strcmp(p->indice.faltas[i].clase, archivo_clase_word(c)) == 0)
			return true;
	return false;
}

static enum err there(struct prueba *p, struct arena *a, enum archivo_clase c, const char *folio,
	const char *nombre)
{
	const char *file = folio != NULL ? archivo_nombre(a, c, folio) : "";

	if (file == NULL)
		return ERR_NO_MEMORY;
	if (folio == NULL || find(p, file) != NULL || told_missing(p, c, folio))
		return OK;
	return fails(p, _("Cada notificación trae sus papeles"), nombre, file);
}

/* Counted again from its own rows: the very instant that the row says. */
static enum err prove_dates(struct prueba *p, struct arena *a, const char *nombre,
	const struct m_archivo_notificacion *m)
{
	const struct m_notificacion *n = m->notificacion;
	struct plazo_efecto got;
	bool holds = false;
	const char *why = "";
	enum err e = m->derivacion_count != 0 ? plazo_contar_de_nuevo(a, m->derivacion,
							m->derivacion_count, &got, &holds, &why)
					      : OK;

	if (e == ERR_NO_MEMORY || m->derivacion_count == 0)
		return e;
	if (e == OK && holds &&
		(n->forma != NULL || n->notificada == 0 || got.notificada == n->notificada))
		return OK;
	return fails(p, _("Las fechas se cuentan de nuevo"), nombre, why != NULL ? why : "");
}

static enum err prove_notification(
	struct prueba *p, struct arena *a, const struct m_archivo_entrada *in, struct bytes json)
{
	struct m_archivo_notificacion m;
	enum err e = codec_decode(a, &message_archivo_notificacion, CODEC_TOLERANT, json, &m, NULL);

	if (e == ERR_NO_MEMORY)
		return e;
	if (e != OK || strcmp(m.notificacion->folio, in->folio) != 0)
		return fails(p, _("Cada notificación trae sus papeles"), in->nombre, "");
	const struct m_notificacion *n = m.notificacion;

	p->cuenta.notificaciones++;
	e = there(p, a, ARCHIVO_ACUSE, n->acuse, in->nombre);
	if (e == OK)
		e = there(p, a, ARCHIVO_ACUSE, n->emision, in->nombre);
	if (e == OK && n->notificada != 0)
		e = there(p, a, ARCHIVO_DOCUMENTO_PDF, n->folio, in->nombre);
	return e == OK ? prove_dates(p, a, in->nombre, &m) : e;
}

static enum err prove_entry(struct prueba *p, const struct m_archivo_entrada *in)
{
	ARENA(a, COSA_MOST);
	struct bytes content;
	enum archivo_clase c = archivo_clase_of(in->clase);
	const char *named = c < ARCHIVO_TEXTO && in->folio != NULL
				    ? archivo_nombre(&a, c, in->folio)
				    : in->nombre;
	enum err e = read_entry(p, &a, in, &content);

	if (e == ERR_NO_MEMORY || named == NULL)
		return ERR_NO_MEMORY;
	if (e != OK)
		return fails(
			p, _("Cada archivo es el que dice el índice"), in->nombre, err_sentence(e));
	if (c == ARCHIVO_CLASES || strcmp(named, in->nombre) != 0 ||
		(in->folio != NULL && !folio_valid(in->folio)))
		return fails(p, _("Cada archivo es el que dice el índice"), in->nombre, "");
	switch (c) {
	case ARCHIVO_ACUSE:
		return prove_acuse(p, &a, in, content);
	case ARCHIVO_DOCUMENTO_FIRMA:
		return prove_document(p, &a, in, content);
	case ARCHIVO_NOTIFICACION:
		return prove_notification(p, &a, in, content);
	default:
		return OK;
	}
}

static enum err prove_all(struct prueba *p)
{
	struct bytes indice;
	enum err e = read_index(p, &indice);

	if (e == OK)
		e = prove_signature(p, indice);
	if (e == OK)
		e = prove_names(p);
	for (size_t i = 0; e == OK && i < p->indice.entradas_count; i++) {
		e = prove_entry(p, &p->indice.entradas[i]);
		certs_trim(p->certs, CERTS_MOST);
	}
	if (e != OK)
		return e;
	return row(p, _("Todo lo que trae se comprobó"), p->holds,
		arena_printf(p->arena, _("Acuses: %zu; documentos: %zu; notificaciones: %zu."),
			p->cuenta.acuses, p->cuenta.documentos, p->cuenta.notificaciones));
}

enum err archivo_probar(struct arena *a, const char *path, const struct trust *t,
	struct m_archivo_indice *ret_indice, struct archivo_cuenta *ret_cuenta,
	struct acuse_proof *ret)
{
	AUTO(paquete) zip = NULL;
	AUTO(certs) certs = NULL;
	struct prueba p = {.arena = a, .trust = t, .holds = true};
	enum err e = paquete_abrir(path, &zip);

	if (e == OK)
		e = certs_open(t, &certs);
	p.zip = zip;
	p.certs = certs;
	p.rows = arena_array(a, FALLAS_MOST + 8, sizeof(*p.rows));
	if (e == OK)
		e = p.rows != NULL ? prove_all(&p) : ERR_NO_MEMORY;
	if (e != OK)
		return e;
	*ret_indice = p.indice;
	*ret_cuenta = p.cuenta;
	*ret = (struct acuse_proof){.checks = p.rows, .count = p.count, .holds = p.holds};
	return OK;
}
