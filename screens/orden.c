#include "screens/orden.h"

#include <stdio.h>
#include <string.h>
#include "base/buf.h"
#include "base/texto.h"
#include "base/utf8.h"

#define NAMES (ACTION_COUNT + SCREEN_COUNT)
#define BLANKS " \t"
#define NEAR_SIZE 32 /* characters of a name that are compared */
#define NEAR_NAMES 3

struct name {
	const char *text;
	enum action action; /* ACTION_COUNT: a screen */
	enum screen screen;
};

/* What a line is read with. */
struct reading {
	struct arena *arena;
	enum screen screen;
	const struct orden_profiles *profiles;
};

/* ---- names -------------------------------------------------------------------------------- */

/* The i-th name (i < NAMES) as it may be typed on the screen; false where it may not. */
static bool name_at(enum screen s, size_t i, struct name *ret)
{
	if (i < ACTION_COUNT) {
		const struct action_row *row = action_row((enum action)i);

		*ret = (struct name){row->command, (enum action)i, SCREEN_COUNT};
		return i != ACTION_command && (row->where & 1u << s) != 0;
	}
	const struct screen_row *row = screen_row((enum screen)(i - ACTION_COUNT));

	*ret = (struct name){row->id, ACTION_COUNT, (enum screen)(i - ACTION_COUNT)};
	return row->key[0] != '\0';
}

static bool same(const char *a, const char *b)
{
	return utf8_begins(a, b) && utf8_begins(b, a);
}

/* How many names begin so: 1 with the name in *ret, also where one is the word itself. */
static size_t find_name(enum screen s, const char *word, struct name *ret)
{
	struct name name;
	size_t n = 0;

	for (size_t i = 0; i < NAMES; i++) {
		if (!name_at(s, i, &name) || !utf8_begins(name.text, word))
			continue;
		*ret = name;
		if (same(name.text, word))
			return 1;
		n++;
	}
	return n;
}

static size_t filtros_of(enum argument argument, const struct orden_profiles *profiles)
{
	return argument == ARGUMENT_filter && profiles != NULL ? profiles->filtro_count : 0;
}

static size_t choices_most(enum argument argument, const struct orden_profiles *profiles)
{
	size_t n = 1 + filtros_of(argument, profiles);

	if (argument == ARGUMENT_profile)
		return profiles != NULL ? profiles->count : 0;
	for (const char *at = argument_row(argument)->choices; *at != '\0'; at++)
		n += *at == '|';
	return n;
}

enum err orden_choices(struct arena *a, enum argument argument,
	const struct orden_profiles *profiles, const char *text, const char *const **ret_choices,
	size_t *ret_count)
{
	size_t most = choices_most(argument, profiles);
	const char **choices = arena_array(a, most + 1, sizeof(*choices));
	const char *at = argument_row(argument)->choices;
	size_t fixed = most - filtros_of(argument, profiles);
	size_t n = 0;

	if (choices == NULL)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < most; i++) {
		size_t size = strcspn(at, "|");
		const char *choice = argument == ARGUMENT_profile ? profiles->names[i]
				     : i >= fixed		  ? profiles->filtros[i - fixed]
								  : arena_copy(a, at, size);

		if (choice == NULL)
			return ERR_NO_MEMORY;
		if (choice[0] != '\0' && utf8_begins(choice, text))
			choices[n++] = choice;
		at += size + (at[size] != '\0' ? 1 : 0);
	}
	*ret_choices = choices;
	*ret_count = n;
	return OK;
}

enum err orden_argument(struct arena *a, enum argument argument,
	const struct orden_profiles *profiles, const char *text, const char **ret)
{
	bool open = argument_row(argument)->open;
	const char *const *choices;
	size_t n;
	enum err e = orden_choices(a, argument, profiles, text, &choices, &n);

	if (e != OK)
		return e;
	*ret = open ? text : n == 1 ? choices[0] : NULL;
	for (size_t i = 0; i < n; i++)
		if (same(choices[i], text))
			*ret = choices[i];
	return OK;
}

/* ---- what is wrong ------------------------------------------------------------------------ */

static size_t folded(const char *text, uint32_t to[NEAR_SIZE])
{
	size_t n = 0;

	while (*text != '\0' && n < NEAR_SIZE)
		to[n++] = utf8_fold(&text);
	return n;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Letters to be added, left out or changed (Levenshtein). */
static size_t distance(const char *a, const char *b)
{
	uint32_t left[NEAR_SIZE];
	uint32_t right[NEAR_SIZE];
	size_t row[NEAR_SIZE + 1];
	size_t n = folded(a, left);
	size_t m = folded(b, right);

	for (size_t j = 0; j <= m; j++)
		row[j] = j;
	for (size_t i = 0; i < n; i++) {
		size_t corner = row[0];

		row[0] = i + 1;
		for (size_t j = 0; j < m; j++) {
			size_t changed = corner + (left[i] != right[j] ? 1 : 0);

			corner = row[j + 1];
			row[j + 1] = least(changed, 1 + least(row[j], row[j + 1]));
		}
	}
	return row[m];
}

static void add_name(struct buf *b, size_t *n, const char *name)
{
	buf_printf(b, "%s%s", *n != 0 ? ", " : "", name);
	(*n)++;
}

static enum err say(struct buf *b, struct orden *ret)
{
	const char *text = buf_end_text(b);

	if (text == NULL)
		return ERR_NO_MEMORY;
	*ret = (struct orden){.kind = ORDEN_NOTHING, .say = text};
	return OK;
}

static enum err say_ambiguous(const struct reading *r, const char *word, struct orden *ret)
{
	struct buf b;
	struct name name;
	size_t n = 0;

	buf_init(&b, r->arena);
	buf_printf(&b, _("«%s» puede ser: "), word);
	for (size_t i = 0; i < NAMES; i++)
		if (name_at(r->screen, i, &name) && utf8_begins(name.text, word))
			add_name(&b, &n, name.text);
	buf_text(&b, _(". Escribe un poco más."));
	return say(&b, ret);
}

/* The nearest first; a third of the letters may be wrong. */
static size_t add_near(struct buf *b, enum screen s, const char *word)
{
	struct name name;
	size_t n = 0;
	size_t most = utf8_count(word) / 3 + 1;

	for (size_t d = 1; d <= most; d++)
		for (size_t i = 0; i < NAMES && n < NEAR_NAMES; i++)
			if (name_at(s, i, &name) && distance(name.text, word) == d)
				add_name(b, &n, name.text);
	return n;
}

/* A command of other screens: the first of them. */
static enum screen screen_with(const char *word)
{
	for (unsigned a = 0; a < ACTION_COUNT; a++) {
		const struct action_row *row = action_row((enum action)a);

		for (unsigned s = 0; s < SCREEN_COUNT && same(row->command, word); s++)
			if (a != ACTION_command && (row->where & 1u << s) != 0)
				return (enum screen)s;
	}
	return SCREEN_COUNT;
}

static enum err say_unknown(const struct reading *r, const char *word, struct orden *ret)
{
	enum screen other = screen_with(word);
	struct buf near;
	struct buf b;

	buf_init(&near, r->arena);
	buf_init(&b, r->arena);
	if (other != SCREEN_COUNT)
		buf_printf(&b, _("Aquí no se puede «%s»: es de la pantalla %s."), word,
			texto(screen_row(other)->name));
	else if (add_near(&near, r->screen, word) != 0 && !near.failed)
		buf_printf(&b, _("No existe el comando «%s»; se parece a: %s."), word, near.data);
	else
		buf_printf(&b, _("No existe el comando «%s»; Tab muestra los de esta pantalla."),
			word);
	return near.failed ? ERR_NO_MEMORY : say(&b, ret);
}

static enum err say_choices(const struct reading *r, enum action action, struct orden *ret)
{
	const char *const *choices;
	struct buf b;
	size_t count;
	size_t n = 0;
	enum err e = orden_choices(
		r->arena, action_row(action)->argument, r->profiles, "", &choices, &count);

	if (e != OK)
		return e;
	buf_init(&b, r->arena);
	buf_printf(&b, _("«%s» admite: "), action_row(action)->command);
	for (size_t i = 0; i < count; i++)
		add_name(&b, &n, choices[i]);
	buf_char(&b, '.');
	return say(&b, ret);
}

/* ---- the line ----------------------------------------------------------------------------- */

/* The first word in the arena; *ret_rest is what stands behind it, without blanks round it. */
static enum err split(struct arena *a, const char *text, const char **ret_word,
	const char **ret_rest, bool *ret_ended)
{
	text += strspn(text, BLANKS);
	size_t size = strcspn(text, BLANKS);
	const char *rest = text + size + strspn(text + size, BLANKS);
	size_t end = strlen(rest);

	while (end > 0 && strchr(BLANKS, rest[end - 1]) != NULL)
		end--;
	const char *word = arena_copy(a, text, size);
	const char *tail = arena_copy(a, rest, end);

	if (word == NULL || tail == NULL)
		return ERR_NO_MEMORY;
	*ret_word = word;
	*ret_rest = tail;
	*ret_ended = text[size] != '\0';
	return OK;
}

static enum err take_argument(
	const struct reading *r, enum action action, const char *text, struct orden *ret)
{
	enum argument argument = action_row(action)->argument;
	struct orden found = {.kind = ORDEN_ACTION, .action = action, .screen = SCREEN_COUNT};

	if (text[0] != '\0' && argument == ARGUMENT_none) {
		struct buf b;

		buf_init(&b, r->arena);
		buf_printf(&b, _("«%s» va solo, sin nada detrás."), action_row(action)->command);
		return say(&b, ret);
	}
	if (text[0] != '\0') {
		enum err e = orden_argument(r->arena, argument, r->profiles, text, &found.argument);

		if (e != OK)
			return e;
		if (found.argument == NULL)
			return say_choices(r, action, ret);
	}
	*ret = found;
	return OK;
}

enum err orden_parse(struct arena *a, enum screen s, const struct orden_profiles *profiles,
	const char *text, struct orden *ret)
{
	struct reading r = {a, s, profiles};
	const char *word;
	const char *rest;
	bool ended;
	struct name name;
	enum err e = split(a, text, &word, &rest, &ended);

	if (e != OK)
		return e;
	if (word[0] == '\0') {
		*ret = (struct orden){.kind = ORDEN_NOTHING};
		return OK;
	}
	size_t n = find_name(s, word, &name);

	if (n == 0)
		return say_unknown(&r, word, ret);
	if (n > 1)
		return say_ambiguous(&r, word, ret);
	if (name.action != ACTION_COUNT)
		return take_argument(&r, name.action, rest, ret);
	*ret = (struct orden){.kind = ORDEN_SCREEN, .action = ACTION_COUNT, .screen = name.screen};
	return OK;
}

/* ---- completion --------------------------------------------------------------------------- */

static enum err add_candidate(struct orden_candidates *c, const char *line, const char *word)
{
	if (line == NULL || word == NULL)
		return ERR_NO_MEMORY;
	c->lines[c->count] = line;
	c->words[c->count++] = word;
	return OK;
}

static enum err complete_names(
	const struct reading *r, const char *word, struct orden_candidates *c)
{
	struct name name;
	enum err e = OK;

	for (size_t i = 0; e == OK && i < NAMES; i++) {
		if (!name_at(r->screen, i, &name) || !utf8_begins(name.text, word))
			continue;
		bool more = name.action != ACTION_COUNT &&
			    action_row(name.action)->argument != ARGUMENT_none;

		e = add_candidate(
			c, more ? arena_printf(r->arena, "%s ", name.text) : name.text, name.text);
	}
	return e;
}

static enum err complete_choices(
	const struct reading *r, enum action action, const char *text, struct orden_candidates *c)
{
	const struct action_row *row = action_row(action);
	const char *const *choices;
	const char *last = text;
	size_t count = 0;
	enum err e = orden_choices(r->arena, row->argument, r->profiles, last, &choices, &count);

	/* The parts of a filter stand side by side: the last words that begin one are completed. */
	while (e == OK && count == 0 && row->argument == ARGUMENT_filter && *last != '\0') {
		last += strcspn(last, BLANKS);
		last += strspn(last, BLANKS);
		if (*last != '\0')
			e = orden_choices(
				r->arena, row->argument, r->profiles, last, &choices, &count);
	}
	for (size_t i = 0; e == OK && i < count; i++)
		e = add_candidate(c,
			arena_printf(r->arena, "%s %.*s%s", row->command, (int)(last - text), text,
				choices[i]),
			choices[i]);
	return e;
}

/* Room for the names, or for as many choices as there can be. */
static enum err make_room(const struct reading *r, struct orden_candidates *c)
{
	size_t most =
		NAMES + (r->profiles != NULL ? r->profiles->count + r->profiles->filtro_count : 0);

	*c = (struct orden_candidates){arena_array(r->arena, most, sizeof(*c->lines)),
		arena_array(r->arena, most, sizeof(*c->words)), 0};
	return c->lines != NULL && c->words != NULL ? OK : ERR_NO_MEMORY;
}

enum err orden_candidates(struct arena *a, enum screen s, const struct orden_profiles *profiles,
	const char *text, struct orden_candidates *ret)
{
	struct reading r = {a, s, profiles};
	struct orden_candidates c;
	const char *word;
	const char *rest;
	bool ended;
	struct name name;
	enum err e = split(a, text, &word, &rest, &ended);

	if (e == OK)
		e = make_room(&r, &c);
	if (e == OK && !ended)
		e = complete_names(&r, word, &c);
	else if (e == OK && find_name(s, word, &name) == 1 && name.action != ACTION_COUNT)
		e = complete_choices(&r, name.action, rest, &c);
	if (e == OK)
		*ret = c;
	return e;
}

/* The words to choose from, the one that is shown now in brackets. */
static enum err note_of(
	struct arena *a, const struct orden_candidates *c, size_t current, const char **ret_note)
{
	struct buf b;

	buf_init(&b, a);
	for (size_t i = 0; i < c->count; i++)
		buf_printf(&b, i == current ? "%s[%s]" : "%s%s", i != 0 ? " " : "", c->words[i]);
	*ret_note = c->count > 1 ? buf_end_text(&b) : "";
	return *ret_note != NULL ? OK : ERR_NO_MEMORY;
}

enum err orden_complete(struct orden_tab *t, struct arena *a, enum screen s,
	const struct orden_profiles *profiles, const char *text, const char **ret_line,
	const char **ret_note)
{
	bool again = t->shown[0] != '\0' && !t->single && strcmp(text, t->shown) == 0;
	struct orden_candidates c;
	const char *note = "";

	if (!again) {
		*t = (struct orden_tab){0};
		if (strlen(text) < sizeof(t->base))
			(void)snprintf(t->base, sizeof(t->base), "%s", text);
	}
	enum err e = orden_candidates(a, s, profiles, again ? t->base : text, &c);

	if (e != OK)
		return e;
	const char *line = c.count != 0 ? c.lines[t->next % c.count] : NULL;

	e = c.count != 0 ? note_of(a, &c, t->next % c.count, &note) : OK;
	if (e != OK)
		return e;
	*ret_line = line;
	*ret_note = note;
	t->single = c.count == 1;
	t->next++;
	if (line == NULL || strlen(line) >= sizeof(t->shown) || strlen(text) >= sizeof(t->base))
		t->shown[0] = '\0';
	else
		(void)snprintf(t->shown, sizeof(t->shown), "%s", line);
	return OK;
}
