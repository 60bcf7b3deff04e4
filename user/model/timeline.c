/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The timeline: each record tells of a spell off the CPU; what lies between two of them was spent running, but for the
 * spells that were too short to be told.
 */
#include "user/model/internal.h"

static void tell_span(struct model *model, struct thread *thread, struct span span)
{
	struct change change;

	if (span.to_ns <= span.from_ns)
		return;
	change = change_of(CHANGE_STATE, span.to_ns, thread->process, thread);
	change.state = span;
	tell(model, change);
}

static void tell_running(struct model *model, struct thread *thread, __u64 to_ns, const struct offcpu *offcpu)
{
	struct tracked_thread *own = tracked_thread_of(thread);
	struct span span = {
		.from_ns = own->told_ns, .to_ns = to_ns, .state = STATE_RUNNING, .call = -1, .fd = -1, .cpu = own->cpu};

	if (offcpu) {
		span.mixed_ready_ns = offcpu->short_ready_ns;
		span.mixed_blocked_ns = offcpu->short_blocked_ns;
		span.mixed_reason = offcpu->short_reason < REASON_COUNT ? offcpu->short_reason : REASON_NONE;
	}
	tell_span(model, thread, span);
}

static void tell_waking(struct model *model, struct thread *thread, const struct offcpu *offcpu, enum reason reason)
{
	struct change change = change_of(CHANGE_WAKE, offcpu->woken_ns, thread->process, thread);
	bool irq = offcpu->waker_flags & WAKER_IRQ;

	if (!irq && !offcpu->waker_pid)
		return;
	change.wake.pid = irq ? 0 : offcpu->waker_pid;
	change.wake.tid = irq ? 0 : offcpu->waker_tid;
	change.wake.irq = irq;
	change.wake.waker = irq ? NULL : process_known(model, offcpu->waker_pid, offcpu->waker_start_ns);
	change.wake.reason = reason;
	change.wake.blocked_ns = offcpu->woken_ns - offcpu->out_ns;
	tell(model, change);
}

static void tell_offcpu(struct model *model, struct thread *thread, const struct event *head,
			const struct offcpu *offcpu)
{
	enum reason reason = offcpu->reason < REASON_COUNT ? offcpu->reason : REASON_OTHER;
	struct span asleep = {.from_ns = offcpu->out_ns,
			      .to_ns = offcpu->woken_ns,
			      .state = offcpu->state,
			      .reason = offcpu->state == STATE_BLOCKED ? reason : REASON_NONE,
			      .call = offcpu->call,
			      .fd = offcpu->fd,
			      .cpu = -1};
	struct span ready = {
		.from_ns = offcpu->out_ns, .to_ns = head->at_ns, .state = STATE_READY, .call = -1, .fd = -1, .cpu = -1};

	if (offcpu->state == STATE_BLOCKED || offcpu->state == STATE_STOPPED) {
		tell_span(model, thread, asleep);
		tell_waking(model, thread, offcpu, asleep.reason);
		ready.from_ns = offcpu->woken_ns;
	}
	tell_span(model, thread, ready);
}

/* A record that contradicts what has been told of the time before, or itself, is not believed. */
static bool is_sound(const struct tracked_thread *own, const struct event *head, const struct offcpu *offcpu)
{
	bool asleep = offcpu->state == STATE_BLOCKED || offcpu->state == STATE_STOPPED;

	if (offcpu->out_ns < own->told_ns || head->at_ns < offcpu->out_ns)
		return false;
	return !asleep || (offcpu->woken_ns >= offcpu->out_ns && offcpu->woken_ns <= head->at_ns);
}

int take_offcpu(struct model *model, struct subject subject, const struct offcpu *offcpu)
{
	struct thread *thread = thread_of(model, subject.process, subject.head->tid, 0);
	struct tracked_thread *own = tracked_thread_of(thread);

	if (!thread)
		return -1;
	if (thread->end_ns != UNKNOWN_NS || !is_sound(own, subject.head, offcpu))
		return 0;
	model->has_timeline = own->has_timeline = true;
	tell_running(model, thread, offcpu->out_ns, offcpu);
	tell_offcpu(model, thread, subject.head, offcpu);
	own->told_ns = subject.head->at_ns;
	own->cpu = (int)subject.head->cpu;
	thread->state = STATE_RUNNING;
	thread->since_ns = subject.head->at_ns;
	if (subject.head->at_ns > thread->heard_ns)
		thread->heard_ns = subject.head->at_ns;
	return 0;
}

void timeline_end(struct model *model, struct thread *thread, __u64 at_ns)
{
	if (tracked_thread_of(thread)->has_timeline)
		tell_running(model, thread, at_ns, NULL);
}

static void finish_thread(struct model *model, struct thread *thread, __u64 at_ns)
{
	struct span present = {.from_ns = thread->since_ns,
			       .to_ns = at_ns,
			       .state = thread->state,
			       .reason = thread->reason,
			       .call = thread->call,
			       .fd = thread->fd,
			       .cpu = thread->state == STATE_RUNNING ? tracked_thread_of(thread)->cpu : -1};

	if (present.from_ns < tracked_thread_of(thread)->told_ns)
		present.from_ns = tracked_thread_of(thread)->told_ns;
	tell_running(model, thread, present.from_ns, NULL);
	tell_span(model, thread, present);
}

void timeline_finish(struct model *model, struct process *process, __u64 at_ns)
{
	if (!model->has_timeline)
		return;
	for (struct thread *thread = process->threads; thread; thread = thread->next)
		if (thread->end_ns == UNKNOWN_NS)
			finish_thread(model, thread, at_ns);
}
