/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * sched-linux: the jobs of the textbook's policies, left to those of Linux.
 */
#include <errno.h>
#include <stdio.h>

#include "user/demo/cells.h"
#include "user/demo/evidence.h"
#include "user/demo/kinds.h"
#include "user/demo/sched/turns.h"

#define MARGIN 13	       /* of names before a row */
#define LEAST_TURN_NS (MS / 5) /* shorter ones are a start or an end */
#define BURSTS "8,5,1,3"       /* as the program has it */
#define JOBS 4

static const struct way {
	const char *policy, *jobs, *all;
} ways[] = {{"SCHED_FIFO", "fifo", "fifo-*"},
	    {"SCHED_RR", "rr", "rr-*"},
	    {"SCHED_OTHER", "other", "other-*"},
	    {"SCHED_BATCH", "batch", "batch-*"},
	    {"job 0 nice", "nice", "nice-*"}};
enum { FIFO, RR_WAY, OTHER, BATCH, NICE, WAYS };

static const struct process *job_of(const struct lab *lab, int way, int job)
{
	char name[16];

	snprintf(name, sizeof(name), "%s-%d", ways[way].jobs, job);
	return process_named(lab, name);
}

/* A tick is what the jobs make it: a seventeenth of all that they computed. */
static void turns_of(struct turns *turns, const struct lab *lab, int way)
{
	const struct process *jobs[JOBS];
	struct job_list list;
	int ticks = 0;

	*turns = (struct turns){0};
	for (int i = 0; i < JOBS; i++)
		jobs[i] = job_of(lab, way, i);
	turns_find(turns, lab, jobs, JOBS, LEAST_TURN_NS * (__u64)lab->settings->slow);
	list_read(&list, BURSTS);
	for (int i = 0; i < JOBS; i++)
		ticks += list.job[i].burst;
	if (turns->count)
		turns->tick_ns = turns->list[turns->count - 1].to_ns / (__u64)ticks;
}

/* Linux may refuse policies and nice values, to containers for one: the jobs say so when they end. */
static bool was_refused(const struct lab *lab, int way, struct buffer *observed)
{
	for (int i = 0; i < JOBS; i++) {
		const struct process *job = job_of(lab, way, i);

		if (!job || job->end == ENDED_NONE || job->signal || job->code != EPERM)
			continue;
		if (observed)
			say(observed, _("this run cannot decide: this system refused it to %s[%u]"), job->comm,
			    job->pid);
		return true;
	}
	return false;
}

static __u64 longest_ns(const struct turns *turns)
{
	__u64 longest = 0;

	for (int i = 0; i < turns->count; i++)
		if (turns->list[i].to_ns - turns->list[i].from_ns > longest)
			longest = turns->list[i].to_ns - turns->list[i].from_ns;
	return longest;
}

/* What all together have had, on average in one turn. */
static double average_ms(const struct turns *turns)
{
	return turns->count ? ms_of(turns->list[turns->count - 1].to_ns) / turns->count : 0;
}

/* The CPU that a job has had until the first of jobs 0 and 1 ended: as long as both wanted it. */
static __u64 while_both_want_it(const struct turns *turns, int job)
{
	const struct times *times = turns->times;
	__u64 end_ns = times[0].end_ns < times[1].end_ns ? times[0].end_ns : times[1].end_ns, sum = 0;

	for (int i = 0; i < turns->count && turns->list[i].from_ns < end_ns; i++)
		if (turns->list[i].job == job)
			sum += turns->list[i].to_ns - turns->list[i].from_ns;
	return sum;
}

static int first_to_end(const struct turns *turns)
{
	int first = 0;

	for (int i = 1; i < JOBS; i++)
		if (turns->times[i].end_ns < turns->times[first].end_ns)
			first = i;
	return first;
}

/* One turn each, by number. */
static bool is_queue(const struct turns *turns)
{
	for (int i = 0; i < turns->count; i++)
		if (turns->list[i].job != i)
			return false;
	return turns->count == JOBS;
}

static enum verdict is_first_come(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	struct turns turns;
	bool right;

	(void)expectation;
	if (was_refused(lab, FIFO, observed))
		return INCONCLUSIVE;
	turns_of(&turns, lab, FIFO);
	right = is_queue(&turns);
	say(observed,
	    right ? _("%d turns of 4 jobs, by number; the longest %.1f ms")
		  : _("%d turns of 4 jobs, not by number; the longest %.1f ms"),
	    turns.count, ms_of(longest_ns(&turns)));
	turns_free(&turns);
	return right;
}

/* `number`: the way. */
static enum verdict takes_turns(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	struct turns turns;
	int count;

	if (was_refused(lab, (int)expectation->number, observed))
		return INCONCLUSIVE;
	turns_of(&turns, lab, (int)expectation->number);
	count = turns.count;
	say(observed, _("%d turns, the longest %.1f ms"), count, ms_of(longest_ns(&turns)));
	turns_free(&turns);
	return count > JOBS;
}

static enum verdict has_longer_turns(const struct lab *lab, const struct expectation *expectation,
				     struct buffer *observed)
{
	struct turns rr, other;
	double long_ms, short_ms;

	(void)expectation;
	if (was_refused(lab, RR_WAY, observed))
		return INCONCLUSIVE;
	turns_of(&rr, lab, RR_WAY);
	turns_of(&other, lab, OTHER);
	long_ms = average_ms(&rr);
	short_ms = average_ms(&other);
	say(observed, _("a turn of SCHED_RR is %.1f ms on average, one of SCHED_OTHER %.1f ms"), long_ms, short_ms);
	turns_free(&rr);
	turns_free(&other);
	return long_ms > 2 * short_ms;
}

/* `number`: the way. */
static enum verdict shares_fairly(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	__u64 first_ns, second_ns;
	struct turns turns;

	if (was_refused(lab, (int)expectation->number, observed))
		return INCONCLUSIVE;
	turns_of(&turns, lab, (int)expectation->number);
	first_ns = while_both_want_it(&turns, 0);
	second_ns = while_both_want_it(&turns, 1);
	turns_free(&turns);
	say(observed, _("while both wanted it, job 0 had %.0f ms of CPU and job 1 %.0f ms"), ms_of(first_ns),
	    ms_of(second_ns));
	return unless_starved(lab, 2 * first_ns > second_ns && 2 * second_ns > first_ns, ways[expectation->number].all,
			      observed);
}

static enum verdict lets_short_ones_go(const struct lab *lab, const struct expectation *expectation,
				       struct buffer *observed)
{
	struct turns turns;
	int first;

	if (was_refused(lab, (int)expectation->number, observed))
		return INCONCLUSIVE;
	turns_of(&turns, lab, (int)expectation->number);
	first = first_to_end(&turns);
	say(observed, _("job %d ended first, after %.1f ticks"), first,
	    (double)turns.times[first].end_ns / (double)turns.tick_ns);
	turns_free(&turns);
	return unless_starved(lab, first == 2, ways[expectation->number].all, observed);
}

static enum verdict prefers_the_less_nice(const struct lab *lab, const struct expectation *expectation,
					  struct buffer *observed)
{
	__u64 less_nice_ns, nice_ns;
	struct turns turns;

	(void)expectation;
	if (was_refused(lab, NICE, observed))
		return INCONCLUSIVE;
	turns_of(&turns, lab, NICE);
	nice_ns = while_both_want_it(&turns, 0);
	less_nice_ns = while_both_want_it(&turns, 1);
	turns_free(&turns);
	say(observed, _("while both wanted it, job 0 had %.0f ms of CPU and job 1 %.0f ms"), ms_of(nice_ns),
	    ms_of(less_nice_ns));
	return less_nice_ns > 2 * nice_ns;
}

static const struct expectation expectations[] = {
	{N_("SCHED_FIFO is first come, first served: one turn each"), is_first_come, NULL, NULL, 0},
	{N_("SCHED_RR is round robin: jobs longer than its quantum take turns"), takes_turns, NULL, NULL, RR_WAY},
	{N_("SCHED_OTHER, the usual one: all take turns"), takes_turns, NULL, NULL, OTHER},
	{N_("the turns of SCHED_RR are longer than those of SCHED_OTHER"), has_longer_turns, NULL, NULL, 0},
	{N_("so with SCHED_OTHER the shortest job, 2, ends first, and waits for nobody's end"), lets_short_ones_go,
	 NULL, NULL, OTHER},
	{N_("it gives all about the same"), shares_fairly, NULL, NULL, OTHER},
	{N_("SCHED_BATCH does so, too"), shares_fairly, NULL, NULL, BATCH},
	{N_("a nice job 0 gets much less than job 1 while both want it"), prefers_the_less_nice, NULL, NULL, 0},
	{0}};

static bool who_queues_up(const struct lab *lab, struct accepted *accepted)
{
	for (int way = 0; way < NICE; way++) {
		struct turns turns;

		if (was_refused(lab, way, NULL))
			return false;
		turns_of(&turns, lab, way);
		accepted->choices |= (unsigned)(turns.count == JOBS) << way;
		turns_free(&turns);
	}
	return true;
}

static bool what_the_nice_get(const struct lab *lab, struct accepted *accepted)
{
	struct turns turns;
	double share;

	if (was_refused(lab, NICE, NULL))
		return false;
	turns_of(&turns, lab, NICE);
	share = (double)while_both_want_it(&turns, 0) / (double)(while_both_want_it(&turns, 1) + 1);
	turns_free(&turns);
	accepted->choices = share == 0 ? 1 : share < 0.5 ? 2 : 4;
	return true;
}

static const struct question questions[] = {
	{.ask = N_("Under which policies does each job keep the CPU until it has ended?"),
	 .kind = QUESTION_CHOICE,
	 .several = true,
	 .options = {"SCHED_FIFO", "SCHED_RR", "SCHED_OTHER", "SCHED_BATCH"},
	 .answer = who_queues_up,
	 .because = N_(
		 "SCHED_FIFO knows no quantum: who has the CPU keeps it until they block, yield or end, or somebody "
		 "of higher priority wants it.")},
	{.ask = N_("How much of the CPU does job 0 with a nice value of 10 get while job 1 computes, too?"),
	 .kind = QUESTION_CHOICE,
	 .options = {N_("none: it waits for the others to end"), N_("some, but less than half as much"),
		     N_("about as much: nice is a recommendation")},
	 .answer = what_the_nice_get,
	 .because = N_("A nice value is a weight, not a rank: each step is about a quarter more or less, ten make it "
		       "about a tenth. Nobody starves.")},
	{0}};

/* Who had most of that time: a digit; '+' if it was nobody. */
static char mark_of_column(const struct turns *turns, __u64 from_ns, __u64 to_ns)
{
	__u64 ns[JOBS] = {0};

	for (int i = 0; i < turns->count; i++) {
		const struct turn *turn = &turns->list[i];
		__u64 from = turn->from_ns > from_ns ? turn->from_ns : from_ns;
		__u64 to = turn->to_ns < to_ns ? turn->to_ns : to_ns;

		if (turn->job != IDLE && to > from)
			ns[turn->job] += to - from;
	}
	for (int job = 0; job < JOBS; job++)
		if (ns[job] > (to_ns - from_ns) / 10 * 8)
			return (char)('0' + job);
	return '+';
}

#define COLUMNS_A_TICK 4

static void add_row(struct buffer *out, const struct turns *turns, const char *name, int columns)
{
	__u64 end_ns = turns->count ? turns->list[turns->count - 1].to_ns : 0;

	say_cell(out, -MARGIN - 1, "%s", name);
	for (int column = 0; end_ns && column < columns; column++)
		buffer_char(out, mark_of_column(turns, end_ns * (__u64)column / (__u64)columns,
						end_ns * (__u64)(column + 1) / (__u64)columns));
	buffer_char(out, '\n');
}

static void add_figures(struct buffer *out, const char *name, const struct figures *figures)
{
	say_cell(out, -MARGIN - 1, "%s", name);
	say_cell(out, 9, "%.2f", figures->response);
	say_cell(out, 9, "%.2f", figures->waiting);
	say_cell(out, 11, "%.2f", figures->turnaround);
}

static void add_turns(struct buffer *out, const char *name, const struct turns *turns)
{
	struct figures averages = turns_averages(turns);

	add_figures(out, name, &averages);
	say_cell(out, 6, "%d", turns->count);
	say_cell(out, 10, "%.1f ms", ms_of(longest_ns(turns)));
	buffer_char(out, '\n');
}

static void add_textbook(struct buffer *out, const char *name, enum policy policy)
{
	struct job_list list;
	struct textbook book;
	struct figures averages;

	list_read(&list, BURSTS);
	textbook_work_out(&book, &list, policy, USUAL_QUANTUM);
	averages = textbook_averages(&book, &list);
	add_figures(out, name, &averages);
	buffer_char(out, '\n');
}

static void add_table(struct buffer *out, const struct turns *all)
{
	say_cell(out, MARGIN + 1 + 9, _("RESPONSE"));
	say_cell(out, 9, _("WAITING"));
	say_cell(out, 11, _("TURNAROUND"));
	say_cell(out, 6, _("TURNS"));
	say_cell(out, 10, _("LONGEST"));
	buffer_char(out, '\n');
	add_textbook(out, _("textbook FCFS"), FCFS);
	add_textbook(out, _("textbook RR"), RR);
	for (int way = 0; way < WAYS; way++)
		add_turns(out, ways[way].policy, &all[way]);
}

static void draw_ways(const struct lab *lab, bool table, int width, struct buffer *out)
{
	int columns = width - MARGIN - 1 < 17 * COLUMNS_A_TICK ? width - MARGIN - 1 : 17 * COLUMNS_A_TICK;
	struct turns all[WAYS];

	(void)table;
	say_wrapped(out, width, 0,
		    _("Which job had the CPU, by number (+ several, in turns), from the first tick to the "
		      "17th; a tick is %d ms of CPU time, under SCHED_RR more."),
		    TICK_MS * lab->settings->slow);
	for (int way = 0; way < WAYS; way++) {
		turns_of(&all[way], lab, way);
		add_row(out, &all[way], ways[way].policy, columns);
	}
	say(out, _("\nOn average, in ticks; and turns at the CPU, of all together:\n"));
	add_table(out, all);
	for (int way = 0; way < WAYS; way++)
		turns_free(&all[way]);
}

const struct demo demo_sched_linux = {
	.name = "sched-linux",
	.chapter = N_("Scheduling"),
	.title = N_("The policies of Linux itself"),
	.idea = N_(
		"Linux has policies of its own: real time (FIFO, RR) before all others, and fair shares by weight for "
		"the rest."),
	.happens = N_(
		"The four jobs of sched-fcfs (8, 5, 1 and 3 ticks) compute on one CPU; here all are there at once.\n"
		"Linux decides, under one of its policies after the other; SCHED_RR has longer ticks, for its quantum "
		"is 100 ms.\n"
		"The last time all are SCHED_OTHER, and job 0 has asked for less by nice(10)."),
	.broken = N_("the asking: all are SCHED_OTHER, and equally nice"),
	.learned = N_(
		"FIFO and RR are the textbook's; who has one can lock all others out, so they need a privilege. "
		"SCHED_OTHER has neither queue nor fixed quantum: whoever is furthest behind their share runs. No "
		"policy of Linux is SJF or MLFQ: nobody tells it how long a job is."),
	.calls = "sched(7), sched_setscheduler(2), sched_rr_get_interval(2), nice(2)",
	.expectations = expectations,
	.questions = questions,
	.picture = draw_ways,
};
