/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * pool: few processes for many tasks.
 */
#include <stdlib.h>
#include <string.h>

#include "user/demo/kinds.h"
#include "user/demo/evidence.h"
#include "user/demo/observe.h"

static __u64 life_of(const struct process *process)
{
	return process->end == ENDED_NONE ? 0 : process->end_ns - process->birth_ns;
}

static enum verdict born_for(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *pool = process_named(lab, expectation->who),
			     *each = process_named(lab, expectation->whom);

	if (say_missing(observed, pool, expectation->who) || say_missing(observed, each, expectation->whom))
		return false;
	say(observed, _("%d births and ends by the pool, %d by a process for each"), pool->child_count,
	    each->child_count);
	return pool->child_count == 4 && each->child_count == expectation->number;
}

/* What main does beside waiting is to make processes, and to hand out tasks. */
static enum verdict costs_less(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *pool = process_named(lab, expectation->who),
			     *each = process_named(lab, expectation->whom);
	__u64 for_pool, for_each;

	if (say_missing(observed, pool, expectation->who) || say_missing(observed, each, expectation->whom))
		return false;
	for_pool = pool->threads->totals.running_ns;
	for_each = each->threads->totals.running_ns;
	say(observed, _("main ran for %.1f ms of %.0f; with a process for each, %.1f ms of %.0f"), ms_of(for_pool),
	    ms_of(life_of(pool)), ms_of(for_each), ms_of(life_of(each)));
	return for_pool < for_each;
}

static enum verdict one_at_a_time(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	bool overlap = any_overlap(lab, expectation->who, STATE_BLOCKED, REASON_SLEEP);

	say(observed, overlap ? _("two tasks were under way at the same time") : _("never two tasks at the same time"));
	return count_named(lab, expectation->who) == 2 ? unless_seen(lab, overlap, observed) : REFUTED;
}

static enum verdict all_at_once(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	bool overlap = any_overlap(lab, expectation->who, STATE_BLOCKED, REASON_SLEEP);

	say(observed, overlap ? _("two tasks were under way at the same time") : _("never two tasks at the same time"));
	return unless_starved(lab, overlap, expectation->who, observed);
}

/* Of callbacks only: the order of results does not depend on when their tasks were done. */
static enum verdict refuted_unless_late(const struct lab *lab, const struct expectation *expectation,
					struct buffer *observed)
{
	if (expectation->number > 0)
		return REFUTED;
	return any_was_starved(lab, "async-*", observed) || any_was_starved(lab, expectation->whom, observed)
		       ? INCONCLUSIVE
		       : REFUTED;
}

/* The order in which marks of that kind were made, and whether it is rising (1) or falling (-1). */
static enum verdict in_order(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *mark, *before = NULL;
	int right = 0, count = 0;

	for (; (mark = process_nth(lab, expectation->who, count)); count++, before = mark) {
		int step = before ? strcmp(mark->comm, before->comm) : 0;

		say(observed, count ? ", %s" : "%s", mark->comm);
		right += !before || (expectation->number > 0 ? step > 0 : step < 0);
		right -= !mark->parent || !is_named(mark->parent, expectation->whom);
	}
	if (count != 4)
		return REFUTED;
	return right == 4 ? CONFIRMED : refuted_unless_late(lab, expectation, observed);
}

static enum verdict all_gone(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *worker;
	int gone = 0, count = 0;

	for (; (worker = process_nth(lab, expectation->who, count)); count++)
		gone += worker->reaper && worker->reaper == worker->parent && !worker->orphaned_ns;
	say(observed, _("%d of %d ended, and were reaped by main"), gone, count);
	return gone == 4 && count == 4;
}

static enum verdict more_wait(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	__u64 few = ready_ns_of(lab, expectation->who), many = ready_ns_of(lab, expectation->whom);

	say(observed, _("2 workers were ready for %.0f ms, 16 for %.0f ms; they ran for %.0f and %.0f ms"), ms_of(few),
	    ms_of(many), ms_of(running_ns_of(lab, expectation->who)), ms_of(running_ns_of(lab, expectation->whom)));
	return unless_starved(lab, many > few, expectation->who, observed);
}

static const struct expectation expectations[] = {
	{N_("20 tasks: 4 workers, or 20 processes"), born_for, "pool-20", "each-20", 20},
	{N_("100 tasks: still 4 workers, or 100 processes"), born_for, "pool-100", "each-100", 100},
	{N_("main spends less on a pool than on making a process for each task"), costs_less, "pool-100", "each-100",
	 0},
	{N_("apply waits for each result: one task at a time"), one_at_a_time, "apply-*", NULL, 0},
	{N_("apply_async does not: tasks overlap"), all_at_once, "async-*", NULL, 0},
	{N_("callbacks run in main, in the order in which tasks are done"), in_order, "callback-*", "main-async", -1},
	{N_("map has its results in the order of the tasks"), in_order, "result-*", "main-map", 1},
	{N_("more workers than CPUs do not work more: they are ready, and wait"), more_wait, "few-*", "many-*", 0},
	{N_("close and join: every worker ends and is reaped"), all_gone, "last-*", NULL, 0},
	{0}};

static bool births_for_100(const struct lab *lab, struct accepted *accepted)
{
	const struct process *pool = process_named(lab, "pool-100");

	if (!pool)
		return false;
	accepted->low = accepted->high = pool->child_count;
	return true;
}

/* Option n is callback n. */
static bool order_of_callbacks(const struct lab *lab, struct accepted *accepted)
{
	const struct process *mark;
	unsigned earlier = 0;

	for (int i = 0; i < 4; i++) {
		mark = process_nth(lab, "callback-*", i);
		if (!mark)
			return false;
		int number = atoi(mark->comm + strlen("callback-")) & 3;

		accepted->before[number] = earlier;
		earlier |= 1u << number;
	}
	return true;
}

static const struct question questions[] = {
	{.ask = N_("A pool of 4 does 100 tasks. How many processes does it make?"),
	 .kind = QUESTION_NUMBER,
	 .answer = births_for_100,
	 .because = N_("The workers live on: each takes the next task when it is done with one.")},
	{.ask = N_(
		 "Task 0 takes 160 ms, task 1 takes 120, task 2 takes 80, task 3 takes 40; four workers. In which order do the "
		 "callbacks run?"),
	 .kind = QUESTION_ORDER,
	 .options = {N_("of task 0"), N_("of task 1"), N_("of task 2"), N_("of task 3")},
	 .answer = order_of_callbacks,
	 .because = N_(
		 "Whichever result comes first. Only map puts them into the order of the tasks, and has to wait for the "
		 "slowest.")},
	{0}};

const struct demo demo_pool = {
	.name = "pool",
	.chapter = N_("Working together"),
	.title = N_("A pool: few processes for many tasks"),
	.idea = N_(
		"To make a process for each task costs a birth and an end each. Workers that stay take one task after the other."),
	.happens = N_("20 and 100 tasks are done by a pool of 4, and by a process for each task.\n"
		      "main-apply waits for each result, main-async has callbacks, main-map wants results in order.\n"
		      "The same work is done by 2 workers and by 16; at last a pool is closed and joined."),
	.broken = N_("close and join: main just ends"),
	.learned = N_(
		"As many workers as CPUs for tasks that compute, more for tasks that wait. A pool that is not joined leaves "
		"orphans when main ends."),
	.calls = "pipe(7), fork(2), wait(2), sched(7)",
	.expectations = expectations,
	.questions = questions,
};
