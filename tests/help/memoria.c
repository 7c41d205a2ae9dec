#include "tests/help/memoria.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "tests/help/cm.h"

#define MASK 0x5a
#define CHUNK ((size_t)1 << 20)
/* A sanitizer's shadow: terabytes of nothing. */
#define MOST_MAPPING ((uintptr_t)1 << 32)

void memoria_mask(struct memoria_secret *s, const char *name, const void *bytes, size_t size)
{
	const unsigned char *from = bytes;

	*s = (struct memoria_secret){.name = name};
	s->size = size < MEMORIA_BYTES ? size : MEMORIA_BYTES;
	for (size_t i = 0; i < s->size; i++)
		s->masked[i] = from[i] ^ MASK;
}

void memoria_turn(struct memoria_secret *to, const struct memoria_secret *from)
{
	*to = *from;
	for (size_t i = 0; i < from->size; i++)
		to->masked[i] = from->masked[from->size - 1 - i];
}

/* ---- the numbers of a key ----------------------------------------------------------------- */

static int hex(int c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "    00:ab:cd:" of openssl's text; the number's middle is as good as the whole. */
static void add_line(struct memoria_secret *s, const char *line)
{
	for (; *line != '\0' && s->size < MEMORIA_BYTES; line++)
		if (hex(line[0]) >= 0 && hex(line[1]) >= 0) {
			s->masked[s->size++] =
				(unsigned char)((hex(line[0]) << 4 | hex(line[1])) ^ MASK);
			line++;
		}
}

void memoria_rsa(const char *key, const char *pass, struct memoria_secret ret[MEMORIA_RSA])
{
	static const char *const names[] = {
		"privateExponent", "prime1", "prime2", "exponent1", "exponent2", "coefficient"};
	char command[1024];
	char line[256];
	struct memoria_secret *at = NULL;

	snprintf(command, sizeof(command),
		"openssl pkey -inform DER -in '%s' -passin 'file:%s' -noout -text", key, pass);
	FILE *text = popen(command, "r");

	assert_non_null(text);
	/* No copy stays behind in a buffer of ours. */
	assert_int_equal(setvbuf(text, NULL, _IONBF, 0), 0);
	while (fgets(line, sizeof(line), text) != NULL) {
		if (line[0] == ' ') {
			if (at != NULL)
				add_line(at, line);
			continue;
		}
		at = NULL;
		for (size_t i = 0; i < MEMORIA_RSA / 2; i++)
			if (strncmp(line, names[i], strlen(names[i])) == 0) {
				at = &ret[i * 2];
				*at = (struct memoria_secret){.name = names[i]};
			}
	}
	explicit_bzero(line, sizeof(line));
	assert_int_equal(pclose(text), 0);
	for (size_t i = 0; i < MEMORIA_RSA; i += 2) {
		struct memoria_secret *s = &ret[i];

		assert_true(s->size > 64);
		/* The sign's zero byte is no part of the number. */
		memmove(s->masked, s->masked + 1, --s->size);
		memoria_turn(&ret[i + 1], s);
	}
}

/* ---- the search --------------------------------------------------------------------------- */

struct mapping {
	uintptr_t from;
	uintptr_t to;
	char name[128];
	bool readable;
	bool kept;
};

struct search {
	int mem;
	unsigned char *room; /* CHUNK + MEMORIA_BYTES */
	const struct memoria_secret *secrets;
	size_t count;
	struct memoria_found found;
};

static bool matches(const unsigned char *at, const struct memoria_secret *s)
{
	for (size_t i = 0; i < s->size; i++)
		if ((at[i] ^ MASK) != s->masked[i])
			return false;
	return true;
}

static void note(struct search *s, const struct memoria_secret *what, const struct mapping *m)
{
	if (m->kept) {
		s->found.kept++;
		return;
	}
	if (s->found.loose++ == 0)
		snprintf(s->found.where, sizeof(s->found.where), "%s in %s", what->name, m->name);
}

/* What begins in the first `starts` bytes. */
static void look(struct search *s, size_t starts, size_t size, const struct mapping *m)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct memoria_secret *what = &s->secrets[i];
		const unsigned char *at = s->room;
		const unsigned char *end = s->room + starts;

		while (at < end &&
			(at = memchr(at, what->masked[0] ^ MASK, (size_t)(end - at))) != NULL) {
			if ((size_t)(s->room + size - at) >= what->size && matches(at, what))
				note(s, what, m);
			at++;
		}
	}
}

static void look_in(struct search *s, const struct mapping *m)
{
	uintptr_t own = (uintptr_t)s->room;

	if (!m->readable || m->to - m->from > MOST_MAPPING || (own >= m->from && own < m->to) ||
		strncmp(m->name, "[v", 2) == 0)
		return;
	for (uintptr_t at = m->from; at < m->to; at += CHUNK) {
		size_t want =
			m->to - at < CHUNK + MEMORIA_BYTES ? m->to - at : CHUNK + MEMORIA_BYTES;
		ssize_t n = pread(s->mem, s->room, want, (off_t)at);

		if (n > 0)
			look(s, (size_t)n < CHUNK ? (size_t)n : CHUNK, (size_t)n, m);
	}
}

/* A line that begins a mapping; others ("Anonymous: ...") may look like one for a while. */
static void take_head(const char *line, struct mapping *m)
{
	struct mapping head = {0};
	char rights[8];
	int name = 0;

	if (sscanf(line, "%lx-%lx %7s %*s %*s %*s %n", &head.from, &head.to, rights, &name) != 3)
		return;
	snprintf(
		head.name, sizeof(head.name), "%.*s", (int)strcspn(line + name, "\n"), line + name);
	if (head.name[0] == '\0')
		snprintf(head.name, sizeof(head.name), "anonymous");
	head.readable = rights[0] == 'r';
	*m = head;
}

static void look_all(struct search *s, FILE *smaps)
{
	char line[512];
	struct mapping m = {0};

	while (fgets(line, sizeof(line), smaps) != NULL) {
		if (strncmp(line, "VmFlags:", 8) != 0) {
			take_head(line, &m);
			continue;
		}
		m.kept = strstr(line, " lo") != NULL && strstr(line, " dd") != NULL;
		look_in(s, &m);
	}
}

bool memoria_search(
	pid_t pid, const struct memoria_secret *secrets, size_t count, struct memoria_found *ret)
{
	char path[64];
	struct search s = {.secrets = secrets, .count = count};

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
	s.mem = open(path, O_RDONLY | O_CLOEXEC);
	snprintf(path, sizeof(path), "/proc/%d/smaps", (int)pid);
	FILE *smaps = s.mem >= 0 ? fopen(path, "re") : NULL;
	int number = errno;

	if (smaps != NULL) {
		s.room = mmap(NULL, CHUNK + MEMORIA_BYTES, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		assert_true(s.room != MAP_FAILED);
		/* The kernel must not join it to a neighbour, which would then not be searched. */
		assert_int_equal(madvise(s.room, CHUNK + MEMORIA_BYTES, MADV_DONTFORK), 0);
		look_all(&s, smaps);
		munmap(s.room, CHUNK + MEMORIA_BYTES);
		fclose(smaps);
	}
	if (s.mem >= 0)
		close(s.mem);
	errno = number;
	if (smaps == NULL)
		return false;
	*ret = s.found;
	return true;
}
