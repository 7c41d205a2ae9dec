/*
 * `buzond restaurar`: a copy in the place of the store, while no server has it. At any instant the
 * store is the old one or the restored one, whole; and the old one is kept beside it.
 */
#include <inttypes.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/file.h"
#include "core/avance.h"
#include "core/copia.h"
#include "core/interrumpir.h"
#include "core/store/store_guard.h"
#include "core/verbos.h"
#include "ley/zona.h"

struct work {
	struct verbo *v;
	const struct args_restaurar *args;
	const char *store;
	struct store_guard *server; /* none serves meanwhile */
	struct store_guard *alone;  /* no verb writes meanwhile */
	struct db *old;		    /* ours alone; NULL: there is none, or it is damaged */
	bool had;		    /* there was a store */
	bool damaged;
	struct copia copy;
	char fresh[PATH_MAX];
	bool begun;	  /* names were changed: `fresh` may be the old one's */
	const char *kept; /* the old one's name from now on */
};

static bool go_on(void *ctx, double done)
{
	avance_say(ctx, "Copiando: %.0f %% ", done * 100);
	return !interrumpir_came();
}

static const char *beside(struct work *w, const char *ending)
{
	return arena_printf(w->v->arena, "%s%s", w->store, ending);
}

/* ---- may it be done? ---- */

static enum err take_server(struct work *w)
{
	enum err e = store_guard_server(w->store, &w->server);

	if (e == ERR_STORE_TAKEN)
		return verbo_fallo(w->v, e,
			"Un buzond atiende ese almacén; deténlo (systemctl stop buzond@1) y repite el "
			"comando. No se cambió nada.");
	if (e == ERR_NO_FILE)
		return verbo_fallo(w->v, e,
			"No se puede escribir donde está %s; revisa archivo en [almacen] y usa el "
			"usuario del servidor.",
			w->store);
	return e;
}

/* What a reader of the copy left beside it is empty. */
static bool has_bytes(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && st.st_size > 0;
}

/* With a WAL beside it the file alone is not all of it. */
static enum err check_copy(struct work *w)
{
	struct verbo *v = w->v;
	const char *de = w->args->de;
	const char *wal = arena_printf(v->arena, "%s-wal", de);

	if (wal == NULL)
		return ERR_NO_MEMORY;
	if (file_same(de, w->store))
		return verbo_fallo(v, ERR_USAGE, "%s es el almacén mismo; elige la copia.", de);
	if (has_bytes(wal))
		return verbo_fallo(v, ERR_NOT_A_STORE,
			"Junto a %s está %s: no es una copia hecha con buzond respaldar, sino un "
			"almacén que se usaba. Haz la copia con buzond respaldar.",
			de, wal);
	enum err e = copia_check(v->arena, de, false, &w->copy);

	if (e == ERR_NO_FILE)
		return verbo_fallo(v, e, "No se encontró %s; revisa --de.", de);
	if (e == ERR_NOT_A_STORE)
		return verbo_fallo(v, e,
			"%s no es un almacén de buzond o está dañado; usa otra copia. No se cambió "
			"nada.",
			de);
	return e;
}

/* ---- doing it ---- */

/* From here on nobody else can write it. */
static enum err take_old(struct work *w)
{
	enum err e = store_guard_alone(w->store, &w->alone);

	w->had = file_exists(w->store);
	if (e == OK && w->had)
		e = db_take_alone(w->store, &w->old);
	w->damaged = e == ERR_STORE;
	if (e == ERR_BUSY)
		return verbo_fallo(w->v, e,
			"Otro programa tiene abierto el almacén; ciérralo y repite el comando. No se "
			"cambió nada.");
	return w->damaged ? OK : e;
}

static enum err name_kept(struct work *w)
{
	struct arena *a = w->v->arena;
	struct hora_civil at = zona_civil(zona_centro(), w->v->now);
	int64_t s = at.ms / 1000;
	const char *day = fecha_text(a, at.dia, FECHA_ISO);
	const char *name = day == NULL
				   ? NULL
				   : arena_printf(a, "%s.%s-%02d%02d%02d", w->store, day,
					     (int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60));

	w->kept = name;
	for (int n = 2; w->kept != NULL && file_exists(w->kept); n++)
		w->kept = arena_printf(a, "%s-%d", name, n);
	return w->kept != NULL ? OK : ERR_NO_MEMORY;
}

/*
 * Of a store that can't be opened SQLite can't fold the WAL in: it goes with its file. Before the
 * exchange, for it must never stand beside the restored one.
 */
static enum err move_wal(struct work *w)
{
	const char *wal = beside(w, "-wal");
	const char *shm = beside(w, "-shm");
	const char *to = w->kept != NULL ? arena_printf(w->v->arena, "%s-wal", w->kept) : NULL;

	if (wal == NULL || shm == NULL || to == NULL)
		return ERR_NO_MEMORY;
	unlink(shm);
	return file_exists(wal) ? file_rename(wal, to, false) : OK;
}

/*
 * One step from the old store to the restored one. Where names can't be exchanged, the old one has
 * two for a moment.
 */
static enum err put_in_place(struct work *w)
{
	if (!w->had)
		return file_rename(w->fresh, w->store, false);
	w->begun = true;
	enum err e = file_exchange(w->fresh, w->store);

	if (e == OK && file_rename(w->fresh, w->kept, false) != OK)
		w->kept = w->fresh;
	if (e == ERR_INTERNAL && link(w->store, w->kept) == 0)
		return file_rename(w->fresh, w->store, true);
	return e == ERR_INTERNAL ? ERR_IO : e;
}

static enum err replace(struct work *w)
{
	enum err e = take_old(w);

	if (e == OK)
		e = name_kept(w);
	if (e == OK && w->old == NULL)
		e = move_wal(w);
	return e == OK ? put_in_place(w) : e;
}

static enum err explain(struct work *w, enum err e)
{
	if (e == ERR_DISK_FULL)
		return verbo_fallo(w->v, e,
			"No caben la copia y el almacén donde está %s; libera espacio y repite el "
			"comando. No se cambió nada.",
			w->store);
	if (e == ERR_CANCELLED)
		return verbo_fallo(w->v, e, "Se interrumpió: no se cambió nada.");
	return e;
}

static enum err restore(struct work *w)
{
	struct interrumpir signals;
	struct avance avance;
	struct copia again;

	avance_begin(&avance, w->v->err);
	interrumpir_begin(&signals);
	enum err e = copia_make(w->args->de, DB_STILL, w->store, w->fresh, go_on, &avance);

	avance_clear(&avance);
	if (e == OK) {
		/* What the disk gives back is what counts. */
		e = file_give_as(w->fresh, w->store);
		if (e == OK)
			e = copia_check(w->v->arena, w->fresh, false, &again);
		if (e == OK && !interrumpir_came())
			e = replace(w);
		else if (e == OK)
			e = ERR_CANCELLED;
		if (e != OK && !w->begun)
			unlink(w->fresh);
	}
	interrumpir_end(&signals);
	return e != OK && w->v->mensaje == NULL ? explain(w, e) : e;
}

/* ---- telling ---- */

static enum err tell(struct work *w)
{
	struct verbo *v = w->v;
	const char *until = verbo_instante(v, w->copy.ultimo);

	if (until == NULL)
		return ERR_NO_MEMORY;
	fprintf(v->out,
		w->args->si ? "Se restauró %s con %s: %" PRId64 " actos"
			    : "Se restauraría %s con %s: %" PRId64 " actos",
		w->store, w->args->de, w->copy.actos);
	if (w->copy.actos != 0)
		fprintf(v->out, ", el último recibido el %s", until);
	fprintf(v->out, "\n");
	if (w->args->si && w->had)
		fprintf(v->out,
			"El almacén anterior%s quedó en %s: lo que se recibió después de la copia "
			"sólo está ahí.\n",
			w->damaged ? ", que estaba dañado," : "", w->kept);
	if (!w->args->si)
		fprintf(v->out,
			"El almacén actual se conservaría junto a él, con la fecha en su nombre.\n");
	return OK;
}

static enum err run(struct work *w)
{
	enum err e = take_server(w);

	if (e == OK)
		e = check_copy(w);
	if (e == OK && w->args->si)
		e = restore(w);
	if (e == OK)
		e = tell(w);
	return e == OK && !w->args->si
		       ? verbo_fallo(w->v, ERR_NEED_YES,
				 "No se cambió nada; repite el comando con --si para restaurarlo.")
		       : e;
}

enum err verbo_restaurar(struct verbo *v, const struct args_restaurar *args)
{
	struct config c;
	struct work w = {.v = v, .args = args};
	enum err e = verbo_configuracion(v, args->config, &c);

	if (e == OK && store_shared(c.almacen))
		return verbo_fallo(v, ERR_USAGE,
			"El almacén está en PostgreSQL: restáuralo con pg_restore, o a un instante con "
			"pg_basebackup y su archivo de WAL; en buzond(8), POSTGRESQL, está cómo.");
	w.store = c.almacen;
	if (e == OK)
		e = run(&w);
	if (w.old != NULL)
		db_close(w.old);
	if (w.alone != NULL)
		store_guard_drop(w.alone);
	if (w.server != NULL)
		store_guard_drop(w.server);
	return e;
}
