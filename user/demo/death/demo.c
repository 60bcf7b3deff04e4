/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * death: normal, error, fatal, killed.
 */
#include <signal.h>

#include "user/demo/kinds.h"
#include "user/demo/observe.h"

/* Which number it is the interpreter decides. */
static enum verdict ends_in_error(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *process = process_named(lab, expectation->who);

	if (say_missing(observed, process, expectation->who))
		return false;
	say_end(observed, process);
	return process->end == ENDED_ERROR;
}

static const struct expectation expectations[] = {
	{N_("normal: it exits with 0"), holds_exit, "normal", NULL, 0},
	{N_("error: an interpreter without its script says so by its exit status"), ends_in_error, "sh", NULL, 0},
	{N_("fatal: a write to a bad address is SIGSEGV"), holds_fatal, "bad-address", NULL, SIGSEGV},
#ifdef __aarch64__
	{N_("normal: on arm64 a division by zero is no fault; the result is 0"), holds_exit, "division", NULL, 0},
#else
	{N_("fatal: a division by zero is SIGFPE"), holds_fatal, "division", NULL, SIGFPE},
#endif
	{N_("fatal: an instruction that is none is SIGILL"), holds_fatal, "bad-instruction", NULL, SIGILL},
	{N_("killed: by another process, which has a name"), holds_killed_by, "victim", "killer", SIGKILL},
	{N_("killed, too: SIGSEGV that somebody sent is no fault of its own"), holds_killed_by, "framed", "killer",
	 SIGSEGV},
	{0}};

/* The two that ended by SIGSEGV. */
static bool whose_fault(const struct lab *lab, struct accepted *accepted)
{
	static const char *const names[] = {"bad-address", "framed"};

	for (int i = 0; i < 2; i++) {
		const struct process *process = process_named(lab, names[i]);

		if (!process || process->signal != SIGSEGV)
			return false;
		if (process->end == ENDED_FATAL)
			accepted->choices |= 1u << i;
	}
	return true;
}

static bool how_many_by_signals(const struct lab *lab, struct accepted *accepted)
{
	for (int i = 0; i < model_count(lab->model); i++)
		accepted->low += model_process(lab->model, i)->signal != 0;
	accepted->high = accepted->low;
	return true;
}

static const struct question questions[] = {
	{.ask = N_("Both bad-address and framed end by SIGSEGV. Which of them by its own fault?"),
	 .kind = QUESTION_CHOICE,
	 .several = true,
	 .options = {"bad-address", "framed"},
	 .answer = whose_fault,
	 .because = N_(
		 "The wait status says the same of both: signal 11. Only who watches when the signal is made knows whether "
		 "it came from the processor or from kill.")},
	{.ask = N_("How many of the processes are ended by a signal?"),
	 .kind = QUESTION_NUMBER,
	 .answer = how_many_by_signals,
	 .because = N_("The faults are signals as well: the kernel sends them to whoever committed them.")},
	{0}};

const struct demo demo_death = {
	.name = "death",
	.chapter = N_("Ends"),
	.title = N_("Normal, error, fatal, killed"),
	.idea = N_(
		"A process ends because it wants to (with 0 or with an error), by its own fault, or because somebody kills it."),
	.happens = N_("normal exits with 0; an interpreter is asked to run a script that is not there.\n"
		      "bad-address, division and bad-instruction do what their names say.\n"
		      "killer sends SIGKILL to victim, and SIGSEGV to framed."),
	.broken = N_("the kill: victim is asked to leave"),
	.learned = N_(
		"A shell shows 128 + N for signal N: 137 is SIGKILL, 139 is SIGSEGV. Who sent it, it does not know."),
	.calls = "exit(3), kill(2), signal(7), wait(2)",
	.expectations = expectations,
	.questions = questions,
};
