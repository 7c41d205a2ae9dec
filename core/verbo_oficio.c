/*
 * `buzond retirar`, `estrados`, `personal`: what a public servant decides of an act that they
 * issued (Lineamientos 7.8, 7.10), over the wire.
 */
#include "core/verbo_firma.h"
#include "crypto/rfc.h"
#include "net/json_line.h"

#define MOTIVO_BYTES 500
#define FOLIO_TEXT 32
/* The list of a public servant's proposals, page by page. */
#define PAGES 1000

static enum err check_act(struct verbo *v, const char *rfc, const char *folio, const char *motivo,
	const char **ret_rfc)
{
	enum err e = rfc_normalize(v->arena, rfc, ret_rfc);

	if (e == OK)
		e = verbo_firma_texto(v, "--folio", folio, FOLIO_TEXT);
	return e == OK ? verbo_firma_texto(v, "--motivo", motivo, MOTIVO_BYTES) : e;
}

/* Begins, sends the one act, prints its acuse. */
static enum err act(struct verbo *v, const struct oficina_de *de, enum route route,
	const void *message, bool json)
{
	struct verbo_firma f;
	struct m_acuse acuse = {0};
	enum err e = verbo_firma_begin(v, de, &f);

	if (e == OK)
		e = verbo_firma_pedir(v, &f, route, message, &acuse);
	if (e == OK)
		e = verbo_firma_acuse(v, json, &acuse, NULL);
	verbo_firma_end(&f);
	return e;
}

enum err verbo_retirar(struct verbo *v, const struct args_retirar *args)
{
	const struct oficina_de de = VERBO_FIRMA_DE(args);
	struct m_oficio_retirar m = {.folio = args->folio, .motivo = args->motivo};
	enum err e = check_act(v, args->rfc, args->folio, args->motivo, &m.hat.titular);

	return e == OK ? act(v, &de, ROUTE_ID_oficio_retirar, &m, args->json) : e;
}

enum err verbo_personal(struct verbo *v, const struct args_personal *args)
{
	const struct oficina_de de = VERBO_FIRMA_DE(args);
	struct m_oficio_personal m = {.folio = args->folio, .motivo = args->motivo};
	enum err e = check_act(v, args->rfc, args->folio, args->motivo, &m.hat.titular);

	if (e == OK)
		e = verbo_firma_instante(v, "--notificada", args->notificada, &m.notificada);
	return e == OK ? act(v, &de, ROUTE_ID_oficio_personal, &m, args->json) : e;
}

/* ---- estrados ---- */

static enum err print_proposal(struct verbo *v, bool json, const struct m_propuesta *p)
{
	struct json_line j;

	if (!json) {
		fprintf(v->out, "%s  %s  %s  %s\n    %s (%s)\n", p->folio, p->titular, p->tipo,
			p->oficio, p->motivo, verbo_instante(v, p->desde));
		return OK;
	}
	json_line_begin(&j, v->arena);
	json_line_message(&j, &message_propuesta, p);
	return json_line_end(&j, v->out);
}

static enum err list(struct verbo *v, struct verbo_firma *f, bool json)
{
	struct m_propuestas_pedir m = {0};
	struct m_propuestas page = {.mas = true};
	size_t count = 0;
	enum err e = OK;

	for (int pages = 0; e == OK && page.mas && pages < PAGES; pages++) {
		page = (struct m_propuestas){0};
		e = verbo_firma_pedir(v, f, ROUTE_ID_propuestas, &m, &page);
		for (size_t i = 0; e == OK && i < page.propuestas_count; i++) {
			e = print_proposal(v, json, &page.propuestas[i]);
			m.desde = page.propuestas[i].folio;
			count++;
		}
	}
	if (e == OK && count == 0 && !json)
		fputs("No hay propuestas de estrados por decidir.\n", v->out);
	return e;
}

static enum err check_decision(struct verbo *v, const struct args_estrados *args)
{
	if (args->rfc == NULL || args->motivo == NULL)
		return verbo_fallo(v, ERR_USAGE,
			"Para decidir hacen falta --rfc, --folio y --motivo; consulta buzond estrados "
			"--ayuda.");
	if (args->procede == args->no_procede)
		return verbo_fallo(
			v, ERR_USAGE, "Indica --procede o --no-procede, una de las dos.");
	return OK;
}

enum err verbo_estrados(struct verbo *v, const struct args_estrados *args)
{
	const struct oficina_de de = VERBO_FIRMA_DE(args);
	struct m_oficio_estrados m = {
		.folio = args->folio, .procede = args->procede, .motivo = args->motivo};
	bool decides = args->folio != NULL || args->procede || args->no_procede ||
		       args->rfc != NULL || args->motivo != NULL;
	struct verbo_firma f;

	if (decides) {
		enum err e = args->folio == NULL ? verbo_fallo(v, ERR_USAGE, "Falta --folio.")
						 : check_decision(v, args);

		if (e == OK)
			e = check_act(v, args->rfc, args->folio, args->motivo, &m.hat.titular);
		return e == OK ? act(v, &de, ROUTE_ID_oficio_estrados, &m, args->json) : e;
	}
	enum err e = verbo_firma_begin(v, &de, &f);

	if (e == OK)
		e = list(v, &f, args->json);
	verbo_firma_end(&f);
	return e;
}
