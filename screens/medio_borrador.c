#include "screens/medio_borrador.h"

#include <stdio.h>
#include "screens/contacto.h"

void medio_borrador_text(const struct medio_borrador *b, char *to, size_t size)
{
	(void)snprintf(to, size, "%s\n%s\n%s\n%s\n%s", b->rps ? "rps" : "rfc",
		b->celular ? CONTACTO_CELULAR : CONTACTO_CORREO, b->rp, b->reemplaza, b->medio);
	if (b->medio[0] == '\0')
		to[0] = '\0';
}

/* The next line, cut to fit. */
static const char *take(const char *at, char *to, size_t size)
{
	size_t n = strcspn(at, "\n");

	(void)snprintf(to, size, "%.*s", (int)(n < size ? n : size - 1), at);
	return at + n + (at[n] != '\0' ? 1 : 0);
}

void medio_borrador_read(struct medio_borrador *b, const struct model *m)
{
	ARENA(a, (size_t)64 << 10);
	const char *at = model_borrador(m, &a, CONTACTO_BORRADOR);
	char word[17];

	*b = (struct medio_borrador){0};
	if (at == NULL)
		return;
	at = take(at, word, sizeof(word));
	b->rps = strcmp(word, "rps") == 0;
	at = take(at, word, sizeof(word));
	b->celular = strcmp(word, CONTACTO_CELULAR) == 0;
	at = take(at, b->rp, sizeof(b->rp));
	at = take(at, b->reemplaza, sizeof(b->reemplaza));
	(void)take(at, b->medio, sizeof(b->medio));
}
