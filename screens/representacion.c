#include "screens/representacion.h"

#include "base/texto.h"

const struct m_representacion *representacion_find(
	const struct m_representacion *rows, size_t count, const char *folio)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].folio, folio) == 0)
			return &rows[i];
	return NULL;
}

const struct m_representacion *representacion_de(
	const struct model *m, const char *folio, bool *ret_recibida)
{
	const struct m_cuenta *c = m->cuenta;

	if (c == NULL)
		return NULL;
	const struct m_representacion *r =
		representacion_find(c->representantes, c->representantes_count, folio);

	if (ret_recibida != NULL)
		*ret_recibida = r == NULL;
	return r != NULL ? r : representacion_find(c->representados, c->representados_count, folio);
}

enum representacion_estado representacion_estado(const struct m_representacion *r, int64_t now)
{
	if (r->termino != 0)
		return REPRESENTACION_TERMINADA;
	if (r->acepta_antes != 0 && r->aceptada == 0)
		return now > r->acepta_antes ? REPRESENTACION_CADUCADA : REPRESENTACION_POR_ACEPTAR;
	if (r->hasta != 0 && now > r->hasta)
		return REPRESENTACION_VENCIDA;
	return now < r->desde ? REPRESENTACION_FUTURA : REPRESENTACION_VIGENTE;
}

const char *representacion_estatus(enum representacion_estado e)
{
	static const char *const words[] = {
		[REPRESENTACION_POR_ACEPTAR] = N_("por aceptar"),
		[REPRESENTACION_VIGENTE] = N_("vigente"),
		[REPRESENTACION_FUTURA] = N_("por iniciar"),
		[REPRESENTACION_VENCIDA] = N_("vencida"),
		[REPRESENTACION_TERMINADA] = N_("terminada"),
		[REPRESENTACION_CADUCADA] = N_("caducada"),
	};

	return texto(words[e]);
}

bool representacion_abierta(const struct m_representacion *r, int64_t now)
{
	return representacion_estado(r, now) <= REPRESENTACION_FUTURA;
}

const struct m_representacion *representacion_dada(
	const struct model *m, const char *representante, int64_t now)
{
	const struct m_cuenta *c = m->cuenta;

	for (size_t i = 0; c != NULL && i < c->representantes_count; i++)
		if (strcmp(c->representantes[i].representante, representante) == 0 &&
			representacion_abierta(&c->representantes[i], now))
			return &c->representantes[i];
	return NULL;
}

bool representacion_dos_firmas(const struct m_permiso *permisos, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (nivel_of(permisos[i].nivel) > NIVEL_PREPARAR)
			return true;
	return false;
}

bool representacion_corta(
	struct parrafos *p, const struct model *m, enum ambito ambito, enum nivel nivel)
{
	enum nivel has = model_nivel(m, ambito);

	if (has >= nivel)
		return false;
	parrafos_add(p, PAGE_WARNING,
		_("Tu representación no llega a «%s» en %s (llega a: %s). Pide a %s, %s, que lo haga "
		  "con su e.firma o que te dé ese permiso."),
		texto(nivel_nombre(nivel)), texto(ambito_nombre(ambito)),
		has != NIVEL_NADA ? texto(nivel_nombre(has)) : _("nada"), m->e.titular,
		m->e.nombre);
	return true;
}

const char *representacion_permisos(struct arena *a, const struct m_permiso *permisos, size_t count)
{
	const char *text = "";

	for (size_t i = 0; text != NULL && i < count; i++) {
		const char *ambito = ambito_nombre(ambito_of(permisos[i].ambito));
		const char *nivel = nivel_nombre(nivel_of(permisos[i].nivel));

		/* A server may know more words than this program. */
		text = arena_printf(a, "%s%s%s: %s", text, i != 0 ? "; " : "",
			ambito != NULL ? texto(ambito) : permisos[i].ambito,
			nivel != NULL ? texto(nivel) : permisos[i].nivel);
	}
	return text;
}
