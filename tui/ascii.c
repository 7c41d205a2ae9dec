#include "tui/ascii.h"

#include <stddef.h>

struct near {
	uint32_t from;
	char to;
};

static const struct near table[] = {
	{0xa0, ' '},
	{0xa1, '!'},
	{0xab, '"'},
	{0xb7, '-'},
	{0xbb, '"'},
	{0xbf, '?'},
	{0xaa, 'a'},
	{0xba, 'o'},
	{0xb0, 'o'},
	{0xc7, 'C'},
	{0xd1, 'N'},
	{0xe7, 'c'},
	{0xf1, 'n'},
	{0x2013, '-'},
	{0x2014, '-'},
	{0x2018, '\''},
	{0x2019, '\''},
	{0x201c, '"'},
	{0x201d, '"'},
	{0x2022, '*'},
	{0x2026, '~'},
	{0x2190, '<'},
	{0x2192, '>'},
	{0x2500, '-'},
	{0x25b8, '>'},
	{0x2713, 'x'},
	{0x2610, ' '},
	{0x2611, 'x'},
};

static char vowel(uint32_t c)
{
	static const char upper[] = "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTs";
	static const char lower[] = "aaaaaaaceeeeiiiidnooooo/ouuuuyty";

	if (c >= 0xc0 && c <= 0xdf)
		return upper[c - 0xc0];
	return c >= 0xe0 && c <= 0xff ? lower[c - 0xe0] : '?';
}

char ascii_near(uint32_t c)
{
	if (c < 0x80)
		return (char)c;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].from == c)
			return table[i].to;
	return vowel(c);
}
