/*
 * In what language the program speaks: the locale's, where there is a catalogue of it.
 *
 * Spanish is the source language: with it, or without a locale, no catalogue is looked for and no
 * file is opened. Catalogues are in the folder `locale` beside the program (a build's), else where
 * `make install` puts them. Numbers, dates and sorting never depend on the locale.
 */
#ifndef APP_IDIOMA_H
#define APP_IDIOMA_H

/* For mains, once, before the first text. */
void idioma_setup(void);

#endif
