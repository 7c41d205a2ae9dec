/*
 * The journal of a bulk issue (core/lote.h): what was signed, before it is sent, and what it was
 * answered. Lines of text, only ever added; one that a death cut short is dropped. Kept with mode
 * 0600, locked while it is open, and good for one server and one public servant.
 */
#ifndef CORE_LOTE_BITACORA_H
#define CORE_LOTE_BITACORA_H

#include "core/oficina.h"

struct lote_bitacora;

/* What is known of an act: by RFC and oficio, which the server issues once. */
struct lote_asiento {
	const char *huella;	  /* of what the row said */
	struct oficina_acto acto; /* signed; sent, maybe */
	const char *folio;	  /* NULL: no answer is known */
	const char *capacidad;
};

/*
 * Made where there is none. With *ret_message: ERR_BUSY, another process has it open;
 * ERR_BAD_FIELD, it is of another server or public servant, or no journal. ERR_DISK_FULL, ERR_IO,
 * ERR_NO_FILE, ERR_NO_MEMORY.
 */
enum err lote_bitacora_open(const char *path, const struct oficina *o, struct lote_bitacora **ret,
	const char **ret_message) MUST_CHECK;
void lote_bitacora_close(struct lote_bitacora *b);
AUTO_TYPE(lote_bitacora, struct lote_bitacora, lote_bitacora_close);

/* As it was when it was opened; NULL: nothing is known. Any thread. */
const struct lote_asiento *lote_bitacora_de(
	const struct lote_bitacora *b, const char *rfc, const char *oficio);
/* On disk when it returns OK. Any thread. */
enum err lote_bitacora_firmado(struct lote_bitacora *b, const char *rfc, const char *oficio,
	const char *huella, const struct oficina_acto *acto) MUST_CHECK;
/* What is lost of it is asked again. Any thread. */
enum err lote_bitacora_emitido(struct lote_bitacora *b, const char *rfc, const char *oficio,
	const char *folio, const char *capacidad) MUST_CHECK;

#endif
