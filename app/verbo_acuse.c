#include <stdio.h>
#include <unistd.h>
#include "app/evidence.h"
#include "app/mailbox.h"
#include "app/openssl_lines.h"
#include "base/texto.h"

/* Of the issue of a notification, which has its folio (Lineamientos 7.1). */
static bool of_issue(const struct m_acuse *m)
{
	return strcmp(m->calidad, "funcionario") == 0;
}

/*
 * By its own folio; else that of the notification it is about. The folio of a notification is that
 * of the acuse of its issue, too: that one is meant only where it is asked for.
 */
static enum err fetch(struct sesion *s, const char *folio, struct evidence *ret)
{
	struct arena *a = s->v->arena;
	struct m_acuse_pedir rq = {.folio = folio};
	bool issue = s->v->opt[OPTION_emision] != NULL;
	struct mailbox m;
	enum err e = sesion_call(s, a, ROUTE_ID_acuse, &rq, &ret->acuse, &ret->json);

	if ((e == OK && of_issue(&ret->acuse) == issue) || (e != OK && e != ERR_NOT_FOUND))
		return e;
	s->v->detail = folio;
	if (issue)
		return ERR_NOT_FOUND;
	e = mailbox_fetch(s, &m);
	const struct m_notificacion *n = e == OK ? mailbox_find(&m, folio) : NULL;

	if (e == OK && (n == NULL || n->acuse == NULL))
		e = ERR_NOT_FOUND;
	if (e != OK)
		return e;
	rq.folio = n->acuse;
	return sesion_call(s, a, ROUTE_ID_acuse, &rq, &ret->acuse, &ret->json);
}

static enum err print_acuse(struct arena *a, const struct m_acuse *m)
{
	const struct zona *zc = zona_centro();
	const char *elaborado = hora_text(a, zc, m->elaborado, HORA_ACUSE);
	const char *legal = hora_text(a, zc, m->legal, HORA_ACUSE);

	if (elaborado == NULL || legal == NULL)
		return ERR_NO_MEMORY;
	printf("%s\n", sesion_clean(a, m->tipo));
	printf(_("Folio: %s\n"), sesion_clean(a, m->folio));
	printf(_("Fecha: %s\n"), elaborado);
	printf(_("Fecha legal: %s\n"), legal);
	printf(_("Titular: %s · %s\n"), sesion_clean(a, m->titular_nombre),
		sesion_clean(a, m->titular));
	if (acuse_is_automatico(m))
		printf(_("Hecha por: %s\n"), sesion_clean(a, m->firmante_nombre));
	else
		printf(_("Firmó: %s · %s (%s)\n"), sesion_clean(a, m->firmante_nombre),
			sesion_clean(a, m->firmante), sesion_clean(a, m->calidad));
	printf(_("Estatus: %s\n"), sesion_clean(a, m->estatus));
	printf(_("Fundamento: %s\n"), sesion_clean(a, m->fundamento));
	for (size_t i = 0; i < m->contenido_count; i++)
		printf("%s: %s\n", sesion_clean(a, m->contenido[i].etiqueta),
			sesion_clean(a, m->contenido[i].valor));
	printf(_("Cadena original: %s\n"), sesion_clean(a, m->cadena));
	return OK;
}

static enum err output(struct sesion *s, const struct evidence *ev)
{
	struct verb_call *v = s->v;
	const char *to = v->opt[OPTION_salida];
	enum err e = OK;

	if (v->opt[OPTION_openssl] != NULL)
		e = openssl_lines(v->arena, &ev->acuse, v->opt[OPTION_openssl]);
	if (e != OK) {
		v->detail = v->opt[OPTION_openssl];
		return e;
	}
	if (to != NULL && strcmp(to, "-") != 0) {
		v->detail = to;
		e = evidence_write(v->arena, ev, client_trust(s->client), to);
		if (e == OK)
			fprintf(stderr, _("Comprobado y guardado en %s\n"), to);
		return e;
	}
	if (to == NULL && v->opt[OPTION_json] == NULL)
		return print_acuse(v->arena, &ev->acuse);
	printf("%.*s\n", (int)ev->json.size, (const char *)ev->json.data);
	return OK;
}

enum err verbo_acuse(struct verb_call *v)
{
	SESION(s);
	struct evidence ev;
	enum err e = sesion_open(v, &s);

	/* The client proves every acuse it is given, by this folder. */
	if (e == OK && client_trust(s.client) == NULL)
		e = ERR_NO_TRUST;
	if (e != OK)
		return e;
	sesion_flush(&s);
	e = fetch(&s, v->args[0], &ev);
	return e == OK ? output(&s, &ev) : e;
}
