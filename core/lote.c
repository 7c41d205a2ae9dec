#include "core/lote.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "core/lote_bitacora.h"
#include "crypto/sha.h"

/* A PDF of 10 MB in hand, and the rest of its act. */
#define ROW_ARENA (48 * 1024 * 1024)
#define MANY 64
#define TELL_MS 20

struct obra {
	struct lote *l;
	struct lote_bitacora *bitacora; /* NULL: only looked at */
	atomic_size_t siguiente;
	atomic_size_t hechos;
	atomic_size_t malos;
	atomic_size_t obreros; /* threads that run */
	atomic_bool stop;
	pthread_mutex_t mutex;
	enum err fatal; /* what stopped it */
};

/* One row on its way. */
struct uno {
	struct obra *o;
	struct oficina_linea *linea;
	struct arena *arena;
	struct lote_renglon *r;
	const char *huella; /* of what the row says */
};

/* ---- outcomes ---- */

static const char *keep_text(struct obra *o, const char *text)
{
	if (text == NULL)
		return NULL;
	pthread_mutex_lock(&o->mutex);
	const char *copy = arena_strdup(&o->l->manifiesto->arena, text);

	pthread_mutex_unlock(&o->mutex);
	return copy;
}

static void fail(struct uno *u, enum err e, const char *campo, const char *detalle)
{
	u->r->hecho = true;
	u->r->err = e;
	u->r->campo = keep_text(u->o, campo);
	u->r->detalle = keep_text(u->o, detalle);
}

static void issued(struct uno *u, const char *folio, const char *capacidad)
{
	u->r->hecho = true;
	u->r->err = OK;
	snprintf(u->r->folio, sizeof(u->r->folio), "%s", folio);
	snprintf(u->r->capacidad, sizeof(u->r->capacidad), "%s", capacidad);
}

/* A refusal that every row would get: of whoever signs, not of what is signed. */
static bool of_all(enum err e)
{
	switch (e) {
	case ERR_NOT_FUNCTIONARY:
	case ERR_CERT_REVOKED:
	case ERR_CERT_EXPIRED:
	case ERR_UNKNOWN_KEY:
	case ERR_BAD_SIGNATURE:
	case ERR_BAD_AUTHORITY:
	case ERR_CLOCK_OFF:
		return true;
	default:
		return false;
	}
}

/* The file's own faults, found before anything goes out. */
static bool of_file(enum err e)
{
	return e == ERR_NO_FILE || e == ERR_UNREADABLE || e == ERR_FILE_TOO_LARGE ||
	       e == ERR_BAD_PDF || e == ERR_PDF_ENCRYPTED;
}

/* OK: it is this row's outcome. Else what stops everything. */
static enum err refused(struct uno *u, const struct oficina_dicho *d, const char *campo)
{
	if (!d->resuelto || of_all(d->err))
		return d->err;
	fail(u, d->err, d->campo != NULL ? d->campo : campo, NULL);
	return OK;
}

/* ---- one act ---- */

static enum err make_huella(struct uno *u)
{
	const struct lote_renglon *r = u->r;
	const char *text = arena_printf(u->arena, "%s\n%s\n%s\n%s\n%s\n%s\n%s\n%s\n%s\n%lld\n%lld",
		r->rfc, r->oficio, r->tipo, r->documento, r->pdf, r->rp != NULL ? r->rp : "",
		r->subdelegacion != NULL ? r->subdelegacion : "",
		r->periodo != NULL ? r->periodo : "", r->importe != NULL ? r->importe : "",
		(long long)r->plazo_dias, (long long)r->aviso);

	return text != NULL ? sha256_hex(u->arena, bytes_of_text(text), &u->huella) : ERR_NO_MEMORY;
}

static enum err sign(struct uno *u, const char *sha256, struct oficina_acto *ret)
{
	const struct lote_renglon *r = u->r;
	struct m_oficio_emitir m = {.hat.titular = r->rfc,
		.oficio = r->oficio,
		.tipo = r->tipo,
		.documento = r->documento,
		.sha256 = sha256,
		.plazo_dias = r->plazo_dias,
		.rp = r->rp,
		.subdelegacion = r->subdelegacion,
		.periodo = r->periodo,
		.importe = r->importe,
		.aviso = r->aviso};
	enum err e = oficina_documento(
		u->o->l->oficina, u->arena, r->oficio, sha256, r->rfc, &m.fecha, &m.firma);

	return e == OK ? oficina_firmar(u->o->l->oficina, u->arena, ROUTE_ID_oficio_emitir, &m, ret)
		       : e;
}

/* What an earlier run, or this one, signed; the row may have been changed since. */
static void settle(struct uno *u, const char *huella, const char *folio, const char *capacidad)
{
	issued(u, folio, capacidad);
	if (strcmp(huella, u->huella) == 0)
		return;
	const char *detalle = arena_printf(u->arena,
		"ya se emitió con otros datos, con el folio %s; usa otro número de oficio.", folio);

	fail(u, ERR_DUPLICATE_ACT, "oficio", detalle);
}

static enum err send(
	struct uno *u, const struct oficina_acto *act, const char *huella, struct oficina_dicho *d)
{
	struct m_acuse acuse = {0};

	oficina_enviar(u->linea, u->arena, act, &acuse, d);
	if (d->err != OK)
		return OK;
	enum err e = lote_bitacora_emitido(
		u->o->bitacora, u->r->rfc, u->r->oficio, acuse.folio, acuse.capacidad);

	settle(u, huella, acuse.folio, acuse.capacidad);
	return e;
}

static enum err issue_now(struct uno *u)
{
	struct oficina_dicho d;
	struct oficina_acto act;
	const char *sha256 = NULL;

	oficina_subir(u->linea, u->arena, u->r->pdf, &sha256, &d);
	if (of_file(d.err)) {
		fail(u, d.err, "pdf", NULL);
		return OK;
	}
	if (d.err != OK)
		return refused(u, &d, "pdf");
	enum err e = sign(u, sha256, &act);

	/* Of what the manifest may hold and the wire does not. */
	if (e == ERR_BAD_FIELD) {
		fail(u, e, NULL, "sus datos no caben en un acto; acórtalos.");
		return OK;
	}
	if (e == OK)
		e = lote_bitacora_firmado(u->o->bitacora, u->r->rfc, u->r->oficio, u->huella, &act);
	if (e == OK)
		e = send(u, &act, u->huella, &d);
	return e != OK || d.err == OK ? e : refused(u, &d, NULL);
}

/*
 * What was signed and maybe sent: the same bytes, whose answer tells. One that was refused, or came
 * too late, was never issued: then the row as it is now.
 */
static enum err issue(struct uno *u)
{
	const struct lote_asiento *a = lote_bitacora_de(u->o->bitacora, u->r->rfc, u->r->oficio);
	struct oficina_dicho d;

	if (a == NULL)
		return issue_now(u);
	u->r->antes = true;
	if (a->folio != NULL) {
		settle(u, a->huella != NULL ? a->huella : u->huella, a->folio, a->capacidad);
		return OK;
	}
	enum err e = send(u, &a->acto, a->huella, &d);

	if (e != OK || d.err == OK)
		return e;
	if (!d.resuelto)
		return d.err;
	u->r->antes = false;
	return issue_now(u);
}

/* ---- one look ---- */

static enum err look(struct uno *u)
{
	const struct lote_renglon *r = u->r;
	struct m_oficio_revisar m = {.hat.titular = r->rfc,
		.oficio = r->oficio,
		.tipo = r->tipo,
		.plazo_dias = r->plazo_dias,
		.rp = r->rp,
		.subdelegacion = r->subdelegacion,
		.aviso = r->aviso};
	struct m_oficio_revisado said = {0};
	struct oficina_dicho d;

	oficina_pedir(u->linea, u->arena, ROUTE_ID_oficio_revisar, &m, &said, &d);
	if (d.err != OK)
		return refused(u, &d, NULL);
	const char *text = "";

	for (size_t i = 0; text != NULL && i < said.observaciones_count; i++)
		text = arena_printf(u->arena, "%s%s%s: %s", text, *text != '\0' ? " " : "",
			said.observaciones[i].etiqueta, said.observaciones[i].valor);
	if (text == NULL)
		return ERR_NO_MEMORY;
	fail(u, said.se_puede ? OK : ERR_BAD_FIELD,
		said.se_puede || said.observaciones_count == 0 ? NULL
							       : said.observaciones[0].etiqueta,
		*text != '\0' ? text : NULL);
	u->r->sale = said.sale;
	return OK;
}

/* ---- the threads ---- */

static void stop_all(struct obra *o, enum err e)
{
	pthread_mutex_lock(&o->mutex);
	if (o->fatal == OK)
		o->fatal = e;
	pthread_mutex_unlock(&o->mutex);
	atomic_store(&o->stop, true);
}

static enum err do_row(struct obra *o, struct oficina_linea *linea, struct lote_renglon *r)
{
	ARENA(a, ROW_ARENA);
	struct uno u = {.o = o, .linea = linea, .arena = &a, .r = r};
	enum err e = OK;

	if (!r->hecho) {
		e = make_huella(&u);
		if (e == OK)
			e = o->bitacora != NULL ? issue(&u) : look(&u);
	}
	if (e == OK) {
		atomic_fetch_add(&o->hechos, 1);
		if (r->err != OK)
			atomic_fetch_add(&o->malos, 1);
	}
	return e;
}

static void *work(void *arg)
{
	struct obra *o = arg;
	AUTO(oficina_linea) linea = NULL;
	enum err e = oficina_linea_open(o->l->oficina, &o->stop, &linea);

	while (e == OK && !atomic_load(&o->stop)) {
		size_t i = atomic_fetch_add(&o->siguiente, 1);

		if (i >= o->l->manifiesto->count)
			break;
		e = do_row(o, linea, &o->l->manifiesto->renglones[i]);
	}
	if (e != OK)
		stop_all(o, e);
	atomic_fetch_sub(&o->obreros, 1);
	return NULL;
}

static void watch(struct obra *o)
{
	struct lote *l = o->l;
	const struct timespec nap = {.tv_nsec = TELL_MS * 1000000L};

	while (atomic_load(&o->obreros) != 0) {
		nanosleep(&nap, NULL);
		if (l->sigue != NULL &&
			!l->sigue(l->ctx, atomic_load(&o->hechos), atomic_load(&o->malos)))
			stop_all(o, ERR_CANCELLED);
	}
}

static enum err run(struct obra *o)
{
	pthread_t threads[MANY];
	unsigned count = 0;
	unsigned most = o->l->a_la_vez < MANY ? o->l->a_la_vez : MANY;

	for (; count < most && count < o->l->manifiesto->count; count++) {
		atomic_fetch_add(&o->obreros, 1);
		if (pthread_create(&threads[count], NULL, work, o) != 0) {
			atomic_fetch_sub(&o->obreros, 1);
			break;
		}
	}
	watch(o);
	for (unsigned i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	return count == 0 && o->l->manifiesto->count != 0 ? ERR_NO_MEMORY : o->fatal;
}

enum err lote_emitir(struct lote *l, const char **ret_message)
{
	AUTO(lote_bitacora) bitacora = NULL;
	struct obra o = {.l = l};
	const char *path = arena_printf(&l->manifiesto->arena, "%s.bitacora", l->path);
	enum err e = path != NULL ? OK : ERR_NO_MEMORY;

	*ret_message = NULL;
	if (e == OK && !l->revisar)
		e = lote_bitacora_open(path, l->oficina, &bitacora, ret_message);
	if (e != OK)
		return e;
	pthread_mutex_init(&o.mutex, NULL);
	o.bitacora = bitacora;
	e = run(&o);
	pthread_mutex_destroy(&o.mutex);
	return e;
}
