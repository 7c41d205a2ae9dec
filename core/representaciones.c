#include "core/representaciones.h"

#include "core/cuenta.h"
#include "core/medios.h"
#include "core/tarea.h"
#include "crypto/rfc.h"

/* ---- what time makes of one ---- */

static bool accepted(const struct representacion_fechas *f)
{
	return f->acepta_antes == 0 || f->aceptada != 0;
}

const char *representaciones_estado(const struct representacion_fechas *f, int64_t now)
{
	if (f->termino != 0)
		return "terminada";
	if (!accepted(f))
		return now <= f->acepta_antes ? "por-aceptar" : "caducada";
	if (f->hasta != 0 && now > f->hasta)
		return "vencida";
	return now < representaciones_desde(f) ? "futura" : "vigente";
}

int64_t representaciones_cambia(const struct representacion_fechas *f, int64_t now)
{
	if (f->termino != 0)
		return 0;
	if (!accepted(f))
		return now <= f->acepta_antes ? f->acepta_antes + 1 : 0;
	if (now < representaciones_desde(f))
		return representaciones_desde(f);
	return f->hasta != 0 && now <= f->hasta ? f->hasta + 1 : 0;
}

bool representaciones_abierta(const struct representacion_fechas *f, int64_t now)
{
	return f->termino == 0 && (f->hasta == 0 || now <= f->hasta) &&
	       (accepted(f) || now <= f->acepta_antes);
}

int64_t representaciones_desde(const struct representacion_fechas *f)
{
	return f->aceptada > f->desde ? f->aceptada : f->desde;
}

struct representacion_fechas representaciones_fechas(const struct out_representacion *row)
{
	return (struct representacion_fechas){.desde = row->desde,
		.hasta = row->hasta,
		.acepta_antes = row->acepta_antes,
		.aceptada = row->aceptada,
		.termino = row->termino};
}

/* ---- scope as text ---- */

enum err representaciones_alcance(
	const struct m_permiso *permisos, size_t count, struct alcance *ret)
{
	struct alcance all = {0};

	for (size_t i = 0; i < count; i++) {
		enum ambito a = ambito_of(permisos[i].ambito);
		enum nivel n = nivel_of(permisos[i].nivel);

		if (a == AMBITOS || n == NIVEL_NADA || all.nivel[a] != NIVEL_NADA)
			return ERR_BAD_FIELD;
		all.nivel[a] = n;
	}
	if (count == 0)
		return ERR_BAD_FIELD;
	*ret = all;
	return OK;
}

const char *representaciones_texto(struct arena *a, const struct alcance *alcance)
{
	const char *text = "";

	for (unsigned i = 0; text != NULL && i < AMBITOS; i++)
		if (alcance->nivel[i] != NIVEL_NADA)
			text = arena_printf(a, "%s%s%s:%s", text, *text != '\0' ? " " : "",
				ambito_word((enum ambito)i), nivel_word(alcance->nivel[i]));
	return text;
}

/* The word at `text` up to `end`, cut into `to`; what is behind it, NULL where it does not fit. */
static const char *cut(const char *text, const char *end, char to[32])
{
	size_t size = strcspn(text, end);

	if (size >= 32)
		return NULL;
	memcpy(to, text, size);
	to[size] = '\0';
	return text + size;
}

bool representaciones_lee(const char *texto, struct alcance *ret)
{
	struct alcance all = {0};
	char ambito[32];
	char nivel[32];
	bool any = false;

	for (const char *at = texto; at != NULL && *at != '\0'; any = true) {
		at = cut(at, ":", ambito);
		at = at != NULL && *at == ':' ? cut(at + 1, " ", nivel) : NULL;
		struct m_permiso one = {.ambito = ambito, .nivel = nivel};
		struct alcance just = {0};

		if (at == NULL || representaciones_alcance(&one, 1, &just) != OK)
			return false;
		enum ambito a = ambito_of(ambito);

		if (all.nivel[a] != NIVEL_NADA)
			return false;
		all.nivel[a] = just.nivel[a];
		if (*at == ' ' && *++at == '\0')
			return false;
	}
	if (any)
		*ret = all;
	return any;
}

bool representaciones_dos_firmas(const struct alcance *a)
{
	return alcance_en(a, AMBITO_CUALQUIERA) > NIVEL_PREPARAR;
}

/* ---- both sides ---- */

/* Whoever was not known yet goes by their RFC until they come with a certificate. */
static enum err know(struct env *env, const char *rfc)
{
	const struct signer *s = env->signer;
	bool signs = s != NULL && strcmp(s->rfc, rfc) == 0;
	struct in_particular_asegurar in = {
		.rfc = rfc, .nombre = signs ? s->nombre : rfc, .zona = ZONA_CENTRO};
	struct in_particular_nombrar name = {.nombre = in.nombre, .rfc = rfc};
	enum err e = q_particular_asegurar(env->store, &in, env->arena, NULL);

	return e == OK && signs ? q_particular_nombrar(env->store, &name, env->arena, NULL) : e;
}

static enum err tell_one(struct env *env, const char *rfc)
{
	enum err e = know(env, rfc);

	return e == OK ? cuenta_cambio(env, rfc) : e;
}

/* In one order, whoever is represented: two servers that do it crosswise don't wait for each
 * other. */
static enum err tell_both(struct env *env, const char *titular, const char *representante)
{
	bool first = strcmp(titular, representante) < 0;
	enum err e = tell_one(env, first ? titular : representante);

	return e == OK ? tell_one(env, first ? representante : titular) : e;
}

/* By mail, to what that side has validated. */
static enum err write_to(
	struct env *env, const char *rfc, enum plantilla plantilla, const char *folio)
{
	struct in_particular in = {.rfc = rfc};
	struct out_particular row;
	enum err e = q_particular(env->store, &in, env->arena, &row);

	if (e != OK)
		return e;
	struct env side = *env;
	const struct m_dato datos[] = {
		{"folio", folio},
		{"fecha", hora_text(env->arena, zona_centro(), env->now, HORA_ACUSE)},
	};

	side.titular = rfc;
	side.titular_nombre = row.nombre;
	side.zona = row.zona;
	side.habilitado = row.habilitado;
	if (datos[1].valor == NULL)
		return ERR_NO_MEMORY;
	return medios_avisar(&side, NULL, plantilla, PLANTILLAS, datos, COUNT_OF(datos));
}

static enum err write_both(
	struct env *env, const char *representante, enum plantilla plantilla, const char *folio)
{
	enum err e = write_to(env, env->titular, plantilla, folio);

	return e == OK ? write_to(env, representante, plantilla, folio) : e;
}

/* ---- mandates and the job that tells of time ---- */

/* A representation as its mandates and its job see it. */
struct pair {
	const char *titular;
	const char *representante;
	const char *folio;
};

static enum err put_mandates(struct env *env, const struct pair *p, const struct alcance *alcance,
	const struct representacion_fechas *f)
{
	enum err e = OK;

	for (unsigned i = 0; e == OK && i < AMBITOS; i++) {
		struct in_mandato_poner in = {.titular = p->titular,
			.representante = p->representante,
			.ambito = ambito_word((enum ambito)i),
			.desde = representaciones_desde(f),
			.hasta = f->hasta,
			.nivel = alcance->nivel[i],
			.folio = p->folio};

		if (alcance->nivel[i] != NIVEL_NADA)
			e = q_mandato_poner(env->store, &in, env->arena, NULL);
	}
	return e;
}

/* An act received at env->now finds none any more; those that had not begun never were. */
static enum err end_mandates(struct env *env, const struct pair *p)
{
	struct in_mandatos_quitar out = {.titular = p->titular,
		.representante = p->representante,
		.folio = p->folio,
		.desde = env->now};
	struct in_mandatos_terminar end = {.hasta = env->now - 1,
		.titular = p->titular,
		.representante = p->representante,
		.folio = p->folio};
	enum err e = q_mandatos_quitar(env->store, &out, env->arena, NULL);

	return e == OK ? q_mandatos_terminar(env->store, &end, env->arena, NULL) : e;
}

/* Whoever waits is told of what time alone changes, too. */
static enum err watch(struct env *env, const struct pair *p, const struct representacion_fechas *f)
{
	int64_t when = representaciones_cambia(f, env->now);
	const char *key = arena_printf(env->arena, "%s %s", p->titular, p->folio);
	struct in_tarea_hecha none = {.clase = "representacion", .clave = key};

	if (key == NULL)
		return ERR_NO_MEMORY;
	return when != 0 ? tarea_poner(env->store, env->news, TAREA_representacion, key, when)
			 : q_tarea_hecha(env->store, &none, env->arena, NULL);
}

/* ---- acts ---- */

enum err representaciones_poner(struct env *env, const struct representacion_nueva *n)
{
	struct pair p = {env->titular, n->representante, n->folio};
	const struct representacion_fechas *f = &n->fechas;
	struct in_representacion_poner in = {.folio = n->folio,
		.titular = env->titular,
		.representante = n->representante,
		.permisos = representaciones_texto(env->arena, &n->alcance),
		.origen = "buzon",
		.desde = f->desde,
		.hasta = f->hasta,
		.base_sha256 = n->base_sha256,
		.acepta_antes = f->acepta_antes,
		.registrada = env->now};

	if (in.permisos == NULL)
		return ERR_NO_MEMORY;
	enum err e = q_representacion_poner(env->store, &in, env->arena, NULL);

	if (e == OK)
		e = tell_both(env, env->titular, n->representante);
	if (e == OK)
		e = watch(env, &p, f);
	if (e != OK || !accepted(f))
		return e;
	e = put_mandates(env, &p, &n->alcance, f);
	return e == OK ? write_both(env, n->representante, PLANTILLA_representante_alta, n->folio)
		       : e;
}

enum err representaciones_aceptar(
	struct env *env, const char *folio, const struct out_representacion *row, const char *acuse)
{
	struct pair p = {env->titular, row->representante, folio};
	struct representacion_fechas f = representaciones_fechas(row);
	struct in_representacion_aceptada up = {
		.aceptada = env->now, .acuse = acuse, .folio = folio, .titular = env->titular};
	struct alcance alcance;

	f.aceptada = env->now;
	if (!representaciones_lee(row->permisos, &alcance))
		return ERR_STORE;
	enum err e = store_change(env->store, QUERY_representacion_aceptada, &up);

	if (e == OK)
		e = put_mandates(env, &p, &alcance, &f);
	if (e == OK)
		e = tell_both(env, env->titular, row->representante);
	if (e == OK)
		e = watch(env, &p, &f);
	return e == OK ? write_both(env, row->representante, PLANTILLA_representante_alta, folio)
		       : e;
}

enum err representaciones_terminar(
	struct env *env, const char *folio, const struct out_representacion *row, const char *acuse)
{
	struct pair p = {env->titular, row->representante, folio};
	struct representacion_fechas f = representaciones_fechas(row);
	bool told = accepted(&f);
	struct in_representacion_terminada up = {.termino = env->now,
		.termino_por = env->signer->rfc,
		.acuse = acuse,
		.folio = folio,
		.titular = env->titular};
	enum err e = store_change(env->store, QUERY_representacion_terminada, &up);

	f.termino = env->now;
	if (e == OK)
		e = end_mandates(env, &p);
	if (e == OK)
		e = tell_both(env, env->titular, row->representante);
	if (e == OK)
		e = watch(env, &p, &f);
	return e == OK && told
		       ? write_both(env, row->representante, PLANTILLA_representante_baja, folio)
		       : e;
}

/* ---- the padrón ---- */

static enum err check_padron(const char *titular, const char *representante,
	const struct alcance *alcance, int64_t desde, int64_t hasta)
{
	enum rfc_kind kind = rfc_kind(representante);

	if (strcmp(titular, representante) == 0)
		return ERR_SELF;
	if (rfc_kind(titular) == RFC_NONE || kind == RFC_NONE || (hasta != 0 && hasta < desde) ||
		alcance_en(alcance, AMBITO_CUALQUIERA) == NIVEL_NADA)
		return ERR_BAD_FIELD;
	return kind == RFC_MORAL && representaciones_dos_firmas(alcance) ? ERR_BAD_FIELD : OK;
}

/* What it says anew of a row that is there; false: nothing. */
static bool differs(const struct out_representacion_tomar *row, const char *permisos,
	const struct representacion_fechas *f)
{
	/* A side has ended it here: what the padrón still says of it does not bring it back. */
	if (row->termino != 0)
		return row->termino_por == NULL || f->desde > row->termino;
	return strcmp(row->permisos, permisos) != 0 || row->desde != f->desde ||
	       row->hasta != f->hasta;
}

static enum err put_padron(struct env *env, const struct pair *p, const char *permisos,
	const struct representacion_fechas *f, bool known)
{
	struct in_representacion_poner in = {.folio = p->folio,
		.titular = p->titular,
		.representante = p->representante,
		.permisos = permisos,
		.origen = "padron",
		.desde = f->desde,
		.hasta = f->hasta};
	struct in_representacion_padron up = {.permisos = permisos,
		.desde = f->desde,
		.hasta = f->hasta,
		.folio = p->folio,
		.titular = p->titular};

	return known ? q_representacion_padron(env->store, &up, env->arena, NULL)
		     : q_representacion_poner(env->store, &in, env->arena, NULL);
}

/* Its mandates as they are now, whatever they were. */
static enum err replace_mandates(struct env *env, const struct pair *p,
	const struct alcance *alcance, const struct representacion_fechas *f)
{
	struct in_mandatos_quitar out = {
		.titular = p->titular, .representante = p->representante, .folio = p->folio};
	enum err e = q_mandatos_quitar(env->store, &out, env->arena, NULL);

	return e == OK ? put_mandates(env, p, alcance, f) : e;
}

static const char *padron_folio(struct env *env, const char *representante)
{
	return arena_printf(env->arena, "PADRON-%s", representante);
}

static enum err find_padron(struct env *env, const char *titular, const char *representante,
	struct pair *ret_pair, struct out_representacion_tomar *ret_row)
{
	const char *folio = padron_folio(env, representante);
	struct in_representacion_tomar in = {.folio = folio, .titular = titular};

	if (folio == NULL)
		return ERR_NO_MEMORY;
	*ret_pair = (struct pair){titular, representante, folio};
	return q_representacion_tomar(env->store, &in, env->arena, ret_row);
}

/* Where it does not say since when: as it was told the first time, or told again, from now on. What
 * a side has ended is not told again by that. */
static int64_t since(const struct env *env, const struct out_representacion_tomar *known)
{
	bool again = known == NULL || (known->termino != 0 && known->termino_por == NULL);

	return again ? env->now : known->desde;
}

enum err representaciones_padron(struct env *env, const char *titular, const char *representante,
	const struct alcance *alcance, int64_t desde, int64_t hasta)
{
	struct representacion_fechas f = {.desde = desde, .hasta = hasta};
	struct pair p;
	struct out_representacion_tomar row;
	enum err e = check_padron(titular, representante, alcance, desde, hasta);

	if (e == OK)
		e = find_padron(env, titular, representante, &p, &row);
	bool known = e == OK;

	if (e != OK && e != ERR_NOT_FOUND)
		return e;
	if (f.desde == 0)
		f.desde = since(env, known ? &row : NULL);
	const char *permisos = representaciones_texto(env->arena, alcance);

	if (permisos == NULL)
		return ERR_NO_MEMORY;
	if (known && !differs(&row, permisos, &f))
		return OK;
	e = put_padron(env, &p, permisos, &f, known);
	if (e == OK)
		e = replace_mandates(env, &p, alcance, &f);
	if (e == OK)
		e = tell_both(env, titular, representante);
	return e == OK ? watch(env, &p, &f) : e;
}

enum err representaciones_padron_quitar(
	struct env *env, const char *titular, const char *representante)
{
	struct pair p;
	struct out_representacion_tomar row;
	enum err e = find_padron(env, titular, representante, &p, &row);

	if (e == ERR_NOT_FOUND || (e == OK && row.termino != 0))
		return OK;
	if (e != OK)
		return e;
	const struct representacion_fechas f = {
		.desde = row.desde, .hasta = row.hasta, .termino = env->now};
	struct in_representacion_terminada up = {
		.termino = env->now, .folio = p.folio, .titular = titular};

	e = store_change(env->store, QUERY_representacion_terminada, &up);
	if (e == OK)
		e = end_mandates(env, &p);
	if (e == OK)
		e = tell_both(env, titular, representante);
	return e == OK ? watch(env, &p, &f) : e;
}
