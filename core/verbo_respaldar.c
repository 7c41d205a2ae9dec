/*
 * `buzond respaldar`: the store of a moment in one file, while a server goes on writing. Whole and
 * looked at before it has its name, or not there at all.
 */
#include <inttypes.h>
#include <unistd.h>
#include "base/file.h"
#include "core/avance.h"
#include "core/copia.h"
#include "core/interrumpir.h"
#include "core/verbos.h"

static bool go_on(void *ctx, double done)
{
	avance_say(ctx, "Copiando: %.0f %% ", done * 100);
	return !interrumpir_came();
}

static enum err check_target(struct verbo *v, const struct args_respaldar *args, const char *store)
{
	if (file_same(args->a, store))
		return verbo_fallo(v, ERR_USAGE,
			"%s es el almacén mismo; elige otro archivo con --a.", args->a);
	if (file_exists(args->a) && !args->sobrescribir)
		return verbo_fallo(v, ERR_EXISTS,
			"%s ya existe; elige otro nombre con --a, o agrega --sobrescribir.",
			args->a);
	return OK;
}

static enum err explain(struct verbo *v, const struct args_respaldar *args, enum err e)
{
	switch (e) {
	case ERR_DISK_FULL:
		return verbo_fallo(v, e,
			"No cabe la copia donde está %s; libera espacio o elige otro disco con --a. "
			"No quedó nada a medias.",
			args->a);
	case ERR_NO_FILE:
		return verbo_fallo(v, e,
			"No se pudo escribir %s; revisa que su carpeta exista y que este usuario "
			"pueda escribir en ella.",
			args->a);
	case ERR_EXISTS:
		return verbo_fallo(v, e,
			"Mientras se copiaba alguien hizo %s; elige otro nombre con --a.", args->a);
	case ERR_CANCELLED:
		return verbo_fallo(v, e, "Se interrumpió: no se hizo ninguna copia.");
	case ERR_NOT_A_STORE:
		return verbo_fallo(v, e,
			"El almacén está dañado: lo copiado no se puede usar y no se conservó. "
			"Comprueba el disco y restaura un respaldo anterior con buzond restaurar.");
	default:
		return e;
	}
}

static enum err tell(struct verbo *v, const struct args_respaldar *args, const struct copia *c)
{
	const char *until = verbo_instante(v, c->ultimo);

	if (until == NULL)
		return ERR_NO_MEMORY;
	fprintf(v->out, "%s: %" PRId64 " actos", args->a, c->actos);
	if (c->actos != 0)
		fprintf(v->out, ", el último recibido el %s", until);
	fprintf(v->out, "\nSHA-256 %s\n", c->sha256);
	return OK;
}

static enum err place(
	const struct args_respaldar *args, struct arena *a, const char *made, struct copia *ret)
{
	enum err e = copia_check(a, made, true, ret);

	if (e == OK)
		e = file_rename(made, args->a, args->sobrescribir);
	if (e != OK)
		unlink(made);
	return e;
}

static enum err copy(
	struct verbo *v, const struct args_respaldar *args, const char *store, struct copia *ret)
{
	struct interrumpir signals;
	struct avance avance;
	char made[PATH_MAX];

	avance_begin(&avance, v->err);
	interrumpir_begin(&signals);
	enum err e = copia_make(store, DB_READ, args->a, made, go_on, &avance);

	avance_clear(&avance);
	if (e == OK)
		e = place(args, v->arena, made, ret);
	interrumpir_end(&signals);
	return explain(v, args, e);
}

enum err verbo_respaldar(struct verbo *v, const struct args_respaldar *args)
{
	AUTO(store) s = NULL;
	struct config c;
	struct copia made = {0};
	enum err e = verbo_configuracion(v, args->config, &c);

	if (e == OK && store_shared(c.almacen))
		return verbo_fallo(v, ERR_USAGE,
			"El almacén está en PostgreSQL: respáldalo con pg_dump, o con pg_basebackup y "
			"su archivo de WAL; en buzond(8), POSTGRESQL, está cómo.");
	if (e == OK)
		e = check_target(v, args, c.almacen);
	if (e == OK)
		e = verbo_almacen(v, &c, &s);
	if (e == OK)
		e = copy(v, args, c.almacen, &made);
	return e == OK ? tell(v, args, &made) : e;
}
