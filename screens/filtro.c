#include "screens/filtro.h"

#include <stdio.h>
#include <string.h>
#include "base/buf.h"
#include "base/texto.h"
#include "base/utf8.h"
#include "ley/rp.h"

#define BLANKS " \t"
#define FOLD_BYTES ((size_t)4096)

/* As arguments.def has them, in the order of the enum. */
static const char *const names[FILTRO_COUNT] = {N_("todas"), N_("por abrir"), N_("con plazo"),
	N_("notificadas"), N_("sin leer"), N_("por plazo"), N_("estrados"), N_("personales"),
	N_("retiradas"), N_("con cambio")};

const char *filtro_nombre(enum fila_filtro que)
{
	return (unsigned)que < FILTRO_COUNT ? names[que] : "";
}

/* What stands behind the words where `text` begins with them, whole; NULL where it does not. */
static const char *past(const char *text, const char *words)
{
	while (*words != '\0')
		if (utf8_fold(&text) != utf8_fold(&words))
			return NULL;
	return *text == '\0' || strchr(BLANKS, *text) != NULL ? text : NULL;
}

enum fila_filtro filtro_de_nombre(const char *text)
{
	unsigned i = 0;

	while (i < FILTRO_COUNT && (past(text, names[i]) == NULL || *past(text, names[i]) != '\0'))
		i++;
	return (enum fila_filtro)i;
}

void filtro_tipo(const char *text, char ret[FILTRO_TIPO])
{
	bool bare = text[0] >= '0' && text[0] <= '9';
	int n = snprintf(ret, FILTRO_TIPO, "%s%s", bare ? "R-" : "", text);

	if (n < 0 || n >= FILTRO_TIPO)
		ret[0] = '\0';
	for (char *c = ret; *c != '\0'; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
}

enum err filtro_rp(struct filtro *f, const char *text)
{
	ARENA(a, FOLD_BYTES);
	const char *rp = NULL;
	enum err err = rp_normalize(&a, text, &rp);

	if (err == OK)
		(void)snprintf(f->rp, sizeof(f->rp), "%s", rp);
	return err;
}

enum err filtro_palabras(struct filtro *f, const char *text)
{
	ARENA(a, FOLD_BYTES);
	const char *folded = fila_fold(&a, text);

	if (folded == NULL)
		return ERR_NO_MEMORY;
	size_t size = strlen(folded);

	/* Cut between characters: half of one would be found nowhere. */
	if (size >= sizeof(f->texto))
		for (size = sizeof(f->texto) - 1; ((unsigned char)folded[size] & 0xc0) == 0x80;)
			size--;
	(void)snprintf(f->texto, sizeof(f->texto), "%.*s", (int)size, folded);
	return OK;
}

/* ---- what was typed ---- */

enum clave { CLAVE_TIPO, CLAVE_RP, CLAVE_DESDE, CLAVE_HASTA, CLAVES };

static const char *const claves[CLAVES] = {"tipo", "rp", "desde", "hasta"};

static enum err set(struct filtro *f, enum clave clave, const char *value, const char **ret_say)
{
	int32_t *day = clave == CLAVE_DESDE ? &f->desde : &f->hasta;

	switch (clave) {
	case CLAVE_TIPO:
		filtro_tipo(value, f->tipo);
		*ret_say = _("tipo lleva la clave de un tipo de acto, como R-7.3.");
		return f->tipo[0] != '\0' ? OK : ERR_BAD_FIELD;
	case CLAVE_RP:
		*ret_say = _("rp lleva un Registro Patronal de 11 caracteres.");
		return filtro_rp(f, value);
	default:
		*ret_say = _("desde y hasta llevan una fecha, como 31/dic/2026 o 2026-12-31.");
		return fecha_escrita(value, day);
	}
}

/* "tipo R-7.3": takes both, and leaves *text behind them. *ret_took: it was one of these. */
static enum err take_clave(
	struct arena *a, struct filtro *f, const char **text, bool *ret_took, const char **ret_say)
{
	for (unsigned i = 0; i < CLAVES; i++) {
		const char *rest = past(*text, claves[i]);

		if (rest == NULL)
			continue;
		rest += strspn(rest, BLANKS);
		size_t size = strcspn(rest, BLANKS);
		const char *value = arena_copy(a, rest, size);

		*ret_took = true;
		*text = rest + size;
		return value != NULL ? set(f, (enum clave)i, value, ret_say) : ERR_NO_MEMORY;
	}
	*ret_took = false;
	return OK;
}

static bool take_nombre(struct filtro *f, const char **text)
{
	for (unsigned i = 0; i < FILTRO_COUNT; i++) {
		const char *rest = past(*text, names[i]);

		if (rest == NULL)
			continue;
		if (i == FILTRO_TODAS)
			*f = (struct filtro){0};
		f->que = (enum fila_filtro)i;
		*text = rest;
		return true;
	}
	return false;
}

enum err filtro_tomar(struct arena *a, struct filtro *f, const char *text, const char **ret_say)
{
	struct filtro made = *f;
	struct buf words;
	size_t count = 0;
	enum err err = OK;

	buf_init(&words, a);
	for (text += strspn(text, BLANKS); err == OK && *text != '\0';
		text += strspn(text, BLANKS)) {
		bool took = take_nombre(&made, &text);
		size_t size;

		if (!took)
			err = take_clave(a, &made, &text, &took, ret_say);
		if (took)
			continue;
		size = strcspn(text, BLANKS);
		buf_printf(&words, "%s%.*s", count++ != 0 ? " " : "", (int)size, text);
		text += size;
	}
	const char *said = count != 0 ? buf_end_text(&words) : "";

	if (said == NULL)
		return ERR_NO_MEMORY;
	if (err == OK && count != 0)
		err = filtro_palabras(&made, said);
	if (err == OK)
		*f = made;
	return err;
}

/* ---- what it says ---- */

bool filtro_hay(const struct filtro *f)
{
	return f->que != FILTRO_TODAS || f->tipo[0] != '\0' || f->rp[0] != '\0' || f->desde != 0 ||
	       f->hasta != 0 || f->texto[0] != '\0';
}

/* Never NULL: the text fails where memory ends. */
static const char *day(struct arena *a, struct buf *b, int32_t dia)
{
	const char *text = fecha_text(a, dia, FECHA_LISTA);

	b->failed = b->failed || text == NULL;
	return text != NULL ? text : "";
}

const char *filtro_texto(struct arena *a, const struct filtro *f)
{
	const char *comma = f->que != FILTRO_TODAS ? ", " : "";
	struct buf b;

	buf_init(&b, a);
	buf_text(&b, f->que != FILTRO_TODAS ? texto(names[f->que]) : "");
	if (f->tipo[0] != '\0')
		buf_printf(&b, _("%stipo %s"), comma, f->tipo);
	comma = b.size != 0 ? ", " : "";
	if (f->rp[0] != '\0')
		buf_printf(&b, _("%sRP %s"), comma, f->rp);
	comma = b.size != 0 ? ", " : "";
	if (f->desde != 0)
		buf_printf(&b, _("%sdesde %s"), comma, day(a, &b, f->desde));
	comma = b.size != 0 ? ", " : "";
	if (f->hasta != 0)
		buf_printf(&b, _("%shasta %s"), comma, day(a, &b, f->hasta));
	comma = b.size != 0 ? ", " : "";
	if (f->texto[0] != '\0')
		buf_printf(&b, "%s«%s»", comma, f->texto);
	return filtro_hay(f) ? buf_end_text(&b) : "";
}

/* ---- a row ---- */

static bool same_tipo(const struct filtro *f, const struct fila *row)
{
	char tipo[FILTRO_TIPO];

	filtro_tipo(row->m.tipo, tipo);
	return f->tipo[0] == '\0' || strcmp(f->tipo, tipo) == 0;
}

enum err filtro_admite(struct arena *a, const struct filtro *f, const struct fila *row, bool *ret)
{
	int32_t dia = fila_dia(row);
	bool in = (fila_clase(row) & fila_mascara(f->que)) != 0 && same_tipo(f, row) &&
		  (f->rp[0] == '\0' || (row->m.rp != NULL && strcmp(f->rp, row->m.rp) == 0)) &&
		  dia >= f->desde && (f->hasta == 0 || dia <= f->hasta);

	if (in && f->texto[0] != '\0') {
		const char *text = fila_plegado(a, row);

		if (text == NULL)
			return ERR_NO_MEMORY;
		in = strstr(text, f->texto) != NULL;
	}
	*ret = in;
	return OK;
}
