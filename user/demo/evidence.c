/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Evidence that a run cannot decide; see evidence.h.
 */
#include "user/demo/evidence.h"

#define STARVED_SHARE 10   /* a tenth of the time */
#define CHANCE_NS (5 * MS) /* whoever ran for so long has reached its first system call */

bool events_were_lost(const struct lab *lab, struct buffer *observed)
{
	const struct model_stats *stats = model_stats(lab->model);
	__u64 lost = stats->lost_lifecycle + stats->lost_timeline;

	if (lost)
		say(observed, _("; this run cannot decide: %llu events were lost"), lost);
	return lost;
}

static __u64 common_ns(__u64 from_ns, __u64 to_ns, const struct span *span)
{
	__u64 from = from_ns > span->from_ns ? from_ns : span->from_ns;
	__u64 to = to_ns < span->to_ns ? to_ns : span->to_ns;

	return to > from ? to - from : 0;
}

static __u64 ran_ns(const struct lab *lab, const struct process *process, __u64 from_ns, __u64 to_ns)
{
	const struct moment *spell = NULL;
	__u64 sum = 0;

	while ((spell = next_spell(lab, spell, process, STATE_RUNNING, REASON_NONE)))
		sum += common_ns(from_ns, to_ns, &spell->change.state);
	return sum;
}

/* How long other processes of the lab were running on that CPU in that time. */
static __u64 others_ran_ns(const struct lab *lab, const struct process *process, int cpu, __u64 from_ns, __u64 to_ns)
{
	__u64 sum = 0;

	for (int i = 0; i < lab->log->count; i++) {
		const struct change *change = &lab->log->list[i].change;

		if (change->kind == CHANGE_STATE && change->process != process &&
		    change->state.state == STATE_RUNNING && change->state.cpu == cpu)
			sum += common_ns(from_ns, to_ns, &change->state);
	}
	return sum;
}

__u64 starved_ns(const struct lab *lab, const struct process *process, __u64 from_ns, __u64 to_ns)
{
	const struct moment *ready = NULL, *next;
	__u64 sum = 0;

	while ((ready = next_spell(lab, ready, process, STATE_READY, REASON_NONE))) {
		const struct span *wait = &ready->change.state;
		__u64 from = wait->from_ns > from_ns ? wait->from_ns : from_ns;
		__u64 to = wait->to_ns < to_ns ? wait->to_ns : to_ns, others;

		if (to <= from)
			continue;
		next = next_spell(lab, ready, process, STATE_RUNNING, REASON_NONE);
		others = next ? others_ran_ns(lab, process, next->change.state.cpu, from, to) : to - from;
		sum += to - from > others ? to - from - others : 0;
	}
	return sum;
}

bool was_starved(const struct lab *lab, const struct process *process, __u64 from_ns, __u64 to_ns,
		 struct buffer *observed)
{
	__u64 whole = to_ns > from_ns ? to_ns - from_ns : 0, starved = starved_ns(lab, process, from_ns, to_ns);

	if (!starved || STARVED_SHARE * starved < whole)
		return false;
	say(observed,
	    _("; this run cannot decide: the machine was busy: %s[%u] was ready for %.0f ms of %.0f while other programs had "
	      "the CPU"),
	    process->comm, process->pid, ms_of(starved), ms_of(whole));
	return true;
}

bool had_no_chance(const struct lab *lab, const struct process *process, __u64 from_ns, __u64 to_ns,
		   struct buffer *observed)
{
	if (ran_ns(lab, process, from_ns, to_ns) > CHANCE_NS)
		return false;
	return was_starved(lab, process, from_ns, to_ns, observed);
}

bool any_was_starved(const struct lab *lab, const char *name, struct buffer *observed)
{
	const struct process *process;

	for (int i = 0; (process = process_nth(lab, name, i)); i++)
		if (process->end != ENDED_NONE &&
		    was_starved(lab, process, process->birth_ns, process->end_ns, observed))
			return true;
	return false;
}

enum verdict unless_starved(const struct lab *lab, bool holds, const char *name, struct buffer *observed)
{
	if (holds)
		return CONFIRMED;
	return any_was_starved(lab, name, observed) ? INCONCLUSIVE : REFUTED;
}

enum verdict unless_seen(const struct lab *lab, bool seen, struct buffer *observed)
{
	if (seen)
		return REFUTED;
	return events_were_lost(lab, observed) ? INCONCLUSIVE : CONFIRMED;
}
