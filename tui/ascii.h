/*
 * The nearest ASCII of what we show, for locales without UTF-8.
 */
#ifndef TUI_ASCII_H
#define TUI_ASCII_H

#include <stdint.h>

/* One ASCII character; '?' where nothing is near. */
char ascii_near(uint32_t c);

#endif
