#include "app/evidence.h"

#include "base/b64.h"
#include "base/file.h"
#include "base/texto.h"
#include "ley/acuse_pdf.h"
#include "ley/folio.h"
#include "ley/pdf.h"

/* An acuse of the largest body, in base64, twice over. */
#define EVIDENCE_MOST (1024 * 1024)

enum err evidence_read(struct arena *a, const char *path, struct evidence *ret)
{
	struct evidence ev = {0};
	struct bytes file;
	enum err e = file_read(a, path, EVIDENCE_MOST, &file);

	if (e != OK)
		return e;
	ev.json = file;
	if (file.size > 5 && memcmp(file.data, "%PDF-", 5) == 0) {
		ev.pdf = file;
		e = pdf_extract(a, file, ACUSE_PDF_EVIDENCE, EVIDENCE_MOST, &ev.json);
	}
	/* An editor's newline behind the JSON changes nothing that is signed. */
	while (ev.json.size != 0 && strchr(" \t\r\n", ev.json.data[ev.json.size - 1]) != NULL)
		ev.json.size--;
	if (e == OK)
		e = codec_decode(a, &message_acuse, CODEC_TOLERANT, ev.json, &ev.acuse, NULL);
	if (e != OK)
		return e == ERR_NO_MEMORY ? e : ERR_BAD_EVIDENCE;
	*ret = ev;
	return OK;
}

/* Drawn for a test trust or not: the mark PRUEBA is all that differs. */
static enum err same_paper(struct arena *a, const struct evidence *ev, bool *ret_same)
{
	*ret_same = false;
	for (int prueba = 0; prueba < 2 && !*ret_same; prueba++) {
		struct bytes drawn;
		enum err e = acuse_pdf(a, &ev->acuse, ev->json, prueba, &drawn);

		if (e == ERR_NO_MEMORY)
			return e;
		*ret_same = e == OK && bytes_equal(drawn, ev->pdf);
	}
	return OK;
}

enum err evidence_prove(
	struct arena *a, const struct evidence *ev, const struct trust *t, struct acuse_proof *ret)
{
	struct acuse_proof proof;
	bool same = true;
	enum err e = acuse_prove(a, &ev->acuse, t, &proof);

	if (e != OK || ev->pdf.size == 0) {
		if (e == OK)
			*ret = proof;
		return e;
	}
	e = same_paper(a, ev, &same);
	struct acuse_check *rows = arena_array(a, proof.count + 1, sizeof(*rows));

	if (e != OK || rows == NULL)
		return ERR_NO_MEMORY;
	memcpy(rows, proof.checks, proof.count * sizeof(*rows));
	rows[proof.count] = (struct acuse_check){_("Lo impreso en el PDF es lo que se comprobó"),
		same,
		same ? _("El PDF se dibujó de nuevo con su evidencia y es idéntico.")
		     : _("El PDF no es el que se dibuja con su evidencia: no te fíes de lo impreso; "
			 "usa los datos que lleva dentro o pide el acuse de nuevo.")};
	*ret = (struct acuse_proof){
		.checks = rows, .count = proof.count + 1, .holds = proof.holds && same};
	return OK;
}

enum err evidence_own(struct arena *a, const struct m_acuse *m, const struct outbox_act *act,
	const struct trust *t)
{
	if (!bytes_equal(bytes_of_text(m->base), act->base) || !bytes_equal(m->cuerpo, act->body))
		return ERR_BAD_SEAL;
	return acuse_verify(a, m, t);
}

static bool wants_pdf(const char *path)
{
	size_t n = strlen(path);

	return n > 4 && strcmp(path + n - 4, ".pdf") == 0;
}

enum err evidence_paper(
	struct arena *a, const struct evidence *ev, const struct trust *t, struct bytes *ret_pdf)
{
	return acuse_pdf(a, &ev->acuse, ev->json, t != NULL && trust_is_test(t), ret_pdf);
}

enum err evidence_write(
	struct arena *a, const struct evidence *ev, const struct trust *t, const char *path)
{
	struct bytes content = ev->json;
	enum err e = OK;

	if (wants_pdf(path))
		e = evidence_paper(a, ev, t, &content);
	return e == OK ? file_write(path, content, 0600) : e;
}

enum err evidence_save(
	struct arena *a, const struct evidence *ev, const struct trust *t, const char *folder)
{
	static const char *const endings[] = {".json", ".pdf"};

	/* A folio becomes a file's name only when it is one. */
	if (!folio_valid(ev->acuse.folio))
		return ERR_BAD_ANSWER;
	enum err e = file_make_folder(folder);

	for (size_t i = 0; e == OK && i < COUNT_OF(endings); i++) {
		const char *path = arena_printf(a, "%s/%s%s", folder, ev->acuse.folio, endings[i]);

		e = path != NULL ? evidence_write(a, ev, t, path) : ERR_NO_MEMORY;
	}
	return e;
}

enum err evidence_openssl(struct arena *a, const struct m_acuse *m, const char *folder)
{
	const char *sello = b64_encode(a, m->sello);
	const struct {
		const char *name;
		struct bytes content;
	} files[] = {
		{"cadena.txt", bytes_of_text(m->cadena)},
		{"sello.b64", sello != NULL ? bytes_of_text(sello) : bytes_of(NULL, 0)},
		{"sello.cer", m->certificado_sello},
	};
	enum err e = sello != NULL ? file_make_folder(folder) : ERR_NO_MEMORY;

	for (size_t i = 0; e == OK && i < COUNT_OF(files); i++) {
		const char *path = arena_printf(a, "%s/%s", folder, files[i].name);

		e = path != NULL ? file_write(path, files[i].content, 0644) : ERR_NO_MEMORY;
	}
	return e;
}
