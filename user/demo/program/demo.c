/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * program: one program run twice is two processes.
 */
#include <string.h>

#include "user/demo/kinds.h"
#include "user/demo/observe.h"

static const char *file_of(const struct process *process)
{
	return process->exec_count ? process->execs[process->exec_count - 1].exe : NULL;
}

static enum verdict has_own_pid(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *one = process_named(lab, expectation->who);
	const struct process *other = process_named(lab, expectation->whom);

	if (say_missing(observed, one, expectation->who) || say_missing(observed, other, expectation->whom))
		return false;
	say(observed, _("pid %u and pid %u"), one->pid, other->pid);
	return one->pid != other->pid;
}

static enum verdict runs_same_file(const struct lab *lab, const struct expectation *expectation,
				   struct buffer *observed)
{
	const struct process *one = process_named(lab, expectation->who);
	const struct process *other = process_named(lab, expectation->whom);

	if (say_missing(observed, one, expectation->who) || say_missing(observed, other, expectation->whom))
		return false;
	say(observed, _("%s and %s"), file_of(one) ? file_of(one) : "?", file_of(other) ? file_of(other) : "?");
	return file_of(one) && file_of(other) && !strcmp(file_of(one), file_of(other));
}

static enum verdict live_at_once(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *one = process_named(lab, expectation->who);
	const struct process *other = process_named(lab, expectation->whom);
	__u64 from, to;

	if (say_missing(observed, one, expectation->who) || say_missing(observed, other, expectation->whom))
		return false;
	from = one->birth_ns > other->birth_ns ? one->birth_ns : other->birth_ns;
	to = one->end_ns < other->end_ns ? one->end_ns : other->end_ns;
	say(observed, _("both lived for %.0f ms at the same time"), to > from ? ms_of(to - from) : 0.0);
	return to > from;
}

static const struct expectation expectations[] = {
	{N_("the first run is a process"), holds_count, "first", NULL, 1},
	{N_("the second run is a process"), holds_count, "second", NULL, 1},
	{N_("each has a pid of its own"), has_own_pid, "first", "second", 0},
	{N_("both execute the same file"), runs_same_file, "first", "second", 0},
	{N_("they live side by side"), live_at_once, "first", "second", 0},
	{N_("each ends for itself, and is reaped for itself"), holds_reaped_by, "first", "program", 0},
	{0}};

static bool processes_there_are(const struct lab *lab, struct accepted *accepted)
{
	accepted->low = accepted->high = model_count(lab->model);
	return true;
}

static bool what_they_share(const struct lab *lab, struct accepted *accepted)
{
	const struct process *one = process_named(lab, "first"), *other = process_named(lab, "second");

	if (!one || !other || !file_of(one) || !file_of(other))
		return false;
	if (one->pid == other->pid)
		accepted->choices |= 1;
	if (!strcmp(file_of(one), file_of(other)))
		accepted->choices |= 2;
	if (one->parent && one->parent == other->parent)
		accepted->choices |= 4;
	return true;
}

static const struct question questions[] = {
	{.ask = N_("The program starts itself twice. How many processes are there in all?"),
	 .kind = QUESTION_NUMBER,
	 .answer = processes_there_are,
	 .because = N_(
		 "A program is a file; a process is one execution of it. The one that starts the others is a process "
		 "as well.")},
	{.ask = N_("What do the two runs have in common?"),
	 .kind = QUESTION_CHOICE,
	 .several = true,
	 .options = {N_("the pid"), N_("the executable file"), N_("the parent")},
	 .answer = what_they_share,
	 .because = N_("The file is the same, and so is the parent that started them. Pid, memory and state are each "
		       "process's own.")},
	{0}};

const struct demo demo_program = {
	.name = "program",
	.chapter = N_("Creation and identity"),
	.title = N_("One program run twice is two processes"),
	.idea = N_(
		"A program is a file. A process is one execution of it, with a pid, a memory and a fate of its own."),
	.happens = N_("The program starts its own file twice, by fork and exec.\n"
		      "The runs take the names first and second, live side by side for 100 ms, and end."),
	.broken = N_("the second run"),
	.learned = N_("Ask for a program by its path, for a process by its pid: `pgrep` may find many for one name."),
	.calls = "fork(2), execve(2), proc(5): /proc/PID/exe",
	.expectations = expectations,
	.questions = questions,
};
