/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the lives of some threads were spent on, added up.
 */
#include <stdlib.h>

#include "user/sink/text.h"

#define SLOTS ((int)(sizeof(((struct sums *)0)->blocked) / sizeof(struct reason_total)))

/* Its slot; where there is none left, the one that all other calls share. */
static struct reason_total *slot_of(struct sums *sums, enum reason reason, int call)
{
	for (int i = 0; i < sums->blocked_count; i++)
		if (sums->blocked[i].reason == reason && sums->blocked[i].call == call)
			return &sums->blocked[i];
	if (sums->blocked_count == SLOTS - 1 && call != -1)
		return slot_of(sums, REASON_OTHER, -1);
	if (sums->blocked_count == SLOTS)
		return &sums->blocked[SLOTS - 1];
	sums->blocked[sums->blocked_count] = (struct reason_total){.reason = reason, .call = call};
	return &sums->blocked[sums->blocked_count++];
}

void sums_add_thread(struct sums *sums, const struct thread *thread)
{
	sums->threads++;
	sums->totals.running_ns += thread->totals.running_ns;
	sums->totals.ready_ns += thread->totals.ready_ns;
	sums->totals.blocked_ns += thread->totals.blocked_ns;
	sums->totals.stopped_ns += thread->totals.stopped_ns;
	for (int i = 0; i < thread->blocked_count; i++) {
		const struct reason_total *from = &thread->blocked[i];
		struct reason_total *to = slot_of(sums, from->reason, from->call);

		to->ns += from->ns;
		to->count += from->count;
		if (from->longest_ns > to->longest_ns)
			to->longest_ns = from->longest_ns;
	}
}

void sums_add(struct sums *sums, const struct process *process)
{
	sums->processes++;
	for (const struct thread *thread = process->threads; thread; thread = thread->next)
		sums_add_thread(sums, thread);
}

static int by_time(const void *one, const void *other)
{
	__u64 a = ((const struct reason_total *)one)->ns, b = ((const struct reason_total *)other)->ns;

	return (a < b) - (a > b);
}

void sums_sort(struct sums *sums)
{
	qsort(sums->blocked, (size_t)sums->blocked_count, sizeof(sums->blocked[0]), by_time);
}

__u64 sums_life_ns(const struct sums *sums)
{
	const struct totals *totals = &sums->totals;

	return totals->running_ns + totals->ready_ns + totals->blocked_ns + totals->stopped_ns;
}
