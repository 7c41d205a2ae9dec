#include "core/padron_obra.h"

#include <string.h>
#include "base/utf8.h"
#include "crypto/rfc.h"
#include "ley/estado.h"
#include "ley/rp.h"

#define NOMBRE_BYTES 400
#define DOMICILIO_BYTES 500
#define SUBDELEGACION_BYTES 200
#define FIRST_YEAR 1900
#define LAST_YEAR 2199
/* What is shown of a wrong text. */
#define SHOWN 60

void padron_obra_begin(struct padron_obra *o, struct arena *a, const struct padron_oido *oido,
	int64_t now, int linea)
{
	*o = (struct padron_obra){.arena = a, .oido = oido, .now = now, .linea = linea};
}

/* ---- telling ---- */

static enum err tell(
	struct padron_obra *o, int linea, const char *campo, const char *dice, bool aviso)
{
	const struct padron_queja q = {
		.linea = linea, .campo = campo, .dice = dice, .aviso = aviso};

	if (dice == NULL)
		return ERR_NO_MEMORY;
	o->mal = o->mal || !aviso;
	o->oido->oye(o->oido->ctx, &q);
	return OK;
}

enum err padron_obra_dice(
	struct padron_obra *o, int linea, const char *campo, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	const char *dice = arena_vprintf(o->arena, format, args);

	va_end(args);
	return tell(o, linea, campo, dice, false);
}

const char *padron_obra_muestra(struct padron_obra *o, const char *text)
{
	char *clean = utf8_clean(o->arena, text);
	size_t size = clean != NULL ? strlen(clean) : 0;

	if (clean == NULL)
		return "?";
	if (size <= SHOWN)
		return clean;
	for (size = SHOWN; size > 0 && ((unsigned char)clean[size] & 0xc0) == 0x80;)
		size--;
	memcpy(clean + size, "…", sizeof("…"));
	return clean;
}

static const char *named(struct padron_obra *o, const char *campo, const char *name)
{
	const char *all = *campo == '\0' ? name : arena_printf(o->arena, "%s%s", campo, name);

	return all != NULL ? all : name;
}

/* ---- texts ---- */

/* The text without blanks around it; NULL: nothing, or no memory (then *ret_e says so). */
static const char *trimmed(struct padron_obra *o, const char *text, enum err *ret_e)
{
	*ret_e = OK;
	if (text == NULL)
		return NULL;
	text += strspn(text, " \t");
	size_t size = strlen(text);

	while (size > 0 && (text[size - 1] == ' ' || text[size - 1] == '\t'))
		size--;
	if (size == 0)
		return NULL;
	const char *copy = arena_copy(o->arena, text, size);

	*ret_e = copy != NULL ? OK : ERR_NO_MEMORY;
	return copy;
}

/* What must never reach a terminal or a cadena original. */
static bool harmless(const char *text)
{
	size_t left = strlen(text);

	while (left != 0) {
		uint32_t c = 0;
		size_t n = utf8_decode(text, left, &c);

		if (n == 0 || utf8_harmful(c) || c == '|')
			return false;
		text += n;
		left -= n;
	}
	return true;
}

/* The text itself, or NULL with *ret_e OK where there is none or it was told to be wrong. */
static const char *text_of(struct padron_obra *o, int linea, const char *campo, const char *typed,
	size_t max, enum err *ret_e)
{
	const char *text = trimmed(o, typed, ret_e);

	if (text == NULL)
		return NULL;
	if (strlen(text) > max) {
		*ret_e = padron_obra_dice(o, linea, campo,
			"«%s» pasa de %zu bytes; escríbelo más corto.",
			padron_obra_muestra(o, text), max);
		return NULL;
	}
	if (!harmless(text)) {
		*ret_e = padron_obra_dice(o, linea, campo,
			"«%s» tiene un salto de línea, un carácter de control o invisible, o el "
			"signo |; quítalo.",
			padron_obra_muestra(o, text));
		return NULL;
	}
	return text;
}

/* The slot takes the text, unless it has another one already. */
static enum err set(
	struct padron_obra *o, int linea, const char *campo, const char *text, const char **slot)
{
	if (text == NULL)
		return OK;
	if (*slot != NULL && strcmp(*slot, text) != 0)
		return padron_obra_dice(o, linea, campo,
			"«%s» contradice lo dicho de este RFC desde el renglón %d («%s»); deja "
			"uno solo.",
			padron_obra_muestra(o, text), o->linea, padron_obra_muestra(o, *slot));
	*slot = text;
	return OK;
}

/* ---- dates ---- */

/* *ret_said false where none is said, or it was told to be wrong. */
static enum err date_of(struct padron_obra *o, int linea, const char *campo, const char *typed,
	int32_t *ret, bool *ret_said)
{
	enum err e = OK;
	const char *text = trimmed(o, typed, &e);
	int year = 0;
	int month = 0;
	int day = 0;

	*ret_said = false;
	if (text == NULL)
		return e;
	if (fecha_parse(text, ret) != OK)
		return padron_obra_dice(o, linea, campo,
			"«%s» no es una fecha; escríbela como 2024-08-06 (año-mes-día; en una hoja "
			"de cálculo, con el formato aaaa-mm-dd).",
			padron_obra_muestra(o, text));
	fecha_split(*ret, &year, &month, &day);
	if (year < FIRST_YEAR || year > LAST_YEAR)
		return padron_obra_dice(o, linea, campo,
			"el año de %s no va de %d a %d; corrígelo.", text, FIRST_YEAR, LAST_YEAR);
	*ret_said = true;
	return OK;
}

/* The civil date is kept, whatever the domicile: the term of L-T1 is counted in Zona Centro. */
static enum err set_inscrito(struct padron_obra *o, int linea, const char *typed)
{
	const char *campo = "inscrito";
	int32_t dia = 0;
	bool said = false;
	enum err e = date_of(o, linea, campo, typed, &dia, &said);

	if (e != OK || !said)
		return e;
	int64_t at = zona_instant(zona_centro(), dia, 0);

	if (at > o->now)
		return padron_obra_dice(o, linea, campo,
			"la fecha está en el futuro; escribe cuándo se inscribió el RFC.");
	if (o->ficha.inscrito != 0 && o->ficha.inscrito != at)
		return padron_obra_dice(o, linea, campo,
			"contradice la fecha dicha de este RFC desde el renglón %d; deja una sola.",
			o->linea);
	o->ficha.inscrito = at;
	return OK;
}

/* ---- who it is ---- */

enum err padron_obra_rfc(struct padron_obra *o, int linea, const char *typed, const char **ret)
{
	enum err e = OK;
	const char *text = trimmed(o, typed, &e);
	const char *rfc = NULL;

	*ret = NULL;
	if (e != OK)
		return e;
	if (text == NULL)
		return padron_obra_dice(o, linea, "rfc", "falta; cada renglón lleva su RFC.");
	e = rfc_normalize(o->arena, text, &rfc);
	if (e == ERR_BAD_RFC)
		return padron_obra_dice(o, linea, "rfc",
			"«%s» no tiene la forma de un RFC: 12 caracteres (moral) o 13 (física); "
			"corrígelo.",
			padron_obra_muestra(o, text));
	if (e == OK)
		*ret = rfc;
	return e;
}

static enum err warn_digit(
	struct padron_obra *o, int linea, const char *campo, const char *what, bool ok)
{
	return ok ? OK
		  : tell(o, linea, campo,
			    arena_printf(o->arena,
				    "El dígito verificador de %s no coincide; revisa que sea "
				    "correcto.",
				    what),
			    true);
}

static enum err set_zona(struct padron_obra *o, int linea, const char *typed)
{
	enum err e = OK;
	const char *zona = trimmed(o, typed, &e);

	if (zona != NULL && zona_find(zona) == NULL)
		return padron_obra_dice(o, linea, "zona",
			"«%s» no es una zona horaria de México; usa una como America/Tijuana.",
			padron_obra_muestra(o, zona));
	return e == OK ? set(o, linea, "zona", zona, &o->ficha.zona) : e;
}

static enum err set_estado(struct padron_obra *o, int linea, const char *typed)
{
	enum err e = OK;
	const char *text = trimmed(o, typed, &e);
	char *clave = text != NULL ? arena_strdup(o->arena, text) : NULL;

	if (e != OK || text == NULL)
		return e;
	if (clave == NULL)
		return ERR_NO_MEMORY;
	utf8_upper(clave);
	if (estado_nombre(clave) == NULL)
		return padron_obra_dice(o, linea, "estado",
			"«%s» no es la clave de un estado (ISO 3166-2:MX); usa una como JAL o CMX.",
			padron_obra_muestra(o, text));
	return set(o, linea, "estado", clave, &o->ficha.estado);
}

enum err padron_obra_identidad(struct padron_obra *o, int linea, const struct m_padron_ficha *raw)
{
	struct padron_ficha *f = &o->ficha;
	const char *rfc = NULL;
	enum err e = padron_obra_rfc(o, linea, raw->rfc, &rfc);

	if (e == OK && rfc != NULL && f->rfc == NULL)
		e = warn_digit(o, linea, "rfc", rfc, rfc_check_digit_ok(rfc));
	if (rfc != NULL)
		f->rfc = rfc;
	const char *text =
		e == OK ? text_of(o, linea, "nombre", raw->nombre, NOMBRE_BYTES, &e) : NULL;

	if (e == OK)
		e = set(o, linea, "nombre", text, &f->nombre);
	if (e == OK)
		e = set_zona(o, linea, raw->zona);
	text = e == OK ? text_of(o, linea, "domicilio", raw->domicilio, DOMICILIO_BYTES, &e) : NULL;
	if (e == OK)
		e = set(o, linea, "domicilio", text, &f->domicilio);
	if (e == OK)
		e = set_estado(o, linea, raw->estado);
	if (e == OK)
		e = set_inscrito(o, linea, raw->inscrito);
	f->convenio_2020 = f->convenio_2020 || raw->convenio_2020;
	return e;
}

/* ---- its Registros Patronales ---- */

/* Room for one more, doubling; NULL: no memory. */
static void *grown(struct arena *a, const void *had, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return (void *)(uintptr_t)had;
	size_t more = *room == 0 ? 4 : 2 * *room;
	void *to = arena_array(a, more, size);

	if (to != NULL && count != 0)
		memcpy(to, had, count * size);
	if (to != NULL)
		*room = more;
	return to;
}

static enum err add_rp(struct padron_obra *o, int linea, const char *campo, const char *rp,
	const char *subdelegacion)
{
	struct padron_ficha *f = &o->ficha;

	for (size_t i = 0; i < f->rps_count; i++)
		if (strcmp(o->rps[i].rp, rp) == 0)
			return set(o, linea, named(o, campo, "subdelegacion"), subdelegacion,
				&o->rps[i].subdelegacion);
	if (f->rps_count == PADRON_RPS)
		return padron_obra_dice(o, linea, named(o, campo, "rp"),
			"un RFC lleva a lo más %d Registros Patronales; quita los que ya no tiene.",
			PADRON_RPS);
	o->rps = grown(o->arena, o->rps, f->rps_count, &o->rps_room, sizeof(*o->rps));
	if (o->rps == NULL)
		return ERR_NO_MEMORY;
	o->rps[f->rps_count++] =
		(struct m_registro_patronal){.rp = rp, .subdelegacion = subdelegacion};
	return warn_digit(
		o, linea, named(o, campo, "rp"), rp_text(o->arena, rp), rp_check_digit_ok(rp));
}

enum err padron_obra_rp(
	struct padron_obra *o, int linea, const char *campo, const struct m_registro_patronal *raw)
{
	const char *rp = NULL;
	enum err e = OK;
	const char *typed = trimmed(o, raw->rp, &e);
	const char *subdelegacion = e == OK ? text_of(o, linea, named(o, campo, "subdelegacion"),
						      raw->subdelegacion, SUBDELEGACION_BYTES, &e)
					    : NULL;

	if (e != OK)
		return e;
	if (typed == NULL)
		return subdelegacion == NULL
			       ? OK
			       : padron_obra_dice(o, linea, named(o, campo, "rp"),
					 "falta el Registro Patronal de la subdelegación «%s»; "
					 "agrégalo.",
					 padron_obra_muestra(o, subdelegacion));
	e = rp_normalize(o->arena, typed, &rp);
	if (e == ERR_BAD_FIELD)
		return padron_obra_dice(o, linea, named(o, campo, "rp"),
			"«%s» no tiene la forma de un Registro Patronal: 11 caracteres, como "
			"A01-23456-10-7; corrígelo.",
			padron_obra_muestra(o, typed));
	return e == OK ? add_rp(o, linea, campo, rp, subdelegacion) : e;
}

/* ---- its representatives ---- */

static const char *words(struct padron_obra *o, bool levels)
{
	struct buf b;

	buf_init(&b, o->arena);
	for (unsigned i = levels ? NIVEL_NADA + 1 : 0; i < (levels ? (unsigned)NIVELES : AMBITOS);
		i++)
		buf_printf(&b, "%s%s", b.size != 0 ? ", " : "",
			levels ? nivel_word((enum nivel)i) : ambito_word((enum ambito)i));
	return buf_end_text(&b);
}

/* "todo": every menu. */
static enum err add_permission(struct padron_obra *o, int linea, const char *campo,
	const struct m_permiso *p, struct alcance *to)
{
	bool all = strcmp(p->ambito, "todo") == 0;
	enum ambito a = ambito_of(p->ambito);
	enum nivel n = nivel_of(p->nivel);

	if (!all && a == AMBITOS)
		return padron_obra_dice(o, linea, campo, "«%s» no es un menú; se admite: todo, %s.",
			padron_obra_muestra(o, p->ambito), words(o, false));
	if (n == NIVEL_NADA)
		return padron_obra_dice(o, linea, campo, "«%s» no es un nivel; se admite: %s.",
			padron_obra_muestra(o, p->nivel), words(o, true));
	for (unsigned i = 0; i < AMBITOS; i++)
		if ((all || i == (unsigned)a) && to->nivel[i] < n)
			to->nivel[i] = n;
	return OK;
}

/* In another's name only a natural person opens and signs (CFF 19). */
static enum err check_signs(
	struct padron_obra *o, int linea, const char *campo, const struct padron_representante *r)
{
	if (rfc_kind(r->rfc) != RFC_MORAL ||
		alcance_en(&r->alcance, AMBITO_CUALQUIERA) <= NIVEL_PREPARAR)
		return OK;
	return padron_obra_dice(o, linea, campo,
		"%s es una persona moral, que por otro sólo puede leer o preparar; baja el nivel o "
		"escribe el RFC de una persona física.",
		r->rfc);
}

static enum err scope_of(struct padron_obra *o, int linea, const char *campo,
	const struct m_padron_representante *raw, struct alcance *ret)
{
	enum err e = OK;

	if (raw->permisos_count == 0)
		return padron_obra_dice(o, linea, campo,
			"faltan los permisos de %s; escríbelos como notificaciones=abrir "
			"medios=leer.",
			padron_obra_muestra(o, raw->rfc));
	for (size_t i = 0; e == OK && i < raw->permisos_count; i++)
		e = add_permission(o, linea, campo, &raw->permisos[i], ret);
	return e;
}

static bool equal(const struct padron_representante *a, const struct padron_representante *b)
{
	for (unsigned i = 0; i < AMBITOS; i++)
		if (a->alcance.nivel[i] != b->alcance.nivel[i])
			return false;
	return a->desde == b->desde && a->hasta == b->hasta;
}

static enum err add_representative(
	struct padron_obra *o, int linea, const char *campo, const struct padron_representante *r)
{
	struct padron_ficha *f = &o->ficha;

	for (size_t i = 0; i < f->representantes_count; i++) {
		const struct padron_representante *had = &o->representantes[i];

		if (strcmp(had->rfc, r->rfc) == 0)
			return equal(had, r) ? OK
					     : padron_obra_dice(o, linea, campo,
						       "%s ya está como representante con otros "
						       "permisos o fechas; deja uno solo.",
						       r->rfc);
	}
	if (f->representantes_count == PADRON_REPRESENTANTES)
		return padron_obra_dice(o, linea, campo,
			"un RFC lleva a lo más %d representantes; quita los que ya no lo son.",
			PADRON_REPRESENTANTES);
	o->representantes = grown(o->arena, o->representantes, f->representantes_count,
		&o->representantes_room, sizeof(*o->representantes));
	if (o->representantes == NULL)
		return ERR_NO_MEMORY;
	o->representantes[f->representantes_count++] = *r;
	return OK;
}

static enum err dates_of(struct padron_obra *o, int linea, const char *campo,
	const struct m_padron_representante *raw, struct padron_representante *to)
{
	const char *name = named(o, campo, "desde");
	bool from = false;
	bool until = false;
	enum err e = date_of(o, linea, name, raw->desde, &to->desde, &from);

	if (e == OK && !from && (raw->desde == NULL || *raw->desde == '\0'))
		e = padron_obra_dice(o, linea, name,
			"falta desde cuándo representa; escríbelo como 2024-08-06.");
	name = named(o, campo, "hasta");
	if (e == OK)
		e = date_of(o, linea, name, raw->hasta, &to->hasta, &until);
	if (e == OK && from && until && to->hasta < to->desde)
		e = padron_obra_dice(o, linea, name,
			"la representación terminaría antes de empezar; corrige desde o hasta.");
	if (!until)
		to->hasta = 0;
	return e;
}

static enum err representative_rfc(
	struct padron_obra *o, int linea, const char *campo, const char *typed, const char **ret)
{
	const char *rfc = NULL;
	enum err e = rfc_normalize(o->arena, typed, &rfc);

	if (e == ERR_BAD_RFC)
		return padron_obra_dice(o, linea, campo,
			"«%s» no tiene la forma de un RFC; escribe el de quien representa.",
			padron_obra_muestra(o, typed));
	if (e != OK)
		return e;
	if (o->ficha.rfc != NULL && strcmp(rfc, o->ficha.rfc) == 0)
		return padron_obra_dice(o, linea, campo,
			"nadie se representa a sí mismo; escribe el RFC de quien representa a %s.",
			rfc);
	*ret = rfc;
	return warn_digit(o, linea, campo, rfc, rfc_check_digit_ok(rfc));
}

enum err padron_obra_representante(struct padron_obra *o, int linea, const char *campo,
	const struct m_padron_representante *raw)
{
	/* A column of its own in CSV; in JSON, of a list. */
	const char *who = *campo == '\0' ? "representante" : named(o, campo, "rfc");
	struct padron_representante r = {0};
	enum err e = OK;
	const char *typed = trimmed(o, raw->rfc, &e);
	bool nothing = raw->permisos_count == 0 && raw->desde == NULL && raw->hasta == NULL;

	if (e != OK || (typed == NULL && nothing))
		return e;
	if (typed == NULL)
		return padron_obra_dice(o, linea, who,
			"falta el RFC del representante de esos permisos o fechas; agrégalo.");
	bool before = o->mal;

	o->mal = false;
	e = representative_rfc(o, linea, who, typed, &r.rfc);
	if (e == OK)
		e = scope_of(o, linea, named(o, campo, "permisos"), raw, &r.alcance);
	if (e == OK && !o->mal)
		e = check_signs(o, linea, named(o, campo, "permisos"), &r);
	if (e == OK)
		e = dates_of(o, linea, campo, raw, &r);
	if (e == OK && !o->mal)
		e = add_representative(o, linea, who, &r);
	o->mal = o->mal || before;
	return e;
}

/* ---- all of it ---- */

enum err padron_obra_end(struct padron_obra *o, const struct padron_ficha **ret)
{
	struct padron_ficha *f = &o->ficha;
	enum err e = OK;

	*ret = NULL;
	if (!o->mal && f->nombre == NULL)
		e = padron_obra_dice(o, o->linea, "nombre",
			"falta; escribe el nombre, denominación o razón social de %s.",
			f->rfc != NULL ? f->rfc : "?");
	if (e != OK || o->mal)
		return e;
	f->rps = o->rps;
	f->representantes = o->representantes;
	struct padron_ficha *copy = arena_copy(o->arena, f, sizeof(*f));

	*ret = copy;
	return copy != NULL ? OK : ERR_NO_MEMORY;
}
