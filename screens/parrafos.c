#include "screens/parrafos.h"

#include <string.h>
#include "base/texto.h"

void parrafos_init(struct parrafos *p, struct arena *a)
{
	*p = (struct parrafos){.arena = a};
}

static void add(struct parrafos *p, const struct page_paragraph *row)
{
	if (p->count == p->capacity) {
		size_t capacity = p->capacity == 0 ? 16 : p->capacity * 2;
		struct page_paragraph *rows = arena_array(p->arena, capacity, sizeof(*rows));

		if (rows == NULL) {
			p->failed = true;
			return;
		}
		if (p->count > 0)
			memcpy(rows, p->rows, p->count * sizeof(*rows));
		p->rows = rows;
		p->capacity = capacity;
	}
	p->rows[p->count++] = *row;
}

static const char *checked(struct parrafos *p, const char *text)
{
	if (text == NULL)
		p->failed = true;
	return text == NULL ? "" : text;
}

void parrafos_add(struct parrafos *p, enum page_style style, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	const char *text = checked(p, arena_vprintf(p->arena, format, args));

	va_end(args);
	add(p, &(struct page_paragraph){.style = style, .text = text});
}

void parrafos_pair(struct parrafos *p, const char *label, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	const char *text = checked(p, arena_vprintf(p->arena, format, args));

	va_end(args);
	add(p, &(struct page_paragraph){.style = PAGE_PAIR, .label = label, .text = text});
}

void parrafos_blank(struct parrafos *p)
{
	add(p, &(struct page_paragraph){.style = PAGE_NORMAL, .text = ""});
}

void parrafos_qr(struct parrafos *p, const struct page_qr *qr)
{
	add(p, &(struct page_paragraph){.style = PAGE_QR, .text = "", .qr = qr});
}

enum err parrafos_text(struct parrafos *p, struct page *page)
{
	if (p->failed)
		return ERR_NO_MEMORY;
	page->kind = PAGE_TEXT;
	page->text = (struct page_text){p->rows, p->count};
	return OK;
}

const char *parrafos_dia(struct parrafos *p, int32_t dia)
{
	return checked(p, fecha_text(p->arena, dia, FECHA_DIA));
}

const char *parrafos_hora(struct parrafos *p, int64_t instant)
{
	return checked(p, hora_text(p->arena, zona_centro(), instant, HORA_DIA));
}

const char *parrafos_domicilio(struct parrafos *p, const struct zona *z, int64_t instant)
{
	if (z == NULL)
		return "";
	const char *hora = checked(p, hora_text(p->arena, z, instant, HORA_DIA));

	return checked(
		p, arena_printf(p->arena, _(" (en tu domicilio %s, %s)"), hora, zona_name(z)));
}

const char *parrafos_printf(struct parrafos *p, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	const char *text = checked(p, arena_vprintf(p->arena, format, args));

	va_end(args);
	return text;
}
