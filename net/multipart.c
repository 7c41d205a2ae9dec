#include "net/multipart.h"

#include <string.h>
#include <strings.h>

#define TYPE "multipart/form-data"

bool multipart_is(const char *content_type)
{
	size_t n = strlen(TYPE);

	return content_type != NULL && strncasecmp(content_type, TYPE, n) == 0 &&
	       strchr("; \t", content_type[n]) != NULL;
}

/* The value of `name=` among parameters behind semicolons, quoted or not; NULL: none. */
static const char *parameter(const char *text, const char *name, size_t *ret_size)
{
	const char *p = text + strcspn(text, ";");

	while (*p != '\0') {
		p += strspn(p, "; \t");
		size_t n = strcspn(p, "=;");
		const char *value = p + n + (p[n] == '=');
		bool quoted = *value == '"';
		size_t size = strcspn(value + quoted, quoted ? "\"" : "; \t");

		if (p[n] == '=' && n == strlen(name) && strncasecmp(p, name, n) == 0) {
			*ret_size = size;
			return value + quoted;
		}
		p = value + quoted + size;
		p += quoted && *p == '"';
		p += strcspn(p, ";");
	}
	return NULL;
}

enum err multipart_begin(
	struct multipart *m, const char *content_type, const struct multipart_handlers *to)
{
	size_t size = 0;
	const char *boundary =
		multipart_is(content_type) ? parameter(content_type, "boundary", &size) : NULL;

	*m = (struct multipart){.to = to};
	if (boundary == NULL || size == 0 || size > MULTIPART_BOUNDARY ||
		strcspn(boundary, "\r\n") < size)
		return ERR_BAD_REQUEST;
	memcpy(m->delimiter, "\r\n--", 4);
	memcpy(m->delimiter + 4, boundary, size);
	m->delimiter_size = size + 4;
	/* The first one has no line before it. */
	m->matched = 2;
	return OK;
}

/* ---- a part's own head ---- */

static void take_line(struct multipart *m, const char *line, char *name, bool *file)
{
	static const char label[] = "Content-Disposition:";
	size_t size = 0;

	if (strncasecmp(line, label, strlen(label)) != 0)
		return;
	const char *value = parameter(line, "name", &size);

	if (value == NULL || size >= MULTIPART_NAME) {
		m->bad = true;
		return;
	}
	memcpy(name, value, size);
	name[size] = '\0';
	*file = parameter(line, "filename", &size) != NULL;
}

static void take_head(struct multipart *m)
{
	char name[MULTIPART_NAME] = "";
	bool file = false;
	char *rest = NULL;

	m->head[m->head_size] = '\0';
	for (char *line = strtok_r(m->head, "\r\n", &rest); line != NULL;
		line = strtok_r(NULL, "\r\n", &rest))
		take_line(m, line, name, &file);
	m->head_size = 0;
	m->at = MULTIPART_DATA;
	if (!m->bad)
		m->to->begins(m->to->ctx, name, file);
}

static void head_byte(struct multipart *m, char c)
{
	if (c == '\0' || m->head_size == sizeof(m->head) - 1) {
		m->bad = true;
		return;
	}
	m->head[m->head_size++] = c;
	/* Behind the delimiter's own line end a blank line ends it, the first one too. */
	if (c == '\n' &&
		(m->head_size == 2 || (m->head_size >= 4 && memcmp(m->head + m->head_size - 4,
								    "\r\n\r\n", 4) == 0)))
		take_head(m);
}

/* Behind a delimiter: "--" is the end, blanks and a line end lead to a head. */
static void behind_byte(struct multipart *m, char c)
{
	if (c == '-' && m->head_size == 0)
		m->head_size = 1;
	else if (c == '-')
		m->at = MULTIPART_END;
	else if (c == '\n' && m->head_size == 0)
		m->at = MULTIPART_HEAD;
	else if (m->head_size != 0 || strchr(" \t\r", c) == NULL || c == '\0')
		m->bad = true;
	if (m->at != MULTIPART_BEHIND)
		m->head_size = 0;
}

/* ---- what stands between delimiters ---- */

static void emit(struct multipart *m, const char *data, size_t size)
{
	if (m->at == MULTIPART_DATA && size != 0)
		m->to->data(m->to->ctx, bytes_of(data, size));
}

/* A CR begins a delimiter and is nowhere else in one: what did not match begins none. */
static size_t data_bytes(struct multipart *m, const char *data, size_t size)
{
	size_t i = 0;

	if (m->matched == 0) {
		const char *cr = memchr(data, '\r', size);

		i = cr != NULL ? (size_t)(cr - data) : size;
		emit(m, data, i);
	}
	for (; i < size && m->matched < m->delimiter_size && data[i] == m->delimiter[m->matched];
		i++)
		m->matched++;
	if (m->matched == m->delimiter_size) {
		m->matched = 0;
		m->at = MULTIPART_BEHIND;
	} else if (i < size && m->matched != 0) {
		emit(m, m->delimiter, m->matched);
		m->matched = 0;
	}
	return i;
}

void multipart_add(struct multipart *m, struct bytes some)
{
	const char *data = (const char *)some.data;

	for (size_t i = 0; i < some.size && !m->bad;)
		switch (m->at) {
		case MULTIPART_BEFORE:
		case MULTIPART_DATA:
			i += data_bytes(m, data + i, some.size - i);
			break;
		case MULTIPART_BEHIND:
			behind_byte(m, data[i++]);
			break;
		case MULTIPART_HEAD:
			head_byte(m, data[i++]);
			break;
		case MULTIPART_END:
			return;
		}
}

bool multipart_ended(const struct multipart *m)
{
	return !m->bad && m->at == MULTIPART_END;
}
