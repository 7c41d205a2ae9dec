#include "ley/tzif.h"

#include <stdbool.h>
#include <string.h>
#include "ley/fecha.h"

#define HOUR_S 3600
#define DAY_S INT64_C(86400)
#define HEADER_SIZE 44
#define TYPE_SIZE 6
/* RFC 9636 section 3.2: an offset is within -24:59:59 and 25:59:59. */
#define OFFSET_MOST_S (26 * HOUR_S)

/* One half of the file: version 1 with times of 4 bytes, then all again with times of 8. */
struct block {
	const unsigned char *times, *kinds, *types, *end;
	size_t time_count, type_count;
};

struct shifts {
	struct tzif_shift *to;
	size_t count, most;
	int64_t from_s, to_s;
};

static uint64_t big_endian(const unsigned char *at, size_t size)
{
	uint64_t n = 0;

	while (size-- > 0)
		n = n << 8 | *at++;
	return n;
}

/* Section 3.1: six counts behind 20 bytes, then the data in a fixed order. */
static bool block_read(
	const unsigned char *at, const unsigned char *end, size_t time_size, struct block *ret)
{
	size_t n[6];

	if ((size_t)(end - at) < HEADER_SIZE || memcmp(at, "TZif", 4) != 0 || at[4] < '2')
		return false;
	for (size_t i = 0; i < 6; i++)
		n[i] = (size_t)big_endian(at + 20 + 4 * i, 4);
	size_t is_ut = n[0], is_std = n[1], leaps = n[2], times = n[3], types = n[4], chars = n[5];

	at += HEADER_SIZE;
	/* Each count is below 2^32: the sum can't pass 64 bits. */
	if ((size_t)(end - at) < times * (time_size + 1) + types * TYPE_SIZE + chars +
					 leaps * (time_size + 4) + is_std + is_ut)
		return false;
	*ret = (struct block){
		.times = at,
		.kinds = at + times * time_size,
		.types = at + times * (time_size + 1),
		.time_count = times,
		.type_count = types,
	};
	ret->end =
		ret->types + types * TYPE_SIZE + chars + leaps * (time_size + 4) + is_std + is_ut;
	return true;
}

static bool offset_of(const struct block *b, size_t time, int32_t *ret)
{
	size_t kind = b->kinds[time];

	if (kind >= b->type_count)
		return false;
	*ret = (int32_t)(uint32_t)big_endian(b->types + kind * TYPE_SIZE, 4);
	return *ret > -OFFSET_MOST_S && *ret < OFFSET_MOST_S;
}

/* Before the range only the last one counts; the same offset again is no shift. */
static bool add(struct shifts *s, int64_t second, int32_t offset_s)
{
	if (second <= s->from_s) {
		s->to[0] = (struct tzif_shift){.from = s->from_s * 1000, .offset_s = offset_s};
		s->count = 1;
		return true;
	}
	if (second > s->to_s || (s->count > 0 && s->to[s->count - 1].offset_s == offset_s))
		return true;
	if (s->count == 0 || s->count == s->most || s->to[s->count - 1].from >= second * 1000)
		return false;
	s->to[s->count++] = (struct tzif_shift){.from = second * 1000, .offset_s = offset_s};
	return true;
}

/* ---- The footer: what holds after the last time (section 3.3, POSIX TZ) ---- */

struct rule {
	int month, week, weekday; /* week 5: the last */
	int32_t second;		  /* of the day, by the clock that is left */
};

struct footer {
	int32_t std_s, dst_s;
	bool has_dst;
	struct rule begin, end;
};

static bool take(const char **at, char c)
{
	if (**at != c)
		return false;
	++*at;
	return true;
}

static bool take_number(const char **at, int most, int *ret)
{
	int n = 0;

	if (**at < '0' || **at > '9')
		return false;
	for (; **at >= '0' && **at <= '9'; ++*at) {
		n = n * 10 + (**at - '0');
		if (n > most)
			return false;
	}
	*ret = n;
	return true;
}

/* [+-]hh[:mm[:ss]] */
static bool take_time(const char **at, int32_t *ret)
{
	bool minus = take(at, '-');
	int part[3] = {0};

	if (!minus)
		(void)take(at, '+');
	/* Section 3.3.1: up to a week. */
	if (!take_number(at, 167, &part[0]))
		return false;
	for (int i = 1; i < 3 && take(at, ':'); i++)
		if (!take_number(at, 59, &part[i]))
			return false;
	*ret = (part[0] * HOUR_S + part[1] * 60 + part[2]) * (minus ? -1 : 1);
	return true;
}

/* Letters, or anything between < and >. */
static bool take_name(const char **at)
{
	const char *start = *at;

	if (take(at, '<')) {
		while (**at != '\0' && **at != '>')
			++*at;
		return take(at, '>');
	}
	while ((**at >= 'A' && **at <= 'Z') || (**at >= 'a' && **at <= 'z'))
		++*at;
	return *at - start >= 3;
}

static bool take_rule(const char **at, struct rule *ret)
{
	*ret = (struct rule){.second = 2 * HOUR_S};
	return take(at, ',') && take(at, 'M') && take_number(at, 12, &ret->month) &&
	       ret->month > 0 && take(at, '.') && take_number(at, 5, &ret->week) && ret->week > 0 &&
	       take(at, '.') && take_number(at, 6, &ret->weekday) &&
	       (!take(at, '/') || take_time(at, &ret->second));
}

/* POSIX counts offsets to the west. */
static bool footer_read(const char *at, struct footer *ret)
{
	int32_t west;

	*ret = (struct footer){0};
	if (!take_name(&at) || !take_time(&at, &west))
		return false;
	ret->std_s = -west;
	if (*at == '\0')
		return true;
	ret->has_dst = true;
	ret->dst_s = ret->std_s + HOUR_S;
	if (!take_name(&at))
		return false;
	if (*at != ',') {
		if (!take_time(&at, &west))
			return false;
		ret->dst_s = -west;
	}
	return take_rule(&at, &ret->begin) && take_rule(&at, &ret->end) && *at == '\0';
}

static int64_t rule_second(const struct rule *r, int year, int32_t offset_s)
{
	int32_t first = fecha_of(year, r->month, 1);
	int32_t next = r->month == 12 ? fecha_of(year + 1, 1, 1) : fecha_of(year, r->month + 1, 1);
	int32_t day = first + (r->weekday - fecha_weekday(first) + 7) % 7 + (r->week - 1) * 7;

	if (day >= next)
		day -= 7;
	return day * DAY_S + r->second - offset_s;
}

/* From the year of the last time on; what was there already is passed over. */
static bool add_footer(struct shifts *s, const struct footer *f, int64_t last_s, int to_year)
{
	int year, month, day;

	if (last_s > s->to_s)
		return true;
	if (!f->has_dst)
		return add(s, last_s, f->std_s);
	fecha_split((int32_t)(last_s / DAY_S), &year, &month, &day);
	for (; year <= to_year; year++) {
		int64_t begin = rule_second(&f->begin, year, f->std_s);
		int64_t end = rule_second(&f->end, year, f->dst_s);
		bool north = begin < end;

		if ((north ? begin : end) > last_s &&
			!add(s, north ? begin : end, north ? f->dst_s : f->std_s))
			return false;
		if ((north ? end : begin) > last_s &&
			!add(s, north ? end : begin, north ? f->std_s : f->dst_s))
			return false;
	}
	return true;
}

/* The line behind the data, between two ends of line, as text. */
static bool footer_text(const struct block *b, const unsigned char *end, char *to, size_t room)
{
	if (end - b->end < 2 || b->end[0] != '\n')
		return false;
	const unsigned char *line = b->end + 1;
	const unsigned char *stop = memchr(line, '\n', (size_t)(end - line));

	if (stop == NULL || (size_t)(stop - line) >= room)
		return false;
	memcpy(to, line, (size_t)(stop - line));
	to[stop - line] = '\0';
	return true;
}

enum err tzif_read(struct bytes file, int from_year, int to_year, struct tzif_shift *to,
	size_t most, size_t *ret_count)
{
	const unsigned char *at = file.data;
	const unsigned char *end = at + file.size;
	struct shifts s = {.to = to,
		.most = most,
		.from_s = fecha_of(from_year, 1, 1) * DAY_S,
		.to_s = fecha_of(to_year + 1, 1, 1) * DAY_S - 1};
	struct block b;
	struct footer f;
	char text[64];
	int64_t last = s.from_s;

	if (!block_read(at, end, 4, &b) || !block_read(b.end, end, 8, &b) ||
		!footer_text(&b, end, text, sizeof(text)) || !footer_read(text, &f))
		return ERR_NO_ZONES;
	for (size_t i = 0; i < b.time_count; i++) {
		int64_t second = (int64_t)big_endian(b.times + 8 * i, 8);
		int32_t offset;

		if (!offset_of(&b, i, &offset) || !add(&s, second, offset))
			return ERR_NO_ZONES;
		last = second > last ? second : last;
	}
	if (!add_footer(&s, &f, last, to_year) || s.count == 0)
		return ERR_NO_ZONES;
	*ret_count = s.count;
	return OK;
}
