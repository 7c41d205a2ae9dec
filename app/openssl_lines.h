/*
 * The proof that needs nothing of ours: the three files and the commands of plain openssl.
 */
#ifndef APP_OPENSSL_LINES_H
#define APP_OPENSSL_LINES_H

#include "net/messages.h"
#include "base/arena.h"
#include "base/err.h"

/* Writes cadena.txt, sello.b64 and sello.cer, and prints on stderr what to run in that folder. */
enum err openssl_lines(struct arena *a, const struct m_acuse *m, const char *folder) MUST_CHECK;

#endif
