/*
 * What the passes of core/verifica.c share: one pass walks one table and looks at each of its rows.
 */
#ifndef CORE_VERIFICA_PASO_H
#define CORE_VERIFICA_PASO_H

#include "core/verifica.h"
#include "crypto/certs.h"
#include "crypto/ocsp.h"
#include "net/messages.h"

/* An answer that was proved lately, and what came of it: those of a day are many acts'. */
struct verifica_ocsp {
	unsigned char hash[32]; /* of answer, certificate and day; zeros: none */
	enum err err;
	struct ocsp_verdict verdict;
};
#define VERIFICA_OCSP 4096

struct verifica {
	const struct verifica_config *config;
	struct store *store;
	struct certs *certs;
	struct verifica_cuenta cuenta;
	struct verifica_ocsp *ocsp; /* VERIFICA_OCSP of them */
};

/* Which row is looked at. */
struct verifica_de {
	const char *objeto;
	const char *clave;
	const char *folio;
};

void verifica_tell(struct verifica *v, const struct verifica_de *de, enum verifica_falla f,
	const char *detalle);
/* Tells unless it holds. */
void verifica_check(
	struct verifica *v, const struct verifica_de *de, bool holds, enum verifica_falla f);
/*
 * Tells where e is the row's fault, and gives OK; want of memory and a store that can't be read are
 * nobody's: they are given back, and end the walk.
 */
enum err verifica_must(struct verifica *v, const struct verifica_de *de, enum err e,
	enum verifica_falla f) MUST_CHECK;
/* Tells unless `parte` is that of the text (migraciones.def). */
enum err verifica_parte(struct verifica *v, const struct verifica_de *de, const char *text,
	int64_t parte, enum verifica_falla f) MUST_CHECK;
/* ocsp_prove for the issuer that it had at that instant; ERR_OCSP also where there was none. */
enum err verifica_responde(struct verifica *v, struct bytes ocsp, struct bytes der, int64_t at,
	struct ocsp_verdict *ret) MUST_CHECK;
/* NULL is no text, and equal to none. */
bool verifica_same(const char *a, const char *b);
/* Does it name this notification and no other? So no two can have one acuse. */
bool verifica_acuse_es_de(const struct m_acuse *m, const struct out_verifica_notificaciones *row);

/* What ran of a notification, and how it ended where not by opening (core/aviso.h). */
enum err verifica_aviso(struct verifica *v, const struct verifica_de *de, struct arena *a,
	const struct out_verifica_notificaciones *row) MUST_CHECK;
/* Is it the acuse of a lapse? */
bool verifica_is_vencimiento(const struct m_acuse *m);
/* The notification that it names has it as its own; ERR_NOT_FOUND. */
enum err verifica_vencimiento(
	struct verifica *v, struct arena *a, const struct m_acuse *m) MUST_CHECK;

/* The key of the last row that was looked at; its bytes stand in the page before. */
struct verifica_llave {
	struct bytes nonce;
	const char *text;
	const char *second;
	int64_t number;
};
/* Looks at the rows behind the key, and moves it. *ret_more: there was one. */
typedef enum err verifica_pagina(
	struct verifica *v, struct arena *a, struct verifica_llave *key, bool *ret_more);

verifica_pagina verifica_acto_pagina;
verifica_pagina verifica_acuse_pagina;
verifica_pagina verifica_certificado_pagina;
verifica_pagina verifica_notificacion_pagina;
verifica_pagina verifica_archivo_pagina;
verifica_pagina verifica_publicacion_pagina;
verifica_pagina verifica_medio_pagina;
verifica_pagina verifica_representacion_pagina;
verifica_pagina verifica_mandato_pagina;

#endif
