#include "ley/pdf.h"

#include <stdio.h>
#include <stdlib.h>
#include "ley/fecha.h"
#include "ley/pdf_extract.h"
#include "ley/pdf_font.h"
#include "ley/pdf_zip.h"

#define DASHES 30 /* some viewers keep a table of 32 */
/* Named by enum pdf_font. */
#define FONT(n, base)                                                                              \
	"/F" #n "<</Type/Font/Subtype/Type1/BaseFont/" base "/Encoding/WinAnsiEncoding>>"
#define FONTS FONT(0, "Helvetica") FONT(1, "Helvetica-Bold") FONT(2, "Courier")

struct page {
	struct page *next;
	struct buf content;
};

struct file {
	struct file *next;
	const char *name;
	const char *mime;
	struct bytes content;
};

/*
 * Text is written relative to the last line's start, in one text object as long as nothing else is
 * drawn: equal steps deflate well.
 */
struct pdf {
	struct arena *arena;
	const char *title;
	const char *stamp; /* NULL: none */
	int64_t created;
	struct page *pages;
	struct page *page; /* the last one */
	size_t page_count;
	struct file *files;
	struct file *last_file;
	size_t file_count;
	bool failed;
	bool in_text;
	enum pdf_font font;
	long size; /* hundredths of a point, as x and y */
	long x;
	long y;
	long leading; /* of the text object; 0: none yet */
};

/* Hundredths of a point: the whole file is made of integers, so no locale and no rounding mode. */
static long hundredths(double points)
{
	return (long)(points * 100 + (points < 0 ? -0.5 : 0.5));
}

/* Without printf: a page is a thousand numbers. At most 10 digits; returns how many. */
static size_t put_whole(char *to, unsigned n)
{
	unsigned unit = 1;
	size_t count = 0;

	while (n / unit > 9)
		unit *= 10;
	for (; unit != 0; unit /= 10)
		to[count++] = (char)('0' + n / unit % 10);
	return count;
}

static void add_whole(struct buf *b, unsigned n)
{
	char digits[10];

	buf_add(b, digits, put_whole(digits, n));
}

static void add_number(struct buf *b, long n)
{
	if (n < 0)
		buf_char(b, '-');
	n = labs(n);
	if (n >= 100 || n == 0)
		add_whole(b, (unsigned)(n / 100));
	if (n % 100 == 0)
		return;
	buf_char(b, '.');
	buf_char(b, (char)('0' + n % 100 / 10));
	if (n % 10 != 0)
		buf_char(b, (char)('0' + n % 10));
}

static void add_numbers(struct buf *b, const long *n, size_t count, const char *op)
{
	for (size_t i = 0; i < count; i++) {
		add_number(b, n[i]);
		buf_char(b, ' ');
	}
	buf_text(b, op);
	buf_char(b, '\n');
}

/* How many bytes from here on are themselves in every encoding of ours. */
static size_t plain(const char *text)
{
	size_t n = 0;

	while (text[n] >= 0x20 && text[n] < 0x7F && text[n] != '(' && text[n] != ')' &&
		text[n] != '\\')
		n++;
	return n;
}

static void add_code(struct buf *b, unsigned char code)
{
	if (code == '(' || code == ')' || code == '\\')
		buf_char(b, '\\');
	buf_char(b, (char)code);
}

/* A string of WinAnsi codes; PDFDocEncoding agrees with them but in 80-9F. */
static void add_string(struct buf *b, const char *text, bool document_encoding)
{
	buf_char(b, '(');
	for (;;) {
		size_t n = plain(text);

		buf_add(b, text, n);
		text += n;
		if (*text == '\0')
			break;
		unsigned char code = pdf_font_code(text, &n);

		add_code(b, document_encoding && code >= 0x80 && code < 0xA0 ? '?' : code);
		text += n;
	}
	buf_char(b, ')');
}

enum err pdf_open(struct arena *a, const char *title, int64_t created, struct pdf **ret)
{
	struct pdf *p = arena_zalloc(a, sizeof(*p));

	if (p == NULL)
		return ERR_NO_MEMORY;
	p->arena = a;
	p->created = created;
	p->title = arena_strdup(a, title);
	if (p->title == NULL)
		return ERR_NO_MEMORY;
	*ret = p;
	return OK;
}

void pdf_stamp(struct pdf *p, const char *text)
{
	p->stamp = arena_strdup(p->arena, text);
	p->failed = p->failed || p->stamp == NULL;
}

static void end_text(struct pdf *p)
{
	if (p->in_text)
		buf_text(&p->page->content, "ET\n");
	p->in_text = false;
}

/* Light grey, rising across the page, below everything else. */
static void draw_stamp(struct pdf *p)
{
	struct buf *b = &p->page->content;

	buf_text(b, "q .88 g BT /F1 120 Tf .71 .71 -.71 .71 165 210 Tm ");
	add_string(b, p->stamp, false);
	buf_text(b, " Tj ET Q\n");
}

enum err pdf_page(struct pdf *p)
{
	struct page *page = arena_zalloc(p->arena, sizeof(*page));

	if (page == NULL)
		return ERR_NO_MEMORY;
	if (p->page != NULL)
		end_text(p);
	buf_init(&page->content, p->arena);
	*(p->page != NULL ? &p->page->next : &p->pages) = page;
	p->page = page;
	p->page_count++;
	if (p->stamp != NULL)
		draw_stamp(p);
	return OK;
}

static void set_font(struct pdf *p, enum pdf_font font, long size)
{
	struct buf *b = &p->page->content;

	if (p->in_text && p->font == font && p->size == size)
		return;
	if (!p->in_text) {
		buf_text(b, "BT\n");
		p->in_text = true;
		p->x = 0;
		p->y = 0;
		p->leading = 0;
	}
	buf_text(b, "/F");
	add_whole(b, font);
	buf_char(b, ' ');
	add_numbers(b, &size, 1, "Tf");
	p->font = font;
	p->size = size;
}

void pdf_text(struct pdf *p, enum pdf_font font, double size, double x, double y, const char *text)
{
	if (p->page == NULL) {
		p->failed = true;
		return;
	}
	set_font(p, font, hundredths(size));
	const long step[2] = {hundredths(x) - p->x, hundredths(y) - p->y};

	struct buf *b = &p->page->content;
	/* TD sets the leading, so that further lines of a paragraph need no step of their own. */
	bool next_line = step[0] == 0 && step[1] == p->leading && p->leading != 0;

	if (!next_line)
		add_numbers(b, step, 2, step[1] != 0 ? "TD" : "Td");
	if (step[1] != 0)
		p->leading = step[1];
	p->x += step[0];
	p->y += step[1];
	add_string(b, text, false);
	buf_text(b, next_line ? "'\n" : "Tj\n");
}

double pdf_width(enum pdf_font font, double size, const char *text)
{
	double thousandths = 0;

	while (*text != '\0') {
		size_t n;

		thousandths += pdf_font_width(font, pdf_font_code(text, &n));
		text += n;
	}
	return thousandths * size / 1000;
}

static void draw(struct pdf *p, const double *points, size_t count, const char *op)
{
	long n[4];

	if (p->page == NULL) {
		p->failed = true;
		return;
	}
	end_text(p);
	for (size_t i = 0; i < count; i++)
		n[i] = hundredths(points[i]);
	add_numbers(&p->page->content, n, count, op);
}

void pdf_rect(struct pdf *p, double x, double y, double width, double height)
{
	draw(p, (const double[]){x, y, width, height}, 4, "re f");
}

void pdf_line(struct pdf *p, double x1, double y1, double x2, double y2, double width)
{
	draw(p, (const double[]){width}, 1, "w");
	draw(p, (const double[]){x1, y1}, 2, "m");
	draw(p, (const double[]){x2, y2}, 2, "l S");
}

/*
 * A stretch of a row from `at` on as one dashed line (half the bytes of rectangles), of at most
 * DASHES lengths: some viewers' tables end at 32. Returns where it ended.
 */
static int add_dashes(struct buf *b, const unsigned char *cells, int at, int count)
{
	char line[DASHES * 11]; /* lengths, each with its blank */
	size_t n = 0;
	int from;
	int dashes = 0;

	while (at < count && cells[at] == 0)
		at++;
	from = at;
	if (from == count)
		return count;
	buf_char(b, '[');
	while (at < count && dashes < DASHES) {
		int start = at;

		while (at < count && (cells[at] != 0) == (cells[start] != 0))
			at++;
		n += put_whole(line + n, (unsigned)(at - start));
		line[n++] = ' ';
		dashes++;
	}
	buf_add(b, line, n - 1);
	buf_text(b, "]0 d ");
	add_whole(b, (unsigned)from);
	buf_text(b, " 0 m ");
	add_whole(b, (unsigned)at);
	buf_text(b, " 0 l S\n");
	return at;
}

void pdf_grid(struct pdf *p, double x, double y, double unit, const unsigned char *cells, int size)
{
	if (p->page == NULL) {
		p->failed = true;
		return;
	}
	end_text(p);
	struct buf *b = &p->page->content;
	const long matrix[6] = {hundredths(unit), 0, 0, hundredths(unit), hundredths(x),
		hundredths(y + unit * (size - 0.5))};

	/* The default line is one unit wide, with butt ends: a dash is exactly its cells. */
	buf_text(b, "q ");
	add_numbers(b, matrix, 6, "cm");
	for (int row = 0; row < size; row++) {
		for (int at = 0; at < size;)
			at = add_dashes(b, cells + (size_t)row * (size_t)size, at, size);
		buf_text(b, "1 0 0 1 0 -1 cm\n");
	}
	buf_text(b, "Q\n");
}

static bool plain_name(const char *name)
{
	return *name != '\0' &&
	       name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "0123456789._-")] == '\0';
}

void pdf_attach(struct pdf *p, const char *name, const char *mime, struct bytes content)
{
	struct file *f = arena_zalloc(p->arena, sizeof(*f));

	if (f == NULL) {
		p->failed = true;
		return;
	}
	f->name = arena_strdup(p->arena, name);
	f->mime = arena_strdup(p->arena, mime);
	f->content = content;
	p->failed = p->failed || f->name == NULL || f->mime == NULL || !plain_name(name);
	*(p->last_file != NULL ? &p->last_file->next : &p->files) = f;
	p->last_file = f;
	p->file_count++;
}

/* Writing the file. Streams come first, attachments before all; the rest is one object stream. */
struct entry {
	unsigned type;
	size_t where;
	unsigned third;
};

struct out {
	struct pdf *p;
	struct buf file;
	struct buf objects; /* bodies in the object stream */
	struct buf index;   /* "number offset " of each */
	struct buf xref;    /* of struct entry */
	unsigned streams;   /* objects 1..streams stand alone */
	unsigned number;    /* of the next object in the object stream */
	unsigned count;	    /* how many are in it */
};

/* Big-endian, as a cross-reference stream's fields are (ISO 32000-1, 7.5.8). */
static void add_field(struct buf *b, size_t value, unsigned width)
{
	while (width-- != 0)
		buf_char(b, (char)(value >> 8 * width & 0xFF));
}

static void add_entry(struct out *o, unsigned type, size_t where, unsigned third)
{
	buf_add(&o->xref, &(const struct entry){type, where, third}, sizeof(struct entry));
}

/* `dictionary` is open: its /Filter and /Length are added here. */
static enum err add_stream(struct out *o, const char *dictionary, struct bytes raw)
{
	struct bytes zip;
	enum err e = pdf_zip(o->p->arena, raw, &zip);

	if (e != OK)
		return e;
	buf_printf(&o->file, "%s/Filter/FlateDecode/Length %zu>>" PDF_STREAM, dictionary, zip.size);
	buf_add(&o->file, zip.data, zip.size);
	buf_text(&o->file, PDF_ENDSTREAM);
	return OK;
}

static enum err add_files(struct out *o)
{
	for (const struct file *f = o->p->files; f != NULL; f = f->next) {
		struct buf dictionary;

		add_entry(o, 1, o->file.size, 0);
		buf_init(&dictionary, o->p->arena);
		buf_printf(&dictionary, "%u 0 obj\n" PDF_FILE_NAME "(%s)/Subtype/", ++o->streams,
			f->name);
		for (const char *c = f->mime; *c != '\0'; c++)
			buf_text(&dictionary, *c == '/' ? "#2F" : (const char[]){*c, '\0'});
		buf_printf(&dictionary, PDF_FILE_SIZE "%zu>>", f->content.size);
		const char *text = buf_end_text(&dictionary);
		enum err e = text != NULL ? add_stream(o, text, f->content) : ERR_NO_MEMORY;

		if (e != OK)
			return e;
	}
	return OK;
}

static enum err add_contents(struct out *o)
{
	for (struct page *page = o->p->pages; page != NULL; page = page->next) {
		struct bytes content;

		add_entry(o, 1, o->file.size, 0);
		buf_printf(&o->file, "%u 0 obj\n", ++o->streams);
		enum err e = buf_end(&page->content, &content);

		if (e == OK)
			e = add_stream(o, "<<", content);
		if (e != OK)
			return e;
	}
	return OK;
}

/* Begins the next object of the object stream. */
static struct buf *object(struct out *o)
{
	buf_printf(&o->index, "%u %zu ", o->number++, o->objects.size);
	o->count++;
	return &o->objects;
}

static void add_catalog(struct out *o, unsigned first)
{
	struct buf *b = object(o);
	unsigned n = first + 3;

	buf_printf(b, "<</Type/Catalog/Pages %u 0 R/Lang(es-MX)", first + 1);
	if (o->p->file_count != 0) {
		buf_text(b, "/Names<</EmbeddedFiles<</Names[");
		for (const struct file *f = o->p->files; f != NULL; f = f->next)
			buf_printf(b, "(%s)%u 0 R", f->name, n++);
		buf_text(b, "]>>>>/AF[");
		for (n = first + 3; n < first + 3 + o->p->file_count; n++)
			buf_printf(b, "%u 0 R ", n);
		buf_text(b, "]");
	}
	buf_text(b, ">>");
}

static void add_page_tree(struct out *o, unsigned first)
{
	struct buf *b = object(o);
	unsigned n = first + 3 + (unsigned)o->p->file_count;

	buf_printf(b, "<</Type/Pages/Count %zu/MediaBox[0 0 612 792]/Resources<</Font<<",
		o->p->page_count);
	buf_text(b, FONTS ">>>>/Kids[");
	for (size_t i = 0; i < o->p->page_count; i++)
		buf_printf(b, "%u 0 R ", n++);
	buf_text(b, "]>>");
}

static void add_info(struct out *o)
{
	struct buf *b = object(o);
	int64_t second = o->p->created / 1000;
	int32_t dia = (int32_t)(second / 86400);
	int y;
	int m;
	int d;

	fecha_split(dia, &y, &m, &d);
	second -= dia * INT64_C(86400);
	buf_text(b, "<</Title");
	add_string(b, o->p->title, true);
	buf_printf(b, "/CreationDate(D:%04d%02d%02d%02d%02d%02dZ)>>", y, m, d, (int)(second / 3600),
		(int)(second / 60 % 60), (int)(second % 60));
}

static void add_objects(struct out *o)
{
	unsigned first = o->number;
	unsigned content = (unsigned)o->p->file_count + 1;
	unsigned file = 1;

	add_catalog(o, first);
	add_page_tree(o, first);
	add_info(o);
	for (const struct file *f = o->p->files; f != NULL; f = f->next, file++)
		buf_printf(object(o),
			"<</Type/Filespec/F(%s)/UF(%s)/AFRelationship/Source/EF<</F %u 0 R>>>>",
			f->name, f->name, file);
	for (size_t i = 0; i < o->p->page_count; i++)
		buf_printf(object(o), "<</Type/Page/Parent %u 0 R/Contents %u 0 R>>", first + 1,
			content++);
}

static enum err add_object_stream(struct out *o)
{
	struct bytes objects;
	struct bytes all;
	size_t start = o->index.size;
	unsigned first = o->number - o->count;
	char dictionary[96];
	enum err e = buf_end(&o->objects, &objects);

	if (e != OK)
		return e;
	buf_add(&o->index, objects.data, objects.size);
	e = buf_end(&o->index, &all);
	if (e != OK)
		return e;
	for (unsigned i = 0; i < o->count; i++)
		add_entry(o, 2, first + o->count, i);
	add_entry(o, 1, o->file.size, 0);
	snprintf(dictionary, sizeof(dictionary), "%u 0 obj\n<</Type/ObjStm/N %u/First %zu",
		o->number, o->count, start);
	return add_stream(o, dictionary, all);
}

/* Its fields as narrow as they can be and not deflated: an acuse has ten rows of four bytes. */
static enum err add_xref(struct out *o)
{
	struct bytes entries;
	size_t start = o->file.size;
	unsigned first = o->number - o->count;
	unsigned number = o->number + 1;
	unsigned where = start <= 0xFFFF ? 2 : 4;
	unsigned third = o->count <= 0x100 ? 1 : 2;

	add_entry(o, 1, start, 0);
	enum err e = buf_end(&o->xref, &entries);

	if (e != OK)
		return e;
	buf_printf(&o->file,
		"%u 0 obj\n<</Type/XRef/Size %u/W[1 %u %u]/Root %u 0 R/Info %u 0 R/Length "
		"%u>>" PDF_STREAM,
		number, number + 1, where, third, first, first + 2,
		(number + 1) * (1 + where + third));
	for (size_t at = 0; at < entries.size; at += sizeof(struct entry)) {
		struct entry entry;

		memcpy(&entry, entries.data + at, sizeof(entry));
		add_field(&o->file, entry.type, 1);
		add_field(&o->file, entry.where, where);
		add_field(&o->file, entry.third, third);
	}
	buf_text(&o->file, PDF_ENDSTREAM);
	buf_printf(&o->file, "startxref\n%zu\n", start);
	buf_text(&o->file, PDF_END);
	return OK;
}

enum err pdf_end(struct pdf *p, struct bytes *ret)
{
	struct out o = {.p = p};

	if (p->failed)
		return ERR_NO_MEMORY;
	if (p->page == NULL)
		return ERR_BAD_FIELD;
	end_text(p);
	buf_init(&o.file, p->arena);
	buf_init(&o.objects, p->arena);
	buf_init(&o.index, p->arena);
	buf_init(&o.xref, p->arena);
	add_entry(&o, 0, 0, 0);
	buf_text(&o.file, PDF_HEADER);
	enum err e = add_files(&o);

	if (e == OK)
		e = add_contents(&o);
	if (e != OK)
		return e;
	o.number = o.streams + 1;
	add_objects(&o);
	e = add_object_stream(&o);
	if (e == OK)
		e = add_xref(&o);
	return e == OK ? buf_end(&o.file, ret) : e;
}
