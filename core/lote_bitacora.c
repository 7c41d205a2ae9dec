#include "core/lote_bitacora.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include "base/file.h"
#include "base/mem.h"

#define HEADER "bitacora-lote\t1"
#define FIRMADO "F"
#define EMITIDO "E"
/* A hundred thousand acts and their answers. */
#define JOURNAL_MOST (512 * 1024 * 1024)
#define CELLS 8

/* A line, then what its RFC and oficio came to. */
struct linea {
	const char *rfc;
	const char *oficio;
	size_t orden;
	struct lote_asiento asiento;
};

struct lote_bitacora {
	struct arena arena;
	int fd;
	pthread_mutex_t writing;
	struct linea *lineas; /* sorted, one a key */
	size_t count;
};

/* ---- reading ---- */

/* Cut at its tabs, in place; how many there are. */
static size_t cut(char *line, char *cells[CELLS])
{
	size_t n = 0;
	char *at = line;

	while (n + 1 < CELLS) {
		cells[n++] = at;
		at = strchr(at, '\t');
		if (at == NULL)
			return n;
		*at++ = '\0';
	}
	cells[n++] = at;
	return n;
}

static bool read_line(char *text, size_t orden, struct linea *ret)
{
	char *c[CELLS];
	size_t n = cut(text, c);
	bool signed_one = n == 8 && strcmp(c[0], FIRMADO) == 0;

	if (!signed_one && (n != 5 || strcmp(c[0], EMITIDO) != 0))
		return false;
	*ret = (struct linea){.rfc = c[1], .oficio = c[2], .orden = orden};
	if (signed_one)
		ret->asiento = (struct lote_asiento){.huella = c[3],
			.acto = {.route = ROUTE_ID_oficio_emitir,
				.content_digest = c[4],
				.signature_input = c[5],
				.signature = c[6],
				.body = bytes_of_text(c[7])}};
	else
		ret->asiento = (struct lote_asiento){.folio = c[3], .capacidad = c[4]};
	return true;
}

static int compare_key(const struct linea *a, const char *rfc, const char *oficio)
{
	int d = strcmp(a->rfc, rfc);

	return d != 0 ? d : strcmp(a->oficio, oficio);
}

static int compare(const void *one, const void *two)
{
	const struct linea *a = one;
	const struct linea *b = two;
	int d = compare_key(a, b->rfc, b->oficio);

	return d != 0 ? d : (a->orden > b->orden) - (a->orden < b->orden);
}

/* The last act of a key, with its answer if that came; an earlier one's answer stands, too. */
static void take(struct linea *to, const struct linea *next)
{
	if (next->asiento.folio != NULL) {
		to->asiento.folio = next->asiento.folio;
		to->asiento.capacidad = next->asiento.capacidad;
	} else if (to->asiento.folio == NULL) {
		to->asiento = next->asiento;
	}
}

static void merge(struct lote_bitacora *b)
{
	size_t kept = 0;

	qsort(b->lineas, b->count, sizeof(*b->lineas), compare);
	for (size_t i = 0; i < b->count; i++) {
		const struct linea *at = &b->lineas[i];

		if (kept != 0 && compare_key(&b->lineas[kept - 1], at->rfc, at->oficio) == 0)
			take(&b->lineas[kept - 1], at);
		else
			b->lineas[kept++] = *at;
	}
	b->count = kept;
}

static size_t count_lines(struct bytes text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.size; i++)
		n += text.data[i] == '\n';
	return n;
}

/* `text` ends with a whole line. */
static enum err read_lines(struct lote_bitacora *b, char *text, const char *header, bool *ret_ours)
{
	size_t lines = count_lines(bytes_of_text(text));
	char *rest = NULL;
	char *line = strtok_r(text, "\n", &rest);

	*ret_ours = line != NULL && strcmp(line, header) == 0;
	b->lineas = arena_array(&b->arena, lines + 1, sizeof(*b->lineas));
	if (b->lineas == NULL)
		return ERR_NO_MEMORY;
	for (line = strtok_r(NULL, "\n", &rest); *ret_ours && line != NULL;
		line = strtok_r(NULL, "\n", &rest))
		if (read_line(line, b->count, &b->lineas[b->count]))
			b->count++;
	merge(b);
	return OK;
}

/* ---- writing ---- */

static enum err add(struct lote_bitacora *b, struct bytes line)
{
	size_t done = 0;
	enum err e = OK;

	pthread_mutex_lock(&b->writing);
	while (e == OK && done < line.size) {
		ssize_t n = write(b->fd, line.data + done, line.size - done);

		if (n >= 0)
			done += (size_t)n;
		else if (errno != EINTR)
			e = file_error(errno);
	}
	pthread_mutex_unlock(&b->writing);
	return e;
}

enum err lote_bitacora_firmado(struct lote_bitacora *b, const char *rfc, const char *oficio,
	const char *huella, const struct oficina_acto *acto)
{
	ARENA(a, 1024 * 1024);
	const char *line = arena_printf(&a, FIRMADO "\t%s\t%s\t%s\t%s\t%s\t%s\t%.*s\n", rfc, oficio,
		huella, acto->content_digest, acto->signature_input, acto->signature,
		(int)acto->body.size, (const char *)acto->body.data);
	enum err e = line != NULL ? add(b, bytes_of_text(line)) : ERR_NO_MEMORY;

	/* One sync is good for whatever was written before it, by whichever thread. */
	if (e == OK && fdatasync(b->fd) != 0)
		e = file_error(errno);
	return e;
}

enum err lote_bitacora_emitido(struct lote_bitacora *b, const char *rfc, const char *oficio,
	const char *folio, const char *capacidad)
{
	ARENA(a, 4096);
	const char *line =
		arena_printf(&a, EMITIDO "\t%s\t%s\t%s\t%s\n", rfc, oficio, folio, capacidad);

	return line != NULL ? add(b, bytes_of_text(line)) : ERR_NO_MEMORY;
}

/* ---- opening ---- */

static enum err begin_new(struct lote_bitacora *b, const char *path, const char *header)
{
	const char *line = arena_printf(&b->arena, "%s\n", header);
	enum err e = line == NULL		? ERR_NO_MEMORY
		     : ftruncate(b->fd, 0) != 0 ? file_error(errno)
						: add(b, bytes_of_text(line));

	if (e == OK)
		e = file_sync(path);
	return e == OK ? file_sync_folder_of(path) : e;
}

/* What a death left unfinished behind the last line goes. */
static enum err drop_torn(struct lote_bitacora *b, struct bytes *text)
{
	size_t whole = text->size;

	while (whole > 0 && text->data[whole - 1] != '\n')
		whole--;
	if (whole == text->size)
		return OK;
	text->size = whole;
	return ftruncate(b->fd, (off_t)whole) == 0 ? OK : file_error(errno);
}

static enum err load(struct lote_bitacora *b, const char *path, const struct oficina *o,
	const char **ret_message)
{
	const char *header =
		arena_printf(&b->arena, HEADER "\t%s\t%s", oficina_servidor(o), oficina_rfc(o));
	struct bytes text = {0};
	bool ours = false;
	enum err e =
		header != NULL ? file_read(&b->arena, path, JOURNAL_MOST, &text) : ERR_NO_MEMORY;

	if (e == OK)
		e = drop_torn(b, &text);
	if (e != OK)
		return e;
	if (text.size == 0)
		return begin_new(b, path, header);
	char *copy = arena_copy(&b->arena, text.data, text.size);

	e = copy != NULL ? read_lines(b, copy, header, &ours) : ERR_NO_MEMORY;
	if (e == OK && !ours) {
		*ret_message = "La bitácora de ese manifiesto es de otro servidor o de otra "
			       "e.firma; úsalos, o mueve la bitácora si aquello ya no importa.";
		e = ERR_BAD_FIELD;
	}
	return e;
}

static enum err open_file(struct lote_bitacora *b, const char *path)
{
	b->fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (b->fd < 0)
		return file_error(errno);
	if (flock(b->fd, LOCK_EX | LOCK_NB) == 0)
		return OK;
	return errno == EWOULDBLOCK ? ERR_BUSY : file_error(errno);
}

enum err lote_bitacora_open(const char *path, const struct oficina *o, struct lote_bitacora **ret,
	const char **ret_message)
{
	struct lote_bitacora *b = mem_zalloc(sizeof(*b));

	if (b == NULL)
		return ERR_NO_MEMORY;
	arena_init(&b->arena, (size_t)3 * JOURNAL_MOST);
	pthread_mutex_init(&b->writing, NULL);
	enum err e = open_file(b, path);

	if (e == ERR_BUSY)
		*ret_message = "Otro proceso está emitiendo ese manifiesto; espera a que termine.";
	if (e == OK)
		e = load(b, path, o, ret_message);
	if (e == OK)
		*ret = b;
	else
		lote_bitacora_close(b);
	return e;
}

void lote_bitacora_close(struct lote_bitacora *b)
{
	if (b == NULL)
		return;
	if (b->fd >= 0)
		close(b->fd);
	pthread_mutex_destroy(&b->writing);
	arena_free(&b->arena);
	mem_free(b);
}

const struct lote_asiento *lote_bitacora_de(
	const struct lote_bitacora *b, const char *rfc, const char *oficio)
{
	size_t from = 0;
	size_t to = b->count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int d = compare_key(&b->lineas[middle], rfc, oficio);

		if (d == 0)
			return &b->lineas[middle].asiento;
		if (d < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return NULL;
}
