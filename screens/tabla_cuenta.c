/* How many rows there are, and how many of them the query has (screens/tabla.h). */
#include "screens/local_db.h"
#include "screens/tabla.h"

#define ROW ((size_t)64 << 10)

static enum err read_totals(struct tabla *t)
{
	ARENA(a, ROW);
	struct out_total row;
	enum err err = q_total(t->local, NULL, &a, &row);

	if (err != OK)
		return err;
	t->totales = (struct tabla_totales){
		.filas = (size_t)row.filas,
		.por_filtro =
			{
				[FILTRO_TODAS] = (size_t)row.filas,
				[FILTRO_POR_ABRIR] = (size_t)row.por_abrir,
				[FILTRO_CON_PLAZO] = (size_t)row.con_plazo,
				[FILTRO_NOTIFICADAS] = (size_t)row.notificadas,
				[FILTRO_SIN_LEER] = (size_t)row.sin_leer,
				[FILTRO_POR_PLAZO] = (size_t)row.por_plazo,
				[FILTRO_ESTRADOS] = (size_t)row.estrados,
				[FILTRO_PERSONALES] = (size_t)row.personales,
				[FILTRO_RETIRADAS] = (size_t)row.retiradas,
				[FILTRO_CAMBIADAS] = (size_t)row.cambiadas,
			},
		.vence = (size_t)row.vence,
	};
	return OK;
}

/* How the copy numbers a value: 0 where any will do, -1 where no row has it. */
static enum err number_of(
	struct tabla *t, enum local_faceta que, const char *valor, int64_t *ret_number)
{
	ARENA(a, ROW);
	const struct in_faceta in = {.que = que, .valor = valor};
	struct out_faceta row = {.id = -1};
	enum err err = valor[0] != '\0' ? q_faceta(t->local, &in, &a, &row) : OK;

	if (err == OK || err == ERR_NOT_FOUND)
		*ret_number = valor[0] != '\0' ? row.id : 0;
	return err == ERR_NOT_FOUND ? OK : err;
}

static enum err scan(struct tabla *t, size_t *ret_count)
{
	ARENA(a, ROW);
	const struct filtro *f = &t->filtro;
	const struct in_cuantas in = {.mascara = fila_mascara(f->que),
		.tipo = t->tipo,
		.rp = t->rp,
		.desde = f->desde,
		.hasta = filtro_ultimo(f)};
	const struct in_cuantas_dicen in_words = {.mascara = in.mascara,
		.tipo = in.tipo,
		.rp = in.rp,
		.desde = in.desde,
		.hasta = in.hasta,
		.texto = f->texto};
	struct out_cuantas row;
	struct out_cuantas_dicen words;
	bool says = f->texto[0] != '\0';

	t->leidas += t->totales.filas;
	enum err err = says ? q_cuantas_dicen(t->local, &in_words, &a, &words)
			    : q_cuantas(t->local, &in, &a, &row);

	if (err == OK)
		*ret_count = (size_t)(says ? words.filas : row.filas);
	return err;
}

static enum err read_count(struct tabla *t)
{
	const struct filtro *f = &t->filtro;
	bool only_status = f->texto[0] == '\0' && f->tipo[0] == '\0' && f->rp[0] == '\0' &&
			   f->desde == 0 && f->hasta == 0;
	enum err err = number_of(t, FACETA_TIPO, f->tipo, &t->tipo);

	if (err == OK)
		err = number_of(t, FACETA_RP, f->rp, &t->rp);
	if (err != OK)
		return err;
	t->matches = t->totales.por_filtro[f->que];
	if (only_status || t->matches == 0)
		return OK;
	t->matches = 0;
	return scan(t, &t->matches);
}

static void count(struct tabla *t)
{
	if (t->counted || t->local == NULL)
		return;
	/* Tried once a change: a copy that fails is not asked at every paint. */
	t->counted = true;
	t->matches = 0;
	enum err err = read_totals(t);

	if (err == OK)
		err = read_count(t);
	if (err != OK && err != ERR_NOT_FOUND)
		t->err = err;
}

size_t tabla_count(struct tabla *t)
{
	count(t);
	return t->matches;
}

const struct tabla_totales *tabla_totales(struct tabla *t)
{
	count(t);
	return &t->totales;
}
