#include "screens/cartelera.h"

#include <stdio.h>
#include "screens/local_db.h"

#define ROW ((size_t)512 << 10) /* one with its text, decoded */
#define PLACES ((size_t)32 << 20)
#define MOST 1000000

enum cartelera_clase cartelera_clase(const char *word)
{
	return strcmp(word, "documento") == 0 ? CARTELERA_DOCUMENTOS : CARTELERA_COMUNICADOS;
}

void cartelera_init(struct cartelera *c, enum cartelera_clase clase)
{
	*c = (struct cartelera){.clase = clase};
	arena_init(&c->arena, PLACES);
}

static void drop(struct cartelera *c)
{
	arena_free(&c->arena);
	c->ids = NULL;
	c->count = c->total = c->sin_leer = 0;
	c->counted = false;
}

void cartelera_free(struct cartelera *c)
{
	drop(c);
	cartelera_init(c, c->clase);
}

void cartelera_attach(struct cartelera *c, struct local *reader)
{
	c->local = reader;
	cartelera_changed(c);
}

void cartelera_changed(struct cartelera *c)
{
	drop(c);
	c->err = OK;
}

enum err cartelera_query(struct cartelera *c, enum cartelera_por por, enum cartelera_filtro filtro,
	const char *texto)
{
	ARENA(a, ROW);
	const char *folded = fila_fold(&a, texto);

	if (folded == NULL)
		return ERR_NO_MEMORY;
	c->por = por;
	c->filtro = filtro;
	(void)snprintf(c->texto, sizeof(c->texto), "%s", folded);
	drop(c);
	return OK;
}

/* A row that is not there is nothing to say. */
static enum err noted(struct cartelera *c, enum err err)
{
	if (err != OK && err != ERR_NOT_FOUND)
		c->err = err;
	return err;
}

/* Places of the query with those words in the row, too. */
static enum err places(const struct cartelera *c, struct arena *a, const char *buscado,
	const int64_t **ret, size_t *ret_count)
{
	const struct in_publicaciones in = {.clase = c->clase,
		.filtro = c->filtro,
		.texto = c->texto,
		.buscado = buscado,
		.por = c->por};
	struct out_publicaciones *rows = NULL;
	size_t count = 0;
	enum err err = q_publicaciones_all(c->local, &in, MOST, a, &rows, &count);
	int64_t *ids = err == OK ? arena_array(a, count + 1, sizeof(*ids)) : NULL;

	if (err != OK)
		return err;
	if (ids == NULL)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < count; i++)
		ids[i] = rows[i].id;
	*ret = ids;
	*ret_count = count;
	return OK;
}

static enum err totals(struct cartelera *c)
{
	ARENA(a, ROW);
	const struct in_publicaciones_total in = {.clase = c->clase};
	struct out_publicaciones_total row;
	enum err err = q_publicaciones_total(c->local, &in, &a, &row);

	if (err != OK)
		return err;
	c->total = (size_t)row.todas;
	c->sin_leer = (size_t)row.sin_leer;
	return OK;
}

/* Tried once a change: a copy that fails is not asked at every paint. */
static void read(struct cartelera *c)
{
	if (c->counted || c->local == NULL)
		return;
	c->counted = true;
	enum err err = places(c, &c->arena, "", &c->ids, &c->count);

	if (err == OK)
		err = totals(c);
	(void)!noted(c, err);
}

size_t cartelera_count(struct cartelera *c)
{
	read(c);
	return c->count;
}

size_t cartelera_total(struct cartelera *c)
{
	read(c);
	return c->total;
}

size_t cartelera_sin_leer(struct cartelera *c)
{
	read(c);
	return c->sin_leer;
}

static enum err decoded(struct arena *a, struct bytes json, bool leida, struct publicacion *ret)
{
	struct publicacion made = {.leida = leida};
	enum err err = local_decode(a, &message_publicacion, json, &made.m);

	if (err == OK)
		*ret = made;
	return err;
}

enum err cartelera_at(struct cartelera *c, struct arena *a, size_t index, struct publicacion *ret)
{
	if (index >= cartelera_count(c))
		return ERR_NOT_FOUND;
	const struct in_publicacion_de in = {.id = c->ids[index]};
	struct out_publicacion_de row;
	enum err err = q_publicacion_de(c->local, &in, a, &row);

	if (err == OK)
		err = decoded(a, row.json, row.leida != 0, ret);
	return noted(c, err);
}

static enum err by_folio(
	struct cartelera *c, struct arena *a, const char *folio, struct out_publicacion *ret)
{
	const struct in_publicacion in = {.folio = folio};

	return c->local != NULL ? q_publicacion(c->local, &in, a, ret) : ERR_NOT_FOUND;
}

enum err cartelera_find(
	struct cartelera *c, struct arena *a, const char *folio, struct publicacion *ret)
{
	struct out_publicacion row;
	enum err err = by_folio(c, a, folio, &row);

	if (err == OK)
		err = decoded(a, row.json, row.leida != 0, ret);
	return noted(c, err);
}

enum err cartelera_index(struct cartelera *c, const char *folio, size_t *ret_index)
{
	ARENA(a, ROW);
	struct out_publicacion row;
	enum err err = by_folio(c, &a, folio, &row);
	size_t count = cartelera_count(c);

	if (err != OK)
		return noted(c, err);
	for (size_t i = 0; i < count; i++)
		if (c->ids[i] == row.id) {
			*ret_index = i;
			return OK;
		}
	return ERR_NOT_FOUND;
}

/* Both are in the order of the query, so one walk finds the place of each that was found. */
static bool nearest(const struct cartelera *c, const int64_t *found, size_t n, size_t from,
	bool backwards, size_t *ret)
{
	size_t place = 0;
	bool any = false;
	bool round = true;

	for (size_t i = 0; i < n; i++, place++) {
		while (place < c->count && c->ids[place] != found[i])
			place++;
		if (place == c->count)
			break;
		bool past = backwards ? place < from : place > from;

		/* Forwards the first past it, backwards the last; else the one from the far end. */
		if (!any || (backwards ? past || round : past && round))
			*ret = place;
		round = round && !past;
		any = true;
	}
	return any;
}

enum err cartelera_search(
	struct cartelera *c, const char *words, size_t from, bool backwards, size_t *ret_index)
{
	ARENA(a, PLACES);
	const char *folded = fila_fold(&a, words);
	const int64_t *found = NULL;
	size_t count = 0;

	if (folded == NULL)
		return noted(c, ERR_NO_MEMORY);
	if (cartelera_count(c) == 0)
		return ERR_NOT_FOUND;
	enum err err = places(c, &a, folded, &found, &count);

	if (err != OK)
		return noted(c, err);
	return nearest(c, found, count, from, backwards, ret_index) ? OK : ERR_NOT_FOUND;
}

char *cartelera_plegado(struct arena *a, const struct m_publicacion *m)
{
	const char *all = arena_printf(a, "%s %s %s %s %s", m->folio, m->tipo, m->titulo,
		m->rp != NULL ? m->rp : "", m->texto != NULL ? m->texto : "");

	return all != NULL ? fila_fold(a, all) : NULL;
}
