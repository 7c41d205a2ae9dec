#include <string.h>
#include "base/utf8.h"
#include "core/padron_archivo_formas.h"
#include "net/codec.h"

/* Is it a name of any of the objects that a file of the padrón may have? */
static bool known(const char *key)
{
	static const struct message *const all[] = {&message_padron_ficha,
		&message_padron_representante, &message_registro_patronal, &message_permiso};

	for (size_t i = 0; i < COUNT_OF(all); i++)
		for (size_t k = 0; k < all[i]->field_count; k++)
			if (strcmp(all[i]->fields[k].key, key) == 0)
				return true;
	return false;
}

static enum err not_decoded(struct padron_obra *o, int linea, enum err e, const char *campo)
{
	if (e == ERR_BAD_JSON)
		return padron_obra_dice(o, linea, NULL,
			"el objeto no es JSON válido; revisa comas, comillas y que ningún nombre "
			"se repita.");
	if (e != ERR_BAD_FIELD)
		return e;
	if (!known(campo))
		return padron_obra_dice(o, linea, campo,
			"ese nombre no se conoce; quítalo o corrígelo (buzond padron --ejemplo "
			"muestra los que hay).");
	return padron_obra_dice(o, linea, campo,
		"falta, es demasiado largo o no es del tipo que se espera; corrígelo (buzond "
		"padron --ejemplo muestra cómo).");
}

/* "rps[2]." */
static const char *place(struct padron_obra *o, const char *list, size_t i)
{
	return arena_printf(o->arena, "%s[%zu].", list, i + 1);
}

static enum err take_lists(struct padron_obra *o, int linea, const struct m_padron_ficha *raw)
{
	enum err e = OK;

	for (size_t i = 0; e == OK && i < raw->rps_count; i++) {
		const char *at = place(o, "rps", i);

		e = at != NULL ? padron_obra_rp(o, linea, at, &raw->rps[i]) : ERR_NO_MEMORY;
	}
	for (size_t i = 0; e == OK && i < raw->representantes_count; i++) {
		const char *at = place(o, "representantes", i);

		e = at != NULL ? padron_obra_representante(o, linea, at, &raw->representantes[i])
			       : ERR_NO_MEMORY;
	}
	return e;
}

static enum err take(struct padron_archivo *p, struct padron_obra *o, struct bytes object,
	const struct m_padron_ficha *raw, const struct padron_ficha **ret)
{
	struct m_padron_ficha named = *raw;
	enum err e = padron_obra_rfc(o, o->linea, raw->rfc, &named.rfc);

	if (e != OK || named.rfc == NULL)
		return e;
	e = padron_archivo_begin(p, o, o->linea, named.rfc);
	if (e == OK)
		e = padron_obra_identidad(o, o->linea, &named);
	o->ficha.con_rps = json_split_has(object, "rps");
	o->ficha.con_representantes = json_split_has(object, "representantes");
	if (e == OK)
		e = take_lists(o, o->linea, raw);
	return e == OK ? padron_obra_end(o, ret) : e;
}

static enum err split(struct padron_archivo *p, struct bytes *ret, int *ret_line)
{
	arena_free(&p->row);
	enum err e = json_split_next(&p->split, &p->row, ret, ret_line);

	if (e == ERR_BAD_JSON)
		e = padron_archivo_fatal(p, p->split.line,
			"aquí deja de ser JSON; el archivo lleva un objeto por RFC, en un solo "
			"arreglo [...] o uno por renglón.");
	else if (e == ERR_TOO_LARGE)
		e = padron_archivo_fatal(p, *ret_line,
			"el objeto pasa de 1 MB; revisa que cierre sus llaves y comillas.");
	else if (e == OK && !utf8_valid((const char *)ret->data, ret->size))
		e = padron_archivo_fatal(p, *ret_line, PADRON_UTF8);
	return e == OK && p->ended ? ERR_NOT_FOUND : e;
}

enum err padron_json_next(
	struct padron_archivo *p, struct arena *a, const struct padron_ficha **ret)
{
	struct m_padron_ficha raw;
	struct padron_obra o;
	struct bytes object;
	const char *campo = "";
	int linea = 0;
	enum err e = split(p, &object, &linea);

	if (e != OK)
		return e;
	padron_obra_begin(&o, a, p->oido, p->now, linea);
	e = codec_decode(a, &message_padron_ficha, CODEC_STRICT, object, &raw, &campo);
	return e == OK ? take(p, &o, object, &raw, ret) : not_decoded(&o, linea, e, campo);
}
