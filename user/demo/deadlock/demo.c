/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * deadlock: each waits for what only the other could do.
 */
#include <signal.h>
#include <string.h>

#include "user/demo/cells.h"
#include "user/demo/evidence.h"
#include "user/demo/kinds.h"

#define STUCK_MS 800 /* of the program's 1,200 at least */

/* Is exactly that the circle: one waits for the other, and that for the first? */
static bool is_circle_of(const struct deadlock *deadlock, const char *one, const char *other)
{
	const struct wait *circle = deadlock->circle;

	return deadlock->count == 2 && ((is_named(circle[0].process, one) && is_named(circle[1].process, other)) ||
					(is_named(circle[0].process, other) && is_named(circle[1].process, one)));
}

static const struct deadlock *circle_of(const struct lab *lab, const char *one, const char *other)
{
	for (int i = 0; i < model_deadlock_count(lab->model); i++)
		if (is_circle_of(model_deadlock(lab->model, i), one, other))
			return model_deadlock(lab->model, i);
	return NULL;
}

/* "parent[12] -child-> child[13] -pipe-write-> parent[12]" */
static void say_circle(struct buffer *text, const struct deadlock *deadlock)
{
	for (int i = 0; i < deadlock->count; i++) {
		say_name(text, deadlock->circle[i].process);
		say(text, " -%s-> ", reason_name(deadlock->circle[i].reason));
	}
	say_name(text, deadlock->circle->process);
}

static bool ended_by_watcher(const struct lab *lab, const char *name)
{
	const struct process *process = process_named(lab, name);

	return process && process->end == ENDED_KILLED && !strcmp(process->killer.comm, "watcher");
}

/* Only who was stuck had to be ended by the watcher. */
static bool were_stuck(const struct lab *lab, const struct expectation *expectation)
{
	return ended_by_watcher(lab, expectation->who) || ended_by_watcher(lab, expectation->whom);
}

/* Could no look have found a circle? */
static bool looks_were_blind(const struct lab *lab, struct buffer *observed)
{
	const struct model_stats *stats = model_stats(lab->model);

	if (!stats->looks)
		say(observed, _("; this run cannot decide: no look at who waits for whom was completed"));
	else if (!stats->open_files)
		say(observed,
		    _("; this run cannot decide: this kernel did not report which process has which file open"));
	return !stats->looks || !stats->open_files;
}

static enum verdict form_a_circle(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct deadlock *deadlock = circle_of(lab, expectation->who, expectation->whom);

	if (deadlock)
		say_circle(observed, deadlock);
	else
		say(observed, _("nobody saw %s and %s wait for each other"), expectation->who, expectation->whom);
	if (deadlock)
		return CONFIRMED;
	return were_stuck(lab, expectation) && looks_were_blind(lab, observed) ? INCONCLUSIVE : REFUTED;
}

static __u64 longest_block(const struct process *process, enum reason *reason)
{
	const struct thread *thread = process->threads;
	__u64 longest = 0;

	*reason = REASON_NONE;
	for (int i = 0; i < thread->blocked_count; i++)
		if (thread->blocked[i].longest_ns > longest) {
			longest = thread->blocked[i].longest_ns;
			*reason = thread->blocked[i].reason;
		}
	return longest;
}

static bool say_stuck(const struct lab *lab, const char *name, const char *between, struct buffer *observed)
{
	const struct process *process = process_named(lab, name);
	enum reason reason;
	__u64 ns;

	if (say_missing(observed, process, name))
		return false;
	ns = longest_block(process, &reason);
	say(observed, _("%s%s: %s, %.0f ms at a time"), between, name, reason_name(reason), ms_of(ns));
	return ns >= STUCK_MS * MS * (__u64)lab->settings->slow;
}

static enum verdict are_stuck(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	bool one = say_stuck(lab, expectation->who, "", observed),
	     other = say_stuck(lab, expectation->whom, "; ", observed);

	if (one && other)
		return CONFIRMED;
	/* on a busy machine they may be late to get stuck */
	if (were_stuck(lab, expectation) &&
	    (any_was_starved(lab, expectation->who, observed) || any_was_starved(lab, expectation->whom, observed)))
		return INCONCLUSIVE;
	return REFUTED;
}

static enum verdict names_nobody(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	enum reason reasons[2] = {REASON_NONE, REASON_NONE};
	const char *const names[2] = {expectation->who, expectation->whom};

	for (int i = 0; i < 2; i++) {
		if (say_missing(observed, process_named(lab, names[i]), names[i]))
			return false;
		longest_block(process_named(lab, names[i]), &reasons[i]);
	}
	if (circle_of(lab, names[0], names[1])) {
		say_circle(observed, circle_of(lab, names[0], names[1]));
		return false;
	}
	say(observed, _("no circle of them was told; they were blocked on %s and %s"), reason_name(reasons[0]),
	    reason_name(reasons[1]));
	if (reasons[0] != REASON_FUTEX || reasons[1] != REASON_FUTEX)
		return REFUTED;
	return looks_were_blind(lab, observed) ? INCONCLUSIVE : unless_seen(lab, false, observed);
}

static const struct expectation expectations[] = {
	{N_("parent waits for child's end, and child until parent reads: a circle"), form_a_circle, "parent", "child",
	 0},
	{N_("two files locked crosswise: a circle"), form_a_circle, "flock-1", "flock-2", 0},
	{N_("neither parent nor child goes on by itself"), are_stuck, "parent", "child", 0},
	{N_("neither do flock-1 and flock-2"), are_stuck, "flock-1", "flock-2", 0},
	{N_("mutex-1 and mutex-2 are as stuck"), are_stuck, "mutex-1", "mutex-2", 0},
	{N_("but who holds a mutex the kernel does not know: it can't name that circle"), names_nobody, "mutex-1",
	 "mutex-2", 0},
	{N_("somebody from outside has to end child"), holds_killed_by, "child", "watcher", SIGKILL},
	{N_("then parent's wait is over, and it ends normally"), holds_exit, "parent", NULL, 0},
	{N_("who ends gives back its file locks: flock-1 gets the second one"), holds_exit, "flock-1", NULL, 0},
	{N_("but not its mutex: both have to be ended"), holds_killed_by, "mutex-*", "watcher", SIGKILL},
	{0}};

static const char *const pairs[3][2] = {{"parent", "child"}, {"flock-1", "flock-2"}, {"mutex-1", "mutex-2"}};

static bool which_circles(const struct lab *lab, struct accepted *accepted)
{
	for (int i = 0; i < 3; i++)
		if (circle_of(lab, pairs[i][0], pairs[i][1]))
			accepted->choices |= 1u << i;
	return accepted->choices != 0;
}

/* 0: it goes on; 1: it stays blocked, until it is ended as well. */
static bool fate_of(const struct lab *lab, const char *name, struct accepted *accepted)
{
	const struct process *process = process_named(lab, name);

	if (!process || process->end == ENDED_NONE)
		return false;
	accepted->choices = process->end == ENDED_KILLED ? 1u << 1 : 1u << 0;
	return true;
}

static bool fate_of_flock(const struct lab *lab, struct accepted *accepted)
{
	return fate_of(lab, "flock-1", accepted);
}

static bool fate_of_mutex(const struct lab *lab, struct accepted *accepted)
{
	return fate_of(lab, "mutex-1", accepted);
}

static const struct question questions[] = {
	{.ask = N_("All six are stuck. Of which pairs does the kernel know that they wait for each other?"),
	 .kind = QUESTION_CHOICE,
	 .several = true,
	 .options = {N_("parent and child"), N_("flock-1 and flock-2"), N_("mutex-1 and mutex-2")},
	 .answer = which_circles,
	 .because = N_(
		 "It knows who is whose child, who has which end of a pipe open, and who has locked which file. A "
		 "mutex is a number in memory: the kernel knows only who sleeps on it.")},
	{.ask = N_("flock-2 is killed while it has locked a file. What becomes of flock-1, which waits for that lock?"),
	 .kind = QUESTION_CHOICE,
	 .options = {N_("it gets the lock, and goes on"), N_("it stays blocked")},
	 .answer = fate_of_flock,
	 .because = N_("A lock by flock() belongs to the open file. When the last who has that open ends, the kernel "
		       "closes it, and the lock is gone.")},
	{.ask = N_("mutex-2 is killed while it holds a mutex. What becomes of mutex-1, which waits for that mutex?"),
	 .kind = QUESTION_CHOICE,
	 .options = {N_("it gets the lock, and goes on"), N_("it stays blocked")},
	 .answer = fate_of_mutex,
	 .because = N_("In memory the mutex still says that somebody holds it. A robust one would be given on: "
		       "pthread_mutexattr_setrobust(3).")},
	{0}};

static void picture(const struct lab *lab, bool table, int width, struct buffer *out)
{
	(void)table;
	if (!model_deadlock_count(lab->model)) {
		say(out, _("No circle was seen.\n"));
		return;
	}
	say(out, _("Circles: who waits for whom, by what\n"));
	for (int i = 0; i < model_deadlock_count(lab->model); i++) {
		struct buffer line = {0};

		say_circle(&line, model_deadlock(lab->model, i));
		say_wrapped(out, width, 4, "  %s", line.data ? line.data : "");
		buffer_free(&line);
	}
}

const struct demo demo_deadlock = {
	.name = "deadlock",
	.chapter = N_("Working together"),
	.title = N_("Deadlock: each waits for the other"),
	.idea = N_("Who waits in a circle waits for ever: each could only be woken by one who waits as well."),
	.happens = N_("parent waits for child, which writes more to a pipe than fits, unread.\n"
		      "flock-1 and -2 take two locked files crosswise, mutex-1 and -2 two mutexes.\n"
		      "After 1.2 s the watcher ends one of each pair: who can go on then?"),
	.broken = N_("the mistakes: parent reads before it waits, and all take the locks in the same order"),
	.learned = N_(
		"One order for all locks, and read to the end before you wait. A deadlock uses no CPU and makes no "
		"noise: look for who waits for whom. The kernel can tell that of children, pipes and file locks, "
		"but not of a futex."),
	.calls = "pipe(7), wait(2), flock(2), futex(2), pthread_mutexattr_setrobust(3)",
	.takes = TAKES_FOLDER,
	.expectations = expectations,
	.questions = questions,
	.picture = picture,
};
