#include "app/confirmar.h"

#include <stdio.h>
#include <unistd.h>

static bool yes(const char *answer)
{
	static const char *const words[] = {"SI", "si", "SÍ", "sí"};

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (strcmp(answer, words[i]) == 0)
			return true;
	return false;
}

enum err confirmar(struct verb_call *v, const char *pregunta)
{
	char answer[16] = "";

	if (v->opt[OPTION_si] != NULL)
		return OK;
	if (isatty(STDIN_FILENO) == 0 || isatty(STDERR_FILENO) == 0)
		return ERR_NEED_YES;
	fflush(stdout);
	fputs(pregunta, stderr);
	if (fgets(answer, sizeof(answer), stdin) == NULL)
		return ERR_CANCELLED;
	answer[strcspn(answer, "\r\n")] = '\0';
	return yes(answer) ? OK : ERR_CANCELLED;
}
