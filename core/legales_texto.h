/* Our own wording of the legal texts: core/legales/, as this program was built with it. */
#ifndef CORE_LEGALES_TEXTO_H
#define CORE_LEGALES_TEXTO_H

#include "core/legales.h"

/* The version of both: changed with any letter of them. */
#define LEGALES_TEXTO_VERSION "ejemplo-1"

/* The bytes of the file, in the arena, NUL behind. ERR_NO_MEMORY. */
enum err legales_texto(struct arena *a, enum legal_cual cual, struct bytes *ret) MUST_CHECK;

#endif
