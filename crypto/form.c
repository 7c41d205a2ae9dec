#include "crypto/form.h"

#include <stdint.h>

#define TAG_INTEGER 0x02
#define TAG_OCTETS 0x04
#define TAG_OID 0x06
#define TAG_SEQUENCE 0x30
#define TAG_VERSION 0xA0

/* A key or certificate of ours is under 8 KiB; more text than this is something else. */
#define MOST_TEXT (64 * 1024)

struct tlv {
	unsigned char tag;
	size_t header;
	size_t size;	 /* as declared, which may be more than there is */
	bool indefinite; /* BER: some .pfx are written so */
};

static bool tlv_read(struct bytes b, struct tlv *ret)
{
	if (b.size < 2)
		return false;
	*ret = (struct tlv){.tag = b.data[0], .header = 2, .size = b.data[1]};
	if (b.data[1] < 0x80)
		return true;
	if (b.data[1] == 0x80) {
		ret->indefinite = true;
		ret->size = b.size - 2;
		return true;
	}

	size_t n = b.data[1] & 0x7F;

	if (n > 4 || b.size < 2 + n)
		return false;
	ret->header = 2 + n;
	ret->size = 0;
	for (size_t i = 0; i < n; i++)
		ret->size = ret->size << 8 | b.data[2 + i];
	return true;
}

static struct bytes skip(struct bytes b, size_t n)
{
	/* Nothing may be at NULL, and NULL + 0 is undefined too (C17 6.5.6). */
	if (n >= b.size)
		return bytes_of("", 0);
	return bytes_of(b.data + n, b.size - n);
}

static unsigned char tag_of(struct bytes b)
{
	return b.size != 0 ? b.data[0] : 0;
}

/* SEQ { INTEGER version, ... }: PKCS#8, PKCS#1, SEC 1 or PKCS#12, told by version and next tag. */
static enum form_kind kind_of_version(struct bytes content, const struct tlv *version)
{
	struct bytes after = skip(content, version->header + version->size);
	unsigned char next = tag_of(after);

	if (version->size != 1 || content.size < 3)
		return FORM_UNKNOWN;
	if (content.data[2] == 3)
		return next == TAG_SEQUENCE ? FORM_PFX : FORM_UNKNOWN;
	if (content.data[2] > 1)
		return FORM_UNKNOWN;
	if (next == TAG_SEQUENCE || next == TAG_INTEGER)
		return FORM_KEY;
	return next == TAG_OCTETS && content.data[2] == 1 ? FORM_KEY : FORM_UNKNOWN;
}

/* SEQ { SEQ { ... } ... }: a certificate, an encrypted key, or a public key, which is neither. */
static enum form_kind kind_of_nested(struct bytes content, const struct tlv *first)
{
	unsigned char inner = tag_of(skip(content, first->header));
	struct bytes after = skip(content, first->header + first->size);

	if (inner == TAG_VERSION)
		return FORM_CERT;
	if (inner == TAG_OID && (after.size == 0 || tag_of(after) == TAG_OCTETS))
		return FORM_KEY_ENCRYPTED;
	return FORM_UNKNOWN;
}

static bool is_blank(unsigned char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void classify(struct form *f)
{
	struct tlv outer;
	struct tlv first;

	if (!tlv_read(f->der, &outer) || outer.tag != TAG_SEQUENCE)
		return;

	struct bytes content = skip(f->der, outer.header);

	if (!tlv_read(content, &first))
		return;
	if (first.tag == TAG_INTEGER)
		f->kind = kind_of_version(content, &first);
	else if (first.tag == TAG_SEQUENCE)
		f->kind = kind_of_nested(content, &first);

	size_t declared = outer.header + outer.size;

	/* Editors and mail programs leave blanks behind the DER; anything else is damage. */
	while (f->der.size > declared && is_blank(f->der.data[f->der.size - 1]))
		f->der.size--;
	f->whole = !outer.indefinite && f->der.size == declared;
}

static int sextet(unsigned char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Lenient on purpose: what is missing at the end shows in the DER's own length. */
static enum err decode(struct bytes text, struct secret *room)
{
	uint32_t bits = 0;
	unsigned have = 0;

	if (text.size > MOST_TEXT)
		return OK;

	enum err e = secret_make(room, text.size / 4 * 3 + 3);

	if (e != OK)
		return e;
	for (size_t i = 0; i < text.size && text.data[i] != '='; i++) {
		int value = sextet(text.data[i]);

		if (value < 0 && !is_blank(text.data[i]))
			break;
		if (value < 0)
			continue;
		bits = bits << 6 | (uint32_t)value;
		have += 6;
		if (have >= 8) {
			have -= 8;
			room->data[room->size++] = (unsigned char)(bits >> have);
		}
	}
	return OK;
}

static struct bytes find(struct bytes b, const char *text)
{
	const unsigned char *at = b.size != 0 ? memmem(b.data, b.size, text, strlen(text)) : NULL;

	return at != NULL ? bytes_of(at, b.size - (size_t)(at - b.data)) : bytes_of(NULL, 0);
}

static bool label_is(struct bytes label, const char *text)
{
	return find(label, text).size != 0;
}

/* The PEM block that is wanted, else the first; its label and what is inside its armour. */
static bool pem_block(
	struct bytes file, enum form_kind wanted, struct bytes *label, struct bytes *body)
{
	const char *name = wanted == FORM_CERT ? "CERTIFICATE" : "PRIVATE KEY";
	bool found = false;

	for (struct bytes at = find(file, "-----BEGIN "); at.size != 0;) {
		struct bytes rest = skip(at, 11);
		struct bytes close = find(rest, "-----");
		struct bytes this_label = bytes_of(rest.data, rest.size - close.size);
		struct bytes inside = skip(close, 5);
		struct bytes end = find(inside, "-----END");

		if (close.size == 0)
			break;
		if (!found || label_is(this_label, name)) {
			*label = this_label;
			*body = bytes_of(inside.data, inside.size - end.size);
			found = true;
		}
		if (label_is(this_label, name))
			break;
		at = find(inside, "-----BEGIN ");
	}
	return found;
}

static enum err read_pem(
	struct bytes file, enum form_kind wanted, struct secret *room, struct form *f)
{
	struct bytes label = {0};
	struct bytes body = {0};

	if (!pem_block(file, wanted, &label, &body))
		return OK;
	if (label_is(label, "PRIVATE KEY") && label_is(body, "4,ENCRYPTED")) {
		f->kind = FORM_KEY_OLD_PEM;
		f->der = file;
		f->whole = true;
		return OK;
	}

	enum err e = decode(body, room);

	if (e != OK)
		return e;
	f->der = bytes_of(room->data, room->size);
	classify(f);
	return OK;
}

enum err form_read(struct bytes file, enum form_kind wanted, struct secret *room, struct form *ret)
{
	struct form f = {.kind = FORM_UNKNOWN};
	struct bytes text = file;
	enum err e = OK;

	if (file.size >= 3 && memcmp(file.data, "\xEF\xBB\xBF", 3) == 0)
		text = skip(text, 3);
	while (text.size != 0 && is_blank(text.data[0]))
		text = skip(text, 1);
	if (tag_of(file) == TAG_SEQUENCE) {
		f.der = file;
		classify(&f);
	} else if (find(text, "-----BEGIN ").size != 0) {
		e = read_pem(text, wanted, room, &f);
	} else if (tag_of(text) == 'M') { /* 0x30 with a length of two bytes or one, in base64 */
		e = decode(text, room);
		f.der = bytes_of(room->data, room->size);
		classify(&f);
	}
	if (e == OK)
		*ret = f;
	return e;
}
