/*
 * `buzond alta`: who an RFC is (L-4.1), and whether its Buzón was already active under the 2020
 * agreement (L-5.4).
 */
#include "core/store/store_guard.h"
#include "core/verbos.h"
#include "crypto/rfc.h"
#include "ley/zona.h"

#define NOMBRE_BYTES 400

/* The last instant at which the 2020 agreement could activate a Buzón. */
static int64_t last_of_2020_agreement(void)
{
	return zona_instant(zona_centro(), fecha_of(2024, 8, 6), 0) - 1;
}

enum err verbo_alta(struct verbo *v, const struct args_alta *args)
{
	AUTO(store_guard) g = NULL;
	AUTO(store) s = NULL;
	struct config c;
	struct in_particular_poner in = {.nombre = args->nombre,
		.zona = args->zona != NULL ? args->zona : ZONA_CENTRO,
		.habilitado = args->habilitado_2020 ? last_of_2020_agreement() : 0};
	enum err e = verbo_texto(v, "--nombre", args->nombre, NOMBRE_BYTES);

	if (e == OK)
		e = rfc_normalize(v->arena, args->rfc, &in.rfc);
	if (e == OK && zona_find(in.zona) == NULL)
		e = verbo_fallo(v, ERR_BAD_FIELD,
			"«%s» no es una zona horaria de México; usa una como America/Tijuana.",
			in.zona);
	if (e == OK)
		e = verbo_configuracion(v, args->config, &c);
	if (e == OK)
		e = store_guard_use(c.almacen, &g);
	if (e == OK)
		e = store_open(c.almacen, DB_WRITE, &s);
	if (e == OK)
		e = q_particular_poner(s, &in, v->arena, NULL);
	if (e != OK)
		return e;
	if (!rfc_check_digit_ok(in.rfc))
		fprintf(v->err,
			"El dígito verificador de %s no coincide; revisa que sea correcto.\n",
			in.rfc);
	fprintf(v->out, "%s registrado.\n", in.rfc);
	return OK;
}
