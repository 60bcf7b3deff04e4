/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * worker: what a child does is a function of its parent's program, or another program.
 */
#include <string.h>

#include "user/demo/kinds.h"
#include "user/demo/observe.h"

/* After an exec its name is the program's: the children are told apart by the order of their birth. */
static const struct process *nth_child(const struct lab *lab, int nth)
{
	const struct process *root = root_of(lab);

	return root && nth < root->child_count ? root->children[nth] : NULL;
}

static enum verdict counts_execs(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *child = nth_child(lab, (int)expectation->number);

	if (say_missing(observed, child, expectation->who))
		return false;
	if (child->exec_count)
		say(observed, _("%s[%u] has executed %s"), child->comm, child->pid, child->execs[0].exe);
	else
		say(observed, _("%s[%u] has executed nothing"), child->comm, child->pid);
	return child->exec_count == (int)expectation->number;
}

static enum verdict keeps_pid(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *child = nth_child(lab, (int)expectation->number);

	if (say_missing(observed, child, expectation->who))
		return false;
	say(observed, _("pid %u from birth to end, in all %d processes"), child->pid, model_count(lab->model));
	return child->exec_count == 1 && model_count(lab->model) == 3;
}

static enum verdict changes_name(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *child = nth_child(lab, (int)expectation->number);

	if (say_missing(observed, child, expectation->who))
		return false;
	say(observed, _("its name at the end: %s"), child->comm);
	return !strcmp(child->comm, expectation->whom);
}

static enum verdict ends_with(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *child = process_named(lab, expectation->who);

	if (say_missing(observed, child, expectation->who))
		return false;
	say_end(observed, child);
	return !child->signal && child->code == expectation->number;
}

static const struct expectation expectations[] = {
	{N_("by-function executes no other program"), counts_execs, "by-function", NULL, 0},
	{N_("it runs a function of the program that forked it; its exit status is the function's"), ends_with,
	 "by-function", NULL, 7},
	{N_("by-program executes another program"), counts_execs, "by-program", NULL, 1},
	{N_("exec makes no new process: the pid stays"), keeps_pid, "by-program", NULL, 1},
	{N_("its name is the new program's"), changes_name, "by-program", "sleep", 1},
	{0}};

static bool processes_there_are(const struct lab *lab, struct accepted *accepted)
{
	accepted->low = accepted->high = model_count(lab->model);
	return true;
}

static bool what_exec_keeps(const struct lab *lab, struct accepted *accepted)
{
	const struct process *child = nth_child(lab, 1);

	if (!child || child->exec_count != 1)
		return false;
	accepted->choices = 1;
	if (!strcmp(child->comm, "by-program"))
		accepted->choices |= 2;
	return true;
}

static const struct question questions[] = {
	{.ask = N_("One child calls a function, one executes another program. How many processes are there in all?"),
	 .kind = QUESTION_NUMBER,
	 .answer = processes_there_are,
	 .because = N_("fork makes a process; exec makes none, it gives the caller another program.")},
	{.ask = N_("What does by-program keep when it executes another program?"),
	 .kind = QUESTION_CHOICE,
	 .several = true,
	 .options = {N_("its pid"), N_("its name"), N_("its variables")},
	 .answer = what_exec_keeps,
	 .because = N_(
		 "Pid, parent, open files and folder stay. Memory, and with it all variables, is the new program's; so is "
		 "the name.")},
	{0}};

const struct demo demo_worker = {
	.name = "worker",
	.chapter = N_("Creation and identity"),
	.title = N_("What a child does: a function, or another program"),
	.idea = N_(
		"fork copies the caller, program and all: the child may go on in it. Or it executes another program."),
	.happens = N_("by-function is forked, calls a function of the same program for 50 ms, and exits with 7.\n"
		      "by-program is forked, and executes the program `sleep`."),
	.broken = N_("the exec"),
	.learned = N_(
		"fork alone: Python's multiprocessing, a server that forks for each client. fork and exec: every shell."),
	.calls = "fork(2), execve(2), posix_spawn(3)",
	.expectations = expectations,
	.questions = questions,
};
