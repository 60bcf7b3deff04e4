/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Sums over threads that come and go; see tally.h.
 */
#include <stdlib.h>

#include "user/screen/tally.h"

int who_compare(struct who one, struct who other)
{
	if (one.pid != other.pid)
		return one.pid < other.pid ? -1 : 1;
	return (one.start_ns > other.start_ns) - (one.start_ns < other.start_ns);
}

struct who who_of(const struct process *process)
{
	return (struct who){.start_ns = process->birth_ns, .pid = process->pid};
}

__u64 totals_ns(const struct totals *totals)
{
	return totals->running_ns + totals->ready_ns + totals->blocked_ns + totals->stopped_ns;
}

bool is_there(const struct process *process)
{
	if (process->end == ENDED_NONE)
		return true;
	return process->reaped_ns == UNKNOWN_NS && !process->end_lost;
}

static void add(struct totals *to, const struct totals *from)
{
	to->running_ns += from->running_ns;
	to->ready_ns += from->ready_ns;
	to->blocked_ns += from->blocked_ns;
	to->stopped_ns += from->stopped_ns;
}

static __u64 grown(__u64 now, __u64 before)
{
	return now > before ? now - before : 0;
}

static struct totals growth(const struct totals *now, const struct totals *before)
{
	return (struct totals){.running_ns = grown(now->running_ns, before->running_ns),
			       .ready_ns = grown(now->ready_ns, before->ready_ns),
			       .blocked_ns = grown(now->blocked_ns, before->blocked_ns),
			       .stopped_ns = grown(now->stopped_ns, before->stopped_ns)};
}

static __u64 *share_of(struct totals *totals, enum state state)
{
	__u64 *const shares[STATE_COUNT] = {&totals->running_ns, &totals->ready_ns, &totals->blocked_ns,
					    &totals->stopped_ns};

	return shares[state < STATE_COUNT ? state : STATE_BLOCKED];
}

/* One that lived before us is counted from its next switch on. Until then it has been as it was met; as it wakes, it is
 * no longer known how it was, but hardly anybody is stopped. */
static void add_uncounted(struct totals *to, const struct thread *thread, __u64 from_ns)
{
	bool still = thread->counted_ns == UNKNOWN_NS;
	__u64 until_ns = still ? thread->totals_ns : thread->counted_ns;

	if (until_ns > from_ns)
		*share_of(to, still ? thread->state : STATE_BLOCKED) += until_ns - from_ns;
}

/* What the threads have that lived at the last update, whether they still do, and those born since: less what the first
 * had then, it is what was added. */
static struct tally count(const struct process *process, const struct tally *before, __u64 first_ns)
{
	struct tally tally = {.who = who_of(process)};
	struct totals all, added, uncounted = {0};
	__u64 from_ns = before ? before->heard_ns : first_ns;

	for (const struct thread *thread = process->threads; thread; thread = thread->next)
		if (thread->end_ns == UNKNOWN_NS) {
			add(&tally.of_living, &thread->totals);
			add_uncounted(&uncounted, thread, from_ns);
			if (thread->totals_ns > tally.heard_ns)
				tally.heard_ns = thread->totals_ns;
		}
	all = tally.of_living;
	for (const struct thread *thread = process->threads; thread; thread = thread->next)
		if (thread->end_ns != UNKNOWN_NS && (!before || thread->end_ns > before->heard_ns))
			add(&all, &thread->totals);
	if (!tally.heard_ns)
		tally.heard_ns = UNKNOWN_NS; /* nobody is left to be counted */
	added = before ? growth(&all, &before->of_living) : all;
	if (before) {
		tally.life = before->life;
		tally.period = before->period;
	}
	add(&added, &uncounted);
	add(&tally.life, &added);
	add(&tally.period, &added);
	return tally;
}

/* Many live and are gone between two updates; the model still knows them. */
static void add_gone(struct tallies *tallies, const struct process *process, __u64 first_ns)
{
	struct tally tally;

	if (process->end_ns == UNKNOWN_NS || process->end_ns <= tallies->updated_ns)
		return;
	tally = count(process, tallies_find(tallies, who_of(process)), first_ns);
	add(&tallies->gone, &tally.period);
}

static int by_identity(const void *one, const void *other)
{
	return who_compare(((const struct tally *)one)->who, ((const struct tally *)other)->who);
}

int tallies_update(struct tallies *tallies, const struct model *model)
{
	struct tally *list = malloc(((size_t)model_count(model) + 1) * sizeof(*list));
	__u64 first_ns = model_stats(model)->first_ns;
	int count_now = 0;

	if (!list)
		return -1;
	for (int i = 0; i < model_count(model); i++) {
		const struct process *process = model_process(model, i);

		if (is_there(process))
			list[count_now++] = count(process, tallies_find(tallies, who_of(process)), first_ns);
		else
			add_gone(tallies, process, first_ns);
	}
	qsort(list, (size_t)count_now, sizeof(*list), by_identity);
	free(tallies->list);
	tallies->list = list;
	tallies->count = count_now;
	tallies->updated_ns = model_stats(model)->last_ns;
	return 0;
}

void tallies_begin_period(struct tallies *tallies)
{
	for (int i = 0; i < tallies->count; i++)
		tallies->list[i].period = (struct totals){0};
	tallies->gone = (struct totals){0};
}

const struct tally *tallies_find(const struct tallies *tallies, struct who who)
{
	struct tally sought = {.who = who};

	if (!tallies->count)
		return NULL;
	return bsearch(&sought, tallies->list, (size_t)tallies->count, sizeof(sought), by_identity);
}

void tallies_free(struct tallies *tallies)
{
	free(tallies->list);
	*tallies = (struct tallies){0};
}
