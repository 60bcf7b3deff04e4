/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Where the life of a thread went: totals as the kernel side kept them, with each reason's and each waker's share. The
 * shares come just before the totals, with the same time: a set that is not whole is said to be incomplete.
 */
#include "user/model/internal.h"

static void check_breakdown(struct thread *thread)
{
	const struct tracked_thread *own = tracked_thread_of(thread);

	thread->breakdown_incomplete = (__u32)thread->blocked_count != own->expected_reasons ||
				       (__u32)thread->waker_count != own->expected_wakers;
}

/* Makes ready for the shares of another time; false: they are older than what is known. */
static bool begin_breakdown(struct thread *thread, __u64 at_ns)
{
	struct tracked_thread *own = tracked_thread_of(thread);

	if (at_ns < own->breakdown_ns)
		return false;
	if (at_ns > own->breakdown_ns) {
		own->breakdown_ns = at_ns;
		own->expected_reasons = own->expected_wakers = 0;
		thread->blocked_count = thread->waker_count = 0;
	}
	return true;
}

void drop_loose_shares(struct thread *thread)
{
	if (tracked_thread_of(thread)->breakdown_ns <= thread->totals_ns)
		return;
	thread->blocked_count = thread->waker_count = 0;
	thread->breakdown_incomplete = true;
}

void take_totals(struct thread *thread, const struct totals *totals, __u64 at_ns, __u64 cpu_ns, __u32 reasons,
		 __u32 wakers)
{
	struct tracked_thread *own = tracked_thread_of(thread);

	thread->totals = *totals;
	thread->totals_ns = at_ns;
	thread->cpu_ns = cpu_ns;
	if (at_ns > thread->heard_ns)
		thread->heard_ns = at_ns;
	if (!begin_breakdown(thread, at_ns))
		return;
	own->expected_reasons = reasons;
	own->expected_wakers = wakers;
	check_breakdown(thread);
}

static bool is_stale(const struct thread *thread, __u64 at_ns)
{
	return thread->end_ns != UNKNOWN_NS && at_ns != thread->end_ns;
}

int take_blocked(struct model *model, struct subject subject, const struct blocked *blocked)
{
	struct thread *thread = thread_of(model, subject.process, subject.head->tid, blocked->task_start_ns);
	int call = blocked->reason == REASON_OTHER ? blocked->call : -1;

	if (!thread)
		return -1;
	if (blocked->reason >= REASON_COUNT || is_stale(thread, subject.head->at_ns) ||
	    !begin_breakdown(thread, subject.head->at_ns))
		return 0;
	for (int i = 0; i < thread->blocked_count; i++)
		if (thread->blocked[i].reason == blocked->reason && thread->blocked[i].call == call)
			return 0; /* told twice */
	if (thread->blocked_count < BLOCKED_SLOTS) {
		if (array_grow(&thread->blocked, thread->blocked_count, sizeof(*thread->blocked)))
			return -1;
		thread->blocked[thread->blocked_count++] = (struct reason_total){.ns = blocked->ns,
										 .longest_ns = blocked->longest_ns,
										 .count = blocked->count,
										 .reason = blocked->reason,
										 .call = call};
	}
	check_breakdown(thread);
	return 0;
}

static bool same_waker(const struct waker_total *known, const struct waker *waker)
{
	return known->irq == !!(waker->flags & WAKER_IRQ) && known->rest == !!(waker->flags & WAKER_REST) &&
	       known->tid == waker->tid && known->start_ns == waker->start_ns;
}

int take_waker(struct model *model, struct subject subject, const struct waker *waker)
{
	struct thread *thread = thread_of(model, subject.process, subject.head->tid, waker->task_start_ns);

	if (!thread)
		return -1;
	if (is_stale(thread, subject.head->at_ns) || !begin_breakdown(thread, subject.head->at_ns))
		return 0;
	for (int i = 0; i < thread->waker_count; i++)
		if (same_waker(&thread->wakers[i], waker))
			return 0;
	if (thread->waker_count < WAKER_SLOTS) {
		if (array_grow(&thread->wakers, thread->waker_count, sizeof(*thread->wakers)))
			return -1;
		thread->wakers[thread->waker_count++] = (struct waker_total){.count = waker->count,
									     .start_ns = waker->start_ns,
									     .pid = waker->pid,
									     .tid = waker->tid,
									     .irq = waker->flags & WAKER_IRQ,
									     .rest = waker->flags & WAKER_REST};
	}
	check_breakdown(thread);
	return 0;
}

static int refresh_process(struct model *model, struct process *process, const struct event *head,
			   const struct alive *alive)
{
	int result = 0;

	if (!process->ppid)
		result = family_born(model, process, alive->parent_pid, alive->parent_start_ns);
	else if (alive->real_parent_pid != process->real_ppid)
		orphan_noticed(model, process, head->at_ns, alive->real_parent_pid, 0, alive->real_parent_pid == 1);
	if (!process->ns_pid) {
		process->ns_pid = alive->ns_pid;
		process->ns_level = alive->ns_level;
	}
	process->ignores_children = alive->flags & ALIVE_CHLD_IGNORED;
	process->handles_children = alive->flags & ALIVE_CHLD_HANDLED;
	process->cgroup = alive->cgroup;
	process->pid_namespace = alive->pid_namespace;
	user_noticed(model, process, NULL, head->at_ns, alive->uid);
	session_noticed(model, process, NULL, head->at_ns,
			(struct session){alive->session, alive->group, alive->tty, 0});
	daemon_consider(model, process, head->at_ns);
	return result;
}

/* The first look at one that lived before us, or whose birth was lost. */
static void introduce(struct model *model, struct process *process, const struct event *head, const struct alive *alive)
{
	if (tracked_of(process)->met || process->birth_seen)
		return;
	tracked_of(process)->met = true;
	tell(model, change_of(CHANGE_BIRTH, head->at_ns, process, NULL));
	orphan_found(model, process, head->at_ns, alive->flags);
}

/* Since when it has been in its state. Where that is only known about, each look has another guess: while it did not run, the
 * first stays. */
static __u64 since_of(const struct thread *thread, const struct alive *alive)
{
	bool guessed_again = thread->since_about && alive->flags & ALIVE_SINCE_ABOUT;

	if (guessed_again && thread->state == alive->state && thread->cpu_ns == alive->cpu_ns)
		return thread->since_ns;
	return alive->since_ns;
}

static void refresh_thread(struct thread *thread, const struct event *head, const struct alive *alive)
{
	thread->since_ns = since_of(thread, alive);
	copy_comm(thread->comm, alive->comm);
	if (thread == thread->process->threads)
		memcpy(thread->process->comm, thread->comm, sizeof(thread->comm));
	thread->state = alive->state < STATE_COUNT ? alive->state : STATE_RUNNING;
	thread->reason = alive->reason < REASON_COUNT ? alive->reason : REASON_NONE;
	thread->call = alive->call;
	thread->fd = alive->fd;
	thread->awaited = alive->awaited;
	thread->wait_flags = alive->flags;
	thread->since_about = alive->flags & ALIVE_SINCE_ABOUT;
	thread->counted_ns = alive->counted_ns;
	take_totals(thread, &alive->totals, head->at_ns, alive->cpu_ns, alive->reasons, alive->wakers);
}

/* Nothing is to be said of the task itself, but of the process there is, if it goes on without it. If it does not, it still exists,
 * and the record of its end is on its way. */
static int take_ended_leader(struct model *model, struct subject subject, const struct alive *alive)
{
	struct process *process = subject.process;
	int result;

	tracked_of(process)->sweep = model->sweep;
	if (process->end != ENDED_NONE)
		return 0;
	tracked_thread_of(process->threads)->sweep = model->sweep;
	if (!(alive->flags & ALIVE_BY_OTHERS))
		return 0;
	process->threads->wait_flags = alive->flags;
	result = refresh_process(model, process, subject.head, alive);
	introduce(model, process, subject.head, alive);
	return result;
}

int take_alive(struct model *model, struct subject subject, const struct alive *alive)
{
	struct process *process = subject.process;
	struct thread *thread;
	int result;

	if (alive->state >= STATE_COUNT)
		return take_ended_leader(model, subject, alive);
	thread = thread_of(model, process, subject.head->tid, alive->task_start_ns);
	if (!thread)
		return -1;
	thread = thread_in_place_of(process, thread);
	tracked_thread_of(thread)->sweep = model->sweep;
	if (thread->end_ns != UNKNOWN_NS || subject.head->at_ns < thread->totals_ns)
		return 0;
	if (subject.head->tid == process->pid && thread != process->threads)
		thread_becomes_leader(model, process, thread);
	refresh_thread(thread, subject.head, alive);
	if (thread != process->threads)
		return 0;
	result = refresh_process(model, process, subject.head, alive);
	introduce(model, process, subject.head, alive);
	return result;
}
