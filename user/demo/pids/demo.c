/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * pids: the numbers that processes are called by, from inside and from outside.
 */
#include <stdlib.h>
#include <string.h>

#include "user/demo/kinds.h"
#include "user/demo/evidence.h"
#include "user/demo/observe.h"

#define CHILDREN 10

/* A name that begins so and goes on with that number, at any time of the process's life. */
static bool was_called(const struct lab *lab, const struct process *process, const char *prefix, __u32 number)
{
	for (int i = 0; i < lab->log->count; i++) {
		const struct moment *moment = &lab->log->list[i];

		if (moment->change.process == process && !strncmp(moment->name, prefix, strlen(prefix)) &&
		    strtoul(moment->name + strlen(prefix), NULL, 10) == number)
			return true;
	}
	return false;
}

static const struct process *asker(const struct lab *lab)
{
	return process_named(lab, "ppid-*");
}

static enum verdict getpid_is_right(const struct lab *lab, const struct expectation *expectation,
				    struct buffer *observed)
{
	const struct process *process = asker(lab);

	if (say_missing(observed, process, expectation->who))
		return false;
	say(observed, _("the kernel's pid of it is %u"), process->ns_pid);
	return was_called(lab, process, "pid-", process->ns_pid);
}

static enum verdict getppid_is_right(const struct lab *lab, const struct expectation *expectation,
				     struct buffer *observed)
{
	const struct process *process = asker(lab), *root = root_of(lab);

	if (say_missing(observed, process, expectation->who))
		return false;
	say(observed, _("it is now called %s; the program is pid %u"), process->comm, root->ns_pid);
	return process->ppid == root->pid && was_called(lab, process, "ppid-", root->ns_pid);
}

static enum verdict arguments_arrive(const struct lab *lab, const struct expectation *expectation,
				     struct buffer *observed)
{
	const struct process *child;
	int right = 0;

	for (int i = 0; (child = process_nth(lab, expectation->who, i)); i++)
		right += !child->signal && child->code == atoi(child->comm + strlen("child-"));
	say(observed, _("%d exited with the number in their names"), right);
	return right == CHILDREN;
}

/* Between the first of them and the last the program never slept until a child would do something. */
static enum verdict forks_without_waiting(const struct lab *lab, const struct expectation *expectation,
					  struct buffer *observed)
{
	const struct process *first = process_nth(lab, expectation->who, 0);
	const struct process *last = process_nth(lab, expectation->who, CHILDREN - 1), *root = root_of(lab);
	const struct moment *spell = NULL;
	int waits = 0;

	if (say_missing(observed, last, expectation->who))
		return false;
	while ((spell = next_spell(lab, spell, root, STATE_BLOCKED, REASON_CHILD)))
		waits += spell->change.state.from_ns > first->birth_ns && spell->change.state.from_ns < last->birth_ns;
	say(observed, _("ten births within %.1f ms, blocked on a child %d times between them"),
	    ms_of(last->birth_ns - first->birth_ns), waits);
	return unless_seen(lab, waits, observed);
}

static enum verdict number_inside(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *process = process_named(lab, expectation->who);

	if (say_missing(observed, process, expectation->who))
		return false;
	say(observed, _("pid %u in its own namespace, %u outside"), process->ns_pid, process->pid);
	return process->ns_pid == expectation->number && process->pid != process->ns_pid;
}

static const struct expectation expectations[] = {
	{N_("getpid says the kernel's pid"), getpid_is_right, "ppid-*", NULL, 0},
	{N_("getppid says the pid of who called fork"), getppid_is_right, "ppid-*", NULL, 0},
	{N_("ten children have ten pids"), holds_count, "child-*", NULL, CHILDREN},
	{N_("each got its own argument"), arguments_arrive, "child-*", NULL, 0},
	{N_("the parent forks on, without waiting for a child to start"), forks_without_waiting, "child-*", NULL, 0},
	{N_("in a new pid namespace the first process is 1"), number_inside, "first-inside", NULL, 1},
	{N_("and it asks for its pid and is told 1"), holds_exit, "first-inside", NULL, 1},
	{0}};

static bool what_getpid_says(const struct lab *lab, struct accepted *accepted)
{
	const struct process *process = process_named(lab, "first-inside");

	if (!process || process->end == ENDED_NONE)
		return false;
	accepted->choices = process->code == 1 ? 1 : 2;
	return true;
}

/* Births are in the order of the forks; who ends first is open. */
static bool order_of_births(const struct lab *lab, struct accepted *accepted)
{
	const char *const names[] = {"child-2", "child-0", "child-9"};

	for (int i = 0; i < 3; i++)
		for (int j = 0; j < 3; j++) {
			const struct process *one = process_named(lab, names[i]), *other = process_named(lab, names[j]);

			if (!one || !other)
				return false;
			if (other->birth_ns < one->birth_ns)
				accepted->before[i] |= 1u << j;
		}
	return true;
}

static const struct question questions[] = {
	{.ask = N_("first-inside is the first process of a new pid namespace. What does getpid tell it?"),
	 .kind = QUESTION_CHOICE,
	 .options = {"1", N_("the number that ps shows outside")},
	 .answer = what_getpid_says,
	 .because = N_(
		 "A process has a pid in each namespace it is seen from. In its own it is 1, which is how a container's "
		 "first process is an init.")},
	{.ask = N_("In which order are these born?"),
	 .kind = QUESTION_ORDER,
	 .options = {"child-2", "child-0", "child-9"},
	 .answer = order_of_births,
	 .because = N_(
		 "fork returns when the child is there, in the order of the calls. When each first runs, and when it "
		 "ends, is the scheduler's affair.")},
	{0}};

const struct demo demo_pids = {
	.name = "pids",
	.chapter = N_("Creation and identity"),
	.title = N_("Who am I, who is my parent"),
	.idea = N_(
		"A pid names a process as long as it lives, and until it is waited for. It is a number in a namespace."),
	.happens = N_("asker calls itself by what getpid tells it, then by what getppid does.\n"
		      "child-0 to child-9 get a number each, and exit with it.\n"
		      "first-inside and second-inside live in a pid namespace of their own."),
	.broken = N_("the new namespace: unshare"),
	.learned = N_("Pids are used again, so a pid in a file may be somebody else's by now: a pidfd is never."),
	.calls = "getpid(2), getppid(2), pid_namespaces(7), unshare(2), pidfd_open(2)",
	.expectations = expectations,
	.questions = questions,
};
