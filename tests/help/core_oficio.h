/*
 * The Institute's side in the world of core_titular: a functionary who has entered, files that are
 * whole at the server, and acts issued by the rules, as buzond's verbs do it over the wire.
 */
#ifndef TESTS_HELP_CORE_OFICIO_H
#define TESTS_HELP_CORE_OFICIO_H

#include "tests/help/core_lote.h"
#include "tests/help/core_titular.h"

#define OFICIO_PDF "%PDF-1.7 PRUEBA"
/* An instant at which a world's clock may stand: avisos go out at once, Thu 12 Nov 2026 12:00. */
#define OFICIO_HORA "2026-11-12 12:00"

extern struct firma_de by_funcionario;	   /* the functionary's e.firma */
extern struct firma_de by_funcionario_lee; /* their reading key */

/*
 * cmocka fixture of a group: titular_set_up, and the functionary has entered; their file OFICIO_PDF
 * is whole. oficio_tear_down ends it.
 */
int oficio_set_up(void **state);
int oficio_tear_down(void **state);
/* cmocka fixture of a test: nothing is issued or published, the functionary may do all. */
int oficio_clear(void **state);
/* What the functionary may do from now on: the arrays are the caller's. */
void oficio_facultades(unsigned actos, const char **tipos, size_t tipos_count);

/* A file of that owner, whole at the server; its SHA-256, in the world's arena. */
const char *oficio_sube(const char *dueno, const char *pdf);

/*
 * The issue of that oficio, of kind, to `rfc` as the functionary signs it now; what the test
 * changes it changes before oficio_firma.
 */
struct m_oficio_emitir oficio_de(const char *oficio);
/* Signs the document of it, as that e.firma; in the arena. */
void oficio_firma(struct arena *a, struct m_oficio_emitir *m, const struct efirma *f);
/* Sends it, signed by the functionary, who also signs the document: the exchange, answered. */
struct exchange *oficio_emite(struct arena *a, struct m_oficio_emitir *m);
/* The same, which must work; its folio, in the world's arena. */
const char *oficio_emitido(struct m_oficio_emitir *m);
/* Issued and without any aviso, its functionary's proposal of estrados is there. */
void oficio_propone(const char *folio, const char *motivo);
/* Calls as the functionary; "" or the refusal's wire name. */
const char *oficio_pide(struct arena *a, enum route r, const void *m);
/* "" or the words of the timeline, by blanks, in the world's arena. */
const char *oficio_sucesos(const char *folio);

#endif
