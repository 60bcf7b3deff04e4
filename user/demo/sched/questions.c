/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Questions about the scheduling policies, answered by what the kernel saw; see questions.h. Those that name the jobs
 * are for our own list of jobs only.
 */
#include "user/demo/sched/compare.h"
#include "user/demo/sched/questions.h"

static bool order_of_ends(const struct lab *lab, struct accepted *accepted)
{
	struct comparison all;

	if (lab->settings->list)
		return false;
	compare(&all, lab);
	for (int job = 0; job < all.jobs.count; job++)
		for (int other = 0; other < all.jobs.count; other++)
			if (all.turns.times[other].end_ns < all.turns.times[job].end_ns)
				accepted->before[job] |= 1u << other;
	comparison_free(&all);
	return true;
}

/* To the tick, and a tick more or less. */
static bool average_waiting(const struct lab *lab, struct accepted *accepted)
{
	struct comparison all;
	double waiting;

	compare(&all, lab);
	waiting = turns_averages(&all.turns).waiting;
	comparison_free(&all);
	accepted->low = (long long)(waiting - 0.5);
	accepted->high = (long long)(waiting + 1.5);
	return true;
}

/* Which averages are less than half of what first come, first served has? */
static bool what_is_halved(const struct lab *lab, struct accepted *accepted)
{
	struct figures here, there;
	struct comparison all;

	if (lab->settings->list || lab->settings->quantum)
		return false;
	compare(&all, lab);
	here = turns_averages(&all.turns);
	there = averages_under(&all, FCFS);
	comparison_free(&all);
	accepted->choices = (here.response < there.response / 2) | (here.waiting < there.waiting / 2) << 1 |
			    (here.turnaround < there.turnaround / 2) << 2;
	return true;
}

static bool who_runs_at_once(const struct lab *lab, struct accepted *accepted)
{
	struct comparison all;

	if (lab->settings->list)
		return false;
	compare(&all, lab);
	for (int job = 0; job < all.jobs.count; job++)
		accepted->choices |= (unsigned)(turns_figures(&all.turns, job).response < 0.5) << job;
	comparison_free(&all);
	return true;
}

static bool who_is_interrupted(const struct lab *lab, struct accepted *accepted)
{
	struct comparison all;
	int turns[JOBS_MOST] = {0};

	if (lab->settings->list || lab->settings->quantum)
		return false;
	compare(&all, lab);
	for (int i = 0; i < all.turns.count; i++)
		if (all.turns.list[i].job != IDLE && ++turns[all.turns.list[i].job] > 1)
			accepted->choices |= 1u << all.turns.list[i].job;
	comparison_free(&all);
	return true;
}

#define FOUR_JOBS                                                                                                      \
	{                                                                                                              \
		"job-0", "job-1", "job-2", "job-3"                                                                     \
	}
#define THREE_JOBS                                                                                                     \
	{                                                                                                              \
		"job-0", "job-1", "job-2"                                                                              \
	}
#define ORDER_OF_ENDS(jobs, why)                                                                                       \
	{                                                                                                              \
		.ask = N_("In what order do the jobs end?"), .kind = QUESTION_ORDER, .options = jobs,                  \
		.answer = order_of_ends, .because = why                                                                \
	}
#define AVERAGE_WAITING(why)                                                                                           \
	{                                                                                                              \
		.ask = N_("How long does a job wait for the CPU on average, in whole ticks?"),                         \
		.kind = QUESTION_NUMBER, .answer = average_waiting, .because = why                                     \
	}

const struct question questions_of_fcfs[] = {
	ORDER_OF_ENDS(FOUR_JOBS,
		      N_("They begin in the order in which they came, and who has begun goes on to its end.")),
	AVERAGE_WAITING(
		N_("job-0 does not wait, the other three wait for nearly all of its 8 ticks and for each other.")),
	{0}};

const struct question questions_of_sjf[] = {
	ORDER_OF_ENDS(FOUR_JOBS, N_("When job-0 began, nobody else was there; and it is not interrupted. From then on "
				    "the shortest goes first.")),
	AVERAGE_WAITING(N_("The short ones no longer wait for job-1: only job-1 waits longer than first come, first "
			   "served would have made it.")),
	{0}};

const struct question questions_of_rr[] = {
	{.ask = N_("Which averages are less than half of what first come, first served would give?"),
	 .kind = QUESTION_CHOICE,
	 .several = true,
	 .options = {N_("response: until the first turn"), N_("waiting"), N_("turnaround: until the end")},
	 .answer = what_is_halved,
	 .because = N_("Taking turns brings everybody's first turn forward and nobody's work to an end: each waits for "
		       "all the others' turns.")},
	ORDER_OF_ENDS(FOUR_JOBS, N_("Who needs fewer turns is done sooner, if they start about together.")),
	{0}};

const struct question questions_of_mlfq[] = {
	{.ask = N_("Which jobs run as soon as they arrive?"),
	 .kind = QUESTION_CHOICE,
	 .several = true,
	 .options = THREE_JOBS,
	 .answer = who_runs_at_once,
	 .because = N_("A new job starts in the top queue, and those before it have sunk: their quantum there is used "
		       "up.")},
	{.ask = N_("Which jobs have to give up the CPU before they are done?"),
	 .kind = QUESTION_CHOICE,
	 .several = true,
	 .options = THREE_JOBS,
	 .answer = who_is_interrupted,
	 .because = N_("job-1 needs no more than its first quantum. The others sink to where they have to take turns, "
		       "and make room for who is above them.")},
	{0}};
