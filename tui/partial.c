#include "tui/partial.h"

#include "base/utf8.h"

bool partial_add(struct partial *p, unsigned char byte, uint32_t *ret_char)
{
	if (byte < 0x80) {
		p->size = 0;
		*ret_char = byte;
		return true;
	}
	bool goes_on = (byte & 0xc0) == 0x80;

	if (!goes_on)
		p->size = 0;
	/* No character begins with these. */
	if (p->size == 0 && (goes_on || byte < 0xc2 || byte > 0xf4))
		return false;
	p->bytes[p->size++] = byte;
	if (utf8_decode((const char *)p->bytes, p->size, ret_char) == p->size) {
		p->size = 0;
		return true;
	}
	if (p->size == sizeof(p->bytes))
		p->size = 0;
	return false;
}
