/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * terminate: asking is not ending.
 */
#include <signal.h>
#include <string.h>

#include "user/base/signals.h"
#include "user/demo/kinds.h"
#include "user/demo/observe.h"

#define WORKER "tidying-up" /* its last name */

static enum verdict asker_goes_on(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *worker = process_named(lab, WORKER), *marker = process_named(lab, expectation->who);
	const struct moment *asked = worker ? signal_to(lab, worker, SIGTERM) : NULL;

	if (say_missing(observed, worker, WORKER) || say_missing(observed, marker, expectation->who))
		return false;
	if (!asked) {
		say(observed, _("nobody sent it SIGTERM"));
		return false;
	}
	say(observed, _("SIGTERM, %.2f ms later the next fork, %.2f ms later its end"),
	    ms_of(marker->birth_ns - asked->change.at_ns), ms_of(worker->end_ns - asked->change.at_ns));
	return marker->birth_ns > asked->change.at_ns && worker->end_ns > marker->end_ns;
}

static enum verdict changes_names(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *worker = process_named(lab, WORKER);
	int names = 0;

	(void)expectation;
	if (say_missing(observed, worker, WORKER))
		return false;
	for (int i = 0; i < lab->log->count; i++) {
		const struct moment *moment = &lab->log->list[i];

		if (moment->change.kind != CHANGE_RENAME || moment->change.process != worker)
			continue;
		say(observed, names++ ? ", %s" : "%s", moment->name);
	}
	say(observed, _("; pid %u all the time"), worker->pid);
	return names >= 2;
}

static enum verdict is_killed_only_then(const struct lab *lab, const struct expectation *expectation,
					struct buffer *observed)
{
	const struct process *process = process_named(lab, expectation->who);
	const struct moment *asked = process ? signal_to(lab, process, SIGTERM) : NULL;

	if (say_missing(observed, process, expectation->who))
		return false;
	if (asked && asked->sender.ignored)
		say(observed, _("SIGTERM: ignored; "));
	say_end(observed, process);
	return asked && asked->sender.ignored && process->end == ENDED_KILLED && process->signal == SIGKILL;
}

static const struct expectation expectations[] = {
	{N_("kill returns at once: who asked goes on while the other is not done"), asker_goes_on, "just-after", NULL,
	 0},
	{N_("alive? just after, yes"), holds_exit, "just-after", NULL, 0},
	{N_("it ends by itself, as it meant to"), holds_exit, WORKER, NULL, 0},
	{N_("what it calls itself may change as it runs, its pid may not"), changes_names, NULL, NULL, 0},
	{N_("it is a zombie until it is waited for"), holds_zombie_for, WORKER, NULL, 100},
	{N_("alive? of a zombie kill(pid, 0) says yes, too"), holds_exit, "when-ended", NULL, 0},
	{N_("then its parent waits, and it is gone"), holds_reaped_by, WORKER, NULL, 0},
	{N_("stubborn ignores SIGTERM; nobody can ignore SIGKILL"), is_killed_only_then, "stubborn", NULL, 0},
	{0}};

static bool order_of_things(const struct lab *lab, struct accepted *accepted)
{
	const struct process *worker = process_named(lab, WORKER), *marker = process_named(lab, "just-after");

	if (!worker || !marker || worker->reaped_ns == UNKNOWN_NS)
		return false;
	/* 0: the worker ends, 1: just-after is forked, 2: the worker is gone from the table */
	accepted->before[0] = marker->birth_ns < worker->end_ns ? 2 : 0;
	accepted->before[1] = marker->birth_ns > worker->end_ns ? 1 : 0;
	accepted->before[2] = 1 | (marker->birth_ns < worker->reaped_ns ? 2 : 0);
	return true;
}

static const struct question questions[] = {
	{.ask = N_("The program sends SIGTERM, and forks just-after in the next line. In which order do these happen?"),
	 .kind = QUESTION_ORDER,
	 .options = {N_("the worker ends"), N_("just-after is forked"), N_("the worker is gone from the table")},
	 .answer = order_of_things,
	 .because = N_(
		 "kill only sends. The worker may take its time, and after its end it stays in the table until it is waited "
		 "for.")},
	{0}};

const struct demo demo_terminate = {
	.name = "terminate",
	.chapter = N_("Ends"),
	.title = N_("Asking a process to end does not end it"),
	.idea = N_(
		"kill sends a signal and returns. What comes of it is up to the process that gets it, except for SIGKILL."),
	.happens = N_("The worker calls itself starting, working and, when SIGTERM comes, tidying-up.\n"
		      "just-after is forked by who sent it, at once; the worker is waited for 100 ms after its end.\n"
		      "stubborn ignores SIGTERM."),
	.broken = N_("the wait for the worker"),
	.learned = N_(
		"terminate(), then join(). To ask whether a process lives use a pidfd or wait with WNOHANG: kill(pid, 0) "
		"counts zombies, and pids are used again."),
	.calls = "kill(2), sigaction(2), waitpid(2), pidfd_send_signal(2), prctl(2): PR_SET_NAME",
	.expectations = expectations,
	.questions = questions,
};
