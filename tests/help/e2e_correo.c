#include "tests/help/e2e_correo.h"

#include <ctype.h>
#include <time.h>
#include "tests/help/cm.h"
#include "tests/help/pki.h"

#define TRIES 300
#define NAP_NS 100000000

static const char *must(const char *text)
{
	assert_non_null(text);
	return text;
}

/* The member of the object that begins at `at`. */
static const char *member(struct arena *a, const char *at, const char *name)
{
	size_t size = strcspn(at, "}");
	const char *object = must(arena_printf(a, "%.*s}", (int)size, at));

	return e2e_json(a, object, name);
}

/* The id of the newest of that kind for that address; NULL: none yet. They come oldest first. */
static const char *find(
	struct arena *a, const char *list, const char *via, const char *para, const char *words)
{
	const char *id = NULL;

	for (const char *at = strchr(list, '['); at != NULL && (at = strchr(at, '{')) != NULL; at++)
		if (strcmp(member(a, at, "via"), via) == 0 &&
			(para == NULL || strcmp(member(a, at, "para"), para) == 0) &&
			strstr(member(a, at, "asunto"), words) != NULL)
			id = member(a, at, "id");
	return id;
}

static const char *wait_for(
	struct e2e *w, struct arena *a, const char *via, const char *para, const char *words)
{
	const struct timespec nap = {.tv_nsec = NAP_NS};
	struct e2e_run r = {0};
	const char *id = NULL;

	for (int i = 0; i < TRIES && id == NULL; i++) {
		r = E2E_RUN(w, a, "buzond", "correo", "--json", "--config", "buzond.ini");
		if (r.code != 0)
			fail_msg("buzond correo: %d: %s", r.code, r.err);
		id = find(a, r.out, via, para, words);
		if (id == NULL)
			(void)nanosleep(&nap, NULL);
	}
	if (id == NULL)
		fail_msg("no %s of «%s»: %s", via, words, r.out);
	r = E2E_RUN(w, a, "buzond", "correo", "--de", id, "--json", "--config", "buzond.ini");
	if (r.code != 0)
		fail_msg("buzond correo --de %s: %d: %s", id, r.code, r.err);
	return e2e_json(a, r.out, "texto");
}

const char *e2e_correo(struct e2e *w, struct arena *a, const char *para, const char *words)
{
	return wait_for(w, a, "correo", para, words);
}

const char *e2e_sms(struct e2e *w, struct arena *a, const char *words)
{
	return wait_for(w, a, "sms", NULL, words);
}

const char *e2e_codigo(struct arena *a, const char *text)
{
	for (const char *at = text; *at != '\0';) {
		size_t digits = strspn(at, "0123456789");
		/* A port, in the link, has five digits too. */
		bool alone = digits == 5 &&
			     (at == text || (!isalnum((unsigned char)at[-1]) && at[-1] != ':')) &&
			     !isalnum((unsigned char)at[digits]);

		if (alone)
			return must(arena_printf(a, "%.5s", at));
		at += digits != 0 ? digits : 1;
	}
	fail_msg("no code in: %s", text);
	return "";
}

const char *e2e_enlace(struct arena *a, const char *text)
{
	const char *at = strstr(text, "/c/");

	while (at != NULL && at > text && !isspace((unsigned char)at[-1]))
		at--;
	if (at == NULL || strncmp(at, "https://", 8) != 0)
		fail_msg("no link in: %s", text);
	return must(arena_printf(a, "%.*s", (int)strcspn(at, " \r\n"), at));
}

const char *e2e_confirmar(struct e2e *w, struct arena *a, const char *enlace)
{
	const char *ca = must(arena_printf(a, "%s/tls_ca.pem", pki_dir()));
	struct e2e_run r = E2E_RUN(w, a, "curl", "--silent", "--show-error", "--fail-with-body",
		"--cacert", ca, "--data", "", enlace);

	if (r.code != 0)
		fail_msg("curl %s: %d: %s%s", enlace, r.code, r.err, r.out);
	return r.out;
}
