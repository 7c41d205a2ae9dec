#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "app/archivo.h"
#include "app/descarga.h"
#include "app/evidence.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/texto.h"
#include "crypto/sha.h"
#include "ley/folio.h"
#include "ley/plazo.h"

/* What one thing may take while it is fetched: a document in base64, and whole. */
#define COSA_MOST (48 * 1024 * 1024)
#define FILE_MOST (12 * 1024 * 1024)

struct archivo {
	struct arena arena; /* the index's texts */
	struct sesion *s;
	const char *folder;
	struct m_archivo_entrada *entradas;
	size_t entradas_count;
	size_t entradas_room;
	struct m_archivo_falta *faltas;
	size_t faltas_count;
	size_t faltas_room;
};

enum err archivo_empezar(struct sesion *s, const char *folder, struct archivo **ret)
{
	static const char *const folders[] = {"acuses", "documentos", "notificaciones"};
	struct archivo *x = mem_zalloc(sizeof(*x));
	enum err e = OK;

	if (x == NULL)
		return ERR_NO_MEMORY;
	arena_init(&x->arena, 256 * 1024 * 1024);
	x->s = s;
	x->folder = arena_strdup(&x->arena, folder);
	for (size_t i = 0; e == OK && i < COUNT_OF(folders); i++) {
		const char *path = arena_printf(&x->arena, "%s/%s", folder, folders[i]);

		e = path != NULL && x->folder != NULL ? file_make_folder(path) : ERR_NO_MEMORY;
	}
	if (e != OK) {
		archivo_free(x);
		return e;
	}
	*ret = x;
	return OK;
}

void archivo_free(struct archivo *x)
{
	if (x == NULL)
		return;
	arena_free(&x->arena);
	mem_free(x);
}

size_t archivo_entradas(const struct archivo *x)
{
	return x->entradas_count;
}

size_t archivo_faltas(const struct archivo *x)
{
	return x->faltas_count;
}

/* ---- lists that grow ---- */

static enum err room(struct arena *a, void *list, size_t size, size_t count, size_t *room_io)
{
	void **at = list;

	if (count < *room_io)
		return OK;
	size_t more = *room_io * 2 + 64;
	void *next = arena_array(a, more, size);

	if (next == NULL)
		return ERR_NO_MEMORY;
	if (count != 0)
		memcpy(next, *at, count * size);
	*at = next;
	*room_io = more;
	return OK;
}

static const char *path_of(struct archivo *x, struct arena *a, const char *nombre)
{
	return arena_printf(a, "%s/%s", x->folder, nombre);
}

static enum err list(
	struct archivo *x, enum archivo_clase c, const char *folio, struct bytes content)
{
	struct arena *a = &x->arena;
	struct m_archivo_entrada in = {.nombre = archivo_nombre(a, c, folio),
		.clase = archivo_clase_word(c),
		.folio = c != ARCHIVO_TEXTO ? arena_strdup(a, folio) : NULL,
		.bytes = (int64_t)content.size};
	enum err e = room(a, &x->entradas, sizeof(in), x->entradas_count, &x->entradas_room);

	if (e == OK)
		e = sha256_hex(a, content, &in.sha256);
	if (e == OK && in.nombre != NULL)
		x->entradas[x->entradas_count++] = in;
	return in.nombre != NULL ? e : ERR_NO_MEMORY;
}

static enum err put(
	struct archivo *x, enum archivo_clase c, const char *folio, struct bytes content)
{
	ARENA(a, 64 * 1024);
	const char *nombre = archivo_nombre(&a, c, folio);
	const char *path = nombre != NULL ? path_of(x, &a, nombre) : NULL;
	enum err e = path != NULL ? file_write(path, content, 0600) : ERR_NO_MEMORY;

	return e == OK ? list(x, c, folio, content) : e;
}

/* What the server will not give is said in the index, and the rest goes on. */
static enum err missing(struct archivo *x, enum archivo_clase c, const char *folio, enum err why)
{
	struct m_archivo_falta in = {.clase = archivo_clase_word(c),
		.folio = arena_strdup(&x->arena, folio),
		.motivo = err_sentence(why)};
	enum err e = room(&x->arena, &x->faltas, sizeof(in), x->faltas_count, &x->faltas_room);

	if (e == OK && in.folio != NULL)
		x->faltas[x->faltas_count++] = in;
	return in.folio != NULL ? e : ERR_NO_MEMORY;
}

static bool only_this(enum err e)
{
	return e == ERR_NOT_FOUND || e == ERR_NO_SCOPE || e == ERR_NOT_OPENED;
}

static bool listed(const struct archivo *x, enum archivo_clase c, const char *folio)
{
	for (size_t i = 0; i < x->entradas_count; i++)
		if (x->entradas[i].folio != NULL && strcmp(x->entradas[i].folio, folio) == 0 &&
			strcmp(x->entradas[i].clase, archivo_clase_word(c)) == 0)
			return true;
	return false;
}

/* ---- acuses ---- */

/* What an earlier run kept counts if it proves itself. */
static bool kept_acuse(struct archivo *x, struct arena *a, const char *folio, struct evidence *ret)
{
	const char *path = path_of(x, a, archivo_nombre(a, ARCHIVO_ACUSE, folio));

	return path != NULL && evidence_read(a, path, ret) == OK &&
	       strcmp(ret->acuse.folio, folio) == 0 &&
	       acuse_verify(a, &ret->acuse, client_trust(x->s->client)) == OK;
}

static enum err fetch_acuse(
	struct archivo *x, struct arena *a, const char *folio, struct evidence *ret)
{
	struct m_acuse_pedir rq = {.folio = folio};

	if (kept_acuse(x, a, folio, ret))
		return OK;
	*ret = (struct evidence){0};
	enum err e = sesion_call(x->s, a, ROUTE_ID_acuse, &rq, &ret->acuse, &ret->json);

	if (e == OK)
		e = acuse_verify(a, &ret->acuse, client_trust(x->s->client));
	return e == OK && strcmp(ret->acuse.folio, folio) != 0 ? ERR_BAD_ANSWER : e;
}

static enum err add_acuse(struct archivo *x, const char *folio)
{
	ARENA(a, COSA_MOST);
	struct evidence ev;
	struct bytes pdf;

	if (!folio_valid(folio))
		return ERR_BAD_ANSWER;
	enum err e = fetch_acuse(x, &a, folio, &ev);

	if (only_this(e))
		return missing(x, ARCHIVO_ACUSE, folio, e);
	if (e == OK)
		e = put(x, ARCHIVO_ACUSE, folio, ev.json);
	if (e == OK)
		e = evidence_paper(&a, &ev, client_trust(x->s->client), &pdf);
	return e == OK ? put(x, ARCHIVO_ACUSE_PDF, folio, pdf) : e;
}

enum err archivo_acuse(struct archivo *x, const char *folio)
{
	return listed(x, ARCHIVO_ACUSE, folio) ? OK : add_acuse(x, folio);
}

/* ---- documents ---- */

static bool proved(struct archivo *x, struct arena *a, const struct m_documento *head,
	struct bytes whole, enum err *ret_err)
{
	struct acuse_proof proof;

	*ret_err = descarga_probar(x->s, a, head, whole, false, &proof);
	return *ret_err == OK && proof.holds;
}

static bool kept_document(struct archivo *x, struct arena *a, const char *folio,
	struct bytes *ret_head, struct bytes *ret_whole)
{
	const char *head = path_of(x, a, archivo_nombre(a, ARCHIVO_DOCUMENTO_FIRMA, folio));
	const char *whole = path_of(x, a, archivo_nombre(a, ARCHIVO_DOCUMENTO_PDF, folio));
	struct m_documento m;
	enum err e;

	return head != NULL && whole != NULL && file_read(a, head, FILE_MOST, ret_head) == OK &&
	       file_read(a, whole, FILE_MOST, ret_whole) == OK &&
	       codec_decode(a, &message_documento, CODEC_TOLERANT, *ret_head, &m, NULL) == OK &&
	       strcmp(m.folio, folio) == 0 && proved(x, a, &m, *ret_whole, &e);
}

static enum err fetch_document(struct archivo *x, struct arena *a, const char *folio,
	struct bytes *ret_head, struct bytes *ret_whole)
{
	struct descarga d;
	enum err e = descarga_traer(x->s, a, folio, &d);

	if (e != OK)
		return e;
	*ret_whole = bytes_of(d.data, (size_t)d.size);
	if (!proved(x, a, &d.first, *ret_whole, &e))
		return e == OK ? ERR_NOT_PROVED : e;
	d.first.datos = bytes_of("", 0);
	d.first.desde = 0;
	return codec_encode(a, &message_documento, &d.first, ret_head);
}

static enum err add_document(struct archivo *x, const char *folio)
{
	ARENA(a, COSA_MOST);
	struct bytes head;
	struct bytes whole;
	enum err e = OK;

	if (!kept_document(x, &a, folio, &head, &whole))
		e = fetch_document(x, &a, folio, &head, &whole);
	if (only_this(e))
		return missing(x, ARCHIVO_DOCUMENTO_PDF, folio, e);
	if (e == OK)
		e = put(x, ARCHIVO_DOCUMENTO_PDF, folio, whole);
	return e == OK ? put(x, ARCHIVO_DOCUMENTO_FIRMA, folio, head) : e;
}

/* ---- notifications ---- */

/* How its dates were counted: rows to count them again, and lines to read. */
struct fechas {
	struct m_dato rows[DERIVACION_FILAS];
	size_t count;
	struct derivacion_linea *lineas;
	size_t linea_count;
};

static enum err count_dates(struct arena *a, const struct mailbox *m,
	const struct m_notificacion *n, struct fechas *ret)
{
	struct derivacion d = {.arena = a};
	struct plazo_aviso aviso;
	struct plazo_efecto efecto;
	struct calendario view;
	const struct zona *domicilio = m->cuenta != NULL ? zona_find(m->cuenta->zona) : NULL;
	int dias = (int)n->plazo_dias;
	const char *estado = m->cuenta != NULL ? m->cuenta->estado : NULL;
	enum err e = calendario_para(a, &m->calendario, estado, n->subdelegacion, &view);

	if (e == OK)
		e = plazo_derivar_aviso(&view, n->aviso, &d, &aviso);
	/* What it was when the aviso was sent, or was moved to since, stands. */
	if (e == OK && n->vence != 0)
		aviso.vence = n->vence;
	if (e == OK)
		e = plazo_derivar_apertura(&view, &aviso, n->abierta, dias, &d, &efecto);
	if (e == OK)
		e = plazo_filas(a, &view, &aviso, n->abierta, dias, ret->rows, &ret->count);
	if (e == OK)
		e = derivacion_texto(a, &d, domicilio, &ret->lineas, &ret->linea_count);
	/* Beyond what is published nothing is counted; the acuse has what counted then. */
	if (e == ERR_HORIZON) {
		*ret = (struct fechas){0};
		return OK;
	}
	return e;
}

static enum err put_dates(
	struct archivo *x, struct arena *a, const char *folio, const struct fechas *f)
{
	const char *text = "";

	for (size_t i = 0; text != NULL && i < f->linea_count; i++)
		text = arena_printf(
			a, "%s%*s%s\n", text, (int)f->lineas[i].nivel * 2, "", f->lineas[i].texto);
	if (text == NULL)
		return ERR_NO_MEMORY;
	return *text != '\0' ? put(x, ARCHIVO_DERIVACION, folio, bytes_of_text(text)) : OK;
}

static enum err add_row(struct archivo *x, const struct mailbox *m, const struct m_notificacion *n)
{
	ARENA(a, COSA_MOST);
	struct m_historia_pedir rq = {.folio = n->folio};
	struct m_historia historia;
	struct fechas fechas = {0};
	struct m_archivo_notificacion out = {
		.notificacion = n, .historia = &historia, .derivacion = fechas.rows};
	struct bytes json;
	enum err e = sesion_call(x->s, &a, ROUTE_ID_historia, &rq, &historia, NULL);

	if (only_this(e)) {
		out.historia = NULL;
		e = OK;
	}
	if (e == OK)
		e = count_dates(&a, m, n, &fechas);
	out.derivacion_count = fechas.count;
	if (e == OK)
		e = codec_encode(&a, &message_archivo_notificacion, &out, &json);
	if (e == OK)
		e = put(x, ARCHIVO_NOTIFICACION, n->folio, json);
	return e == OK ? put_dates(x, &a, n->folio, &fechas) : e;
}

enum err archivo_notificacion(
	struct archivo *x, const struct mailbox *m, const struct m_notificacion *n)
{
	if (!folio_valid(n->folio))
		return ERR_BAD_ANSWER;
	enum err e = add_row(x, m, n);

	if (e == OK && n->acuse != NULL)
		e = add_acuse(x, n->acuse);
	if (e == OK && n->emision != NULL)
		e = add_acuse(x, n->emision);
	return e == OK && n->notificada != 0 ? add_document(x, n->folio) : e;
}

/* ---- the end ---- */

static enum err put_leeme(struct archivo *x)
{
	return put(x, ARCHIVO_TEXTO, ARCHIVO_LEEME,
		bytes_of_text(
			_("Archivo del Buzón IMSS de un RFC y un periodo.\n\n"
			  "acuses/          cada acuse en JSON (la evidencia) y en PDF\n"
			  "documentos/      cada documento notificado, y la firma del servidor "
			  "público que lo emitió\n"
			  "notificaciones/  cada notificación con su historia, y cómo se contaron "
			  "sus fechas\n"
			  "indice.json      todo lo anterior con su huella SHA-256\n"
			  "indice.firma.json  la e.firma de quien hizo este archivo, sobre el "
			  "índice\n\n"
			  "Compruébalo entero, sin conexión, con:  buzon-tui verificar "
			  "ARCHIVO.zip\n"
			  "Cada acuse suelto también se comprueba así, o con openssl: "
			  "buzon-tui verificar acuses/FOLIO.json --openssl CARPETA\n")));
}

static enum err sign_index(struct archivo *x, struct arena *a, struct bytes indice)
{
	const struct client *c = x->s->client;
	struct documento d = {.oficio = ARCHIVO_DOCUMENTO,
		.folio = "indice",
		.rfc = x->s->entrado.titular,
		.firmante = x->s->entrado.firmante,
		.fecha = hora_text(a, zona_centro(), client_now(c), HORA_CADENA)};
	struct m_archivo_firma m;
	struct bytes json;
	enum err e = d.fecha != NULL ? sha256_hex(a, indice, &d.sha256) : ERR_NO_MEMORY;

	if (e == OK)
		e = documento_cadena(a, &d, &m.cadena);
	if (e == OK)
		e = client_firmar(c, a, m.cadena, &m.firma, &m.certificado);
	if (e == OK)
		e = codec_encode(a, &message_archivo_firma, &m, &json);
	const char *path = path_of(x, a, ARCHIVO_FIRMA);

	return e == OK && path != NULL ? file_write(path, json, 0600) : e == OK ? ERR_NO_MEMORY : e;
}

static enum err put_index(struct archivo *x, struct arena *a, int32_t desde, int32_t hasta)
{
	struct m_archivo_indice m = {.version = ARCHIVO_VERSION,
		.titular = x->s->entrado.titular,
		.titular_nombre = x->s->entrado.nombre,
		.desde = desde != 0 ? fecha_text(a, desde, FECHA_ISO) : NULL,
		.hasta = fecha_text(a, hasta, FECHA_ISO),
		.hecho = client_now(x->s->client),
		.entradas = x->entradas,
		.entradas_count = x->entradas_count,
		.faltas = x->faltas,
		.faltas_count = x->faltas_count};
	struct bytes json;
	const char *path = path_of(x, a, ARCHIVO_INDICE);
	enum err e = m.hasta != NULL && path != NULL
			     ? codec_encode(a, &message_archivo_indice, &m, &json)
			     : ERR_NO_MEMORY;

	if (e == OK)
		e = file_write(path, json, 0600);
	return e == OK ? sign_index(x, a, json) : e;
}

static void remove_folder(struct archivo *x, const struct paquete_fuente *fuentes, size_t count)
{
	static const char *const folders[] = {"acuses", "documentos", "notificaciones"};
	ARENA(a, 64 * 1024);

	for (size_t i = 0; i < count; i++)
		(void)unlink(fuentes[i].ruta);
	for (size_t i = 0; i < COUNT_OF(folders); i++) {
		const char *path = path_of(x, &a, folders[i]);

		if (path != NULL)
			(void)rmdir(path);
	}
	(void)rmdir(x->folder);
}

enum err archivo_cerrar(struct archivo *x, const char *to, int32_t desde, int32_t hasta)
{
	struct arena *a = &x->arena;
	enum err e = put_leeme(x);
	size_t count = x->entradas_count + 2;
	struct paquete_fuente *fuentes = arena_array(a, count, sizeof(*fuentes));

	if (e == OK)
		e = fuentes != NULL ? put_index(x, a, desde, hasta) : ERR_NO_MEMORY;
	for (size_t i = 0; e == OK && i < count; i++) {
		const char *nombre = i < x->entradas_count    ? x->entradas[i].nombre
				     : i == x->entradas_count ? ARCHIVO_INDICE
							      : ARCHIVO_FIRMA;

		fuentes[i] = (struct paquete_fuente){nombre, path_of(x, a, nombre)};
		e = fuentes[i].ruta != NULL ? OK : ERR_NO_MEMORY;
	}
	if (e == OK)
		e = paquete_escribir(to, fuentes, count);
	if (e == OK)
		remove_folder(x, fuentes, count);
	return e;
}
