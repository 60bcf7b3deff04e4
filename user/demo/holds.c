/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Expectations that many demos share; see observe.h.
 */
#include "user/base/signals.h"
#include "user/demo/observe.h"

typedef bool (*test_fn)(const struct lab *lab, const struct process *process, const struct expectation *expectation);
typedef void (*words_fn)(struct buffer *observed, const struct process *process);

#define MOST_NAMED 3 /* beyond that, only how many there are is said */

/* Does it hold of every process named so? Says of the first few, or of the first that it does not hold of. */
static bool of_each(const struct lab *lab, const struct expectation *expectation, struct buffer *observed, test_fn test,
		    words_fn words)
{
	int count = count_named(lab, expectation->who), right = 0;
	const struct process *process = process_named(lab, expectation->who), *wrong = NULL;

	if (say_missing(observed, process, expectation->who))
		return false;
	for (int i = 0; i < count; i++) {
		process = process_nth(lab, expectation->who, i);
		if (test(lab, process, expectation))
			right++;
		else if (!wrong)
			wrong = process;
	}
	if (count > MOST_NAMED)
		say(observed, _("%d of %d; for one, "), right, count);
	for (int i = 0; i < (count > MOST_NAMED ? 1 : count); i++) {
		process = count > MOST_NAMED && wrong ? wrong : process_nth(lab, expectation->who, i);
		say(observed, "%s", i ? "; " : "");
		if (count > 1)
			say(observed, "%s[%u]: ", process->comm, process->pid);
		words(observed, process);
	}
	return right == count;
}

enum verdict holds_count(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	int count = count_named(lab, expectation->who);

	say(observed, _("%d of the name %s"), count, expectation->who);
	return count == expectation->number;
}

static bool is_child_of(const struct lab *lab, const struct process *process, const struct expectation *expectation)
{
	(void)lab;
	return process->parent && is_named(process->parent, expectation->whom);
}

static void say_parent(struct buffer *observed, const struct process *process)
{
	if (process->parent)
		say(observed, _("born of %s[%u]"), process->parent->comm, process->ppid);
	else
		say(observed, _("born of pid %u"), process->ppid);
}

enum verdict holds_child_of(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	return of_each(lab, expectation, observed, is_child_of, say_parent);
}

static bool has_exited(const struct lab *lab, const struct process *process, const struct expectation *expectation)
{
	(void)lab;
	return process->end != ENDED_NONE && !process->signal && process->code == expectation->number;
}

enum verdict holds_exit(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	return of_each(lab, expectation, observed, has_exited, say_end);
}

static bool is_fatal(const struct lab *lab, const struct process *process, const struct expectation *expectation)
{
	(void)lab;
	return process->end == ENDED_FATAL && process->signal == expectation->number;
}

enum verdict holds_fatal(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	return of_each(lab, expectation, observed, is_fatal, say_end);
}

static bool is_killed(const struct lab *lab, const struct process *process, const struct expectation *expectation)
{
	const struct process *killer = model_find(lab->model, process->killer.pid, process->killer.start_ns);

	if (process->end != ENDED_KILLED || process->signal != expectation->number)
		return false;
	return !expectation->whom || (killer && is_named(killer, expectation->whom));
}

enum verdict holds_killed_by(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	return of_each(lab, expectation, observed, is_killed, say_end);
}

static bool is_reaped(const struct lab *lab, const struct process *process, const struct expectation *expectation)
{
	(void)lab;
	if (!process->reaper || process->reap_auto)
		return false;
	return expectation->whom ? is_named(process->reaper, expectation->whom) : process->reaper == process->parent;
}

enum verdict holds_reaped_by(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	return of_each(lab, expectation, observed, is_reaped, say_reap);
}

static bool is_gone(const struct lab *lab, const struct process *process, const struct expectation *expectation)
{
	(void)lab;
	(void)expectation;
	return process->reap_auto;
}

enum verdict holds_reaped_by_itself(const struct lab *lab, const struct expectation *expectation,
				    struct buffer *observed)
{
	return of_each(lab, expectation, observed, is_gone, say_reap);
}

/* Whoever inherits a zombie from an ended parent may reap it; the parent itself never did. */
static bool is_left(const struct lab *lab, const struct process *process, const struct expectation *expectation)
{
	(void)lab;
	(void)expectation;
	return process->end != ENDED_NONE && !process->reap_auto && process->reaper != process->parent;
}

enum verdict holds_never_reaped(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	return of_each(lab, expectation, observed, is_left, say_reap);
}

static bool is_zombie_long(const struct lab *lab, const struct process *process, const struct expectation *expectation)
{
	__u64 wanted = (__u64)expectation->number * MS * lab->settings->slow;

	return process->end != ENDED_NONE && (process->zombie_ns == UNKNOWN_NS || process->zombie_ns >= wanted);
}

static void say_zombie(struct buffer *observed, const struct process *process)
{
	if (process->zombie_ns == UNKNOWN_NS)
		say(observed, process->end == ENDED_NONE ? _("it still lives") : _("a zombie to the end"));
	else
		say(observed, _("zombie for %.3f ms"), ms_of(process->zombie_ns));
}

enum verdict holds_zombie_for(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	return of_each(lab, expectation, observed, is_zombie_long, say_zombie);
}

static bool was_orphaned(const struct lab *lab, const struct process *process, const struct expectation *expectation)
{
	(void)lab;
	(void)expectation;
	return process->orphaned_ns && (!process->parent || process->end_ns > process->parent->end_ns);
}

static bool was_not_orphaned(const struct lab *lab, const struct process *process,
			     const struct expectation *expectation)
{
	return !was_orphaned(lab, process, expectation);
}

static void say_orphan(struct buffer *observed, const struct process *process)
{
	if (!process->orphaned_ns)
		say(observed, _("its parent was there to the end"));
	else
		say(observed, _("adopted by pid %u"), process->adopter_pid);
}

enum verdict holds_orphaned(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	return of_each(lab, expectation, observed, was_orphaned, say_orphan);
}

enum verdict holds_not_orphaned(const struct lab *lab, const struct expectation *expectation, struct buffer *observed)
{
	return of_each(lab, expectation, observed, was_not_orphaned, say_orphan);
}
