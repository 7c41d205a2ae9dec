/*
 * /v: whoever holds a paper or a file asks whether the Buzón notified it (L-QR, L-7.9). By the
 * capability of an acuse, the metadata of that one; by a file, whether exactly these bytes were
 * notified. What was not notified yet, a wrong capability and a folio are told apart from nothing:
 * one wording, one look at the store. Nothing that is sent is kept or logged.
 */
#include <string.h>
#include "base/b64.h"
#include "core/formulario.h"
#include "core/hoja.h"
#include "core/oficios.h"
#include "ley/acuse.h"
#include "ley/zona.h"
#include "net/codec.h"

#define TITULO "Verificación de acuses y documentos"
#define RESULTADO "Resultado de la verificación"
/* As many as one look finds (queries.def): one, or more than one. */
#define DOCUMENTOS 2
#define CAPACIDAD 20

/* ---- what was asked ---- */

/*
 * As it was meant: typed from paper in groups or lower case, with the letters that its alphabet has
 * not (Crockford), or the whole address that is printed there.
 */
static const char *capability_of(struct arena *a, const char *typed)
{
	static const char letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	const char *slash = strrchr(typed, '/');
	char *text = arena_zalloc(a, CAPACIDAD + 2);
	size_t n = 0;

	if (text == NULL)
		return NULL;
	for (const char *p = slash != NULL ? slash + 1 : typed; *p != '\0' && n <= CAPACIDAD; p++) {
		char c = *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p;

		c = c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
		if (strchr(letters, c) != NULL)
			text[n++] = c;
		else if (strchr(" -\t\r\n", c) == NULL)
			return "";
	}
	return n == CAPACIDAD ? text : "";
}

struct answer {
	bool asked;
	enum err err; /* ERR_NOT_FOUND: nothing of it is told */
};

struct found {
	struct answer acuse;
	struct out_acuse_por_capacidad row;
	struct m_acuse m;
	struct answer file;
	struct out_documentos_notificados *rows;
	size_t count;
};

static enum err find_acuse(struct pagina *p, struct store *s, const char *typed, struct found *f)
{
	struct arena *a = p->x->arena;
	struct in_acuse_por_capacidad in = {
		.capacidad = capability_of(a, typed), .ahora = p->x->received};

	if (in.capacidad == NULL)
		return ERR_NO_MEMORY;
	/* What can be none is asked for like any other. */
	enum err e = q_acuse_por_capacidad(s, &in, a, &f->row);

	return e == OK ? codec_decode(a, &message_acuse, CODEC_TOLERANT, f->row.json, &f->m, NULL)
		       : e;
}

static enum err find_file(struct pagina *p, struct store *s, const char *sha256, struct found *f)
{
	struct in_documentos_notificados in = {.sha256 = sha256, .ahora = p->x->received};
	enum err e =
		q_documentos_notificados_all(s, &in, DOCUMENTOS, p->x->arena, &f->rows, &f->count);

	return e == OK && f->count == 0 ? ERR_NOT_FOUND : e;
}

static void look(struct pagina *p, const char *typed, const char *sha256, struct found *ret)
{
	struct store *s = store_pool_take(p->server->readers);

	*ret = (struct found){.acuse.asked = typed != NULL, .file.asked = sha256 != NULL};
	if (typed != NULL)
		ret->acuse.err = find_acuse(p, s, typed, ret);
	if (sha256 != NULL)
		ret->file.err = find_file(p, s, sha256, ret);
	store_pool_give(p->server->readers, s);
}

/* ---- the sheet ---- */

/* Without an action: it goes to this very address, whatever stands before it. */
static void show_form(struct hoja *h)
{
	hoja_html(h,
		"<form method=\"post\" enctype=\"multipart/form-data\">\n"
		"<p><label for=\"clave\">Clave de verificación: las 20 letras y números bajo el "
		"código QR</label><br>\n"
		"<input type=\"text\" id=\"clave\" name=\"clave\" size=\"30\" maxlength=\"200\" "
		"autocomplete=\"off\" autocapitalize=\"characters\" spellcheck=\"false\"></p>\n"
		"<p><label for=\"archivo\">Documento PDF, de hasta 10 MB; se compara y no se "
		"guarda</label><br>\n"
		"<input type=\"file\" id=\"archivo\" name=\"archivo\"></p>\n"
		"<p><input type=\"submit\" value=\"Verificar\"></p></form>\n");
}

static const char *when(struct pagina *p, int64_t at)
{
	return hora_text(p->x->arena, zona_centro(), at, HORA_ACUSE);
}

static void show_sello(struct hoja *h, const struct m_acuse *m)
{
	hoja_dato(h, "Sello Digital", b64_encode(h->p->x->arena, m->sello));
}

/* Of the notification that the acuse, or the file, is of. */
static void show_document(struct hoja *h, const char *oficio, const char *tipo,
	const char *documento, const char *funcionario, const char *cargo, int64_t emitida)
{
	hoja_dato(h, "Número de oficio", oficio);
	hoja_dato(h, "Tipo de acto", tipo);
	hoja_dato(h, "Documento", documento);
	hoja_dato(h, "Servidor público", funcionario);
	if (cargo != NULL)
		hoja_dato(h, "Cargo", cargo);
	hoja_dato(h, "Emitido", when(h->p, emitida));
}

/* That one is not the Buzón's to notify, nor to say since when it is. */
static bool by_estrados(const char *forma)
{
	return forma != NULL && strcmp(forma, OFICIOS_ESTRADOS) == 0;
}

static void show_acuse(struct hoja *h, const struct found *f)
{
	const struct m_acuse *m = &f->m;
	const struct out_acuse_por_capacidad *n = &f->row;

	hoja_parrafo(h, "Este acuse consta en el Buzón con estos datos:");
	if (by_estrados(n->forma))
		hoja_parrafo(h, "Se decidió notificar su documento por estrados, que el Buzón no "
				"publica.");
	hoja_datos(h);
	hoja_dato(h, "Folio", m->folio);
	hoja_dato(h, "Tipo", m->tipo);
	hoja_dato(h, "Fecha de elaboración", when(h->p, m->elaborado));
	hoja_dato(h, "Fecha legal", when(h->p, m->legal));
	hoja_dato(h, "Estatus", m->estatus);
	if (n->archivo != NULL) {
		show_document(
			h, n->oficio, n->tipo, n->documento, n->funcionario, n->cargo, n->emitida);
		hoja_dato(h, "SHA-256 del documento", n->archivo);
	}
	hoja_dato(h, "Cadena Original (Versión 3.0)", m->cadena);
	show_sello(h, m);
	hoja_datos_fin(h);
	if (acuse_is_automatico(m))
		hoja_parrafo(h, "Es una constancia automática del Buzón: nadie la firmó y sólo la "
				"ampara su sello.");
	hoja_html(h, "<p>Compara estos datos con los de tu papel o archivo. Para probar también "
		     "las firmas, usa <code>buzon-tui verificar</code> con el archivo.</p>\n");
}

/*
 * Whoever has the file is not told to whom it was notified: not the folio, nor the cadena, which
 * names the RFC, nor of several any one's sello.
 */
static void show_file(struct hoja *h, const struct found *f, const char *sha256)
{
	const struct out_documentos_notificados *n = &f->rows[0];
	struct m_acuse m = {0};

	hoja_parrafo(
		h, by_estrados(n->forma)
			   ? "Ese archivo, byte por byte, es un documento que el Instituto emitió "
			     "y decidió notificar por estrados, que el Buzón no publica:"
			   : "Ese archivo, byte por byte, es un documento que este Buzón "
			     "notificó:");
	hoja_datos(h);
	show_document(h, n->oficio, n->tipo, n->documento, n->funcionario, n->cargo, n->emitida);
	hoja_dato(h, "SHA-256 del documento", sha256);
	if (f->count == 1 && n->json.size != 0 &&
		codec_decode(h->p->x->arena, &message_acuse, CODEC_TOLERANT, n->json, &m, NULL) ==
			OK)
		show_sello(h, &m);
	hoja_datos_fin(h);
	if (f->count > 1)
		hoja_parrafo(h,
			"Se notificó a más de un destinatario; el acuse de cada quien tiene su "
			"propia clave.");
}

/* Not known, not notified yet, or no capability at all: the same words. */
static void show_no_acuse(struct hoja *h, enum err why)
{
	hoja_parrafo(h, why == ERR_NOT_FOUND
				? "Esa clave de verificación no corresponde a ningún acuse que se "
				  "pueda consultar. Revisa que esté completa, como aparece bajo el "
				  "código QR."
				: "En este momento no se puede consultar. Espera un minuto e "
				  "inténtalo de nuevo.");
}

static void show_no_file(struct hoja *h, enum err why)
{
	hoja_parrafo(
		h, why == ERR_NOT_FOUND
			   ? "Ese archivo, byte por byte, no es ningún documento que este Buzón "
			     "haya notificado. Si lo guardaste o imprimiste de nuevo con otro "
			     "programa ya no es el mismo: usa el original, como se descargó."
			   : "En este momento no se puede comparar el archivo. Espera un "
			     "minuto e inténtalo de nuevo.");
}

/* What the acuse itself says of its document, under whatever label the seal covers it. */
static bool belong(const struct found *f, const char *sha256)
{
	if (f->row.archivo != NULL && strcmp(f->row.archivo, sha256) == 0)
		return true;
	for (size_t i = 0; i < f->m.contenido_count; i++)
		if (strcmp(f->m.contenido[i].valor, sha256) == 0)
			return true;
	return false;
}

/* Both were asked for, and the acuse is there. */
static bool show_whether_belong(struct hoja *h, const struct found *f, const char *sha256)
{
	bool same = belong(f, sha256);

	hoja_html(h,
		same ? "<p><strong>El archivo es el documento de ese acuse.</strong></p>\n"
		     : "<p><strong>El archivo NO es el documento de ese acuse: no te fíes de que "
		       "vayan juntos.</strong></p>\n");
	return same;
}

static int status_of(const struct answer *a)
{
	if (!a->asked || a->err == OK)
		return 200;
	return a->err == ERR_NOT_FOUND ? 404 : 503;
}

static void show(struct pagina *p, const char *typed, const char *sha256)
{
	struct found f;
	struct hoja h;

	look(p, typed, sha256, &f);
	int first = status_of(&f.acuse);
	int second = status_of(&f.file);
	int status = first > second ? first : second;

	hoja_begin(&h, p, RESULTADO);
	if (f.acuse.asked && f.file.asked && f.acuse.err == OK &&
		!show_whether_belong(&h, &f, sha256) && status == 200)
		status = 409;
	if (f.acuse.asked && f.acuse.err == OK)
		show_acuse(&h, &f);
	else if (f.acuse.asked)
		show_no_acuse(&h, f.acuse.err);
	if (f.file.asked && f.file.err == OK)
		show_file(&h, &f, sha256);
	else if (f.file.asked)
		show_no_file(&h, f.file.err);
	hoja_end(&h, status);
}

static void show_refusal(struct pagina *p, int status, const char *text)
{
	struct hoja h;

	hoja_begin(&h, p, TITULO);
	hoja_parrafo(&h, text);
	show_form(&h);
	hoja_end(&h, status);
}

/* ---- the pages ---- */

void pagina_verificacion(struct pagina *p)
{
	struct hoja h;

	if (!pagina_take(p))
		return;
	if (*p->resto != '\0') {
		show(p, p->resto, NULL);
		return;
	}
	hoja_begin(&h, p, TITULO);
	hoja_parrafo(&h,
		"Escribe la clave impresa en un acuse, elige el documento que recibiste, o "
		"las dos cosas para saber si van juntos.");
	show_form(&h);
	hoja_end(&h, 200);
}

void pagina_comprobacion(struct pagina *p)
{
	const struct formulario *f = p->formulario;

	if (f == NULL)
		show_refusal(p, 415, "Usa este formulario para verificar.");
	else if (f->grande)
		show_refusal(p, 413,
			"El archivo pasa de 10 MB, más de lo que mide cualquier documento que se "
			"notifica; elige el original.");
	else if (f->malo)
		show_refusal(p, 400, "El formulario llegó incompleto; envíalo de nuevo.");
	else if (f->clave[strspn(f->clave, " \t\r\n")] == '\0' && f->sha256 == NULL)
		show_refusal(p, 400, "Escribe la clave o elige un archivo, y vuelve a verificar.");
	else
		show(p, f->clave[strspn(f->clave, " \t\r\n")] != '\0' ? f->clave : NULL, f->sha256);
}
