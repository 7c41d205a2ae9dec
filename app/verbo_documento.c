#include <stdio.h>
#include <unistd.h>
#include "app/mailbox.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/texto.h"
#include "crypto/sha.h"
#include "ley/documento.h"
#include "net/json_line.h"

#define DOCUMENT_MOST (10 * 1024 * 1024)
#define PART_ALLOWANCE (8 * 1024 * 1024)

struct download {
	unsigned char *data; /* of the whole */
	int64_t total;
	int64_t size;		  /* so far */
	struct m_documento first; /* texts in the command's arena */
};

static enum err take_part(struct arena *a, struct download *d, const struct m_documento *m)
{
	if (d->data == NULL) {
		d->data = arena_alloc(a, (size_t)m->total + 1);
		d->total = m->total;
		d->first = *m;
		if (d->data == NULL)
			return ERR_NO_MEMORY;
	}
	/* Parts of one document, each where the last ended, and none empty before the end. */
	if (m->total != d->total || m->desde != d->size ||
		strcmp(m->sha256, d->first.sha256) != 0 ||
		m->datos.size > (size_t)(d->total - d->size) ||
		(m->datos.size == 0 && d->size < d->total))
		return ERR_BAD_ANSWER;
	if (m->datos.size != 0)
		memcpy(d->data + d->size, m->datos.data, m->datos.size);
	d->size += (int64_t)m->datos.size;
	return OK;
}

static enum err fetch(struct sesion *s, const char *folio, struct download *d)
{
	struct m_documento_pedir rq = {.folio = folio};
	enum err e = OK;

	for (bool more = true; e == OK && more; more = d->size < d->total) {
		ARENA(part, PART_ALLOWANCE);
		struct m_documento m;

		rq.desde = d->size;
		/* The first part's texts stay: the proof needs them. */
		e = sesion_call(s, d->data == NULL ? s->v->arena : &part, ROUTE_ID_documento, &rq,
			&m, NULL);
		if (e == OK)
			e = take_part(s->v->arena, d, &m);
	}
	return e;
}

/*
 * The public servant's signature over these very bytes (Lineamientos 7.1, 7.9). What does not hold
 * is said row by row, and nothing is saved.
 */
static enum err prove(struct sesion *s, const struct download *d, struct acuse_proof *ret)
{
	struct arena *a = s->v->arena;
	const struct m_documento *m = &d->first;
	struct documento_firmado says = {.folio = m->folio,
		.titular = client_perfil(s->client)->rfc,
		.cadena = m->cadena,
		.firma = m->firma,
		.certificado = m->certificado};
	struct acuse_proof proof;
	enum err e = sha256_hex(a, bytes_of(d->data, (size_t)d->size), &says.sha256);

	if (e == OK && client_trust(s->client) == NULL)
		return ERR_NO_TRUST;
	if (e == OK)
		e = documento_prove(a, &says, client_trust(s->client), &proof);
	if (e != OK)
		return e;
	for (size_t i = 0; i < proof.count; i++)
		if (!proof.checks[i].holds)
			fprintf(stderr, "%s: %s\n", _("No se cumple"),
				sesion_clean(a, proof.checks[i].what));
	if (proof.holds)
		fprintf(stderr, _("%s Firma comprobada.\n"),
			sesion_clean(a, proof.checks[DOCUMENTO_FIRMANTE].detail));
	*ret = proof;
	return proof.holds ? OK : ERR_NOT_PROVED;
}

static enum err print_json(struct arena *a, const struct m_notificacion *n,
	const struct download *d, const struct acuse_proof *p, const char *saved)
{
	struct json_line j;

	json_line_begin(&j, a);
	json_line_message(&j, &message_notificacion, n);
	json_line_text(&j, "guardado", saved);
	json_line_int(&j, "recibidos", d->size);
	json_line_bool(&j, "comprobado", p->holds);
	json_line_list(&j, "comprobaciones");
	for (size_t i = 0; i < p->count; i++) {
		json_line_object(&j);
		json_line_text(&j, "comprobacion", p->checks[i].what);
		json_line_bool(&j, "cumple", p->checks[i].holds);
		json_line_text(&j, "detalle", p->checks[i].detail);
		json_line_object_end(&j);
	}
	json_line_list_end(&j);
	return json_line_end(&j, stdout);
}

static enum err output(struct verb_call *v, const struct m_notificacion *n,
	const struct download *d, const struct acuse_proof *p)
{
	const char *to = v->opt[OPTION_salida];
	struct bytes whole = bytes_of(d->data, (size_t)d->size);

	if (to == NULL)
		to = arena_printf(v->arena, "%s.pdf", v->args[0]);
	if (to == NULL)
		return ERR_NO_MEMORY;
	if (strcmp(to, "-") == 0)
		return fwrite(whole.data, 1, whole.size, stdout) == whole.size ? OK : ERR_IO;
	v->detail = to;
	enum err e = file_write(to, whole, 0600);

	if (e != OK)
		return e;
	fprintf(stderr, _("Guardado en %s (%lld bytes)\n"), to, (long long)d->size);
	return v->opt[OPTION_json] != NULL ? print_json(v->arena, n, d, p, to) : OK;
}

enum err verbo_documento(struct verb_call *v)
{
	SESION(s);
	struct mailbox box;
	struct download d = {0};
	struct acuse_proof proof = {0};
	const struct m_notificacion *n = NULL;
	enum err e = sesion_open(v, &s);

	/* A folio with a slash would choose its own folder. */
	if (e == OK && strchr(v->args[0], '/') != NULL)
		e = ERR_NOT_FOUND;
	if (e != OK)
		return e;
	sesion_flush(&s);
	e = mailbox_fetch(&s, &box);
	if (e == OK)
		n = mailbox_find(&box, v->args[0]);
	if (e == OK && n == NULL) {
		v->detail = v->args[0];
		e = ERR_NOT_FOUND;
	}
	if (e == OK)
		e = fetch(&s, v->args[0], &d);
	if (e == OK)
		e = prove(&s, &d, &proof);
	return e == OK ? output(v, n, &d, &proof) : e;
}
