/*
 * A real Chromium, driven through chromedriver's WebDriver interface (W3C): what a person would see
 * on a page and do there. Each call fails the test where the browser says no; it waits for pages by
 * itself.
 */
#ifndef TESTS_HELP_WEBDRIVER_H
#define TESTS_HELP_WEBDRIVER_H

#include "tests/help/e2e.h"

struct webdriver {
	struct e2e *world;
	unsigned port;
	pid_t pid;
	char session[64];
};

/* Its profile is in the world's folder; certificates of the test's CA are taken. */
void webdriver_open(struct webdriver *w, struct e2e *world);
void webdriver_close(struct webdriver *w);

void webdriver_go(struct webdriver *w, const char *url);
const char *webdriver_title(struct webdriver *w, struct arena *a);
const char *webdriver_url(struct webdriver *w, struct arena *a);
/*
 * Of the first element that the CSS selector finds: what WebDriver knows by that name: "text",
 * "computedrole", "computedlabel", "css/color", "attribute/lang", "property/value" ...
 */
const char *webdriver_of(struct webdriver *w, struct arena *a, const char *css, const char *what);
size_t webdriver_count(struct webdriver *w, const char *css);
void webdriver_click(struct webdriver *w, const char *css);
/* Types into it; of a field for a file: the path that is picked. */
void webdriver_type(struct webdriver *w, const char *css, const char *text);
/* A key pressed and released wherever the focus is; WebDriver's code points: Tab U+E004. */
void webdriver_key(struct webdriver *w, const char *key);
#define WEBDRIVER_TAB "\xEE\x80\x84"
#define WEBDRIVER_ENTER "\xEE\x80\x87"
/* As webdriver_of, of the element that has the focus. */
const char *webdriver_focused(struct webdriver *w, struct arena *a, const char *what);
/* Waits (30 s) until the title is that. */
void webdriver_wait_title(struct webdriver *w, const char *title);

#endif
