/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Turns at the CPU, from the spells that the kernel told of; see turns.h.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "user/demo/sched/turns.h"

static void add(struct turns *turns, struct turn turn)
{
	struct turn *list = turns->list;

	if (turns->count == turns->room) {
		turns->room = turns->room ? 2 * turns->room : 64;
		list = reallocarray(list, (size_t)turns->room, sizeof(*list));
		if (!list) {
			turns->failed = true;
			turns->room = turns->count;
			return;
		}
		turns->list = list;
	}
	turns->list[turns->count++] = turn;
}

/* A job sends itself SIGSTOP when it is there. (To ask for its first spell in that state will not do: continued at
 * once, it may not even have left the CPU.) UNKNOWN_NS: it never did. */
static __u64 arrival_of(const struct lab *lab, const struct process *process)
{
	for (int i = 0; process && i < lab->log->count; i++) {
		const struct moment *moment = &lab->log->list[i];

		if (moment->change.kind == CHANGE_SIGNAL && moment->change.process == process &&
		    moment->sender.signal == SIGSTOP)
			return moment->change.at_ns;
	}
	return UNKNOWN_NS;
}

/* Its spells on the CPU since it arrived, by the wall clock for now. */
static void add_spells(struct turns *turns, const struct lab *lab, const struct process *process, int job)
{
	__u64 arrival_ns = arrival_of(lab, process);
	const struct moment *spell = NULL;
	struct times *times = &turns->times[job];

	*times = (struct times){arrival_ns, UNKNOWN_NS, UNKNOWN_NS, 0};
	while (arrival_ns != UNKNOWN_NS && (spell = next_spell(lab, spell, process, STATE_RUNNING, REASON_NONE)))
		if (spell->change.state.from_ns >= arrival_ns) {
			times->cpu_ns += spell->change.state.to_ns - spell->change.state.from_ns;
			add(turns, (struct turn){job, spell->change.state.from_ns, spell->change.state.to_ns});
		}
}

static void add_idleness(struct turns *turns, const struct lab *lab)
{
	const struct process *dispatcher = root_of(lab);
	const struct moment *spell = NULL;

	while (dispatcher && (spell = next_spell(lab, spell, dispatcher, STATE_BLOCKED, REASON_SLEEP)))
		add(turns, (struct turn){IDLE, spell->change.state.from_ns, spell->change.state.to_ns});
}

static int by_time(const void *one, const void *other)
{
	const struct turn *first = one, *second = other;

	return (first->from_ns > second->from_ns) - (first->from_ns < second->from_ns);
}

/* The jobs' time at a moment of the wall clock; the list is by the wall clock, and in order. */
static __u64 jobs_time(const struct turns *turns, __u64 at_ns)
{
	__u64 sum = 0;

	for (int i = 0; i < turns->count && turns->list[i].from_ns < at_ns; i++)
		sum += (turns->list[i].to_ns < at_ns ? turns->list[i].to_ns : at_ns) - turns->list[i].from_ns;
	return sum;
}

static void find_overlap(struct turns *turns)
{
	for (int i = 1; i < turns->count; i++) {
		const struct turn *before = &turns->list[i - 1], *turn = &turns->list[i];
		__u64 until = before->to_ns < turn->to_ns ? before->to_ns : turn->to_ns;

		if (before->job != IDLE && turn->job != IDLE && until > turn->from_ns)
			turns->overlap_ns += until - turn->from_ns;
	}
}

/* From here on all times are the jobs'. */
static void change_clock(struct turns *turns)
{
	__u64 now = 0;

	for (int job = 0; job < turns->jobs; job++)
		if (turns->times[job].arrival_ns != UNKNOWN_NS)
			turns->times[job].arrival_ns = jobs_time(turns, turns->times[job].arrival_ns);
	for (int i = 0; i < turns->count; i++) {
		struct turn *turn = &turns->list[i];
		__u64 length = turn->to_ns - turn->from_ns;

		turn->from_ns = now;
		now = turn->to_ns = now + length;
	}
}

/* What follows on itself is one turn. */
static void join_turns(struct turns *turns)
{
	int kept = 0;

	for (int i = 0; i < turns->count; i++) {
		struct turn turn = turns->list[i];

		if (kept && turns->list[kept - 1].job == turn.job)
			turns->list[kept - 1].to_ns = turn.to_ns;
		else
			turns->list[kept++] = turn;
	}
	turns->count = kept;
}

static void drop_short(struct turns *turns, __u64 least_ns)
{
	int kept = 0;

	for (int i = 0; i < turns->count; i++)
		if (turns->list[i].to_ns - turns->list[i].from_ns >= least_ns)
			turns->list[kept++] = turns->list[i];
	turns->count = kept;
}

/*
 * A job that has computed all it had to may lose its CPU on its way out: kernel/sched/autogroup.c, sched_autogroup_exit_task(), puts it at
 * the end of its queue, and from 7.0 on it is preempted at once. What is left to do is no turn.
 */
static void drop_exits(struct turns *turns, __u64 most_ns)
{
	for (int job = 0; job < turns->jobs; job++) {
		int last = -1, count = 0;

		for (int i = 0; i < turns->count; i++)
			if (turns->list[i].job == job) {
				last = i;
				count++;
			}
		if (count < 2 || turns->list[last].to_ns - turns->list[last].from_ns > most_ns)
			continue;
		turns->count--;
		memmove(&turns->list[last], &turns->list[last + 1],
			(size_t)(turns->count - last) * sizeof(*turns->list));
	}
}

static void note_ends(struct turns *turns)
{
	for (int i = 0; i < turns->count; i++) {
		const struct turn *turn = &turns->list[i];
		struct times *times = turn->job == IDLE ? NULL : &turns->times[turn->job];

		if (times && times->first_ns == UNKNOWN_NS)
			times->first_ns = turn->from_ns;
		if (times)
			times->end_ns = turn->to_ns;
	}
}

void turns_find(struct turns *turns, const struct lab *lab, const struct process *const *jobs, int count,
		__u64 least_ns)
{
	turns->jobs = count;
	turns->tick_ns = TICK_MS * MS * (__u64)lab->settings->slow;
	for (int job = 0; job < count; job++)
		add_spells(turns, lab, jobs[job], job);
	add_idleness(turns, lab);
	if (turns->count)
		qsort(turns->list, (size_t)turns->count, sizeof(*turns->list), by_time);
	find_overlap(turns);
	change_clock(turns);
	join_turns(turns);
	drop_short(turns, least_ns);
	drop_exits(turns, turns->tick_ns / 4);
	join_turns(turns);
	if (turns->failed) /* memory was short: better nothing than half of it */
		turns->count = 0;
	note_ends(turns);
}

void turns_free(struct turns *turns)
{
	free(turns->list);
	*turns = (struct turns){0};
}

struct figures turns_figures(const struct turns *turns, int job)
{
	const struct times *times = &turns->times[job];
	double tick = (double)turns->tick_ns;

	if (times->first_ns == UNKNOWN_NS)
		return (struct figures){0};
	return (struct figures){.response = ((double)times->first_ns - (double)times->arrival_ns) / tick,
				.waiting = ((double)times->end_ns - (double)times->arrival_ns - (double)times->cpu_ns) /
					   tick,
				.turnaround = ((double)times->end_ns - (double)times->arrival_ns) / tick};
}

struct figures turns_averages(const struct turns *turns)
{
	struct figures sum = {0};

	for (int job = 0; job < turns->jobs; job++) {
		struct figures one = turns_figures(turns, job);

		sum.response += one.response / turns->jobs;
		sum.waiting += one.waiting / turns->jobs;
		sum.turnaround += one.turnaround / turns->jobs;
	}
	return sum;
}
