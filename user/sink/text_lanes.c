/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What each process did when, in slices of time. As the trace grows beyond what the slices cover, each two become one:
 * memory is bounded by processes times slices, and short lives take few.
 */
#include <stdlib.h>
#include <string.h>

#include "user/sink/text.h"

#define SLICES 512	 /* of a whole trace; between half of that and all are in use */
#define FIRST_NS 100000u /* length of a slice at first */

void cell_add(struct cell *cell, enum state state, float ns, enum reason reason)
{
	if (state == STATE_BLOCKED && reason != REASON_NONE && ns > cell->ns[STATE_BLOCKED])
		cell->reason = reason;
	cell->ns[state] += ns;
}

static void merge_pairs(struct lane *lane)
{
	int first = lane->first / 2;
	struct cell *cells = lane->cells;

	for (int i = 0; i < lane->count; i++) {
		int to = (lane->first + i) / 2 - first;
		struct cell cell = cells[i];

		if (!i || to != (lane->first + i - 1) / 2 - first)
			memset(&cells[to], 0, sizeof(cells[to]));
		for (int state = 0; state < STATE_COUNT; state++)
			cell_add(&cells[to], state, cell.ns[state], cell.reason);
	}
	if (lane->count)
		lane->count = (lane->first + lane->count - 1) / 2 - first + 1;
	lane->first = first;
}

static void reach(struct lanes *lanes, __u64 to_ns)
{
	while (to_ns > lanes->origin_ns + SLICES * lanes->cell_ns) {
		lanes->cell_ns *= 2;
		for (int i = 0; i < lanes->count; i++)
			merge_pairs(&lanes->list[i]);
	}
}

/* Time goes on: nearly always a slice or a few are added behind the last. */
static int extend(struct lane *lane, int count)
{
	int room = lane->room ? lane->room : 1;
	struct cell *cells;

	while (room < count)
		room *= 2;
	if (room != lane->room) {
		cells = realloc(lane->cells, (size_t)room * sizeof(*cells));
		if (!cells)
			return -1;
		lane->cells = cells;
		lane->room = room;
	}
	if (count > lane->count)
		memset(lane->cells + lane->count, 0, (size_t)(count - lane->count) * sizeof(*cells));
	lane->count = count;
	return 0;
}

/* Makes a lane hold the slices first to last. 0, or -1. */
static int widen(struct lane *lane, int first, int last)
{
	int missing, count = lane->count;

	if (!count)
		lane->first = first;
	missing = first < lane->first ? lane->first - first : 0;
	if (missing || last >= lane->first + count) {
		int end = last >= lane->first + count ? last : lane->first + count - 1;

		if (extend(lane, end - lane->first + 1 + missing))
			return -1;
	}
	if (missing) {
		memmove(lane->cells + missing, lane->cells, (size_t)count * sizeof(*lane->cells));
		memset(lane->cells, 0, (size_t)missing * sizeof(*lane->cells));
		lane->first = first;
	}
	return 0;
}

/* Where the lane of that id is, or belongs: nearly always that of a process that came lately. */
static int place_of(const struct lanes *lanes, int id)
{
	int low = 0, high = lanes->count;

	while (low < high) {
		int middle = low + (high - low) / 2;

		if (lanes->list[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct lane *lane_known(const struct lanes *lanes, int id)
{
	int at = place_of(lanes, id);

	return at < lanes->count && lanes->list[at].id == id ? &lanes->list[at] : NULL;
}

static void squeeze(struct lanes *lanes)
{
	int kept = 0;

	for (int i = 0; i < lanes->count; i++)
		if (lanes->list[i].count)
			lanes->list[kept++] = lanes->list[i];
	lanes->count = kept;
	lanes->dropped = 0;
}

static struct lane *lane_of(struct lanes *lanes, int id)
{
	struct lane *known = lane_known(lanes, id);
	int at;

	if (known)
		return known;
	if (lanes->dropped > lanes->count / 2)
		squeeze(lanes);
	if (array_grow(&lanes->list, lanes->count, sizeof(*lanes->list)))
		return NULL;
	at = place_of(lanes, id);
	memmove(&lanes->list[at + 1], &lanes->list[at], (size_t)(lanes->count - at) * sizeof(*lanes->list));
	lanes->list[at] = (struct lane){.id = id};
	lanes->count++;
	return &lanes->list[at];
}

void lanes_drop(struct lanes *lanes, const struct process *process)
{
	struct lane *lane = lane_known(lanes, process->id);

	if (!lane || !lane->count)
		return;
	free(lane->cells);
	*lane = (struct lane){.id = lane->id};
	lanes->dropped++;
}

static float overlap(__u64 from_ns, __u64 to_ns, __u64 slice_ns, __u64 length_ns)
{
	__u64 from = from_ns > slice_ns ? from_ns : slice_ns;
	__u64 to = to_ns < slice_ns + length_ns ? to_ns : slice_ns + length_ns;

	return to > from ? (float)(to - from) : 0;
}

static int slice_at(const struct lanes *lanes, __u64 at_ns)
{
	return (int)((at_ns - lanes->origin_ns) / lanes->cell_ns);
}

static void add_span(struct lanes *lanes, struct lane *lane, const struct span *span, __u64 from_ns)
{
	float length = (float)(span->to_ns - span->from_ns);
	float ready = (float)span->mixed_ready_ns / length, blocked = (float)span->mixed_blocked_ns / length;

	if (ready + blocked > 1)
		ready = blocked = 0;
	for (int i = slice_at(lanes, from_ns) - lane->first; i < lane->count; i++) {
		__u64 at_ns = lanes->origin_ns + (__u64)(lane->first + i) * lanes->cell_ns;
		float ns = overlap(from_ns, span->to_ns, at_ns, lanes->cell_ns);

		cell_add(&lane->cells[i], span->state, ns * (1 - ready - blocked), span->reason);
		cell_add(&lane->cells[i], STATE_READY, ns * ready, REASON_NONE);
		cell_add(&lane->cells[i], STATE_BLOCKED, ns * blocked, span->mixed_reason);
		if (at_ns >= span->to_ns)
			break;
	}
}

void lanes_take(struct lanes *lanes, const struct change *change)
{
	const struct span *span = &change->state;
	__u64 from_ns = span->from_ns > lanes->origin_ns ? span->from_ns : lanes->origin_ns;
	struct lane *lane;

	if (span->to_ns <= from_ns || span->state >= STATE_COUNT)
		return;
	if (!lanes->cell_ns)
		lanes->cell_ns = FIRST_NS;
	reach(lanes, span->to_ns);
	lane = lane_of(lanes, change->process->id);
	if (!lane || widen(lane, slice_at(lanes, from_ns), slice_at(lanes, span->to_ns - 1)))
		lanes->failed = true;
	else
		add_span(lanes, lane, span, from_ns);
}

void lanes_free(struct lanes *lanes)
{
	for (int i = 0; i < lanes->count; i++)
		free(lanes->list[i].cells);
	free(lanes->list);
	lanes->list = NULL;
	lanes->count = 0;
}

/* Without a timeline of its own, a thread's totals are spread evenly over its life. */
static void sample_totals(const struct process *process, __u64 from_ns, __u64 to_ns, struct cell *into)
{
	for (const struct thread *thread = process->threads; thread; thread = thread->next) {
		const struct totals *totals = &thread->totals;
		__u64 life = totals->running_ns + totals->ready_ns + totals->blocked_ns + totals->stopped_ns;
		float share = life ? overlap(from_ns, to_ns, thread->birth_ns, life) / (float)life : 0;

		into->ns[STATE_RUNNING] += share * (float)totals->running_ns;
		into->ns[STATE_READY] += share * (float)totals->ready_ns;
		into->ns[STATE_BLOCKED] += share * (float)totals->blocked_ns;
		into->ns[STATE_STOPPED] += share * (float)totals->stopped_ns;
	}
}

void lanes_sample(const struct lanes *lanes, const struct process *process, __u64 from_ns, __u64 to_ns,
		  struct cell *into)
{
	const struct lane *lane = lane_known(lanes, process->id);
	__u64 begin_ns;
	int first, last;

	if (!lane || !lane->count) {
		sample_totals(process, from_ns, to_ns, into);
		return;
	}
	begin_ns = lanes->origin_ns + (__u64)lane->first * lanes->cell_ns;
	first = from_ns > begin_ns ? (int)((from_ns - begin_ns) / lanes->cell_ns) : 0;
	last = to_ns > begin_ns ? (int)((to_ns - begin_ns) / lanes->cell_ns) : -1;
	for (int i = first; i <= last && i < lane->count; i++) {
		float share = overlap(from_ns, to_ns, begin_ns + (__u64)i * lanes->cell_ns, lanes->cell_ns) /
			      (float)lanes->cell_ns;

		for (int state = 0; state < STATE_COUNT; state++)
			cell_add(into, state, share * lane->cells[i].ns[state], lane->cells[i].reason);
	}
}
