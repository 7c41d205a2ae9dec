#include "screens/efectos.h"

#include "base/texto.h"
#include "screens/model.h"

#define DAY_MS INT64_C(86400000)

/* What the aviso fixed: the server's lapse, on the days that the calendar gives. */
static enum err count_aviso(const struct calendario *c, const struct fila *f, struct efectos *e)
{
	const struct m_notificacion *n = &f->m;

	if (n->aviso == 0) {
		e->aviso = (struct plazo_aviso){.vence = f->notificada};
		return OK;
	}
	enum err err = plazo_de_aviso(c, n->aviso, &e->aviso);

	if (err != OK)
		return err;
	e->con_aviso = true;
	e->contado = e->aviso.vence;
	e->aviso.vence = n->vence;
	return OK;
}

/* Its date came of the aviso: by opening, or by not opening. */
static bool by_opening(const struct efectos *e)
{
	return e->con_aviso && e->forma != FILA_ESTRADOS && e->forma != FILA_PERSONAL;
}

/*
 * An opening at `opened` (0: never). What lies beyond the calendar is marked, not guessed: the date
 * of notification is known even where its term is not.
 */
static enum err count_case(const struct calendario *c, const struct zona *domicilio,
	const struct efectos *e, const struct plazo_aviso *aviso, int64_t opened,
	struct efectos_caso *ret)
{
	struct efectos_caso made = {0};
	const char *motivo = NULL;
	int32_t prudent = 0;
	enum err err = plazo_de_apertura(c, aviso, opened, e->plazo_dias, &made.e);

	if (err == ERR_HORIZON) {
		made.sin_termino = true;
		err = plazo_de_apertura(c, aviso, opened, 0, &made.e);
	}
	if (err == ERR_HORIZON && (opened == 0 || opened >= aviso->vence)) {
		made.sin_efecto = true;
		made.e = (struct plazo_efecto){.notificada = aviso->vence,
			.dia = zona_civil(zona_centro(), aviso->vence).dia};
		err = OK;
	}
	if (err != OK)
		return err;
	if (by_opening(e) && !made.sin_termino && !made.sin_efecto &&
		plazo_prudente_en(c, aviso, opened, e->plazo_dias, domicilio, NULL, &prudent,
			&motivo) == OK &&
		motivo != NULL) {
		made.prudente = prudent;
		made.motivo = motivo;
	}
	*ret = made;
	return OK;
}

static int year_of(int32_t dia)
{
	int year, month, day;

	fecha_split(dia, &year, &month, &day);
	return year;
}

/* Declared vacations may still come in any year that the dates touch. */
static void vacations(const struct calendario *c, struct efectos *e)
{
	const struct plazo_efecto *last = &e->lapso.e;
	int32_t dia = last->ultimo != 0 ? last->ultimo : last->dia;
	int year = dia != 0 ? year_of(dia) : 0;

	if (year > c->vacaciones_hasta)
		e->sin_vacaciones = c->vacaciones_hasta == 0 ? year : c->vacaciones_hasta + 1;
}

static enum err count_open(
	const struct calendario *c, const struct zona *domicilio, int64_t now, struct efectos *e)
{
	int64_t window = now;
	int64_t until = 0;
	enum err err = count_case(c, domicilio, e, &e->aviso, now, &e->abre);

	if (err == OK)
		err = count_case(c, domicilio, e, &e->aviso, 0, &e->lapso);
	if (err == OK)
		err = plazo_en_ventana(c, now, &window);
	if (err == OK)
		err = plazo_vale_hasta(c, &e->aviso, now, &until);
	if (err != OK)
		return err;
	e->estado = e->abre.e.notificada < e->lapso.e.notificada ? EFECTOS_CAMBIA : EFECTOS_IGUAL;
	e->fuera = window != now;
	/* An act waits for the line a day at most, and never past what the sheet says. */
	e->vale_hasta = until > now + DAY_MS ? now + DAY_MS : until - 1;
	return OK;
}

/* It is notified: the legal instant is fixed, whatever the calendar became since. */
static enum err count_done(const struct calendario *c, const struct zona *domicilio,
	const struct fila *f, int64_t now, struct efectos *e)
{
	int64_t window = now;

	e->estado = EFECTOS_NOTIFICADA;
	e->abierta = f->estado == FILA_NOTIFICADA ? f->m.abierta : 0;
	e->vale_hasta = now + DAY_MS;
	if (plazo_en_ventana(c, now, &window) == OK)
		e->fuera = window != now;
	struct plazo_aviso fixed = e->aviso;
	enum err err;

	/* By lapse, by estrados, on paper; an opening gives its own instant by itself. */
	if (e->abierta == 0)
		fixed.vence = f->notificada;
	err = count_case(c, domicilio, e, &fixed, e->abierta, &e->lapso);
	if (err != OK || e->lapso.e.notificada == f->notificada)
		return err;
	fixed.vence = f->notificada;
	return count_case(c, domicilio, e, &fixed, 0, &e->lapso);
}

enum err efectos_contar(const struct calendario *c, const struct zona *domicilio,
	const struct fila *f, const struct m_tipo_acto *tipo, int64_t now, struct efectos *ret)
{
	const struct zona *z = domicilio != NULL ? domicilio : zona_centro();
	struct efectos e = {.plazo_dias = (int)f->m.plazo_dias,
		.forma = f->estado,
		.plazo_para = tipo != NULL ? tipo->plazo_para : NULL};

	if (f->estado == FILA_RETIRADA) {
		e.estado = EFECTOS_RETIRADA;
		*ret = e;
		return OK;
	}
	enum err err = count_aviso(c, f, &e);

	if (err == OK)
		err = f->estado == FILA_POR_ABRIR && now < f->m.vence
			      ? count_open(c, z, now, &e)
			      : count_done(c, z, f, now, &e);
	if (err != OK)
		return err;
	vacations(c, &e);
	*ret = e;
	return OK;
}

enum err efectos_de(struct arena *a, const struct model *m, const struct fila *f, int64_t now,
	struct efectos *ret)
{
	struct calendario c;
	enum err err = model_calendario_de(m, a, &f->m, &c);

	return err == OK ? efectos_contar(
				   &c, model_domicilio(m), f, model_tipo(m, f->m.tipo), now, ret)
			 : err;
}

/* The step that says how it was notified, where no opening and no lapse did it. */
static void by_other_means(struct derivacion *d, enum fila_estado forma)
{
	for (size_t i = 0; i < d->count; i++) {
		struct derivacion_paso *p = &d->pasos[i];

		if (p->clase != DERIVACION_NOTIFICADA)
			continue;
		p->regla = forma == FILA_ESTRADOS ? N_("Lineamientos 7.8; CFF 139")
						  : N_("Lineamientos 7.10; CFF 137");
		p->que = forma == FILA_ESTRADOS
				 ? N_("notificada por estrados, como lo decidió la autoridad")
				 : N_("notificada en persona, como lo asentó la autoridad");
	}
}

enum err efectos_derivar(const struct calendario *c, const struct zona *domicilio,
	const struct efectos *e, int64_t opened, struct derivacion *d)
{
	const struct zona *z = domicilio != NULL ? domicilio : zona_centro();
	struct plazo_aviso aviso = e->aviso;
	struct plazo_efecto efecto;
	const char *motivo;
	int32_t prudent;
	enum err err = OK;

	if (by_opening(e))
		err = plazo_derivar_aviso(c, e->aviso.aviso, d, &aviso);
	aviso.vence = e->estado == EFECTOS_NOTIFICADA && opened == 0 ? e->lapso.e.notificada
								     : e->aviso.vence;
	if (err == OK)
		err = plazo_derivar_apertura(c, &aviso, opened, e->plazo_dias, d, &efecto);
	if (err == OK && by_opening(e))
		return plazo_prudente_en(c, &aviso, opened, e->plazo_dias, z, d, &prudent, &motivo);
	if (err == OK)
		by_other_means(d, e->forma);
	return err;
}
