#include "core/hoja.h"

/*
 * Contrast of text 12:1 and more, of the mark of the focus 7:1 (WCAG 2.2: 4.5 and 3). The policy
 * names this text by its hash: test_paginas says the right one where it was changed.
 */
static const char style[] =
	"body{margin:0;background:#fff;color:#1b1b1b;font:1.0625rem/1.5 system-ui,sans-serif}"
	"main{max-width:42rem;margin:0 auto;padding:1.5rem}"
	"h1{font-size:1.5rem;line-height:1.25;color:#13322b}h2{font-size:1.125rem;color:#13322b}"
	"dt{font-weight:bold}dd{margin:0 0 .75rem;overflow-wrap:anywhere}"
	"a{color:#13322b}code{overflow-wrap:anywhere}"
	"input{font:inherit;padding:.75rem 1.5rem;border:0;background:#13322b;color:#fff}"
	"input[type=text],input[type=file]{box-sizing:border-box;max-width:100%;padding:.75rem;"
	"border:1px solid #1b1b1b;background:#fff;color:#1b1b1b}"
	":focus-visible{outline:3px solid #9d2449;outline-offset:3px}";

static const char policy[] =
	"default-src 'none'; style-src 'sha256-yrQtBe5E84/b9Uh+QxOuGKnuHP9wRaWzdFdSIiIrSf8='; form-action 'self'; base-uri 'none'; "
	"frame-ancestors 'none'";

void hoja_html(struct hoja *h, const char *html)
{
	buf_text(&h->b, html);
}

void hoja_escape(struct hoja *h, const char *text)
{
	for (; *text != '\0'; text++)
		switch (*text) {
		case '<':
			buf_text(&h->b, "&lt;");
			break;
		case '>':
			buf_text(&h->b, "&gt;");
			break;
		case '&':
			buf_text(&h->b, "&amp;");
			break;
		case '"':
			buf_text(&h->b, "&quot;");
			break;
		default:
			buf_char(&h->b, *text);
		}
}

static void element(struct hoja *h, const char *name, const char *text)
{
	buf_printf(&h->b, "<%s>", name);
	hoja_escape(h, text);
	buf_printf(&h->b, "</%s>\n", name);
}

void hoja_begin(struct hoja *h, struct pagina *p, const char *title)
{
	h->p = p;
	buf_init(&h->b, p->x->arena);
	buf_text(&h->b, "<!DOCTYPE html>\n<html lang=\"es-MX\"><head><meta charset=\"utf-8\">"
			"<meta name=\"viewport\" content=\"width=device-width\">"
			"<meta name=\"robots\" content=\"noindex\">");
	element(h, "title", title);
	buf_printf(&h->b, "<style>%s</style></head>\n<body><main>\n", style);
	element(h, "h1", title);
	if (trust_is_test(p->server->trust))
		buf_text(&h->b, "<p><strong>PRUEBA: sin validez oficial.</strong></p>\n");
}

void hoja_parrafo(struct hoja *h, const char *text)
{
	element(h, "p", text);
}

void hoja_datos(struct hoja *h)
{
	buf_text(&h->b, "<dl>\n");
}

void hoja_dato(struct hoja *h, const char *label, const char *value)
{
	buf_text(&h->b, "<dt>");
	hoja_escape(h, label);
	buf_text(&h->b, "</dt><dd>");
	hoja_escape(h, value != NULL ? value : "");
	buf_text(&h->b, "</dd>\n");
}

void hoja_datos_fin(struct hoja *h)
{
	buf_text(&h->b, "</dl>\n");
}

void hoja_end(struct hoja *h, int status)
{
	struct exchange *x = h->p->x;

	buf_text(&h->b, "</main></body></html>\n");
	x->status = status;
	x->retry_after_s = status == 429 || status == 503 ? 60 : 0;
	x->content_type = "text/html; charset=utf-8";
	x->policy = policy;
	if (buf_end(&h->b, &x->answer) == OK)
		return;
	x->content_type = x->policy = NULL;
	exchange_refuse(x, ERR_NO_MEMORY);
}
