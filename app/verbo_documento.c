#include <stdio.h>
#include <unistd.h>
#include "app/descarga.h"
#include "app/mailbox.h"
#include "base/file.h"
#include "base/texto.h"
#include "net/json_line.h"

static enum err print_json(struct arena *a, const struct m_notificacion *n,
	const struct descarga *d, const struct acuse_proof *p, const char *saved)
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
	const struct descarga *d, const struct acuse_proof *p)
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
	struct descarga d = {0};
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
		e = descarga_traer(&s, v->arena, v->args[0], &d);
	if (e == OK)
		e = descarga_comprobar(&s, &d, false, &proof);
	return e == OK ? output(v, n, &d, &proof) : e;
}
