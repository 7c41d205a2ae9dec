/*
 * The words a person reads: Spanish in the source, translated where they are shown.
 *
 * _() marks a sentence and translates it; N_() only marks it, for a table that is filled before
 * anything is translated: what shows the row calls texto(). A number that changes its words goes
 * through ngettext(). Formats keep the order of their values, or number them ("%2$s").
 * Not for evidence (papers, cadenas, acuses), the server's answers, the log, or what is typed.
 */
#ifndef BASE_TEXTO_H
#define BASE_TEXTO_H

#include <libintl.h>
#include <stddef.h>

#define _(sentence) gettext(sentence)
#define N_(sentence) sentence

/* What N_() marked; NULL and "" as they are (to gettext "" is the catalogue's own header). */
__attribute__((format_arg(1))) static inline const char *texto(const char *marked)
{
	return marked == NULL || marked[0] == '\0' ? marked : gettext(marked);
}

#endif
