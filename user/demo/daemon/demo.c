/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * daemon: the attended kind, ended by its parent as that ends.
 */
#include <signal.h>

#include "user/demo/kinds.h"
#include "user/demo/observe.h"

static enum verdict is_attended(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *daemon = process_named(lab, expectation->who);

	if (say_missing(observed, daemon, expectation->who))
		return false;
	say(observed, _("daemon: %s"), daemon_kind_name(daemon->daemon));
	return daemon->daemon == DAEMON_ATTENDED;
}

static enum verdict same_session(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *daemon = process_named(lab, expectation->who), *root = root_of(lab);

	if (say_missing(observed, daemon, expectation->who))
		return false;
	say(observed, _("session %u; the program's is %u"), daemon->session, root->session);
	return daemon->session == root->session;
}

/* The program asks for a child in each of them alike. */
static enum verdict has_no_children(const struct lab *lab, const struct expectation *expectation,
				    struct buffer *observed)
{
	static const char *const daemons[] = {"daemon-kept", "daemon-joined"};
	const struct process *sibling = process_named(lab, expectation->who), *daemon;
	int of_daemons = 0;

	if (say_missing(observed, sibling, expectation->who))
		return false;
	for (int i = 0; i < 2; i++) {
		daemon = process_named(lab, daemons[i]);
		if (say_missing(observed, daemon, daemons[i]))
			return false;
		of_daemons += daemon->child_count;
	}
	say(observed, _("children of both daemons: %d; of %s: %d"), of_daemons, sibling->comm, sibling->child_count);
	return !of_daemons && sibling->child_count;
}

static const struct expectation expectations[] = {
	{N_("daemon-kept is ended by its parent, as that comes to its end"), holds_killed_by, "daemon-kept", "main",
	 SIGTERM},
	{N_("so it is an attended daemon"), is_attended, "daemon-kept", NULL, 0},
	{N_("it ends before its parent does"), holds_ends_before, "daemon-kept", "main", 0},
	{N_("daemon-joined was waited for: it ends by itself"), holds_exit, "daemon-joined", NULL, 0},
	{N_("sibling is no daemon: it is waited for, and ends by itself"), holds_exit, "sibling", NULL, 0},
	{N_("before its parent, too"), holds_ends_before, "sibling", "main", 0},
	{N_("it has not left its parent's session: that would be the other kind"), same_session, "daemon-kept", NULL,
	 0},
	{N_("a daemon may have no children, who would be left alone; sibling may"), has_no_children, "sibling", NULL,
	 0},
	{0}};

static bool who_ends_first(const struct lab *lab, struct accepted *accepted)
{
	const struct process *kept = process_named(lab, "daemon-kept"), *sibling = process_named(lab, "sibling");
	const struct process *main = process_named(lab, "main");

	if (!kept || !sibling || !main || main->end == ENDED_NONE || sibling->end == ENDED_NONE)
		return false;
	accepted->before[1] = kept->end_ns < sibling->end_ns ? 1 : 0;
	accepted->before[2] = (kept->end_ns < main->end_ns ? 1 : 0) | (sibling->end_ns < main->end_ns ? 2 : 0);
	return true;
}

static bool ended_by_signal(const struct lab *lab, struct accepted *accepted)
{
	static const char *const names[] = {"daemon-kept", "daemon-joined", "sibling"};

	for (int i = 0; i < 3; i++) {
		const struct process *process = process_named(lab, names[i]);

		if (!process)
			return false;
		if (process->signal)
			accepted->choices |= 1u << i;
	}
	return true;
}

static const struct question questions[] = {
	{.ask = N_("In which order do they end?"),
	 .kind = QUESTION_ORDER,
	 .options = {"daemon-kept", "sibling", "main"},
	 .answer = who_ends_first,
	 .because = N_(
		 "When main's code is over, daemons are terminated first; then all others are waited for; then main ends.")},
	{.ask = N_("Which of them are ended by a signal?"),
	 .kind = QUESTION_CHOICE,
	 .several = true,
	 .options = {"daemon-kept", "daemon-joined", "sibling"},
	 .answer = ended_by_signal,
	 .because = N_(
		 "Only the daemon that nobody waited for. To be a daemon is no sentence: joined in time, it ends by itself.")},
	{0}};

const struct demo demo_daemon = {
	.name = "daemon",
	.chapter = N_("Ends"),
	.title = N_("An attended daemon ends when its parent does"),
	.idea = N_(
		"A helper that nobody needs to wait for: when the parent's own code is over, it terminates the daemon."),
	.happens = N_("main starts daemon-kept and daemon-joined, and sibling, which takes 200 ms.\n"
		      "Each of the three asks its library for a child of its own.\n"
		      "main waits for daemon-joined; then its own code is over, and its library cleans up."),
	.broken = N_("what is done at the end of main: terminate, and wait"),
	.learned = N_(
		"Python: Process(daemon=True). What it holds half-written stays so: a daemon is not for work that has to be "
		"finished. The detached kind is demo daemonize."),
	.calls = "kill(2), waitpid(2), atexit(3)",
	.expectations = expectations,
	.questions = questions,
};
