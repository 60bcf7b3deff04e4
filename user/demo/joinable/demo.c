/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * joinable: to wait until all tasks are done is not to wait until all processes have ended.
 */
#include <signal.h>

#include "user/base/duration.h"
#include "user/demo/cells.h"
#include "user/demo/evidence.h"
#include "user/demo/kinds.h"

#define TASKS 10

/* The last time that main was woken out of join: NULL if it never was. */
static const struct moment *end_of_join(const struct lab *lab, const struct process *main)
{
	const struct moment *last = NULL;

	for (int i = 0; i < lab->log->count; i++) {
		const struct change *change = &lab->log->list[i].change;

		if (change->kind == CHANGE_WAKE && change->process == main && change->wake.reason == REASON_FUTEX)
			last = &lab->log->list[i];
	}
	return last;
}

/* A task is a spell of sleep. How many of the consumers' had ended by then. */
static int done_by(const struct lab *lab, __u64 at_ns)
{
	const struct process *consumer;
	int done = 0;

	for (int i = 0; (consumer = process_nth(lab, "consumer-*", i)); i++)
		for (const struct moment *task = NULL;
		     (task = next_spell(lab, task, consumer, STATE_BLOCKED, REASON_SLEEP));)
			done += task->change.state.to_ns <= at_ns;
	return done;
}

static enum verdict join_returns(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *main = process_named(lab, expectation->who), *waker;
	const struct moment *wake;

	if (say_missing(observed, main, expectation->who))
		return false;
	wake = end_of_join(lab, main);
	if (!wake) {
		say(observed, _("blocked on futex for %.0f ms, and nobody woke it"),
		    ms_of(blocked_for(main, REASON_FUTEX)));
		return main->signal ? REFUTED : unless_starved(lab, false, expectation->who, observed);
	}
	waker = wake->change.wake.waker;
	say(observed, _("blocked on futex for %.0f ms; woken by %s, when %d of %d tasks were done"),
	    ms_of(blocked_for(main, REASON_FUTEX)), waker ? waker->comm : _("an interrupt"),
	    done_by(lab, wake->change.at_ns), TASKS);
	if (!waker || !is_named(waker, expectation->whom))
		return REFUTED;
	return unless_starved(lab, done_by(lab, wake->change.at_ns) == TASKS, expectation->whom, observed);
}

static enum verdict each_is_done_once(const struct lab *lab, const struct expectation *expectation,
				      struct buffer *observed)
{
	const struct process *consumer;
	int done = 0, busy = 0;

	if (say_missing(observed, process_named(lab, expectation->who), expectation->who))
		return false;
	for (int i = 0; (consumer = process_nth(lab, expectation->who, i)); i++) {
		int times = (int)times_blocked(consumer, REASON_SLEEP);

		say(observed, i ? " + %d" : "%d", times);
		done += times;
		busy += times > 0;
	}
	say(observed, _(" of %d tasks"), TASKS);
	return unless_starved(lab, done == TASKS && busy == 2, expectation->who, observed);
}

static enum verdict are_attended(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *consumer;
	int attended = 0, count = 0;

	for (; (consumer = process_nth(lab, expectation->who, count)); count++) {
		say(observed, "%s%s: %s", count ? "; " : "", consumer->comm, daemon_kind_name(consumer->daemon));
		attended += consumer->daemon == DAEMON_ATTENDED;
	}
	return !say_missing(observed, process_named(lab, expectation->who), expectation->who) && attended == count;
}

/* Tasks of a consumer that were under way when it was to end. */
static int cut_short(const struct lab *lab, const struct process *consumer)
{
	__u64 at_ns = consumer->killer.at_ns ? consumer->killer.at_ns : consumer->end_ns;
	const struct moment *task = NULL;
	int count = 0;

	while ((task = next_spell(lab, task, consumer, STATE_BLOCKED, REASON_SLEEP)))
		count += task->change.state.to_ns >= at_ns;
	return count;
}

static enum verdict none_is_cut_short(const struct lab *lab, const struct expectation *expectation,
				      struct buffer *observed)
{
	const struct process *consumer;
	int under_way = 0;

	if (say_missing(observed, process_named(lab, expectation->who), expectation->who))
		return false;
	for (int i = 0; (consumer = process_nth(lab, expectation->who, i)); i++)
		under_way += cut_short(lab, consumer);
	say(observed, _("%d tasks were under way when their ends came"), under_way);
	return unless_seen(lab, under_way, observed);
}

static const struct expectation expectations[] = {
	{N_("producers end when they have put all; main waits for them first"), holds_reaped_by, "producer-*", "main",
	 0},
	{N_("then it joins the queue: blocked, until a consumer tells of the last task"), join_returns, "main",
	 "consumer-*", 0},
	{N_("both consumers work, and each task is done once"), each_is_done_once, "consumer-*", NULL, 0},
	{N_("consumers do not end by themselves: main terminates them"), holds_killed_by, "consumer-*", "main",
	 SIGTERM},
	{N_("so they are daemons of the attended kind"), are_attended, "consumer-*", NULL, 0},
	{N_("no task is cut short by that: all were done"), none_is_cut_short, "consumer-*", NULL, 0},
	{N_("main reaps them"), holds_reaped_by, "consumer-*", "main", 0},
	{N_("and none outlives it"), holds_not_orphaned, "consumer-*", NULL, 0},
	{0}};

static bool who_ends_first(const struct lab *lab, struct accepted *accepted)
{
	static const char *const names[] = {"consumer-*", "main", "producer-*"};
	const struct process *process[3];

	for (int i = 0; i < 3; i++) {
		process[i] = process_named(lab, names[i]);
		if (!process[i] || process[i]->end == ENDED_NONE)
			return false;
	}
	for (int i = 0; i < 3; i++)
		for (int j = 0; j < 3; j++)
			if (process[j]->end_ns < process[i]->end_ns)
				accepted->before[i] |= 1u << j;
	return true;
}

static bool how_many_are_done(const struct lab *lab, struct accepted *accepted)
{
	const struct process *main = process_named(lab, "main");
	const struct moment *wake = main ? end_of_join(lab, main) : NULL;

	accepted->low = accepted->high = wake ? done_by(lab, wake->change.at_ns) : 0;
	return wake;
}

static bool what_main_waits_for(const struct lab *lab, struct accepted *accepted)
{
	const struct process *main = process_named(lab, "main");
	static const enum reason reasons[] = {REASON_CHILD, REASON_PIPE_READ, REASON_FUTEX, REASON_POLL};

	for (int i = 0; main && i < 4; i++)
		if (blocked_for(main, reasons[i]) >= 10 * MS)
			accepted->choices |= 1u << i;
	return accepted->choices != 0;
}

static const struct question questions[] = {
	{.ask = N_("In which order do consumer-1, main and producer-1 end?"),
	 .kind = QUESTION_ORDER,
	 .options = {"consumer-1", "main", "producer-1"},
	 .answer = who_ends_first,
	 .because = N_(
		 "A producer ends when it has put all. A consumer would go on for ever: it is ended as main comes "
		 "to its end, just before it.")},
	{.ask = N_("Two producers put five tasks each. How many are done when main's join of the queue returns?"),
	 .kind = QUESTION_NUMBER,
	 .answer = how_many_are_done,
	 .because = N_("All: join waits for as many task_done as there were puts.")},
	{.ask = N_("main waits for the producers, then for the tasks. What is it blocked on for long?"),
	 .kind = QUESTION_CHOICE,
	 .several = true,
	 .options = {"child", "pipe-read", "futex", "poll"},
	 .answer = what_main_waits_for,
	 .because = N_("For processes it waits with wait. A task is none: what it waits for is a number in shared "
		       "memory, guarded by a lock, and who brings it to 0 wakes it.")},
	{0}};

/* The later end of two of that name. */
static __u64 last_end(const struct lab *lab, const char *name)
{
	const struct process *process;
	__u64 last = 0;

	for (int i = 0; (process = process_nth(lab, name, i)); i++)
		if (process->end != ENDED_NONE && process->end_ns > last)
			last = process->end_ns;
	return last;
}

static void step(struct buffer *out, __u64 at_ns, __u64 from_ns, const char *what)
{
	if (!at_ns || at_ns == UNKNOWN_NS)
		return;
	say_cell(out, 10, "%s", duration(at_ns - from_ns).text);
	say(out, "  %s\n", what);
}

static void picture(const struct lab *lab, bool table, int width, struct buffer *out)
{
	const struct process *main = process_named(lab, "main"), *consumer = process_named(lab, "consumer-*");
	const struct moment *wake = main ? end_of_join(lab, main) : NULL, *spell = NULL;

	(void)table;
	(void)width;
	if (!main || !consumer)
		return;
	spell = next_spell(lab, NULL, main, STATE_BLOCKED, REASON_FUTEX);
	say(out, _("Step by step, since main was born:\n"));
	step(out, last_end(lab, "producer-*"), main->birth_ns, _("both producers have put all, and ended"));
	step(out, spell ? spell->change.state.from_ns : 0, main->birth_ns, _("main joins the queue, and is blocked"));
	step(out, wake && !main->signal ? wake->change.at_ns : 0, main->birth_ns,
	     _("the last task is done: main is woken"));
	step(out, consumer->killer.at_ns, main->birth_ns, _("main's code is over: it terminates them"));
	step(out, last_end(lab, "consumer-*"), main->birth_ns, _("both consumers have ended"));
	step(out, main->end_ns, main->birth_ns, main->signal ? _("main is killed") : _("main ends"));
}

const struct demo demo_joinable = {
	.name = "joinable",
	.chapter = N_("Working together"),
	.title = N_("To join a queue is not to join its workers"),
	.idea = N_(
		"Who hands out tasks wants to know that all are done; the workers may go on for ever. They are ended "
		"with main."),
	.happens = N_("producer-1 and producer-2 put five tasks each; main waits for both, then joins the queue.\n"
		      "consumer-1 and consumer-2, both daemons, do a task in 40 ms, and tell that it is done.\n"
		      "When main's own code is over, its library terminates the consumers."),
	.broken = N_("task_done of consumer-2; an alarm ends main after 0.8 s"),
	.learned = N_("join waits for a task_done for each put: one that is left out, and it waits for ever. A worker "
		      "whose code has no end must be a daemon, or main waits for it at its end. Python: "
		      "JoinableQueue, Process(daemon=True)."),
	.calls = "futex(2), pthread_cond_wait(3p), kill(2), wait(2)",
	.expectations = expectations,
	.questions = questions,
	.picture = picture,
};
