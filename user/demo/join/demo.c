/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * join: children run while their parent waits for them.
 */
#include "user/demo/kinds.h"
#include "user/demo/evidence.h"
#include "user/demo/observe.h"

#define MAILS 10

/* Started together, they wait for the mail server together: ten lives take hardly longer than one. */
static enum verdict side_by_side(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	__u64 last_birth = 0, first_end = UNKNOWN_NS;
	const struct process *mail;

	if (say_missing(observed, process_named(lab, expectation->who), expectation->who))
		return false;
	for (int i = 0; (mail = process_nth(lab, expectation->who, i)); i++) {
		last_birth = mail->birth_ns > last_birth ? mail->birth_ns : last_birth;
		first_end = mail->end_ns < first_end ? mail->end_ns : first_end;
	}
	say(observed, _("the last was born %.0f ms before the first ended"),
	    last_birth < first_end ? ms_of(first_end - last_birth) : 0.0);
	return unless_starved(lab, last_birth < first_end, expectation->whom, observed);
}

static enum verdict runs_while_parent_waits(const struct lab *lab, const struct expectation *expectation,
					    struct buffer *observed)
{
	const struct process *parent = process_named(lab, expectation->whom), *mail;
	const struct moment *wait = NULL, *life;
	__u64 ns = 0;

	if (say_missing(observed, parent, expectation->whom) ||
	    say_missing(observed, process_named(lab, expectation->who), expectation->who))
		return false;
	while ((wait = next_spell(lab, wait, parent, STATE_BLOCKED, REASON_CHILD)))
		for (int i = 0; (mail = process_nth(lab, expectation->who, i)); i++)
			for (life = NULL; (life = next_spell(lab, life, mail, STATE_RUNNING, REASON_NONE));)
				if (life->change.state.from_ns >= wait->change.state.from_ns &&
				    life->change.state.to_ns <= wait->change.state.to_ns)
					ns += life->change.state.to_ns - life->change.state.from_ns;
	say(observed, _("they ran for %.1f ms while it was blocked on child for %.0f ms"), ms_of(ns),
	    ms_of(blocked_for(parent, REASON_CHILD)));
	if (process_named(lab, expectation->who)->reaper != parent)
		return ns > 0; /* it does not wait at all */
	return unless_starved(lab, ns > 0, expectation->whom, observed);
}

static enum verdict reaped_in_turn(const struct lab *lab, const struct expectation *expectation,
				   struct buffer *observed)
{
	const struct process *mail, *before = NULL;
	int in_turn = 0;

	for (int i = 0; (mail = process_nth(lab, expectation->who, i)); i++, before = mail)
		in_turn += mail->reaper && (!before || before->reaped_ns <= mail->reaped_ns);
	say(observed, _("%d of %d in the order in which they were started"), in_turn, MAILS);
	return in_turn == MAILS;
}

static enum verdict waits_at_the_end(const struct lab *lab, const struct expectation *expectation,
				     struct buffer *observed)
{
	const struct process *over = process_named(lab, expectation->who);
	__u64 ns;

	if (say_missing(observed, over, expectation->who))
		return false;
	ns = blocked_for(over, REASON_CHILD);
	say(observed, _("blocked on child for %.0f ms after its own code was over"), ms_of(ns));
	return unless_starved(lab, ns >= 100 * MS * lab->settings->slow, expectation->who, observed);
}

static const struct expectation expectations[] = {
	{N_("ten mails, ten processes"), holds_count, "mail-*", NULL, MAILS},
	{N_("all ten are under way at the same time"), side_by_side, "mail-*", "main", 0},
	{N_("they run while main is blocked, waiting for them"), runs_while_parent_waits, "mail-*", "main", 0},
	{N_("main joins them one by one, in its own order"), reaped_in_turn, "mail-*", NULL, 0},
	{N_("none of them outlives main"), holds_not_orphaned, "mail-*", NULL, 0},
	{N_("a main that never joined waits all the same, at its end"), waits_at_the_end, "main-is-over", NULL, 0},
	{N_("so late has ended before it"), holds_ends_before, "late", "main-is-over", 0},
	{0}};

/* Ten waits of 100 ms: one after the other they would be 1000. */
static bool how_long_it_takes(const struct lab *lab, struct accepted *accepted)
{
	const struct process *main = process_named(lab, "main");
	__u64 ns = main && main->end != ENDED_NONE ? main->end_ns - main->birth_ns : 0;

	if (!ns)
		return false;
	accepted->choices = ns < 700 * MS * lab->settings->slow ? 1 : 2;
	return true;
}

static bool what_main_is(const struct lab *lab, struct accepted *accepted)
{
	const struct process *main = process_named(lab, "main");
	const struct totals *totals = main ? &main->threads->totals : NULL;

	if (!main)
		return false;
	accepted->choices = totals->blocked_ns > totals->running_ns ? 4 : 1;
	return true;
}

static const struct question questions[] = {
	{.ask = N_("Each mail takes 100 ms. About how long does main take for all ten?"),
	 .kind = QUESTION_CHOICE,
	 .options = {N_("100 ms"), N_("1 s")},
	 .answer = how_long_it_takes,
	 .because = N_(
		 "All were started before the first wait. Waiting one by one costs no more than waiting for the slowest.")},
	{.ask = N_("In which state is main most of the time?"),
	 .kind = QUESTION_CHOICE,
	 .options = {N_("running"), N_("ready"), N_("blocked")},
	 .answer = what_main_is,
	 .because = N_("wait does not use the CPU: the parent is blocked until a child that ends wakes it.")},
	{0}};

const struct demo demo_join = {
	.name = "join",
	.chapter = N_("Ends"),
	.title = N_("To join is to wait until a child has ended"),
	.idea = N_(
		"The parent blocks; the children run meanwhile. One that does not join may still be made to, at its end."),
	.happens = N_("main starts mail-0 to mail-9, 100 ms each, then waits for them one by one.\n"
		      "main-2 starts late, calls itself main-is-over, and waits only then."),
	.broken = N_("main's waits"),
	.learned = N_(
		"Start all, then wait for all. Python's join is waitpid; at exit it joins what you have not, which is why "
		"a program may seem to hang when it is done."),
	.calls = "wait(2), waitpid(2), atexit(3)",
	.expectations = expectations,
	.questions = questions,
};
