/*
 * The sheet of a public page: HTML with the house's head and style, every value escaped, no script.
 * Its Content-Security-Policy lets nothing in but that very style.
 */
#ifndef CORE_HOJA_H
#define CORE_HOJA_H

#include "base/buf.h"
#include "core/pagina.h"

struct hoja {
	struct pagina *p;
	struct buf b;
};

/* Up to its heading; says PRUEBA where no certificate is real. */
void hoja_begin(struct hoja *h, struct pagina *p, const char *title);
/* Markup of ours: never a value from elsewhere. */
void hoja_html(struct hoja *h, const char *html);
/* A paragraph; escaped. */
void hoja_parrafo(struct hoja *h, const char *text);
void hoja_escape(struct hoja *h, const char *text);
/* Labelled values stand between these. */
void hoja_datos(struct hoja *h);
void hoja_dato(struct hoja *h, const char *label, const char *value);
void hoja_datos_fin(struct hoja *h);
/* It is the answer. Without memory: a 503. */
void hoja_end(struct hoja *h, int status);

#endif
