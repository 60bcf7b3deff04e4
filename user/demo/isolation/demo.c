/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * isolation: memory is each process's own; the exit status is what comes back.
 */
#include "user/demo/kinds.h"
#include "user/demo/observe.h"

#define BEFORE 5
#define AFTER 9

static const struct expectation expectations[] = {
	{N_("the child writes 9 to the variable, and ends with it"), holds_exit, "child", NULL, AFTER},
	{N_("its parent still sees 5"), holds_exit, "parent-sees", NULL, BEFORE},
	{N_("the exit status comes back to the parent that waits"), holds_exit, "child-status", NULL, AFTER},
	{N_("only 8 bits of it: 300 comes back as 44"), holds_exit, "exits-300", NULL, 300 & 255},
	{N_("each child was waited for by its parent"), holds_reaped_by, "child", NULL, 0},
	{0}};

static bool exit_code(const struct lab *lab, const char *name, struct accepted *accepted)
{
	const struct process *process = process_named(lab, name);

	if (!process || process->end == ENDED_NONE || process->signal)
		return false;
	accepted->low = accepted->high = process->code;
	return true;
}

static bool parent_sees(const struct lab *lab, struct accepted *accepted)
{
	return exit_code(lab, "parent-sees", accepted);
}

static bool comes_back(const struct lab *lab, struct accepted *accepted)
{
	return exit_code(lab, "exits-300", accepted);
}

static const struct question questions[] = {
	{.ask = N_("The variable is 5. The child sets it to 9. What does the parent read afterwards?"),
	 .kind = QUESTION_NUMBER,
	 .answer = parent_sees,
	 .because = N_(
		 "fork gives the child a copy of the parent's memory, page by page as soon as one of them writes. Neither "
		 "sees the other's writes.")},
	{.ask = N_("A child exits with 300. Which status does its parent get?"),
	 .kind = QUESTION_NUMBER,
	 .answer = comes_back,
	 .because = N_("The kernel keeps the lowest 8 bits: 300 - 256 is 44.")},
	{0}};

const struct demo demo_isolation = {
	.name = "isolation",
	.chapter = N_("Creation and identity"),
	.title = N_("What a child writes, its parent does not see"),
	.idea = N_("Each process has a memory of its own. All that a child gives back by itself is its exit status."),
	.happens = N_("A variable is 5. child sets it to 9, and exits with it.\n"
		      "parent-sees is forked afterwards and exits with what the parent reads in the variable.\n"
		      "exits-300 exits with 300."),
	.broken = N_("the isolation: the variable lies in shared memory"),
	.learned =
		N_("To hand more than a number back: a pipe, a file, a socket, or memory that is shared on purpose."),
	.calls = "fork(2), exit(3), wait(2), mmap(2): MAP_SHARED",
	.expectations = expectations,
	.questions = questions,
};
