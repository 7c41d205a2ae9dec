#include "app/subverbo.h"

#include "base/texto.h"

/* Of all rows together: the options that are some row's own. */
static uint64_t own(const struct subverbo *table, size_t count)
{
	uint64_t all = 0;

	for (size_t i = 0; i < count; i++)
		all |= table[i].options;
	return all;
}

static bool takes(const struct verb_call *v, uint64_t refused)
{
	for (unsigned o = 0; o < OPTION_COUNT; o++)
		if (v->opt[o] != NULL && (refused & UINT64_C(1) << o) != 0)
			return false;
	return true;
}

/* "alta|baja". */
static const char *names(struct arena *a, const struct subverbo *table, size_t count)
{
	const char *text = "";

	for (size_t i = 0; text != NULL && i < count; i++)
		text = arena_printf(a, "%s%s%s", text, i != 0 ? "|" : "", table[i].name);
	return text != NULL ? text : "";
}

enum err subverbo_run(struct verb_call *v, const struct subverbo *table, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct subverbo *s = &table[i];

		if (strcmp(v->args[0], s->name) != 0)
			continue;
		if (v->args_count == s->count + 1 && takes(v, own(table, count) & ~s->options))
			return s->run(v);
		v->detail = arena_printf(v->arena, _("Se escribe así: buzon-tui %s %s%s%s"),
			v->verb, s->name, s->args[0] != '\0' ? " " : "", s->args);
		return ERR_USAGE;
	}
	v->detail = arena_printf(v->arena, _("No existe «%s»; se escribe así: buzon-tui %s %s"),
		v->args[0], v->verb, names(v->arena, table, count));
	return ERR_USAGE;
}
