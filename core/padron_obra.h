/*
 * A ficha of the padrón in the making: what a file says of one RFC, as typed, checked bit by bit
 * and put together. What is wrong is told, and checking goes on, so that one run tells all of it.
 */
#ifndef CORE_PADRON_OBRA_H
#define CORE_PADRON_OBRA_H

#include "base/buf.h"
#include "core/padron.h"

/* What is wrong, or only worth a look (aviso): where, and a Spanish sentence that says what to do.
 */
struct padron_queja {
	int linea;	   /* 0: of no line */
	const char *campo; /* NULL: of none */
	const char *dice;
	bool aviso;
};
struct padron_oido {
	void (*oye)(void *ctx, const struct padron_queja *q);
	void *ctx;
};

struct padron_obra {
	struct arena *arena;
	const struct padron_oido *oido;
	int64_t now; /* ms UTC: nothing began later */
	int linea;   /* where it begins */
	bool mal;    /* something was wrong */
	struct padron_ficha ficha;
	struct m_registro_patronal *rps;
	size_t rps_room;
	struct padron_representante *representantes;
	size_t representantes_room;
};

void padron_obra_begin(struct padron_obra *o, struct arena *a, const struct padron_oido *oido,
	int64_t now, int linea);
/* Tells; `format` as in printf. ERR_NO_MEMORY or OK. */
enum err padron_obra_dice(struct padron_obra *o, int linea, const char *campo, const char *format,
	...) MUST_CHECK PRINTF_LIKE(4, 5);
/* A wrong text as a sentence may show it: harmless, and cut where it is long; never NULL. */
const char *padron_obra_muestra(struct padron_obra *o, const char *text);
/*
 * The RFC as it is written everywhere: the first thing of each. *ret NULL where it is none, which
 * was told. ERR_NO_MEMORY.
 */
enum err padron_obra_rfc(
	struct padron_obra *o, int linea, const char *typed, const char **ret) MUST_CHECK;
/*
 * Who it is: every field but its lists, NULL or empty where it is not said. A second time nothing
 * may contradict the first. ERR_NO_MEMORY.
 */
enum err padron_obra_identidad(
	struct padron_obra *o, int linea, const struct m_padron_ficha *raw) MUST_CHECK;
/* `campo`: what the file calls it ("rps[2]."), before the field's own name. */
enum err padron_obra_rp(struct padron_obra *o, int linea, const char *campo,
	const struct m_registro_patronal *raw) MUST_CHECK;
enum err padron_obra_representante(struct padron_obra *o, int linea, const char *campo,
	const struct m_padron_representante *raw) MUST_CHECK;
/* Is it whole? *ret NULL where something was wrong. In the arena. ERR_NO_MEMORY. */
enum err padron_obra_end(struct padron_obra *o, const struct padron_ficha **ret) MUST_CHECK;

#endif
