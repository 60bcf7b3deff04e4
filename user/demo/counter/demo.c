/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * counter: a shared number, and updates that get lost.
 */
#include "user/demo/kinds.h"
#include "user/demo/observe.h"

#define TAKERS 100

/* The number is told by the exit status of a process of that name. */
static enum verdict some_are_lost(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *process = process_named(lab, expectation->who);

	if (say_missing(observed, process, expectation->who))
		return false;
	say(observed, _("%d are left: %d of %d updates are lost"), process->code, process->code, TAKERS);
	return !process->signal && process->code > 0;
}

static enum verdict none_is_lost(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *process = process_named(lab, expectation->who);

	if (say_missing(observed, process, expectation->who))
		return false;
	say(observed, _("%d are left"), process->code);
	return !process->signal && process->code == 0;
}

static enum verdict all_take(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	static const char *const names[] = {"free", "locked", "get-and-set", "take"};
	bool right = true;

	(void)expectation;
	for (int i = 0; i < 4; i++) {
		int count = count_named(lab, names[i]);

		say(observed, i ? ", %s: %d" : "%s: %d", names[i], count);
		right &= count == TAKERS;
	}
	return right;
}

static enum verdict clients_wait(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	const struct process *client;
	__u64 ns = 0;

	for (int i = 0; (client = process_nth(lab, expectation->who, i)); i++)
		ns += blocked_for(client, REASON_SOCKET_READ);
	say(observed, _("all together blocked on socket-read for %.1f ms"), ms_of(ns));
	return ns > 0;
}

static const struct expectation expectations[] = {
	{N_("a hundred processes take one, in each of four ways"), all_take, NULL, NULL, 0},
	{N_("look, then write, without a lock: updates are lost"), some_are_lost, "left-free", NULL, 0},
	{N_("with a lock nothing is lost: 0 are left"), none_is_lost, "left-locked", NULL, 0},
	{N_("a manager that is asked twice, get and set, loses as many"), some_are_lost, "manager-set", NULL, 0},
	{N_("asked once, to take one, it loses nothing"), none_is_lost, "manager-take", NULL, 0},
	{N_("whoever asks the manager is blocked until it answers"), clients_wait, "take", NULL, 0},
	{0}};

static bool left(const struct lab *lab, const char *name, struct accepted *accepted)
{
	const struct process *process = process_named(lab, name);

	if (!process || process->end == ENDED_NONE || process->signal)
		return false;
	accepted->low = accepted->high = process->code;
	return true;
}

static bool left_free(const struct lab *lab, struct accepted *accepted)
{
	return left(lab, "left-free", accepted);
}

static bool who_is_safe(const struct lab *lab, struct accepted *accepted)
{
	static const char *const names[] = {"left-free", "left-locked", "manager-set", "manager-take"};

	for (int i = 0; i < 4; i++) {
		const struct process *process = process_named(lab, names[i]);

		if (!process || process->end == ENDED_NONE)
			return false;
		if (!process->signal && process->code == 0)
			accepted->choices |= 1u << i;
	}
	return true;
}

static const struct question questions[] = {
	{.ask = N_(
		 "The number is 100. A hundred processes all look at it first; then each writes what it saw, less one. What is "
		 "left?"),
	 .kind = QUESTION_NUMBER,
	 .answer = left_free,
	 .because = N_(
		 "All of them write 99. Usually not all look at the same time, and less is lost: that makes it hard to find.")},
	{.ask = N_("In which of the four ways is nothing lost?"),
	 .kind = QUESTION_CHOICE,
	 .several = true,
	 .options = {N_("shared memory without a lock"), N_("shared memory with a lock"),
		     N_("a manager: get, then set"), N_("a manager: take one")},
	 .answer = who_is_safe,
	 .because = N_(
		 "Look and write have to be one step that nobody can come between. A process that keeps the number does not "
		 "help if it is asked for half of that.")},
	{0}};

const struct demo demo_counter = {
	.name = "counter",
	.chapter = N_("Working together"),
	.title = N_("A hundred take one from a number"),
	.idea = N_(
		"To take one is to look and to write. What comes between the two is lost, unless they are made one step."),
	.happens = N_("In shared memory: free have all looked before the first writes; locked take a lock.\n"
		      "A manager process keeps the number: get-and-set ask it twice, take ask it once.\n"
		      "left-free, left-locked and the managers exit with what is left."),
	.broken = N_("the lock"),
	.learned = N_(
		"Python: Value without get_lock() in `value -= 1`; a Manager's proxy has the same gap. It is the step that "
		"needs protection, not the number."),
	.calls = "mmap(2): MAP_SHARED, pthread_mutexattr_setpshared(3), unix(7), futex(7)",
	.expectations = expectations,
	.questions = questions,
};
