#include "core/rebote.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>
#include "core/mime_lee.h"

/* Parts of a report and recipients of one that are looked at. */
#define PARTS 8
#define RECIPIENTS 16

/* ---- which message ---- */

static bool id_letter(char c)
{
	return c != '\0' && strchr(ENVIO_ID_LETTERS, c) != NULL;
}

/* The first run of letters in the text that is an id and nothing more; NULL: none. */
static const char *id_within(struct arena *a, const char *text)
{
	while (text != NULL && *text != '\0') {
		size_t n = 0;

		while (id_letter(text[n]))
			n++;
		if (envio_es_id(text, n) && !isalnum((unsigned char)text[n]))
			return arena_printf(a, "%.*s", (int)n, text);
		text += n;
		text += *text != '\0';
	}
	return NULL;
}

static const char *id_in_fields(
	struct arena *a, struct bytes head, const char *const names[], size_t count)
{
	const char *id = NULL;

	for (size_t i = 0; id == NULL && i < count; i++)
		id = id_within(a, mime_campo(a, head, names[i]));
	return id;
}

/* ---- the report ---- */

/* "5.1.1 (no such user)": the code alone; "" where it is none. */
static const char *status_of(struct arena *a, struct bytes fields)
{
	const char *text = mime_campo(a, fields, "Status");
	size_t n = text != NULL ? strspn(text, "0123456789.") : 0;

	if (n < 5 || n > 10 || text[1] != '.' || strchr("245", text[0]) == NULL)
		return "";
	return arena_printf(a, "%.*s", (int)n, text);
}

static bool informe_of(const char *action, enum envio_informe *ret)
{
	static const struct {
		const char *word;
		enum envio_informe informe;
	} words[] = {{"failed", INFORME_FALLIDO}, {"delayed", INFORME_DEMORADO},
		{"delivered", INFORME_ENTREGADO}, {"relayed", INFORME_EN_CAMINO},
		{"expanded", INFORME_EN_CAMINO}};

	for (size_t i = 0; action != NULL && i < COUNT_OF(words); i++)
		if (strncasecmp(action, words[i].word, strlen(words[i].word)) == 0) {
			*ret = words[i].informe;
			return true;
		}
	return false;
}

/* Groups of fields with empty lines between (RFC 3464 section 2.1): the worst of its recipients. */
static bool read_status(struct arena *a, struct bytes body, struct rebote *r)
{
	bool found = false;

	for (size_t i = 0; i < RECIPIENTS && body.size != 0; i++) {
		struct mime_parte group = mime_lee(body);
		enum envio_informe informe;

		body = group.body;
		if (!informe_of(mime_campo(a, group.head, "Action"), &informe) ||
			(found && informe <= r->informe))
			continue;
		found = true;
		r->informe = informe;
		r->codigo = status_of(a, group.head);
	}
	return found;
}

/* The message that came back, whole or its header alone. */
static const char *id_of_returned(struct arena *a, const struct mime_parte *p)
{
	static const char *const names[] = {"Message-ID"};
	struct bytes body;

	if (!mime_es(a, p, "message/rfc822") && !mime_es(a, p, "text/rfc822-headers") &&
		!mime_es(a, p, "message/global") && !mime_es(a, p, "message/global-headers"))
		return NULL;
	return mime_cuerpo(a, p, &body) == OK
		       ? id_in_fields(a, mime_lee(body).head, names, COUNT_OF(names))
		       : NULL;
}

static bool is_status(struct arena *a, const struct mime_parte *p)
{
	return mime_es(a, p, "message/delivery-status") ||
	       mime_es(a, p, "message/global-delivery-status");
}

struct reading {
	struct arena *arena;
	struct rebote *rebote;
	const char *returned; /* id in the message that came back */
	const char *envelope; /* id in Original-Envelope-Id */
	bool told;
};

static void read_part(struct reading *r, const struct mime_parte *p)
{
	static const char *const names[] = {"Original-Envelope-Id"};
	struct bytes body;

	if (r->returned == NULL)
		r->returned = id_of_returned(r->arena, p);
	if (r->told || !is_status(r->arena, p) || mime_cuerpo(r->arena, p, &body) != OK)
		return;
	r->envelope = id_in_fields(r->arena, mime_lee(body).head, names, COUNT_OF(names));
	r->told = read_status(r->arena, body, r->rebote);
}

enum err rebote_leer(struct arena *a, struct bytes mail, const char *para, struct rebote *ret)
{
	static const char *const to[] = {
		"Delivered-To", "X-Original-To", "Envelope-To", "To", "X-Failed-Recipients"};
	struct mime_parte whole = mime_lee(mail);
	struct rebote found = {.codigo = ""};
	struct reading r = {.arena = a, .rebote = &found};
	struct mime_parte part;

	for (size_t i = 0; i < PARTS && mime_hija(a, &whole, i, &part); i++)
		read_part(&r, &part);
	found.id = id_within(a, para);
	if (found.id == NULL)
		found.id = r.envelope != NULL ? r.envelope : r.returned;
	if (found.id == NULL)
		found.id = id_in_fields(a, whole.head, to, COUNT_OF(to));
	if (!r.told || found.id == NULL || found.codigo == NULL)
		return ERR_BAD_EVIDENCE;
	*ret = found;
	return OK;
}
