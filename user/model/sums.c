/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the lives of some threads were spent on, added up.
 */
#include <stdlib.h>

#include "user/model/model.h"

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

/* How often and for how long, of one reason, to what is known of it. */
static void add_reasons(struct sums *sums, const struct reason_total *blocked, int count)
{
	for (int i = 0; i < count; i++) {
		struct reason_total *to = slot_of(sums, blocked[i].reason, blocked[i].call);

		to->ns += blocked[i].ns;
		to->count += blocked[i].count;
		if (blocked[i].longest_ns > to->longest_ns)
			to->longest_ns = blocked[i].longest_ns;
	}
}

static void add_totals(struct totals *to, const struct totals *totals)
{
	to->running_ns += totals->running_ns;
	to->ready_ns += totals->ready_ns;
	to->blocked_ns += totals->blocked_ns;
	to->stopped_ns += totals->stopped_ns;
}

void sums_add_thread(struct sums *sums, const struct thread *thread)
{
	sums->threads++;
	sums->cpu_ns += thread->cpu_ns;
	add_totals(&sums->totals, &thread->totals);
	add_reasons(sums, thread->blocked, thread->blocked_count);
}

void sums_add(struct sums *sums, const struct process *process)
{
	sums->processes++;
	for (const struct thread *thread = process->threads; thread; thread = thread->next)
		sums_add_thread(sums, thread);
}

void sums_join(struct sums *sums, const struct sums *others)
{
	sums->processes += others->processes;
	sums->threads += others->threads;
	sums->cpu_ns += others->cpu_ns;
	add_totals(&sums->totals, &others->totals);
	add_reasons(sums, others->blocked, others->blocked_count);
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
