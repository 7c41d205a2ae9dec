#include "screens/ficha.h"

#include <stdio.h>
#include "base/texto.h"
#include "screens/expediente.h"
#include "screens/renglon.h"

#define ROW_BYTES ((size_t)64 << 10) /* a row of the list, decoded */

struct ficha {
	char folio[MODEL_FOLIO];
	char papel[MODEL_FOLIO]; /* the one that is opened */
	char status[200];
};

static struct effect open(
	void *state, struct model *m, const struct effect *from, const struct event *e)
{
	struct ficha *s = state;

	(void)m;
	(void)e;
	(void)snprintf(s->folio, sizeof(s->folio), "%s", from->folio);
	return effect_of(EFFECT_NONE);
}

static struct effect say(struct ficha *s, const char *text)
{
	(void)snprintf(s->status, sizeof(s->status), "%s", text);
	return effect_of(EFFECT_NONE);
}

/* What can be opened is opened by its effects first: looking never serves. */
static struct effect document(struct ficha *s, const struct fila *row)
{
	if (row->estado == FILA_RETIRADA)
		return say(s, err_sentence(ERR_WITHDRAWN));
	return effect_to(
		EFFECT_OPEN, fila_cerrada(row) ? SCREEN_documento : SCREEN_efecto, s->folio);
}

static struct effect paper(struct ficha *s, const char *folio, const char *missing)
{
	if (folio == NULL)
		return say(s, missing);
	(void)snprintf(s->papel, sizeof(s->papel), "%s", folio);
	return effect_to(EFFECT_OPEN, SCREEN_acuse, s->papel);
}

static struct effect on_row(struct ficha *s, struct model *m, enum action action)
{
	ARENA(a, ROW_BYTES);
	struct fila row;

	if (tabla_find(&m->tabla, &a, s->folio, &row) != OK)
		return effect_of(EFFECT_NONE);
	if (action == ACTION_receipt)
		return paper(s, row.m.acuse,
			_("Todavía no hay acuse: lo habrá al abrirse o al vencer el plazo."));
	if (action == ACTION_receipt_issue)
		return paper(s, row.m.emision,
			_("El acuse de su emisión se recibe cuando ya está notificada."));
	return document(s, &row);
}

static struct effect copy(struct ficha *s)
{
	struct effect effect = effect_of(EFFECT_COPY);

	effect.text = s->folio;
	(void)snprintf(s->status, sizeof(s->status), _("Copiado: %s"), s->folio);
	return effect;
}

static struct effect act(void *state, struct model *m, const struct event *e)
{
	struct ficha *s = state;

	if (e->kind != EVENT_ACTION)
		return effect_of(EFFECT_NONE);
	s->status[0] = '\0';
	switch (e->action) {
	case ACTION_read:
	case ACTION_receipt:
	case ACTION_receipt_issue:
		return on_row(s, m, e->action);
	case ACTION_reasons:
		return effect_to(EFFECT_OPEN, SCREEN_razones, s->folio);
	case ACTION_timeline:
		return effect_to(EFFECT_OPEN, SCREEN_cronologia, s->folio);
	case ACTION_copy:
		return copy(s);
	case ACTION_refresh:
		return effect_of(EFFECT_SYNC);
	case ACTION_back:
		return effect_of(EFFECT_BACK);
	default:
		return effect_of(EFFECT_NONE);
	}
}

static void pair_if(struct parrafos *p, const char *label, const char *value)
{
	if (value != NULL)
		parrafos_pair(p, label, "%s", value);
}

static void what(struct parrafos *p, const struct model *m, const struct m_notificacion *n)
{
	const struct m_tipo_acto *tipo = model_tipo(m, n->tipo);

	parrafos_pair(p, _("Documento"), "%s", n->documento);
	parrafos_pair(p, _("Folio"), "%s", n->folio);
	parrafos_pair(p, _("Oficio"), "%s", n->oficio);
	parrafos_pair(p, _("Tipo de acto"), "%s", expediente_tipo(p, m, n->tipo));
	pair_if(p, _("Registro Patronal"), n->rp);
	pair_if(p, _("Subdelegación"), n->subdelegacion);
	pair_if(p, _("Periodo"), n->periodo);
	pair_if(p, _("Importe"), n->importe);
	parrafos_pair(p, _("Firmado por"), "%s%s%s", n->funcionario, n->cargo != NULL ? ", " : "",
		n->cargo != NULL ? n->cargo : "");
	if (tipo != NULL) {
		parrafos_pair(p, _("Fundamento"), "%s", tipo->fundamento);
		parrafos_pair(p, _("Consecuencia"), "%s", tipo->consecuencia);
	}
}

/* How it was notified, and the decision behind it where somebody took one. */
static const char *means(enum fila_estado estado)
{
	switch (estado) {
	case FILA_NOTIFICADA:
		return _("Al abrirla con e.firma");
	case FILA_POR_PLAZO:
		return _("Por no abrirse en plazo (Lineamientos 7.5)");
	case FILA_ESTRADOS:
		return _("Por estrados (Lineamientos 7.8)");
	case FILA_PERSONAL:
		return _("En persona (Lineamientos 7.10)");
	default:
		return NULL;
	}
}

static void outcome(struct parrafos *p, const struct model *m, const struct fila *row)
{
	parrafos_pair(p, _("Estatus"), "%s", renglon_estatus(m, row));
	if (row->m.aviso != 0)
		parrafos_pair(p, _("Aviso"), "%s", expediente_hora(p, m, row->m.aviso));
	if (row->m.abierta != 0)
		parrafos_pair(p, _("Abierta"), "%s", expediente_hora(p, m, row->m.abierta));
	if (row->estado == FILA_POR_ABRIR && row->m.vence != 0)
		parrafos_pair(p, _("Si no se abre, notificada"), "%s",
			expediente_hora(p, m, row->m.vence));
	if (row->notificada != 0)
		parrafos_pair(p, _("Notificada"), "%s", expediente_hora(p, m, row->notificada));
	if (row->notificada != 0)
		pair_if(p, _("Forma"), means(row->estado));
	pair_if(p, _("Motivo"), row->m.motivo);
	expediente_cambio(p, m, &row->m);
}

static void terms(struct parrafos *p, const struct model *m, const struct fila *row, int64_t now)
{
	struct efectos e;
	enum err err = efectos_de(p->arena, m, row, now, &e);

	if (err == ERR_NO_MEMORY)
		p->failed = true;
	else if (err != OK)
		parrafos_add(p, PAGE_WARNING, "%s", err_sentence(err));
	if (err != OK || e.estado == EFECTOS_RETIRADA)
		return;
	if (e.con_aviso && e.estado != EFECTOS_NOTIFICADA)
		parrafos_pair(p, _("Días para abrirla"), "%s, %s, %s",
			parrafos_dia(p, e.aviso.dias[0]), parrafos_dia(p, e.aviso.dias[1]),
			parrafos_dia(p, e.aviso.dias[2]));
	if (e.plazo_dias > 0 || e.lapso.sin_efecto)
		expediente_plazo(p, &e, &e.lapso,
			e.estado == EFECTOS_NOTIFICADA ? _("Plazo para responder")
						       : _("Si no la abres"),
			e.estado == EFECTOS_NOTIFICADA);
	else
		parrafos_pair(p, _("Surte efectos"), "%s", parrafos_dia(p, e.lapso.e.surte));
	if (e.plazo_dias > 0 && e.plazo_para != NULL)
		expediente_para(p, e.plazo_para);
	expediente_calendario(p, m, &e);
}

static void papers(struct parrafos *p, const struct m_notificacion *n, const struct fila *row)
{
	parrafos_add(p, PAGE_HEADING, _("Papeles"));
	parrafos_pair(p, _("Acuse de notificación"), "%s",
		n->acuse != NULL ? n->acuse : _("todavía no hay"));
	parrafos_pair(p, _("Acuse de emisión"), "%s",
		n->emision != NULL ? n->emision : _("todavía no se recibe"));
	if (row->estado == FILA_RETIRADA)
		return;
	if (n->bytes != 0 && n->sha256 != NULL)
		parrafos_pair(p, _("Documento"), _("%lld KB, SHA-256 %s"),
			(long long)((n->bytes + 1023) / 1024), n->sha256);
	else
		parrafos_pair(p, _("Documento"), "%s",
			fila_cerrada(row) ? _("Enter lo muestra") : _("se lee después de abrirla"));
}

static enum err page(void *state, struct model *m, struct arena *a, int64_t now, struct page *ret)
{
	struct ficha *s = state;
	struct fila row;
	struct parrafos p;

	parrafos_init(&p, a);
	ret->title = _("Notificación");
	ret->status = s->status[0] != '\0' ? s->status : NULL;
	if (tabla_find(&m->tabla, a, s->folio, &row) != OK) {
		parrafos_add(&p, PAGE_WARNING, "%s",
			err_sentence(m->tabla.err != OK ? m->tabla.err : ERR_NOT_FOUND));
		return parrafos_text(&p, ret);
	}
	outcome(&p, m, &row);
	terms(&p, m, &row, now);
	parrafos_blank(&p);
	what(&p, m, &row.m);
	parrafos_blank(&p);
	papers(&p, &row.m, &row);
	if (row.m.acuse == NULL)
		ret->mute[0] = "acuse";
	if (row.m.emision == NULL)
		ret->mute[1] = "acuse-emision";
	if (row.estado == FILA_RETIRADA)
		ret->mute[2] = "leer";
	return parrafos_text(&p, ret);
}

const struct view view_ficha = {
	.screen = SCREEN_ficha,
	.size = sizeof(struct ficha),
	.open = open,
	.act = act,
	.page = page,
};
