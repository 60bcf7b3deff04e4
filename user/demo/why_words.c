/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The sentences of `why`; see why_words.h.
 */
#include <signal.h>
#include <string.h>

#include "user/base/duration.h"
#include "user/base/signals.h"
#include "user/base/syscalls.h"
#include "user/demo/observe.h"
#include "user/demo/why_words.h"

/* What it waits for, and what whoever woke it has done to that. NULL: the reason's name will do. */
static const struct {
	const char *awaits, *waker_did, *interrupt_said;
} reasons[REASON_COUNT] = {
	[REASON_CHILD] = {N_("it waits for a child"), N_("ended"), NULL},
	[REASON_VFORK] = {N_("until its child runs another program or ends"), N_("let go of its memory"), NULL},
	[REASON_PIPE_READ] = {N_("the pipe is empty"), N_("wrote to the pipe, or closed it"), NULL},
	[REASON_PIPE_WRITE] = {N_("the pipe is full"), N_("read from the pipe, or closed it"), NULL},
	[REASON_SOCKET_READ] = {N_("nothing has come on the socket"), N_("wrote to the socket, or closed it"), NULL},
	[REASON_SOCKET_WRITE] = {N_("the socket's buffer is full"), N_("read from the socket, or closed it"), NULL},
	[REASON_ACCEPT] = {N_("nobody has connected"), N_("connected"), NULL},
	[REASON_CONNECT] = {N_("nobody has accepted"), N_("accepted"), NULL},
	[REASON_POLL] = {N_("none of its files is ready"), N_("made one ready"), N_("its time was up")},
	[REASON_FUTEX] = {N_("somebody else has the lock, or is to wake it"), N_("released it"), N_("its time was up")},
	[REASON_FILE_LOCK] = {N_("somebody else has locked the file"), N_("unlocked it"), NULL},
	[REASON_SEMAPHORE] = {N_("the semaphore is at 0"), N_("raised it"), NULL},
	[REASON_MESSAGE_QUEUE] = {N_("the queue has no message or no room"), N_("used the queue"), NULL},
	[REASON_SLEEP] = {N_("it asked to sleep"), N_("sent it a signal"), N_("its time was up")},
	[REASON_SIGNAL] = {N_("it waits for a signal"), N_("sent it one"), N_("one came")},
	[REASON_TTY] = {N_("nothing was typed on the terminal"), N_("used the terminal"), N_("something was typed")},
	[REASON_DISK] = {N_("the disk has to answer"), N_("finished that"), N_("the disk has answered")},
	[REASON_PAGE_FAULT] = {N_("a page of its memory has to be read in"), N_("finished that"), N_("it is there")},
};

static void add_subject(struct buffer *text, const struct moment *moment)
{
	const struct thread *thread = moment->change.thread;

	say(text, "%s[%u] ", moment->name, thread ? thread->tid : moment->pid);
}

void words_of_birth(struct buffer *text, const struct moment *birth)
{
	const struct process *process = birth->change.process, *parent = process->parent;

	if (birth->change.thread != process->threads)
		return;
	if (parent)
		say(text, _("%s[%u] is born of %s[%u], by %s, and is ready"), process->comm, process->pid, parent->comm,
		    parent->pid, birth_kind_name(process->birth));
	else
		say(text, _("%s[%u] is born of pid %u, by %s, and is ready"), process->comm, process->pid,
		    process->ppid, birth_kind_name(process->birth));
}

void words_of_exec(struct buffer *text, const struct moment *exec)
{
	const struct process *process = exec->change.process;
	const char *exe = exec->exec >= 0 ? process->execs[exec->exec].exe : NULL;

	if (exe)
		say(text, _("%s[%u] runs another program: %s"), exec->name, process->pid, exe);
}

void words_of_end(struct buffer *text, const struct moment *end)
{
	const struct process *process = end->change.process;
	struct buffer how = {0};

	if (end->change.thread != process->threads)
		return;
	say_end(&how, process);
	say(text, _("%s[%u] ends: %s"), process->comm, process->pid, how.data ? how.data : "");
	if (!process->reap_auto)
		say(text, _("; a zombie until it is waited for"));
	buffer_free(&how);
}

void words_of_reap(struct buffer *text, const struct moment *reap)
{
	const struct process *process = reap->change.process;

	if (process->reap_auto)
		say(text, _("%s[%u] is gone at once: its parent ignores SIGCHLD"), process->comm, process->pid);
	else if (process->reaper)
		say(text, _("%s[%u], a zombie for %s, is reaped by %s[%u], which waited for it"), process->comm,
		    process->pid, duration(process->zombie_ns).text, process->reaper->comm, process->reaper_pid);
	else
		say(text, _("%s[%u], a zombie for %s, is reaped by pid %u"), process->comm, process->pid,
		    duration(process->zombie_ns).text, process->reaper_pid ? process->reaper_pid : process->real_ppid);
}

void words_of_adoption(struct buffer *text, const struct moment *adoption)
{
	const struct process *process = adoption->change.process, *from = adoption->change.orphan.from;

	say(text, _("%s[%u] is an orphan, as its parent %s[%u] has ended: adopted by pid %u"), process->comm,
	    process->pid, from ? from->comm : "", adoption->change.orphan.from_pid, adoption->ppid);
}

/* From when on the last of them waits, whoever looked when. */
void words_of_deadlock(struct buffer *text, const struct deadlock *deadlock)
{
	for (int i = 0; i < deadlock->count; i++)
		say(text, "%s%s[%u]", i ? ", " : "", deadlock->circle[i].process->comm,
		    deadlock->circle[i].process->pid);
	say(text, _(": deadlock. From now on each waits for the next, and the last for the first"));
}

void words_of_blocking(struct buffer *text, const struct moment *spell)
{
	const struct span *span = &spell->change.state;
	const char *call = span->call >= 0 ? syscall_name(span->call) : NULL;
	const char *awaits = reasons[span->reason].awaits ? _(reasons[span->reason].awaits) : NULL;

	add_subject(text, spell);
	if (call && span->fd >= 0)
		say(text, _("blocks in %s(%d)"), call, span->fd);
	else if (call)
		say(text, _("blocks in %s"), call);
	else
		say(text, _("blocks"));
	say(text, ": %s", awaits ? awaits : reason_name(span->reason));
}

/* The last signal that came to the process before that moment, if it is one that stops. */
static const struct sender *stopper(const struct lab *lab, const struct moment *spell)
{
	const struct moment *list = lab->log->list;
	const struct sender *last = NULL;

	for (int i = 0; i < lab->log->count; i++)
		if (list[i].change.kind == CHANGE_SIGNAL && list[i].change.process == spell->change.process &&
		    list[i].change.at_ns <= spell->change.state.from_ns && list[i].sender.signal != 0)
			last = &list[i].sender;
	return last;
}

void words_of_stop(struct buffer *text, const struct lab *lab, const struct moment *spell)
{
	const struct sender *sender = stopper(lab, spell);

	add_subject(text, spell);
	if (sender)
		say(text, _("is stopped, by %s from %s[%u]"), signal_name(sender->signal), sender->comm, sender->pid);
	else
		say(text, _("is stopped"));
}

static const struct moment *wake_of(const struct lab *lab, const struct moment *spell)
{
	const struct moment *end = lab->log->list + lab->log->count;

	for (const struct moment *moment = spell + 1; moment < end; moment++)
		if (moment->change.thread == spell->change.thread) {
			if (moment->change.kind == CHANGE_WAKE && moment->change.at_ns == spell->change.state.to_ns)
				return moment;
			if (moment->change.kind == CHANGE_STATE)
				return NULL;
		}
	return NULL;
}

#define SOON_NS (10 * MS) /* a child tells its parent that it stops, and then stops */

static bool stopped_then(const struct lab *lab, const struct process *process, __u64 at_ns)
{
	const struct moment *spell = NULL;

	while (process && (spell = next_spell(lab, spell, process, STATE_STOPPED, REASON_NONE)))
		if (spell->change.state.from_ns >= at_ns && spell->change.state.from_ns < at_ns + SOON_NS)
			return true;
	return false;
}

static bool stopped_before(const struct lab *lab, const struct process *process, __u64 at_ns)
{
	const struct moment *spell = process ? next_spell(lab, NULL, process, STATE_STOPPED, REASON_NONE) : NULL;

	return spell && spell->change.state.from_ns < at_ns;
}

#define HARDLY_LATER_NS MS /* the kernel tells of a signal just after it has woken whom it is for */

/* The signal that woke it; NULL: it was something else. That a child has ended may be told to who has been woken by just
 * that. */
static const struct sender *waking_signal(const struct lab *lab, const struct moment *wake)
{
	__u32 waker = wake->change.wake.irq ? 0 : wake->change.wake.pid;

	for (int i = 0; i < lab->log->count; i++) {
		const struct change *change = &lab->log->list[i].change;
		const struct sender *sender = &lab->log->list[i].sender;

		if (change->kind == CHANGE_SIGNAL && change->process == wake->change.process && sender->pid == waker &&
		    sender->signal != SIGCHLD && !sender->ignored && change->at_ns >= wake->change.at_ns &&
		    change->at_ns < wake->change.at_ns + HARDLY_LATER_NS)
			return sender;
	}
	return NULL;
}

/* What whoever woke it has done. */
static const char *deed(const struct lab *lab, const struct span *span, const struct moment *wake)
{
	const struct process *waker = wake->change.wake.waker;

	if (span->state == STATE_STOPPED)
		return _("continued it");
	if (span->reason == REASON_CHILD && stopped_then(lab, waker, wake->change.at_ns))
		return _("stopped");
	if (span->reason == REASON_CHILD && stopped_before(lab, waker, wake->change.at_ns) &&
	    (waker->end == ENDED_NONE || waker->end_ns > wake->change.at_ns))
		return _("went on after a stop");
	return reasons[span->reason].waker_did ? _(reasons[span->reason].waker_did) : _("did what it waited for");
}

void words_of_waking(struct buffer *text, const struct lab *lab, const struct moment *spell)
{
	const struct moment *wake = wake_of(lab, spell);
	const struct span *span = &spell->change.state;
	const char *said = reasons[span->reason].interrupt_said;
	const struct sender *signal;

	if (!wake)
		return;
	signal = span->state == STATE_BLOCKED ? waking_signal(lab, wake) : NULL;
	add_subject(text, spell);
	if (signal && wake->change.wake.irq)
		say(text, _("is ready again: %s came"), signal_name(signal->signal));
	else if (signal)
		say(text, _("is ready again: woken by %s[%u], which sent it %s"), signal->comm, signal->pid,
		    signal_name(signal->signal));
	else if (wake->change.wake.irq)
		say(text, _("is ready again: %s"), said ? _(said) : _("an interrupt came"));
	else if (wake->change.wake.waker)
		say(text, _("is ready again: woken by %s[%u], which %s"), wake->change.wake.waker->comm,
		    wake->change.wake.pid, deed(lab, span, wake));
	else
		say(text, _("is ready again: woken by pid %u, which %s"), wake->change.wake.pid, deed(lab, span, wake));
}

/* Who became ready out of running has lost its CPU; all others were woken, or born. */
void words_of_waiting(struct buffer *text, const struct lab *lab, const struct moment *spell)
{
	const struct moment *before = spell;

	while (--before >= lab->log->list)
		if (before->change.kind == CHANGE_STATE && before->change.thread == spell->change.thread)
			break;
	if (before < lab->log->list || before->change.state.state != STATE_RUNNING)
		return;
	add_subject(text, spell);
	say(text, _("loses its CPU to others that are ready, and is ready itself"));
}
