#include "core/interrumpir.h"

static volatile sig_atomic_t came;

static void note(int number)
{
	(void)number;
	came = 1;
}

void interrumpir_begin(struct interrumpir *i)
{
	const struct sigaction act = {.sa_handler = note, .sa_flags = SA_RESTART};

	came = 0;
	sigaction(SIGINT, &act, &i->was_int);
	sigaction(SIGTERM, &act, &i->was_term);
}

void interrumpir_end(const struct interrumpir *i)
{
	sigaction(SIGTERM, &i->was_term, NULL);
	sigaction(SIGINT, &i->was_int, NULL);
}

bool interrumpir_came(void)
{
	return came != 0;
}
