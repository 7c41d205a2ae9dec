#include "tui/copy.h"

#include <string.h>
#include "base/b64.h"

/* screen shows a string longer than its buffer as text (256 bytes before 4.2, then 768). */
#define SCREEN_STRING 240

static bool begins(const char *text, const char *with)
{
	return text != NULL && strncmp(text, with, strlen(with)) == 0;
}

/* Terminals known to take OSC 52 or to drop it quietly; a console or a vt100 might show it. */
static bool takes_osc(const char *term)
{
	static const char *const families[] = {"xterm", "screen", "tmux", "rxvt", "alacritty",
		"foot", "kitty", "konsole", "vte", "gnome", "putty", "st-", "wezterm", "contour"};

	for (size_t i = 0; i < COUNT_OF(families); i++)
		if (begins(term, families[i]))
			return true;
	return false;
}

/*
 * tmux takes it for its own buffer and hands it on where set-clipboard says so; else the same goes
 * through it wrapped, where allow-passthrough says so, and is dropped where it does not.
 */
static const char *for_tmux(struct arena *a, const char *plain)
{
	return arena_printf(a, "%s\033Ptmux;\033%s\033\\", plain, plain);
}

/* In pieces, which screen hands on one after the other. */
static const char *for_screen(struct arena *a, const char *plain)
{
	size_t size = strlen(plain);
	size_t pieces = size / SCREEN_STRING + 1;
	char *all = arena_alloc(a, size + pieces * 4 + 1);
	char *to = all;

	if (all == NULL)
		return NULL;
	while (size != 0) {
		size_t n = size < SCREEN_STRING ? size : SCREEN_STRING;

		memcpy(to, "\033P", 2);
		memcpy(to + 2, plain, n);
		memcpy(to + 2 + n, "\033\\", 2);
		to += n + 4;
		plain += n;
		size -= n;
	}
	*to = '\0';
	return all;
}

enum err copy_sequence(
	struct arena *a, const struct copy_env *env, const char *text, const char **ret_sequence)
{
	if (!takes_osc(env->term))
		return ERR_NO_TERMINAL;
	if (strlen(text) > COPY_MAX)
		return ERR_TOO_LARGE;
	const char *coded = b64_encode(a, bytes_of_text(text));
	const char *plain = coded != NULL ? arena_printf(a, "\033]52;c;%s\a", coded) : NULL;
	const char *all = plain;

	if (plain == NULL)
		return ERR_NO_MEMORY;
	if (begins(env->term, "tmux") || (begins(env->term, "screen") && env->tmux))
		all = for_tmux(a, plain);
	else if (begins(env->term, "screen") && env->screen)
		all = for_screen(a, plain);
	else if (begins(env->term, "screen") && strlen(plain) > SCREEN_STRING)
		/* tmux or screen: over SSH nobody knows, and screen would show it. */
		return ERR_TOO_LARGE;
	if (all == NULL)
		return ERR_NO_MEMORY;
	*ret_sequence = all;
	return OK;
}
