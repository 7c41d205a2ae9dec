/*
 * What is told of the tables outside the programs: the manual's section of keys and commands, and
 * the completions of three shells. Run by the build; nothing that it writes is committed.
 *
 *	tablas mdoc | bash | zsh | fish
 */
#include "tools/tablas.h"

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*write)(void);
	} kinds[] = {{"mdoc", tablas_mdoc}, {"bash", tablas_bash}, {"zsh", tablas_zsh},
		{"fish", tablas_fish}};

	for (size_t i = 0; argc == 2 && i < COUNT_OF(kinds); i++)
		if (strcmp(argv[1], kinds[i].name) == 0) {
			kinds[i].write();
			return fflush(stdout) != 0 || ferror(stdout) != 0 ? 1 : 0;
		}
	fputs("tablas mdoc | bash | zsh | fish\n", stderr);
	return 64;
}
