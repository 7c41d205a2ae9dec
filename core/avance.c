#include "core/avance.h"

#include <stdarg.h>
#include <unistd.h>
#include "base/clock.h"

#define EVERY_MS 1000
#define WIDTH 78

void avance_begin(struct avance *a, FILE *out)
{
	*a = (struct avance){
		.out = out, .terminal = isatty(fileno(out)) == 1, .last = clock_monotonic()};
}

void avance_clear(struct avance *a)
{
	if (a->shown)
		fprintf(a->out, "\r%*s\r", WIDTH, "");
	a->shown = false;
}

void avance_say(struct avance *a, const char *format, ...)
{
	int64_t now = clock_monotonic();
	va_list args;

	if (!a->terminal || now - a->last < EVERY_MS)
		return;
	avance_clear(a);
	va_start(args, format);
	vfprintf(a->out, format, args);
	va_end(args);
	fflush(a->out);
	a->shown = true;
	a->last = now;
}
