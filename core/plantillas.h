/*
 * The texts of messages (plantillas.def): ours, compiled in (core/plantillas/), or the operator's
 * files of the same names.
 *
 * {name} is a value. A line that names a value which is not there is left out whole. In HTML values
 * are escaped. {prueba} and {buzon} (the server's address) are there by themselves. A .txt may
 * begin with "Asunto: ...", the mail's subject.
 */
#ifndef CORE_PLANTILLAS_H
#define CORE_PLANTILLAS_H

#include "core/envio.h"

struct plantilla_textos {
	const char *nombre;
	bool sms;
	const char *asunto;
	const char *texto; /* of the mail or the SMS */
	const char *html;
};

struct plantillas {
	struct plantilla_textos de[PLANTILLAS];
};

/*
 * `folder` (NULL: ours alone) may have any of the files. ERR_CONFIG with *ret_message, a Spanish
 * sentence with file and line, where one names an unknown value or is too long. In the arena.
 */
enum err plantillas_read(struct arena *a, const char *folder, struct plantillas *ret,
	const char **ret_message) MUST_CHECK;
/* The row of that name; PLANTILLAS: none, of another version. */
enum plantilla plantilla_find(const char *nombre);

enum plantilla_forma { PLANTILLA_PLANO, PLANTILLA_HTML };
/* Filled in; NULL: no memory. */
const char *plantilla_llenar(struct arena *a, const char *texto, enum plantilla_forma forma,
	const struct m_dato *datos, size_t count) MUST_CHECK;

#endif
