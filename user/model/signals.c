/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Signals as they were sent: who, to whom, and on what occasion. killers.c concludes from them.
 */
#include <signal.h>
#include <sys/syscall.h>

#include "user/model/internal.h"

#define CODE_TIMER (-2)	   /* SI_TIMER, include/uapi/asm-generic/siginfo.h */
#define RESULT_LOSE_INFO 4 /* TRACE_SIGNAL_LOSE_INFO: it was sent, its siginfo was not */

static bool is_killing_call(int call)
{
	return call == SYS_kill || call == SYS_tkill || call == SYS_tgkill || call == SYS_rt_sigqueueinfo ||
	       call == SYS_rt_tgsigqueueinfo || call == SYS_pidfd_send_signal;
}

static enum signal_why kernels_occasion(const struct signal *signal, bool itself)
{
	bool exiting = signal->flags & SIGNAL_EXITING;

	switch (signal->number) {
	case SIGHUP:
	case SIGCONT:
		return WHY_HANGUP;
	case SIGINT:
	case SIGQUIT:
	case SIGTSTP:
	case SIGTTIN:
	case SIGTTOU:
		return WHY_TERMINAL;
	case SIGALRM:
	case SIGVTALRM:
	case SIGPROF:
		return WHY_TIMER;
	case SIGXCPU:
		return WHY_CPU_LIMIT;
	case SIGKILL:
		return exiting ? WHY_NAMESPACE : WHY_KERNEL;
	case SIGSEGV:
	case SIGBUS:
	case SIGFPE:
	case SIGILL:
	case SIGTRAP:
	case SIGSYS:
		return itself ? WHY_FAULT : WHY_KERNEL;
	default:
		return WHY_KERNEL;
	}
}

/* What the kernel sends in a program's own name, because of what it just did. */
static enum signal_why own_occasion(const struct signal *signal)
{
	if (signal->number == SIGPIPE && !is_killing_call(signal->call))
		return WHY_PIPE;
	if (signal->number == SIGXFSZ && !is_killing_call(signal->call))
		return WHY_FILE_LIMIT;
	return WHY_SELF;
}

static enum signal_why why_of(const struct event *head, const struct signal *signal)
{
	bool itself = signal->sender_pid == head->pid && signal->sender_start_ns == head->start_ns;

	if (signal->flags & SIGNAL_PARENT_DEATH)
		return WHY_PARENT_DEATH;
	if (signal->code == CODE_TIMER)
		return WHY_TIMER;
	if (signal->flags & SIGNAL_KERNEL)
		return kernels_occasion(signal, itself);
	return itself ? own_occasion(signal) : WHY_KILL;
}

static struct sender sender_of(const struct event *head, const struct signal *signal)
{
	struct sender sender = {
		.at_ns = head->at_ns,
		.start_ns = signal->sender_start_ns,
		.pid = signal->sender_pid,
		.tid = signal->sender_tid,
		.uid = signal->sender_uid,
		.signal = signal->number,
		.call = signal->call,
		.why = why_of(head, signal),
		.handled = signal->flags & SIGNAL_HANDLED,
		.blocked = signal->flags & SIGNAL_BLOCKED,
		.ignored = signal->flags & SIGNAL_IGNORED,
	};

	copy_comm(sender.comm, signal->sender_comm);
	if (sender.why ==
	    WHY_TERMINAL) { /* typed; the line discipline's worker or a terminal's program only passes it on */
		sender.pid = sender.tid = 0;
		sender.start_ns = 0;
		sender.comm[0] = 0;
	}
	return sender;
}

static struct seen_signals *seen_of(struct tracked *tracked, int number)
{
	for (int i = 0; i < tracked->seen_count; i++)
		if (tracked->seen[i].number == number)
			return &tracked->seen[i];
	if (array_grow(&tracked->seen, tracked->seen_count, sizeof(*tracked->seen)))
		return NULL;
	memset(&tracked->seen[tracked->seen_count], 0, sizeof(*tracked->seen));
	tracked->seen[tracked->seen_count].number = number;
	return &tracked->seen[tracked->seen_count++];
}

static void keep_latest(struct process *process, const struct sender *sender)
{
	process->signals[process->signal_count % 4] = *sender;
	process->signal_count++;
}

/* What it was asked to end by, where that is left to its own handler. */
static void keep_request(struct process *process, const struct sender *sender)
{
	bool asks = sender->signal == SIGTERM || sender->signal == SIGINT || sender->signal == SIGQUIT;

	if (asks && sender->handled && sender->why != WHY_SELF && sender->at_ns >= process->asked.at_ns)
		process->asked = *sender;
}

/* The one that ended a process is the latest that got through: those after it find it ending and are ignored. */
static int keep_candidate(struct process *process, const struct sender *sender)
{
	struct seen_signals *seen = seen_of(tracked_of(process), sender->signal);
	struct sender *place;

	if (!seen)
		return -1;
	place = sender->handled || sender->ignored ? &seen->handled : &seen->deadly;
	if (place->at_ns && place->why != WHY_SELF && place->handled && sender->why == WHY_SELF)
		return 0; /* it passes on to itself what another one began */
	if (sender->at_ns >= place->at_ns)
		*place = *sender;
	return 0;
}

int take_signal(struct model *model, struct subject subject, const struct signal *signal)
{
	struct process *process = subject.process;
	struct thread *thread = thread_known(model, process, subject.head->tid);
	struct sender sender = sender_of(subject.head, signal);
	struct change change = change_of(CHANGE_SIGNAL, subject.head->at_ns, process, thread);

	if (signal->number < 1 || signal->number > 64) {
		model->stats.unknown_events++;
		return 0;
	}
	if (!signal->result || signal->result == RESULT_LOSE_INFO) {
		if (keep_candidate(process, &sender))
			return -1;
		keep_request(process, &sender);
		if (process->end == ENDED_KILLED && process->killer.why == WHY_UNKNOWN)
			killer_heard_late(process);
	}
	keep_latest(process, &sender);
	change.signal = &sender;
	tell(model, change);
	return 0;
}
