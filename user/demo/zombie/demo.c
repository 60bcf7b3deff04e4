/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * zombie: ended, but not yet reaped.
 */
#include <signal.h>

#include "user/demo/kinds.h"
#include "user/demo/observe.h"

static enum verdict waits_blocked(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *root = root_of(lab);
	__u64 ns = root ? blocked_for(root, REASON_CHILD) : 0;

	(void)expectation;
	say(observed, _("blocked on child for %.0f ms"), ms_of(ns));
	return ns > 0;
}

#define LEAK 50

/* How many of them were zombies when that parent ended. */
static int zombies_at_end(const struct lab *lab, const char *name, const struct process *parent)
{
	const struct process *child;
	int zombies = 0;

	for (int i = 0; parent->end != ENDED_NONE && (child = process_nth(lab, name, i)); i++)
		zombies += child->parent == parent && child->end != ENDED_NONE && child->end_ns < parent->end_ns &&
			   child->reaped_ns > parent->end_ns;
	return zombies;
}

static enum verdict leaks(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *parent = process_named(lab, expectation->whom);
	int zombies;

	if (say_missing(observed, parent, expectation->whom))
		return false;
	zombies = zombies_at_end(lab, expectation->who, parent);
	say(observed, _("%d zombies when it ended itself, after %.0f ms"), zombies,
	    ms_of(parent->end_ns - parent->birth_ns));
	return zombies == expectation->number;
}

static enum verdict is_killed_in_vain(const struct lab *lab, const struct expectation *expectation,
				      struct buffer *observed)
{
	const struct process *process = process_named(lab, expectation->who);
	const struct moment *killing;

	if (say_missing(observed, process, expectation->who))
		return false;
	killing = signal_to(lab, process, SIGKILL);
	if (!killing) {
		say(observed, _("nobody sent it SIGKILL"));
		return false;
	}
	say(observed, _("SIGKILL from %s[%u], when it had ended %.0f ms before; all the same: "), killing->sender.comm,
	    killing->sender.pid, ms_of(killing->change.at_ns - process->end_ns));
	say_end(observed, process);
	return killing->change.at_ns > process->end_ns && process->end == ENDED_NORMAL &&
	       process->reaped_ns > killing->change.at_ns + 100 * MS;
}

static const struct expectation expectations[] = {
	{N_("its parent waits for awaited, and reaps it"), holds_reaped_by, "awaited", NULL, 0},
	{N_("a waiting parent is blocked: on its child"), waits_blocked, NULL, NULL, 0},
	{N_("leaky waits for none of its 50: all are zombies as long as it lives"), leaks, "leaked", "leaky", LEAK},
	{N_("when it ends they get another parent, which waits: they are gone"), holds_reaped_by, "leaked", "zombie",
	 0},
	{N_("forgotten stays a zombie while its parent sleeps"), holds_zombie_for, "forgotten", NULL, 400},
	{N_("SIGKILL does not help: it has ended already"), is_killed_in_vain, "forgotten", NULL, 0},
	{N_("then its parent waits, and it is gone"), holds_reaped_by, "forgotten", NULL, 0},
	{N_("SIGCHLD ignored: unwanted never is a zombie"), holds_reaped_by_itself, "unwanted", NULL, 0},
	{0}};

/* Every ended child is a zombie until it is reaped, be it for microseconds; the auto-reaped one is none. */
static bool who_were_zombies(const struct lab *lab, struct accepted *accepted)
{
	static const char *const names[] = {"awaited", "forgotten", "unwanted"};

	for (int i = 0; i < 3; i++) {
		const struct process *child = process_named(lab, names[i]);

		if (!child || child->end == ENDED_NONE)
			return false;
		if (!child->reap_auto && child->zombie_ns > 400 * MS)
			accepted->choices |= 1u << i;
	}
	return true;
}

static bool how_many_are_left(const struct lab *lab, struct accepted *accepted)
{
	const struct process *child, *leaky = process_named(lab, "leaky");

	if (!leaky || leaky->end == ENDED_NONE)
		return false;
	for (int i = 0; (child = process_nth(lab, "leaked", i)); i++)
		accepted->low += child->reaped_ns == UNKNOWN_NS;
	accepted->high = accepted->low;
	return true;
}

static bool what_kill_does(const struct lab *lab, struct accepted *accepted)
{
	const struct process *process = process_named(lab, "forgotten");
	const struct moment *killing = process ? signal_to(lab, process, SIGKILL) : NULL;

	if (!killing || process->end == ENDED_NONE)
		return false;
	accepted->choices = process->end == ENDED_KILLED			    ? 1u << 0
			    : process->reaped_ns < killing->change.at_ns + 100 * MS ? 1u << 1
										    : 1u << 2;
	return true;
}

static const struct question questions[] = {
	{.ask = N_("Which of the three is a zombie for long enough to see it with ps?"),
	 .kind = QUESTION_CHOICE,
	 .options = {"awaited", "forgotten", "unwanted"},
	 .answer = who_were_zombies,
	 .because = N_(
		 "A child is a zombie from its end until it is reaped. A parent that is blocked in wait reaps within "
		 "microseconds; one that sleeps does not; one that ignores SIGCHLD has no zombies.")},
	{.ask = N_("leaky has made 50 zombies. It never waits, and ends. How many of them are left after that?"),
	 .kind = QUESTION_NUMBER,
	 .answer = how_many_are_left,
	 .because = N_("Whoever adopts them waits for them, as init does: a leak is as old as the parent, no older.")},
	{.ask = N_("While forgotten is a zombie, somebody sends it SIGKILL. What becomes of it?"),
	 .kind = QUESTION_CHOICE,
	 .options = {N_("it is killed"), N_("it is gone"), N_("nothing: it stays a zombie")},
	 .answer = what_kill_does,
	 .because =
		 N_("What has ended can't be killed. Only a wait by its parent, or the parent's own end, removes it.")},
	{0}};

const struct demo demo_zombie = {
	.name = "zombie",
	.chapter = N_("Ends"),
	.title = N_("A zombie has ended, and waits to be asked how"),
	.idea = N_("What is left of an ended process is its exit status, kept until the parent asks for it."),
	.happens = N_("awaited ends while its parent waits; unwanted ends, but its parent ignores SIGCHLD.\n"
		      "leaky makes 50 children, each of which ends, and never waits; then it ends, too.\n"
		      "forgotten ends; its parent sleeps for 400 ms, then waits. killer kills it meanwhile."),
	.broken = N_("the wait for the forgotten one"),
	.learned = N_(
		"A zombie uses no memory and no CPU, only a pid; a leak of them uses up the pids. Whoever forks, waits. To be rid of "
		"them, have the parent wait, or end it."),
	.calls = "wait(2), waitpid(2), signal(7)",
	.expectations = expectations,
	.questions = questions,
};
