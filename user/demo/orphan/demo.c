/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * orphan: outlived its parent.
 */
#include "user/demo/kinds.h"
#include "user/demo/observe.h"

/* Where a service manager made itself a subreaper, that is the nearest one: outside of what is traced. */
static enum verdict adopted_from_outside(const struct lab *lab, const struct expectation *expectation,
					 struct buffer *observed)
{
	const struct process *orphan = process_named(lab, expectation->who);

	if (say_missing(observed, orphan, expectation->who))
		return false;
	say(observed, _("adopted by pid %u"), orphan->adopter_pid);
	return orphan->adopter_pid && !orphan->real_parent;
}

static enum verdict adopted_by_program(const struct lab *lab, const struct expectation *expectation,
				       struct buffer *observed)
{
	const struct process *orphan = process_named(lab, expectation->who), *root = root_of(lab);

	if (say_missing(observed, orphan, expectation->who))
		return false;
	say(observed, _("adopted by pid %u; the program is pid %u"), orphan->adopter_pid, root->pid);
	return orphan->adopter_pid == root->pid && !orphan->adopter_is_init;
}

/* Its parent's end changes nothing else about it: neither its session nor its process group. */
static enum verdict lives_on(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	static const char *const names[] = {"to-init", "to-subreaper"};
	int same = 0;

	(void)expectation;
	for (int i = 0; i < 2; i++) {
		const struct process *orphan = process_named(lab, names[i]), *root = root_of(lab);

		if (say_missing(observed, orphan, names[i]))
			return false;
		say(observed, i ? _("; %s for %.0f ms") : _("%s lived on for %.0f ms"), names[i],
		    ms_of(orphan->end != ENDED_NONE && orphan->orphaned_ns ? orphan->end_ns - orphan->orphaned_ns : 0));
		same += orphan->session == root->session && orphan->group == root->group;
	}
	say(observed, _("; %d of 2 in session and group as before"), same);
	return same == 2;
}

static const struct expectation expectations[] = {
	{N_("to-init outlives its parent"), holds_orphaned, "to-init", NULL, 0},
	{N_("to-subreaper outlives its parent"), holds_orphaned, "to-subreaper", NULL, 0},
	{N_("to-init is adopted from outside: init, as a rule"), adopted_from_outside, "to-init", NULL, 0},
	{N_("to-subreaper is adopted by the subreaper"), adopted_by_program, "to-subreaper", NULL, 0},
	{N_("nothing else changes: they run on, in the same session and process group"), lives_on, NULL, NULL, 0},
	{N_("who adopts, reaps"), holds_reaped_by, "to-subreaper", "orphan", 0},
	{0}};

static bool who_is_the_parent(const struct lab *lab, struct accepted *accepted)
{
	const struct process *orphan = process_named(lab, "to-subreaper"), *root = root_of(lab);

	if (!orphan || !orphan->orphaned_ns)
		return false;
	accepted->choices = orphan->adopter_pid == 1		  ? 1u << 0
			    : orphan->adopter_pid == root->pid	  ? 1u << 1
			    : orphan->adopter_pid == orphan->ppid ? 1u << 2
								  : 0;
	return accepted->choices != 0;
}

static bool do_they_die(const struct lab *lab, struct accepted *accepted)
{
	static const char *const names[] = {"to-init", "to-subreaper"};

	for (int i = 0; i < 2; i++) {
		const struct process *orphan = process_named(lab, names[i]);

		if (!orphan || !orphan->parent || orphan->end == ENDED_NONE)
			return false;
		accepted->choices |= orphan->signal ? 1u << 0 : 1u << 1;
	}
	return true;
}

static const struct question questions[] = {
	{.ask = N_("parent-2 has ended; the program, its parent, is a subreaper. Whose child is to-subreaper now?"),
	 .kind = QUESTION_CHOICE,
	 .options = {N_("init's (pid 1)"), N_("the program's"), N_("still that of parent-2")},
	 .answer = who_is_the_parent,
	 .because = N_("The nearest subreaper above adopts; init only if there is none. A service manager or a "
		       "container's first process often is one.")},
	{.ask = N_("What becomes of a process when its parent ends?"),
	 .kind = QUESTION_CHOICE,
	 .options = {N_("it is killed"), N_("it runs on")},
	 .answer = do_they_die,
	 .because = N_("Nobody sends it anything, unless it asked for that (PR_SET_PDEATHSIG) or loses its terminal.")},
	{0}};

const struct demo demo_orphan = {
	.name = "orphan",
	.chapter = N_("Ends"),
	.title = N_("An orphan has outlived its parent, and is adopted"),
	.idea = N_(
		"A process always has a parent: when its own ends, the kernel gives it another, which will reap it."),
	.happens = N_("parent-1 forks to-init and ends: init adopts the child, which lives on for 100 ms.\n"
		      "parent-2 forks to-subreaper and ends; the program, by now a subreaper, adopts its child."),
	.broken = N_("the call that makes the program a subreaper"),
	.learned = N_("Orphans are harmless: they run on. Only what getppid tells changes under them."),
	.calls = "getppid(2), prctl(2): PR_SET_CHILD_SUBREAPER, PR_SET_PDEATHSIG",
	.expectations = expectations,
	.questions = questions,
};
