/*
 * What the verbs that sign acts of the Institute share: a desk and a line that has entered, and
 * what the server said as a sentence (core/oficina.h).
 */
#ifndef CORE_VERBO_FIRMA_H
#define CORE_VERBO_FIRMA_H

#include "core/oficina.h"
#include "core/verbos.h"

struct verbo_firma {
	struct oficina *oficina;
	struct oficina_linea *linea;
};

/* The options that FIRMADO of verbos.def gives each of them. */
#define VERBO_FIRMA_DE(args)                                                                       \
	((struct oficina_de){.servidor = (args)->servidor,                                         \
		.ca = (args)->ca,                                                                  \
		.cer = (args)->cer,                                                                \
		.key = (args)->key,                                                                \
		.contrasena = (args)->contrasena_archivo,                                          \
		.confianza = (args)->confianza,                                                    \
		.paciencia = (args)->paciencia})

/* Opens the e.firma and enters; v->mensaje where it fails. verbo_firma_end whatever it gives. */
enum err verbo_firma_begin(
	struct verbo *v, const struct oficina_de *de, struct verbo_firma *ret) MUST_CHECK;
void verbo_firma_end(struct verbo_firma *f);
/* d->err, with v->mensaje: the sentence, the field, and what to do where nobody knows. */
enum err verbo_firma_dicho(struct verbo *v, const struct oficina_dicho *d) MUST_CHECK;
/* An act of that route, sent until it is answered; v->mensaje. */
enum err verbo_firma_pedir(struct verbo *v, struct verbo_firma *f, enum route route,
	const void *message, void *answer) MUST_CHECK;
/* Prints the folio of an acuse, or (json) what it is of and how it is verified. */
enum err verbo_firma_acuse(
	struct verbo *v, bool json, const struct m_acuse *m, const char *sha256) MUST_CHECK;
/* "2026-11-12T17:52:03.114-06:00"; NULL gives 0. v->mensaje names the option. */
enum err verbo_firma_instante(
	struct verbo *v, const char *option, const char *text, int64_t *ret) MUST_CHECK;
/* As the wire takes it: verbo_texto without a bar. NULL passes. */
enum err verbo_firma_texto(
	struct verbo *v, const char *option, const char *text, size_t max) MUST_CHECK;

#endif
