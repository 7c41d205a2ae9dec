#include "app/documento_prueba.h"

#include <dirent.h>
#include <string.h>
#include "base/file.h"
#include "base/texto.h"
#include "crypto/sha.h"
#include "ley/documento.h"

#define DOCUMENTO_MOST 10485760
/* Files of a folder that are looked at. */
#define BESIDE_MOST 500

/* The label under which every acuse binds a document (core/acuse_make.h). */
static const char label[] = "SHA-256 del documento";
/* A line of the base of what was signed for an issue. */
static const char issue[] = "\n\"@path\": /v1/oficio_emitir\n";

static enum err hash_file(struct arena *a, const char *path, const char **ret_sha256)
{
	ARENA(own, DOCUMENTO_MOST + 4096);
	struct bytes file;
	enum err e = file_read(&own, path, DOCUMENTO_MOST, &file);

	if (e != OK)
		return e == ERR_TOO_LARGE ? ERR_FILE_TOO_LARGE : e;
	return sha256_hex(a, file, ret_sha256);
}

/* What the acuse says of its document; NULL: it has none. */
static const char *bound(const struct m_acuse *m)
{
	for (size_t i = 0; i < m->contenido_count; i++)
		if (strcmp(m->contenido[i].etiqueta, label) == 0)
			return m->contenido[i].valor;
	return NULL;
}

static bool is_issue(const struct m_acuse *m)
{
	return m->base != NULL && strstr(m->base, issue) != NULL;
}

static enum err add_rows(
	struct arena *a, struct acuse_proof *p, const struct acuse_check *rows, size_t count)
{
	struct acuse_check *all = arena_array(a, p->count + count, sizeof(*all));

	if (all == NULL)
		return ERR_NO_MEMORY;
	memcpy(all, p->checks, p->count * sizeof(*all));
	memcpy(all + p->count, rows, count * sizeof(*all));
	p->checks = all;
	p->count += count;
	for (size_t i = 0; i < count; i++)
		p->holds = p->holds && rows[i].holds;
	return OK;
}

static enum err add_bound(
	struct arena *a, const struct m_acuse *m, const char *sha256, struct acuse_proof *p)
{
	const char *says = bound(m);
	struct acuse_check row = {.what = _("El documento es el que ampara el acuse"),
		.holds = says != NULL && strcmp(says, sha256) == 0};

	if (row.holds)
		row.detail = arena_printf(a, _("Su huella SHA-256 es la del acuse: %s."), sha256);
	else if (says != NULL)
		row.detail = arena_printf(a,
			_("Su huella SHA-256 es %s y la del acuse es %s: es otro archivo, o se "
			  "alteró; usa el original, como se descargó."),
			sha256, says);
	else
		row.detail = _("Ese acuse no ampara ningún documento; usa el de su emisión o el de "
			       "su apertura.");
	return row.detail != NULL ? add_rows(a, p, &row, 1) : ERR_NO_MEMORY;
}

/* What was signed with it: its body holds the signature over the document's own cadena. */
static enum err add_signature(struct arena *a, const struct m_acuse *m, const char *sha256,
	const struct trust *t, struct acuse_proof *p)
{
	struct m_oficio_emitir body;
	struct acuse_proof more;
	struct documento_firmado d = {.folio = m->folio,
		.titular = m->titular,
		.sha256 = sha256,
		.cadena = "",
		.certificado = m->certificado};
	enum err e =
		codec_decode(a, &message_oficio_emitir, CODEC_TOLERANT, m->cuerpo, &body, NULL);

	if (e == OK) {
		const struct documento signed_text = {.oficio = body.oficio,
			.sha256 = body.sha256,
			.rfc = m->titular,
			.firmante = m->firmante,
			.fecha = body.fecha};

		d.firma = body.firma;
		e = documento_cadena(a, &signed_text, &d.cadena);
	}
	if (e == ERR_NO_MEMORY)
		return e;
	/* A body that can't be read is told by the rows that don't hold. */
	e = documento_prove(a, &d, t, &more);
	return e == OK ? add_rows(a, p, more.checks, more.count) : e;
}

enum err documento_prueba(struct arena *a, const struct evidence *ev, const char *path,
	const struct trust *t, struct acuse_proof *proof)
{
	const char *sha256;
	enum err e = hash_file(a, path, &sha256);

	if (e == OK)
		e = add_bound(a, &ev->acuse, sha256, proof);
	return e == OK && is_issue(&ev->acuse) ? add_signature(a, &ev->acuse, sha256, t, proof) : e;
}

/* ---- the acuse beside it ---- */

static bool ends_json(const char *name)
{
	size_t n = strlen(name);

	return n > 5 && strcmp(name + n - 5, ".json") == 0;
}

/* Does that file bind the document? One of its issue is worth more than any other. */
static enum err try_file(
	struct arena *a, const char *path, const char *sha256, struct evidence *best, bool *found)
{
	struct evidence ev;
	enum err e = evidence_read(a, path, &ev);

	if (e != OK)
		return e == ERR_NO_MEMORY ? e : OK;
	const char *says = bound(&ev.acuse);

	if (says == NULL || strcmp(says, sha256) != 0 || (*found && !is_issue(&ev.acuse)))
		return OK;
	*best = ev;
	*found = true;
	return OK;
}

static const char *folder_of(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? "." : arena_printf(a, "%.*s", (int)(slash - path + 1), path);
}

static enum err look_beside(struct arena *a, DIR *d, const char *folder, const char *sha256,
	struct evidence *best, bool *found)
{
	enum err e = OK;
	int looked = 0;
	const struct dirent *entry;

	while (e == OK && looked < BESIDE_MOST && (entry = readdir(d)) != NULL) {
		if (!ends_json(entry->d_name))
			continue;
		const char *path = arena_printf(a, "%s/%s", folder, entry->d_name);

		looked++;
		e = path != NULL ? try_file(a, path, sha256, best, found) : ERR_NO_MEMORY;
	}
	return e;
}

enum err documento_prueba_busca(struct arena *a, const char *path, struct evidence *ret)
{
	const char *sha256;
	const char *folder = folder_of(a, path);
	bool found = false;
	enum err e = folder != NULL ? hash_file(a, path, &sha256) : ERR_NO_MEMORY;

	if (e != OK)
		return e;
	DIR *d = opendir(folder);

	if (d == NULL)
		return ERR_BAD_EVIDENCE;
	e = look_beside(a, d, folder, sha256, ret, &found);
	closedir(d);
	return e == OK && !found ? ERR_BAD_EVIDENCE : e;
}
