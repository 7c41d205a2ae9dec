#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "app/mailbox.h"
#include "base/texto.h"
#include "ley/zona.h"
#include "net/json_line.h"
#include "screens/filtro.h"

#define ESTATUS_BYTES 40

/* ---- what is asked for ---- */

/* "por-abrir" is easier on a command line than "por abrir". */
static enum err take_estatus(struct verb_call *v, struct filtro *f)
{
	const char *typed = v->opt[OPTION_estatus];
	char name[ESTATUS_BYTES];

	if (typed == NULL)
		return OK;
	(void)snprintf(name, sizeof(name), "%s", typed);
	for (char *c = name; *c != '\0'; c++)
		if (*c == '-')
			*c = ' ';
	f->que = filtro_de_nombre(name);
	if (f->que < FILTRO_COUNT)
		return OK;
	v->detail = _("--estatus admite: por-abrir, con-plazo, notificadas, sin-leer, por-plazo, "
		      "estrados, personales, retiradas, con-cambio, todas");
	return ERR_USAGE;
}

static enum err take_day(struct verb_call *v, enum option o, int32_t *ret)
{
	if (v->opt[o] == NULL || fecha_escrita(v->opt[o], ret) == OK)
		return OK;
	v->detail = _("--desde y --hasta llevan una fecha, como 2026-12-31 o 31/dic/2026");
	return ERR_USAGE;
}

static enum err take_rest(struct verb_call *v, struct filtro *f)
{
	if (v->opt[OPTION_tipo] != NULL)
		filtro_tipo(v->opt[OPTION_tipo], f->tipo);
	if (v->opt[OPTION_rp] != NULL && filtro_rp(f, v->opt[OPTION_rp]) != OK) {
		v->detail = _("--rp lleva un Registro Patronal de 11 caracteres");
		return ERR_USAGE;
	}
	return v->opt[OPTION_texto] != NULL ? filtro_palabras(f, v->opt[OPTION_texto]) : OK;
}

static enum err take_filter(struct verb_call *v, struct filtro *ret)
{
	enum err e = take_estatus(v, ret);

	if (e == OK)
		e = take_day(v, OPTION_desde, &ret->desde);
	if (e == OK)
		e = take_day(v, OPTION_hasta, &ret->hasta);
	return e == OK ? take_rest(v, ret) : e;
}

/* ---- what is told ---- */

/* As the wire has it, and what the list says of it besides. */
static enum err print_json(struct arena *a, const struct mailbox *m, const struct fila *f)
{
	const struct m_tipo_acto *tipo = mailbox_tipo(m, f->m.tipo);
	struct json_line j;

	json_line_begin(&j, a);
	json_line_message(&j, &message_notificacion, &f->m);
	json_line_text(&j, "estatus", mailbox_estatus(&f->m));
	json_line_text(&j, "tipo_nombre", tipo != NULL ? tipo->nombre : NULL);
	if (f->ultimo != 0) {
		const char *dia = fecha_text(a, f->ultimo, FECHA_ISO);

		if (dia == NULL)
			return ERR_NO_MEMORY;
		json_line_text(&j, "ultimo_dia", dia);
	}
	return json_line_end(&j, stdout);
}

static void print_columns(struct arena *a, const char *vence, const char *folio,
	const char *estatus, const char *documento)
{
	printf("%s  %s  %s  %s", sesion_cell(a, vence, 17), sesion_cell(a, folio, 21),
		sesion_cell(a, estatus, 23), sesion_clean(a, documento));
}

static void print_part(struct arena *a, const char *text)
{
	if (text != NULL)
		printf(" · %s", sesion_clean(a, text));
}

static enum err print_row(struct arena *a, const struct fila *f)
{
	const struct m_notificacion *n = &f->m;
	const char *vence = mailbox_vence(a, f);

	if (vence == NULL)
		return ERR_NO_MEMORY;
	print_columns(a, vence, n->folio, texto(mailbox_estatus(n)), n->documento);
	print_part(a, n->tipo);
	print_part(a, n->oficio);
	print_part(a, n->rp);
	print_part(a, n->periodo);
	print_part(a, n->importe);
	print_part(a, n->subdelegacion);
	print_part(a, n->funcionario);
	if (n->cambio != NULL && n->vence_antes != 0) {
		const char *antes = hora_text(a, zona_centro(), n->vence_antes, HORA_LISTA);

		if (antes == NULL)
			return ERR_NO_MEMORY;
		printf(_(" · vencía el %s: %s"), antes, sesion_clean(a, n->cambio));
	}
	putchar('\n');
	return OK;
}

static enum err print_list(
	struct verb_call *v, const struct mailbox *m, const struct fila *rows, size_t count)
{
	bool json = v->opt[OPTION_json] != NULL;
	enum err e = OK;

	if (count == 0)
		fprintf(stderr, "%s\n",
			m->count == 0 ? _("No hay notificaciones.")
				      : _("Ninguna notificación cumple el filtro."));
	else if (!json) {
		print_columns(v->arena, _("Vence (ZC)"), _("Folio"), _("Estatus"), _("Documento"));
		putchar('\n');
	}
	for (size_t i = 0; e == OK && i < count; i++)
		e = json ? print_json(v->arena, m, &rows[i]) : print_row(v->arena, &rows[i]);
	return e;
}

/* The rows that are asked for, in their order, to the front of `rows`. */
static enum err choose(const struct filtro *f, struct fila *rows, size_t count, size_t *ret_count)
{
	size_t n = 0;
	enum err e = OK;

	for (size_t i = 0; e == OK && i < count; i++) {
		ARENA(a, 64 * 1024);
		bool in = false;

		e = filtro_admite(&a, f, &rows[i], &in);
		if (e == OK && in)
			rows[n++] = rows[i];
	}
	*ret_count = n;
	return e;
}

/* What is due first is told first, as on the screen. */
static int sooner(const void *left, const void *right)
{
	const struct fila *a = left;
	const struct fila *b = right;
	int64_t one = fila_orden(a);
	int64_t other = fila_orden(b);

	return one != other ? (one > other) - (one < other) : strcmp(a->m.folio, b->m.folio);
}

enum err verbo_notificaciones(struct verb_call *v)
{
	SESION(s);
	struct mailbox m;
	struct filtro f = {0};
	struct fila *rows = NULL;
	size_t count = 0;
	enum err e = take_filter(v, &f);

	if (e == OK)
		e = sesion_open(v, &s);
	if (e != OK)
		return e;
	sesion_flush(&s);
	e = mailbox_fetch(&s, &m);
	if (e == OK)
		e = mailbox_visible(&m);
	if (e == OK) {
		rows = arena_array(v->arena, m.count + 1, sizeof(*rows));
		e = rows != NULL ? mailbox_juzgar(&m, rows) : ERR_NO_MEMORY;
	}
	if (e == OK)
		e = choose(&f, rows, m.count, &count);
	if (e == OK)
		qsort(rows, count, sizeof(*rows), sooner);
	return e == OK ? print_list(v, &m, rows, count) : e;
}
