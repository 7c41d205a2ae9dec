/*
 * `buzond notificar`: an act of the Institute becomes a digital document signed with the e.firma of
 * the competent public servant (L-7.1), with its aviso held to the window (L-7.2, L-7.3) and the
 * term to open it (L-7.4, L-7.5). One transaction: a folio is never half a notification.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/file.h"
#include "core/calendarios.h"
#include "core/folios.h"
#include "core/secret_file.h"
#include "core/store/store_guard.h"
#include "core/verbos.h"
#include "crypto/efirma.h"
#include "crypto/rfc.h"
#include "crypto/sha.h"
#include "crypto/trust.h"
#include "ley/documento.h"
#include "ley/folio.h"
#include "ley/plazo.h"

#define PDF_BYTES (10 * 1024 * 1024)
#define FILE_BYTES 16384
#define KINDS 18
#define PLAZO_MAX 1000

struct work {
	struct verbo *v;
	const struct args_notificar *args;
	struct config config;
	struct trust *trust;
	struct efirma *efirma;
	const struct funcionario *funcionario;
	const char *rfc;
	struct bytes pdf;
	const char *sha256;
	int plazo_dias;
	struct plazo_aviso plazo;
	struct store_guard *guard;
	struct store *store;
	char folio[FOLIO_BYTES];
};

/* ---- what was typed ---- */

static bool kind_valid(const char *tipo)
{
	char *end = NULL;

	if (strncmp(tipo, "R-7.", 4) != 0 || tipo[4] < '1' || tipo[4] > '9')
		return false;
	return strtol(tipo + 4, &end, 10) <= KINDS && *end == '\0' && strlen(tipo) <= 6;
}

static enum err read_plazo(struct work *w)
{
	const char *text = w->args->plazo_dias;
	char *end = NULL;
	long n = text != NULL ? strtol(text, &end, 10) : 0;

	if (text != NULL && (end == text || *end != '\0' || n < 0 || n > PLAZO_MAX))
		return verbo_fallo(
			w->v, ERR_BAD_FIELD, "--plazo-dias admite un entero de 0 a %d.", PLAZO_MAX);
	w->plazo_dias = (int)n;
	return OK;
}

static enum err check_texts(struct work *w)
{
	const struct args_notificar *a = w->args;
	const struct {
		const char *option;
		const char *text;
		size_t max;
	} texts[] = {
		{"--oficio", a->oficio, 100},
		{"--documento", a->documento, 300},
		{"--rp", a->rp, 16},
		{"--subdelegacion", a->subdelegacion, 200},
		{"--periodo", a->periodo, 60},
		{"--importe", a->importe, 40},
	};

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		enum err e = verbo_texto(w->v, texts[i].option, texts[i].text, texts[i].max);

		if (e != OK)
			return e;
	}
	/* The cadena's own separator. */
	if (strchr(a->oficio, '|') != NULL)
		return verbo_fallo(w->v, ERR_BAD_FIELD, "--oficio no admite el signo |.");
	if (!kind_valid(a->tipo))
		return verbo_fallo(w->v, ERR_BAD_FIELD, "--tipo admite de R-7.1 a R-7.%d.", KINDS);
	enum err e = rfc_normalize(w->v->arena, a->rfc, &w->rfc);

	return e == OK ? read_plazo(w) : e;
}

static enum err read_pdf(struct work *w)
{
	enum err e = file_read(w->v->arena, w->args->pdf, PDF_BYTES, &w->pdf);

	if (e == ERR_NO_FILE)
		return verbo_fallo(w->v, e, "No se encontró %s; revisa --pdf.", w->args->pdf);
	if (e == ERR_TOO_LARGE)
		return verbo_fallo(w->v, e, "%s pasa de 10 MB; redúcelo.", w->args->pdf);
	if (e != OK)
		return e;
	if (w->pdf.size < 5 || memcmp(w->pdf.data, "%PDF-", 5) != 0)
		return verbo_fallo(
			w->v, ERR_BAD_FIELD, "%s no es un PDF; elige el documento.", w->args->pdf);
	return sha256_hex(w->v->arena, w->pdf, &w->sha256);
}

/* ---- who signs ---- */

static enum err open_efirma(struct work *w)
{
	SECRET(password);
	SECRET(key);
	struct bytes cer;
	enum err e = file_read(w->v->arena, w->args->cer, FILE_BYTES, &cer);

	if (e == ERR_NO_FILE)
		return verbo_fallo(w->v, e, "No se encontró %s; revisa --cer.", w->args->cer);
	if (e == OK)
		e = secret_file_read(w->args->key, FILE_BYTES, &key);
	if (e == ERR_NO_FILE)
		return verbo_fallo(w->v, e, "No se encontró %s; revisa --key.", w->args->key);
	if (e == OK)
		e = secret_file_password(w->args->contrasena_archivo, &password);
	if (e == ERR_NO_FILE)
		return verbo_fallo(w->v, e, "No se encontró %s; revisa --contrasena-archivo.",
			w->args->contrasena_archivo);
	return e == OK ? efirma_open(cer, bytes_of(key.data, key.size), &password, NULL, w->v->now,
				 &w->efirma)
		       : e;
}

/* Competent by configuration, in force and trusted now (L-7.1, L-4.2). */
static enum err check_signer(struct work *w)
{
	enum err e = trust_open(w->config.confianza, &w->trust);

	if (e == ERR_NO_FILE)
		return verbo_fallo(w->v, ERR_CONFIG,
			"La carpeta de confianza %s no existe o no tiene raíces; corrige carpeta "
			"en "
			"[confianza].",
			w->config.confianza);
	if (e == OK)
		e = open_efirma(w);
	if (e == OK)
		e = trust_verify(w->trust, w->efirma->cert.der, w->v->now, NULL);
	if (e != OK)
		return e;
	w->funcionario = config_funcionario(&w->config, w->efirma->cert.rfc);
	return w->funcionario != NULL ? OK : ERR_NOT_FUNCTIONARY;
}

/* ---- when ---- */

static enum err count_terms(struct work *w)
{
	struct calendario_publicado calendar;
	int64_t ready = w->v->now;
	enum err e = OK;

	if (w->args->aviso != NULL && !trust_is_test(w->trust))
		return verbo_fallo(w->v, ERR_USAGE,
			"--aviso sólo se admite con una carpeta de confianza de PRUEBA; quítalo.");
	if (w->args->aviso != NULL && hora_parse(w->args->aviso, &ready) != OK)
		return verbo_fallo(w->v, ERR_BAD_FIELD,
			"--aviso se escribe como 2026-11-12T17:52:03.114-06:00.");
	e = calendarios_vigente_en(w->store, w->v->arena, &calendar, &w->v->mensaje);
	return e == OK ? plazo_de_aviso(&calendar.c, ready, &w->plazo) : e;
}

/* ---- the transaction ---- */

static enum err check_particular(struct work *w)
{
	struct in_particular in = {.rfc = w->rfc};
	struct out_particular row;
	enum err e = q_particular(w->store, &in, w->v->arena, &row);

	if (e == ERR_NOT_FOUND)
		return verbo_fallo(
			w->v, e, "%s no está registrado; regístralo con buzond alta.", w->rfc);
	if (e == OK && row.habilitado == 0)
		return verbo_fallo(w->v, ERR_NOT_ENABLED,
			"El Buzón de %s no está habilitado: no se le puede notificar por este "
			"medio.",
			w->rfc);
	return e;
}

static enum err put_file(struct work *w)
{
	struct arena *a = w->v->arena;
	const char *when = hora_text(a, zona_centro(), w->v->now, HORA_CADENA);
	const struct documento d = {.oficio = w->args->oficio,
		.sha256 = w->sha256,
		.folio = w->folio,
		.rfc = w->rfc,
		.firmante = w->efirma->cert.rfc,
		.fecha = when};
	const char *cadena;

	if (when == NULL)
		return ERR_NO_MEMORY;
	enum err e = documento_cadena(a, &d, &cadena);

	if (e != OK)
		return e;
	struct in_archivo_poner in = {.folio = w->folio,
		.sha256 = w->sha256,
		.bytes = (int64_t)w->pdf.size,
		.cadena = cadena,
		.certificado = w->efirma->cert.der,
		.datos = w->pdf,
		.titular = w->rfc};

	e = key_sign(a, w->efirma->key, bytes_of_text(cadena), &in.firma);
	return e == OK ? q_archivo_poner(w->store, &in, a, NULL) : e;
}

static enum err put_notification(struct work *w)
{
	const struct args_notificar *args = w->args;
	const struct funcionario *f = w->funcionario;
	struct in_buzon_seq of = {.titular = w->rfc};
	struct out_buzon_seq last;
	enum err e = q_buzon_seq(w->store, &of, w->v->arena, &last);

	if (e != OK)
		return e;
	struct in_notificacion_poner in = {.folio = w->folio,
		.titular = w->rfc,
		.seq = last.seq + 1,
		.oficio = args->oficio,
		.tipo = args->tipo,
		.documento = args->documento,
		.rp = args->rp,
		.subdelegacion = args->subdelegacion,
		.funcionario = f->nombre,
		.cargo = f->cargo,
		.periodo = args->periodo,
		.importe = args->importe,
		.plazo_dias = w->plazo_dias,
		.aviso = w->plazo.aviso,
		.vence = w->plazo.vence,
		.archivo = w->sha256};

	if (in.subdelegacion == NULL && *f->subdelegacion != '\0')
		in.subdelegacion = f->subdelegacion;
	return q_notificacion_poner(w->store, &in, w->v->arena, NULL);
}

static enum err put_all(struct work *w)
{
	struct folios folios = {0};
	struct novedades news = {0};
	int64_t at = 0;
	enum err e = folios_begin(&folios, w->store, w->v->now, 1);

	novedades_add(&news, NOVEDAD_TITULAR, w->rfc);
	if (e == OK)
		e = store_lock(w->store, w->rfc);
	if (e == OK)
		e = check_particular(w);
	if (e == OK)
		e = folios_take(&folios, w->v->now, &at);
	if (e == OK)
		folio_of(at, w->folio);
	if (e == OK)
		e = put_file(w);
	if (e == OK)
		e = put_notification(w);
	if (e == OK)
		e = store_tell(w->store, &news);
	if (e == OK)
		return store_commit(w->store);
	store_rollback(w->store);
	return e;
}

static void tell(const struct work *w)
{
	if (!w->args->json) {
		fprintf(w->v->out, "%s\n", w->folio);
		return;
	}
	/* Letters of an RFC and of a folio need no escaping in JSON. */
	fprintf(w->v->out,
		"{\"folio\":\"%s\",\"titular\":\"%s\",\"aviso\":%" PRId64 ",\"vence\":%" PRId64
		",\"sha256\":\"%s\"}\n",
		w->folio, w->rfc, w->plazo.aviso, w->plazo.vence, w->sha256);
}

static enum err notify(struct work *w)
{
	enum err e = check_texts(w);

	if (e == OK)
		e = verbo_configuracion(w->v, w->args->config, &w->config);
	if (e == OK)
		e = read_pdf(w);
	if (e == OK)
		e = check_signer(w);
	if (e == OK)
		e = store_guard_use(w->config.almacen, &w->guard);
	if (e == OK)
		e = store_open(w->config.almacen, DB_WRITE, &w->store);
	if (e == OK)
		e = count_terms(w);
	if (e == OK)
		e = put_all(w);
	if (e == OK)
		tell(w);
	return e;
}

enum err verbo_notificar(struct verbo *v, const struct args_notificar *args)
{
	struct work w = {.v = v, .args = args};
	enum err e = notify(&w);

	if (w.store != NULL)
		store_close(w.store);
	if (w.guard != NULL)
		store_guard_drop(w.guard);
	if (w.efirma != NULL)
		efirma_free(w.efirma);
	if (w.trust != NULL)
		trust_free(w.trust);
	return e;
}
