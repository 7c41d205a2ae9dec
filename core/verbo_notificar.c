/*
 * `buzond notificar`: a document that the competent public servant signs becomes a notification
 * (Lineamientos 7.1), one or as many as a manifest says, over the same wire as everybody's acts.
 */
#include <stdlib.h>
#include <string.h>
#include "core/avance.h"
#include "core/interrumpir.h"
#include "core/lote.h"
#include "core/lote_informe.h"
#include "core/verbo_firma.h"
#include "crypto/rfc.h"
#include "net/json_line.h"

#define PLAZO_MAX 1000
#define AT_ONCE 8
#define AT_ONCE_MOST 64

struct work {
	struct verbo *v;
	const struct args_notificar *args;
	struct verbo_firma firma;
	const char *rfc;
	long plazo_dias;
	int64_t aviso;
};

/* ---- what was typed ---- */

static enum err read_number(
	struct verbo *v, const char *option, const char *text, long least, long most, long *ret)
{
	char *end = NULL;
	long n = text != NULL ? strtol(text, &end, 10) : *ret;

	if (text != NULL && (end == text || *end != '\0' || n < least || n > most))
		return verbo_fallo(
			v, ERR_BAD_FIELD, "%s admite un entero de %ld a %ld.", option, least, most);
	*ret = n;
	return OK;
}

static enum err check_needed(struct work *w)
{
	const struct args_notificar *a = w->args;
	const struct {
		const char *option;
		const char *text;
	} needed[] = {{"--rfc", a->rfc}, {"--oficio", a->oficio}, {"--tipo", a->tipo},
		{"--pdf", a->pdf != NULL || a->revisar ? "" : NULL},
		{"--documento", a->documento != NULL || a->revisar ? "" : NULL}};

	for (size_t i = 0; i < COUNT_OF(needed); i++)
		if (needed[i].text == NULL)
			return verbo_fallo(w->v, ERR_USAGE,
				"Falta %s; consulta buzond notificar --ayuda.", needed[i].option);
	return OK;
}

static enum err check_texts(struct work *w)
{
	const struct args_notificar *a = w->args;
	const struct {
		const char *option;
		const char *text;
		size_t max;
	} texts[] = {
		{"--oficio", a->oficio, 100},
		{"--tipo", a->tipo, 32},
		{"--documento", a->documento, 300},
		{"--rp", a->rp, 16},
		{"--subdelegacion", a->subdelegacion, 200},
		{"--periodo", a->periodo, 60},
		{"--importe", a->importe, 40},
	};
	enum err e = check_needed(w);

	for (size_t i = 0; e == OK && i < COUNT_OF(texts); i++)
		e = verbo_firma_texto(w->v, texts[i].option, texts[i].text, texts[i].max);
	if (e == OK)
		e = rfc_normalize(w->v->arena, a->rfc, &w->rfc);
	if (e == OK)
		e = read_number(w->v, "--plazo-dias", a->plazo_dias, 0, PLAZO_MAX, &w->plazo_dias);
	return e == OK ? verbo_firma_instante(w->v, "--aviso", a->aviso, &w->aviso) : e;
}

/* ---- one ---- */

static enum err say_looked(struct work *w, const struct m_oficio_revisado *m)
{
	FILE *out = w->v->out;
	struct json_line j;

	if (w->args->json) {
		json_line_begin(&j, w->v->arena);
		json_line_message(&j, &message_oficio_revisado, m);
		return json_line_end(&j, out);
	}
	fprintf(out, "%s\n", m->se_puede ? "Se puede emitir." : "No se puede emitir.");
	if (m->sale != 0)
		fprintf(out, "Su aviso saldría: %s\n", verbo_instante(w->v, m->sale));
	if (m->vence != 0)
		fprintf(out, "Sin abrirse, se tendría por notificado: %s\n",
			verbo_instante(w->v, m->vence));
	for (size_t i = 0; i < m->observaciones_count; i++)
		fprintf(out, "%s: %s\n", m->observaciones[i].etiqueta, m->observaciones[i].valor);
	return OK;
}

static enum err look(struct work *w)
{
	const struct args_notificar *a = w->args;
	struct m_oficio_revisar m = {.hat.titular = w->rfc,
		.oficio = a->oficio,
		.tipo = a->tipo,
		.plazo_dias = w->plazo_dias,
		.rp = a->rp,
		.subdelegacion = a->subdelegacion,
		.aviso = w->aviso};
	struct m_oficio_revisado said = {0};
	enum err e = verbo_firma_pedir(w->v, &w->firma, ROUTE_ID_oficio_revisar, &m, &said);

	if (e == OK)
		e = say_looked(w, &said);
	return e == OK && !said.se_puede
		       ? verbo_fallo(w->v, ERR_BAD_FIELD,
				 "No se puede emitir así; corrige lo que se indica.")
		       : e;
}

static enum err issue(struct work *w)
{
	const struct args_notificar *a = w->args;
	struct arena *arena = w->v->arena;
	struct m_oficio_emitir m = {.hat.titular = w->rfc,
		.oficio = a->oficio,
		.tipo = a->tipo,
		.documento = a->documento,
		.plazo_dias = w->plazo_dias,
		.rp = a->rp,
		.subdelegacion = a->subdelegacion,
		.periodo = a->periodo,
		.importe = a->importe,
		.aviso = w->aviso};
	struct m_acuse acuse = {0};
	struct oficina_dicho d;

	oficina_subir(w->firma.linea, arena, a->pdf, &m.sha256, &d);
	if (d.err == ERR_NO_FILE)
		return verbo_fallo(w->v, d.err, "No se encontró %s; revisa --pdf.", a->pdf);
	enum err e = verbo_firma_dicho(
		w->v, &(struct oficina_dicho){.err = d.err, .campo = d.campo, .resuelto = true});

	if (e == OK)
		e = oficina_documento(
			w->firma.oficina, arena, a->oficio, m.sha256, w->rfc, &m.fecha, &m.firma);
	if (e == OK)
		e = verbo_firma_pedir(w->v, &w->firma, ROUTE_ID_oficio_emitir, &m, &acuse);
	return e == OK ? verbo_firma_acuse(w->v, a->json, &acuse, m.sha256) : e;
}

/* ---- many ---- */

struct watching {
	struct avance avance;
	size_t count;
};

static bool go_on(void *ctx, size_t hechos, size_t malos)
{
	struct watching *w = ctx;

	avance_say(&w->avance, "%zu de %zu; %zu con error ", hechos, w->count, malos);
	return !interrumpir_came();
}

static enum err run_lot(struct work *w, struct lote *l, struct watching *watching)
{
	struct interrumpir signals;
	const char *message = NULL;

	watching->count = l->manifiesto->count;
	avance_begin(&watching->avance, w->v->err);
	interrumpir_begin(&signals);
	enum err e = lote_emitir(l, &message);

	interrumpir_end(&signals);
	avance_clear(&watching->avance);
	if (e == OK)
		return OK;
	if (message == NULL)
		message = e == ERR_CANCELLED ? "Interrumpido." : err_sentence(e);
	return verbo_fallo(w->v, e, "%s%s", message,
		l->revisar ? "" : " Repite el comando para continuar: nada se emite dos veces.");
}

static enum err issue_many(struct work *w, const struct oficina_de *de)
{
	const struct args_notificar *a = w->args;
	struct lote_manifiesto m = {0};
	struct watching watching = {0};
	const char *message = NULL;
	long at_once = AT_ONCE;
	size_t wrong = 0;
	enum err e = read_number(w->v, "--a-la-vez", a->a_la_vez, 1, AT_ONCE_MOST, &at_once);

	if (e == OK)
		e = lote_leer(a->lote, &m, &message);
	if (e == ERR_NO_FILE)
		e = verbo_fallo(w->v, e, "No se encontró %s; revisa --lote.", a->lote);
	else if (e != OK && message != NULL)
		e = verbo_fallo(w->v, e, "%s", message);
	if (e == OK)
		e = verbo_firma_begin(w->v, de, &w->firma);
	struct lote l = {.oficina = w->firma.oficina,
		.manifiesto = &m,
		.path = a->lote,
		.a_la_vez = (unsigned)at_once,
		.revisar = a->revisar,
		.sigue = go_on,
		.ctx = &watching};
	enum err ran = e == OK ? run_lot(w, &l, &watching) : e;

	if (e == OK)
		e = lote_informe(&m, a->informe, a->json, w->v->out, &wrong);
	if (e == OK && ran == OK && wrong != 0)
		ran = verbo_fallo(w->v, ERR_BAD_FIELD,
			"%zu de %zu renglones no se emitieron; el informe dice cuáles y por qué.",
			wrong, m.count);
	arena_free(&m.arena);
	return ran != OK ? ran : e;
}

enum err verbo_notificar(struct verbo *v, const struct args_notificar *args)
{
	struct work w = {.v = v, .args = args};
	const struct oficina_de de = VERBO_FIRMA_DE(args);
	enum err e = args->lote == NULL ? check_texts(&w) : issue_many(&w, &de);

	if (e == OK && args->lote == NULL)
		e = verbo_firma_begin(v, &de, &w.firma);
	if (e == OK && args->lote == NULL)
		e = args->revisar ? look(&w) : issue(&w);
	verbo_firma_end(&w.firma);
	return e;
}
