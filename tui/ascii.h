/*
 * The nearest ASCII of what we show, for locales without UTF-8, and what never may reach a cell.
 */
#ifndef TUI_ASCII_H
#define TUI_ASCII_H

#include <stdbool.h>
#include <stdint.h>

/* One ASCII character; '?' where nothing is near. */
char ascii_near(uint32_t c);
/* Controls, bidi overrides, zero-width characters, variation selectors, line separators, tags. */
bool ascii_harmful(uint32_t c);

#endif
