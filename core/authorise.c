#include "core/authorise.h"

#include "core/rules/rules.h"
#include "crypto/rfc.h"

/* Whoever no row speaks of yet: may enter, has no enabled Buzón, and reads in Zona Centro. */
static enum err read_particular(struct exchange *x)
{
	struct env *env = &x->env;
	struct in_particular in = {.rfc = env->titular};
	struct out_particular row;
	enum err e = q_particular(env->store, &in, env->arena, &row);

	if (e != OK && e != ERR_NOT_FOUND)
		return e;
	bool known = e == OK;

	env->titular_nombre = known					 ? row.nombre
			      : strcmp(env->titular, x->signer.rfc) == 0 ? x->signer.nombre
									 : env->titular;
	env->zona = known ? row.zona : ZONA_CENTRO;
	env->habilitado = known && row.habilitado != 0;
	return OK;
}

static struct in_mandato mandate_of(const struct exchange *x)
{
	return (struct in_mandato){.titular = x->env.titular,
		.representante = x->signer.rfc,
		.ambito = x->row->scope,
		.ahora = x->env.now};
}

static enum err check_hat(struct exchange *x, unsigned who)
{
	struct env *env = &x->env;

	if (who == ROUTE_PROPIO)
		return strcmp(env->titular, x->signer.rfc) == 0 ? OK : ERR_NOT_YOURS;
	if (who == ROUTE_FUNCIONARIO)
		return config_funcionario(env->config, x->signer.rfc) != NULL ? OK
									      : ERR_NOT_FUNCTIONARY;
	struct in_mandato in = mandate_of(x);
	struct out_mandato row;
	enum err e = q_mandato(env->store, &in, env->arena, &row);

	return e == ERR_NOT_FOUND ? ERR_NO_MANDATE : e;
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
	if (e == OK && x->row->enabled && !x->env.habilitado)
		e = ERR_NOT_ENABLED;
	return e;
}

enum err authorise_ahead(struct exchange *x)
{
	const struct m_hat *hat = x->message;
	struct env *env = &x->env;

	env->titular = hat->titular;
	struct in_particular who = {.rfc = env->titular};
	struct in_mandato mandate = mandate_of(x);
	enum err e = store_ahead(env->store, QUERY_particular, &who);

	if (e == OK && route_who_of(hat->calidad) == ROUTE_REPRESENTANTE)
		e = store_ahead(env->store, QUERY_mandato, &mandate);
	return e == OK ? rules_ahead(x->route, env, x->message) : e;
}
