#include "core/authorise.h"

#include "core/particular.h"
#include "core/rules/rules.h"
#include "crypto/rfc.h"

/* Whoever only others have spoken of goes by their RFC, until they come with their certificate. */
static const char *named_by(const struct exchange *x, const char *nombre)
{
	bool own = strcmp(x->env.titular, x->signer.rfc) == 0;

	return own && strcmp(nombre, x->env.titular) == 0 ? x->signer.nombre : nombre;
}

/* Whoever no row speaks of yet: may enter, has no enabled Buzón, and reads in Zona Centro. */
static enum err read_particular(struct exchange *x)
{
	enum err e = particular_read(&x->env, x->env.titular);

	if (e == OK)
		x->env.titular_nombre = named_by(x, x->env.titular_nombre);
	return e;
}

static struct in_mandatos mandates_of(const struct exchange *x)
{
	return (struct in_mandatos){
		.titular = x->env.titular, .representante = x->signer.rfc, .ahora = x->env.now};
}

/* More rows than menus: the same menu by several representations. */
#define MANDATOS 64

static enum err read_mandates(struct exchange *x)
{
	struct in_mandatos in = mandates_of(x);
	struct out_mandatos *rows;
	struct env *env = &x->env;
	size_t count;
	enum err e = q_mandatos_all(env->store, &in, MANDATOS, env->arena, &rows, &count);

	for (size_t i = 0; e == OK && i < count; i++) {
		enum ambito a = ambito_of(rows[i].ambito);

		if (a < AMBITOS && rows[i].nivel > (int64_t)env->alcance.nivel[a] &&
			rows[i].nivel < NIVELES)
			env->alcance.nivel[a] = (enum nivel)rows[i].nivel;
	}
	return e;
}

static struct in_representacion_parte party_of(const struct exchange *x)
{
	return (struct in_representacion_parte){
		.titular = x->env.titular, .representante = x->signer.rfc};
}

/* One side of a representation, which may not be in force yet. */
static enum err check_party(struct exchange *x)
{
	struct in_representacion_parte in = party_of(x);
	struct out_representacion_parte row;
	enum err e = q_representacion_parte(x->env.store, &in, x->env.arena, &row);

	return e == ERR_NOT_FOUND ? ERR_NO_MANDATE : e;
}

static enum err check_mandate(struct exchange *x)
{
	enum err e = read_mandates(x);

	if (e != OK)
		return e;
	if (x->row->scope == AMBITO_PARTE)
		return check_party(x);
	if (alcance_en(&x->env.alcance, AMBITO_CUALQUIERA) == NIVEL_NADA)
		return ERR_NO_MANDATE;
	return alcance_en(&x->env.alcance, x->row->scope) >= x->row->level ? OK : ERR_NO_SCOPE;
}

/*
 * Listed in the configuration, at this very moment; what of it they may do is the rule's. Entering,
 * uploading, publishing: for themselves (titular is the RFC that an act is for).
 */
static enum err check_functionary(const struct exchange *x)
{
	if (config_funcionario(x->env.config, x->signer.rfc) == NULL)
		return ERR_NOT_FUNCTIONARY;
	if (x->row->scope == AMBITO_CUALQUIERA && strcmp(x->env.titular, x->signer.rfc) != 0)
		return ERR_NOT_YOURS;
	return OK;
}

static enum err check_hat(struct exchange *x, unsigned who)
{
	struct env *env = &x->env;

	env->alcance = (struct alcance){0};
	if (who == ROUTE_REPRESENTANTE)
		return check_mandate(x);
	if (who == ROUTE_FUNCIONARIO)
		return check_functionary(x);
	if (strcmp(env->titular, x->signer.rfc) != 0)
		return ERR_NOT_YOURS;
	env->alcance = alcance_propio();
	return OK;
}

enum err authorise(struct exchange *x)
{
	const struct m_hat *hat = x->message;
	unsigned who = route_who_of(hat->calidad);

	/* authorise_ahead took it as it came. */
	x->env.titular = NULL;
	if (rfc_kind(hat->titular) == RFC_NONE) {
		x->env.campo = "titular";
		return ERR_BAD_FIELD;
	}
	if (who == 0) {
		x->env.campo = "calidad";
		return ERR_BAD_FIELD;
	}
	x->env.titular = hat->titular;
	x->env.calidad = hat->calidad;
	if ((x->row->who & who) == 0)
		return ERR_NOT_YOURS;
	enum err e = check_hat(x, who);

	if (e == OK)
		e = read_particular(x);
	if (e == OK && x->row->enabled && x->env.habilitado == 0)
		e = ERR_NOT_ENABLED;
	return e;
}

enum err authorise_ahead(struct exchange *x)
{
	const struct m_hat *hat = x->message;
	struct env *env = &x->env;

	env->titular = hat->titular;
	struct in_particular who = {.rfc = env->titular};
	struct in_mandatos mandates = mandates_of(x);
	struct in_representacion_parte party = party_of(x);
	enum err e = store_ahead(env->store, QUERY_particular, &who);

	bool other = route_who_of(hat->calidad) == ROUTE_REPRESENTANTE;

	if (e == OK && other)
		e = store_ahead(env->store, QUERY_mandatos, &mandates);
	if (e == OK && other && x->row->scope == AMBITO_PARTE)
		e = store_ahead(env->store, QUERY_representacion_parte, &party);
	return e == OK ? rules_ahead(x->route, env, x->message) : e;
}
