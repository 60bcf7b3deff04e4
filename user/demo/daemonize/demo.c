/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * daemonize: the detached kind, and how it ends.
 */
#include <signal.h>

#include "user/demo/kinds.h"
#include "user/demo/observe.h"

static const char *const daemons[] = {"stopped", "crashed", "finished"};

typedef bool (*test_fn)(const struct lab *lab, const struct process *daemon);

static bool of_all(const struct lab *lab, struct buffer *observed, test_fn test)
{
	int right = 0;

	for (int i = 0; i < 3; i++) {
		const struct process *daemon = process_named(lab, daemons[i]);

		if (say_missing(observed, daemon, daemons[i]))
			return false;
		right += test(lab, daemon);
	}
	say(observed, _("%d of %d"), right, 3);
	return right == 3;
}

static bool is_orphan(const struct lab *lab, const struct process *daemon)
{
	(void)lab;
	return daemon->orphaned_ns && daemon->parent && is_named(daemon->parent, "launcher");
}

static enum verdict are_orphans(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	(void)expectation;
	return of_all(lab, observed, is_orphan);
}

static bool has_own_session(const struct lab *lab, const struct process *daemon)
{
	return daemon->session != root_of(lab)->session && daemon->session != daemon->pid;
}

static enum verdict have_own_sessions(const struct lab *lab, const struct expectation *expectation,
				      struct buffer *observed)
{
	(void)expectation;
	return of_all(lab, observed, has_own_session);
}

static bool has_no_terminal(const struct lab *lab, const struct process *daemon)
{
	(void)lab;
	return !daemon->tty;
}

static enum verdict have_no_terminals(const struct lab *lab, const struct expectation *expectation,
				      struct buffer *observed)
{
	(void)expectation;
	return of_all(lab, observed, has_no_terminal);
}

static bool is_detached(const struct lab *lab, const struct process *daemon)
{
	(void)lab;
	return daemon->daemon == DAEMON_DETACHED;
}

static enum verdict are_detached(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	(void)expectation;
	return of_all(lab, observed, is_detached);
}

static const struct expectation expectations[] = {
	{N_("the second fork: each is an orphan, for its launcher has ended"), are_orphans, NULL, NULL, 0},
	{N_("setsid: each is in a session of its own, and not its leader"), have_own_sessions, NULL, NULL, 0},
	{N_("none has a terminal"), have_no_terminals, NULL, NULL, 0},
	{N_("so they are detached daemons"), are_detached, NULL, NULL, 0},
	{N_("stopped is ended by SIGTERM, and it is known by whom"), holds_killed_by, "stopped", "stopper", SIGTERM},
	{N_("crashed ends by its own fault"), holds_fatal, "crashed", NULL, SIGSEGV},
	{N_("finished ends normally"), holds_exit, "finished", NULL, 0},
	{0}};

static bool whose_child(const struct lab *lab, struct accepted *accepted)
{
	const struct process *daemon = process_named(lab, "finished"), *root = root_of(lab);

	if (!daemon || !daemon->orphaned_ns)
		return false;
	accepted->choices = daemon->adopter_pid == root->pid ? 1 : 4;
	return true;
}

static bool who_hears(const struct lab *lab, struct accepted *accepted)
{
	const struct process *daemon = process_named(lab, "crashed"), *root = root_of(lab);

	if (!daemon || daemon->end == ENDED_NONE)
		return false;
	accepted->choices = daemon->reaper == root ? 1 : 2;
	return true;
}

static const struct question questions[] = {
	{.ask = N_("Whose child is a daemon after its launcher has ended?"),
	 .kind = QUESTION_CHOICE,
	 .options = {N_("the program's, as its grandparent"), N_("nobody's"), N_("its adopter's: init or a subreaper")},
	 .answer = whose_child,
	 .because = N_("The kernel gives orphans to the nearest subreaper, else to init; grandparents do not count.")},
	{.ask = N_("crashed crashes. Does the program that started it get SIGCHLD?"),
	 .kind = QUESTION_CHOICE,
	 .options = {N_("yes"), N_("no")},
	 .answer = who_hears,
	 .because = N_(
		 "Its parent by now is the adopter. That is why service managers keep daemons as their own children, and "
		 "want them not to daemonize.")},
	{0}};

const struct demo demo_daemonize = {
	.name = "daemonize",
	.chapter = N_("Ends"),
	.title = N_("A detached daemon belongs to nobody here"),
	.idea = N_(
		"fork, setsid, fork: away from parent, session and terminal. It lives on when all that started it is gone."),
	.happens = N_("Three times: launcher starts a session of its own, forks the daemon, and ends.\n"
		      "stopped is stopped by stopper with SIGTERM; crashed writes to a bad address.\n"
		      "finished has nothing left to do."),
	.broken = N_("the session of its own: setsid"),
	.learned = N_(
		"The second fork: who does not lead a session can't get a terminal by opening one. A process is not a "
		"daemon because it runs in the background: see `sleep 9 &`."),
	.calls = "setsid(2), daemon(3), daemon(7), credentials(7)",
	.expectations = expectations,
	.questions = questions,
};
