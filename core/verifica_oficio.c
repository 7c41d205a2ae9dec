/* The Institute's own acts: issued, decided, published. */
#include "core/verifica_oficio.h"

#include "core/acuse_make.h"
#include "core/oficios.h"
#include "ley/hora.h"
#include "net/codec.h"

#define ROWS 64
#define ROOM (8 * 1024 * 1024)

const char *verifica_unico(const struct m_acuse *m, const char *label)
{
	const char *found = NULL;
	size_t count = 0;

	for (size_t i = 0; i < m->contenido_count; i++)
		if (verifica_same(m->contenido[i].etiqueta, label)) {
			found = m->contenido[i].valor;
			count++;
		}
	return count == 1 ? found : NULL;
}

/* Bodies of two routes may be the same bytes: the kind of the acuse, which is sealed, tells. */
struct acto_de {
	const char *tipo;
	const char *folio;
	const char *titular;
};

/* The acuse of that folio and titular, if it is of that kind, and the act that was signed for it.
 */
static enum err read_act(struct verifica *v, struct arena *a, const struct acto_de *of,
	const struct message *request, struct m_acuse *ret, void *ret_message)
{
	struct in_acuse in = {.folio = of->folio, .titular = of->titular};
	struct out_acuse found;
	enum err e = of->folio != NULL ? q_acuse(v->store, &in, a, &found) : ERR_NOT_FOUND;

	if (e == OK)
		e = codec_decode(a, &message_acuse, CODEC_TOLERANT, found.json, ret, NULL);
	if (e == OK && !verifica_same(ret->tipo, of->tipo))
		e = ERR_NOT_FOUND;
	if (e == OK)
		e = codec_decode(a, request, CODEC_STRICT, ret->cuerpo, ret_message, NULL);
	return e;
}

/* Both are left out, or both are the same. */
static bool equal(const char *a, const char *b)
{
	return (a == NULL && b == NULL) || verifica_same(a, b);
}

/* ---- issued ---- */

static bool is_issue(const struct out_verifica_notificaciones *row, const struct m_acuse *m,
	const struct m_oficio_emitir *rq)
{
	return verifica_same(m->calidad, "funcionario") &&
	       verifica_same(m->firmante, row->firmante) && m->elaborado == row->emitida &&
	       verifica_same(verifica_unico(m, ACUSE_OFICIO), row->oficio) &&
	       verifica_same(verifica_unico(m, ACUSE_DOCUMENTO), row->documento) &&
	       verifica_same(verifica_unico(m, ACUSE_SHA256_DEL_DOCUMENTO), row->archivo) &&
	       verifica_same(rq->hat.titular, row->titular) &&
	       verifica_same(rq->oficio, row->oficio) && verifica_same(rq->tipo, row->tipo) &&
	       verifica_same(rq->documento, row->documento) &&
	       verifica_same(rq->sha256, row->archivo);
}

/* Of before there were acuses of an issue: what was signed names the folio, which was proved. */
static enum err check_old(struct verifica *v, const struct verifica_de *de, struct arena *a,
	const struct out_verifica_notificaciones *row)
{
	struct in_archivo_parte in = {.desde = 1, .folio = row->folio, .titular = row->titular};
	struct out_archivo_parte part;
	struct documento says = {0};
	enum err e = q_archivo_parte(v->store, &in, a, &part);

	/* That there is none, or that it can't be read, was told. */
	if (e == OK && documento_parse(a, part.cadena, &says) == OK)
		verifica_check(v, de, says.folio != NULL, FALLA_notificacion_emision);
	return e == ERR_NOT_FOUND ? OK : e;
}

enum err verifica_emision(struct verifica *v, const struct verifica_de *de, struct arena *a,
	const struct out_verifica_notificaciones *row)
{
	struct m_acuse m = {0};
	struct m_oficio_emitir rq = {0};
	const struct acto_de of = {OFICIOS_ACUSE_EMISION, row->folio, row->titular};

	if (row->firmante == NULL)
		return check_old(v, de, a, row);
	enum err e = read_act(v, a, &of, &message_oficio_emitir, &m, &rq);

	if (e == OK && !is_issue(row, &m, &rq))
		e = ERR_BAD_FIELD;
	return verifica_must(v, de, e, FALLA_notificacion_emision);
}

/* ---- decided ---- */

bool verifica_decidida(const struct out_verifica_notificaciones *row)
{
	return verifica_same(row->forma, OFICIOS_RETIRADA) ||
	       verifica_same(row->forma, OFICIOS_ESTRADOS) ||
	       verifica_same(row->forma, OFICIOS_PERSONAL);
}

/* Signed by who issued it, of this one, for that reason. */
static bool is_decision(const struct out_verifica_notificaciones *row, const struct m_acuse *m,
	const char *folio, const char *motivo)
{
	return verifica_same(m->calidad, "funcionario") &&
	       verifica_same(m->firmante, row->firmante) && verifica_same(folio, row->folio) &&
	       verifica_same(motivo, row->motivo) &&
	       verifica_same(verifica_unico(m, OFICIOS_FOLIO), row->folio) && row->abierta == 0;
}

static enum err check_withdrawal(
	struct verifica *v, struct arena *a, const struct out_verifica_notificaciones *row)
{
	struct m_acuse m = {0};
	struct m_oficio_retirar rq = {0};
	const struct acto_de of = {OFICIOS_ACUSE_RETIRO, row->acuse, row->titular};
	enum err e = read_act(v, a, &of, &message_oficio_retirar, &m, &rq);

	return e == OK && !(is_decision(row, &m, rq.folio, rq.motivo) && row->notificada == 0)
		       ? ERR_BAD_FIELD
		       : e;
}

static enum err check_estrados(
	struct verifica *v, struct arena *a, const struct out_verifica_notificaciones *row)
{
	struct m_acuse m = {0};
	struct m_oficio_estrados rq = {0};
	const struct acto_de of = {OFICIOS_ACUSE_ESTRADOS, row->acuse, row->titular};
	enum err e = read_act(v, a, &of, &message_oficio_estrados, &m, &rq);

	return e == OK && !(is_decision(row, &m, rq.folio, rq.motivo) && rq.procede &&
				  row->notificada == 0)
		       ? ERR_BAD_FIELD
		       : e;
}

static enum err check_personal(
	struct verifica *v, struct arena *a, const struct out_verifica_notificaciones *row)
{
	struct m_acuse m = {0};
	struct m_oficio_personal rq = {0};
	const struct acto_de of = {OFICIOS_ACUSE_PERSONAL, row->acuse, row->titular};
	enum err e = read_act(v, a, &of, &message_oficio_personal, &m, &rq);

	return e == OK && !(is_decision(row, &m, rq.folio, rq.motivo) &&
				  row->notificada == rq.notificada)
		       ? ERR_BAD_FIELD
		       : e;
}

enum err verifica_decision(struct verifica *v, const struct verifica_de *de, struct arena *a,
	const struct out_verifica_notificaciones *row)
{
	enum err e = verifica_same(row->forma, OFICIOS_RETIRADA)   ? check_withdrawal(v, a, row)
		     : verifica_same(row->forma, OFICIOS_ESTRADOS) ? check_estrados(v, a, row)
								   : check_personal(v, a, row);

	return verifica_must(v, de, e, FALLA_notificacion_decision);
}

/* ---- published ---- */

/* Its titular is among those for whom it was signed. */
static bool is_for(const struct m_publicar *rq, const char *titular, const char *rp)
{
	bool all = verifica_same(titular, DOCUMENTO_PARA_VARIOS);

	for (size_t i = 0; !all && !rq->todos && i < rq->para_count; i++)
		if (verifica_same(rq->para[i].rfc, titular))
			return (rq->para[i].rp == NULL) == (rp == NULL);
	return all && rq->todos;
}

static bool is_published(const struct out_verifica_publicaciones *row, const struct m_acuse *m,
	const struct m_publicar *rq)
{
	return verifica_same(m->calidad, "funcionario") &&
	       verifica_same(m->firmante, row->firmante) && m->elaborado == row->publicada &&
	       verifica_same(verifica_unico(m, OFICIOS_TITULO), row->titulo) &&
	       verifica_same(rq->clase, row->clase) && verifica_same(rq->tipo, row->tipo) &&
	       verifica_same(rq->titulo, row->titulo) && equal(rq->texto, row->texto) &&
	       equal(rq->sha256, row->sha256) && (rq->sha256 != NULL) == (row->archivo != NULL) &&
	       is_for(rq, row->titular, row->rp);
}

static enum err check_file(struct verifica *v, const struct verifica_de *de, struct arena *a,
	const struct out_verifica_publicaciones *row)
{
	const struct verifica_papel p = {.folio = row->archivo,
		.dueno = row->firmante,
		.titular = row->titular,
		.publicado = true};
	struct verifica_leido d = {0};
	enum err e = verifica_documento(v, de, a, &p, &d);

	if (e == OK && d.sha256 != NULL)
		verifica_check(v, de, verifica_same(d.sha256, row->sha256) && d.bytes == row->bytes,
			FALLA_publicacion_huella);
	return e;
}

/* The same file for many is read once. */
static enum err prove(struct verifica *v, const struct out_verifica_publicaciones *row, bool again)
{
	ARENA(a, ROOM);
	const struct verifica_de de = {.objeto = "publicacion", .clave = row->folio};
	struct m_acuse m = {0};
	struct m_publicar rq = {0};
	const struct acto_de of = {OFICIOS_ACUSE_PUBLICACION, row->folio, row->firmante};
	enum err e = verifica_parte(v, &de, row->titular, row->parte, FALLA_publicacion_parte);

	if (e != OK)
		return e;
	e = read_act(v, &a, &of, &message_publicar, &m, &rq);
	if (e == OK && !is_published(row, &m, &rq))
		e = ERR_BAD_FIELD;
	e = verifica_must(v, &de, e, FALLA_publicacion_acuse);
	return e == OK && row->archivo != NULL && !again ? check_file(v, &de, &a, row) : e;
}

enum err verifica_publicacion_pagina(
	struct verifica *v, struct arena *a, struct verifica_llave *key, bool *ret_more)
{
	struct in_verifica_publicaciones in = {.folio = key->text, .titular = key->second};
	struct out_verifica_publicaciones *rows;
	size_t count = 0;
	enum err e = q_verifica_publicaciones_all(v->store, &in, ROWS, a, &rows, &count);

	for (size_t i = 0; e == OK && i < count; i++) {
		e = prove(v, &rows[i], strcmp(rows[i].folio, key->text) == 0);
		key->text = rows[i].folio;
		key->second = rows[i].titular;
	}
	*ret_more = e == OK && count != 0;
	return e;
}
