#include "core/padron_archivo.h"

#include <string.h>
#include "base/mem.h"
#include "base/utf8.h"
#include "core/padron_archivo_formas.h"

/* Of a text that is to be guessed from. */
#define HEAD 4096

void padron_archivo_close(struct padron_archivo *p)
{
	padron_vistos_free(&p->vistos);
	arena_free(&p->row);
	mem_free(p);
}

/* ---- what it is ---- */

static const char *skip_blanks(const char *text)
{
	return text + strspn(text, " \t\r\n");
}

/* Of the three that spreadsheets write, the one that the first line has most of. */
static char separator_of(const char *text)
{
	static const char all[] = {',', ';', '\t'};
	size_t most = 0;
	char best = ',';

	for (size_t i = 0; i < sizeof(all); i++) {
		size_t count = 0;

		for (const char *c = text; *c != '\0' && *c != '\n'; c++)
			count += *c == all[i] ? 1 : 0;
		if (count > most) {
			most = count;
			best = all[i];
		}
	}
	return best;
}

static bool is_utf16(const unsigned char *head, size_t size)
{
	return size >= 2 &&
	       ((head[0] == 0xff && head[1] == 0xfe) || (head[0] == 0xfe && head[1] == 0xff) ||
		       head[0] == 0 || head[1] == 0);
}

static enum err begin(struct padron_archivo *p, enum padron_formato formato)
{
	char head[HEAD + 1];
	size_t size = fread(head, 1, HEAD, p->in);
	long from = size >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	head[size] = '\0';
	const char *text = skip_blanks(head + from);

	if (formato == PADRON_ADIVINA)
		formato = *text == '{' || *text == '[' ? PADRON_JSON : PADRON_CSV;
	p->json = formato == PADRON_JSON;
	p->csv = (struct csv){.in = p->in, .separator = separator_of(text), .line = 1};
	p->split = (struct json_split){.in = p->in, .line = 1};
	if (ferror(p->in) || fseek(p->in, from, SEEK_SET) != 0)
		return ERR_IO;
	if (is_utf16((const unsigned char *)head, size))
		return padron_archivo_fatal(p, 1, PADRON_UTF16);
	return *text == '\0' && size < HEAD ? padron_archivo_fatal(p, 0, PADRON_VACIO) : OK;
}

enum err padron_archivo_open(FILE *in, enum padron_formato formato, int64_t now,
	const struct padron_oido *oido, struct padron_archivo **ret)
{
	AUTO(padron_archivo) p = mem_zalloc(sizeof(*p));

	if (p == NULL)
		return ERR_NO_MEMORY;
	p->in = in;
	p->now = now;
	p->oido = oido;
	arena_init(&p->row, PADRON_ROW_BYTES);
	rewind(in);
	enum err e = begin(p, formato);

	if (e == OK && !p->ended && !p->json)
		e = padron_csv_header(p);
	if (e == OK)
		*ret = STEAL(p);
	return e;
}

/* ---- what both formats share ---- */

enum err padron_archivo_fatal(struct padron_archivo *p, int linea, const char *dice)
{
	const struct padron_queja q = {.linea = linea, .dice = dice};

	p->ended = true;
	p->oido->oye(p->oido->ctx, &q);
	return OK;
}

enum err padron_archivo_begin(
	struct padron_archivo *p, struct padron_obra *o, int linea, const char *rfc)
{
	int before = 0;
	enum err e = padron_vistos_add(&p->vistos, rfc, linea, &before);

	if (e != OK || before == 0)
		return e;
	return padron_obra_dice(o, linea, "rfc",
		p->json ? "%s ya está en el renglón %d; deja un solo objeto de cada RFC."
			: "%s ya está en el renglón %d, con otros RFC en medio; junta todos los "
			  "renglones de cada RFC (ordénalos por RFC).",
		rfc, before);
}

enum err padron_archivo_next(
	struct padron_archivo *p, struct arena *a, const struct padron_ficha **ret)
{
	*ret = NULL;
	if (p->ended)
		return ERR_NOT_FOUND;
	return p->json ? padron_json_next(p, a, ret) : padron_csv_next(p, a, ret);
}
