#include <string.h>
#include "base/utf8.h"
#include "core/padron_archivo_formas.h"
#include "crypto/rfc.h"

#define PERMISOS 20

static const char *const names[COLUMNAS] = {[COLUMNA_RFC] = "rfc",
	[COLUMNA_NOMBRE] = "nombre",
	[COLUMNA_ZONA] = "zona",
	[COLUMNA_DOMICILIO] = "domicilio",
	[COLUMNA_ESTADO] = "estado",
	[COLUMNA_INSCRITO] = "inscrito",
	[COLUMNA_CONVENIO_2020] = "convenio_2020",
	[COLUMNA_RP] = "rp",
	[COLUMNA_SUBDELEGACION] = "subdelegacion",
	[COLUMNA_REPRESENTANTE] = "representante",
	[COLUMNA_PERMISOS] = "permisos",
	[COLUMNA_DESDE] = "desde",
	[COLUMNA_HASTA] = "hasta"};

/* ---- records ---- */

static bool empty(const struct csv_record *r)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->fields[i][strspn(r->fields[i], " \t")] != '\0')
			return false;
	return true;
}

static bool all_utf8(const struct csv_record *r)
{
	for (size_t i = 0; i < r->count; i++)
		if (!utf8_valid(r->fields[i], strlen(r->fields[i])))
			return false;
	return true;
}

/* The name of the column at that place, for a sentence. */
static const char *name_at(const struct padron_archivo *p, size_t place)
{
	for (size_t c = 0; c < COLUMNAS; c++)
		if (p->at[c] == place + 1)
			return names[c];
	return NULL;
}

static void tell(struct padron_archivo *p, int linea, const char *campo, const char *dice)
{
	const struct padron_queja q = {.linea = linea, .campo = campo, .dice = dice};

	p->oido->oye(p->oido->ctx, &q);
}

/* What a spreadsheet leaves behind the last column says nothing. */
static size_t solid_count(const struct csv_record *r)
{
	size_t count = r->count;

	while (count > 0 && *r->fields[count - 1] == '\0')
		count--;
	return count;
}

static bool fits(struct padron_archivo *p, const struct csv_record *r)
{
	if (p->columns == 0 || (solid_count(r) <= p->columns && r->count >= p->columns))
		return true;
	tell(p, r->line, NULL,
		r->count < p->columns
			? "el renglón tiene menos datos que columnas el encabezado; complétalo "
			  "(un dato que no se sabe va vacío)."
			: "el renglón tiene más datos que columnas el encabezado; un dato con el "
			  "separador dentro va entre comillas.");
	return false;
}

/* In the place of the one at hand. ERR_NOT_FOUND: there is no other. */
static enum err next_record(struct padron_archivo *p)
{
	struct csv_record *r = &p->record;
	enum err e = OK;
	bool good = false;

	while (e == OK && !good) {
		arena_free(&p->row);
		e = csv_next(&p->csv, &p->row, r);
		if (e == ERR_BAD_FIELD) {
			tell(p, r->line, name_at(p, r->bad_field), r->reason);
			e = OK;
		} else if (e == OK && !all_utf8(r)) {
			e = padron_archivo_fatal(p, r->line, PADRON_UTF8);
		} else if (e == OK) {
			good = !empty(r) && fits(p, r);
		}
		if (e == OK && p->ended)
			e = ERR_NOT_FOUND;
	}
	p->pending = e == OK;
	return e;
}

/* ---- the header ---- */

static enum err take_name(struct padron_archivo *p, struct padron_obra *o, size_t place)
{
	const char *typed = p->record.fields[place];
	char name[CSV_NAME];
	size_t c = 0;

	csv_name(typed, name);
	while (c < COLUMNAS && strcmp(names[c], name) != 0)
		c++;
	if (c == COLUMNAS)
		return padron_obra_dice(o, p->record.line, NULL,
			"la columna «%s» no se conoce; se admiten: rfc, nombre, zona, domicilio, estado, "
			"inscrito, convenio_2020, rp, subdelegacion, representante, permisos, "
			"desde, hasta.",
			padron_obra_muestra(o, typed));
	if (p->at[c] != 0)
		return padron_obra_dice(
			o, p->record.line, names[c], "la columna está dos veces; deja una.");
	p->at[c] = place + 1;
	return OK;
}

/* A column that means nothing without another one. */
static enum err check_needs(struct padron_archivo *p, struct padron_obra *o)
{
	static const struct {
		enum padron_columna one;
		enum padron_columna needs;
	} pairs[] = {
		{COLUMNAS, COLUMNA_RFC},
		{COLUMNAS, COLUMNA_NOMBRE},
		{COLUMNA_SUBDELEGACION, COLUMNA_RP},
		{COLUMNA_REPRESENTANTE, COLUMNA_PERMISOS},
		{COLUMNA_REPRESENTANTE, COLUMNA_DESDE},
		{COLUMNA_PERMISOS, COLUMNA_REPRESENTANTE},
		{COLUMNA_DESDE, COLUMNA_REPRESENTANTE},
		{COLUMNA_HASTA, COLUMNA_REPRESENTANTE},
	};
	enum err e = OK;

	for (size_t i = 0; e == OK && i < COUNT_OF(pairs); i++)
		if ((pairs[i].one == COLUMNAS || p->at[pairs[i].one] != 0) &&
			p->at[pairs[i].needs] == 0)
			e = padron_obra_dice(o, p->record.line, names[pairs[i].needs],
				"falta esa columna en el encabezado; agrégala.");
	return e;
}

enum err padron_csv_header(struct padron_archivo *p)
{
	ARENA(a, PADRON_ROW_BYTES);
	struct padron_obra o;
	enum err e = next_record(p);

	if (e != OK)
		return e == ERR_NOT_FOUND ? OK : e;
	p->pending = false;
	padron_obra_begin(&o, &a, p->oido, p->now, p->record.line);
	size_t count = solid_count(&p->record);

	for (size_t i = 0; e == OK && i < count; i++)
		e = take_name(p, &o, i);
	if (e == OK)
		e = check_needs(p, &o);
	p->columns = count;
	/* Of rows that nobody can name nothing more is told. */
	p->ended = p->ended || o.mal;
	return e;
}

/* ---- rows ---- */

/* What stands in that column; NULL: nothing. */
static const char *cell(const struct padron_archivo *p, enum padron_columna c)
{
	const char *text =
		p->at[c] != 0 && p->at[c] <= p->record.count ? p->record.fields[p->at[c] - 1] : "";

	return text[strspn(text, " \t")] != '\0' ? text : NULL;
}

static enum err take_yes(struct padron_archivo *p, struct padron_obra *o, bool *ret)
{
	const char *typed = cell(p, COLUMNA_CONVENIO_2020);
	char word[CSV_NAME] = "";

	*ret = p->convenio == 's';
	if (typed == NULL)
		return OK;
	csv_name(typed, word);
	if (strcmp(word, "si") != 0 && strcmp(word, "no") != 0)
		return padron_obra_dice(o, p->record.line, names[COLUMNA_CONVENIO_2020],
			"se admite sí o no, o nada; corrígelo.");
	if (p->convenio != '\0' && p->convenio != *word)
		return padron_obra_dice(o, p->record.line, names[COLUMNA_CONVENIO_2020],
			"contradice lo dicho de este RFC desde el renglón %d; deja uno solo.",
			o->linea);
	p->convenio = *word;
	*ret = *word == 's';
	return OK;
}

/* "medios=leer" cut in two, in the copy at hand. */
static bool cut_permission(char *word, struct m_permiso *ret)
{
	char *equal = strpbrk(word, "=:");

	if (equal == NULL || equal == word || equal[1] == '\0')
		return false;
	*equal = '\0';
	*ret = (struct m_permiso){.ambito = word, .nivel = equal + 1};
	return true;
}

static enum err take_permissions(
	struct padron_archivo *p, struct padron_obra *o, struct m_padron_representante *to)
{
	const char *typed = cell(p, COLUMNA_PERMISOS);
	char *words = typed != NULL ? arena_strdup(o->arena, typed) : NULL;
	char *rest = NULL;

	to->permisos = arena_array(o->arena, PERMISOS, sizeof(*to->permisos));
	if (to->permisos == NULL || (typed != NULL && words == NULL))
		return ERR_NO_MEMORY;
	for (char *w = typed != NULL ? strtok_r(words, " \t,;", &rest) : NULL; w != NULL;
		w = strtok_r(NULL, " \t,;", &rest)) {
		if (to->permisos_count == PERMISOS ||
			!cut_permission(w, &to->permisos[to->permisos_count]))
			return padron_obra_dice(o, p->record.line, names[COLUMNA_PERMISOS],
				"los permisos se escriben como notificaciones=abrir medios=leer, o "
				"todo=firmar; corrígelos.");
		to->permisos_count++;
	}
	return OK;
}

static enum err take_representative(struct padron_archivo *p, struct padron_obra *o)
{
	struct m_padron_representante raw = {.rfc = cell(p, COLUMNA_REPRESENTANTE),
		.desde = cell(p, COLUMNA_DESDE),
		.hasta = cell(p, COLUMNA_HASTA)};
	bool before = o->mal;

	o->mal = false;
	enum err e = take_permissions(p, o, &raw);

	if (e == OK && !o->mal)
		e = padron_obra_representante(o, p->record.line, "", &raw);
	o->mal = o->mal || before;
	return e;
}

/* The record at hand, whose RFC is that one. */
static enum err take_row(struct padron_archivo *p, struct padron_obra *o, const char *rfc)
{
	struct m_padron_ficha raw = {.rfc = rfc,
		.nombre = cell(p, COLUMNA_NOMBRE),
		.zona = cell(p, COLUMNA_ZONA),
		.domicilio = cell(p, COLUMNA_DOMICILIO),
		.estado = cell(p, COLUMNA_ESTADO),
		.inscrito = cell(p, COLUMNA_INSCRITO)};
	const struct m_registro_patronal rp = {
		.rp = cell(p, COLUMNA_RP), .subdelegacion = cell(p, COLUMNA_SUBDELEGACION)};
	enum err e = take_yes(p, o, &raw.convenio_2020);

	if (e == OK)
		e = padron_obra_identidad(o, p->record.line, &raw);
	if (e == OK)
		e = padron_obra_rp(o, p->record.line, "", &rp);
	return e == OK ? take_representative(p, o) : e;
}

/* Is the record at hand of that RFC, too? */
static enum err goes_on(struct padron_archivo *p, const char *rfc, bool *ret)
{
	const char *typed = cell(p, COLUMNA_RFC);
	const char *other = NULL;
	enum err e = typed != NULL ? rfc_normalize(&p->row, typed, &other) : ERR_BAD_RFC;

	*ret = e == OK && strcmp(rfc, other) == 0;
	return e == ERR_BAD_RFC ? OK : e;
}

/* All rows of that RFC, from the one at hand on; what comes behind them is pending. */
static enum err take_rows(struct padron_archivo *p, struct padron_obra *o, const char *rfc)
{
	enum err e = OK;

	for (bool more = true; e == OK && more;) {
		e = take_row(p, o, rfc);
		if (e == OK)
			e = next_record(p);
		if (e == OK)
			e = goes_on(p, rfc, &more);
	}
	return e == ERR_NOT_FOUND ? OK : e;
}

enum err padron_csv_next(struct padron_archivo *p, struct arena *a, const struct padron_ficha **ret)
{
	struct padron_obra o;
	const char *rfc = NULL;
	enum err e = p->pending ? OK : next_record(p);

	if (e != OK)
		return e;
	p->pending = false;
	p->convenio = '\0';
	padron_obra_begin(&o, a, p->oido, p->now, p->record.line);
	e = padron_obra_rfc(&o, p->record.line, cell(p, COLUMNA_RFC), &rfc);
	if (e != OK || rfc == NULL)
		return e;
	e = padron_archivo_begin(p, &o, p->record.line, rfc);
	o.ficha.con_rps = p->at[COLUMNA_RP] != 0;
	o.ficha.con_representantes = p->at[COLUMNA_REPRESENTANTE] != 0;
	if (e == OK)
		e = take_rows(p, &o, rfc);
	return e == OK ? padron_obra_end(&o, ret) : e;
}
