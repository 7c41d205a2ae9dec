#include "core/formulario.h"

#include <string.h>

static void begins(void *ctx, const char *name, bool file)
{
	struct formulario *f = ctx;

	f->into = !file && strcmp(name, "clave") == 0 ? f->clave : NULL;
	f->file = file && strcmp(name, "archivo") == 0;
}

static void take(void *ctx, struct bytes some)
{
	struct formulario *f = ctx;

	if (f->into != NULL) {
		size_t size = strlen(f->clave);
		size_t room = FORMULARIO_CLAVE - size;
		size_t n = some.size < room ? some.size : room;

		memcpy(f->clave + size, some.data, n);
		f->clave[size + n] = '\0';
	}
	if (!f->file)
		return;
	f->bytes += (int64_t)some.size;
	f->grande = f->bytes > FORMULARIO_BYTES;
	if (!f->grande && sha256_parts_add(f->hash, some) != OK)
		f->malo = true;
}

enum err formulario_begin(struct formulario *f, const char *content_type)
{
	*f = (struct formulario){.to = {.ctx = f, .begins = begins, .data = take}};
	enum err e = multipart_begin(&f->form, content_type, &f->to);

	return e == OK ? sha256_parts_begin(&f->hash) : e;
}

void formulario_add(struct formulario *f, struct bytes some)
{
	multipart_add(&f->form, some);
}

void formulario_end(struct formulario *f, struct arena *a)
{
	f->malo = f->malo || (!f->grande && !multipart_ended(&f->form));
	if (f->bytes != 0 && !f->malo && !f->grande &&
		sha256_parts_hex(f->hash, a, &f->sha256) != OK)
		f->malo = true;
	formulario_free(f);
}

void formulario_free(struct formulario *f)
{
	sha256_parts_free(f->hash);
	f->hash = NULL;
}
