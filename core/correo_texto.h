/*
 * A mensaje as the bytes of a mail (core/mime.h): the same for every transport of mail.
 */
#ifndef CORE_CORREO_TEXTO_H
#define CORE_CORREO_TEXTO_H

#include "core/mensajeria.h"

/* In the message's arena. Errors of mime_write. */
enum err correo_texto(const struct mensaje *m, struct bytes *ret) MUST_CHECK;

#endif
