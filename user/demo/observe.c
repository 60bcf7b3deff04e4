/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Questions to a finished run; see observe.h.
 */
#include <stdio.h>
#include <string.h>

#include "user/demo/observe.h"

bool is_named(const struct process *process, const char *name)
{
	size_t length = strlen(name);

	if (length && name[length - 1] == '*')
		return !strncmp(process->comm, name, length - 1);
	return !strcmp(process->comm, name);
}

const struct process *process_nth(const struct lab *lab, const char *name, int nth)
{
	for (int i = 0; i < model_count(lab->model); i++)
		if (is_named(model_process(lab->model, i), name) && !nth--)
			return model_process(lab->model, i);
	return NULL;
}

const struct process *process_named(const struct lab *lab, const char *name)
{
	return process_nth(lab, name, 0);
}

int count_named(const struct lab *lab, const char *name)
{
	int count = 0;

	while (process_nth(lab, name, count))
		count++;
	return count;
}

const struct process *root_of(const struct lab *lab)
{
	return model_count(lab->model) ? model_process(lab->model, 0) : NULL;
}

static const struct reason_total *blocked_total(const struct process *process, enum reason reason)
{
	const struct thread *main = process->threads;

	for (int i = 0; i < main->blocked_count; i++)
		if (main->blocked[i].reason == reason)
			return &main->blocked[i];
	return NULL;
}

__u64 blocked_for(const struct process *process, enum reason reason)
{
	const struct reason_total *total = blocked_total(process, reason);

	return total ? total->ns : 0;
}

__u64 times_blocked(const struct process *process, enum reason reason)
{
	const struct reason_total *total = blocked_total(process, reason);

	return total ? total->count : 0;
}

__u64 times_woken_by(const struct process *process, const struct process *waker)
{
	const struct thread *main = process->threads;

	for (int i = 0; waker && i < main->waker_count; i++)
		if (main->wakers[i].pid == waker->pid && main->wakers[i].start_ns == waker->birth_ns)
			return main->wakers[i].count;
	return 0;
}

const struct moment *next_spell(const struct lab *lab, const struct moment *after, const struct process *process,
				enum state state, enum reason reason)
{
	const struct moment *end = lab->log->list + lab->log->count;

	for (after = after ? after + 1 : lab->log->list; after < end; after++)
		if (after->change.kind == CHANGE_STATE && after->change.process == process &&
		    after->change.thread == process->threads && after->change.state.state == state &&
		    (reason == REASON_NONE || after->change.state.reason == reason))
			return after;
	return NULL;
}

static __u64 common_ns(const struct span *one, const struct span *other)
{
	__u64 from = one->from_ns > other->from_ns ? one->from_ns : other->from_ns;
	__u64 to = one->to_ns < other->to_ns ? one->to_ns : other->to_ns;

	return to > from ? to - from : 0;
}

__u64 overlap_ns(const struct lab *lab, const struct process *one, const struct process *other, enum state state,
		 enum reason reason)
{
	const struct moment *mine = NULL, *theirs;
	__u64 sum = 0;

	while ((mine = next_spell(lab, mine, one, state, reason)))
		for (theirs = NULL; (theirs = next_spell(lab, theirs, other, state, reason));)
			sum += common_ns(&mine->change.state, &theirs->change.state);
	return sum;
}

bool any_overlap(const struct lab *lab, const char *name, enum state state, enum reason reason)
{
	const struct process *one, *other;

	for (int i = 0; (one = process_nth(lab, name, i)); i++)
		for (int j = i + 1; (other = process_nth(lab, name, j)); j++)
			if (overlap_ns(lab, one, other, state, reason))
				return true;
	return false;
}

const struct moment *moment_of(const struct lab *lab, const struct process *process, enum change_kind kind)
{
	for (int i = 0; i < lab->log->count; i++)
		if (lab->log->list[i].change.kind == kind && (!process || lab->log->list[i].change.process == process))
			return &lab->log->list[i];
	return NULL;
}

const struct moment *signal_to(const struct lab *lab, const struct process *process, int number)
{
	for (int i = 0; i < lab->log->count; i++) {
		const struct moment *moment = &lab->log->list[i];

		if (moment->change.kind == CHANGE_SIGNAL && moment->change.process == process &&
		    moment->sender.signal == number)
			return moment;
	}
	return NULL;
}

__u64 running_ns_of(const struct lab *lab, const char *name)
{
	const struct process *process;
	__u64 sum = 0;

	for (int i = 0; (process = process_nth(lab, name, i)); i++)
		sum += process->threads->totals.running_ns;
	return sum;
}

__u64 ready_ns_of(const struct lab *lab, const char *name)
{
	const struct process *process;
	__u64 sum = 0;

	for (int i = 0; (process = process_nth(lab, name, i)); i++)
		sum += process->threads->totals.ready_ns;
	return sum;
}
