#include "screens/copia.h"

static const void *at(const void *p, size_t offset)
{
	return (const char *)p + offset;
}

static enum err copy_many(struct arena *a, const struct field *f, const void *from, void *to)
{
	size_t n = *(const size_t *)at(from, f->offset_count);
	const char *old = *(void *const *)at(from, f->offset);
	char *copy = arena_array(a, n > 0 ? n : 1, f->sub->size);
	enum err err = copy == NULL ? ERR_NO_MEMORY : OK;

	for (size_t i = 0; err == OK && i < n; i++)
		err = copia(a, f->sub, old + i * f->sub->size, copy + i * f->sub->size);
	if (err == OK)
		*(void **)((char *)to + f->offset) = copy;
	return err;
}

static enum err copy_field(struct arena *a, const struct field *f, const void *from, void *to)
{
	void *slot = (char *)to + f->offset;
	const void *old = *(void *const *)at(from, f->offset);
	void *copy = NULL;

	if (f->kind == FIELD_MANY)
		return copy_many(a, f, from, to);
	if (f->kind == FIELD_DATA) {
		struct bytes *b = slot;

		if (b->size == 0)
			return OK;
		b->data = copy = arena_copy(a, b->data, b->size);
		return copy == NULL ? ERR_NO_MEMORY : OK;
	}
	if (old == NULL || (f->kind != FIELD_TEXT && f->kind != FIELD_ONE))
		return OK;
	if (f->kind == FIELD_TEXT)
		copy = arena_strdup(a, old);
	else
		copy = arena_zalloc(a, f->sub->size);
	if (copy == NULL)
		return ERR_NO_MEMORY;
	*(void **)slot = copy;
	return f->kind == FIELD_ONE ? copia(a, f->sub, old, copy) : OK;
}

enum err copia(struct arena *a, const struct message *m, const void *from, void *to)
{
	memcpy(to, from, m->size);
	for (size_t i = 0; i < m->field_count; i++) {
		enum field_kind kind = m->fields[i].kind;

		if (kind == FIELD_INT || kind == FIELD_BOOL)
			continue;
		enum err err = copy_field(a, &m->fields[i], from, to);

		if (err != OK)
			return err;
	}
	return OK;
}
