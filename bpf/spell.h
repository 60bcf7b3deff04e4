/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The end of a spell off the CPU: into the totals and, where a sink wants it, onto the timeline. Only bpf/ includes this file.
 */
#ifndef PROCLIFE_SPELL_H
#define PROCLIFE_SPELL_H

#include "bpf/emit.h"
#include "bpf/scheduler.h"
#include "bpf/sequence.h"

static __always_inline void add_spell(struct spell *spell, __u64 ns)
{
	spell->ns += ns;
	spell->count++;
	if (ns > spell->longest_ns)
		spell->longest_ns = ns;
}

/* Totals of other system calls: a slot each for the first few, the rest together. */
static __always_inline void add_other(struct task *task, __u64 ns)
{
	for (int i = 0; i < OTHER_CALLS; i++) {
		if (task->others[i].count && task->other_calls[i] != task->call)
			continue;
		task->other_calls[i] = task->call;
		add_spell(&task->others[i], ns);
		return;
	}
	add_spell(&task->spells[REASON_OTHER], ns);
}

static __always_inline void add_blocked(struct task *task, __u64 ns)
{
	__u32 reason = task->reason;

	task->totals.blocked_ns += ns;
	if (reason == REASON_OTHER)
		add_other(task, ns);
	else if (reason < REASON_COUNT)
		add_spell(&task->spells[reason], ns);
}

static __always_inline void count_waker(struct task *task)
{
	if (!(task->waker.pid | task->waker_flags))
		return;
	if (task->waker_flags & WAKER_IRQ) {
		task->waker_irqs++;
		return;
	}
	for (int i = 0; i < TASK_WAKERS; i++) {
		struct who *known = &task->wakers[i];

		if (!known->pid)
			*known = task->waker;
		if (known->tid != task->waker.tid || known->start_ns != task->waker.start_ns)
			continue;
		task->waker_counts[i]++;
		return;
	}
	task->waker_rest++;
}

static __always_inline void add_short(struct task *task, __u64 out, __u64 woken, __u64 now)
{
	task->short_ready_ns += now - woken;
	task->short_blocked_ns += woken - out;
	if (woken - out > task->short_longest_ns) {
		task->short_longest_ns = woken - out;
		task->short_reason = task->reason;
	}
}

/* One spell off the CPU, from out to now, woken at woken: told on the timeline, or added to the short ones. */
static __always_inline void tell_spell(struct task_struct *p, struct task *task, __u64 out, __u64 woken, __u64 now)
{
	RECORD_AS(OFFCPU, struct offcpu, spell, p, now, task->process_start_ns);

	if (now - out < detail_ns && now - task->sent_ns < 100 * detail_ns) {
		add_short(task, out, woken, now);
		return;
	}
	spell->out_ns = out;
	spell->woken_ns = task->state == STATE_READY ? 0 : woken;
	spell->short_ready_ns = task->short_ready_ns;
	spell->short_blocked_ns = task->short_blocked_ns;
	spell->short_reason = task->short_reason;
	spell->waker_start_ns = task->waker.start_ns;
	spell->waker_pid = task->waker.pid;
	spell->waker_tid = task->waker.tid;
	spell->waker_flags = task->waker_flags;
	spell->state = task->state;
	spell->reason = task->state == STATE_BLOCKED ? task->reason : REASON_NONE;
	spell->call = task->state == STATE_BLOCKED ? task->call : -1;
	spell->fd = task->state == STATE_BLOCKED ? task->fd : -1;
	if (SEND(timeline, spell)) {
		add_short(task, out, woken, now);
	} else {
		task->short_ready_ns = task->short_blocked_ns = task->short_longest_ns = 0;
		task->short_reason = 0;
	}
	task->sent_ns = now;
}

/* Adds a spell off the CPU to the totals, and its waker to the wakers. Woken before it had quite left it the task never slept; if it is
 * not known when (0), it is taken to have slept all the time. Returns when it was woken. */
static __always_inline __u64 end_spell_inline(struct task *task, __u64 woken, __u64 now)
{
	__u64 out = task->since_ns;

	if (task->state != STATE_BLOCKED && task->state != STATE_STOPPED)
		woken = out;
	else if (!woken || woken > now)
		woken = now;
	else if (woken < out)
		woken = out;
	if (task->state == STATE_STOPPED)
		task->totals.stopped_ns += woken - out;
	else if (task->state == STATE_BLOCKED)
		add_blocked(task, woken - out);
	task->totals.ready_ns += now - woken;
	if (with_wakers && (task->state == STATE_BLOCKED || task->state == STATE_STOPPED))
		count_waker(task);
	return woken;
}

/* The verifier walks a global function once, an inlined one on each path that leads to it. But a call takes 12 ns where returns go by a
 * thunk. */
__noinline __u64 end_spell(struct task *task, __u64 woken, __u64 now)
{
	return task ? end_spell_inline(task, woken, now) : now;
}

/* p is about to run. seen: it is seen to, as it mostly is. */
static __always_inline void switch_in(struct task_struct *p, struct task *task, __u64 now, bool seen)
{
	__u64 out = task->since_ns, woken;

	if (now < out)
		now = out;
	count_write(task);
	woken = task->woken_ns ?: ready_since(p, task, now);
	woken = seen ? end_spell_inline(task, woken, now) : end_spell(task, woken, now);
	if (detail_ns != ~0ull)
		tell_spell(p, task, out, woken, now);
	task->waker.pid = 0;
	task->waker_flags = 0;
	task->woken_ns = 0;
	task->moved_ns = 0;
	task->since_ns = now;
	task->state = STATE_RUNNING;
	count_write(task);
}

/*
 * p is on a CPU that we did not see it get: some kernels do not tell of switches away from certain tasks, nor of whom they
 * wake. The scheduler knows when that was, and for how long p had been ready by then.
 */
static __noinline void catch_up(struct task_struct *p, struct task *task, __u64 now, bool leaves)
{
	__u64 in = 0, waited = was_ready(p) - task->was_ready;

	if (KEEPS_SCHED_INFO)
		in = our_time(p->sched_info.last_arrival, now);
	if (in && !task->woken_ns && waited < in)
		task->woken_ns = in - waited;
	if (!in)
		in = about_in(task, has_run(p), now, leaves);
	switch_in(p, task, in, false);
}

#endif
