/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * sched-fcfs, sched-sjf, sched-rr, sched-mlfq: real processes under a textbook's policy. All four have one program.
 */
#include "user/demo/kinds.h"
#include "user/demo/sched/compare.h"
#include "user/demo/sched/questions.h"

static bool understands(const struct settings *settings, struct buffer *complaint)
{
	struct job_list jobs;

	switch (settings->list ? list_read(&jobs, settings->list) : LIST_FINE) {
	case LIST_FINE:
		return true;
	case LIST_TOO_MANY:
		say(complaint, _("at most %d jobs"), JOBS_MOST);
		return false;
	case LIST_ARRIVAL:
		say(complaint, _("a job arrives at tick 0 to %d"), ARRIVAL_MOST);
		return false;
	case LIST_BURST:
		say(complaint, _("a job computes for 1 to %d ticks"), BURST_MOST);
		return false;
	case LIST_IO:
		say(complaint, _("jobs only compute here: mlfq.py's third number, I/O, has to be 0"));
		return false;
	default:
		say(complaint,
		    _("'%s' is no list of jobs: ARRIVAL:BURST,... as 0:8,1:5, or as scheduler.py has it, "
		      "5,3,4, or mlfq.py, 0,18,0:2,5,0"),
		    settings->list);
		return false;
	}
}

/* clang-format off */
#define OF_ALL_POLICIES                                                                                                \
	{N_("at no time do two jobs run"), holds_one_at_a_time, NULL, NULL, 0},                                       \
	{N_("the jobs get the CPU in the textbook's order"), holds_textbook_order, NULL, NULL, 0},                    \
	{N_("they end in the textbook's order"), holds_textbook_ends, NULL, NULL, 0},                                 \
	{N_("each gets the CPU for its burst"), holds_bursts, NULL, NULL, 0},                                         \
	{N_("the averages are about the textbook's"), holds_averages, NULL, NULL, 0}

static const struct expectation of_fcfs[] = {
	OF_ALL_POLICIES,
	{N_("nobody is interrupted: one turn each"), holds_one_turn_each, NULL, NULL, 0},
	{0}};

static const struct expectation of_sjf[] = {
	OF_ALL_POLICIES,
	{N_("nobody is interrupted: one turn each"), holds_one_turn_each, NULL, NULL, 0},
	{N_("no job begins while a shorter one waits"), holds_shortest_first, NULL, NULL, 0},
	{0}};

static const struct expectation of_rr[] = {
	OF_ALL_POLICIES,
	{N_("who has had a quantum makes room for those who wait"), holds_quantum, NULL, NULL, 0},
	{N_("a first turn comes no later than first come, first served"), holds_sooner_response, NULL, NULL, 0},
	{0}};

static const struct expectation of_mlfq[] = {
	OF_ALL_POLICIES,
	{N_("a new job goes before those that have had their quantum"), holds_newcomers_first, NULL, NULL, 0},
	{N_("a first turn comes no later than first come, first served"), holds_sooner_response, NULL, NULL, 0},
	{0}};
/* clang-format on */

#define COMMON .chapter = N_("Scheduling"), .program = "sched", .understands = understands, .picture = draw_schedule

const struct demo demo_sched_fcfs = {
	COMMON,
	.name = "sched-fcfs",
	.title = N_("First come, first served"),
	.idea = N_("The CPU goes to whoever has waited longest, and is theirs until they are done."),
	.happens = N_("Jobs that only compute, ARRIVAL:BURST in ticks (-l): 0:8, 1:5, 2:1, 3:3, numbered from 0.\n"
		      "A dispatcher lets one at a time compute on one CPU; the others are stopped, which "
		      "stands for the textbook's ready.\n"
		      "Whoever came first computes to its end."),
	.broken = N_("the order: the last that came goes first"),
	.learned = N_("It is fair, and slow for the many: short jobs queue up behind a long one, as trucks convoy. "
		      "Response and waiting are the same thing here, for whoever begins goes on to the end."),
	.calls = "sched(7), waitid(2), kill(2), signal(7)",
	.arguments = "policy=fcfs",
	.takes = TAKES_LIST,
	.expectations = of_fcfs,
	.questions = questions_of_fcfs,
};

const struct demo demo_sched_sjf = {
	COMMON,
	.name = "sched-sjf",
	.title = N_("Shortest job first"),
	.idea = N_("Of those that wait, whoever needs the CPU for the shortest time goes first."),
	.happens = N_("Jobs that only compute, ARRIVAL:BURST in ticks (-l): 0:8, 1:5, 2:1, 3:3, numbered from 0.\n"
		      "A dispatcher lets one at a time compute on one CPU, to its end; the others are stopped.\n"
		      "When one ends, the shortest of those that have arrived is next."),
	.broken = N_("the choice: the longest goes first"),
	.learned = N_(
		"No order makes the average wait shorter, if all arrive at once. But somebody has to know the future, "
		"a long job may wait for ever, and one that has begun keeps even a shorter newcomer waiting."),
	.calls = "sched(7), waitid(2), kill(2), signal(7)",
	.arguments = "policy=sjf",
	.takes = TAKES_LIST,
	.expectations = of_sjf,
	.questions = questions_of_sjf,
};

const struct demo demo_sched_rr = {
	COMMON,
	.name = "sched-rr",
	.title = N_("Round robin"),
	.idea = N_("Everybody gets the CPU for a quantum, and then goes to the end of the queue."),
	.happens = N_("Jobs that only compute, ARRIVAL:BURST in ticks (-l): 0:8, 1:5, 2:1, 3:3, numbered from 0.\n"
		      "A dispatcher lets one at a time compute on one CPU, for a quantum of 2 ticks "
		      "(-q); the others are stopped.\n"
		      "A new job queues up before the one whose quantum ends just then."),
	.broken = N_("the quantum: a turn lasts until the job is done"),
	.learned = N_("Everybody gets an answer soon; nobody is done sooner. The shorter the quantum the better the "
		      "response, and the more switches there are to pay for."),
	.calls = "sched(7), sched_rr_get_interval(2), waitid(2), kill(2)",
	.arguments = "policy=rr",
	.takes = TAKES_LIST | TAKES_QUANTUM,
	.expectations = of_rr,
	.questions = questions_of_rr,
};

const struct demo demo_sched_mlfq = {
	COMMON,
	.name = "sched-mlfq",
	.title = N_("Multi-level feedback queue"),
	.idea = N_("Nobody knows how long a job will be; so all start on top, and who uses up its quantum sinks."),
	.happens = N_(
		"Jobs that only compute, ARRIVAL:BURST in ticks (-l): 0:9, 3:2, 7:5, numbered from 0.\n"
		"There are three queues. A new job starts in the top one; when it has had a quantum of 2 ticks "
		"(-q) it moves one down. No job goes up again.\n"
		"A dispatcher lets the first of the highest queue compute; a newcomer takes the CPU from those below."),
	.broken = N_("the demotion: all stay in the top queue"),
	.learned = N_("It learns from the past: short jobs are served as if somebody had known that they are short. "
		      "Without moving jobs up now and then (a boost) long ones could starve."),
	.calls = "sched(7), nice(2), waitid(2), kill(2)",
	.arguments = "policy=mlfq",
	.takes = TAKES_LIST | TAKES_QUANTUM,
	.expectations = of_mlfq,
	.questions = questions_of_mlfq,
};
