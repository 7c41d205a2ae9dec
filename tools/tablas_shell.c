#include "tools/tablas.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static const struct option_row {
	const char *name;
	char letter;
	const char *value; /* NULL: a flag */
	const char *what;  /* NULL: another row's second name */
} options[] = {
#define OPTION(id, name, letter, value, what) {name, letter, value, what},
#define VERB(...)
#include "app/verbs.def"
#undef OPTION
#undef VERB
};

static const struct verb_row {
	const char *name;
	const char *args;
	unsigned most;
	uint64_t options;
	const char *what;
} verbs[] = {
#define OPTION(...)
#define VERB(id, args, least, most, options, what) {#id, args, most, options, what},
#include "app/verbs.def"
#undef OPTION
#undef VERB
};

/* An option that no verb has for its own is everybody's. */
static uint64_t global_options(void)
{
	uint64_t own = 0;

	for (size_t i = 0; i < COUNT_OF(verbs); i++)
		own |= verbs[i].options;
	return ((UINT64_C(1) << OPTION_COUNT) - 1) & ~own;
}

static const char *what_of(const struct option_row *o)
{
	return o->what != NULL ? o->what : "muestra esta ayuda";
}

enum value { VALUE_NONE, VALUE_FILE, VALUE_FOLDER, VALUE_PROFILE, VALUE_WORDS, VALUE_OTHER };

/* What completes a value or an argument, by the word that the help calls it; "a|b" are words. */
static enum value value_of(const char *word)
{
	if (word == NULL || word[0] == '\0')
		return VALUE_NONE;
	if (strcmp(word, "ARCHIVO") == 0)
		return VALUE_FILE;
	if (strcmp(word, "CARPETA") == 0)
		return VALUE_FOLDER;
	if (strchr(word, '|') != NULL)
		return VALUE_WORDS;
	return strcmp(word, "NOMBRE") == 0 ? VALUE_PROFILE : VALUE_OTHER;
}

/* Inside '...' of a shell; `special` (may be "") get a backslash for who reads it next. */
static void quoted(const char *text, const char *special, const char *quote)
{
	for (; *text != '\0'; text++) {
		if (strchr(special, *text) != NULL)
			putchar('\\');
		if (*text == '\'')
			fputs(quote, stdout);
		else
			putchar(*text);
	}
}

/* "a|b [REST]" as "a b". */
static void words(const char *text)
{
	for (; *text != '\0' && *text != ' '; text++)
		putchar(*text == '|' ? ' ' : *text);
}

#define SH_QUOTE "'\\''"

/* How every shell lists profiles: one a line. The first word of each object is its name. */
#define PROFILES                                                                                   \
	"config --json 2>/dev/null |\n\t\tsed -n 's/^{\"perfil\":\"\\([^\"]*\\)\".*/\\1/p'\n"

static void option_words(uint64_t set, const char *between)
{
	const char *before = "";

	for (size_t o = 0; o < OPTION_COUNT; o++) {
		if ((set & UINT64_C(1) << o) == 0)
			continue;
		printf("%s--%s", before, options[o].name);
		if (options[o].letter != 0)
			printf("%s-%c", between, options[o].letter);
		before = between;
	}
}

/* The options of that kind of value. */
static uint64_t options_with(enum value value)
{
	uint64_t set = 0;

	for (size_t o = 0; o < OPTION_COUNT; o++)
		if (value_of(options[o].value) == value)
			set |= UINT64_C(1) << o;
	return set;
}

static uint64_t options_valued(void)
{
	uint64_t set = 0;

	for (size_t o = 0; o < OPTION_COUNT; o++)
		set |= options[o].value != NULL ? UINT64_C(1) << o : 0;
	return set;
}

static void bash_arm(uint64_t set, const char *does)
{
	if (set == 0)
		return;
	fputs("\t\t", stdout);
	option_words(set, "|");
	printf(") %s ;;\n", does);
}

/* Those whose value is one of a few words. */
static void bash_choices(void)
{
	for (size_t o = 0; o < OPTION_COUNT; o++) {
		if (value_of(options[o].value) != VALUE_WORDS)
			continue;
		printf("\t\t--%s) mapfile -t COMPREPLY < <(compgen -W '", options[o].name);
		words(options[o].value);
		puts("' -- \"$cur\"); return ;;");
	}
}

static void bash_helpers(void)
{
	puts("# Completion of buzon-tui for bash; made by tools/tablas.c from app/verbs.def.\n"
	     "_buzon_tui_perfiles()\n"
	     "{\n"
	     "\tlocal name config=${2/#\\~\\//$HOME/}");
	fputs("\twhile IFS= read -r name; do\n"
	      "\t\t[[ $name == \"$1\"* ]] && COMPREPLY+=(\"$(printf %q \"$name\")\")\n"
	      "\tdone < <(buzon-tui ${config:+--config \"$config\"} " PROFILES "\t)\n}\n\n",
		stdout);
	puts("_buzon_tui_archivos()\n"
	     "{\n"
	     "\tcompopt -o filenames 2>/dev/null\n"
	     "\tmapfile -t COMPREPLY < <(compgen \"$1\" -- \"$2\")\n"
	     "}\n");
}

/* Which words stand before the cursor: verb, how many arguments, --config. */
static void bash_scan(void)
{
	puts("_buzon_tui()\n"
	     "{\n"
	     "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
	     "\tlocal i word verb= config= only= args=0\n"
	     "\tCOMPREPLY=()\n"
	     "\t# --config=x is three words to bash.\n"
	     "\tif [[ $cur == '=' ]]; then\n"
	     "\t\tcur=\n"
	     "\telif [[ $prev == '=' ]]; then\n"
	     "\t\tprev=${COMP_WORDS[COMP_CWORD - 2]}\n"
	     "\tfi\n"
	     "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	     "\t\tword=${COMP_WORDS[i]}\n"
	     "\t\tcase $only$word in");
	fputs("\t\t", stdout);
	option_words(options_valued(), "|");
	puts(")\n"
	     "\t\t\t[[ ${COMP_WORDS[i + 1]} == '=' ]] && ((i++))\n"
	     "\t\t\t((i++))\n"
	     "\t\t\t[[ $word == --config ]] && config=${COMP_WORDS[i]} ;;\n"
	     "\t\t--) only=. ;;\n"
	     "\t\t-*) ;;\n"
	     "\t\t*) if [[ -z $verb ]]; then verb=$word; else ((args++)); fi ;;\n"
	     "\t\tesac\n"
	     "\tdone");
}

static void bash_arguments(void)
{
	for (size_t i = 0; i < COUNT_OF(verbs); i++) {
		enum value value = value_of(verbs[i].args);

		if (value == VALUE_FILE)
			printf("\t%s) [[ $cur != -* || -n $only ]] && ((args < %u)) &&\n"
			       "\t\t_buzon_tui_archivos -f \"$cur\" && return ;;\n",
				verbs[i].name, verbs[i].most);
		if (value != VALUE_WORDS)
			continue;
		printf("\t%s) ((args < 1)) && word='", verbs[i].name);
		words(verbs[i].args);
		puts("' ;;");
	}
}

void tablas_bash(void)
{
	bash_helpers();
	bash_scan();
	puts("\tif [[ -z $only ]]; then\n\t\tcase $prev in");
	bash_arm(options_with(VALUE_PROFILE), "_buzon_tui_perfiles \"$cur\" \"$config\"; return");
	bash_arm(options_with(VALUE_FILE), "_buzon_tui_archivos -f \"$cur\"; return");
	bash_arm(options_with(VALUE_FOLDER), "_buzon_tui_archivos -d \"$cur\"; return");
	bash_choices();
	bash_arm(options_with(VALUE_OTHER), "return");
	puts("\t\tesac\n\tfi\n\tword=\n\tcase $verb in");
	fputs("\t'') word='", stdout);
	for (size_t i = 0; i < COUNT_OF(verbs); i++)
		printf("%s%s", i != 0 ? " " : "", verbs[i].name);
	puts("' ;;");
	bash_arguments();
	puts("\tesac\n\tif [[ $cur == -* && -z $only ]]; then\n\t\tcase $verb in");
	for (size_t i = 0; i < COUNT_OF(verbs); i++) {
		printf("\t\t%s) word='", verbs[i].name);
		option_words(verbs[i].options | global_options(), " ");
		puts("' ;;");
	}
	fputs("\t\t*) word='", stdout);
	option_words(global_options(), " ");
	puts("' ;;\n\t\tesac\n\tfi\n"
	     "\tmapfile -t COMPREPLY < <(compgen -W \"$word\" -- \"$cur\")\n"
	     "}\ncomplete -F _buzon_tui buzon-tui");
}

/* ":FOLIO:what completes it". */
static void zsh_action(const char *word)
{
	static const char *const actions[] = {
		[VALUE_FILE] = "_files",
		[VALUE_FOLDER] = "_files -/",
		[VALUE_PROFILE] = "_buzon_tui_perfiles",
	};
	enum value value = value_of(word);

	printf(":%s:", value == VALUE_WORDS ? "argumento" : word);
	if (value == VALUE_WORDS) {
		putchar('(');
		words(word);
		putchar(')');
	} else if (value == VALUE_OTHER) {
		/* An action that adds nothing at all would keep options from being inserted. */
		printf("_message %s", word);
	} else {
		fputs(actions[value], stdout);
	}
}

static void zsh_options(uint64_t set)
{
	for (size_t o = 0; o < OPTION_COUNT; o++) {
		const struct option_row *row = &options[o];

		if ((set & UINT64_C(1) << o) == 0)
			continue;
		fputs("\t\t", stdout);
		if (row->letter != 0)
			printf("'(-%c --%s)'{-%c%s,--%s%s}", row->letter, row->name, row->letter,
				row->value != NULL ? "+" : "", row->name,
				row->value != NULL ? "=" : "");
		else
			printf("--%s%s", row->name, row->value != NULL ? "=" : "");
		fputs("'[", stdout);
		quoted(what_of(row), "[]:\\", SH_QUOTE);
		putchar(']');
		if (row->value != NULL)
			zsh_action(row->value);
		puts("'");
	}
}

/* The verb and --config, from the words before the cursor. */
static void zsh_scan(void)
{
	puts("_buzon-tui() {\n"
	     "\tlocal _buzon_tui_config= expl verbo= i\n"
	     "\tlocal -a especificacion\n"
	     "\tfor ((i = 2; i < CURRENT; i++)); do\n"
	     "\t\tcase $words[i] in\n"
	     "\t\t--config=*) _buzon_tui_config=${words[i]#--config=} ;;\n"
	     "\t\t--config) _buzon_tui_config=$words[++i] ;;");
	fputs("\t\t", stdout);
	option_words(options_valued(), "|");
	puts(") ((i++)) ;;\n"
	     "\t\t-*) ;;\n"
	     "\t\t*) verbo=$words[i]; break ;;\n"
	     "\t\tesac\n"
	     "\tdone");
}

void tablas_zsh(void)
{
	puts("#compdef buzon-tui\n"
	     "# Completion of buzon-tui for zsh; made by tools/tablas.c from app/verbs.def.\n"
	     "_buzon_tui_perfiles() {\n"
	     "\tlocal -a perfiles\n"
	     "\tlocal config=${${(Q)_buzon_tui_config}/#\\~\\//$HOME/}");
	fputs("\tperfiles=(${(f)\"$(buzon-tui ${config:+--config=$config} " PROFILES "\t)\"})\n",
		stdout);
	puts("\t_wanted perfiles expl perfil compadd -a perfiles\n"
	     "}\n\n"
	     "_buzon_tui_comandos() {\n"
	     "\tlocal -a comandos=(");
	for (size_t i = 0; i < COUNT_OF(verbs); i++) {
		printf("\t\t'%s:", verbs[i].name);
		quoted(verbs[i].what, ":\\", SH_QUOTE);
		puts("'");
	}
	puts("\t)\n\t_describe -t comandos comando comandos\n}\n");
	zsh_scan();
	puts("\tespecificacion=(");
	zsh_options(global_options());
	puts("\t\t'1:comando:_buzon_tui_comandos'\n\t)\n\tcase $verbo in");
	for (size_t i = 0; i < COUNT_OF(verbs); i++) {
		printf("\t%s) especificacion+=(\n", verbs[i].name);
		zsh_options(verbs[i].options);
		if (verbs[i].most != 0) {
			fputs("\t\t'2", stdout);
			zsh_action(verbs[i].args);
			puts("'");
		}
		puts("\t) ;;");
	}
	puts("\tesac\n"
	     "\t_arguments -S $especificacion\n"
	     "}\n\n"
	     "_buzon-tui \"$@\"");
}

static void fish_option(const struct option_row *row, const char *verb)
{
	static const char *const takes[] = {
		[VALUE_NONE] = "",
		[VALUE_FILE] = " -r -F",
		[VALUE_FOLDER] = " -x -a '(__fish_complete_directories)'",
		[VALUE_PROFILE] = " -x -a '(__buzon_tui_perfiles)'",
		[VALUE_WORDS] = " -x -a '",
		[VALUE_OTHER] = " -x",
	};

	fputs("complete -c buzon-tui", stdout);
	if (verb != NULL)
		printf(" -n '__buzon_tui_verbo %s'", verb);
	printf(" -l %s", row->name);
	if (row->letter != 0)
		printf(" -s %c", row->letter);
	fputs(takes[value_of(row->value)], stdout);
	if (value_of(row->value) == VALUE_WORDS) {
		words(row->value);
		putchar('\'');
	}
	fputs(" -d '", stdout);
	quoted(what_of(row), "\\", "\\'");
	puts("'");
}

/* `__buzon_tui_verbo x`: is the verb x? Without one: is there none yet? */
static void fish_scan(void)
{
	puts("# Completion of buzon-tui for fish; made by tools/tablas.c from app/verbs.def.\n"
	     "function __buzon_tui_verbo\n"
	     "\tset -l words (commandline -opc)\n"
	     "\tset -l skip 0\n"
	     "\tfor word in $words[2..-1]\n"
	     "\t\tif test $skip = 1\n"
	     "\t\t\tset skip 0\n"
	     "\t\t\tcontinue\n"
	     "\t\tend\n"
	     "\t\tswitch $word");
	fputs("\t\t\tcase", stdout);
	for (size_t o = 0; o < OPTION_COUNT; o++)
		if (options[o].value != NULL) {
			printf(" --%s", options[o].name);
			if (options[o].letter != 0)
				printf(" -%c", options[o].letter);
		}
	puts("\n\t\t\t\tset skip 1\n"
	     "\t\t\tcase '-*'\n"
	     "\t\t\tcase '*'\n"
	     "\t\t\t\ttest \"$word\" = \"$argv[1]\"\n"
	     "\t\t\t\treturn\n"
	     "\t\tend\n"
	     "\tend\n"
	     "\ttest -z \"$argv[1]\"\n"
	     "end\n\n"
	     "function __buzon_tui_perfiles\n"
	     "\tset -l config\n"
	     "\tset -l words (commandline -opc)\n"
	     "\tif set -l at (contains -i -- --config $words)\n"
	     "\t\tset config --config (string replace -r '^~/' \"$HOME/\" -- $words[(math $at + 1)])\n"
	     "\tend");
	fputs("\tbuzon-tui $config " PROFILES "end\n\n", stdout);
}

void tablas_fish(void)
{
	fish_scan();
	puts("complete -c buzon-tui -f");
	for (size_t i = 0; i < COUNT_OF(verbs); i++) {
		printf("complete -c buzon-tui -n __buzon_tui_verbo -a %s -d '", verbs[i].name);
		quoted(verbs[i].what, "\\", "\\'");
		puts("'");
		if (value_of(verbs[i].args) == VALUE_FILE)
			printf("complete -c buzon-tui -n '__buzon_tui_verbo %s' -F\n",
				verbs[i].name);
		if (value_of(verbs[i].args) == VALUE_WORDS) {
			printf("complete -c buzon-tui -n '__buzon_tui_verbo %s' -a '",
				verbs[i].name);
			words(verbs[i].args);
			puts("'");
		}
		for (size_t o = 0; o < OPTION_COUNT; o++)
			if ((verbs[i].options & UINT64_C(1) << o) != 0)
				fish_option(&options[o], verbs[i].name);
	}
	for (size_t o = 0; o < OPTION_COUNT; o++)
		if ((global_options() & UINT64_C(1) << o) != 0)
			fish_option(&options[o], NULL);
}
