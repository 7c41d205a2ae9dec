#include "ley/pdf_extract.h"

#include "ley/pdf_zip.h"

/* A reader over the file: every step takes exactly what is expected, or the whole has failed. */
struct reader {
	const char *at;
	const char *end;
	bool failed;
};

static void expect(struct reader *r, const char *text)
{
	size_t n = strlen(text);

	if (r->failed || (size_t)(r->end - r->at) < n || memcmp(r->at, text, n) != 0)
		r->failed = true;
	else
		r->at += n;
}

static size_t number(struct reader *r)
{
	size_t n = 0;
	int digits = 0;

	for (; r->at < r->end && *r->at >= '0' && *r->at <= '9' && digits < 9; digits++)
		n = n * 10 + (size_t)(*r->at++ - '0');
	r->failed = r->failed || digits == 0;
	return n;
}

/* Bytes up to `mark`, which is taken too; both on this line, so that no object runs into another.
 */
static struct bytes until(struct reader *r, const char *mark)
{
	struct bytes before = {0};

	if (r->failed)
		return before;
	const char *eol = memchr(r->at, '\n', (size_t)(r->end - r->at));
	size_t left = eol != NULL ? (size_t)(eol - r->at) : 0;
	const char *found = memmem(r->at, left, mark, strlen(mark));

	if (found == NULL) {
		r->failed = true;
		return before;
	}
	before = bytes_of(r->at, (size_t)(found - r->at));
	r->at = found + strlen(mark);
	return before;
}

/* One attachment: its name, its stream, and how large it is unpacked. */
static struct bytes attachment(struct reader *r, struct bytes *ret_name, size_t *ret_size)
{
	struct bytes zip = {0};

	(void)number(r);
	expect(r, " 0 obj\n" PDF_FILE_NAME "(");
	*ret_name = until(r, ")");
	expect(r, "/Subtype/");
	(void)until(r, PDF_FILE_SIZE);
	*ret_size = number(r);
	expect(r, ">>/Filter/FlateDecode/Length ");
	size_t n = number(r);

	expect(r, ">>" PDF_STREAM);
	if (r->failed || (size_t)(r->end - r->at) < n) {
		r->failed = true;
		return zip;
	}
	zip = bytes_of(r->at, n);
	r->at += n;
	expect(r, PDF_ENDSTREAM);
	return zip;
}

enum err pdf_extract(
	struct arena *a, struct bytes pdf, const char *name, size_t limit, struct bytes *ret)
{
	struct reader r = {.at = (const char *)pdf.data, .end = (const char *)pdf.data + pdf.size};
	size_t tail = strlen(PDF_END);
	struct bytes found;
	struct bytes content;
	struct bytes zip;
	size_t size;

	if (pdf.size < tail || memcmp(r.end - tail, PDF_END, tail) != 0)
		return ERR_BAD_EVIDENCE;
	expect(&r, PDF_HEADER);
	do {
		zip = attachment(&r, &found, &size);
		if (r.failed)
			return ERR_BAD_EVIDENCE;
	} while (!bytes_equal(found, bytes_of_text(name)));
	if (size > limit)
		return ERR_TOO_LARGE;
	enum err e = pdf_unzip(a, zip, size, &content);

	if (e == ERR_TOO_LARGE || (e == OK && content.size != size))
		return ERR_BAD_EVIDENCE;
	if (e == OK)
		*ret = content;
	return e;
}
