#include "tui/search.h"

#include <stdint.h>
#include <string.h>
#include "base/utf8.h"
#include "tui/ascii.h"

/* The character as search sees it: as it is typed, and “ is ". */
static uint32_t folded(const char **text)
{
	uint32_t c = utf8_fold(text);
	char near = c < 0x80 || c == 0xf1 ? '?' : ascii_near(c);

	return near == '?' ? c : (unsigned char)near;
}

/*
 * Goes on in the next line where the text was broken: at a blank, which is not there any more, or
 * anywhere in a cadena. False where no text follows.
 */
static bool next_line(
	const struct wrap *lines, size_t *line, const char **text, const char **needle)
{
	if (*line + 1 >= lines->count)
		return false;
	const struct wrap_line *this = &lines->lines[*line];
	const struct wrap_line *next = this + 1;
	const char *begin = next->text + strspn(next->text, " ");

	if (begin[0] == '\0' || this->text[0] == '\0')
		return false;
	if (**needle == ' ')
		*needle += 1;
	else if (this->style != PAGE_MONO || next->style != PAGE_MONO)
		return false;
	(*line)++;
	*text = begin;
	return true;
}

static bool begins(const struct wrap *lines, size_t line, const char *text, const char *needle,
	struct search_match *ret)
{
	while (*needle != '\0') {
		if (*text == '\0') {
			if (!next_line(lines, &line, &text, &needle))
				return false;
			continue;
		}
		if (folded(&text) != folded(&needle))
			return false;
	}
	ret->last = line;
	ret->to = (size_t)(text - lines->lines[line].text);
	return true;
}

bool search_line(
	const struct wrap *lines, size_t line, const char *needle, struct search_match *ret_match)
{
	const char *all = lines->lines[line].text;

	for (const char *text = all; *text != '\0'; (void)folded(&text)) {
		struct search_match match = {.line = line, .from = (size_t)(text - all)};

		if (begins(lines, line, text, needle, &match)) {
			*ret_match = match;
			return true;
		}
	}
	return false;
}

bool search_from(const struct wrap *lines, size_t from, const char *needle, bool backwards,
	struct search_match *ret_match)
{
	size_t n = lines->count;

	if (needle[0] == '\0' || n == 0)
		return false;
	if (from >= n)
		from = backwards ? 0 : n - 1;
	for (size_t step = 1; step <= n; step++)
		if (search_line(lines, backwards ? (from + n - step) % n : (from + step) % n,
			    needle, ret_match))
			return true;
	return false;
}
