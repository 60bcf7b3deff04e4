/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What theory expects of one policy or another; see compare.h. None of it asks the textbook's simulation.
 */
#include "user/demo/sched/compare.h"

enum verdict holds_one_turn_each(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	struct comparison all;
	int turns = 0;

	(void)expectation;
	compare(&all, lab);
	for (int i = 0; i < all.turns.count; i++)
		turns += all.turns.list[i].job != IDLE;
	say(observed, _("%d turns of %d jobs"), turns, all.jobs.count);
	comparison_free(&all);
	return turns == all.jobs.count;
}

/* A job that has less to do in all, has arrived, and has not begun: -1: there is none. */
static int shorter_one_waiting(const struct turns *turns, int job)
{
	const struct times *begun = &turns->times[job];
	__u64 half_tick = turns->tick_ns / 2;

	for (int other = 0; other < turns->jobs; other++) {
		const struct times *times = &turns->times[other];

		if (times->first_ns != UNKNOWN_NS && times->first_ns > begun->first_ns &&
		    times->arrival_ns + half_tick < begun->first_ns && times->cpu_ns + half_tick < begun->cpu_ns)
			return other;
	}
	return -1;
}

enum verdict holds_shortest_first(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	struct comparison all;
	int waiting = -1;

	(void)expectation;
	compare(&all, lab);
	for (int job = 0; job < all.jobs.count && waiting < 0; job++) {
		if (all.turns.times[job].first_ns != UNKNOWN_NS)
			waiting = shorter_one_waiting(&all.turns, job);
		if (waiting >= 0)
			say(observed, _("when job %d began, the shorter job %d was waiting"), job, waiting);
	}
	if (waiting < 0)
		say(observed, _("no shorter job was waiting when one began"));
	comparison_free(&all);
	return waiting < 0;
}

/* For how long it kept the CPU although another wanted it. */
static __u64 kept_ns(const struct turns *turns, const struct turn *turn)
{
	__u64 longest = 0;

	for (int other = 0; other < turns->jobs && turn->job != IDLE; other++) {
		const struct times *times = &turns->times[other];
		__u64 since = times->arrival_ns > turn->from_ns ? times->arrival_ns : turn->from_ns;

		if (times->first_ns != UNKNOWN_NS && times->end_ns > turn->to_ns && since < turn->to_ns &&
		    turn->to_ns - since > longest)
			longest = turn->to_ns - since;
	}
	return longest;
}

enum verdict holds_quantum(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	struct comparison all;
	double longest = 0;
	int quantum;

	(void)expectation;
	compare(&all, lab);
	for (int i = 0; i < all.turns.count; i++) {
		double ticks = (double)kept_ns(&all.turns, &all.turns.list[i]) / (double)all.turns.tick_ns;

		longest = ticks > longest ? ticks : longest;
	}
	quantum = all.quantum;
	say(observed, _("at most %.1f ticks at a time while others waited; the quantum is %d"), longest, quantum);
	comparison_free(&all);
	return longest < 1.5 * quantum + 0.5;
}

enum verdict holds_sooner_response(const struct lab *lab, const struct expectation *expectation,
				   struct buffer *observed)
{
	struct comparison all;
	double here, there;

	(void)expectation;
	compare(&all, lab);
	here = turns_averages(&all.turns).response;
	there = averages_under(&all, FCFS).response;
	comparison_free(&all);
	say(observed, _("on average after %.2f ticks; first come, first served: %.2f"), here, there);
	return here < there + 0.5;
}

static __u64 used_before(const struct turns *turns, int nth)
{
	__u64 sum = 0;

	for (int i = 0; i < nth; i++)
		if (turns->list[i].job == turns->list[nth].job)
			sum += turns->list[i].to_ns - turns->list[i].from_ns;
	return sum;
}

/* For how long this turn, as far as it is beyond the job's first quantum, kept a newcomer waiting. */
static __u64 made_wait_ns(const struct turns *turns, int nth, int newcomer, __u64 quantum_ns)
{
	const struct times *times = &turns->times[newcomer];
	const struct turn *turn = &turns->list[nth];
	__u64 used = used_before(turns, nth), from = turn->from_ns, to = turn->to_ns;

	if (turn->job == IDLE || turn->job == newcomer || times->first_ns == UNKNOWN_NS)
		return 0;
	if (used < quantum_ns)
		from += quantum_ns - used;
	from = from > times->arrival_ns ? from : times->arrival_ns;
	to = to < times->first_ns ? to : times->first_ns;
	return to > from ? to - from : 0;
}

enum verdict holds_newcomers_first(const struct lab *lab, const struct expectation *expectation,
				   struct buffer *observed)
{
	struct comparison all;
	int waited = -1;

	(void)expectation;
	compare(&all, lab);
	for (int i = 0; i < all.turns.count; i++)
		for (int job = 0; job < all.jobs.count && waited < 0; job++) {
			if (made_wait_ns(&all.turns, i, job, (__u64)all.quantum * all.turns.tick_ns) <=
			    all.turns.tick_ns / 2)
				continue;
			waited = job;
			say(observed, _("job %d had had its quantum, and yet ran while the new job %d waited"),
			    all.turns.list[i].job, job);
		}
	if (waited < 0)
		say(observed, _("no new job waited for one that had had its quantum"));
	comparison_free(&all);
	return waited < 0;
}
