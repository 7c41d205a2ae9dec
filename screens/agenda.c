#include "screens/agenda.h"

/* Farther than this a jump reads less than the walk. */
#define WALK 256

static int64_t due(const struct agenda *g, size_t p, size_t index)
{
	return g->from.due(g->from.ctx, p, index);
}

enum err agenda_init(struct agenda *g, struct arena *a, const struct agenda_source *from)
{
	*g = (struct agenda){.from = *from,
		.at = arena_array(a, from->count + 1, sizeof(*g->at)),
		.next = arena_array(a, from->count + 1, sizeof(*g->next)),
		.last = arena_array(a, from->count + 1, sizeof(*g->last))};
	if (g->at == NULL || g->next == NULL || g->last == NULL)
		return ERR_NO_MEMORY;
	for (size_t p = 0; p < from->count; p++)
		g->total += from->due_counts[p];
	g->rank = SIZE_MAX; /* nowhere yet */
	return OK;
}

/* The row where it was found before, in bounds. */
static size_t guess(const struct agenda *g, size_t p, size_t low, size_t high)
{
	size_t near = g->from.near[p];

	return near < low ? low : near > high ? high : near;
}

/* From the guess in steps that double: what is found lies in *low … *high then. */
static void narrow(const struct agenda *g, size_t p, int64_t t, size_t *low, size_t *high)
{
	size_t at = guess(g, p, *low, *high);

	for (size_t step = 1; at < *high && due(g, p, at) < t; step *= 2) {
		*low = at + 1;
		at = *high - at > step ? at + step : *high;
	}
	*high = at;
	for (size_t step = 1; *low < *high; step *= 2) {
		at = *high - *low > step ? *high - step : *low;
		if (due(g, p, at) < t) {
			*low = at + 1;
			return;
		}
		*high = at;
	}
}

/* How many of the rows low … high - 1 of the profile, and all before them, are due before `t`. */
static size_t before(const struct agenda *g, size_t p, int64_t t, size_t low, size_t high)
{
	if (g->from.near != NULL)
		narrow(g, p, t, &low, &high);
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (due(g, p, middle) < t)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The same of the rows that are due at `t` or before. */
static size_t until(const struct agenda *g, size_t p, int64_t t, size_t low, size_t high)
{
	return t == INT64_MAX ? high : before(g, p, t + 1, low, high);
}

/* Between them, nearer to `high`: no difference of two instants overflows. */
static int64_t halve(int64_t low, int64_t high)
{
	uint64_t apart = (uint64_t)high - (uint64_t)low;

	return (int64_t)((uint64_t)low + apart / 2 + apart % 2);
}

/* Reads what stands on both sides of at[]. */
static void settle(struct agenda *g)
{
	g->rank = 0;
	for (size_t p = 0; p < g->from.count; p++) {
		size_t at = g->at[p];

		g->rank += at;
		g->next[p] = at < g->from.due_counts[p] ? due(g, p, at) : INT64_MAX;
		g->last[p] = at > 0 ? due(g, p, at - 1) : INT64_MIN;
	}
}

/* The profile whose row comes next; `count` at the end. */
static size_t forward(const struct agenda *g)
{
	size_t best = g->from.count;

	for (size_t p = 0; p < g->from.count; p++)
		if (g->at[p] < g->from.due_counts[p] &&
			(best == g->from.count || g->next[p] < g->next[best]))
			best = p;
	return best;
}

/* The profile whose row is the one before; `count` at the beginning. */
static size_t backward(const struct agenda *g)
{
	size_t best = g->from.count;

	for (size_t p = 0; p < g->from.count; p++)
		if (g->at[p] > 0 && (best == g->from.count || g->last[p] >= g->last[best]))
			best = p;
	return best;
}

/* Does every row before at[] come before every row behind it? Else it is of another time. */
static bool is_cut(const struct agenda *g)
{
	size_t last = backward(g);
	size_t next = forward(g);

	if (last == g->from.count || next == g->from.count)
		return true;
	return g->last[last] < g->next[next] || (g->last[last] == g->next[next] && last <= next);
}

size_t agenda_rank(struct agenda *g, struct agenda_place place)
{
	int64_t t = due(g, place.perfil, place.index);

	for (size_t p = 0; p < g->from.count; p++) {
		size_t count = g->from.due_counts[p];

		if (p == place.perfil)
			g->at[p] = place.index;
		else if (p > place.perfil)
			g->at[p] = before(g, p, t, 0, count);
		else
			g->at[p] = until(g, p, t, 0, count);
	}
	settle(g);
	return g->rank;
}

static size_t all_before(struct agenda *g, int64_t t, const size_t *low, const size_t *high)
{
	size_t sum = 0;

	for (size_t p = 0; p < g->from.count; p++) {
		g->at[p] = before(g, p, t, low[p], high[p]);
		sum += g->at[p];
	}
	return sum;
}

static void copy(size_t *to, const size_t *from, size_t count)
{
	for (size_t i = 0; i < count; i++)
		to[i] = from[i];
}

/*
 * To any rank: the last instant that no more than `rank` rows are before, found by halving time;
 * what is due at that very instant goes by profile. next and last serve as room meanwhile.
 */
static void jump(struct agenda *g, size_t rank)
{
	size_t k = g->from.count;
	size_t *low = (size_t *)(void *)g->next;
	size_t *high = (size_t *)(void *)g->last;
	int64_t first = INT64_MAX;
	int64_t end = INT64_MIN;

	_Static_assert(sizeof(size_t) <= sizeof(int64_t), "next and last hold counts");
	for (size_t p = 0; p < k; p++) {
		size_t count = g->from.due_counts[p];

		if (count == 0)
			continue;
		int64_t one = due(g, p, 0);
		int64_t two = due(g, p, count - 1);

		first = one < first ? one : first;
		end = two > end ? two : end;
	}
	for (size_t p = 0; p < k; p++) {
		low[p] = 0;
		high[p] = g->from.due_counts[p];
	}
	while (first < end) {
		int64_t middle = halve(first, end);
		bool within = all_before(g, middle, low, high) <= rank;

		copy(within ? low : high, g->at, k);
		if (within)
			first = middle;
		else
			end = middle - 1;
	}
	size_t left = rank - all_before(g, first, low, high);

	for (size_t p = 0; p < k && left > 0; p++) {
		size_t here = until(g, p, first, g->at[p], high[p]) - g->at[p];
		size_t take = here < left ? here : left;

		g->at[p] += take;
		left -= take;
	}
	settle(g);
}

static void step(struct agenda *g, size_t p)
{
	g->last[p] = g->next[p];
	g->at[p]++;
	g->rank++;
	g->next[p] = g->at[p] < g->from.due_counts[p] ? due(g, p, g->at[p]) : INT64_MAX;
}

static void step_back(struct agenda *g, size_t p)
{
	g->next[p] = g->last[p];
	g->at[p]--;
	g->rank--;
	g->last[p] = g->at[p] > 0 ? due(g, p, g->at[p] - 1) : INT64_MIN;
}

static size_t apart(size_t a, size_t b)
{
	return a > b ? a - b : b - a;
}

/* To where a walk can begin: where it stands, stood, at an end, or at the very rank. */
static void begin(struct agenda *g, size_t rank)
{
	if (g->rank != SIZE_MAX && apart(g->rank, rank) <= WALK)
		return;
	if (rank <= WALK || g->total - rank <= WALK) {
		for (size_t p = 0; p < g->from.count; p++)
			g->at[p] = rank <= WALK ? 0 : g->from.due_counts[p];
		settle(g);
		return;
	}
	if (g->from.near != NULL) {
		for (size_t p = 0; p < g->from.count; p++)
			g->at[p] = guess(g, p, 0, g->from.due_counts[p]);
		settle(g);
		if (apart(g->rank, rank) <= WALK && is_cut(g))
			return;
	}
	jump(g, rank);
}

bool agenda_at(struct agenda *g, size_t rank, struct agenda_place *ret)
{
	if (rank >= g->total)
		return false;
	begin(g, rank);
	while (g->rank < rank)
		step(g, forward(g));
	while (g->rank > rank)
		step_back(g, backward(g));
	size_t p = forward(g);

	*ret = (struct agenda_place){p, g->at[p]};
	return true;
}
